"""Thermal growth of rolls and the time it takes.

Source: linear expansion and the first eigenvalue of a solid cylinder (2.405^2 = 5.78), textbook.
"""

from __future__ import annotations

from dryline.kernel import exp, law

EXPANSION = 11.5e-6
"""Thermal expansion of roll steel [1/K] (textbook)."""

DIFFUSIVITY = 1.2e-5
"""Thermal diffusivity of roll steel [m2/s] (textbook)."""


def growth(diameter: float, change: float) -> float:
    """Gap [m] taken by the growth of both rolls at fixed centres: alpha D dT; subtract it from the gap.

    diameter [m]; change of the mean temperature of both rolls against nominal [K]. 9.2 um/K at D 0.8 m.
    """
    return EXPANSION * diameter * change


def time_constant(diameter: float) -> float:
    """Time constant [s] of the mean temperature of a solid roll: R^2 / (5.78 a_th); drilled rolls: about 200
    s.
    """
    return (0.5 * diameter) ** 2 / (5.78 * DIFFUSIVITY)


@law
def approach(value: float, target: float, dt: float, tau: float) -> float:
    """First-order approach of a value to its target after dt [s] with time constant tau [s] (exact for any
    dt).
    """
    return target + (value - target) * exp(-dt / tau)
