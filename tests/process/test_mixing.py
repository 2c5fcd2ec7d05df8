"""Stirred tanks and delays: exact transitions, positivity, published table of the filtered refill."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm

from dryline.process.mixing import delay_slots, mean_decay, tank_chain


def exponential_of_chain(tanks: int, residence: float, dt: float) -> np.ndarray:
    """The same transition as a matrix exponential of (inflow, tanks, outflow), inflow even over dt."""
    rate = tanks / residence
    system = np.zeros((tanks + 2, tanks + 2))
    system[1, 0] = 1.0 / dt
    for tank in range(1, tanks + 1):
        system[tank, tank] -= rate
        system[tank + 1, tank] += rate
    moved = expm(system * dt)
    return moved[1:, : tanks + 1]


@pytest.mark.parametrize("tanks", [1, 3, 10])
@pytest.mark.parametrize("residence", [0.05, 5.0, 300.0])
@pytest.mark.parametrize("dt", [0.05, 0.1, 0.2])
def test_transition_is_the_matrix_exponential(tanks: int, residence: float, dt: float) -> None:
    chain = tank_chain(tanks, residence, dt)
    np.testing.assert_allclose(chain, exponential_of_chain(tanks, residence, dt), rtol=1e-9, atol=1e-13)
    assert np.all(chain >= 0.0)
    np.testing.assert_allclose(chain.sum(axis=0), 1.0, rtol=0.0, atol=4e-16)


def test_two_half_steps_are_one_step() -> None:
    half, whole = tank_chain(4, 20.0, 0.05), tank_chain(4, 20.0, 0.1)
    content = np.array([3.0, 1.0, 0.5, 2.0])
    first = half @ np.r_[0.02, content]
    second = half @ np.r_[0.02, first[:-1]]
    once = whole @ np.r_[0.04, content]
    np.testing.assert_allclose(second[:-1], once[:-1], rtol=1e-14)
    assert first[-1] + second[-1] == pytest.approx(once[-1], rel=1e-13)


def test_steady_hold_up_is_flow_times_residence() -> None:
    chain = tank_chain(3, 30.0, 0.1)
    content = np.zeros(3)
    for _ in range(20000):
        content = (chain @ np.r_[0.05, content])[:-1]
    np.testing.assert_allclose(content, 0.5 * 30.0 / 3, rtol=1e-12)


def test_refill_error_peaks_as_published() -> None:
    """Process reference 3.2: +5 % lasting 20 s through one tank of 5, 15, 60 s peaks at 4.9, 3.7, 1.4 %."""
    for residence, peak in ((5.0, 4.9), (15.0, 3.7), (60.0, 1.4)):
        chain = tank_chain(1, residence, 0.1)
        error = 0.0
        for _ in range(200):
            error = float(chain[0, 1] * error + chain[0, 0] * 0.1 * 5.0)
        assert error / residence == pytest.approx(peak, abs=0.05)


def test_mean_decay_has_no_cancellation() -> None:
    for z in (0.0, 1e-12, 1e-3, 0.049999, 0.05, 1.0, 50.0, 1e4):
        assert mean_decay(z) == pytest.approx(-np.expm1(-z) / z if z else 1.0, rel=2e-14)


def test_a_delay_is_whole_slots_and_a_part() -> None:
    assert delay_slots(1.0, 0.1) == (10, 0.0)
    assert delay_slots(0.3, 0.1) == (3, 0.0)
    whole, part = delay_slots(1.03, 0.1)
    assert (whole, part) == (10, pytest.approx(0.3, abs=1e-7))
    assert delay_slots(0.0, 0.1) == (0, 0.0)


@pytest.mark.parametrize("wrong", [(0, 1.0, 0.1), (1, 0.0, 0.1), (1, 1.0, 0.0)])
def test_a_chain_needs_tanks_time_and_step(wrong: tuple[int, float, float]) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        tank_chain(*wrong)
