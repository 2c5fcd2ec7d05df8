"""Exponential calendering law: what Meyer et al. (2017) found, from the nip integral.

Meyer, Bockholt, Haselrieder, Kwade, J. Mater. Process. Technol. 249 (2017) 172-178: porosity falls exponentially with line
load, eps = eps_min + (eps_0 - eps_min) exp(-q/gamma_c), and gamma_c differs between anode and cathode. Their parameter
table is not public; the figures here are derived ones of the process reference for coatings that were never pressed
(virgin curve starting at zero pressure at entry, rigid rolls), computed there with an exit unloading linear in the gap.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import brentq, curve_fit

from dryline.process.compaction import pressed_nip


def pressed(D, rho, P_y, E_el, eps_0, m, R):
    """Line load [N/m], peak [Pa] and porosity behind the nip of a never pressed coating, D its density in the gap."""
    h_s = m / rho
    q, _, p, _ = pressed_nip(h_s / D, h_s, math.sqrt(R), 1.0 - eps_0, 0.0, P_y, E_el, -math.log(eps_0))
    return q, p, 1.0 - D / (1.0 + p / E_el)


def at_porosity(eps, *case):
    D = brentq(lambda d: pressed(d, *case)[2] - eps, 1.0 - case[3] + 1e-9, 0.95)
    return pressed(D, *case)


def exponential(case, loads_max):
    """gamma_c [N/m], eps_min and RMS deviation of the exponential law fitted to the nip integral up to a line load [N/m]."""
    eps_0 = case[3]
    loads = np.linspace(0.02, 1.0, 60) * min(loads_max, pressed(0.95, *case)[0])
    eps = []
    for load in loads:
        D = brentq(lambda d, load=load: pressed(d, *case)[0] - load, 1.0 - eps_0 + 1e-7, 0.951)
        eps.append(pressed(D, *case)[2])

    def form(q, least, gamma):
        return least + (eps_0 - least) * np.exp(-q / gamma)

    (least, gamma), _ = curve_fit(form, loads, eps, p0=(0.2, 300e3))
    return gamma, least, float(np.sqrt(np.mean((form(loads, least, gamma) - np.array(eps)) ** 2)))


def fitted(case):
    """The fit up to 1.75 times the load at 30 % porosity: the range of calendering trials (assumed)."""
    return exponential(case, 1.75 * at_porosity(0.30, *case)[0])


# rho kg/m3, P_y, E_el Pa, eps_0, m kg/m2, R m
NMC = (4600.0, 350e6, 6e9, 0.48, 0.22, 0.25)
LFP = (3500.0, 300e6, 4e9, 0.50, 0.20, 0.25)
GRAPHITE = (2220.0, 120e6, 1.5e9, 0.50, 0.12, 0.25)

TABLE = [  # case; gamma_c N/mm, eps_min, q at 30 % N/mm, p_max MPa
    (NMC, 370, 0.186, 377, 192),
    ((*NMC[:5], 0.40), 469, 0.186, 480, 192),
    ((*NMC[:4], 0.44, 0.25), 524, 0.186, 530, 192),
    (LFP, 332, 0.220, 443, 188),
    (GRAPHITE, 128, 0.225, 177, 77),
]


@pytest.mark.parametrize(("case", "gamma", "least", "load", "peak"), TABLE)
def test_loads_of_never_pressed_coatings(case, gamma, least, load, peak):
    q, p, _ = at_porosity(0.30, *case)
    assert q / 1e3 == pytest.approx(load, rel=0.03)
    assert p / 1e6 == pytest.approx(peak, rel=0.01)


@pytest.mark.parametrize(("case", "gamma", "least", "load", "peak"), TABLE)
def test_parameters_of_the_exponential_law(case, gamma, least, load, peak):
    """The reference gives no range of its fit, and gamma_c moves with it: 305 to 460 N/mm for NMC between 560 and 1500."""
    got, minimum, _ = fitted(case)
    assert got / 1e3 == pytest.approx(gamma, rel=0.10)
    assert minimum == pytest.approx(least, abs=0.022)


@pytest.mark.parametrize("case", [NMC, LFP, GRAPHITE])
def test_nip_integral_is_an_exponential_law_to_less_than_a_point(case):
    """Within 0.8 porosity points RMS below 1500 N/mm (below 95 % density)."""
    assert exponential(case, 1500e3)[2] < 0.008


def test_anode_and_cathode_resist_compaction_differently():
    """Sign test of Meyer et al. 2017: the anode's gamma_c lies well below the cathode's."""
    assert fitted(GRAPHITE)[0] < 0.5 * fitted(NMC)[0]
    assert fitted(GRAPHITE)[0] < 0.5 * fitted(LFP)[0]


@pytest.mark.parametrize(("radius", "thickness"), [(2.0, 1.0), (1.0, 2.0), (1.6, 0.5)])
def test_resistance_scales_with_the_root_of_radius_and_thickness(radius, thickness):
    """q at any porosity, and with it gamma_c, goes as sqrt(R h_0) with rigid rolls: exactly."""
    scaled = (*NMC[:4], NMC[4] * thickness, NMC[5] * radius)
    factor = math.sqrt(radius * thickness)
    for eps in (0.44, 0.35, 0.28):
        assert at_porosity(eps, *scaled)[0] == pytest.approx(factor * at_porosity(eps, *NMC)[0], rel=1e-9)
    assert fitted(scaled)[0] == pytest.approx(factor * fitted(NMC)[0], rel=1e-6)


DIMENSIONLESS = [(0.45, 0.029, 0.11), (0.40, 0.083, 0.25), (0.35, 0.157, 0.40), (0.30, 0.254, 0.60)]


@pytest.mark.parametrize(("eps", "phi", "share"), DIMENSIONLESS)
def test_dimensionless_load_of_a_never_pressed_coating(eps, phi, share):
    """Phi = q / (P_y sqrt(R h_0)) for eps_0 0.50 and E_el = P_y / 0.06."""
    case = (3500.0, 300e6, 300e6 / 0.06, 0.50, 0.20, 0.25)
    q, p, _ = at_porosity(eps, *case)
    assert q / (300e6 * math.sqrt(0.25 * 0.20 / 3500.0 / 0.50)) == pytest.approx(phi, rel=0.03)
    assert p / 300e6 == pytest.approx(share, abs=0.01)
