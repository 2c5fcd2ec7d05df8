"""The PI monitor: a delayed-gauge PI on the areal mass of each side, a slow trim of both from the scanner, the profile by
the segments, and gap, tilt and bending of the nip in front of each thickness gauge.

The base line against which better control is measured; with gains of zero it is the open loop.
"""

from __future__ import annotations

from math import nan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dryline.control.areal_density import (
    AREAL,
    AREAL_STATE,
    SCANNER,
    SCANNER_STATE,
    ScannerPlan,
    areal_step,
    scanner_step,
)
from dryline.control.events import LoopStatus, mode_of
from dryline.control.gap_loops import GapLoops, closed_gain
from dryline.control.modes import Loop, Place
from dryline.control.parameters import Parameters
from dryline.control.plan import Plan
from dryline.control.profile import ProfileState, profile_maps, profile_step, start_profiles, unfilled_profiles
from dryline.control.quality import Array, Measured, References, Sight
from dryline.control.rows import Rows, rows_of
from dryline.kernel import kernel


class MonitorState(NamedTuple):
    """Rows of the sides (`AREAL_STATE`), of the scanner (one `SCANNER_STATE`) and of the thickness gauges, sides, then
    electrode (`GAP_STATE`); profiles of the sides.
    """

    areal: Rows
    scanner: Rows
    gaps: Rows
    profiles: ProfileState


@kernel
def _tick(
    sides: Rows, scanner: Rows, areal: Rows, scanned: Rows, areal_now: Rows, scanned_now: Rows, profiles: Array, coating: float,
    speed: float, settled: bool, dt: float, rates: Array, measured: Array,
) -> None:  # fmt: skip
    """Advance areal mass and scanner trim; fill their rows, references and measurements."""
    target_factor = 1.0 + scanned[0].trim
    pixels = profiles.shape[1]
    for k in range(len(sides)):
        total = 0.0
        for i in range(pixels):
            total += profiles[k, i]
        areal_step(sides[k], areal[k], areal_now[k], total / pixels, target_factor, speed, dt)
        measured[k] = areal_now[k].measured
        rates[k] = 1.0 + areal_now[k].trim
    scanner_step(scanner[0], scanned[0], scanned_now[0], coating, speed * dt, settled)
    measured[-1] = scanned_now[0].coating if scanned_now[0].seen else nan


@kernel
def _profiles(
    sides: Rows, to_segments: Array, nearest: NDArray[np.intp], areal: Rows, last: Rows, last_total: Array, last_error: Array,
    last_trims: Array, now: Rows, total: Array, error: Array, trims: Array, profiles: Array, metres: float,
) -> None:  # fmt: skip
    """Advance the profile of each side; one is believed where its mean is."""
    total[:], error[:], trims[:] = last_total, last_error, last_trims
    for k in range(len(sides)):
        believed = not areal[k].held
        profile_step(
            sides[k], last[k], now[k], to_segments[k], nearest[k], total[k], error[k], trims[k], profiles[k], believed, metres
        )


