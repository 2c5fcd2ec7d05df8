"""Lower bounds of a line from its true disturbances, where its gauges stand and how fast it runs. No controller is asked.

What reaches the areal mass of a starved nip behind a surge hopper: noise of the metering (common to the width, white by the
second), the distribution (static profile, and segments that change over seconds), granules, and the speeds of the rolls at the
moment at which the film is taken over, which nobody foresees. Feeder noise ends as composition; air costs the same at a steady
speed; foil is no coating and only misleads the scanner. Everything left out here (lots that the weighing corrects, drift of the
gauges) would raise the figures by less than a tenth, so they stay lower bounds.

Delays: line metres from the powder nip (the last film nip for its elongation) to the gauge, and one tick from reading to acting.
Lags of actuators that a controller can lead are not counted, nor are limits. The control covers the places as far as the trims
of the distribution and the mean reach them: what is left of a field d with prediction d^ = E[d | readings] is

    cov(d - Pi d^) = P + (I - Pi) (D - P) (I - Pi)',   Pi = G G^+,

with P the prediction covariance, D that of the open loop.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dryline.bounds.case import FOOTPRINT, SECOND, Case, distances, paths_of, speed_noise
from dryline.bounds.cross_direction import limited_remainders, two_cosines, uncontrollable
from dryline.bounds.filtering import Remainder
from dryline.bounds.gap import gap_bounds
from dryline.bounds.granules import granule_floor
from dryline.bounds.result import Bounds, Coating, Means, Source, Split
from dryline.bounds.seen import left_of
from dryline.line.disturbances import Disturbances
from dryline.line.schema import Line
from dryline.line.setup import SetUp
from dryline.line.tags import flooded_side, segments_of
from dryline.materials.recipe import Recipe
from dryline.process.distribution import ALONG, lane_interpolation

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Places:
    """Where the coating is judged: `of_segments` (place, segment), what no trim reaches (place, place), and static profiles
    (mixture, place), as they come and as the trims leave them.
    """

    of_segments: Array
    outside: Array
    static: Array
    static_left: Array


def bounds_of(
    line: Line, recipe: Recipe, setup: SetUp, disturbances: Disturbances, means: Means | None = None,
    footprint: tuple[float, float] = FOOTPRINT,
) -> Bounds:  # fmt: skip
    """Bounds of a line at its operating point under a disturbance set, with the line gauges as the only information unless
    `means` says otherwise. Sides are alike; where their gauges stand at different distances, the shorter one counts.

    footprint : along and across the web [m], on which the coating is judged.

    Raises ValueError for flooded powder nips: their areal mass follows the powder's friction, which changes by lots.
    """
    flooded = [side for side in line.sides if flooded_side(line, side)]
    if flooded:
        raise ValueError(
            f"the powder nip of side {flooded[0]} is flooded: bounds are known for metered nips only, give it feed: starved"
        )
    case = Case(line, recipe, setup, disturbances, means or Means(), footprint)
    places = _places(case)
    _, _, film_nip = paths_of(case)
    profile = left_of(case, 0.0)
    mean = left_of(case, film_nip) if case.means.elongation else profile
    whole = _coating(case, places, mean.mean, profile.mean, "+".join(line.sides))
    coatings = [whole]
    if mean.difference is not None and profile.difference is not None:
        both = (_sum(mean.mean, mean.difference), _sum(profile.mean, profile.difference))
        coatings = [*(_coating(case, places, *both, side) for side in line.sides), whole]
    return Bounds(
        line.name, recipe.name, setup.speed, case.means, footprint, tuple(coatings), gap_bounds(line, setup, disturbances),
        _sources(case, places),
    )  # fmt: skip


def _places(case: Case) -> Places:
    """Footprints side by side in the kept width, how segments and trims reach them."""
    web, row = case.line.web, case.disturbances.distribution
    count = max(round(web.film_width / row.segment_width), 1)
    n = max(int(web.kept_width / case.footprint[1] + 1e-9), 1)
    centres = 0.5 * web.film_width + (np.arange(n, dtype=np.float64) - 0.5 * (n - 1)) * case.footprint[1]
    # the least of both sides; the mean over the width is moved by the metering, as far as it takes
    side = min(case.line.sides, key=lambda one: segments_of(case.line, one))
    trims = segments_of(case.line, side)
    reach = next(m.segment_range for m in case.line.of_kind("metering") if m.side == side)
    # trims without a range are none
    response = np.column_stack([_interpolated(trims if reach > 0.0 else 0, web.film_width, centres), np.ones(n)])
    limit = np.append(np.full(response.shape[1] - 1, reach), np.inf)
    static = two_cosines(centres / web.film_width, row.static_peak_to_peak)
    left = limited_remainders(response, static, -limit, limit)
    return Places(_interpolated(count, web.film_width, centres), uncontrollable(response), static, left)


def _interpolated(count: int, width: float, centres: Array) -> Array:
    """Values of segments as places take them (place, segment)."""
    return lane_interpolation((np.arange(count) + 0.5) * width / count, centres)


def _sum(a: Remainder, b: Remainder) -> Remainder:
    """Remainder of the sum of two independent courses; the sources of the first."""
    return Remainder(a.names, np.array([a.covariance + b.covariance]), a.open_loop + b.open_loop)


def _coating(case: Case, places: Places, mean: Remainder, profile: Remainder, side: str) -> Coating:
    """Bound and open loop of one side or of all."""
    M = places.of_segments
    sides = len(case.line.sides) if side == "+".join(case.line.sides) else 1
    granules = _granules(case) / math.sqrt(sides)
    open_loop = M @ profile.open_loop @ M.T
    predicted = M @ profile.covariance @ M.T
    left = predicted + places.outside @ (open_loop - predicted) @ places.outside.T
    static, static_left = _profile(places.static, sides), _profile(places.static_left, sides)
    speeds = speed_noise(case, sides) ** 2
    md = float((M @ mean.covariance @ M.T).mean()) + speeds
    return Coating(
        side,
        Split(math.sqrt(md), _residual(left), static_left, granules),
        Split(math.sqrt(float(open_loop.mean()) + speeds), _residual(open_loop), static, granules),
        *distances(case),
    )


def _profile(fields: Array, sides: int) -> float:
    """Standard deviation of profiles (mixture, place) about their mean, in the mean of so many sides."""
    return math.sqrt(float((fields - fields.mean(axis=1, keepdims=True)).var()) / sides)


def _residual(covariance: Array) -> float:
    """Standard deviation of what differs from the mean over the width."""
    return math.sqrt(max(float(np.diag(covariance).mean() - covariance.mean()), 0.0))


def _granules(case: Case) -> float:
    """Shot noise of one side on the footprint; the web has stretched what was laid down."""
    powder, factor = case.recipe.powder, case.disturbances.granules.factor
    stretch = case.setup.metering_rate / case.line.web.film_width / case.recipe.loading
    along, across = case.footprint
    return granule_floor(
        case.recipe.loading, powder.granule_d50, powder.granule_density, factor, along, across, ALONG * stretch
    )


def _sources(case: Case, places: Places) -> tuple[Source, ...]:
    """The covariance in words."""
    d, speed, powder = case.disturbances, case.setup.speed, case.recipe.powder
    row, line_lag = d.distribution, case.line.nips[-1].drive_lag
    foil = sum(one.thickness * one.density for one in case.line.of_kind("foil_unwinder")) / case.coating
    found = [
        Source("metering, a side", d.metering.white, f"white samples every {speed * SECOND:.3g} m, linear between", "all alike"),
        Source(
            "segments, a side", row.segment_sigma, f"first order, {row.segment_time * speed:.3g} m",
            f"{1e3 * row.segment_width:.0f} mm, correlated over {1e3 * row.segment_correlation:.0f} mm, mean taken out",
        ),
        Source(
            "static profile, a side", _profile(places.static, 1), "constant",
            f"two lowest cosines, {100.0 * row.static_peak_to_peak:.3g} % peak to peak",
        ),
        Source("speeds, a side", speed_noise(case, 1), f"white by the tick, {1e3 * line_lag:.0f} ms behind", "all alike"),
        Source("granules, a side", _granules(case), "white in place", f"{1e6 * powder.granule_d50:.0f} um"),
    ]  # fmt: skip
    if foil > 0.0 and case.means.gauge != "line":
        wander = f"first order, {d.foil.correlation:.3g} m"
        found.append(Source("foil, at the scanner", d.foil.thickness * foil, wander, "all alike"))
    return tuple(found)
