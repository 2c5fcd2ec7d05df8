"""Virgin curve and its closed-form nip integral against adaptive quadrature of the law as it is stated."""

from __future__ import annotations

import math
from itertools import pairwise, product

import pytest
from scipy.integrate import quad

from dryline.process.compaction import (
    Virgin,
    bed_nip,
    joining_density,
    power_coefficients,
    pressed_nip,
    released_density,
    virgin,
    virgin_pressure,
)


def stated_pressure(D, v: Virgin, eps_A, K):
    """p_v(D) as written: Heckel line above the joint, power branch (blended exponent) below it."""
    if D >= v.D_J:
        return v.P_y * math.log(eps_A / (1 - D))
    d = D / v.D_J
    f = K - math.floor(K)
    return v.p_J * ((1 - f) * d ** math.floor(K) + f * d ** (math.floor(K) + 1))


def by_quadrature(S, h_s, R_root, D_max, v: Virgin, eps_A, K):
    """Line load by integrating p(x) over entry (virgin and elastic) and exit, split where the law changes."""
    arc = R_root * math.sqrt(S)
    D = h_s / S
    p_mem = stated_pressure(D_max, v, eps_A, K)
    D_rel = D_max / (1 + p_mem / v.E_el)

    def entry(u):
        density = D / (1 + u * u)
        elastic = v.E_el * max(0.0, density / D_rel - 1)
        return min(elastic, stated_pressure(density, v, eps_A, K)) if density > D_max else elastic

    def split(density):
        return math.sqrt(max(D / density - 1, 0.0))

    ends = sorted({0.0, split(max(D_max, v.D_J)), split(D_max), split(D_rel)})
    total = sum(quad(entry, a, b, epsabs=1e-13 * v.P_y, epsrel=1e-12)[0] for a, b in pairwise(ends))
    peak = entry(0.0)
    D_out = D / (1 + peak / v.E_el) if D > D_max else D_rel
    out = math.sqrt(max(D / D_out - 1, 0.0))
    leaving = quad(
        lambda u: v.E_el * (D / (1 + u * u) / D_out - 1), 0.0, out, epsabs=1e-13 * v.P_y, epsrel=1e-12
    )[0]
    return arc * (total + leaving), peak


def assembled(S, h_s, R_root, D_max, v: Virgin):
    p_mem = virgin_pressure(D_max, v.P_y, v.A, v.D_J, v.p_J, v.K0, v.f)
    if D_max >= v.D_J:
        return pressed_nip(S, h_s, R_root, D_max, p_mem, v.P_y, v.E_el, v.A)
    return bed_nip(S, h_s, R_root, D_max, p_mem, v.P_y, v.E_el, v.A, v.D_J, v.p_J, v.K0, v.f, v.beta)


CURVES = [
    (225e6, 3.2e9, 0.50, 12.0),
    (262e6, 5.0e9, 0.48, 12.0),
    (102e6, 1.3e9, 0.52, 9.4),
    (300e6, 4e9, 0.55, 8.75),
]
PASSES = [
    (0.24, 0.50),  # powder that stays in the power branch
    (0.24, 0.60),  # powder through power branch and Heckel line
    (0.51, 0.58),  # film below the joint
    (0.58, 0.66),  # film in the Heckel part with elastic rise
    (0.66, 0.74),
    (0.70, 0.695),  # elastic pass: the film springs back to what it was
]


@pytest.mark.parametrize(("curve", "states"), list(product(CURVES, PASSES)))
def test_line_load_equals_quadrature(curve, states):
    v = virgin(*curve)
    D_max, D = states
    h_s = 63e-6
    q, _, peak, _ = assembled(h_s / D, h_s, math.sqrt(0.3), D_max, v)
    expected, peak_expected = by_quadrature(h_s / D, h_s, math.sqrt(0.3), D_max, v, curve[2], curve[3])
    assert q == pytest.approx(expected, rel=1e-9)
    assert peak == pytest.approx(peak_expected, rel=1e-12)


