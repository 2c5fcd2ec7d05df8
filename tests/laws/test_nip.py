"""What every nip obeys: monotone in the gap, memory, splitting, work, metering."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from dryline.mechanics.rolls import contact_compliance
from dryline.process.compaction import virgin
from dryline.process.forming import metering_rate
from dryline.process.lamination import Stack, merged
from dryline.process.thinning import density_in_gap, elongated, net_work, press, pressure, sprung_thickness

STEEL = contact_compliance(210e9, 0.3)
LFP = virgin(225e6, 3.2e9, 0.50, 12.0)
H_S = 63e-6

curves = st.builds(
    virgin,
    st.floats(80e6, 400e6),
    st.floats(3e9, 6e9),
    st.floats(0.45, 0.55),
    st.floats(8.0, 14.0),
)


def behind(gap, D_max, v, h_s=H_S):
    """Thickness and memory of a film behind a loaded gap."""
    D = h_s / gap
    if D <= D_max:  # elastic pass or none: it springs back to what it was
        return h_s / D_max * (1 + pressure(D_max, v) / v.E_el), D_max
    return sprung_thickness(gap, pressure(D, v), v.E_el), D


@settings(max_examples=60, deadline=None)
@given(curves, st.floats(0.25, 0.70), st.floats(0.02, 0.9), st.floats(0.01, 0.5))
def test_closing_a_gap_never_thickens_the_film_and_never_lowers_the_load(v, D_in, start, step):
    wide = H_S / (D_in + (0.78 - D_in) * start)
    narrow = H_S / (D_in + (0.78 - D_in) * (start + (1 - start) * step))
    h_in = H_S / D_in * (1 + pressure(D_in, v) / v.E_el)
    assert behind(narrow, D_in, v)[0] <= behind(wide, D_in, v)[0] * (1 + 1e-12)
    loads = [press(gap, H_S, h_in, D_in, 0.4, 0.0, v) for gap in (wide, narrow)]
    assert loads[1].line_load >= loads[0].line_load
    assert loads[1].peak >= loads[0].peak
    assert loads[0].stiffness >= 0.0


@settings(max_examples=40, deadline=None)
@given(curves, st.lists(st.floats(0.0, 1.0), min_size=0, max_size=6))
def test_splitting_a_reduction_never_lowers_the_last_peak_pressure(v, places):
    first, last = density_in_gap(0.53, v), density_in_gap(0.70, v)
    densities = [first + (last - first) * place for place in sorted(places)]
    alone = press(H_S / last, H_S, H_S / 0.53, first, 0.4, STEEL, v)
    D = first
    for target in densities:
        _, D = behind(H_S / target, D, v)
    h_in = H_S / D * (1 + pressure(D, v) / v.E_el)
    split = press(H_S / last, H_S, h_in, D, 0.4, STEEL, v)
    assert split.peak == pytest.approx(alone.peak, rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(curves, st.lists(st.floats(0.0, 1.0), min_size=0, max_size=7))
def test_net_work_does_not_depend_on_the_number_of_nips(v, places):
    first, last = density_in_gap(0.53, v), density_in_gap(0.70, v)
    stops = [first, *(first + (last - first) * place for place in sorted(places)), last]
    total = sum(net_work(H_S, a, b, v) for a, b in pairwise(stops))
    assert total == pytest.approx(net_work(H_S, first, last, v), rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(curves, st.floats(0.60, 0.78))
def test_a_second_pass_through_the_same_loaded_gap_leaves_the_film_unchanged(v, dense):
    gap = H_S / dense
    h, D = behind(gap, 0.55, v)
    again = press(gap, H_S, h, D, 0.4, 0.0, v)
    assert behind(gap, D, v) == pytest.approx((h, D), rel=1e-12)
    # it is touched: the elastic line leads to the old peak pressure
    assert again.peak == pytest.approx(pressure(dense, v), rel=1e-9)
    assert again.line_load > 0.0


def test_load_vanishes_with_the_reduction_only_for_fresh_powder():
    bed = press(H_S / 0.2505, H_S, H_S / 0.25, 0.25, 0.125, 0.0, LFP)
    D = density_in_gap(0.65, LFP)
    film = press(H_S / (D + 1e-6), H_S, H_S / 0.65, D, 0.4, 0.0, LFP)
    assert bed.line_load < 1.0
    assert film.line_load > 50e3


def test_pressure_on_one_film_equals_pressure_on_two_in_twice_the_gap():
    film = Stack(H_S, density_in_gap(0.65, LFP), 0.22)
    both = merged([film, film])
    D = density_in_gap(0.70, LFP)
    one = press(H_S / D, H_S, H_S / 0.65, film.densest, 0.4, 0.0, LFP)
    two = press(2 * H_S / D, both.solid, both.solid / 0.65, both.densest, 0.4, 0.0, LFP)
    assert two.peak == pytest.approx(one.peak, rel=1e-12)
    assert two.line_load == pytest.approx(math.sqrt(2) * one.line_load, rel=1e-9)


@given(st.floats(0.05, 0.5), st.floats(1.0, 1.3), st.floats(0.0, 0.01))
def test_elongation_conserves_mass(m, elongation, draw):
    # m2 lambda (1 + d) = m1: what passes per second is the same before and behind
    assert elongated(m, elongation) * elongation == pytest.approx(m, rel=1e-15)
    assert elongated(m, elongation, draw) * elongation * (1 + draw) == pytest.approx(m, rel=1e-15)


@settings(max_examples=25, deadline=None)
@given(st.floats(120e-6, 250e-6), st.floats(0.8, 1.2))
def test_a_starved_nip_has_the_areal_mass_of_its_metering_whatever_its_gap(gap, share):
    """Solid thickness follows from metering and speed alone; a gap step moves the density, not the mass."""
    width, speed, m = 1.0, 0.86, 0.255
    flow = metering_rate(m, width) * speed
    h_s = flow / (width * speed) / 3470.0
    dense = [h_s / g for g in (gap, gap * share)]
    masses = [D * g * 3470.0 for D, g in zip(dense, (gap, gap * share), strict=True)]
    assert masses == pytest.approx([m, m], rel=1e-14)


@pytest.mark.parametrize("housing", [7.3e9, 11e9, 20e9])
def test_gap_transfer_is_the_answer_of_the_nip_on_its_mill(housing):
    D_in, b = density_in_gap(0.65, LFP), 1.05
    h_in = H_S / 0.65

    def load(S):
        return press(S, H_S, h_in, D_in, 0.5, 0.0, LFP)

    S = H_S / density_in_gap(0.70, LFP)
    chock = S - load(S).line_load * b / housing

    def loaded(X):
        return brentq(lambda s: s - X - load(s).line_load * b / housing, 70e-6, 97e-6, xtol=1e-16)

    step = 2e-8
    answer = (loaded(chock + step) - loaded(chock - step)) / (2 * step)
    assert housing / (housing + load(S).stiffness * b) == pytest.approx(answer, rel=1e-5)


def test_one_percent_more_film_raises_the_force_by_six_to_seven_percent_at_constant_loaded_gap():
    # process reference 7.1
    rise = []
    for P_y, E_el, eps_A, m, rho in ((350e6, 6e9, 0.50, 0.22, 4510.0), (300e6, 4e9, 0.55, 0.25, 3470.0)):
        v = virgin(P_y, E_el, eps_A, 12.0)
        h_s, D_in = m / rho, density_in_gap(0.64, v)
        S = h_s / density_in_gap(0.70, v)
        base = press(S, h_s, h_s / 0.64, D_in, 0.25, STEEL, v).line_load
        rise.append(press(S, 1.01 * h_s, 1.01 * h_s / 0.64, D_in, 0.25, STEEL, v).line_load / base - 1)
    assert all(0.055 < r < 0.08 for r in rise)
