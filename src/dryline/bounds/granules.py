"""Shot noise of single granules on a footprint: white in place, so that no control lowers it.

    sigma / m = f_g sqrt(m_g / (m A)) sqrt(s(a / p))

with the law of `process.forming.granule_scatter` for the first root and s <= 1 for the smearing along the web over a length
p in the bank and the contact of the powder nip (`process.distribution.ALONG`, assumed): mass is linear along the web between
white places p apart, and s is the mean over the footprint's length a of that course against white noise,

    s(L) = (2 / L) int_0^L (L - t) B(t) dt,

B the cubic B-spline; s = 1 - 7/(15 L) for L >= 2 and 2L/3 for small L. Only larger footprints or finer granules help.
"""

from __future__ import annotations

from dryline.process.distribution import ALONG
from dryline.process.forming import granule_scatter


def smeared(length_ratio: float) -> float:
    """Variance of the mean over a length of L smearing lengths, over that of white noise [1].

    Closed form of the integral over both pieces of the B-spline, exact.
    """
    L = length_ratio
    if not L > 0.0:
        raise ValueError(f"a footprint of {L} smearing lengths must be longer than nothing")
    if L <= 1.0:
        return 2.0 * L / 3.0 - L**3 / 6.0 + L**4 / 20.0
    if L >= 2.0:
        return 1.0 - 7.0 / (15.0 * L)
    # beyond 2 nothing is left of B: the difference to the long form is its last piece, (2 - t)^3 / 6, integrated twice
    return 1.0 - 7.0 / (15.0 * L) + (2.0 - L) ** 5 / (60.0 * L)


def granule_floor(
    areal_mass: float, size: float, density: float, factor: float, along: float, across: float, smearing: float = ALONG
) -> float:
    """Relative standard deviation [1] of areal mass [kg/m2] on a footprint along x across [m].

    size [m] and density [kg/m3] of the granules; factor f_g 0.5 to 1; smearing [m] as it stands in this web (the bed's over the
    elongation behind it), 0 for none.
    """
    white = granule_scatter(areal_mass, size, density, along * across, factor)
    return float(white * (smeared(along / smearing) if smearing > 0.0 else 1.0) ** 0.5)
