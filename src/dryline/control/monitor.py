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
from dryline.control.gap_loops import GapLoops
from dryline.control.parameters import Parameters
from dryline.control.plan import Plan
from dryline.control.profile import ProfileState, profile_maps, profile_step, start_profiles, unfilled_profiles
from dryline.control.quality import Array, Measured, References, Sight
from dryline.control.rows import Rows, row_status, rows_of
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

    def statuses(self, state: MonitorState) -> list[LoopStatus]:
        """Areal mass and profile of each side, scanner trim, and thickness, tilt and bending of each gauge."""
        p, plan, found = self._p, self._plan, []
        scanner = state.scanner[0]
        for side, areal in zip(plan.areal, state.areal, strict=True):
            target, rate = side.target * (1.0 + scanner.trim), side.rate * (1.0 + areal["trim"])
            mode = mode_of(p.areal.gain_factor, "cascade")
            found.append(row_status(f"areal mass {side.side}", mode, target, areal, "measured", rate, "kg/m"))
        mode = mode_of(p.scanner.gain_factor)
        found.append(row_status("areal mass by scanner", mode, self._areal_mass, scanner, "coating", scanner.trim, "1"))
        mode, profiles = mode_of(p.profile.gain_factor), state.profiles
        for k, side in enumerate(plan.areal):
            spread, most = float(profiles.error[k].std()), float(abs(profiles.trims[k]).max())
            flags = bool(profiles.rows["held"][k]), bool(profiles.rows["limited"][k])
            found.append(LoopStatus(f"profile {side.side}", mode, 0.0, spread, most, "1", *flags))
        return found + self._gaps.statuses(state.gaps)
