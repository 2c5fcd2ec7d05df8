"""Speed-differential nip: strain, stress, work, heat, alignment and mass."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dryline.process import shear_nip
from dryline.process.fibrillation import adiabatic_rise, fibril_step
from dryline.process.forming import nip_angle

KWH = 3.6e6


def test_figures_of_the_process_reference():
    """L_c 3 mm, h 100 um, dv/v 0.3, 3000 kg/m3: strain about 9; 5-10 MPa give 15-30 kJ/kg and +17-33 K at 900 J/(kg K)."""
    strain = shear_nip.shear_strain(0.3, 1.0, 3e-3, 100e-6)
    assert strain == pytest.approx(9.0)
    for stress, work, rise in ((5e6, 15e3, 17.0), (10e6, 30e3, 33.0)):
        got = shear_nip.shear_work(stress, strain, 3000.0)
        assert got == pytest.approx(work)
        assert adiabatic_rise(got, 900.0) == pytest.approx(rise, abs=0.4)
    assert shear_nip.shear_work(5e6, strain, 3000.0) / KWH == pytest.approx(0.004, abs=2e-4)
    assert shear_nip.shear_work(10e6, strain, 3000.0) / KWH == pytest.approx(0.008, abs=4e-4)


def test_stress_is_bounded_by_yield():
    assert shear_nip.shear_stress(0.2, 20e6, 8e6) == pytest.approx(4e6)
    assert shear_nip.shear_stress(0.2, 100e6, 8e6) == 8e6
    assert shear_nip.shear_stress(0.0, 100e6, 8e6) == 0.0


@settings(deadline=None)
@given(st.floats(0.0, 1.5), st.floats(0.1, 2.0), st.floats(1e-3, 1e-2), st.floats(20e-6, 1e-3), st.floats(1e5, 2e7))
def test_power_is_work_times_mass_flow(difference, mean, contact, thickness, stress):
    rho, width = 3000.0, 0.95
    work = shear_nip.shear_work(stress, shear_nip.shear_strain(difference, mean, contact, thickness), rho)
    flow = rho * thickness * mean * width
    assert shear_nip.shear_power(stress, difference, contact, width) == pytest.approx(work * flow, rel=1e-12)


def test_equal_rolls_do_nothing_to_the_film():
    strain = shear_nip.shear_strain(0.0, 1.0, 3e-3, 100e-6)
    assert shear_nip.aligned(0.4, strain, 0.2) == pytest.approx(0.4)
    work = shear_nip.shear_work(1e7, strain, 3e3)
    assert shear_nip.fibrillate(0.3, 0.6, 1e-5, 1e-6, 0.0, 383.15, work) == pytest.approx((0.3, 0.6), rel=1e-14)
    assert shear_nip.sheared_areal_mass(3000.0, 100e-6, 1.0, 1.0, 1.0, 1.0) == pytest.approx(0.3)


@settings(deadline=None)
@given(st.floats(0.0, 1.0), st.floats(0.0, 50.0), st.floats(0.0, 50.0))
def test_alignment_steps_add_up_and_stay_below_one(start, one, two):
    at_once = shear_nip.aligned(start, one + two, 0.1)
    assert shear_nip.aligned(shear_nip.aligned(start, one, 0.1), two, 0.1) == pytest.approx(at_once, abs=1e-12)
    assert start - 1e-15 <= at_once <= 1.0


def test_film_on_the_fast_roll_is_thinner_the_larger_the_differential():
    masses = [shear_nip.sheared_areal_mass(3000.0, 100e-6, 1.0, s, s, 1.0) for s in (1.0, 10 / 9, 1.5, 2.5)]
    assert masses == sorted(masses, reverse=True)
    assert masses[-1] == pytest.approx(0.3 * 0.7)


def test_slip_across_the_feed_takes_traction_and_nip_angle():
    wall, internal = math.radians(15.0), math.radians(40.0)
    assert shear_nip.traction_angle(wall, 0.0) == pytest.approx(wall)
    less = shear_nip.traction_angle(wall, math.radians(40.0))
    assert math.tan(less) == pytest.approx(math.tan(wall) * math.cos(math.radians(40.0)))
    assert nip_angle(less, internal, 10.0, 1e-3) < nip_angle(wall, internal, 10.0, 1e-3)


def test_nip_fibrillates_as_the_same_work_in_a_machine():
    """At full f_T the step over the nip's work is the three-species step; a cold film makes no fibrils but loses some."""
    work = 30e3
    got = shear_nip.fibrillate(0.4, 0.5, 6e-6, 4e-7, 0.0, 393.15, work)
    assert got == pytest.approx(fibril_step(0.4, 0.5, 6e-6, 4e-7, work), rel=1e-12)
    assert got[1] > 0.5
    cold = shear_nip.fibrillate(0.4, 0.5, 6e-6, 4e-7, 0.0, 273.15, work)
    assert cold[1] == pytest.approx(0.5 * math.exp(-4e-7 * work), rel=1e-4)
