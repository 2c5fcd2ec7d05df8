"""Electrode properties that a cell maker accepts or rejects, from the state of the film.

Sources: percolation and tortuosity forms textbook; that carbon and binder raise tortuosity 1.35 to 1.81 times:
Usseglio-Viretta et al. (2018); all constants assumed unless a source is named. Plain functions for set-up, records and
studies; numbers or arrays, SI units.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np


def areal_capacity(areal_mass: Any, active: float, capacity: float) -> Any:
    """Areal capacity [A s/m2] of one side: m x_AM q_AM; areal mass [kg/m2], mass fraction, capacity [A s/kg].

    36e3 A s/m2 is 1 mAh/cm2.
    """
    return areal_mass * active * capacity


def tensile_strengths(isotropic: Any, a: float, alignment: Any) -> tuple[Any, Any]:
    """Tensile strength along and across the machine [Pa]: sigma (1 + a a_o) and sigma (1 - a a_o).

    strength of an unaligned film [Pa]; constant a 0 to below 1 (assumed 0.5); alignment a_o 0 to 1. Their ratio is
    (1 + a a_o) / (1 - a a_o), across 0.3 to 0.7 of along (textbook).
    """
    return isotropic * (1.0 + a * alignment), isotropic * (1.0 - a * alignment)


class Percolation(NamedTuple):
    """Electronic resistivity of the coating (assumed).

    scale rho_c0 [ohm m] and exponent t over the threshold phi_c of the carbon's volume fraction; gain c and line load q_r
    [N/m] of calendering, which usually lowers resistivity 2 to 10 times; cracked: rise per cracked share.
    """

    scale: float = 2e-4
    exponent: float = 1.8
    threshold: float = 0.01
    gain: float = 4.0
    line_load: float = 150e3
    cracked: float = 1.0


def resistivity(carbon: Any, line_load: Any, cracked: Any, p: Percolation) -> Any:
    """Electronic resistivity [ohm m]: rho_c0 (phi - phi_c)^-t (1 + c exp(-q/q_r)) (1 + k f_cr).

    volume fraction phi of carbon in the coating; line load of the last nip [N/m]; cracked share f_cr of the active
    material. Infinite at and below the percolation threshold. Falls with pressing to a minimum and rises on cracking.
    """
    above = np.maximum(np.asarray(carbon) - p.threshold, 0.0)
    with np.errstate(divide="ignore"):
        network = p.scale * above**-p.exponent
    return network * (1.0 + p.gain * np.exp(-np.asarray(line_load) / p.line_load)) * (1.0 + p.cracked * np.asarray(cracked))


class Pores(NamedTuple):
    """Tortuosity of the pore space, gamma eps^-alpha, and the factor of carbon and binder on it.

    alpha 0.5 to 0.7 NMC, 0.5 to 0.8 LFP, 0.8 to 1.5 graphite (textbook); carbon and binder 1.35 to 1.81 (Usseglio-Viretta
    et al. 2018).
    """

    gamma: float = 1.0
    alpha: float = 0.5
    binder: float = 1.5


NMC_PORES = Pores(alpha=0.6)
LFP_PORES = Pores(alpha=0.65)
GRAPHITE_PORES = Pores(alpha=1.15)


def tortuosity(porosity: Any, p: Pores) -> Any:
    """Tortuosity of the pores tau_el: binder gamma eps^-alpha."""
    return p.binder * p.gamma * np.asarray(porosity) ** -p.alpha


def macmullin(porosity: Any, p: Pores) -> Any:
    """MacMullin number N_M = tau_el / eps: resistivity of the soaked pores over that of the electrolyte."""
    return tortuosity(porosity, p) / np.asarray(porosity)


class Cracking(NamedTuple):
    """Cracking of the active material: pressure p_cr [Pa], 250 to 500 MPa for polycrystalline NMC, and exponent (assumed)."""

    pressure: float = 375e6
    exponent: float = 3.0


def cracked_share(peak: Any, c: Cracking) -> Any:
    """Share of cracked active material f_cr after a peak pressure [Pa]: 1 - exp(-(p/p_cr)^k)."""
    return -np.expm1(-((np.asarray(peak) / c.pressure) ** c.exponent))


class SulfideConduction(NamedTuple):
    """Ionic conduction of a pressed sulfide (assumed): cold-pressed value [S/m] at a relative density, and its exponent.

    1 to 6 mS/cm cold-pressed (textbook); membranes of at least 3 mS/cm are claimed (US20250260126A1).
    """

    cold_pressed: float = 0.4
    density: float = 0.85
    exponent: float = 3.0


def sulfide_conductivity(density: Any, left: Any, s: SulfideConduction) -> Any:
    """Ionic conductivity [S/m]: sigma_cp (D/D_cp)^n times what moisture has left; relative density D, `left` 0 to 1."""
    return s.cold_pressed * (np.asarray(density) / s.density) ** s.exponent * left


class Moisture(NamedTuple):
    """Degradation of sulfide by water: rate k_s [kg/m2/s] at a mole fraction of one, order n (assumed).

    Such that powder of 5 m2/g loses 2 % in an hour at a dew point of -50 degC.
    """

    rate: float = 2.9e-5
    order: float = 1.0


def conductivity_left(water: float, surface: float, time: float, m: Moisture) -> float:
    """Share of the conductivity left after a time [s] in gas of a mole fraction of water: exp(-k_s y^n A_s t).

    specific surface A_s [m2/kg]. Source: first-order loss; only that conductivity falls with exposure is sure (textbook).
    """
    return float(np.exp(-m.rate * water**m.order * surface * time))


class Interface(NamedTuple):
    """Resistance between coating and foil [ohm m2]: where bonded and where not (assumed; 0.1 to 10 ohm cm2)."""

    bonded: float = 1e-5
    bare: float = 1e-3


def interface_resistance(bond: Any, i: Interface) -> Any:
    """Interface resistance [ohm m2]: bonded share s and bare foil side by side, 1/R = s/R_bonded + (1 - s)/R_bare.

    bond: peel strength over the largest possible, G_p / G_inf, 0 to 1. Below 0.5 ohm cm2 = 5e-5 ohm m2 is wanted.
    """
    return 1.0 / (np.asarray(bond) / i.bonded + (1.0 - np.asarray(bond)) / i.bare)
