"""Defects of the film: pinholes from PTFE left in lumps, holes, edge cracks, sticking to the rolls.

Rates of rare events, to be drawn as Poisson counts per cell of web. They say which way a defect goes with the state of
the film; all their constants are assumed and belong to the user's own inspection data. The defaults give a well run line
fewer than one defect per 100 m2, the usual specification (assumed).

Validity: independent events, film of one nip. Constants travel as NamedTuples whose fields are the last arguments of the
law, so that ``pinhole_rate(m, x, U, h, *Pinholes())`` reads on one line and a kernel takes numbers.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from dryline.kernel import exp, law, log


class Pinholes(NamedTuple):
    """Lumps of PTFE that make a pinhole (assumed).

    clustered: share of the unfibrillated PTFE that is still in lumps where none is fibrillated; order: how fast it falls
    with that share; median and width: number median [m] and logarithmic standard deviation of the lump size; opening: lump
    size over film thickness from which it leaves a hole; density of PTFE [kg/m3].
    """

    clustered: float = 3e-6
    order: float = 2.0
    median: float = 16e-6
    width: float = 0.4
    opening: float = 1.0
    density: float = 2175.0


@law
def pinhole_rate(
    areal_mass: float, ptfe: float, unfibrillated: float, thickness: float,
    clustered: float, order: float, median: float, width: float, opening: float, density: float,
) -> float:  # fmt: skip
    """Pinholes per area [1/m2]: number of lumps times the share of them that is larger than the film is thick.

    areal mass [kg/m2]; mass fraction of PTFE; unfibrillated share f_U of it; film thickness [m]; the rest `Pinholes`.
    Lumps hold m x f_U c f_U^n of mass; their sizes are log-normal, with the mean mass pi/6 rho d^3 exp(4.5 s^2).
    """
    f = max(unfibrillated, 1e-12)
    lumps = areal_mass * ptfe * f * clustered * exp(order * log(f))
    number = lumps / (math.pi / 6.0 * density * median**3 * exp(4.5 * width * width))
    return number * 0.5 * math.erfc(log(opening * thickness / median) / (width * math.sqrt(2.0)))


THIN = 0.7
"""Areal mass over its mean below which the film has a hole (assumed)."""


@law
def is_hole(areal_mass: float, mean: float, thin: float) -> bool:
    """Whether a place has a hole: its areal mass is below a share `thin` of the mean [same unit]."""
    return areal_mass < thin * mean


@law
def hole_rate(scatter: float, area: float, thin: float) -> float:
    """Holes per area [1/m2] where areal mass scatters normally by a relative deviation on places of an area [m2].

    P(m < thin mean) / area = erfc((1 - thin) / (scatter sqrt 2)) / (2 area); scatter on that same area, e.g. of granules.
    """
    return 0.5 * math.erfc((1.0 - thin) / (max(scatter, 1e-9) * math.sqrt(2.0))) / area


class EdgeCracks(NamedTuple):
    """Cracks of the film edge (assumed).

    at_limit: cracks per metre of edge at the largest elongation; strain: that elongation less one at f_F = 1, to which the
    film's capability is proportional (1.15 at f_F 0.6); exponent of the rise.
    """

    at_limit: float = 0.1
    strain: float = 0.25
    exponent: float = 6.0


@law
def edge_crack_rate(elongation: float, fibril: float, at_limit: float, strain: float, exponent: float) -> float:
    """Cracks per metre of edge behind a nip [1/m]: lambda_c ((lambda_k - 1) / (e_c f_F))^k.

    elongation lambda_k of the nip; load-bearing share f_F of the PTFE; the rest `EdgeCracks`. No elongation, no crack; an
    unfibrillated film cracks wherever it is elongated.
    """
    pulled = max(elongation - 1.0, 0.0)
    share = pulled / (strain * max(fibril, 1e-6))
    return at_limit * exp(exponent * log(max(share, 1e-30)))


class Sticking(NamedTuple):
    """Film on a hot roll (assumed): temperature T_stick [K] from which it sticks, width [K], rate when hot [1/m]."""

    temperature: float = 413.15
    width: float = 5.0
    most: float = 1.0


@law
def sticking_rate(T: float, temperature: float, width: float, most: float) -> float:
    """Places per metre of web where film stays on the roll [1/m]: 0 up to T_stick, then most (1 - exp(-(T - T_stick)/dT)).

    T: temperature of the film at the roll [K]; the rest `Sticking`.
    """
    return most * (1.0 - exp(-min(max(T - temperature, 0.0) / width, 700.0)))


@law
def occurs(rate: float, size: float) -> float:
    """Probability that at least one event of a rate happens on a cell: 1 - exp(-rate size); size [m or m2]."""
    return -math.expm1(-rate * size)
