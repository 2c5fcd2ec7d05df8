"""Lamination of films on foil: the films in one gap, what holds them on the foil, and what the foil suffers.

Sources: peel-strength form textbook with assumed constants (process reference: 5 to 40 N/m after hot pressing
at 10 to 150 N/mm); foil strain power law assumed.
"""

from __future__ import annotations

import math
from typing import NamedTuple


class Stack(NamedTuple):
    """Films pressed in one gap as one film: solid thickness [m], largest density seen, areal mass [kg/m2]."""

    solid: float
    densest: float
    areal_mass: float


def merged(films: list[Stack]) -> Stack:
    """Films of all sides as one: solid thicknesses add, and so do the thicknesses h_s / D_max at the largest
    density.
    """
    solid = sum(film.solid for film in films)
    thickness = sum(film.solid / film.densest for film in films)
    return Stack(solid, solid / thickness, sum(film.areal_mass for film in films))


class Bond(NamedTuple):
    """Constants of the bond between film and foil (assumed).

    full G_inf [N/m]; line load q_0 [N/m]; melting temperature T_m and width dT [K]; dwell tau_d [s]; primer
    factor.
    """

    full: float = 40.0
    line_load: float = 50e3
    temperature: float = 353.15
    width: float = 15.0
    dwell: float = 3e-3
    primer: float = 1.0


def peel_strength(line_load: float, temperature: float, dwell: float, bond: Bond) -> float:
    """Peel strength [N/m]: G_inf (1 - exp(-q/q_0)) f_T f_t f_pr.

    Line load q [N/m]; film temperature [K], f_T logistic in (T - T_m)/dT; dwell in the nip [s], f_t = 1 -
    exp(-t/tau_d); f_pr 1 on primed foil, 0.1 to 0.3 on bare foil.
    """
    warm = 1.0 / (1.0 + math.exp(-(temperature - bond.temperature) / bond.width))
    pressed = 1.0 - math.exp(-line_load / bond.line_load)
    return bond.full * pressed * warm * (1.0 - math.exp(-dwell / bond.dwell)) * bond.primer


class Elongation(NamedTuple):
    """Elongation of a foil under the coating: strain c_f at the reference pressure [Pa], exponent n (assumed)."""

    strain: float
    pressure: float
    exponent: float


ALUMINIUM = Elongation(0.01, 150e6, 2.0)
"""Aluminium of 10 to 15 um, sigma_y 120 to 200 MPa: about 1 % at a last nip (batterydesign.net); it grows with compaction
(Mayer et al. 2021)."""

COPPER = Elongation(5e-4, 75e6, 2.0)
"""Copper of 6 to 8 um, sigma_y 250 to 350 MPa, under an anode, whose pressures are half: about none (batterydesign.net)."""


def foil_strain(peak: float, strain: float, reference: float, exponent: float) -> float:
    """Elongation of the foil under the coating: c_f (p_max / p_ref)^n; about 1 % for aluminium, near 0 for
    copper.
    """
    return float(strain * (peak / reference) ** exponent)


def corrugation(strain: float, bare: float, transition: float) -> float:
    """Corrugation index e_f w_bare / w_edge of the uncoated margin: strain, width of the margin and of the
    transition [m].
    """
    return strain * bare / transition


def foil_areal_mass(thickness: float, density: float) -> float:
    """Areal mass of the foil [kg/m2], which every areal-mass gauge behind the lamination reads with the
    coating.
    """
    return thickness * density
