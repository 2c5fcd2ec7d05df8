"""Flooded powder nip: head of the hopper, what the rolls draw in, level and loaded gap."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dryline.process import flooded
from dryline.process.compaction import virgin
from dryline.process.forming import bed_density, nip_angle

NMC = virgin(350e6, 6e9, 0.50, 12.0)
STEEP = math.radians(3.0)


def test_hopper_without_wall_friction_is_hydrostatic():
    assert flooded.janssen_stress(0.5, 750.0, 0.2, 0.0, 0.4) == pytest.approx(750.0 * 9.80665 * 0.5)


def test_stress_solves_the_balance_of_a_slice():
    depth, step = 0.3, 1e-5
    at = [flooded.janssen_stress(z, 750.0, 0.2, 0.25, 0.4) for z in (depth - step, depth, depth + step)]
    slope = (at[2] - at[0]) / (2 * step)
    assert slope == pytest.approx(750.0 * 9.80665 - 4 * 0.25 * 0.4 / 0.2 * at[1], rel=1e-6)


def test_walls_carry_a_deep_bed():
    deep = [flooded.janssen_stress(z, 750.0, 0.1, 0.25, 0.4) for z in (1.0, 2.0, 50.0)]
    limit = 750.0 * 9.80665 * 0.1 / (4 * 0.25 * 0.4)
    assert deep[0] < deep[1] < deep[2] == pytest.approx(limit)
    assert 200.0 < limit < 3000.0  # the feed stress usual for rolling theory


def test_density_rises_with_the_head_and_falls_with_the_air():
    loose, stress = 750.0, flooded.janssen_stress(0.15, 750.0, 0.2, 0.25, 0.4)
    dense = flooded.head_density(loose, stress, 1e3, 0.1)
    assert dense == pytest.approx(loose * (1 + stress / 1e3) ** 0.1, rel=1e-12)
    assert flooded.head_density(loose, 0.0, 1e3, 0.1) == pytest.approx(loose)
    assert bed_density(dense, 0.03, 1.0) == pytest.approx(0.97 * dense)


def test_a_wider_gap_takes_its_own_density_more():
    narrow = flooded.flooded_areal_mass(1300.0, 200e-6, 0.1, STEEP)
    assert flooded.flooded_areal_mass(1300.0, 201e-6, 0.1, STEEP) - narrow == pytest.approx(1300e-6)


@settings(deadline=None)
@given(st.floats(50e-6, 1e-3), st.floats(0.05, 0.3), st.floats(0.02, 0.2), st.floats(500.0, 2000.0))
def test_sensitivities_are_the_derivatives(gap, radius, angle, density):
    def log_mass(s, a, rho):
        return math.log(flooded.flooded_areal_mass(rho, s, radius, a))

    got = flooded.areal_mass_sensitivity(gap, radius, angle)
    e = 1e-5
    by_gap = (log_mass(gap * (1 + e), angle, density) - log_mass(gap * (1 - e), angle, density)) / (2 * e * gap)
    by_angle = (log_mass(gap, angle * (1 + e), density) - log_mass(gap, angle * (1 - e), density)) / (2 * e)
    by_density = (log_mass(gap, angle, density * (1 + e)) - log_mass(gap, angle, density * (1 - e))) / (2 * e)
    assert (by_gap, by_angle, by_density) == pytest.approx(tuple(got), rel=1e-6)


def test_level_keeps_the_mass():
    level = 0.1
    for _ in range(100):
        level = flooded.level_step(level, 0.4, 0.35, 0.05, 750.0, 0.1)
    assert (level - 0.1) * 0.05 * 750.0 == pytest.approx(0.05 * 10.0)
    assert flooded.level_step(0.001, 0.0, 10.0, 0.05, 750.0, 1.0) == 0.0


@pytest.mark.parametrize("number", [0.0, 0.3, 40.0])
def test_spreading_is_the_implicit_diffusion_step(number):
    rng = np.random.default_rng(3)
    level = rng.uniform(0.05, 0.15, 21)
    before = level.copy()
    flooded.spread_level(level, number, np.empty(21))
    laplace = np.diff(np.r_[level[0], level, level[-1]], 2)
    np.testing.assert_allclose(level - number * laplace, before, rtol=1e-12)
    assert level.sum() == pytest.approx(before.sum(), rel=1e-13)
    assert before.min() <= level.min() and level.max() <= before.max()


def test_a_single_lane_does_not_spread():
    level = np.array([0.1])
    flooded.spread_level(level, 3.0, np.empty(1))
    assert level[0] == 0.1


def test_narrowest_gap_has_just_the_wanted_density():
    gap = flooded.narrowest_gap(1300.0, 0.125, STEEP, 4600.0, 0.66)
    assert flooded.flooded_areal_mass(1300.0, gap, 0.125, STEEP) / (4600.0 * gap) == pytest.approx(0.66)
    with pytest.raises(ValueError, match="denser"):
        flooded.narrowest_gap(1300.0, 0.125, STEEP, 4600.0, 0.25)


@settings(max_examples=20, deadline=None)
@given(st.floats(-100e-6, 600e-6), st.floats(1e9, 1e10))
def test_loaded_gap_balances_mill_and_film(chock, mill):
    gap = flooded.flooded_gap(chock, mill, 1.0, 1300.0, 0.125, STEEP, 4600.0, 0.0, NMC)
    load = flooded.flooded_press(gap, 1300.0, 0.125, STEEP, 4600.0, 0.0, NMC).line_load
    assert gap == pytest.approx(chock + load / mill, rel=1e-6)
    assert gap >= chock


def test_chocks_that_would_close_a_film_beyond_solid_are_refused():
    with pytest.raises(ValueError, match="solid density"):
        flooded.flooded_gap(-500e-6, 2e10, 1.0, 1300.0, 0.125, STEEP, 4600.0, 0.0, NMC)


def test_rougher_rolls_draw_in_more_and_a_stiffer_powder_less():
    def mass(wall, K):
        angle = nip_angle(math.radians(wall), math.radians(40), K, 1e-3)
        return flooded.flooded_areal_mass(750.0, 250e-6, 0.125, angle)

    assert mass(10, 8) < mass(11, 8)
    assert mass(10, 9) < mass(10, 8)
