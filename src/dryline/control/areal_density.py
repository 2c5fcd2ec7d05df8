"""Areal density in machine direction: one delayed-gauge PI a side, and a slow trim of both sides from the
scanner.

The actuator is the weighed metering of a starved powder nip: areal mass follows metered mass per metre of
roll travel at once (gain 1 in relative terms), but the line gauge sees it a length of web later. The PI is in
velocity form; its integral advances per metre of web, so a change of speed leaves the tuning right and a
standstill holds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from dryline.control.estimates import integral_gain, moved, smoothed


@dataclass(frozen=True)
class ArealParameters:
    """Tuning of the areal-density loop of a side.

    `gain_factor` multiplies the SIMC gain (0 = open loop; baselines run at 0.5, 1 and 2); `closed_loop` is
    the desired closed-loop time over the delay (SIMC: 1); `trim_range` [1] bounds the relative metering trim,
    `trim_rate` [1/s] its speed; below `speed_min` [m/s] the loop holds; a reading more than `plausible` [1]
    off target is not believed; `sampling` [s] is the time between a move and the first reading that can show
    it (two ticks). Assumed unless noted.
    """

    gain_factor: float = 1.0
    closed_loop: float = 1.0
    trim_range: float = 0.08
    trim_rate: float = 0.01
    speed_min: float = 2.0 / 60.0
    plausible: float = 0.3
    sampling: float = 0.2


@dataclass(frozen=True)
class HopperBed:
    """Hopper bed of a flooded nip: loaded gap of the set-up and thickness h_alpha of what the rolls draw in [m], and the
    range of the gap.

    The gap decides the areal mass, dm/m = dS / h_alpha; the metering only keeps the `level` of the bed, with a relative
    rate of `gain` per level. A degree of wall friction moves the areal mass by 11-13 %, so the trim and what is believed
    reach far. Assumed.
    """

    gap: float
    bed: float
    gap_low: float
    gap_high: float
    level: float = 0.7
    gain: float = 1.0
    trim_range: float = 0.5
    plausible: float = 0.7

    def gap_at(self, trim: float) -> float:
        """Gap reference [m] for a relative trim of the areal mass [1]."""
        return min(max(self.gap + trim * self.bed, self.gap_low), self.gap_high)

    def rate_factor(self, level: float | None) -> float:
        """Metering rate over that of the set-up for a level of the bed [1]; 1 where it is not read."""
        return 1.0 if level is None else max(1.0 + self.gain * (self.level - level), 0.0)


@dataclass(frozen=True)
class ArealSide:
    """What the loop of a side has to know: nominal figures only.

    `path` [m of line travel] from powder nip to line gauge, `lag` [s] of the metering, `rate` [kg/m] set-up
    metering rate, `target` [kg/m2] areal mass at the gauge at set-up; `hopper_bed` of a flooded nip, whose gap takes the
    trim in place of the metering.
    """

    side: str
    path: float
    lag: float
    rate: float
    target: float
    hopper_bed: HopperBed | None = None


class ArealState(NamedTuple):
    """Relative metering trim [1], error of the last believed reading [1], last measurement [kg/m2], flags."""

    trim: float = 0.0
    error: float | None = None
    measured: float | None = None
    held: bool = True
    limited: bool = False


def areal_step(
    p: ArealParameters,
    side: ArealSide,
    state: ArealState,
    measured: float | None,
    target_factor: float,
    speed: float,
    dt: float,
) -> ArealState:
    """Advance the PI of a side by one tick.

    du = K_c de + K_i e dx with K_i = 1/((1 + c) L_eff) per metre, K_c = lag v K_i, L_eff = path + (lag +
    sampling) v.

    Parameters
    ----------
    measured : float or None
        Mean over the kept pixels of the line gauge [kg/m2]; None holds the loop.
    target_factor : float
        Scanner trim of the target [1].
    speed : float
        Measured line speed [m/s].
    dt : float
        Tick [s].
    """
    target = side.target * target_factor
    bed = side.hopper_bed
    plausible, reach = (p.plausible, p.trim_range) if bed is None else (bed.plausible, bed.trim_range)
    if measured is None or speed < p.speed_min or abs(measured / target - 1.0) > plausible:
        return ArealState(state.trim, None, measured, True, False)
    error = 1.0 - measured / target
    gain = p.gain_factor * integral_gain(side.path + (side.lag + p.sampling) * speed, p.closed_loop)
    change = 0.0 if state.error is None else error - state.error
    wanted = state.trim + gain * (error * speed * dt + change * side.lag * speed)
    trim, limited = moved(state.trim, wanted, p.trim_rate * dt, -reach, reach)
    return ArealState(trim, error, measured, False, limited)


@dataclass(frozen=True)
class ScannerParameters:
    """Tuning of the scanner trim.

    `smoothing` [m] covers several traverses (3 to 5 m each at 60 to 80 m/min); `closed_loop_length` [m] is
    far longer than the side loops, which act in between; `trim_range` [1] is what gauge drift, foil and draw
    can explain. Assumed unless noted.
    """

    gain_factor: float = 1.0
    smoothing: float = 20.0
    closed_loop_length: float = 100.0
    trim_range: float = 0.01
    plausible: float = 0.2


class ScannerState(NamedTuple):
    """Trim of both sides' gauge targets [1], smoothed coating [kg/m2], whether this tick saw it, flags."""

    trim: float = 0.0
    coating: float | None = None
    seen: bool = False
    held: bool = True
    limited: bool = False


def scanner_step(
    p: ScannerParameters,
    state: ScannerState,
    coating: float | None,
    target: float,
    metres: float,
    settled: bool,
) -> ScannerState:
    """Advance the scanner trim by `metres` of web: d(trim) = (1 - coating/target) dx / closed_loop_length.

    Parameters
    ----------
    coating : float or None
        Mean of this tick's boxes within the kept width less nominal foil [kg/m2]; None holds.
    target : float
        Areal mass of both sides [kg/m2].
    settled : bool
        False while the side loops still work off a start: the trim waits.
    """
    if coating is None or metres <= 0.0 or abs(coating / target - 1.0) > p.plausible:
        return ScannerState(state.trim, state.coating, False, True, False)
    mean = smoothed(state.coating, coating, metres, p.smoothing)
    if mean is None or not settled:
        return ScannerState(state.trim, mean, True, True, False)
    wanted = state.trim + p.gain_factor * (1.0 - mean / target) * metres / p.closed_loop_length
    trim, limited = moved(state.trim, wanted, p.trim_range, -p.trim_range, p.trim_range)
    return ScannerState(trim, mean, True, False, limited)
