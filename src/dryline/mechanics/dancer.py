"""Dancer: a loaded roller in a loop of web that gives way to tension and stores what two drives do not agree on.

Displacement x of the roller [m], positive where it pays out web::

    x'' + 2 zeta omega x' + omega^2 x = omega^2 x_F        x_F = 2 W (F - F_0) / k

Two strands of web hold it, so a way x gives 2 x of web. Source: second-order oscillator of web handling (textbook), 0.5 to
2 Hz (assumed). Validity: displacement within its stroke; above its frequency a dancer is stiff and passes tension on.
"""

from __future__ import annotations

import math

from dryline.kernel import exp, law


@law
def dancer_push(tension: float, held: float, width: float, stiffness: float) -> float:
    """Displacement [m] to which a tension pulls the dancer at rest: 2 W (F - F_0) / k.

    tension F and the tension F_0 its load holds [N/m]; width [m]; stiffness k of its load [N/m], omega^2 times its mass.
    """
    return 2.0 * width * (tension - held) / stiffness


@law
def dancer_step(x: float, v: float, target: float, omega: float, damping: float, dt: float) -> tuple[float, float]:
    """Displacement [m] and speed [m/s] after dt [s], exact for a held target [m]; damping zeta below 1.

    omega: natural frequency [rad/s].
    """
    own = omega * math.sqrt(1.0 - damping * damping)
    fade = exp(-min(damping * omega * dt, 700.0))
    c, s = math.cos(own * dt), math.sin(own * dt)
    away = x - target
    lead = (v + damping * omega * away) / own
    moved = fade * (away * c + lead * s)
    return target + moved, fade * (v * c - (omega * omega * away + damping * omega * v) / own * s)


@law
def driven_tension(
    held: float, width: float, mass: float, omega: float, damping: float, x: float, v: float, pull: float, give: float
) -> float:  # fmt: skip
    """Tension [N/m] of a loop of stiff web whose dancer must go where the web sends it: x'' = (pull - give F) / 2.

    F = F_0 + m/(2 W) (x'' + 2 zeta omega x' + omega^2 x), solved for F, never below 0. held F_0 [N/m] of the load on the
    dancer, width [m], mass [kg]; pull: acceleration of the web taken over that of the web given at no tension [m/s2]; give:
    how much less it is per tension [m/s2 per N/m], for a roll R^2 W / J. Validity: web far stiffer than the dancer's load.
    """
    share = mass / (4.0 * width)
    return max((held + share * (pull + 2.0 * (2.0 * damping * omega * v + omega * omega * x))) / (1.0 + share * give), 0.0)


@law
def stored_web(x: float) -> float:
    """Web [m] that a dancer has paid out at a displacement [m]: 2 x."""
    return 2.0 * x


@law
def slack_tension(held: float, stiffness: float, length: float, missing: float) -> float:
    """Tension [N/m] of a loop of a length [m] whose drives have taken out `missing` [m] more web than the dancer gave.

    held: tension at none missing [N/m]; stiffness E A of the web [N/m]. Never below 0.
    """
    return max(held + stiffness * missing / length, 0.0)