class Monitor:
    """The PI monitor of a line."""

    def __init__(self, plan: Plan, parameters: Parameters, areal_mass: float) -> None:
        """Monitor for the nominal figures `plan` and the `areal_mass` of both sides [kg/m2]."""
        p = parameters
        self._plan, self._p, self._areal_mass = plan, p, areal_mass
        self._sides = rows_of(AREAL, *((side.hopper_bed, side, p.areal) for side in plan.areal))
        self._scanner = rows_of(SCANNER, (ScannerPlan(areal_mass), p.scanner))
        self._gaps = GapLoops(plan, p)
        self._maps = profile_maps(p.profile, plan.profiles)
        self._beds = tuple((k, side.hopper_bed) for k, side in enumerate(plan.areal) if side.hopper_bed is not None)

    def start(self) -> tuple[MonitorState, References]:
        """No trim, nothing seen: the set-up."""
        areal, scanner = np.zeros(len(self._sides), AREAL_STATE), np.zeros(1, SCANNER_STATE)
        areal["error"], areal["measured"], areal["held"] = nan, nan, True
        scanner["coating"], scanner["held"] = nan, True
        gaps, nips = self._gaps.start()
        profiles = start_profiles(self._maps)
        state = MonitorState(areal, scanner, gaps, profiles)
        bed_gaps = tuple(bed.gap_at(0.0) for _, bed in self._beds)
        return state, References(np.ones(len(areal)), bed_gaps, profiles.trims, nips)

    def step(self, state: MonitorState, sight: Sight) -> tuple[MonitorState, References, Measured]:
        """Advance by one tick."""
        last_areal, last_scanner, last_gaps, (last_rows, last_total, last_error, last_trims) = state
        sides, p, maps = len(self._sides), self._p, self._maps
        areal, scanner = np.empty(sides, AREAL_STATE), np.empty(1, SCANNER_STATE)
        gaps, nips, thickness = self._gaps.step(last_gaps, sight)
        rates, measured = np.empty(sides), np.empty(sides + 1)
        _tick(
            self._sides, self._scanner, last_areal, last_scanner, areal, scanner, sight.profiles, sight.coating, sight.speed,
            sight.settled, p.tick, rates, measured,
        )  # fmt: skip
        profiles = unfilled_profiles(maps)
        rows, total, error, trims = profiles
        _profiles(
            maps.rows, maps.to_segments, maps.nearest, areal, last_rows, last_total, last_error, last_trims, rows, total, error,
            trims, sight.profiles, sight.metres,
        )  # fmt: skip
        bed_gaps = []
        for k, bed in self._beds:
            bed_gaps.append(bed.gap_at(float(areal["trim"][k])))
            rates[k] *= bed.rate_factor(sight.bed_levels[k])
        *sides_measured, coating = measured.tolist()
        references = References(rates, tuple(bed_gaps), profiles.trims, nips)
        return MonitorState(areal, scanner, gaps, profiles), references, Measured(sides_measured, coating, thickness)

    def loops(self) -> tuple[Loop, ...]:
        """Areal mass of each side, scanner trim, profile of each side, and those of the gaps."""
        p, plan, speed = self._p, self._plan, self._plan.sequence.speed
        found: list[Loop] = []
        for k, side in enumerate(plan.areal):
            bed, name, a = side.hopper_bed, f"areal mass {side.side}", p.areal
            length = 1.0 / (max(a.gain_factor, 1e-9) * closed_gain(side.path + (side.lag + a.sampling) * speed, a.closed_loop))
            places = Place(("areal",), k, "manual"), Place(("areal",), k, "trim")
            what = mode_of(a.gain_factor, "cascade"), "mean of the line gauge", "kg/m2"
            if bed is None:
                reach = a.trim_range * side.rate
                found.append(
                    Loop(
                        name, *what, "metering rate", "kg/m", side.rate - reach, side.rate + reach, side.target / side.rate,
                        side.path, side.lag, length, *places, offset=side.rate, scale=side.rate, sampling=a.sampling,
                    )
                )  # fmt: skip
            else:
                low, high = bed.gap_at(-bed.trim_range), bed.gap_at(bed.trim_range)
                found.append(
                    Loop(
                        name, *what, "gap of the powder nip", "m", low, high, side.target / bed.bed, side.path, side.lag, length,
                        *places, offset=bed.gap, scale=bed.bed, sampling=a.sampling,
                    )
                )  # fmt: skip
        s = p.scanner
        found.append(
            Loop(
                "areal mass by scanner", mode_of(s.gain_factor), "coating under the scanner", "kg/m2", "target of both sides",
                "1", -s.trim_range, s.trim_range, self._areal_mass, plan.gauge_paths[-1], 0.0,
                s.closed_loop_length / max(s.gain_factor, 1e-9), Place(("scanner",), 0, "manual"), Place(("scanner",), 0, "trim"),
            )
        )  # fmt: skip
        for k, (side, own) in enumerate(zip(plan.areal, plan.profiles, strict=True)):
            length = p.profile.delays * (own.path + p.profile.smoothing) / max(p.profile.gain_factor, 1e-9)
            found.append(
                Loop(
                    f"profile {side.side}", mode_of(p.profile.gain_factor), "pixels of the line gauge", "1",
                    "distributor segments", "1", -own.limit, own.limit, 1.0, own.path, 0.0, length,
                    Place(("profiles", "rows"), k, "manual"), Place(("profiles", "trims"), k), nearest=own.nearest,
                )
            )  # fmt: skip
        return (*found, *(loop.under("gaps") for loop in self._gaps.loops()))

    def statuses(self, state: MonitorState) -> list[LoopStatus]:
        """Areal mass and profile of each side, scanner trim, and thickness, tilt and bending of each gauge."""
        plan, scanner, profiles, sides = self._plan, state.scanner[0], state.profiles, len(self._sides)
        loops, found = self.loops(), []
        for side, loop, row in zip(plan.areal, loops, state.areal, strict=False):
            found.append(loop.row_status(state, side.target * (1.0 + scanner.trim), row, "measured"))
        found.append(loops[sides].row_status(state, self._areal_mass, scanner, "coating"))
        for error, loop, row in zip(profiles.error, loops[sides + 1 :], profiles.rows, strict=False):
            found.append(loop.status(state, 0.0, float(error.std()), row["held"], row["limited"]))
        return found + self._gaps.statuses(state.gaps)
