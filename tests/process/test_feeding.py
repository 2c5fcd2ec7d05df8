"""Laws of the screw feeder against closed forms and their limits."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dryline.process.feeding import (
    blocked_share,
    delivered,
    feed_factor,
    refill_step,
    screw_pulsation,
    screw_step,
    share_of_next_lot,
)


def test_feed_factor_falls_from_k_max_to_k_min() -> None:
    assert feed_factor(0.0, 0.5, 0.4, 20.0) == pytest.approx(0.4)
    assert feed_factor(1e9, 0.5, 0.4, 20.0) == pytest.approx(0.5)
    assert feed_factor(20.0, 0.5, 0.4, 20.0) == pytest.approx(0.5 - 0.1 / math.e, rel=1e-14)
    contents = np.linspace(0.0, 200.0, 50)
    assert np.all(np.diff([feed_factor(content, 0.5, 0.4, 20.0) for content in contents]) > 0.0)


@pytest.mark.parametrize("lag", [1e-4, 0.4, 1e4])
def test_screw_lag_is_exact_for_any_step(lag: float) -> None:
    speed, turned = screw_step(0.3, 1.0, lag, 0.2)
    assert speed == pytest.approx(1.0 - 0.7 * math.exp(-0.2 / lag), rel=1e-13)
    assert turned == pytest.approx(0.2 + 0.7 * lag * math.expm1(-0.2 / lag), rel=1e-9)
    half, first = screw_step(0.3, 1.0, lag, 0.1)
    end, second = screw_step(half, 1.0, lag, 0.1)
    assert (end, first + second) == (pytest.approx(speed, rel=1e-13), pytest.approx(turned, rel=1e-13))


def test_pulsation_is_the_mean_of_the_sine() -> None:
    for phase, passed in ((0.1, 0.37), (0.9, 2.6), (0.25, 1e-7), (0.5, 0.0)):
        mean, after = screw_pulsation(phase, passed)
        angles = 2.0 * math.pi * (phase + passed * (np.arange(20000) + 0.5) / 20000)
        assert mean == pytest.approx(float(np.mean(np.sin(angles))), abs=1e-7)
        assert after == pytest.approx((phase + passed) % 1.0, abs=1e-12)


def test_pulsation_does_not_depend_on_the_step() -> None:
    whole, _ = screw_pulsation(0.3, 0.8)
    first, middle = screw_pulsation(0.3, 0.4)
    second, _ = screw_pulsation(middle, 0.4)
    assert 0.5 * (first + second) == pytest.approx(whole, rel=1e-12)


def test_refill_runs_its_time_and_then_stops() -> None:
    left, total, since_sum = 1.05, 0.0, 0.0
    for _ in range(15):
        runs, left, since = refill_step(left, 0.1)
        total += runs
        since_sum += since
    assert (left, total) == (0.0, pytest.approx(1.05, rel=1e-12))
    assert since_sum == pytest.approx(1.5 - 1.05, rel=1e-12)


def test_a_bridge_blocks_its_share_of_a_step() -> None:
    assert [blocked_share(end, 5.0, 0.1) for end in (0.0, 5.0, 5.025, 5.1, 9.0)] == pytest.approx([0, 0, 0.25, 1, 1])


def test_an_empty_hopper_gives_what_it_has() -> None:
    assert delivered(1.0, 0.4) == (0.4, 0.0)
    assert delivered(0.3, 0.4) == (0.3, 1.0)
    assert delivered(0.0, 0.0) == (0.0, 0.0)


def test_a_lot_boundary_splits_the_mass_of_a_step() -> None:
    assert share_of_next_lot(99.0, 0.5, 100.0) == 0.0
    assert share_of_next_lot(99.8, 0.5, 100.0) == pytest.approx(0.6)
    assert share_of_next_lot(100.0, 0.5, 100.0) == 1.0
    assert share_of_next_lot(50.0, 0.0, 100.0) == 0.0
    assert share_of_next_lot(50.0, 1.0, math.inf) == 0.0
