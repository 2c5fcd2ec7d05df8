"""Sulfide electrolyte in moist air: it loses conductivity and gives off hydrogen sulfide.

dsigma/sigma = -k_s y_w^n A_s dt, with the water mole fraction y_w of the air and the specific surface A_s; the water
that reacts is k_w y_w^n A_s a kilogram and second, and Y of its mass leaves as H2S (1.89 where each molecule of water gives
one of H2S). Form: first order in what is left, textbook; that conductivity falls with exposure to moisture is sure, the
constants are assumed and to be calibrated. Water and H2S are parts per million of the powder, so its mass is left as it is.
"""

from __future__ import annotations

import math

from dryline.kernel import exp, law, log
from dryline.process.fibrillation import GAS_CONSTANT

ATMOSPHERE = 101325.0
"""Standard pressure [Pa]."""

H2S_MOLE = 0.03408
"""Molar mass of hydrogen sulfide [kg/mol]."""


@law
def moisture_action(pressure: float, order: float) -> float:
    """y_w^n of air with a water pressure [Pa] at standard pressure; times k_s A_s it is a rate [1/s]."""
    return exp(order * log(max(pressure, 1e-6) / 101325.0))


@law
def air_step(content: float, source: float, air_change: float, dt: float) -> float:
    """Gas in the hall's air [kg] after dt of dM/dt = source - air_change M, exact; source [kg/s], air change [1/s]."""
    left = exp(-min(air_change * dt, 700.0))
    return content * left + source / air_change * (1.0 - left)


def conductivity_left(exposure: float) -> float:
    """Conductivity over that of fresh electrolyte, exp(-exposure), exposure being the sum of k_s y_w^n A_s dt."""
    return math.exp(-exposure)


def gas_fraction(mass: float, volume: float, T: float) -> float:
    """Mole fraction of H2S of a mass [kg] in a volume of air [m3] at T [K] and standard pressure."""
    return mass / H2S_MOLE / (ATMOSPHERE * volume / (GAS_CONSTANT * T))
