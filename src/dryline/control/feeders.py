"""Feeders: gravimetric loop of each screw, learnt feed factor for the refill, ratio to the master, total by
level.

A loss-in-weight feeder delivers feed factor times screw speed. The feed factor is observed from the weight
(an alpha-beta filter, the steady-state Kalman filter of a weight that falls at a slowly changing rate) and
divides the wanted flow, so the observer is the integral action of the loop. Its long-term mean is kept as the
common factor, and what differs from that is learnt against the fill level; during a refill, when the weight
says nothing, the screw follows both.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import NamedTuple

from dryline.control.estimates import smoothed, within
from dryline.line.powder_stations import Feeder
from dryline.line.schema import Line

NODES = 9
"""Fill levels 0, 1/8 ... 1 at which the correction of the feed factor is learnt."""


@dataclass(frozen=True)
class FeederParameters:
    """Tuning of the feeders (assumed unless noted).

    `window_share` [1] time constant of the observer over the weighing window (regression over a window T_w
    has the delay T_w/2 of a filter of T_w/4 twice); `factor_range` [1] and `factor_rate` [1/s] bound the
    observed correction (a bridge of seconds must not drive the screw up); `bump` [1] of the hopper's capacity
    is a jump, not a flow; `learning` [s] of the curve, `common_time` [s] of the common factor; below
    `low_flow` [1] of its rated flow a feeder keeps its feed factor; `master_time` [s] smoothing of the master
    that the others follow.
    """

    window_share: float = 0.25
    factor_range: float = 0.3
    factor_rate: float = 0.01
    bump: float = 0.01
    learning: float = 100.0
    common_time: float = 600.0
    low_flow: float = 0.2
    master_time: float = 2.0


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


class FeederState(NamedTuple):
    """Observed weight [kg]; factor on the learnt curve, its mean and the time it took [1], [s]; nodes of the
    curve [1]; flow asked for and measured [kg/s]; screw speed command [rev/s]; flags.
    """

    weight: float | None = None
    factor: float = 1.0
    common: float = 1.0
    observed_for: float = 0.0
    curve: tuple[float, ...] = (1.0,) * NODES
    wanted: float = 0.0
    flow: float = 0.0
    speed: float = 0.0
    refilling: bool = False
    held: bool = True
    limited: bool = False


def in_control_order(line: Line) -> list[Feeder]:
    """Feeders of a line, the master (active material) first and regrind last."""
    return sorted(line.feeders, key=lambda feeder: (feeder.component == "recycle", feeder.component != "active"))


def nominal_factor(plan: FeederPlan, weight: float) -> float:
    """Feed factor [kg/rev] at hopper content `weight` [kg] before anything is learnt."""
    fill = exp(-max(weight, 0.0) / plan.factor_decay)
    return plan.factor_max - (plan.factor_max - plan.factor_min) * fill


def _place(plan: FeederPlan, weight: float) -> tuple[int, float]:
    """Node below the fill level and the share of the next one."""
    fill = weight / plan.capacity * (NODES - 1)
    if fill <= 0.0:
        return 0, 0.0
    node = int(fill)
    return (node, fill - node) if node < NODES - 1 else (NODES - 2, 1.0)


def feeder_step(
    p: FeederParameters,
    plan: FeederPlan,
    state: FeederState,
    wanted: float,
    weight: float | None,
    screw: float | None,
    refilling: bool,
    dt: float,
) -> FeederState:
    """Advance one feeder by a tick.

    Parameters
    ----------
    wanted : float
        Mass flow asked for [kg/s].
    weight, screw : float or None
        Measured hopper content [kg] and screw speed [rev/s]; None holds the feed factor.
    refilling : bool
        True while the hopper is refilled: volumetric along the learnt curve.
    """
    last, factor, common, observed_for, curve, _, _, commanded, was_refilling, _, _ = state
    turned = (commanded if screw is None else screw) * dt
    believed = last if weight is None else weight
    if believed is None:
        believed = plan.capacity
    node, upper = _place(plan, believed)
    learnt = curve[node] + upper * (curve[node + 1] - curve[node])
    feed = nominal_factor(plan, believed) * learnt
    delivered: float | None = None
    observed: float | None
    held = True
    if weight is None:
        observed = None if last is None else last - feed * factor * turned
    elif refilling or was_refilling or last is None:
        observed, factor = weight, common
    else:
        predicted = last - feed * factor * turned
        error = weight - predicted
        if abs(error) > p.bump * plan.capacity:
            observed = weight
        else:
            kept = exp(-dt / (p.window_share * plan.window))
            observed = predicted + (1.0 - kept * kept) * error
            rated = plan.flow * dt
            if turned * feed > p.low_flow * rated:
                held = False
                change = -((1.0 - kept) ** 2) * error * turned * feed / (rated * rated)
                step = p.factor_rate * dt
                factor += within(change, -step, step)
                factor = within(factor, 1.0 - p.factor_range, 1.0 + p.factor_range)
                observed_for = min(observed_for + dt, p.common_time)
                common += (factor - common) * dt / observed_for
                delivered = feed * factor
                gain = dt / p.learning * (factor / common - 1.0)
                low = curve[node] * (1.0 + gain * (1.0 - upper))
                high = curve[node + 1] * (1.0 + gain * upper)
                curve = (*curve[:node], low, high, *curve[node + 2 :])
                factor = factor * learnt / (low + upper * (high - low))
    if delivered is None:
        delivered = feed * factor
    speed = max(wanted, 0.0) / delivered
    limited = speed > plan.speed_max
    speed = min(speed, plan.speed_max)
    flow = delivered * turned / dt
    return FeederState(
        observed, factor, common, observed_for, curve, wanted, flow, speed, refilling, held, limited
    )


@dataclass(frozen=True)
class LevelParameters:
    """Tuning of the level loop of the surge hopper (assumed): averaging control, the hopper is there to give
    way.

    `time` [s] in which a level error is worked off, `integral_time` [s] (4 times that, SIMC for an
    integrating plant); `range_share` [1] of the rated flow the integral may add; `flow_max` [1] of the rated
    flow; `flow_time` [s] smoothing of the metered flow that is fed forward.
    """

    time: float = 300.0
    integral_time: float = 1200.0
    range_share: float = 0.1
    flow_max: float = 1.2
    flow_time: float = 10.0


class LevelState(NamedTuple):
    """Integral part [kg/s], smoothed metered flow [kg/s], level [1], total flow asked for [kg/s], flags."""

    integral: float = 0.0
    metered: float | None = None
    level: float | None = None
    total: float = 0.0
    held: bool = True
    limited: bool = False


def level_step(
    p: LevelParameters,
    state: LevelState,
    level: float | None,
    metered: float | None,
    set_point: float,
    capacity: float,
    rated: float,
    dt: float,
) -> LevelState:
    """Total flow [kg/s] = metered flow + capacity (set point - level)/time + integral, within 0..flow_max *
    rated.
    """
    flow = smoothed(state.metered, metered, dt, p.flow_time)
    taken = flow or 0.0
    error = 0.0 if level is None else set_point - level
    wanted = taken + capacity * error / p.time + state.integral
    total = within(wanted, 0.0, p.flow_max * rated)
    limited = total != wanted
    integral = state.integral
    if not limited:
        bound = p.range_share * rated
        integral = within(integral + capacity * error * dt / (p.time * p.integral_time), -bound, bound)
    return LevelState(
        integral, flow, level if level is not None else state.level, total, level is None, limited
    )


@dataclass(frozen=True)
class RecyclePlan:
    """Regrind: share of the total feed [1], level of the silo below which it falls and at which it is nothing [1],
    time in which it may change as a whole [s] (assumed).
    """

    share: float
    level_low: float
    level_min: float
    ramp: float = 600.0


def recycle_share(plan: RecyclePlan, last: float | None, level: float | None, dt: float) -> float:
    """Share of the total feed that is regrind, for the level of the silo.

    The share falls in a straight line between the two levels, so that it settles where as much is drawn as
    comes back; it moves no faster than the ramp, and without a level it stays.
    """
    if level is None:
        return last or 0.0
    wanted = plan.share * within((level - plan.level_min) / (plan.level_low - plan.level_min), 0.0, 1.0)
    if last is None:
        return wanted
    step = plan.share * dt / plan.ramp
    return within(wanted, last - step, last + step)


class RatioState(NamedTuple):
    """Smoothed measured flow of the master [kg/s] and share of regrind [1]."""

    master: float | None = None
    share: float | None = None


def wanted_flows(
    p: FeederParameters,
    plans: tuple[FeederPlan, ...],
    state: RatioState,
    total: float,
    master_flow: float,
    dt: float,
    recycle: RecyclePlan | None = None,
    silo: float | None = None,
) -> tuple[RatioState, tuple[float, ...]]:
    """Flow asked of each feeder [kg/s]: the master (first plan) gives `total` times its share, the others
    follow.

    They follow the master's measured flow (`master_flow` [kg/s], smoothed), so that a screw at its limit or a
    lag does not change the composition. With regrind (last plan) the virgin components share what it leaves
    to them, each by the recipe, and it follows the master too; `silo` is the level of its silo.
    """
    share = 0.0 if recycle is None else recycle_share(recycle, state.share, silo, dt)
    virgin = plans if recycle is None else plans[:-1]
    rated = sum([plan.flow for plan in virgin])
    master = smoothed(state.master, master_flow, dt, p.master_time) or 0.0
    flows = [plan.flow / plans[0].flow * master for plan in virgin]
    if recycle is not None:
        flows.append(share / (1.0 - share) * rated / plans[0].flow * master)
    flows[0] = (1.0 - share) * total * plans[0].flow / rated
    return RatioState(master, share), tuple(flows)
