"""Speed drives: ramp of the line speed with a rate limit, and the lag of a speed loop."""

from __future__ import annotations

from dryline.kernel import exp, law


@law
def approach(value: float, target: float, most: float) -> float:
    """Move a value towards its target by at most `most` (same unit); used for the line-speed ramp in every step."""
    return value + min(max(target - value, -most), most)


@law
def lag_share(dt: float, lag: float) -> float:
    """Share of the way to its target that a first-order lag [s] goes in a step dt [s]: 1 - exp(-dt/lag)."""
    return 1.0 - exp(-dt / lag)


@law
def geared(speed: float, acceleration: float, lag: float) -> float:
    """Speed [m/s] that a follower drive of a first-order lag [s] is given so that it keeps up with a ramp: v + lag a, >= 0.

    speed [m/s] of the roll it is geared to, acceleration [m/s2] of the line's reference.
    """
    return max(speed + lag * acceleration, 0.0)


TRIM_TIME = 5.0
"""Integral time of the tension trim [s] (assumed)."""
MOST_TRIM = 2e-3
"""Largest trim of a surface speed by its tension loop (assumed)."""


@law
def tension_trim(target: float, tension: float, stiffness: float, dt: float) -> float:
    """Change of the speed trim of a roll in a step dt [s]: integral action on the tension before it [N/m].

    stiffness: film modulus times thickness [N/m], so that the loop closes with TRIM_TIME; removes errors of roll diameters.
    """
    return dt / TRIM_TIME * (target - tension) / stiffness
