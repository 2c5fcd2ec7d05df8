"""Compaction laws without closed form: table and Gauss-Legendre sum against quadrature of the laws as they are stated."""

from __future__ import annotations

import math
from itertools import pairwise, product

import numpy as np
import pytest
from scipy.integrate import quad

from dryline.kernel import from_python
from dryline.materials.recipe import Kawakita, Power, Pressed
from dryline.mechanics.rolls import contact_compliance
from dryline.process.compaction import DENSEST, bed_nip, pressed_nip, virgin, virgin_pressure
from dryline.process.tabulated import CELLS, NEAR_POLE, PER_DENSITY, cubics, curve_of, table_at, table_nip, tabulate, tabulated
from dryline.process.thinning import density_in_gap, net_work, press, pressure

P, E_EL = 225e6, 3.2e9
STEEL = contact_compliance(210e9, 0.3)
H_S = 63e-6
KAWAKITA, POWER = Kawakita(0.75, 0.22), Power(12.0, 0.7)
SOFT = 20e6  # scale of Kawakita's law: pressures of a line, within 0.17 E_el
STATED = {
    KAWAKITA: lambda D: (1 - 0.22 / D) / (0.75 - (1 - 0.22 / D)),
    POWER: lambda D: (D / 0.7) ** 12.0,
}
PASSES = [(0.24, 0.40), (0.24, 0.50), (0.24, 0.62), (0.51, 0.58), (0.58, 0.66), (0.66, 0.72), (0.70, 0.695)]
HECKEL = virgin(P, E_EL, 0.50, 12.0)
ROWS = np.linspace(0.25, 0.80, 45)
nip, at = from_python(table_nip), from_python(table_at)


def heckel(D):
    return float(virgin_pressure(D, 1.0, HECKEL.A, HECKEL.D_J, HECKEL.p_J / P, 12.0, 0.0))


def sampled():
    """Table of a Heckel curve from its values and slopes, joint and all."""
    D = np.arange(CELLS + 1) / PER_DENSITY
    loose = D < HECKEL.D_J
    slope = np.where(loose, 12.0 * np.array([heckel(d) for d in D]) / np.maximum(D, 1e-9), 1.0 / (1.0 - D))
    return cubics(np.array([heckel(d) for d in D]), slope)


PRESSED = Pressed(tuple(ROWS.tolist()), tuple(heckel(D) / heckel(ROWS[-1]) for D in ROWS))


def curve(law):
    return curve_of(law, SOFT if law is KAWAKITA else P, E_EL, 0.0, 0.0)


def through(v, D_max, D, R=0.3):
    return nip(H_S / D, H_S, math.sqrt(R), D_max, pressure(D_max, v), v.P_y, v.E_el, v.D_J, v.table)


def by_quadrature(p_v, D_max, D, breaks=(), R=0.3):
    """Line load of a pass by integrating the law over entry, elastic rise and exit."""
    p_mem = p_v(D_max)
    D_rel = D_max / (1 + p_mem / E_EL)

    def place(density):
        return math.sqrt(max(D / density - 1, 0.0))

    def entry(u):
        density = D / (1 + u * u)
        return p_v(density) if density > D_max else E_EL * max(0.0, density / D_rel - 1)

    ends = sorted({0.0, place(D_max), place(D_rel), *(place(b) for b in breaks if D_max < b < D)})
    q = sum(quad(entry, a, b, epsabs=1e-4, epsrel=1e-12)[0] for a, b in pairwise(ends))
    D_out = D / (1 + entry(0.0) / E_EL) if D > D_max else D_rel
    q += quad(lambda u: E_EL * (D / (1 + u * u) / D_out - 1), 0.0, place(D_out), epsabs=1e-4, epsrel=1e-12)[0]
    return math.sqrt(R * H_S / D) * q


@pytest.mark.parametrize(("law", "states"), list(product(STATED, PASSES)))
def test_line_load_of_smooth_laws_equals_quadrature(law, states):
    v = curve(law)
    q, _, peak, _ = through(v, *states)
    assert q == pytest.approx(by_quadrature(lambda D: v.P_y * STATED[law](D), *states), rel=1e-8)
    if states[1] > states[0]:
        assert peak == pytest.approx(v.P_y * STATED[law](states[1]), rel=1e-8)


