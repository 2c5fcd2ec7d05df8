"""Simulates a model and its optimal filter, written without the package's recursion by source: what it leaves is counted."""

from __future__ import annotations

import numpy as np


def simulated_remainder(model, rows, noise, delay, series, periods, rng):
    """Mean square left (place) and in open loop: textbook Kalman filter of `series` parallel realisations.

    rows (phase): measurement matrix or None; the prediction of place values `delay` samples ahead is taken off.
    """
    n, places = model.transition[0].shape[0], model.judged[0].shape[0]
    steps = periods * model.period
    P = model.open_loop(model.period - 1).sum(axis=0)
    sizes, vectors = np.linalg.eigh(P)
    x = (rng.standard_normal((series, n)) * np.sqrt(np.clip(sizes, 0.0, None))) @ vectors.T
    estimate = np.zeros((series, n))
    ahead: list[np.ndarray] = []
    left, whole, count = np.zeros(places), np.zeros(places), 0
    for t in range(steps):
        phase = t % model.period
        A, Q, H = model.transition[phase], model.driven[phase].sum(axis=0), model.judged[phase]
        x = x @ A.T + rng.standard_normal((series, n)) * np.sqrt(Q)
        estimate, P = estimate @ A.T, A @ P @ A.T + np.diag(Q)
        C = rows[phase]
        if C is not None:
            K = P @ C.T @ np.linalg.inv(C @ P @ C.T + noise**2 * np.eye(C.shape[0]))
            read = x @ C.T + noise * rng.standard_normal((series, C.shape[0]))
            estimate = estimate + (read - estimate @ C.T) @ K.T
            P = P - K @ C @ P
        forecast = estimate
        for later in range(1, delay + 1):
            forecast = forecast @ model.transition[(t + later) % model.period].T
        ahead.append(forecast)
        if t >= steps // 2:
            value = x @ H.T
            left += ((value - ahead[t - delay] @ H.T) ** 2).mean(axis=0)
            whole += (value**2).mean(axis=0)
            count += 1
    return left / count, whole / count
