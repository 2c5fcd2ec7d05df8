"""The full stack: weighed flow and delay line along the web, a filter a segment across it, and the gap loops.

Areal mass of a side is known when it is laid (`mass_flow`), corrected by what the gauges say of that very web (`delay_line`,
`machine_direction`) and made right by the speed of its film nips where the next nip takes the film over; the metering takes the
slow part. The distributor cancels what is expected of each segment (`cross_profile`). Thickness is left to the gap loops, and a
side with a hopper bed to the monitor, which moves the gap of its bed nip.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil, hypot, nan, sqrt
from typing import Any, NamedTuple

import numpy as np

from dryline.control.active_limit import across_limit, along_limit, left_after
from dryline.control.alignment import REACH, ways_for
from dryline.control.cross_profile import (
    ACROSS,
    ACROSS_SIDE,
    ACROSS_STATE,
    P_FF,
    P_SS,
    ROW_PITCH,
    AcrossParameters,
    across,
    across_maps,
)
from dryline.control.delay_line import cells_for
from dryline.control.estimates import smoothed
from dryline.control.events import LoopStatus
from dryline.control.gap_loops import GapLoops
from dryline.control.machine_direction import ALONG, ERRORS, PITCH, SIDE, SIDE_STATE, AlongParameters, along
from dryline.control.modes import Loop, Place
from dryline.control.parameters import Parameters
from dryline.control.plan import Plan
from dryline.control.quality import Array, Measured, QualityController, References, Sight
from dryline.control.rows import Rows, rows_of
from dryline.control.stack_plan import StackPlan
from dryline.kernel import from_python

TICK_METRES = 1.0
"""Web that a delay line holds beyond its last reader [m]."""
smooth = from_python(smoothed)


class Tuning(NamedTuple):
    """Shared figures of the loop along the web that stand in the line file."""

    closed_loop_length: float
    feed_forward: bool
    line_gauges: bool
    areal_mass: float
    scanner_noise: float
    piece_error: float
    piece_time: float


class StackState(NamedTuple):
    """Rows of the sides along (`SIDE_STATE`) and across the web (`ACROSS_STATE`); delay lines of the film (side, laid or seen,
    cell), of the drawn web (side, cell) and of the trims (side, cell, segment); errors and covariance of the filter along the
    web; sums of differences by way to the gauge (side, 2, way); errors of the segments (side, segment, part); trims [1] (side,
    segment); smoothed coating [kg/m2] and last place of the scanner [m]; gap loops; the monitor, where a side has a hopper bed;
    whether the filter along the web is deaf to the scanner (its loop in manual).
    """

    sides: Rows
    profiles: Rows
    film: Array
    web: Array
    trim_line: Array
    errors: Array
    covariance: Array
    sums: Array
    segments: Array
    trims: Array
    coating: float
    position: float
    seen: bool
    gaps: Rows
    monitor: Any
    deaf: bool = False


class FullStack:
    """The full stack of a line."""

    def __init__(
        self, plan: Plan, parameters: Parameters, stack: StackPlan, pixels: int, segments: int, *,
        closed_loop_length: float = 10.0, feed_forward: bool = True, line_gauges: bool = True,
        beds: QualityController[Any] | None = None, along_web: AlongParameters | None = None,
        across_web: AcrossParameters | None = None,
    ) -> None:  # fmt: skip
        """Stack for the nominal figures `plan` and `stack`, with `pixels` of a line gauge and `segments` of a distributor over
        the film; `beds` controls the sides with a hopper bed, if there are any.
        """
        p, a, c = parameters, along_web or AlongParameters(), across_web or AcrossParameters()
        self._plan, self._p, self._stack, self._line_gauges, self._a = plan, p, stack, line_gauges, a
        piece = (a.piece_error, a.piece_time) if feed_forward else (a.metering_noise, a.metering_time)
        foil = a.foil_noise * stack.foil / stack.areal_mass
        tuning = Tuning(closed_loop_length, feed_forward, line_gauges, stack.areal_mass, hypot(a.spot_noise, foil), *piece)
        self._shared = rows_of(ALONG, (tuning, a))
        self._sides = rows_of(SIDE, *((side,) for side in stack.sides))
        unforeseen = 0.0 if feed_forward or line_gauges else a.metering_noise / sqrt(len(stack.sides))
        spot = replace(c, spot_noise=hypot(c.spot_noise, foil, unforeseen))
        self._across = rows_of(ACROSS, (spot, stack, tuning))
        self._across_sides = rows_of(ACROSS_SIDE, *((side, own) for side, own in zip(stack.sides, plan.profiles, strict=True)))
        self._maps = across_maps(plan.profiles[0], pixels, segments, c.stiffness)
        self._gaps = GapLoops(plan, p)
        self._monitor = beds
        self._beds = np.array([side.flooded for side in stack.sides])
        self._factor = np.maximum(stack.side_of_nip, 0)
        self._fixed = stack.side_of_nip < 0
        self._blind = np.full((len(stack.sides), plan.profiles[0].to_segments.shape[1]), nan)
        film = max(max(side.to_gauge, side.to_draw) for side in stack.sides) + TICK_METRES
        web = max(side.to_scanner for side in stack.sides) + TICK_METRES
        far = max(side.to_draw + side.to_scanner * side.ratio for side in stack.sides) + TICK_METRES
        far, film, web = ((1.0 + REACH) * one for one in (far, film, web))
        self._cells = cells_for(film, PITCH), cells_for(web, PITCH), cells_for(far, ROW_PITCH)
        self._ways = ways_for(max(side.to_gauge for side in stack.sides), PITCH)
        self._error = a.mass_error if feed_forward else a.metering_error, a.gauge_error, piece[0]
        self._segment = c.static_error, c.fading_error

    def start(self) -> tuple[StackState, References]:
        """No trim, nothing seen: the set-up."""
        count, segments = len(self._sides), self._maps.trims.shape[1]
        sides, profiles = np.zeros(count, SIDE_STATE), np.zeros(count, ACROSS_STATE)
        film, web, rows = self._cells
        sides["marked"] = ceil(max(film * PITCH, rows * ROW_PITCH)) - film * PITCH
        sides["place"], sides["drawn"] = ceil(max(film * PITCH, rows * ROW_PITCH)), web * PITCH
        for name in ("trim", "metered", "told", "led", "laid", "ratio", "asked", "way"):
            sides[name] = 1.0
        for name in ("flow", "measured"):
            sides[name] = nan
        sides["held"], profiles["held"] = True, True
        filtered = np.zeros((count, segments, 5))
        filtered[..., P_SS], filtered[..., P_FF] = self._segment[0] ** 2, self._segment[1] ** 2
        gaps, nips = self._gaps.start()
        monitor, references = (None, None) if self._monitor is None else self._monitor.start()
        known = np.tile(np.square(self._error), count) * np.repeat(~self._beds, ERRORS)  # what a bed lays is not weighed
        state = StackState(
            sides, profiles, np.stack([np.ones((count, film)), np.zeros((count, film))], axis=1), np.ones((count, web)),
            np.zeros((count, rows, segments)), np.zeros(ERRORS * count),
            np.diag(known), np.zeros((count, 2, self._ways)), filtered,
            np.zeros((count, segments)), nan, nan, False, gaps, monitor,
        )  # fmt: skip
        beds = () if references is None else references.bed_gaps
        return state, References(np.ones(count), beds, state.trims, nips, np.ones(len(self._fixed)))

    def step(self, last: StackState, sight: Sight) -> tuple[StackState, References, Measured]:
        """Advance by one tick."""
        count, p = len(self._sides), self._p
        sides, profiles = np.empty(count, SIDE_STATE), np.empty(count, ACROSS_STATE)
        film, web, line = last.film.copy(), last.web.copy(), last.trim_line.copy()
        x, P, sums = last.errors.copy(), last.covariance.copy(), last.sums.copy()
        segments, trims = last.segments.copy(), last.trims.copy()
        metres = sight.metres if sight.moving else 0.0
        expected = along(
            self._shared, self._sides, last.sides, sides, film, web, x, P, sums, sight.profiles,
            nan if last.deaf else sight.coating, sight.flows, sight.nip_speeds, metres, p.tick,
        )  # fmt: skip
        profile = sight.profiles if self._line_gauges else self._blind
        spot = sight.coating / (max(expected, 0.1) * self._stack.areal_mass)
        across(
            self._across, self._across_sides, self._maps, last.profiles, profiles, sides, last.sides, line, segments, trims,
            profile, spot, 0.5 * (sight.position + last.position), p.tick,
        )  # fmt: skip
        gaps, nips, thickness = self._gaps.step(last.gaps, sight)
        seen = metres > 0.0 and abs(sight.coating / self._stack.areal_mass - 1.0) <= p.scanner.plausible
        coating = float(smooth(last.coating, sight.coating, metres, p.scanner.smoothing)) if seen else last.coating
        rates, monitor = sides["led"].copy(), last.monitor
        beds: tuple[float, ...] = ()
        areal = sides["measured"].tolist()
        if self._monitor is not None:
            monitor, references, told = self._monitor.step(last.monitor, sight)
            rates[self._beds], beds = references.rates[self._beds], references.bed_gaps
            areal = [b if bed else a for a, b, bed in zip(areal, told.areal, self._beds, strict=True)]
        ratios = sides["asked"][self._factor]
        ratios[self._fixed] = 1.0
        state = StackState(
            sides, profiles, film, web, line, x, P, sums, segments, trims, coating, sight.position, seen, gaps, monitor,
            last.deaf,
        )
        references = References(rates, beds, trims, nips, ratios)
        return state, references, Measured(areal, coating if seen else nan, thickness)

    def loops(self) -> tuple[Loop, ...]:
        """Areal mass of each side, scanner, profile of each side, and those of the gaps."""
        plan, a, shared = self._plan, self._a, self._shared[0]
        length, sees = float(shared["closed_loop_length"]), "weighed flow, " if shared["feed_forward"] else ""
        gauges, pixels = ("line gauge, scanner", "pixels of the line gauge") if self._line_gauges else ("scanner", "its boxes")
        path = plan.gauge_paths[-1]
        scanner = Loop(
            "areal mass by scanner", "auto", "coating under the scanner", "kg/m2", "estimate of both sides", "1", 0.0, 0.0,
            self._stack.areal_mass, path, 0.0, None, Place(("deaf",)), None,
        )  # fmt: skip
        beds = {} if self._monitor is None else {loop.name: loop.under("monitor") for loop in self._monitor.loops()}
        found: list[Loop] = []
        for k, side in enumerate(plan.areal):
            name, reach = f"areal mass {side.side}", a.trim_range * side.rate
            moves = "metering, speed of film nips" if (self._stack.side_of_nip == k).any() else "metering"
            found.append(
                beds[name] if self._beds[k] else Loop(
                    name, "auto", sees + gauges, "kg/m2", moves, "kg/m",
                    side.rate - reach, side.rate + reach, side.target / side.rate, side.path if self._line_gauges else path,
                    side.lag, length, Place(("sides",), k, "manual"), Place(("sides",), k, "trim"), scale=side.rate,
                    sampling=self._p.areal.sampling,
                )
            )  # fmt: skip
        found.append(scanner)
        shows = float(np.median(self._maps.spread[:, 1] - self._maps.level))
        for k, (side, own) in enumerate(zip(plan.areal, plan.profiles, strict=True)):
            found.append(
                Loop(
                    f"profile {side.side}", "auto", pixels, "1", "distributor segments", "1", -own.limit, own.limit, shows,
                    own.path if self._line_gauges else path, 0.0, None, Place(("profiles",), k, "manual"),
                    Place(("trims",), k), nearest=own.nearest,
                )
            )  # fmt: skip
        return (*found, *(loop.under("gaps") for loop in self._gaps.loops()))

    def statuses(self, state: StackState) -> list[LoopStatus]:
        """Areal mass and profile of each side, scanner, and thickness, tilt and bending of each gauge."""
        plan, loops, found, sides = self._plan, self.loops(), [], len(self._sides)
        beds = [] if self._monitor is None else self._monitor.statuses(state.monitor)
        piece, piece_time = self._error[2], float(self._shared[0]["piece_time"])
        for k, (side, loop, row) in enumerate(zip(self._stack.sides, loops, state.sides, strict=False)):
            if self._beds[k]:
                found += [status for status in beds if status.name == loop.name]
                continue
            blind = side.to_gauge - (side.to_draw if side.ratio_low < side.ratio_high else 0.0)
            left = left_after(max(row["way"] * blind, 0.0), row["speed"], piece_time)
            own = slice(ERRORS * k, ERRORS * (k + 1))
            bound = along_limit(state.covariance[own, own], piece, left)
            found.append(loop.status(state, side.target, row["measured"], row["held"], row["limited"], bound))
        found.append(loops[sides].status(state, self._stack.areal_mass, state.coating, not state.seen, False))
        fading, fading_time = self._segment[1], float(self._across[0]["fading_time"])
        for k, (own_plan, row) in enumerate(zip(plan.profiles, state.profiles, strict=True)):
            ways = state.sides[k]
            left = left_after(ways["way"] * own_plan.path * self._stack.sides[k].ratio, ways["speed"], fading_time)
            bound = across_limit(state.segments[k], fading, left)
            found.append(loops[sides + 1 + k].status(state, 0.0, row["spread"], row["held"], row["limited"], bound))
        return found + self._gaps.statuses(state.gaps)