@pytest.mark.parametrize("states", PASSES)
def test_line_load_of_press_data_equals_quadrature_of_their_table(states):
    v = curve(PRESSED)
    q, _, _, _ = through(v, *states)
    assert q == pytest.approx(by_quadrature(lambda D: P * at(D, v.table)[0], *states, breaks=ROWS), rel=2e-5)


@pytest.mark.parametrize("states", PASSES)
def test_a_tabulated_heckel_curve_equals_the_closed_form(states):
    """Films to 1e-9 (the line is smooth); powder through the joint, whose curvature jumps within one cell, to 1e-6."""
    D_max, D = states
    v = tabulated(P, E_EL, sampled(), HECKEL.D_J)
    got, S, p_mem = through(v, D_max, D), H_S / D, pressure(D_max, HECKEL)
    if D_max >= HECKEL.D_J:
        expected = pressed_nip(S, H_S, math.sqrt(0.3), D_max, p_mem, P, E_EL, HECKEL.A)
    else:
        expected = bed_nip(
            S, H_S, math.sqrt(0.3), D_max, p_mem, P, E_EL, HECKEL.A, HECKEL.D_J, HECKEL.p_J, 12.0, 0.0, HECKEL.beta
        )
    film = D_max > HECKEL.D_J + 1.0 / PER_DENSITY
    assert got[0] == pytest.approx(expected[0], rel=1e-9 if film else 1e-6)
    assert got[2:] == pytest.approx(expected[2:], rel=1e-8 if film else 1e-5)
    assert got[1] == pytest.approx(expected[1], rel=1e-7 if film else 1e-4)


@pytest.mark.parametrize(("law", "states"), list(product((*STATED, PRESSED), PASSES)))
def test_slope_equals_central_differences(law, states):
    v = curve(law)
    D_max, D = states
    S = H_S / D
    step = 1e-4 * S

    def q(gap):
        return through(v, D_max, H_S / gap)[0]

    difference = (8 * (q(S + step) - q(S - step)) - (q(S + 2 * step) - q(S - 2 * step))) / (12 * step)
    assert through(v, D_max, D)[1] == pytest.approx(difference, rel=3e-3 if law is PRESSED else 1e-5)


@pytest.mark.parametrize(("D_bed", "D"), [(0.24, 0.45), (0.23, 0.60), (0.30, 0.66)])
def test_kawakita_part_equals_its_closed_form(D_bed, D):
    """Integral over U of a/(a - C) - 1: a (h_b/S) atan(u/kappa)/kappa - u, kappa^2 = 1 - (1 - a) h_b/S."""
    v = curve(KAWAKITA)
    h_b = D / KAWAKITA.loose  # over S
    kappa = math.sqrt(1 - (1 - KAWAKITA.a) * h_b)
    u = math.sqrt(D / D_bed - 1)
    part = SOFT * (KAWAKITA.a * h_b * math.atan(u / kappa) / kappa - u)
    p_mem = SOFT * STATED[KAWAKITA](D_bed)
    h_rel = D / D_bed * (1 + p_mem / E_EL)
    U_e, U_o = math.sqrt(h_rel - 1), math.sqrt(SOFT * STATED[KAWAKITA](D) / E_EL)
    elastic = E_EL * (h_rel * (math.atan(U_e) - math.atan(u)) - (U_e - u))
    leaving = E_EL * ((1 + U_o**2) * math.atan(U_o) - U_o)
    assert through(v, D_bed, D)[0] == pytest.approx(math.sqrt(0.3 * H_S / D) * (part + elastic + leaving), rel=1e-8)


@pytest.mark.parametrize("law", [KAWAKITA, Kawakita(0.65, 0.22), POWER, PRESSED])
def test_pressure_rises_and_its_slope_does_not_jump(law):
    table = tabulate(law)
    D = np.linspace(0.23, DENSEST - 1e-6, 40_001)
    p, slope = np.array([at(d, table) for d in D]).T
    assert (np.diff(p) >= 0.0).all() and (slope >= 0.0).all()
    joints = np.arange(int(0.24 * PER_DENSITY), CELLS) / PER_DENSITY
    before, after = (np.array([at(d + e, table) for d in joints]) for e in (-1e-12, 1e-12))
    assert before == pytest.approx(after, rel=1e-6)


