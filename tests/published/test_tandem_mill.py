"""Mass flow through a five-stand tandem cold mill: Shock and Vibration 2019, 4358631, tables 1 and 2."""

from __future__ import annotations

import numpy as np
import pytest

ENTRY = np.array([2.000, 1.269, 0.762, 0.460, 0.300])  # mm
EXIT = np.array([1.269, 0.762, 0.460, 0.300, 0.200])
ROLL_SPEED = np.array([3.381, 5.652, 9.425, 14.441, 22.121])  # m/s
STRIP_SPEED = np.array([2.250, 3.546, 5.903, 9.774, 14.977])  # at the entry


def test_every_stand_takes_in_the_same_volume():
    flow = ENTRY * STRIP_SPEED
    assert np.ptp(flow) / flow.mean() < 0.0017
    assert flow.max() == pytest.approx(4.500, abs=5e-4)
    assert flow.min() == pytest.approx(4.493, abs=5e-4)


def test_exit_speed_of_the_last_stand_follows_by_continuity():
    assert ENTRY[-1] * STRIP_SPEED[-1] / EXIT[-1] == pytest.approx(22.47, abs=0.01)


def test_forward_slip_of_every_stand():
    leaving = np.append(STRIP_SPEED[1:], ENTRY[-1] * STRIP_SPEED[-1] / EXIT[-1])
    assert 100.0 * (leaving / ROLL_SPEED - 1.0) == pytest.approx([4.9, 4.4, 3.7, 3.7, 1.6], abs=0.05)


def test_thickness_by_mass_flow_is_that_of_the_table():
    """Mass-flow estimate of the exit thickness, entry thickness times the speed ratio: within 0.2 %."""
    leaving = np.append(STRIP_SPEED[1:], ENTRY[-1] * STRIP_SPEED[-1] / EXIT[-1])
    assert ENTRY * STRIP_SPEED / leaving == pytest.approx(EXIT, rel=0.002)
