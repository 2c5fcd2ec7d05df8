"""Flooded powder nip: the hopper above the rolls presses powder in, and geometry and friction decide the areal mass.

What the rolls draw in is m = rho_alpha (S + R alpha^2): the density at the nip angle times the parabolic gap there. The
nip angle alpha is Johanson's (`forming.nip_angle`), the density that of the bed under its own head, less the air that
the powder carries along. The loaded gap settles where the line load of the virgin curve stretches the mill by S - S_0.

Sources: Janssen, Z. Ver. Dtsch. Ing. 39 (1895) 1045 for the stress in a hopper; Johanson, J. Appl. Mech. 32 (1965) 842 for
the nip angle; the density under a head is the usual power form of bulk solids (textbook, exponent assumed). Validity:
level between its limits, so that the nip neither starves nor overflows; granulate that follows Johanson (assumed).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq

from dryline.kernel import exp, law, log
from dryline.process.compaction import DENSEST, Virgin
from dryline.process.mixing import mean_decay
from dryline.process.thinning import Press, press

GRAVITY = 9.80665
"""Standard acceleration of gravity [m/s2]."""


@law
def janssen_stress(depth: float, bulk: float, diameter: float, friction: float, ratio: float) -> float:
    """Vertical stress [Pa] at a depth [m] below the level: rho_b g D_h/(4 mu k) (1 - exp(-4 mu k z/D_h)).

    bulk density [kg/m3]; hydraulic diameter D_h of the hopper [m], twice the width of a long slot; wall friction
    coefficient mu = tan phi_w; ratio k of lateral to vertical stress, 0.3 to 0.6. Without friction it is rho_b g z.
    """
    return bulk * GRAVITY * depth * mean_decay(4.0 * friction * ratio * depth / diameter)


@law
def head_density(loose: float, stress: float, stress_0: float, exponent: float) -> float:
    """Bulk density [kg/m3] under a stress [Pa]: rho_b0 (1 + sigma/sigma_0)^beta.

    loose bulk density [kg/m3]; sigma_0 0.2 to 3 kPa, beta 0.02 to 0.15 (assumed). Entrained air comes on top, see
    `forming.bed_density`.
    """
    return loose * exp(exponent * log(1.0 + max(stress, 0.0) / stress_0))


@law
def flooded_areal_mass(density: float, gap: float, radius: float, angle: float) -> float:
    """Areal mass [kg/m2] drawn in by a flooded nip: rho_alpha (S + R alpha^2).

    density at the nip angle [kg/m3], loaded gap [m], roll radius [m], nip angle [rad]; per lane where they vary.
    """
    return density * (gap + radius * angle * angle)


class Sensitivity(NamedTuple):
    """Relative change of the areal mass per metre of gap [1/m], per relative change of nip angle and of density."""

    gap: float
    angle: float
    density: float


def areal_mass_sensitivity(gap: float, radius: float, angle: float) -> Sensitivity:
    """Sensitivities of m = rho_alpha (S + R alpha^2): 1/(S + R alpha^2), 2 R alpha^2/(S + R alpha^2) and 1.

    loaded gap, roll radius [m], nip angle [rad].
    """
    drawn = radius * angle**2
    return Sensitivity(1.0 / (gap + drawn), 2.0 * drawn / (gap + drawn), 1.0)


@law
def level_step(level: float, inflow: float, drawn: float, area: float, bulk: float, dt: float) -> float:
    """Level of the bed [m] after dt [s]: A_b rho_b dz/dt = inflow - drawn, >= 0.

    inflow and drawn = m W v [kg/s] held during dt; plan area A_b of the bed [m2] (of a lane: its share); bulk density
    [kg/m3].
    """
    return max(level + (inflow - drawn) * dt / (area * bulk), 0.0)


@law
def spread_level(level: np.ndarray, number: float, room: np.ndarray) -> None:
    """Levels of the lanes [m] after a step of sideways spreading, dz/dt = D_y d2z/dy2, in place.

    number: D_y dt / dy^2, any size; D_y 1e-5 to 1e-3 m2/s (assumed), dy width of a lane. room (lane): space for the
    elimination. Implicit in time, no flow through the ends: keeps the sum and creates no new extreme.
    """
    last = level.size - 1
    room[0] = number / (1.0 + number) if last > 0 else 0.0
    level[0] = level[0] / (1.0 + number) if last > 0 else level[0]
    for l in range(1, level.size):
        own = 1.0 + (2.0 if l < last else 1.0) * number
        pivot = own - number * room[l - 1]
        room[l] = number / pivot
        level[l] = (level[l] + number * level[l - 1]) / pivot
    for back in range(1, level.size):
        l = last - back
        level[l] += room[l] * level[l + 1]


def narrowest_gap(density: float, radius: float, angle: float, true: float, dense: float) -> float:
    """Smallest loaded gap [m] in which a flooded film stays at or below a relative density: rho R alpha^2/(D rho_t - rho).

    density at the nip angle and true density of the mix [kg/m3]; radius [m]; angle [rad]; relative density D in the gap.
    """
    if dense * true <= density:
        raise ValueError(f"powder of {density:g} kg/m3 is denser than the film of {dense * true:g} kg/m3")
    return density * radius * angle**2 / (dense * true - density)


def flooded_press(
    gap: float, density: float, radius: float, angle: float, true: float, compliance: float, v: Virgin
) -> Press:
    """Line load and peak pressure of a flooded nip at a loaded gap [m], pressed from the nip angle on.

    density at the nip angle and true density [kg/m3]; radius [m]; angle [rad]; compliance of the rolls' contact [1/Pa];
    the virgin curve, whose ceiling the power law of rolling theory lacks.
    """
    m = flooded_areal_mass(density, gap, radius, angle)
    return press(gap, m / true, m / density, density / true, radius, compliance, v)


def flooded_gap(
    chock: float, mill: float, width: float, density: float, radius: float, angle: float, true: float,
    compliance: float, v: Virgin,
) -> float:  # fmt: skip
    """Loaded gap [m] to which a flooded nip opens its mill: root of S = S_0 + q(S) W / K_M.

    chock position S_0 at zero load [m], may be negative; mill stiffness K_M with flattening [N/m]; width [m]; the rest as
    for `flooded_press`. The load falls as the gap opens, so there is one root; ValueError where the film cannot hold the rolls
    apart before it is solid.
    """
    least = max(narrowest_gap(density, radius, angle, true, DENSEST), chock)

    def excess(gap: float) -> float:
        return gap - chock - flooded_press(gap, density, radius, angle, true, compliance, v).line_load * width / mill

    if excess(least) > 0.0:
        raise ValueError(f"chocks at {chock:g} m press the film to more than {DENSEST:.1%} of its solid density")
    most = 2.0 * least
    while excess(most) < 0.0:
        most *= 2.0
    return float(brentq(excess, least, most, xtol=1e-12))
