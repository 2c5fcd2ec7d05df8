"""Thinning nips: density in the gap, flattened arc, spring-back, elongation, work and power."""

from __future__ import annotations

import math

import pytest
from scipy.integrate import quad

from dryline.mechanics.rolls import contact_compliance, hitchcock_radius
from dryline.process import thinning
from dryline.process.compaction import released_density, virgin

LFP = virgin(225e6, 3.2e9, 0.50, 12.0)
STEEL = contact_compliance(210e9, 0.3)


@pytest.mark.parametrize("released", [0.30, 0.53, 0.65, 0.70, 0.80])
def test_density_in_the_gap_springs_back_to_the_wanted_one(released):
    D = thinning.density_in_gap(released, LFP)
    assert released_density(D, thinning.pressure(D, LFP), LFP.E_el) == pytest.approx(released, rel=1e-12)
    assert D > released


def test_density_beyond_elastic_recovery_is_refused():
    with pytest.raises(ValueError, match="elastic recovery"):
        thinning.density_in_gap(0.97, LFP)


@pytest.mark.parametrize("eps_in", [0.35, 0.60])
def test_press_stands_on_its_own_flattened_arc(eps_in):
    h_s, h_in, S = 63e-6, 63e-6 / (1 - eps_in), 88e-6
    D_in = thinning.density_in_gap(1 - eps_in, LFP)
    got = thinning.press(S, h_s, h_in, D_in, 0.4, STEEL, LFP)
    assert got.radius == pytest.approx(hitchcock_radius(0.4, got.line_load, h_in - S, STEEL), rel=1e-6)
    assert got.peak == pytest.approx(thinning.pressure(h_s / S, LFP), rel=1e-12)
    assert got.stiffness > 0.0


def test_curve_lies_between_cold_and_hot():
    def curve(T):
        return thinning.curve_at(T, (298.15, 383.15), (300e6, 225e6), (4e9, 3.2e9), (0.55, 0.50), 12.0)

    assert curve(298.15).P_y == pytest.approx(300e6)
    assert curve(383.15).P_y == pytest.approx(225e6)
    assert curve(340.65).E_el == pytest.approx(3.6e9)
    assert curve(340.65).A == pytest.approx(math.log(1 / 0.525))
    assert curve(900.0).P_y == curve(800.0).P_y > 0.0


def test_spring_back_equals_release_of_density():
    D = thinning.density_in_gap(0.70, LFP)
    h_s = 63.4e-6
    h_out = thinning.sprung_thickness(h_s / D, thinning.pressure(D, LFP), LFP.E_el)
    assert h_out == pytest.approx(h_s / 0.70, rel=1e-12)


def test_slow_relaxation_starts_at_one_and_ends_at_its_share():
    assert thinning.relaxation(0.0, 0.01, 300.0) == 1.0
    assert thinning.relaxation(300.0, 0.01, 300.0) == pytest.approx(1 + 0.01 * (1 - math.exp(-1)))
    assert thinning.relaxation(thinning.DAY, 0.01, 300.0) == pytest.approx(1.01)


def test_width_spreads_with_thinning():
    assert thinning.spread_width(1.0, 120e-6, 100e-6, 0.0) == 1.0
    assert thinning.spread_width(1.0, 120e-6, 100e-6, 0.1) == pytest.approx(1 + 0.1 * math.log(1.2))


@pytest.mark.parametrize("K", [8.0, 12.0, 9.4])
def test_work_is_the_loop_integral_of_pressure(K):
    v = virgin(225e6, 3.2e9, 0.50, K)
    h_s, D_in, D_out = 63e-6, 0.25, 0.72
    p_out = thinning.pressure(D_out, v)
    D_rel = released_density(D_out, p_out, v.E_el)
    points = [h_s / v.D_J]
    load = quad(
        lambda h: thinning.pressure(h_s / h, v), h_s / D_out, h_s / D_in, points=points, epsrel=1e-11
    )[0]
    back = quad(lambda h: v.E_el * (h_s / h / D_rel - 1), h_s / D_out, h_s / D_rel, epsrel=1e-11)[0]
    assert thinning.net_work(h_s, D_in, D_out, v, fresh=True) == pytest.approx(load - back, rel=1e-8)


def test_a_nip_that_does_not_compact_does_no_net_work():
    assert thinning.net_work(63e-6, 0.70, 0.70, LFP) == 0.0


def test_drives_deliver_at_least_the_work_of_the_film():
    D_in, D_out, h_s = thinning.density_in_gap(0.65, LFP), thinning.density_in_gap(0.70, LFP), 63.4e-6
    got = thinning.press(h_s / D_out, h_s, h_s / 0.65, D_in, 0.4, STEEL, LFP)
    power = thinning.rolling_power(got.line_load, 0.4, h_s / 0.65 - h_s / D_out, 1.0)
    assert power > thinning.net_work(h_s, D_in, D_out, LFP)
    assert thinning.rolling_power(1e6, 0.35, 0.0, 1.0) == 0.0
