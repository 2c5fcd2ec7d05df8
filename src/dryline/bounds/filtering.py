"""Best linear prediction of a sum of components: what is left when everything predictable has been compensated.

Filter (Kalman), by phase:

    P <- A P A' + Q,   K = P C' (C P C' + R)^-1,   P <- (I - K C) P (I - K C)' + K R K',

to its steady state: one Riccati equation where every sample is like the next, the periodic recursion to convergence where it is
not (a grid in the disturbance, a scanner that sees a lane once a traverse). A channel whose web passes the actuator d samples
before it is read tells of the web at the actuator by prediction over d samples; channels with a smaller delay (feed-forward)
go on correcting on the way. Exact for a linear plant, a Gaussian disturbance and actuators without limits.

The error is a linear sum of all sources, so its covariance is kept by source: what each component's chance and the gauges' noise
contribute adds up to the whole. Source: Kalman 1960; periodic case Bittanti & Colaneri (textbook).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, solve_discrete_are, solve_discrete_lyapunov

from dryline.bounds.components import Model

Array = NDArray[np.float64]

LEAST_NOISE = 1e-5
"""Noise of a perfect channel over what it measures: below it the covariances lose their digits."""
CLOSE = 1e-7
"""Largest relative change over a period at which the recursion has converged."""
PERIODS = 20_000
"""Most periods of the recursion."""


@dataclass(frozen=True)
class Channel:
    """Measurement rows x + noise: `rows` an entry a phase (reading, state), None where it is blind; `noise` is the standard
    deviation of each reading; `delay` in samples from the actuator to the reading, 0 where it sees what is acted upon.
    """

    rows: tuple[Array | None, ...]
    noise: float
    delay: int


@dataclass(frozen=True)
class Remainder:
    """Covariance over places that is left, by source (source, place, place), and that of the open loop; mean along the web.

    Sources are the components in their order and, last, the noise of the channels.
    """

    names: tuple[str, ...]
    parts: Array
    open_loop: Array

    @property
    def covariance(self) -> Array:
        """Covariance over places of what is left."""
        found: Array = self.parts.sum(axis=0)
        return found

    @property
    def variance(self) -> float:
        """Mean variance over the places."""
        return float(np.diag(self.covariance).mean())

    @property
    def open_variance(self) -> float:
        """Mean variance over the places in open loop."""
        return float(np.diag(self.open_loop).mean())

    @property
    def ratio(self) -> float:
        """Standard deviation left over that of the open loop."""
        return float(np.sqrt(self.variance / self.open_variance)) if self.open_variance > 0.0 else 1.0

    def by_source(self) -> dict[str, float]:
        """Mean variance over the places that each source contributes; the values add up to `variance`."""
        shares = np.trace(self.parts, axis1=1, axis2=2) / self.parts.shape[1]
        return dict(zip((*self.names, "gauge noise"), shares.tolist(), strict=True))


def remainder(model: Model, channels: Sequence[Channel], phases: int | None = None) -> Remainder:
    """What is left of the model's disturbance with these channels as the only information.

    phases : at so many phases of the period, scattered evenly, the prediction is worked out; None: at all.
    """
    at = _scattered(model.period, phases)
    channels = [c for c in channels if any(row is not None and row.any() for row in c.rows)]
    longest = max((channel.delay for channel in channels), default=0)
    found = _filtered(model, channels, {(j - longest) % model.period for j in at})
    places = model.judged[0].shape[0]
    parts, open_loop = np.zeros((len(model.names) + 1, places, places)), np.zeros((places, places))
    for j in at:
        P = found[(j - longest) % model.period]
        for left in range(longest - 1, -1, -1):
            phase = (j - left) % model.period
            P = _corrected(_moved(P, model, phase), *_stacked(model, [c for c in channels if c.delay <= left], phase))
        H = model.judged[j]
        parts += np.array([H @ part @ H.T for part in P]) / len(at)
        open_loop += H @ model.open_loop(j).sum(axis=0) @ H.T / len(at)
    return Remainder(model.names, parts, open_loop)


def _scattered(period: int, count: int | None) -> list[int]:
    """Phases of a period: all of them, or so many in steps near the golden section that share no divisor with the period."""
    if count is None or count >= period:
        return list(range(period))
    step = next(s for s in range(round(0.618 * period), 0, -1) if math.gcd(s, period) == 1)
    return sorted(j * step % period for j in range(count))


def _filtered(model: Model, channels: Sequence[Channel], wanted: set[int]) -> dict[int, Array]:
    """Steady covariances by source after the readings of all channels, at the phases wanted."""
    still = [np.concatenate((one, np.zeros_like(one[:1]))) for one in model.still]
    if not channels:
        return {j: still[j % len(still)] for j in wanted}
    if model.period == 1:
        return {0: _steady(model, *_stacked(model, channels, 0))}
    stacked = [_stacked(model, channels, j) for j in range(model.period)]
    P, before = still[-1], np.inf
    for _ in range(PERIODS):
        found = {}
        for j in range(model.period):
            P = _corrected(_moved(P, model, j), *stacked[j])
            if j in wanted:
                found[j] = P
        size = float(sum(np.einsum("kii->", part) for part in found.values()))
        if abs(size - before) <= CLOSE * size:
            return found
        before = size
    raise ArithmeticError(f"the filter has not settled after {PERIODS} periods: its components are too slow for its sample pitch")


def _steady(model: Model, C: Array, R: Array) -> Array:
    """Steady covariances by source of a model whose every sample is like the next: one Riccati equation."""
    A, Q = model.transition[0], model.driven[0]
    prior = solve_discrete_are(A.T, C.T, np.diag(Q.sum(axis=0)), R)
    K = _gain(prior, C, R)
    rest = np.eye(A.shape[0]) - K @ C
    sources = [rest @ np.diag(q) @ rest.T for q in Q]
    return np.array([solve_discrete_lyapunov(rest @ A, one) for one in (*sources, K @ R @ K.T)])


def _stacked(model: Model, channels: Sequence[Channel], phase: int) -> tuple[Array, Array]:
    """Rows and noise covariance of the channels that see something at a phase."""
    n = model.transition[0].shape[0]
    seen = [(channel.rows[phase % len(channel.rows)], channel.noise) for channel in channels]
    rows = [(row, noise) for row, noise in seen if row is not None]
    if not rows:
        return np.zeros((0, n)), np.zeros((0, 0))
    C = np.concatenate([row for row, _ in rows])
    whole = np.sqrt(np.einsum("ij,kjl,il->i", C, model.open_loop(phase), C))
    given = np.concatenate([np.full(row.shape[0], noise) for row, noise in rows])
    return C, np.diag(np.maximum(given, LEAST_NOISE * whole) ** 2)


def _gain(P: Array, C: Array, R: Array) -> Array:
    PC = P @ C.T
    gain: Array = cho_solve(cho_factor(C @ PC + R), PC.T).T
    return gain


def _moved(P: Array, model: Model, phase: int) -> Array:
    """Covariances by source one sample on, into a phase."""
    A = model.transition[phase]
    moved: Array = A @ P @ A.T
    places = np.arange(A.shape[0])
    moved[:-1, places, places] += model.driven[phase]
    return moved


def _corrected(P: Array, C: Array, R: Array) -> Array:
    """Covariances by source after readings."""
    if C.shape[0] == 0:
        return P
    K = _gain(P.sum(axis=0), C, R)
    rest = np.eye(K.shape[0]) - K @ C
    corrected: Array = rest @ P @ rest.T
    corrected[-1] += K @ R @ K.T
    return corrected
