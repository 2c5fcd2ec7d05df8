"""Mill stretch, gap transfer and contact margin against their definitions."""

from __future__ import annotations

import pytest

from dryline.mechanics import housing


def test_chock_gap_undoes_stretch_and_flattening():
    F, K_h, K_fl, b = 5e5, 18e9, 27e9, 1.05
    X = housing.chock_gap(90e-6, F, K_h, K_fl, b)
    assert X + housing.stretch(F, K_h) + F / b / K_fl == pytest.approx(90e-6, rel=1e-12)
    assert X == pytest.approx(90e-6 - F / housing.mill_stiffness(K_h, K_fl, b), rel=1e-12)


def test_mill_of_the_worked_operating_points_has_eleven_meganewton_per_millimetre():
    assert housing.mill_stiffness(18e9, 27e9, 1.05) == pytest.approx(11e9, rel=0.01)


def test_gap_transfer_runs_from_one_for_no_film_to_zero_for_a_rigid_one():
    assert housing.gap_transfer(1e10, 0.0, 1.0) == 1.0
    assert housing.gap_transfer(1e10, 1e10, 1.0) == 0.5
    assert housing.gap_transfer(1e10, 1e16, 1.0) < 1e-5


def test_tilt_follows_from_the_two_sides_on_half_the_housing_each():
    K_h, L_b, F, M = 18e9, 1.7, 5e5, 2e4
    operator = (F / 2 + M / L_b) / (K_h / 2)
    drive = (F / 2 - M / L_b) / (K_h / 2)
    assert housing.tilt_per_moment(K_h, L_b) * M == pytest.approx((operator - drive) / L_b, rel=1e-12)


def test_preload_leaves_only_the_flattening_to_recover():
    free = housing.recovered_opening(5e5, 18e9, 27e9, 1.0, held=False)
    held = housing.recovered_opening(5e5, 18e9, 27e9, 1.0, held=True)
    assert free - held == pytest.approx(5e5 / 18e9)
    assert held == pytest.approx(5e5 / 27e9)


def test_contact_margin_adds_growth_and_deducts_the_rest():
    assert housing.contact_margin(90e-6, 45e-6, 12e-6, 2e-6, 3e-6) == pytest.approx(32e-6)
