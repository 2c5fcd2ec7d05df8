"""Derived tables for coatings that were never pressed: load of one pass, and its exponential view.

Figures worked out apart from the code, not measurements. The tables do not say over which densities they fitted gamma_c and
eps_min; over the range taken here these come out within 7 % and 0.016 of them.
"""

from __future__ import annotations

import math

import pytest

from dryline.process.calendering import exponential_view, first_pass, to_porosity

PASSES = [(0.45, 0.029, 0.11), (0.40, 0.083, 0.25), (0.35, 0.157, 0.40), (0.30, 0.254, 0.60)]


@pytest.mark.parametrize(("porosity", "Phi", "peak"), PASSES)
def test_dimensionless_load_of_one_pass(porosity, Phi, peak):
    got = to_porosity(porosity, 0.50, 1e6, 1e6 / 0.06, 0.25, 100e-6)
    assert got.line_load / (1e6 * math.sqrt(0.25 * 100e-6)) == pytest.approx(Phi, abs=6e-4)
    assert got.peak / 1e6 == pytest.approx(peak, abs=6e-3)
    assert got.porosity == pytest.approx(porosity, abs=1e-9)


# true density, areal mass, eps_0, P_y, E_el, R; h_0 um, gamma_c N/mm, eps_min, q at porosity 0.30 N/mm, p_max MPa
CASES = {
    "NMC": (4600, 0.22, 0.48, 350e6, 6e9, 0.25, 92, 370, 0.186, 377, 192),
    "NMC on large rolls": (4600, 0.22, 0.48, 350e6, 6e9, 0.40, 92, 469, 0.186, 480, 192),
    "NMC, twice the mass": (4600, 0.44, 0.48, 350e6, 6e9, 0.25, 184, 524, 0.186, 530, 192),
    "LFP": (3500, 0.20, 0.50, 300e6, 4e9, 0.25, 114, 332, 0.220, 443, 188),
    "graphite": (2220, 0.12, 0.50, 120e6, 1.5e9, 0.25, 108, 128, 0.225, 177, 77),
}


@pytest.mark.parametrize("case", CASES)
def test_equivalent_exponential_figures(case):
    rho, m, eps_0, P_y, E_el, R, h_um, gamma_c, eps_min, q, peak = CASES[case]
    h_0 = m / rho / (1 - eps_0)
    view = exponential_view(eps_0, P_y, E_el, R, h_0)
    one = to_porosity(0.30, eps_0, P_y, E_el, R, h_0)
    assert h_0 * 1e6 == pytest.approx(h_um, abs=0.5)
    assert one.line_load / 1e3 == pytest.approx(q, rel=0.01)
    assert one.peak / 1e6 == pytest.approx(peak, abs=0.6)
    assert view.gamma_c / 1e3 == pytest.approx(gamma_c, rel=0.07)
    assert view.eps_min == pytest.approx(eps_min, abs=0.016)
    assert view.eps_0 == eps_0
    assert view.residual <= 0.008
    dense = first_pass(0.83, eps_0, P_y, E_el, R, h_0)
    assert dense.line_load < 1500e3
    assert view.porosity(one.line_load) == pytest.approx(0.30, abs=0.012)


def test_resistance_grows_as_the_root_of_radius_and_thickness():
    one, other = (exponential_view(0.48, 350e6, 6e9, R, h) for R, h in ((0.25, 92e-6), (0.40, 184e-6)))
    assert other.gamma_c / one.gamma_c == pytest.approx(math.sqrt(1.6 * 2), rel=1e-6)
    assert other.eps_min == pytest.approx(one.eps_min, rel=1e-6)
