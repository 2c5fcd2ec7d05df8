"""Flooded first nip: thinnest films by a bounded law, and what friction, density and gap do to areal mass.

All figures are derived ones of the process reference (Johanson's nip angle with the shipped virgin curve), to be
recomputed; its angles and compression ratios are tested with the set-up tables.
"""

from __future__ import annotations

import math

import pytest

from dryline.process import flooded
from dryline.process.compaction import virgin
from dryline.process.forming import bed_density, nip_angle

DENSE = virgin(350e6, 6e9, 0.50, 12.0)

THINNEST = [  # D m, alpha deg; S um, q N/mm, m g/m2
    (0.15, 3, 155, 210, 470),
    (0.15, 5, 430, 345, 1300),
    (0.25, 3, 255, 345, 780),
    (0.25, 5, 715, 575, 2165),
    (0.40, 5, 1140, 920, 3460),
]


@pytest.mark.parametrize(("D", "alpha", "gap", "load", "mass"), THINNEST)
def test_thinnest_flooded_film_at_66_percent_density(D, alpha, gap, load, mass):
    angle = math.radians(alpha)
    S = flooded.narrowest_gap(1300.0, 0.5 * D, angle, 4600.0, 0.66)
    got = flooded.flooded_press(S, 1300.0, 0.5 * D, angle, 4600.0, 0.0, DENSE)
    assert S * 1e6 == pytest.approx(gap, rel=0.008)
    assert got.line_load / 1e3 == pytest.approx(load, rel=0.015)
    assert got.peak / 1e6 == pytest.approx(135.0, abs=0.1)
    assert flooded.flooded_areal_mass(1300.0, S, 0.5 * D, angle) * 1e3 == pytest.approx(mass, rel=0.006)


@pytest.mark.parametrize(("D", "alpha"), [(0.15, 3), (0.25, 3)])
def test_rolls_that_make_it_must_be_pushed_open(D, alpha):
    """On a mill of 7.3 MN/mm the chocks of the thinnest film lie within tens of um of contact: mill stretch makes the film."""
    angle, mill = math.radians(alpha), 7.3e9
    S = flooded.narrowest_gap(1300.0, 0.5 * D, angle, 4600.0, 0.66)
    load = flooded.flooded_press(S, 1300.0, 0.5 * D, angle, 4600.0, 0.0, DENSE).line_load
    chock = S - load / mill
    got = flooded.flooded_gap(chock, mill, 1.0, 1300.0, 0.5 * D, angle, 4600.0, 0.0, DENSE)
    assert got == pytest.approx(S, rel=1e-6)
    assert 0.1 < load / mill / S < 0.3


@pytest.mark.parametrize("gap", [180e-6, 200e-6, 220e-6])
def test_one_degree_of_wall_friction_moves_areal_mass_by_11_to_13_percent(gap):
    def angle(wall):
        return nip_angle(math.radians(wall), math.radians(35.0), 12.0, gap / 0.25)

    def mass(wall):
        return flooded.flooded_areal_mass(750.0, gap, 0.125, angle(wall))

    for wall in (10.0, 11.0):
        assert 0.09 < angle(wall + 0.5) / angle(wall - 0.5) - 1.0 < 0.12
    assert 0.105 < mass(11.0) / mass(10.0) - 1.0 < 0.135
    assert 0.31 < mass(10.0) < mass(11.0) < 0.40


def test_bulk_density_passes_in_full_and_air_costs_three_percent():
    base = flooded.flooded_areal_mass(750.0, 220e-6, 0.125, 0.045)
    assert flooded.flooded_areal_mass(1.05 * 750.0, 220e-6, 0.125, 0.045) / base - 1.0 == pytest.approx(0.05)
    aired = bed_density(750.0, 0.03, 1.0)  # 1 % per 20 m/min
    assert flooded.flooded_areal_mass(aired, 220e-6, 0.125, 0.045) / base - 1.0 == pytest.approx(-0.03)


@pytest.mark.parametrize(("gap", "percent"), [(200e-6, 0.09), (500e-6, 0.07)])
def test_a_micrometre_of_gap_is_less_than_a_tenth_of_a_percent(gap, percent):
    got = flooded.areal_mass_sensitivity(gap, 0.125, math.radians(5.0))
    assert got.gap * 1e-6 * 100 == pytest.approx(percent, abs=0.005)


def test_flooded_films_need_elongation_to_the_usual_loading():
    """0.32-0.40 kg/m2 against 22-25 mg/cm2: a total elongation of 1.3 to 1.8."""
    light = flooded.flooded_areal_mass(750.0, 190e-6, 0.125, math.radians(2.5))
    heavy = flooded.flooded_areal_mass(750.0, 230e-6, 0.125, math.radians(2.8))
    assert 1.25 < light / 0.25 and heavy / 0.22 < 1.85
    assert 0.31 < light < heavy < 0.41
