"""Identification of gain, delay and lag on made-up plants with noise that hangs together."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dryline.studies.step_response import Record, identify, slow_noise

TICK, SPEED = 0.1, 1.2


def plant(seed, *, gain, delay, lag, noise, hanging=0.8, drift=0.0, ticks=2400, size=1.0):
    """A doublet through lag and delay, with a first-order noise of standard deviation `noise`."""
    rng = np.random.default_rng(seed)
    u = np.zeros(ticks)
    quarter = ticks // 4
    u[quarter : 2 * quarter], u[2 * quarter : 3 * quarter] = size, -size
    x = SPEED * TICK * np.arange(1, ticks + 1)
    kept, lagged, now = math.exp(-TICK / lag), np.empty(ticks), 0.0
    for n in range(ticks):
        now = u[n] + (now - u[n]) * kept
        lagged[n] = now
    e = np.empty(ticks)
    e[0] = rng.normal()
    for n in range(1, ticks):
        e[n] = hanging * e[n - 1] + math.sqrt(1 - hanging**2) * rng.normal()
    y = 5.0 + gain * np.interp(x - delay, x, lagged) + drift * x / x[-1] + noise * e
    return Record(u, y, x)


def test_figures_are_found_and_their_errors_are_true():
    """Over many seeds the figures scatter about the truth as much as their standard errors say."""
    gain, delay, lag = -0.8, 4.3, 0.5
    found = [
        identify(plant(seed, gain=gain, delay=delay, lag=lag, noise=0.4, drift=0.5), TICK, 3.5, -1.0, 10.0) for seed in range(40)
    ]
    for name, true in (("gain", gain), ("delay", delay), ("lag", lag), ("whole", delay + lag * SPEED)):
        values = np.array([getattr(one, name).value for one in found])
        errors = np.array([getattr(one, name).error for one in found])
        assert values.mean() == pytest.approx(true, abs=4.0 * values.std() / math.sqrt(len(found)) + 0.02 * abs(true)), name
        if name in ("gain", "whole"):
            assert 0.6 < values.std() / np.median(errors) < 1.7, name


def test_noise_that_hangs_together_counts_more():
    rng = np.random.default_rng(3)
    white = rng.normal(size=4000)
    assert slow_noise(white) == pytest.approx(1.0, rel=0.15)
    hanging = np.convolve(white, np.ones(5) / 5.0, mode="valid")
    assert slow_noise(hanging) == pytest.approx(1.0, rel=0.3) and hanging.std() < 0.5
