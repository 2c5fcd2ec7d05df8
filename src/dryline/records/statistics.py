"""Quality statistics of web made in production: how the variance splits, and how it stands against the
tolerance.

Total variance = CD (of the profile averaged over length) + MD (of the averages over the width) + residual
(the rest), after Lu et al., IEEE Trans. Control Syst. Technol. 2017, appendix A. Means are weighted by the
length of a metre row and the width of a lane; with such product weights the three parts add up exactly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Spread:
    """Mean and variance parts of a field of n metres by L lanes, in the unit of the field (squared)."""

    mean: float
    variance_md: float
    variance_cd: float
    variance_residual: float
    profile: Floats
    """(L,) mean over length."""
    course: Floats
    """(n,) mean over width."""

    @property
    def variance_total(self) -> float:
        """MD + CD + residual."""
        return self.variance_md + self.variance_cd + self.variance_residual


def spread(field: Floats, lengths: Floats, widths: Floats) -> Spread:
    """Split the variance of a (n, L) field, weighted by row lengths (n,) [m] and lane widths (L,) [m].

    Needs at least one row, and numbers only.
    """
    along = lengths / lengths.sum()
    across = widths / widths.sum()
    course = field @ across
    profile = along @ field
    mean = float(along @ course)
    md = float(along @ (course - mean) ** 2)
    cd = float(((profile - mean) ** 2) @ across)
    rest = field - course[:, None] - profile[None, :] + mean
    residual = float(along @ (rest**2 @ across))
    return Spread(mean, md, cd, residual, profile, course)


def cpk(mean: float, sigma: float, low: float, high: float) -> float | None:
    """Capability index min(high - mean, mean - low) / (3 sigma); None where nothing varies."""
    return min(high - mean, mean - low) / (3.0 * sigma) if sigma > 0.0 else None


@dataclass(frozen=True)
class Quality:
    """One quality figure of a run against its target and tolerance; sigmas in per cent of the target."""

    unit: str
    target: float
    low: float
    high: float
    mean: float
    sigma_md_pct: float
    sigma_cd_pct: float
    sigma_residual_pct: float
    sigma_total_pct: float
    peak_to_peak_cd_pct: float
    cp: float | None
    cpk: float | None


def quality(spread_: Spread, unit: str, target: float, tolerance: float) -> Quality:
    """Judge a spread against target +- tolerance (both in the unit of the field)."""
    sigma = math.sqrt(spread_.variance_total)
    low, high = target - tolerance, target + tolerance
    percent = 100.0 / target
    return Quality(
        unit=unit,
        target=target,
        low=low,
        high=high,
        mean=spread_.mean,
        sigma_md_pct=percent * math.sqrt(spread_.variance_md),
        sigma_cd_pct=percent * math.sqrt(spread_.variance_cd),
        sigma_residual_pct=percent * math.sqrt(spread_.variance_residual),
        sigma_total_pct=percent * sigma,
        peak_to_peak_cd_pct=percent * float(np.ptp(spread_.profile)),
        cp=tolerance / (3.0 * sigma) if sigma > 0.0 else None,
        cpk=cpk(spread_.mean, sigma, low, high),
    )
