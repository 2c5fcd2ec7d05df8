"""Feeders against a simple screw: feed factor by fill level, lag, noise, refill with a wrong feed factor,
bridge.
"""

from __future__ import annotations

from dataclasses import replace
from math import exp, nan

import numpy as np
import pytest

from dryline.control import feeders, feeding
from dryline.control.feeders import FEEDER, FEEDER_STATE, FeederParameters, FeederPlan, start_feeders
from dryline.control.feeding import (
    FEED,
    FeedingPlan,
    HopperPlan,
    LevelParameters,
    RecyclePlan,
    feeding_step,
    start_feeding,
)
from dryline.control.rows import rows_of
from dryline.control.wiring import FeederPlaces
from dryline.kernel import from_python

DT = 0.1
P = FeederParameters()
ACTIVE = FeederPlan("feeder_active", "active", 120.0, 0.30, 0.24, 30.0, 4.0, 0.40, 10.0)
PTFE = FeederPlan("feeder_ptfe", "ptfe", 12.0, 0.02, 0.016, 3.0, 2.0, 0.01, 10.0)

NOT_READ = FeederPlaces(0, 0, 0)
NO_REGRIND = RecyclePlan(0.0, 1.0, 0.0)

one_feeder = from_python(feeders.feeder_step)
level_law = from_python(feeding.level_step)
recycle_share = from_python(feeding.recycle_share)
share_law = from_python(feeding.share_out)


def feeder_step(plan, state, wanted, weight, screw, refilling):
    """One feeder, one tick."""
    now = np.empty(1, FEEDER_STATE)
    one_feeder(rows_of(FEEDER, (plan, NOT_READ, P))[0], state, now[0], wanted, weight, screw, refilling, DT)
    return now[0]


def start():
    return start_feeders(1)[0]


def feed_plan(hopper: HopperPlan, recycle: RecyclePlan = NO_REGRIND):
    return rows_of(FEED, (hopper, recycle, LevelParameters(), P))[0]


def wanted_flows(plans, total, master_flow, recycle=None, silo=nan):
    """Total and ratio after one tick, and the flow asked of each feeder."""
    p = feed_plan(HopperPlan(0.6, 90.0, 0.4, recycle is not None, 0, -1), recycle or NO_REGRIND)
    last, now = start_feeding(1).total, start_feeding(1).total
    now["total"] = total
    rows, flows = rows_of(FEEDER, *((plan, NOT_READ, P) for plan in plans)), start_feeders(len(plans))
    share_law(p, rows, last[0], now[0], master_flow, flows, silo, DT)
    return now[0], tuple(flows["wanted"])


class Screw:
    """A plant whose feed factor is `error` off the nominal one."""

    def __init__(self, plan: FeederPlan, error: float, noise: float, scale: float, seed: int) -> None:
        self.plan, self.error, self.noise, self.scale = plan, error, noise, scale
        self.mass, self.speed, self.flow, self.refill, self.mismatch = plan.capacity, 0.0, 0.0, 0.0, 0.0
        self.rng = np.random.default_rng(seed)
        self.sample, self.n, self.blocked = 0.0, 0, False

    def advance(self, command: float) -> tuple[float, float, bool]:
        p = self.plan
        self.speed += (1 - exp(-DT / 0.5)) * (command - self.speed)
        if self.n % 10 == 0:
            self.sample = self.noise * self.rng.standard_normal()
        self.n += 1
        factor = p.factor_max - (p.factor_max - p.factor_min) * exp(-self.mass / p.factor_decay)
        self.mismatch *= exp(-DT / p.window) if self.refill <= 0 else 1.0
        self.flow = (
            0.0 if self.blocked else factor * (1 + self.error + self.sample + self.mismatch) * self.speed
        )
        self.mass -= self.flow * DT
        if self.refill > 0:
            self.refill -= DT
            self.mass += 0.7 * p.capacity * DT / 20.0
        elif self.mass < 0.3 * p.capacity:
            self.refill, self.mismatch = 20.0, 0.03
        return self.mass + self.scale * self.rng.standard_normal(), self.speed, self.refill > 0


