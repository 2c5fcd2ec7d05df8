"""Heat that the rolls of a nip need: losses to the hall, film and foil that they warm, and their own steel.

    P = m c_p (T_out - T_in) + A [h (T - T_h) + eps sigma (T^4 - T_h^4)] + C_s dT/dt + C_c (T - T_c)/tau_c

The steel is a shell, which follows its set point with the thermal time of the nip as far as the heater's power allows, and a
core that follows the shell with the time of a solid cylinder. Heat that the film brings makes up for losses; more than that
goes to cooling water of the plant, which costs nothing here. Source: heat balance, textbook. Compaction work warms the
film a little more and is not credited.
"""

from __future__ import annotations

import math

from dryline.kernel import law

SIGMA = 5.670374419e-8
"""Stefan-Boltzmann constant [W/(m2 K4)], CODATA 2018."""

STEEL = 7850.0 * 460.0
"""Heat capacity of roll steel [J/(m3 K)] (textbook)."""


def rolls_surface(diameter: float, face: float) -> float:
    """Surface of the two rolls of a nip, shells and end faces [m2]; diameter and face [m]."""
    return 2.0 * math.pi * diameter * (face + 0.5 * diameter)


def rolls_capacity(diameter: float, face: float) -> float:
    """Heat capacity of the steel of the two rolls of a nip [J/K]; diameter and face [m]."""
    return STEEL * 0.5 * math.pi * diameter * diameter * face


@law
def roll_loss(T: float, hall: float, surface: float, h: float, emissivity: float) -> float:
    """Heat that rolls lose to the hall [W]: convection and radiation.

    T of the rolls, hall [K]; surface [m2]; h of convection [W/(m2 K)]; emissivity [1]. Rolls of 110 degC in a hall of 22 degC
    lose 1.6 kW/m2 at 15 W/(m2 K) and 0.35.
    """
    return surface * (h * (T - hall) + emissivity * SIGMA * (T * T * T * T - hall * hall * hall * hall))


@law
def warming(
    T: float, wanted: float, core: float, shell_share: float, core_share: float, shell: float, inner: float, load: float,
    heater: float, dt: float,
) -> tuple[float, float, float]:  # fmt: skip
    """Rise of the shell and of the core in a time dt [K], and the heat that it takes [W].

    T of the shell, its set point and the core [K]; shares of the way to the set point, and of the core to the shell, in dt [1];
    heat capacities of shell and core [J/K]; load: what losses and film take [W]; heater: the most that it gives [W].
    """
    inward = inner * core_share * (T - core)
    rise = shell_share * (wanted - T)
    if rise > 0.0:
        rise = min(rise, max((heater - load) * dt - inward, 0.0) / shell)
    return rise, inward / inner, (shell * rise + inward) / dt


def share_in(dt: float, time: float) -> float:
    """Share of the way that a first-order lag of a time [s] goes in dt [s]: 1 - exp(-dt/tau)."""
    return 1.0 - math.exp(-dt / time)
