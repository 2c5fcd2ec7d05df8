"""Mechanics of the loaded gap: what is reversible, symmetric and consistent between the closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dryline.mechanics import housing, rolls, run_out, thermal

forces = st.floats(1e4, 1.5e6)
diameters = st.floats(0.25, 1.0)


def gap_field(eta, X, F, K_h, K_fl, b, B, crown, bend, growth):
    """The loaded gap across the width, written out from its definition."""
    return X + F / K_h + F / b / K_fl + (B * F - crown - bend) * (1 - eta**2) - growth


@settings(max_examples=50, deadline=None)
@given(forces, diameters, st.floats(0.0, 30e-6))
def test_contact_margin_is_the_smallest_gap_left_when_the_load_goes(F, D, crown):
    K_h, K_fl, b = 18e9, rolls.flattening_stiffness(D, 210e9, 0.3), 1.0
    B = rolls.gap_bending_per_force(D, b, 1.7, 210e9, 80e9)
    bend = B * F - crown  # cylinders take the rest, the loaded gap is even
    S = 100e-6
    X = housing.chock_gap(S, F, K_h, K_fl, b)
    eta = np.linspace(-1, 1, 201)
    assert gap_field(eta, X, F, K_h, K_fl, b, B, crown, bend, 0.0) == pytest.approx(np.full(201, S), rel=1e-9)
    unloaded = gap_field(eta, X, 0.0, K_h, K_fl, b, B, crown, bend, 0.0)
    opening = housing.recovered_opening(F, K_h, K_fl, b, held=False)
    margin = min(
        housing.contact_margin(S, opening, rolls.unbending(e, crown, bend), 0.0, 0.0) for e in (0.0, 1.0)
    )
    assert margin == pytest.approx(unloaded.min(), abs=1e-12)


@given(forces)
def test_held_chocks_always_have_more_margin(F):
    free = housing.recovered_opening(F, 18e9, 27e9, 1.0, held=False)
    held = housing.recovered_opening(F, 18e9, 27e9, 1.0, held=True)
    assert held < free
    assert free == pytest.approx(F / housing.mill_stiffness(18e9, 27e9, 1.0), rel=1e-12)


def test_bending_falls_with_the_fourth_power_of_the_diameter():
    one, two = (rolls.bending_per_force(D, 1.0, 1.7, 210e9) for D in (0.4, 0.8))
    assert one / two == pytest.approx(16.0)


def test_full_width_bending_of_both_rolls():
    # process reference, section 1: 57 um at D 0.5 m, 12 um at D 0.8 m, 500 N/mm, 1 m face
    assert rolls.gap_bending_per_force(0.5, 1.0, 1.6, 210e9, 80e9) * 5e5 * 1e6 == pytest.approx(57, abs=1)
    assert rolls.gap_bending_per_force(0.8, 1.0, 1.8, 210e9, 80e9) * 5e5 * 1e6 == pytest.approx(12, abs=0.5)


@given(diameters, st.floats(-5.0, 5.0))
def test_growth_is_linear_and_odd_in_the_temperature_change(D, dT):
    assert thermal.growth(D, dT) == pytest.approx(-thermal.growth(D, -dT), abs=1e-18)
    assert thermal.growth(D, dT) == pytest.approx(11.5e-6 * D * dT, rel=1e-12, abs=1e-18)


def test_two_equal_rolls_in_antiphase_cancel_their_first_harmonic():
    shape = (1e-6, 0.0, 0.0)
    angles = np.linspace(0, 7, 50)
    both = [
        run_out.run_out(a, *shape, 0.0, 0.0, 0.0) + run_out.run_out(a, *shape, np.pi, 0.0, 0.0)
        for a in angles
    ]
    assert np.abs(both).max() < 1e-20


@given(st.floats(1e8, 1e11), st.floats(1e8, 1e11))
def test_gap_transfer_lies_between_zero_and_one_and_falls_with_film_stiffness(mill, film):
    share = housing.gap_transfer(mill, film, 1.0)
    assert 0.0 < share < 1.0
    assert housing.gap_transfer(mill, 2 * film, 1.0) < share
    assert housing.gap_transfer(2 * mill, film, 1.0) > share
