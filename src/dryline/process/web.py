"""Film as a web: its strength, when it breaks, and how it warms on a roll.

Sources: strength law and hazard with constants of the recipe (assumed; 0.2 to 2 MPa along the machine for 2
to 3 wt% PTFE); heating by number of transfer units, textbook.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def anisotropy(a: float, alignment: float, along: bool = True) -> float:
    """Factor g of the strength along or across the machine; along / across = (1 + a a_o) / (1 - a a_o)."""
    return 1.0 + a * alignment if along else 1.0 - a * alignment


def film_strength(
    fibril: Any,
    density: Any,
    ptfe_volume: float,
    k_t: float,
    n: float,
    l: float,
    floor: float,
    g: float = 1.0,
) -> Any:
    """Tensile strength [Pa] of a film: max(sigma_0, k_t phi_P^n f_F (1 - eps)^l g).

    fibril f_F and density 1 - eps: numbers or arrays; ptfe_volume phi_P fraction of the solid; k_t [Pa];
    floor sigma_0 [Pa]; g of `anisotropy`. Validity: f_F from fibrillation; the floor belongs to pressed
    sulfide films only.
    """
    return np.maximum(floor, k_t * ptfe_volume**n * fibril * density**l * g)


def break_tension(strength: Any, thickness: Any) -> Any:
    """Tension per width [N/m] at which the film breaks: strength [Pa] times thickness [m]."""
    return strength * thickness


def break_hazard(tension: float, strength: float, at_strength: float, exponent: float) -> float:
    """Breaks per time [unit of at_strength] of a span: lambda_0 (F/F_break)^k; tensions [N/m], k 5 to 10."""
    return float(at_strength * (max(tension, 0.0) / strength) ** exponent)


def transfer_units(conductance: float, contact: float, areal_mass: float, c_p: float) -> float:
    """Number of transfer units of a film on a roll: h_c t / (m c_p).

    conductance [W/m2/K], 5e2 to 5e3 on a wrap and 5e3 to 5e4 in a nip (assumed); contact time [s]; areal mass
    [kg/m2]; c_p [J/kg/K].
    """
    return conductance * contact / (areal_mass * c_p)


def warmed(temperature: float, roll: float, units: float) -> float:
    """Temperature [K] of a film behind a contact of a number of transfer units: T_r + (T - T_r) exp(-NTU)."""
    return roll + (temperature - roll) * math.exp(-units)
