"""Feeding as one cascade: the level of the surge hopper asks for a total flow, the ratio shares it out, the feeders give it.

The master (active material) feeds its share of the total; the others follow its measured flow, so that composition
survives a feeder that lags. All of it is one kernel over the rows of the feeders.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan, nan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dryline.control.estimates import handed_over, smoothed
from dryline.control.feeders import FEEDER_STATE, feeder_step, start_feeders
from dryline.control.rows import Record, Rows
from dryline.kernel import kernel, law, record

Array = NDArray[np.float64]
_f, _i, _b = np.float64, np.int64, np.bool_


@dataclass(frozen=True)
class LevelParameters:
    """Tuning of the level loop of the surge hopper (assumed): averaging control, the hopper is there to give
    way.

    `time` [s] in which a level error is worked off, `integral_time` [s] (4 times that, SIMC for an
    integrating plant); `range_share` [1] of the rated flow the integral may add; `flow_max` [1] of the rated
    flow; `flow_time` [s] smoothing of the metered flow that is fed forward; `total_hand_over` [s] in which a total that was
    in manual goes over to what is wanted.
    """

    time: float = 300.0
    integral_time: float = 1200.0
    range_share: float = 0.1
    flow_max: float = 1.2
    flow_time: float = 10.0
    total_hand_over: float = 60.0


@dataclass(frozen=True)
class RecyclePlan:
    """Regrind: share of the total feed [1], level of the silo below which it falls and at which it is nothing [1],
    time in which it may change as a whole [s] (assumed).
    """

    share: float
    level_low: float
    level_min: float
    ramp: float = 600.0


@dataclass(frozen=True)
class HopperPlan:
    """Surge hopper: level set point [1], capacity [kg], flow at rated production [kg/s], and whether the last feeder gives
    regrind; where level and silo are read.
    """

    set_point: float
    capacity: float
    rated: float
    recycles: bool
    level_at: int
    silo_at: int


FEED = record(  # level loop and ratio: plan and tuning
    ("set_point", _f),
    ("capacity", _f),
    ("rated", _f),
    ("time", _f),
    ("integral_time", _f),
    ("range_share", _f),
    ("flow_max", _f),
    ("flow_time", _f),
    ("total_hand_over", _f),
    ("master_time", _f),
    ("recycles", _b),
    ("share", _f),
    ("level_low", _f),
    ("level_min", _f),
    ("ramp", _f),
    ("level_at", _i),  # place of the level [1] in the readings
    ("silo_at", _i),  # of the level of the regrind silo
)

FEED_STATE = record(
    ("integral", _f),  # integral part of the level loop [kg/s]
    ("metered", _f),  # smoothed metered flow [kg/s]
    ("level", _f),  # last level [1]
    ("total", _f),  # total flow asked for [kg/s]
    ("master", _f),  # smoothed measured flow of the master [kg/s]
    ("share", _f),  # share of regrind [1]
    ("handing", _f),  # time until the total is handed over [s]
    ("held", _b),
    ("limited", _b),
    ("manual", _b),  # the total is left as it is
)


@law
def level_step(p: Record, last: Record, now: Record, level: float, metered: float, dt: float) -> None:
    """Total flow [kg/s] = metered flow + capacity (set point - level)/time + integral, within 0..flow_max *
    rated.
    """
    missing = isnan(level)
    now.metered = smoothed(last.metered, metered, dt, p.flow_time)
    taken = 0.0 if isnan(now.metered) else now.metered
    error = 0.0 if missing else p.set_point - level
    wanted = taken + p.capacity * error / p.time + last.integral
    total = min(max(wanted, 0.0), p.flow_max * p.rated)
    integral = last.integral
    if total == wanted and not last.manual and last.handing <= 0.0:
        bound = p.range_share * p.rated
        integral = min(max(integral + p.capacity * error * dt / (p.time * p.integral_time), -bound), bound)
    now.integral, now.total, now.limited, now.manual = integral, total, total != wanted, last.manual
    now.handing = p.total_hand_over if last.manual else max(last.handing - dt, 0.0)
    if last.manual:
        now.total, now.limited = last.total, False
    elif last.handing > 0.0:
        now.total = handed_over(last.total, total, dt, last.handing)
    now.level = last.level if missing else level
    now.held = missing


@law
def recycle_share(p: Record, last: float, level: float, dt: float) -> float:
    """Share of the total feed that is regrind, for the level of the silo.

    The share falls in a straight line between the two levels, so that it settles where as much is drawn as
    comes back; it moves no faster than the ramp, and without a level it stays.
    """
    if isnan(level):
        return 0.0 if isnan(last) else last
    wanted: float = p.share * min(max((level - p.level_min) / (p.level_low - p.level_min), 0.0), 1.0)
    step = p.share * dt / p.ramp
    return wanted if isnan(last) else min(max(wanted, last - step), last + step)


@law
def share_out(
    p: Record, feeders: Rows, last: Record, now: Record, master_flow: float, flows: Rows, silo: float, dt: float
) -> None:
    """Flow asked of each feeder (`wanted` of `flows`) [kg/s]: the master (first row) gives `total` times its share, the
    others follow.

    They follow the master's measured flow (`master_flow` [kg/s], smoothed), so that a screw at its limit or a
    lag does not change the composition. With regrind (last row) the virgin components share what it leaves
    to them, each by the recipe, and it follows the master too; `silo` is the level of its silo.
    """
    virgin = len(feeders) - 1 if p.recycles else len(feeders)
    now.share = recycle_share(p, last.share, silo, dt) if p.recycles else 0.0
    now.master = smoothed(last.master, master_flow, dt, p.master_time)
    rated = 0.0
    for k in range(virgin):
        rated += feeders[k].flow
        flows[k].wanted = feeders[k].flow / feeders[0].flow * now.master
    if p.recycles:
        flows[virgin].wanted = now.share / (1.0 - now.share) * rated / feeders[0].flow * now.master
    flows[0].wanted = (1.0 - now.share) * now.total * feeders[0].flow / rated


@kernel
def _feed(
    p: Rows, feeders: Rows, last: Rows, now: Rows, last_feeders: Rows, now_feeders: Rows, readings: Array,
    metering_at: NDArray[np.intp], feeding: bool, dt: float,
) -> None:  # fmt: skip
    """Level, ratio and every feeder; screws stand where nothing is fed."""
    total = now[0]
    if feeding:
        metered = 0.0
        for place in metering_at:
            metered += readings[place]
        level_step(p[0], last[0], total, readings[p[0].level_at], metered, dt)
        silo = readings[p[0].silo_at] if p[0].silo_at >= 0 else nan
        share_out(p[0], feeders, last[0], total, last_feeders[0].flow, now_feeders, silo, dt)
    else:
        total.integral, total.metered, total.level = last[0].integral, last[0].metered, last[0].level
        total.master, total.share, total.limited = last[0].master, last[0].share, last[0].limited
        total.manual, total.handing = last[0].manual, last[0].handing
        total.total, total.held = last[0].total if last[0].manual else 0.0, True
        for k in range(len(feeders)):
            now_feeders[k].wanted = 0.0
    for k in range(len(feeders)):
        feeder = feeders[k]
        weight, screw = readings[feeder.weight_at], readings[feeder.screw_at]
        refilling = readings[feeder.refilling_at] > 0.5
        feeder_step(feeder, last_feeders[k], now_feeders[k], now_feeders[k].wanted, weight, screw, refilling, dt)


class FeedingPlan(NamedTuple):
    """Rows of the level loop with the ratio (`FEED`, one) and of the feeders (`FEEDER`), and where the metered flows are
    read.
    """

    total: Rows
    feeders: Rows
    metering_at: NDArray[np.intp]


class FeedingState(NamedTuple):
    """Rows of the level loop with the ratio (`FEED_STATE`, one) and of the feeders (`FEEDER_STATE`)."""

    total: Rows
    feeders: Rows


def start_feeding(feeders: int) -> FeedingState:
    """Nothing asked for, nothing seen."""
    total = np.zeros(1, FEED_STATE)
    for name in ("metered", "level", "master", "share"):
        total[name] = nan
    total["held"] = True
    return FeedingState(total, start_feeders(feeders))


def feeding_step(plan: FeedingPlan, state: FeedingState, readings: Array, feeding: bool, dt: float) -> FeedingState:
    """Advance level, ratio and every feeder by a tick of believed `readings` (missing: not a number).

    feeding : False where the state of the line feeds nothing: the screws stand.
    """
    total, feeders = np.empty(1, FEED_STATE), np.empty(len(plan.feeders), FEEDER_STATE)
    _feed(plan.total, plan.feeders, state.total, total, state.feeders, feeders, readings, plan.metering_at, feeding, dt)
    return FeedingState(total, feeders)
