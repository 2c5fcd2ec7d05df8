"""Hydraulic cylinder of a gap axis: oil as a spring, and the resonance that its servo must stay below.

    k_oil = beta_e A_p^2 / V_0,   f_n = sqrt((k_oil + k_L) / m) / 2 pi,   zeta = B_p / (2 sqrt((k_oil + k_L) m))

Single-acting cylinder against a constant return pressure, its oil column V_0 = stroke x A_p. Valid for small movements about a
position; entrained air lowers beta_e. Source: Merritt, Hydraulic Control Systems (1967), textbook form; figures of a
rolling-mill servo in Math. Probl. Eng. 2020, 3467213.
"""

from __future__ import annotations

import math


def oil_spring(bulk_modulus: float, area: float, volume: float) -> float:
    """Stiffness k_oil [N/m] of a column of oil: bulk modulus [Pa], piston area [m2], volume [m3]."""
    return bulk_modulus * area * area / volume


def natural_frequency(stiffness: float, mass: float) -> float:
    """Frequency f_n [Hz] of a mass [kg] on a stiffness [N/m], oil and elastic load together."""
    return math.sqrt(stiffness / mass) / (2.0 * math.pi)


def damping_ratio(friction: float, stiffness: float, mass: float) -> float:
    """Damping zeta [1] by viscous friction [N s/m]."""
    return friction / (2.0 * math.sqrt(stiffness * mass))
