"""Thermal growth and first-order approach."""

from __future__ import annotations

import pytest

from dryline.mechanics import thermal


def test_two_steps_of_the_approach_equal_one_long_step():
    half = thermal.approach(20.0, 110.0, 50.0, 900.0)
    assert thermal.approach(half, 110.0, 50.0, 900.0) == pytest.approx(
        thermal.approach(20.0, 110.0, 100.0, 900.0)
    )
    assert thermal.approach(20.0, 110.0, 1e5, 900.0) == pytest.approx(110.0)


def test_growth_takes_gap_when_rolls_warm():
    assert thermal.growth(0.8, 1.0) > 0.0
    assert thermal.growth(0.8, -0.3) == pytest.approx(-2.76e-6)