def feed(plan: FeederPlan, screw: Screw, seconds: float, wanted: float, state=None):
    state = start() if state is None else state
    flows = []
    for _ in range(int(seconds / DT)):
        weight, speed, refilling = screw.advance(state.speed)
        state = feeder_step(plan, state, wanted, weight, speed, refilling)
        flows.append(screw.flow)
    return state, np.array(flows)


def test_a_wrong_feed_factor_is_found_and_the_flow_is_right():
    state, flows = feed(ACTIVE, Screw(ACTIVE, -0.08, 0.02, 0.002, 1), 120, 0.40)
    assert flows[600:].mean() == pytest.approx(0.40, rel=0.01)
    assert flows[:50].mean() < 0.40, "it starts from the nominal feed factor, without a jump"
    assert state.flow == pytest.approx(0.40, rel=0.02)


def test_a_minute_of_ptfe_is_within_one_and_a_half_percent():
    _, flows = feed(PTFE, Screw(PTFE, 0.05, 0.04, 0.0005, 2), 480, 0.01)
    minutes = flows[1200:].reshape(-1, 600).mean(axis=1)
    assert np.abs(minutes / 0.01 - 1).max() < 0.015


def test_refills_are_ridden_through_and_the_curve_is_learnt():
    screw = Screw(ACTIVE, -0.05, 0.02, 0.002, 3)
    state, flows = feed(ACTIVE, screw, 1200, 0.40)
    tens = flows.reshape(-1, 100).mean(axis=1)
    assert np.abs(tens[60:] / 0.40 - 1).max() < 0.045, "the plant jumps by 3 % at a refill"
    assert state.common == pytest.approx(0.95, abs=0.01)


def test_the_shape_of_the_feed_factor_is_learnt_against_the_fill_level():
    plan = replace(ACTIVE, factor_min=ACTIVE.factor_max)  # the plan knows no dependence, the plant has one
    screw = Screw(ACTIVE, 0.0, 0.0, 0.0, 8)
    state, _ = feed(plan, screw, 2400, 0.40)
    assert state.curve[3] / state.curve[8] == pytest.approx(
        (0.30 - 0.06 * exp(-45 / 30)) / (0.30 - 0.06 * exp(-120 / 30)), abs=0.02
    )


def test_the_screw_holds_on_a_bad_scale_and_a_bump_is_no_flow():
    screw = Screw(ACTIVE, 0.0, 0.0, 0.0, 4)
    state, _ = feed(ACTIVE, screw, 60, 0.40)
    blind = state
    for _ in range(50):
        blind = feeder_step(ACTIVE, blind, 0.40, nan, blind.speed, False)
    assert blind.held and blind.factor == state.factor
    assert blind.speed == pytest.approx(state.speed, rel=0.02)
    bumped = feeder_step(ACTIVE, state, 0.40, screw.mass + 5.0, state.speed, False)
    assert bumped.factor == state.factor


def test_a_bridge_of_five_seconds_moves_the_screw_little():
    screw = Screw(PTFE, 0.0, 0.0, 0.0, 5)
    state, _ = feed(PTFE, screw, 60, 0.01)
    screw.blocked = True
    after, _ = feed(PTFE, screw, 5, 0.01, state)
    assert 1.0 < after.speed / state.speed < 1.07
    screw.blocked = False
    _, flows = feed(PTFE, screw, 60, 0.01, after)
    assert flows[-100:].mean() == pytest.approx(0.01, rel=0.02)


def test_a_screw_at_its_limit_says_so():
    state = feeder_step(ACTIVE, start(), 10.0, 100.0, 4.0, False)
    assert state.limited and state.speed == ACTIVE.speed_max


def test_others_follow_the_measured_master():
    plans = (ACTIVE, replace(PTFE, flow=0.01))
    ratio, flows = wanted_flows(plans, 0.41, 0.30)
    assert flows[0] == pytest.approx(0.40)
    assert flows[1] == pytest.approx(0.30 / 40)
    assert ratio.master == 0.30


