"""Wound rolls: radius and inertia from the web on them, out-of-round, and the torque that holds the tension.

Radius from the web left, R^2 = R_c^2 + h L / pi; inertia rises with R^4. An out-of-round roll gives web unevenly, once a
turn. On an unwinder the web drives the roll against a brake, on a winder a motor drives the roll against the web.

Sources: textbook of web handling, also for the hyperbolic taper of winding; that out-of-round rolls need terms of their
own: Branca, Pagilla and Reid, J. Dyn. Sys. Meas. Control 135 (2013). Validity: the web leaves the roll at its mean radius
(the wander of the take-off point is left out), no slip between layers.
"""

from __future__ import annotations

import math

from dryline.kernel import from_python, law


@law
def roll_radius(length: float, thickness: float, core: float) -> float:
    """Radius [m] of a roll with a web of a length and thickness [m] on a core of a radius [m]: sqrt(R_c^2 + h L/pi)."""
    return math.sqrt(core * core + max(length, 0.0) * thickness / math.pi)


web_radius = from_python(roll_radius)
"""`roll_radius` for calls from Python."""


def web_length(radius: float, thickness: float, core: float) -> float:
    """Length of web [m] on a roll of a radius on a core [m]: pi (R^2 - R_c^2) / h."""
    return math.pi * (radius**2 - core**2) / thickness


def taper_tension(radius: float, core: float, start: float, taper: float) -> float:
    """Winding tension [same unit as start] at a roll radius [m]: F_0 (1 - t (1 - R_c/R)).

    start F_0 at the core radius R_c [m]; taper t 0 (constant tension) to 1 (constant torque), usually 0.2 to 0.5: less
    tension outside keeps the inner layers from starring.
    """
    return start * (1.0 - taper * (1.0 - core / radius))


@law
def roll_inertia(radius: float, core: float, density: float, width: float, core_inertia: float) -> float:
    """Moment of inertia [kg m2]: J_c + pi/2 rho W (R^4 - R_c^4); radii, width [m], density of the wound web [kg/m3]."""
    return core_inertia + 0.5 * math.pi * density * width * (radius**4 - core**4)


@law
def out_of_round(angle: float, share: float) -> float:
    """Web speed over that of the round roll: 1 + e sin(angle); share e of the radius, angle of the roll [rad].

    Usual rolls 0.1 to 1 % (assumed 0.3 %); lift or bumps of a stored roll enter the same way.
    """
    return 1.0 + share * math.sin(angle)


@law
def roll_acceleration(
    tension: float, radius: float, torque: float, drag: float, turning: float, inertia: float
) -> float:
    """Angular acceleration [rad/s2] of an unwinding roll: (F R - M - b omega) / J.

    web tension F [N, whole width]; torque M of the brake [N m] (negative where a motor pushes); drag b of the bearings [N m
    s]; turning omega [rad/s]; inertia [kg m2]. What is left out, that J shrinks while the roll turns, is rho h v^2 of the
    tension per width: 0.03 of 100 N/m for foil at 1 m/s. For a winder put M = -M_motor and -F.
    """
    return (tension * radius - torque - drag * turning) / inertia


@law
def holding_torque(
    tension: float, radius: float, drag: float, turning: float, inertia: float, acceleration: float
) -> float:
    """Brake torque [N m] with which an unwinding roll keeps a tension [N, whole width] on a speed ramp.

    M = F R - b omega - J a / R; acceleration a of the web [m/s2]. A drive that knows the radius and the inertia wrongly
    errs by their share: feed-forward only, a dancer or load cell trims it.
    """
    return tension * radius - drag * turning - inertia * acceleration / radius
