"""Feeders: gravimetric loop of each screw with a learnt feed factor that carries it through a refill.

A loss-in-weight feeder delivers feed factor times screw speed. The feed factor is observed from the weight
(an alpha-beta filter, the steady-state Kalman filter of a weight that falls at a slowly changing rate) and
divides the wanted flow, so the observer is the integral action of the loop. Its long-term mean is kept as the
common factor, and what differs from that is learnt against the fill level; during a refill, when the weight
says nothing, the screw follows both.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan, nan

import numpy as np

from dryline.control.estimates import handed_over
from dryline.control.rows import Record, Rows
from dryline.kernel import exp, law, record
from dryline.line.powder_stations import Feeder
from dryline.line.schema import Line

NODES = 9
"""Fill levels 0, 1/8 ... 1 at which the correction of the feed factor is learnt."""

_f, _i, _b = np.float64, np.int64, np.bool_


@dataclass(frozen=True)
class FeederParameters:
    """Tuning of the feeders (assumed unless noted).

    `window_share` [1] time constant of the observer over the weighing window (regression over a window T_w
    has the delay T_w/2 of a filter of T_w/4 twice); `factor_range` [1] and `factor_rate` [1/s] bound the
    observed correction (a bridge of seconds must not drive the screw up); `bump` [1] of the hopper's capacity
    is a jump, not a flow; `learning` [s] of the curve, `common_time` [s] of the common factor; below
    `low_flow` [1] of its rated flow a feeder keeps its feed factor; `master_time` [s] smoothing of the master
    that the others follow; `hand_over` [s] in which a screw that was in manual goes over to the speed that is wanted.
    """

    window_share: float = 0.25
    factor_range: float = 0.3
    factor_rate: float = 0.01
    bump: float = 0.01
    learning: float = 100.0
    common_time: float = 600.0
    low_flow: float = 0.2
    master_time: float = 2.0
    hand_over: float = 20.0


@dataclass(frozen=True)
class FeederPlan:
    """Nominal figures of one feeder.

    `capacity` [kg]; feed factor k(M) = k_max - (k_max - k_min) exp(-M/M_c) [kg/rev]; `speed_max` [rev/s];
    `flow` [kg/s] at rated production; `window` [s] weighing window.
    """

    name: str
    component: str
    capacity: float
    factor_max: float
    factor_min: float
    factor_decay: float
    speed_max: float
    flow: float
    window: float


FEEDER = record(  # plan and tuning of a feeder, and where it is read
    ("capacity", _f),
    ("factor_max", _f),
    ("factor_min", _f),
    ("factor_decay", _f),
    ("speed_max", _f),
    ("flow", _f),
    ("window", _f),
    ("window_share", _f),
    ("factor_range", _f),
    ("factor_rate", _f),
    ("bump", _f),
    ("learning", _f),
    ("common_time", _f),
    ("low_flow", _f),
    ("hand_over", _f),
    ("weight_at", _i),  # place of the hopper content [kg] in the readings
    ("screw_at", _i),  # of the screw speed [rev/s]
    ("refilling_at", _i),  # of whether the hopper is refilled
)

FEEDER_STATE = record(
    ("weight", _f),  # observed hopper content [kg]
    ("factor", _f),  # factor on the learnt curve [1]
    ("common", _f),  # its mean
    ("observed_for", _f),  # time the mean took [s]
    ("curve", _f, (NODES,)),  # nodes of the learnt curve [1]
    ("wanted", _f),  # flow asked for [kg/s]
    ("flow", _f),  # and measured
    ("speed", _f),  # screw speed command [rev/s]
    ("handing", _f),  # time until the screw is handed over [s]
    ("refilling", _b),
    ("held", _b),
    ("limited", _b),
    ("manual", _b),  # the screw speed is left as it is
)


def start_feeders(number: int) -> Rows:
    """Feeders at rest that have seen nothing: the nominal feed factor."""
    found = np.zeros(number, FEEDER_STATE)
    found["weight"] = nan
    for name in ("factor", "common", "curve", "held"):
        found[name] = 1.0
    return found


def in_control_order(line: Line) -> list[Feeder]:
    """Feeders of a line, the master (active material) first and regrind last."""
    return sorted(line.feeders, key=lambda feeder: (feeder.component == "recycle", feeder.component != "active"))


@law
def feeder_step(
    p: Record, last: Record, now: Record, wanted: float, weight: float, screw: float, refilling: bool, dt: float
) -> None:
    """Advance one feeder by a tick.

    Parameters
    ----------
    wanted : float
        Mass flow asked for [kg/s].
    weight, screw : float
        Measured hopper content [kg] and screw speed [rev/s]; missing holds the feed factor.
    refilling : bool
        True while the hopper is refilled: volumetric along the learnt curve.
    """
    turned = (last.speed if isnan(screw) else screw) * dt
    believed = last.weight if isnan(weight) else weight
    if isnan(believed):
        believed = p.capacity
    place = min(max(believed / p.capacity, 0.0), 1.0) * (NODES - 1)
    node = min(int(place), NODES - 2)
    upper = place - node
    low, high = last.curve[node], last.curve[node + 1]
    learnt = low + upper * (high - low)
    nominal = p.factor_max - (p.factor_max - p.factor_min) * exp(-max(believed, 0.0) / p.factor_decay)
    feed = nominal * learnt
    factor, common, observed_for = last.factor, last.common, last.observed_for
    now.curve[:] = last.curve
    delivered = feed * factor
    predicted = last.weight - delivered * turned
    held = True
    if isnan(weight):
        observed = predicted
    elif refilling or last.refilling or isnan(last.weight):
        observed, factor = weight, common
        delivered = feed * factor
    elif abs(weight - predicted) > p.bump * p.capacity:
        observed = weight
    else:
        error = weight - predicted
        kept = exp(-dt / (p.window_share * p.window))
        observed = predicted + (1.0 - kept * kept) * error
        rated = p.flow * dt
        if turned * feed > p.low_flow * rated:
            held = False
            step = p.factor_rate * dt
            change = -((1.0 - kept) * (1.0 - kept)) * error * turned * feed / (rated * rated)
            factor += min(max(change, -step), step)
            factor = min(max(factor, 1.0 - p.factor_range), 1.0 + p.factor_range)
            observed_for = min(observed_for + dt, p.common_time)
            common += (factor - common) * dt / observed_for
            delivered = feed * factor
            gain = dt / p.learning * (factor / common - 1.0)
            low *= 1.0 + gain * (1.0 - upper)
            high *= 1.0 + gain * upper
            now.curve[node], now.curve[node + 1] = low, high
            factor = factor * learnt / (low + upper * (high - low))
    speed = max(wanted, 0.0) / delivered
    now.weight, now.factor, now.common, now.observed_for = observed, factor, common, observed_for
    now.wanted, now.flow, now.speed = wanted, delivered * turned / dt, min(speed, p.speed_max)
    now.refilling, now.held, now.limited, now.manual = refilling, held, speed > p.speed_max, last.manual
    now.handing = p.hand_over if last.manual else max(last.handing - dt, 0.0)
    if last.manual:
        now.speed, now.limited = last.speed, False
    elif last.handing > 0.0:
        now.speed = handed_over(last.speed, now.speed, dt, last.handing)