def test_kawakita_goes_on_beyond_its_pole():
    law = Kawakita(0.65, 0.22)  # no denser than 0.629
    end = law.loose / (1 - NEAR_POLE * law.a)
    assert at(end, tabulate(law))[0] == pytest.approx(NEAR_POLE / (1 - NEAR_POLE), rel=0.02)
    assert at(0.8, tabulate(law))[0] > at(0.65, tabulate(law))[0] > 99.0


@pytest.mark.parametrize("law", [KAWAKITA, POWER, PRESSED])
class TestMemory:
    def test_a_second_pass_leaves_the_film_unchanged(self, law):
        v = curve(law)
        D = 0.66
        h_in = H_S / D * (1 + pressure(D, v) / v.E_el)
        again = press(H_S / D, H_S, h_in, D, 0.4, 0.0, v)
        assert again.peak == pytest.approx(pressure(D, v), rel=1e-12)
        assert again.line_load > 1e3
        assert net_work(H_S, D, D, v) == 0.0

    def test_load_vanishes_with_the_reduction_only_for_powder(self, law):
        v = curve(law)
        bed = press(H_S / 0.2505, H_S, H_S / 0.25, 0.25, 0.125, 0.0, v)
        film = press(H_S / 0.600001, H_S, H_S / 0.6 * (1 + pressure(0.6, v) / E_EL), 0.6, 0.4, 0.0, v)
        assert bed.line_load < 0.1 * film.line_load
        assert film.line_load > 1e3

    def test_closing_the_gap_raises_load_and_peak(self, law):
        v = curve(law)
        got = [press(H_S / D, H_S, H_S / 0.24, 0.24, 0.4, STEEL, v) for D in np.linspace(0.245, 0.75, 60)]
        assert all(b.line_load > a.line_load and b.peak > a.peak for a, b in pairwise(got))

    def test_work_and_peak_do_not_depend_on_the_number_of_nips(self, law):
        v = curve(law)
        stops = [0.52, 0.553, 0.61, 0.66]
        parts = sum(net_work(H_S, a, b, v) for a, b in pairwise(stops))
        assert parts == pytest.approx(net_work(H_S, 0.52, 0.66, v), rel=1e-10)
        one, last = (press(H_S / 0.66, H_S, H_S / D, D, 0.4, 0.0, v) for D in (0.52, 0.61))
        assert one.peak == pytest.approx(last.peak, rel=1e-12)
        assert last.line_load < one.line_load

    def test_work_equals_quadrature(self, law):
        v = curve(law)
        load = quad(lambda D: pressure(D, v) / D**2, 0.3, 0.66, epsrel=1e-11, points=[0.55, 0.6], limit=400)[0]
        D_rel = 0.66 / (1 + pressure(0.66, v) / E_EL)
        back = quad(lambda D: E_EL * (D / D_rel - 1) / D**2, D_rel, 0.66, epsrel=1e-11)[0]
        assert net_work(H_S, 0.3, 0.66, v, fresh=True) == pytest.approx(H_S * (load - back), rel=1e-7)


def test_density_in_gap_gives_the_released_density():
    v = curve_of(PRESSED, P * heckel(ROWS[-1]), E_EL, 0.0, 0.0)
    for released in (0.55, 0.65, 0.70):
        assert density_in_gap(released, v) == pytest.approx(density_in_gap(released, HECKEL), rel=1e-4)


@pytest.mark.parametrize(
    ("density", "relative"), [((0.3, 0.4, 0.5), (0.1, 0.5, 1.0)), ((0.3, 0.4, 0.4, 0.5), (0.1, 0.2, 0.5, 1.0)),
                              ((0.3, 0.4, 0.5, 0.6), (0.1, 0.5, 0.4, 1.0))],
)  # fmt: skip
def test_press_data_that_do_not_rise_are_refused(density, relative):
    with pytest.raises(ValueError, match="rising"):
        tabulate(Pressed(density, relative))
