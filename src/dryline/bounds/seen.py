"""What the gauges of a line leave by segment, for the mean of its sides and for half their difference.

Line gauges see each side, a scanner sees the sum of both and the foil. The sides are independent and alike, so mean and half
difference are independent too: the scanner tells of the mean only, and a side is the sum of both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from dryline.bounds.case import FOIL, METERING, Case, paths_of, spreads_of
from dryline.bounds.components import Spread, Wandering
from dryline.bounds.filtering import Remainder
from dryline.bounds.two_dimensional import LineGauge, Scanner, Weighed, gauges_bound, line_gauge_bound, zig_zag
from dryline.line.tags import TICK


@dataclass(frozen=True)
class Left:
    """What is left by segment in the mean of the sides and in half their difference (none on a line of one side)."""

    mean: Remainder
    difference: Remainder | None


def left_of(case: Case, start: float) -> Left:
    """What is left by segment when the actuator stands `start` line metres behind the powder nip."""
    two = len(case.line.sides) > 1
    if case.means.gauge == "line":
        mean = _by_line_gauge(case, start)
        return Left(mean, mean if two else None)
    if case.footprint[0] > case.setup.speed * TICK:
        raise ValueError(
            f"a footprint of {case.footprint[0]:g} m along the web is longer than what passes a scanner in a tick; "
            f"judge it by the line gauges, or on at most {case.setup.speed * TICK:g} m"
        )
    mean = _by_scanner(case, start)
    if not two:
        return Left(mean, None)
    if case.means.gauge == "both":
        return Left(mean, _by_line_gauge(case, start))
    return Left(mean, gauges_bound(spreads_of(case), case.setup.speed * TICK, [], _weighed(case, TICK, start)))


def _weighed(case: Case, sample: float, start: float) -> Weighed | None:
    """Flow of the metering as it is weighed: a tick before it is acted upon, less the way from the powder nip to the actuator."""
    ticks = round(TICK / sample) - _samples(start, case.setup.speed * sample)
    return Weighed(METERING, max(ticks, 0)) if case.means.scale else None


def _line_noise(case: Case, sample: float) -> float:
    """Noise of the mean of a segment's pixels in a sample [s], of both sides' gauges in their mean."""
    gauge, areal = case.line.of_kind("film_gauge")[0], case.disturbances.areal_gauge
    pixels = max(case.disturbances.distribution.segment_width / gauge.pixel, 1.0)
    return areal.noise * math.sqrt(areal.box / sample / pixels / len(case.line.sides))


def _by_line_gauge(case: Case, start: float) -> Remainder:
    """Line gauge of a side, or the mean of both; a delay between whole samples lies between their remainders."""
    pitch = case.setup.speed * TICK
    spreads, noise, weighed = spreads_of(case), _line_noise(case, TICK), _weighed(case, TICK, start)
    whole = _samples(paths_of(case)[0] - start, pitch) + 1
    window = max(round(case.footprint[0] / pitch), 1)
    share = min(max((paths_of(case)[0] - start) / pitch + 1.0 - whole, 0.0), 1.0)
    sooner, later = (
        line_gauge_bound(spreads, pitch, LineGauge(noise, delay), weighed, window) for delay in (whole, whole + 1)
    )
    return Remainder(sooner.names, (1.0 - share) * sooner.parts + share * later.parts, sooner.open_loop)


def _by_scanner(case: Case, start: float) -> Remainder:
    """Scanner over coating and foil, with the line gauges where they are used too; the foil is a place of its own."""
    d, web, scanner = case.disturbances, case.line.web, case.line.of_kind("scanner")[0]
    box = d.areal_gauge.box
    pitch = case.setup.speed * box
    count = max(round(web.film_width / d.distribution.segment_width), 1)
    foil = sum(one.thickness * one.density for one in case.line.of_kind("foil_unwinder")) / case.coating
    spreads = [Spread(one.component, np.vstack([one.pattern, np.zeros(one.pattern.shape[1])])) for one in spreads_of(case)]
    if foil > 0.0:
        wander = Wandering(FOIL, d.foil.thickness * foil, d.foil.correlation)
        spreads.append(Spread(wander, np.eye(count + 1)[:, -1:]))
    reach = 0.5 * (web.kept_width - scanner.spot)
    weights = zig_zag(count, web.film_width, reach, scanner.scan_speed, scanner.turn_round, scanner.spot, box)
    weights = np.column_stack([weights, weights.any(axis=1)])
    line_gauge, path, _ = paths_of(case)
    tick = round(TICK / box)
    gauges: list[LineGauge | Scanner] = [
        Scanner(d.areal_gauge.noise * (1.0 + foil), _samples(path - start, pitch) + tick, weights)
    ]
    if case.means.gauge == "both":
        films = np.arange(count + 1) < count
        gauges.append(LineGauge(_line_noise(case, box), _samples(line_gauge - start, pitch) + tick, films))
    left = gauges_bound(spreads, pitch, gauges, _weighed(case, box, start))
    return Remainder(left.names, left.parts[:, :count, :count], left.open_loop[:count, :count])


def _samples(path: float, pitch: float) -> int:
    """Whole samples in a path; the rest of a sample is given to the controller."""
    return int(path / pitch + 1e-9)
