"""What `bounds_of` returns: standard deviations by part, for each side and for both together, and the covariance they rest on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from dryline.bounds.gap import GapBound


@dataclass(frozen=True)
class Means:
    """What a controller has to see and to move.

    gauge : the line gauges on the films, the scanner behind lamination, or both; scale : whether the weighed flow of the metering
    is used to foresee its noise; elongation : whether the speed ratio of the last nip before the film gauge trims the mean
    (else only the metering). The profile is trimmed at the distribution in any case.
    """

    gauge: Literal["line", "scanner", "both"] = "line"
    scale: bool = False
    elongation: bool = False


@dataclass(frozen=True)
class Split:
    """Relative standard deviations [1] of machine direction, residual, profile and granules; variances add up to the total."""

    md: float
    residual: float
    cd: float
    granules: float

    @property
    def total(self) -> float:
        """Standard deviation of all parts together."""
        return math.sqrt(self.md**2 + self.residual**2 + self.cd**2 + self.granules**2)


@dataclass(frozen=True)
class Coating:
    """Bound and open loop of the coating of one side ("A", "B") or of both ("A+B"), with the effective gauge distances [m]."""

    side: str
    bound: Split
    open_loop: Split
    distance_md: float
    distance_residual: float


@dataclass(frozen=True)
class Source:
    """A disturbance as it was taken: relative standard deviation, and over which length it is alike along and across [m]."""

    name: str
    sigma: float
    along: str
    across: str


@dataclass(frozen=True)
class Bounds:
    """Lower bounds of a line at its operating point: no controller with these means does better, on average over long webs.

    `coatings`: each side and, on a line of two, both; `gaps`: error of the best estimate of the mean loaded gap by nip;
    `sources`: the covariance that was used.
    """

    line: str
    recipe: str
    speed: float
    means: Means
    footprint: tuple[float, float]
    coatings: tuple[Coating, ...]
    gaps: dict[str, GapBound]
    sources: tuple[Source, ...]

    @property
    def whole(self) -> Coating:
        """The coating that the product is judged by: that of both sides, or of the only one."""
        return self.coatings[-1]

    def describe(self) -> str:
        """The bounds as text: three standard deviations in per cent of the target, gaps in micrometres."""
        seen = {"line": "line gauges", "scanner": "scanner", "both": "line gauges and scanner"}[self.means.gauge]
        moved = "elongation of the last film nip" if self.means.elongation else "metering"
        along, across = (f"{1e3 * length:.0f}" for length in self.footprint)
        rows = [
            f"Lower bounds of {self.line} with {self.recipe} at {60.0 * self.speed:.0f} m/min",
            f"seen by {seen}{' and scale' if self.means.scale else ''}; mean moved by {moved}, profile by the distribution",
            f"3 sigma of the coating on {along} mm x {across} mm [%]",
            "",
            f"{'side':6}{'':11}{'MD':>7}{'residual':>10}{'CD':>7}{'granules':>10}{'total':>8}{'L_eff MD':>11}{'residual':>10}",
        ]
        for one in self.coatings:
            for title, part in (("open loop", one.open_loop), ("bound", one.bound)):
                figures = [300.0 * value for value in (part.md, part.residual, part.cd, part.granules, part.total)]
                lengths = f"{one.distance_md:9.2f} m{one.distance_residual:8.2f} m" if title == "bound" else ""
                rows.append(
                    f"{one.side:6}{title:11}{figures[0]:7.3f}{figures[1]:10.3f}{figures[2]:7.3f}{figures[3]:10.3f}{figures[4]:8.3f}"
                    + lengths
                )
        rows += ["", "Disturbances that the bounds rest on (relative, one standard deviation)"]
        rows += [f"  {one.name:24}{100.0 * one.sigma:8.3f} %   along: {one.along}; across: {one.across}" for one in self.sources]
        rows += ["", "Best estimate of the mean loaded gap"]
        rows += [
            f"  {nip:24}{1e6 * gap.sigma:8.2f} um  {100.0 * gap.share:.2f} % within {1e6 * gap.within:.0f} um"
            for nip, gap in self.gaps.items()
        ]
        return "\n".join(rows)
