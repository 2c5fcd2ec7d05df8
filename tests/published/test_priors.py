"""Material priors against each other: densities, porosities, break tensions, matching of electrodes, errors of areal mass.

Derived figures of the process reference from its own priors.
"""

from __future__ import annotations

import pytest
from scipy.optimize import brentq

from dryline.line.load import load_recipe
from dryline.mechanics.rolls import contact_compliance
from dryline.process.compaction import virgin
from dryline.process.properties import areal_capacity
from dryline.process.thinning import density_in_gap, press, sprung_thickness
from dryline.process.web import break_tension, film_strength

STEEL = contact_compliance(210e9, 0.3)
MAH_PER_CM2 = 36e3
AMPERE_HOUR = 3600.0

MIXES = [  # recipe; true density g/cm3, density range of films g/cm3, implied porosity %
    ("lfp-cathode", 3.47, (2.4, 2.65), (23.5, 30.8)),
    ("nmc811-cathode", 4.51, (3.2, 3.55), (21.3, 29.0)),
]


@pytest.mark.parametrize(("name", "true", "films", "porosity"), MIXES)
def test_true_density_and_the_porosities_it_implies(name, true, films, porosity):
    recipe = load_recipe(name)
    assert recipe.true_density / 1e3 == pytest.approx(true, abs=0.006)
    for film, implied in zip(films, reversed(porosity), strict=True):
        assert 100 * (1.0 - film * 1e3 / recipe.true_density) == pytest.approx(implied, abs=0.15)


BREAKS = [  # recipe, areal mass, porosity first and last; break tension of the first and the final film N/m
    ("lfp-cathode", 0.22, (0.47, 0.30), (35, 68)),
    ("nmc811-cathode", 0.22, (0.47, 0.285), (30, 57)),
]


@pytest.mark.parametrize(("name", "m", "porosities", "tensions"), BREAKS)
def test_break_tension_of_first_and_final_film(name, m, porosities, tensions):
    """f_F 0.5 in the first film, 0.8 in the final one. k_t is a free prior (0.5-1 MPa): within a quarter."""
    recipe = load_recipe(name)
    s = recipe.strength
    broken = []
    for eps, fibril, mass in zip(porosities, (0.5, 0.8), (m * 1.05**3, m), strict=True):
        strength = film_strength(fibril, 1 - eps, recipe.ptfe_volume, s.k_t, s.n, s.l, s.sigma_0)
        broken.append(break_tension(strength, mass / recipe.true_density / (1 - eps)))
    assert broken == pytest.approx(tensions, rel=0.25)
    assert broken[1] / broken[0] == pytest.approx(tensions[1] / tensions[0], rel=0.07)
    assert 0.5e6 < film_strength(0.8, 1 - porosities[1], recipe.ptfe_volume, s.k_t, s.n, s.l, s.sigma_0) < 1e6


CATHODES = [(0.22, 0.95, 155.0, 10.4), (0.25, 0.95, 155.0, 11.8), (0.22, 0.96, 200.0, 13.6)]


@pytest.mark.parametrize(("m", "active", "charge", "anode"), CATHODES)
def test_anode_loading_for_ten_percent_excess(m, active, charge, anode):
    """N/P 1.1 with graphite at 96.5 % and 355 mAh/g; mg/cm2."""
    cathode = areal_capacity(m, active, charge * AMPERE_HOUR)
    needed = 1.1 * cathode / areal_capacity(1.0, 0.965, 355.0 * AMPERE_HOUR)
    assert needed * 100 == pytest.approx(anode, abs=0.06)


def test_twelve_milligrams_of_graphite_do_not_match_nmc811():
    cathode = areal_capacity(0.22, 0.96, 200.0 * AMPERE_HOUR)
    assert cathode / MAH_PER_CM2 == pytest.approx(4.22, abs=0.005)
    assert areal_capacity(0.12, 0.965, 355.0 * AMPERE_HOUR) / cathode == pytest.approx(0.97, abs=0.005)


COLD = {  # P_y, E_el, eps_A, areal mass, density
    "NMC": (350e6, 6.0e9, 0.50, 0.22, 4510.0),
    "LFP": (300e6, 4.0e9, 0.55, 0.25, 3470.0),
    "graphite": (120e6, 1.5e9, 0.55, 0.12, 2240.0),
}
PER_PERCENT = [  # mill MN/mm; thickness % and porosity points per +1 % of areal mass, NMC / LFP / graphite
    (1, (1.01, 1.02, 1.01), (0.0, 0.0, 0.0)),
    (2, (1.00, 1.00, 0.97), (0.0, 0.0, -0.02)),
    (5, (0.96, 0.96, 0.87), (-0.03, -0.03, -0.09)),
    (10, (0.90, 0.89, 0.75), (-0.07, -0.08, -0.17)),
    (20, (0.80, 0.78, 0.61), (-0.14, -0.15, -0.27)),
]


@pytest.mark.parametrize(("mill", "thickness", "porosity"), PER_PERCENT)
def test_one_percent_of_areal_mass_on_a_mill(mill, thickness, porosity):
    """A last nip from 36 to 30 % porosity at fixed chocks: thickness takes most of an error of areal mass."""
    for (P_y, E_el, eps_A, m, rho), percent, points in zip(COLD.values(), thickness, porosity, strict=True):
        v = virgin(P_y, E_el, eps_A, 12.0)
        D_in, D = density_in_gap(0.64, v), density_in_gap(0.70, v)

        def pressed(S, h_s, v=v, D_in=D_in):
            return press(S, h_s, h_s / 0.64, D_in, 0.25, STEEL, v)

        h_s = m / rho
        chock = h_s / D - pressed(h_s / D, h_s).line_load / (mill * 1e9)
        after = []
        for solid in (h_s, 1.01 * h_s):
            S = brentq(
                lambda S, solid=solid, chock=chock, pressed=pressed: S - chock - pressed(S, solid).line_load / (mill * 1e9),
                solid / 0.9, solid / D_in, xtol=1e-15,
            )  # fmt: skip
            h = sprung_thickness(S, pressed(S, solid).peak, E_el)
            after.append((h, 1.0 - solid / h))
        assert 100 * (after[1][0] / after[0][0] - 1.0) == pytest.approx(percent, abs=0.03)
        assert 100 * (after[1][1] - after[0][1]) == pytest.approx(points, abs=0.02)
