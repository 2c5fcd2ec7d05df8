"""Film strength, breaks and heating on a roll."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dryline.process import web


def test_unfibrillated_film_has_only_its_floor():
    assert web.film_strength(0.0, 0.6, 0.04, 2e8, 1.2, 2.0, 0.0) == 0.0
    assert web.film_strength(0.0, 0.6, 0.04, 2e8, 1.2, 2.0, 2e5) == 2e5


def test_strength_takes_arrays_and_follows_its_exponents():
    f = np.array([0.4, 0.8])
    got = web.film_strength(f, np.array([0.6, 0.6]), 0.04, 2e7, 1.2, 2.0, 0.0)
    assert got[1] == pytest.approx(2 * got[0])
    assert web.film_strength(0.4, 0.3, 0.04, 2e7, 1.2, 2.0, 0.0) == pytest.approx(got[0] / 4)
    assert web.break_tension(0.5e6, 100e-6) == pytest.approx(50.0)


def test_alignment_strengthens_along_what_it_weakens_across():
    along, across = web.anisotropy(0.5, 0.6), web.anisotropy(0.5, 0.6, along=False)
    assert along / across == pytest.approx((1 + 0.3) / (1 - 0.3))


def test_hazard_falls_steeply_below_the_strength():
    assert web.break_hazard(30.0, 30.0, 60.0, 8.0) == pytest.approx(60.0)
    assert web.break_hazard(4.5, 30.0, 60.0, 8.0) == pytest.approx(60.0 * 0.15**8)
    assert web.break_hazard(-1.0, 30.0, 60.0, 8.0) == 0.0


def test_film_approaches_the_roll():
    units = web.transfer_units(1000.0, 0.5, 0.25, 800.0)
    assert units == pytest.approx(2.5)
    assert web.warmed(333.0, 383.0, units) == pytest.approx(383.0 - 50.0 * math.exp(-2.5))
    assert web.warmed(333.0, 383.0, 0.0) == 333.0
