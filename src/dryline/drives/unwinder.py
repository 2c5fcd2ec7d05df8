"""Brake of the foil unwinder as its drive runs it: holds the tension over the radius, the dancer trims it.

Source: feed-forward over radius and inertia with a dancer in a position loop (textbook); bandwidth assumed. The drive
knows radius and inertia from the metres left; what it knows wrongly the dancer takes out.
"""

from __future__ import annotations

import math

from dryline.kernel import law
from dryline.mechanics.wound_roll import holding_torque

BANDWIDTH = 2.0 * math.pi * 0.2
"""Bandwidth of the dancer's position loop [rad/s]: a fifth of the dancer's own frequency (assumed)."""
LOOP_DAMPING = 1.0
"""Damping of the loop (assumed)."""


@law
def brake_torque(
    tension: float, width: float, radius: float, drag: float, turning: float, inertia: float, acceleration: float,
    dancer: float, dancer_speed: float,
) -> float:  # fmt: skip
    """Brake torque [N m] (negative: the drive pushes) for a tension set point [N/m] of a web of a width [m].

    radius [m], drag [N m s], turning [rad/s] and inertia [kg m2] of the roll; acceleration of the line [m/s2]; place [m] and
    speed [m/s] of the dancer, positive where it pays out: two strands, so 2 x of web are to be given back:
    a_roll = a + 2 (2 zeta w x' + w^2 x).
    """
    given_back = 2.0 * (2.0 * LOOP_DAMPING * BANDWIDTH * dancer_speed + BANDWIDTH * BANDWIDTH * dancer)
    return holding_torque(tension * width, radius, drag, turning, inertia, acceleration + given_back)