def test_regrind_follows_the_master_and_virgin_powder_supplies_the_rest():
    plans = (replace(ACTIVE, flow=0.32), replace(PTFE, flow=0.008), replace(PTFE, component="recycle", flow=0.082))
    plan = RecyclePlan(0.2, 0.25, 0.1)
    ratio, flows = wanted_flows(plans, 0.41, 0.32, plan, 0.6)
    assert flows == pytest.approx((0.32, 0.008, 0.082))
    assert ratio.share == 0.2
    _, less = wanted_flows(plans, 0.41, 0.32, plan, 0.1)
    assert less == pytest.approx((0.4, 0.008, 0.0))


def test_the_share_falls_with_the_silo_without_a_bump_and_settles_where_as_much_returns():
    plan, level, share, shares = RecyclePlan(0.2, 0.25, 0.1), 0.4, nan, []
    p = feed_plan(HopperPlan(0.6, 90.0, 0.4, True, 0, -1), plan)
    for _ in range(200_000):
        share = recycle_share(p, share, level, DT)
        shares.append(share)
        level += (0.1 - share) * 0.5 * DT / 300.0  # half of the wanted share comes back
    assert shares[0] == 0.2
    assert shares[-1] == pytest.approx(0.1, rel=0.01)
    assert level == pytest.approx(0.175, abs=0.003)
    assert max(abs(np.diff(shares))) <= plan.share * DT / plan.ramp * (1.0 + 1e-9)
    assert recycle_share(p, 0.15, nan, DT) == 0.15
    assert recycle_share(p, nan, nan, DT) == 0.0


def test_composition_stays_within_limits_through_a_refill():
    screws = [Screw(ACTIVE, -0.03, 0.02, 0.002, 6), Screw(PTFE, 0.04, 0.04, 0.0005, 7)]
    hopper = HopperPlan(0.6, 90.0, 0.41, False, 6, -1)
    places = FeederPlaces(0, 1, 2), FeederPlaces(3, 4, 5)
    rows = rows_of(FEEDER, *((plan, at, P) for plan, at in zip((ACTIVE, PTFE), places, strict=True)))
    plan = FeedingPlan(rows_of(FEED, (hopper, NO_REGRIND, LevelParameters(), P)), rows, np.array([7]))
    state, kg = start_feeding(2), np.zeros((9000, 2))
    for n in range(9000):
        seen = [x for k in range(2) for x in screws[k].advance(state.feeders["speed"][k])]
        before = state.feeders.tobytes(), state.total.tobytes()
        following = feeding_step(plan, state, np.array([*seen, 0.6, 0.41]), True, DT)
        assert before == (state.feeders.tobytes(), state.total.tobytes()), "a state that was handed out stays"
        state = following
        kg[n] = screws[0].flow, screws[1].flow
    stopped = feeding_step(plan, state, np.array([*seen, 0.6, 0.41]), False, DT)
    assert not stopped.feeders["speed"].any() and stopped.total["held"].all()
    share = kg[:, 1] / np.maximum(kg.sum(axis=1), 1e-9)
    mixed = np.zeros(9000)
    mixed[0] = PTFE.flow / 0.41
    for n in range(1, 9000):  # a minute of mixer
        mixed[n] = mixed[n - 1] + DT / 60.0 * (share[n] - mixed[n - 1])
    assert np.abs(mixed[1200:] / (PTFE.flow / 0.41) - 1).max() < 0.03


def test_the_level_loop_feeds_what_is_taken_and_fills_slowly():
    level, capacity, rated = 0.5, 90.0, 0.4
    p, state = feed_plan(HopperPlan(0.6, capacity, rated, False, 0, -1)), start_feeding(0).total

    def level_step(last, level, taken):
        now = last.copy()
        level_law(p, last[0], now[0], level, taken, DT)
        return now

    pipe = [0.0] * 1200  # two minutes between feeders and hopper
    levels = []
    for n in range(40000):
        taken = 0.4 if n > 3000 else 0.0
        state = level_step(state, level, taken)
        pipe.append(state["total"][0] * 0.99)
        level += (pipe.pop(0) - taken) * DT / capacity
        levels.append(level)
    assert abs(levels[-1] - 0.6) < 0.01
    assert max(levels) < 0.75 and min(levels) > 0.0
    blind = level_step(state, nan, 0.4)[0]
    assert blind.held and blind.total == pytest.approx(state["total"][0], rel=0.05)
