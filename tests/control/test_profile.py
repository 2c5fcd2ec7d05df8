"""The profile loop against a film that takes each segment's trim, a gauge of 10 mm pixels and a delay."""

from __future__ import annotations

from collections import deque

import numpy as np

from dryline.control import profile
from dryline.control.profile import (
    ProfileParameters,
    kept_pixels,
    profile_maps,
    profile_plan,
    start_profiles,
    unfilled_profiles,
)
from dryline.kernel import from_python

PLAN = profile_plan(pixels=100, segments=40, film_width=1.0, kept_width=0.95, path=3.0, limit=0.05)

profile_law = from_python(profile.profile_step)


def profile_step(p, last, seen, metres):
    """One side, one tick; None holds."""
    maps = profile_maps(p, (PLAN,))
    now = unfilled_profiles(maps)
    for filled, before in zip(now[1:], last[1:], strict=True):
        filled[:] = before
    shown = np.zeros(now.total.shape[1]) if seen is None else seen
    rows = maps.rows[0], last.rows[0], now.rows[0], maps.to_segments[0], maps.nearest[0]
    profile_law(*rows, now.total[0], now.error[0], now.trims[0], shown, seen is not None, metres)
    return now


def film(trims: np.ndarray) -> np.ndarray:
    fine = np.repeat(trims, 25).reshape(100, 10).mean(axis=1)
    return fine


def run(static: np.ndarray, metres: int, noise: float = 0.0, p: ProfileParameters = ProfileParameters()):
    state = start_profiles(profile_maps(p, (PLAN,)))
    web: deque[np.ndarray] = deque([np.zeros(100)] * 30)
    rng = np.random.default_rng(2)
    seen = np.zeros(100)
    for _ in range(10 * metres):
        web.append(film(state.trims[0]))
        seen = 0.22 * (1.0 + static + web.popleft() + noise * rng.standard_normal(100))
        state = profile_step(p, state, seen[PLAN.kept], 0.1)
    return state, seen[PLAN.kept]


def test_kept_pixels_lie_within_the_kept_width():
    assert kept_pixels(100, 1.0, 0.95) == slice(3, 97)


def test_rows_of_the_map_sum_to_one_and_edges_follow():
    assert np.allclose(PLAN.to_segments.sum(axis=1), 1.0)
    assert PLAN.nearest[0] == 1 and PLAN.nearest[-1] == 38
    assert (PLAN.nearest[1:-1] == np.arange(1, 39)).all()


def test_a_smooth_profile_is_flattened_with_zero_mean_trims():
    y = (np.arange(100) + 0.5) / 100
    static = 0.007 * np.cos(np.pi * y) + 0.004 * np.cos(2 * np.pi * y)
    state, seen = run(static, 400)
    assert np.ptp(seen / seen.mean()) < 0.1 * np.ptp(static)
    assert abs(state.trims[0][PLAN.free].mean()) < 1e-12
    assert state.trims[0, 0] == state.trims[0, 1]


def test_closed_loop_length_is_six_to_ten_delays():
    """63 % of a profile step is gone after some 48 m: slow enough for the delay, fast enough for drift."""
    y = (np.arange(100) + 0.5) / 100
    static = 0.01 * np.cos(np.pi * y)
    first = np.ptp(run(static, 48)[1]) / np.ptp(static * 0.22)
    assert 0.3 < first < 0.5


def test_noise_builds_no_saw_tooth():
    state, _ = run(np.zeros(100), 600, noise=0.003)
    assert state.trims.std() < 0.0006
    assert np.abs(np.diff(state.trims)).max() < 0.001


def test_limits_and_holds():
    state, _ = run(0.2 * np.linspace(-1, 1, 100), 300)
    assert np.abs(state.trims).max() <= 0.05 and state.rows["limited"].all()
    held = profile_step(ProfileParameters(), state, None, 0.1)
    assert held.rows["held"].all() and (held.trims == state.trims).all()
    state, _ = run(np.where(np.arange(100) == 50, np.nan, 0.0), 5)
    assert not state.trims.any()
