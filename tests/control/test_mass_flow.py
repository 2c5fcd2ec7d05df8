"""Areal mass from the weighed flow: the filter of the scale is inverted exactly, and travel stands for speed."""

from __future__ import annotations

import numpy as np
import pytest

from dryline.control.mass_flow import laid_factor, true_flow
from dryline.kernel import from_python

flow_of, factor_of = from_python(true_flow), from_python(laid_factor)


def test_two_readings_of_the_filter_give_the_flow_of_the_tick():
    rng = np.random.default_rng(1)
    true = 0.25 * (1.0 + 0.005 * rng.normal(size=500))
    shown = 0.2
    for one in true:
        last, shown = shown, shown + 0.1 * (one - shown)
        assert flow_of(last, shown, 1.0, 0.1) == pytest.approx(one, rel=1e-11)


def test_a_scale_without_a_filter_is_taken_as_it_is():
    assert flow_of(0.2, 0.3, 0.05, 0.1) == pytest.approx(0.3)


def test_the_set_up_flow_at_any_speed_is_a_factor_of_one():
    for speed in (0.1, 0.5, 1.3):
        assert factor_of(0.29 * speed, 0.1 * speed, 0.29, 0.1) == pytest.approx(1.0)
    assert factor_of(0.29, 0.1 * 0.98, 0.29, 0.1) == pytest.approx(1.0 / 0.98), "a slower roll lays more a metre"
