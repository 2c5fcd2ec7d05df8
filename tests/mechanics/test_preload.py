"""Wedge stop, bearing jump and oil film."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dryline.mechanics import housing, preload

K_H, K_W = 18e9, 180e9
forces = st.floats(0.0, 2e6)


@settings(deadline=None)
@given(forces, st.floats(0.0, 1e6))
def test_stretch_is_the_integral_of_the_compliance(force, held):
    steps = [(i + 0.5) * force / 100 for i in range(100)]
    total = sum(preload.frame_compliance(f, held, K_H, K_W) for f in steps) * force / 100
    assert preload.frame_stretch(force, held, K_H, K_W) == pytest.approx(total, rel=1e-12, abs=force / 100 / K_H)


@settings(deadline=None)
@given(forces)
def test_without_preload_it_is_the_plain_housing(force):
    assert preload.frame_stretch(force, 0.0, K_H, K_W) == pytest.approx(housing.stretch(force, K_H), rel=1e-12)


def test_wedge_and_frame_share_the_load_until_lift_off():
    P = 6e5
    lift = preload.lift_off(P, K_H, K_W)
    assert lift == pytest.approx(1.1 * P)
    stretch = preload.frame_stretch(lift, P, K_H, K_W)
    # the wedge has just lost its preload, the frame has taken all of the force that was not preload
    assert stretch * K_W == pytest.approx(P)
    assert stretch * K_H == pytest.approx(lift - P)
    assert preload.frame_compliance(0.99 * lift, P, K_H, K_W) < 0.1 * preload.frame_compliance(1.01 * lift, P, K_H, K_W)


def test_a_rigid_wedge_is_the_held_chock_of_the_contact_margin():
    F, K_fl, b = 5e5, 27e9, 1.05
    held = preload.frame_stretch(F, 6e5, K_H, 1e15) + F / (K_fl * b)
    assert held == pytest.approx(housing.recovered_opening(F, K_H, K_fl, b, held=True), rel=1e-4)


def test_bearings_jump_once_at_the_reversal_unless_preloaded():
    def at(force, P):
        return preload.bearing_shift(force, 20e3, 5e-6, 5e3, P)

    assert at(10e3, 0.0) == 0.0
    assert at(22.5e3, 0.0) == pytest.approx(2.5e-6)
    assert at(30e3, 0.0) == at(1e6, 0.0) == pytest.approx(5e-6)
    assert at(6e5, 7e5) == 0.0


def test_oil_film_saturates():
    assert preload.oil_film(0.0, 3e-6, 0.4) == 0.0
    assert preload.oil_film(1.0, 3e-6, 0.4) == pytest.approx(3e-6, rel=0.1)
    assert preload.oil_film(10.0, 3e-6, 0.4) == pytest.approx(3e-6)