@pytest.mark.parametrize(("curve", "states"), list(product(CURVES, PASSES)))
def test_slope_equals_central_differences(curve, states):
    v = virgin(*curve)
    D_max, D = states
    h_s, R = 63e-6, math.sqrt(0.3)
    S = h_s / D

    def q(gap):
        return assembled(gap, h_s, R, D_max, v)[0]

    step = 2e-4 * S
    # fourth order: truncation far below 1e-8, the closed form itself has about 1e-13 of rounding
    difference = (8 * (q(S + step) - q(S - step)) - (q(S + 2 * step) - q(S - 2 * step))) / (12 * step)
    assert assembled(S, h_s, R, D_max, v)[1] == pytest.approx(difference, rel=3e-8)


@pytest.mark.parametrize("curve", CURVES)
def test_a_film_above_the_joint_is_the_same_in_both_forms(curve):
    v = virgin(*curve)
    D_max = v.D_J + 0.03
    p_mem = virgin_pressure(D_max, v.P_y, v.A, v.D_J, v.p_J, v.K0, v.f)
    one = pressed_nip(90e-6, 63e-6, 0.6, D_max, p_mem, v.P_y, v.E_el, v.A)
    two = bed_nip(90e-6, 63e-6, 0.6, D_max, p_mem, v.P_y, v.E_el, v.A, v.D_J, v.p_J, v.K0, v.f, v.beta)
    assert two == pytest.approx(one, rel=1e-12)


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("states", PASSES[2:])
def test_slope_against_memory_equals_central_differences(curve, states):
    """-dq/dD_rel: the twin predicts from it what a cell with another memory does to the load."""
    v = virgin(*curve)
    D_max, D = states
    S, h_s, R, e = 63e-6 / D, 63e-6, math.sqrt(0.3), 1e-5

    def released(D_max):
        return released_density(D_max, virgin_pressure(D_max, v.P_y, v.A, v.D_J, v.p_J, v.K0, v.f), v.E_el)

    change = assembled(S, h_s, R, D_max + e, v)[0] - assembled(S, h_s, R, D_max - e, v)[0]
    slope = change / (released(D_max + e) - released(D_max - e))
    assert -assembled(S, h_s, R, D_max, v)[3] == pytest.approx(slope, rel=1e-4)


@pytest.mark.parametrize("curve", [c for c in CURVES if c[3] == math.floor(c[3])])
def test_pressure_and_slope_are_continuous_where_the_branches_meet(curve):
    v = virgin(*curve)

    def p(D):
        return virgin_pressure(D, v.P_y, v.A, v.D_J, v.p_J, v.K0, v.f)

    e = 1e-7
    assert p(v.D_J - 1e-13) == pytest.approx(p(v.D_J + 1e-13), rel=1e-9)
    below = (p(v.D_J - e) - p(v.D_J - 2 * e)) / e
    above = (p(v.D_J + 2 * e) - p(v.D_J + e)) / e
    assert below == pytest.approx(above, rel=1e-4)


def test_joint_of_the_reference_exponent():
    # K = 12: porosity 0.45 / 0.51 and p_J 0.10 / 0.08 P_y for eps_A 0.50 / 0.55
    for eps_A, eps_J, share in ((0.50, 0.45, 0.10), (0.55, 0.51, 0.08)):
        assert 1 - joining_density(eps_A, 12.0) == pytest.approx(eps_J, abs=0.006)
        assert virgin(1.0, 10.0, eps_A, 12.0).p_J == pytest.approx(share, abs=0.006)


def test_power_integral_coefficients_reproduce_the_integral():
    u = 0.8
    w = 1 / (1 + u * u)
    for K in (2, 3, 8, 15):
        b = power_coefficients(K)
        closed = b[0] * math.atan(u) + u * sum(b[j] * w**j for j in range(1, len(b)))
        assert closed == pytest.approx(
            quad(lambda x, K=K: (1 + x * x) ** -K, 0, u, epsrel=1e-13)[0], rel=1e-12
        )


@pytest.mark.parametrize(("eps_A", "K"), [(1.2, 12.0), (0.5, 1.0)])
def test_impossible_curves_are_refused(eps_A, K):
    with pytest.raises(ValueError, match="eps_A"):
        virgin(1e8, 1e9, eps_A, K)
    with pytest.raises(ValueError, match="exponent"):
        power_coefficients(16)
