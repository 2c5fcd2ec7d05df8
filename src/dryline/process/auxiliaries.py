"""Electric power of what serves a line: motors of nips and machines, chiller, compressor.

Values: bearings 25 % of the power that rolls the film and motors of 0.92 (assumed); screw compressor at 7 bar 6.4 to 6.6
kW/(m3/min) of free air (vendor figure); dense-phase conveying 5 to 15 Wh/kg (assumed). Forms textbook.
"""

from __future__ import annotations

from typing import Any


def shaft_power(rolling: Any, shear: Any, bearings: float) -> Any:
    """Shaft power of the drives of a nip [W]: what rolls the film, with the bearings' share of it, and what shears it [W]."""
    return rolling * (1.0 + bearings) + shear


def motor_power(shaft: Any, efficiency: float) -> Any:
    """Electric power of a motor with its drive [W] for a shaft power [W]."""
    return shaft / efficiency


def chiller_power(heat: Any, performance: float) -> Any:
    """Electric power of a chiller [W] that takes away heat [W] at a coefficient of performance; none where there is no heat."""
    return max(heat, 0.0) / performance


def conveying_work(air_per_mass: float, specific_power: float) -> float:
    """Energy of the compressor per mass that its air conveys [J/kg]: free air per mass [m3/kg] times energy per free air
    [J/m3]. 10 Wh/kg for 0.092 m3/kg at 390 kJ/m3.
    """
    return air_per_mass * specific_power
