"""What a calender draws: drive of a nip by its force and lever arm, and heat that keeps its rolls hot.

Source: rolling torque of two driven rolls, convection and radiation, textbook; bearings, motors and coefficients are the
caller's. Numbers or arrays; SI units.
"""

from __future__ import annotations

import math

from dryline.process.drying import Figure

RADIATION = 5.670374e-8
"""Stefan-Boltzmann constant [W/(m2 K4)]."""


def nip_drive(force: Figure, lever: Figure, speed: Figure, radius: Figure, bearings: Figure, motor: Figure) -> Figure:
    """Electric power of the two rolls of a nip [W]: 2 F a v/R (1 + bearings)/eta_m.

    Roll force F [N], lever arm a of the force [m], web speed v [m/s], roll radius R [m], bearing losses over the work of the
    nip, motor efficiency eta_m. 34 kW at the rolls for 1 MN, 6 mm, 1 m/s and 0.35 m.
    """
    return 2.0 * force * lever * speed / radius * (1.0 + bearings) / motor


def roll_surface(diameter: Figure, face: Figure) -> Figure:
    """Surface of a roll that loses heat [m2]: shell and both ends; diameter and face width [m]."""
    return math.pi * diameter * (face + 0.5 * diameter)


def surface_loss(area: Figure, roll: Figure, hall: Figure, film: Figure, emissivity: Figure) -> Figure:
    """Heat that a hot surface loses [W]: A (h (T - T_inf) + eps sigma (T^4 - T_inf^4)); temperatures [K], h [W/(m2 K)]."""
    return area * (film * (roll - hall) + emissivity * RADIATION * (roll**4 - hall**4))
