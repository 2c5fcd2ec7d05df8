"""Feeders against a simple screw: feed factor by fill level, lag, noise, refill with a wrong feed factor,
bridge.
"""

from __future__ import annotations

from dataclasses import replace
from math import exp

import numpy as np
import pytest

from dryline.control.feeders import (
    FeederParameters,
    FeederPlan,
    FeederState,
    LevelParameters,
    LevelState,
    RatioState,
    RecyclePlan,
    feeder_step,
    level_step,
    recycle_share,
    wanted_flows,
)

DT = 0.1
P = FeederParameters()
ACTIVE = FeederPlan("feeder_active", "active", 120.0, 0.30, 0.24, 30.0, 4.0, 0.40, 10.0)
PTFE = FeederPlan("feeder_ptfe", "ptfe", 12.0, 0.02, 0.016, 3.0, 2.0, 0.01, 10.0)


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


def feed(plan: FeederPlan, screw: Screw, seconds: float, wanted: float, state: FeederState | None = None):
    state = state or FeederState()
    flows = []
    for _ in range(int(seconds / DT)):
        weight, speed, refilling = screw.advance(state.speed)
        state = feeder_step(P, plan, state, wanted, weight, speed, refilling, DT)
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
        blind = feeder_step(P, ACTIVE, blind, 0.40, None, blind.speed, False, DT)
    assert blind.held and blind.factor == state.factor
    assert blind.speed == pytest.approx(state.speed, rel=0.02)
    bumped = feeder_step(P, ACTIVE, state, 0.40, screw.mass + 5.0, state.speed, False, DT)
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
    state = feeder_step(P, ACTIVE, FeederState(), 10.0, 100.0, 4.0, False, DT)
    assert state.limited and state.speed == ACTIVE.speed_max


def test_others_follow_the_measured_master():
    plans = (ACTIVE, replace(PTFE, flow=0.01))
    ratio, flows = wanted_flows(P, plans, RatioState(), 0.41, 0.30, DT)
    assert flows[0] == pytest.approx(0.40)
    assert flows[1] == pytest.approx(0.30 / 40)
    assert ratio.master == 0.30


def test_regrind_follows_the_master_and_virgin_powder_supplies_the_rest():
    plans = (replace(ACTIVE, flow=0.32), replace(PTFE, flow=0.008), replace(PTFE, component="recycle", flow=0.082))
    plan = RecyclePlan(0.2, 0.25, 0.1)
    ratio, flows = wanted_flows(P, plans, RatioState(), 0.41, 0.32, DT, plan, 0.6)
    assert flows == pytest.approx((0.32, 0.008, 0.082))
    assert ratio.share == 0.2
    _, less = wanted_flows(P, plans, RatioState(), 0.41, 0.32, DT, plan, 0.1)
    assert less == pytest.approx((0.4, 0.008, 0.0))


def test_the_share_falls_with_the_silo_without_a_bump_and_settles_where_as_much_returns():
    plan, level, share, shares = RecyclePlan(0.2, 0.25, 0.1), 0.4, None, []
    for _ in range(200_000):
        share = recycle_share(plan, share, level, DT)
        shares.append(share)
        level += (0.1 - share) * 0.5 * DT / 300.0  # half of the wanted share comes back
    assert shares[0] == 0.2
    assert shares[-1] == pytest.approx(0.1, rel=0.01)
    assert level == pytest.approx(0.175, abs=0.003)
    assert max(abs(np.diff(shares))) <= plan.share * DT / plan.ramp * (1.0 + 1e-9)
    assert recycle_share(plan, 0.15, None, DT) == 0.15
    assert recycle_share(plan, None, None, DT) == 0.0


def test_composition_stays_within_limits_through_a_refill():
    screws = [Screw(ACTIVE, -0.03, 0.02, 0.002, 6), Screw(PTFE, 0.04, 0.04, 0.0005, 7)]
    plans, states, ratio = (ACTIVE, PTFE), [FeederState(), FeederState()], RatioState()
    kg = np.zeros((9000, 2))
    for n in range(9000):
        ratio, wanted = wanted_flows(P, plans, ratio, 0.41, states[0].flow, DT)
        for k in range(2):
            weight, speed, refilling = screws[k].advance(states[k].speed)
            states[k] = feeder_step(P, plans[k], states[k], wanted[k], weight, speed, refilling, DT)
            kg[n, k] = screws[k].flow
    share = kg[:, 1] / np.maximum(kg.sum(axis=1), 1e-9)
    mixed = np.zeros(9000)
    mixed[0] = PTFE.flow / 0.41
    for n in range(1, 9000):  # a minute of mixer
        mixed[n] = mixed[n - 1] + DT / 60.0 * (share[n] - mixed[n - 1])
    assert np.abs(mixed[1200:] / (PTFE.flow / 0.41) - 1).max() < 0.03


def test_the_level_loop_feeds_what_is_taken_and_fills_slowly():
    p, state, level, capacity, rated = LevelParameters(), LevelState(), 0.5, 90.0, 0.4
    pipe = [0.0] * 1200  # two minutes between feeders and hopper
    levels = []
    for n in range(40000):
        taken = 0.4 if n > 3000 else 0.0
        state = level_step(p, state, level, taken, 0.6, capacity, rated, DT)
        pipe.append(state.total * 0.99)
        level += (pipe.pop(0) - taken) * DT / capacity
        levels.append(level)
    assert abs(levels[-1] - 0.6) < 0.01
    assert max(levels) < 0.75 and min(levels) > 0.0
    blind = level_step(p, state, None, 0.4, 0.6, capacity, rated, DT)
    assert blind.held and blind.total == pytest.approx(state.total, rel=0.05)
