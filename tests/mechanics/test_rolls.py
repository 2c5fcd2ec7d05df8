"""Roll deflection against an integrated beam, flattening, the flattened arc, crown and bending cylinders."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dryline.mechanics import rolls


def test_bending_is_that_of_a_beam_loaded_over_its_middle_part():
    D, b, L, E, F = 0.6, 1.0, 1.7, 210e9, 5e5
    inertia = math.pi * D**4 / 64
    y = np.linspace(0.0, b / 2, 20001)
    moment = F / 2 * (L / 2 - y) - F / b * (b / 2 - y) ** 2 / 2
    curvature = moment / (E * inertia)
    step = y[1] - y[0]
    slope = np.concatenate([[0.0], np.cumsum(0.5 * (curvature[1:] + curvature[:-1])) * step])
    drop = float(np.sum(0.5 * (slope[1:] + slope[:-1])) * step)
    assert rolls.bending_per_force(D, b, L, E) * F == pytest.approx(drop, rel=1e-6)


def test_both_rolls_open_the_gap():
    one = rolls.bending_per_force(0.8, 1.0, 1.7, 210e9) + rolls.shear_per_force(0.8, 1.0, 80e9)
    assert rolls.gap_bending_per_force(0.8, 1.0, 1.7, 210e9, 80e9) == pytest.approx(2 * one)


def test_arc_is_round_without_load_and_flattens_with_it():
    steel = rolls.contact_compliance(210e9, 0.3)
    assert rolls.hitchcock_radius(0.4, 0.0, 50e-6, steel) == 0.4
    # 1.22 R at 500 N/mm and 50 um
    assert rolls.hitchcock_radius(0.4, 500e3, 50e-6, steel) / 0.4 == pytest.approx(1.22, abs=0.005)


def test_crown_that_cancels_the_load_is_what_closes_when_the_load_goes():
    needed = rolls.gap_bending_per_force(0.8, 1.0, 1.7, 210e9, 80e9) * 5e5
    assert rolls.unbending(0.0, needed, 0.0) == needed
    assert rolls.unbending(1.0, needed, 0.0) == 0.0
    assert rolls.unbending(1.1, needed, 0.0) < 0.0  # beyond the loaded width the gap stays open


@pytest.mark.parametrize(
    ("crown", "force", "residual"),
    [(12e-6, 0.0, 0.0), (10e-6, 100e3, 0.0), (7e-6, 200e3, 1e-6), (17e-6, -200e3, -1e-6)],
)
def test_bending_cylinders_take_what_the_crown_leaves_within_their_range(crown, force, residual):
    got = rolls.bending_share(12e-6, crown, 2e-11, 200e3)
    assert got[0] == pytest.approx(force, rel=1e-12)
    assert got[1] == pytest.approx(residual, abs=1e-18)


def test_rolls_without_cylinders_leave_the_difference():
    assert rolls.bending_share(12e-6, 10e-6, 0.0, 0.0) == pytest.approx((0.0, 2e-6))
