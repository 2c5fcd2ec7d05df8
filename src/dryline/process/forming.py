"""Powder nip: the bed in front of the rolls, whether they draw it in, and what its metering decides.

Starved feed: the metering lays m_1 = flow / (W v) on the rolls, the gap decides only the density (for flooded feed see
`flooded`). Source: Johanson's rolling theory (1965) for the nip angle, textbook form; its use for fibrillated
granulate is assumed.
"""

from __future__ import annotations

import math

from scipy.optimize import brentq

from dryline.kernel import law


def metering_rate(areal_mass: float, width: float) -> float:
    """Powder per metre of roll travel [kg/m] for an areal mass on the rolls [kg/m2] over a width [m]."""
    return areal_mass * width


@law
def bed_density(bulk: float, air: float, speed: float) -> float:
    """Density of the bed at the rolls [kg/m3]: bulk (1 - c v), c loss by entrained air [s/m], v roll speed
    [m/s].
    """
    return bulk * (1.0 - air * speed)


def bed_thickness(areal_mass: float, bulk: float) -> float:
    """Thickness h_in [m] of the powder on the rolls: areal mass [kg/m2] over its density [kg/m3]."""
    return areal_mass / bulk


def bite_angle(thickness: float, gap: float, radius: float) -> float:
    """Angle [rad] at which a bed or film of a thickness [m] meets rolls of a radius [m]: sqrt((h_in - S) /
    R).
    """
    return math.sqrt(max(0.0, thickness - gap) / radius)


def nip_angle(wall: float, internal: float, K: float, gap_ratio: float) -> float:
    """Angle alpha [rad] below which the rolls grip the powder: equal gradients of Johanson's slip and nip
    regions.

    Parameters
    ----------
    wall, internal : wall friction angle and effective angle of internal friction [rad], wall < internal <
    pi/2. K : compressibility exponent, pressure ~ density^K. gap_ratio : gap over roll diameter S/D.

    Slip: 4 (pi/2 - theta - nu) tan(delta) / (cot(A - mu) - cot(A + mu)), A = (theta + nu + pi/2)/2,
    mu = pi/4 - delta/2, 2 nu = pi - asin(sin phi / sin delta) - phi. Nip: K (2 cos theta - 1 - S/D)
    tan(theta) / cos(theta).
    Takes tens of microseconds: friction and exponent that change with the lot may be followed once a second.
    """
    if not 0.0 < wall < internal < 0.5 * math.pi:
        raise ValueError(f"friction angles need 0 < wall {wall} < internal {internal} < pi/2")
    nu = 0.5 * (math.pi - math.asin(math.sin(wall) / math.sin(internal)) - wall)
    mu = 0.25 * math.pi - 0.5 * internal

    def excess(theta: float) -> float:
        a = 0.5 * (theta + nu + 0.5 * math.pi)
        spread = 1.0 / math.tan(a - mu) - 1.0 / math.tan(a + mu)
        slip = 4.0 * (0.5 * math.pi - theta - nu) * math.tan(internal) / spread
        nip = K * (2.0 * math.cos(theta) - 1.0 - gap_ratio) * math.tan(theta) / math.cos(theta)
        return slip - nip

    # no stress gradient is left to the slip region beyond pi/2 - nu; the nip region has none at theta = 0
    return float(brentq(excess, 0.0, 0.5 * math.pi - nu - 1e-9, xtol=1e-12))


def granule_scatter(areal_mass: float, size: float, density: float, area: float, factor: float) -> float:
    """Relative standard deviation of areal mass on an area [m2] by single granules: f_g sqrt(m_g / (m A)).

    m_g = pi/6 d^3 rho is the mass of a granule of size [m] and density [kg/m3]; factor f_g 0.5 to 1 (assumed
    0.7: a packed bed is more regular than independent places).
    """
    return factor * math.sqrt(math.pi / 6.0 * size**3 * density / (areal_mass * area))
