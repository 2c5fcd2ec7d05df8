"""Preview oracle: limits kept, optimal by its conditions, and what wider limits and faster actuators are worth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from dryline.bounds.preview import preview_bound


def walk(n, seed=0):
    return 0.1 * np.cumsum(np.random.default_rng(seed).standard_normal(n))


def test_without_rate_limit_and_lag_the_range_alone_decides():
    d = walk(500)
    found = preview_bound(d, 0.5, 10.0)
    assert found.commands == pytest.approx(-np.clip(d, -0.5, 0.5), abs=1e-6)
    assert found.left == pytest.approx(d - np.clip(d, -0.5, 0.5), abs=1e-6)


def test_limits_are_kept():
    found = preview_bound(walk(800), 0.6, 0.05, keep=0.6)
    assert np.abs(found.commands).max() <= 0.6 + 1e-9
    assert np.abs(np.diff(found.commands, prepend=0.0)).max() <= 0.05 + 1e-9


def test_same_optimum_as_a_general_solver():
    d, keep = walk(30, 4), 0.5
    reach, rate = 0.15, 0.04

    def effect(u):
        y = np.zeros(d.size)
        for k in range(d.size):
            y[k] = keep * (y[k - 1] if k else 0.0) + (1.0 - keep) * u[k]
        return y

    response = np.array([effect(row) for row in np.eye(d.size)]).T
    change = np.eye(d.size) - np.eye(d.size, k=-1)
    best = minimize(
        lambda u: ((d + response @ u) ** 2).sum(), np.zeros(d.size), jac=lambda u: 2.0 * response.T @ (d + response @ u),
        bounds=[(-reach, reach)] * d.size, method="SLSQP", options={"maxiter": 500, "ftol": 1e-12},
        constraints=[
            {"type": "ineq", "fun": lambda u: rate - change @ u, "jac": lambda u: -change},
            {"type": "ineq", "fun": lambda u: rate + change @ u, "jac": lambda u: change},
        ],
    )  # fmt: skip
    found = preview_bound(d, reach, rate, keep)
    assert (found.left**2).sum() == pytest.approx(best.fun, rel=1e-6)


def test_no_feedback_with_the_same_actuator_does_better():
    d, reach, rate, keep, delay = walk(600, 2), 0.8, 0.03, 0.4, 5
    floor = preview_bound(d, reach, rate, keep).sigma
    for gain in (0.02, 0.05, 0.1):
        u = y = 0.0
        left = np.zeros(d.size)
        for k in range(d.size):
            seen = left[k - delay] if k >= delay else 0.0
            wanted = np.clip(u - gain * seen, -reach, reach)
            u = u + np.clip(wanted - u, -rate, rate)
            y = keep * y + (1.0 - keep) * u
            left[k] = d[k] + y
        assert floor < np.sqrt((left**2).mean())


def test_monotone_in_range_rate_and_lag():
    d = walk(400, 7)
    base = preview_bound(d, 0.5, 0.05, 0.5).sigma
    assert preview_bound(d, 1.0, 0.05, 0.5).sigma <= base * (1.0 + 1e-9)
    assert preview_bound(d, 0.5, 0.10, 0.5).sigma <= base * (1.0 + 1e-9)
    assert preview_bound(d, 0.5, 0.05, 0.9).sigma >= base * (1.0 - 1e-9)
    assert base <= np.sqrt((d**2).mean())


def test_nothing_to_do_and_nonsense():
    assert preview_bound(np.zeros(10), 1.0, 1.0).sigma == 0.0
    with pytest.raises(ValueError, match="positive"):
        preview_bound(walk(10), 0.0, 1.0)
