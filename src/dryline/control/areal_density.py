"""Areal density in machine direction: one delayed-gauge PI a side, and a slow trim of both sides from the
scanner.

The actuator is the weighed metering of a starved powder nip: areal mass follows metered mass per metre of
roll travel at once (gain 1 in relative terms), but the line gauge sees it a length of web later. The PI is in
velocity form; its integral advances per metre of web, so a change of speed leaves the tuning right and a
standstill holds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan, nan

import numpy as np

from dryline.control.estimates import integral_gain, moved, smoothed
from dryline.control.rows import Record
from dryline.kernel import law, record

_f, _b = np.float64, np.bool_


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


AREAL = record(  # plan and tuning of a side; a hopper bed has its own range and plausibility
    ("path", _f),
    ("lag", _f),
    ("target", _f),
    ("gain_factor", _f),
    ("closed_loop", _f),
    ("trim_range", _f),
    ("trim_rate", _f),
    ("speed_min", _f),
    ("plausible", _f),
    ("sampling", _f),
)

AREAL_STATE = record(
    ("trim", _f),  # relative metering trim [1]
    ("error", _f),  # error of the last believed reading [1]
    ("measured", _f),  # last measurement [kg/m2]
    ("held", _b),
    ("limited", _b),
    ("manual", _b),  # the trim is left as it is
)


@law
def areal_step(
    p: Record, last: Record, now: Record, measured: float, target_factor: float, speed: float, dt: float
) -> None:
    """Advance the PI of a side by one tick.

    du = K_c de + K_i e dx with K_i = 1/((1 + c) L_eff) per metre, K_c = lag v K_i, L_eff = path + (lag +
    sampling) v.

    Parameters
    ----------
    measured : float
        Mean over the kept pixels of the line gauge [kg/m2]; missing holds the loop.
    target_factor : float
        Scanner trim of the target [1].
    speed : float
        Measured line speed [m/s].
    dt : float
        Tick [s].
    """
    error = 1.0 - measured / (p.target * target_factor)
    now.measured, now.manual = measured, last.manual
    if speed >= p.speed_min and abs(error) <= p.plausible:
        gain = p.gain_factor * integral_gain(p.path + (p.lag + p.sampling) * speed, p.closed_loop)
        change = 0.0 if isnan(last.error) else error - last.error
        wanted = last.trim + gain * (error * speed * dt + change * p.lag * speed)
        trim, limited = moved(last.trim, wanted, p.trim_rate * dt, -p.trim_range, p.trim_range)
        if last.manual:
            trim, limited = last.trim, False
        now.trim, now.error, now.held, now.limited = trim, error, False, limited
    else:
        now.trim, now.error, now.held, now.limited = last.trim, nan, True, False


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


@dataclass(frozen=True)
class ScannerPlan:
    """What the scanner trim has to know: areal mass of both sides [kg/m2]."""

    areal_mass: float


SCANNER = record(  # plan and tuning
    ("gain_factor", _f),
    ("smoothing", _f),
    ("closed_loop_length", _f),
    ("trim_range", _f),
    ("plausible", _f),
    ("areal_mass", _f),
)

SCANNER_STATE = record(
    ("trim", _f),  # of both sides' gauge targets [1]
    ("coating", _f),  # smoothed [kg/m2]
    ("seen", _b),  # whether this tick saw it
    ("held", _b),
    ("limited", _b),
    ("manual", _b),
)


@law
def scanner_step(p: Record, last: Record, now: Record, coating: float, metres: float, settled: bool) -> None:
    """Advance the scanner trim by `metres` of web: d(trim) = (1 - coating/target) dx / closed_loop_length.

    Parameters
    ----------
    coating : float
        Mean of this tick's boxes within the kept width less nominal foil [kg/m2]; missing holds.
    settled : bool
        False while the side loops still work off a start: the trim waits.
    """
    seen = metres > 0.0 and abs(coating / p.areal_mass - 1.0) <= p.plausible
    mean = smoothed(last.coating, coating, metres, p.smoothing) if seen else last.coating
    now.trim, now.coating, now.seen, now.held, now.limited = last.trim, mean, seen, True, False
    now.manual = last.manual
    if last.manual:
        now.held = not seen
    elif seen and settled:
        wanted = last.trim + p.gain_factor * (1.0 - mean / p.areal_mass) * metres / p.closed_loop_length
        now.trim, now.limited = moved(last.trim, wanted, p.trim_range, -p.trim_range, p.trim_range)
        now.held = False
