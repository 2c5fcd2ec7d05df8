"""The full stack: what it cancels and how exactly, what it does without a gauge, and that its states are values."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest
from stack_case import WebLine, run, stack_of

from dryline.control.areal_density import HopperBed
from dryline.control.monitor import Monitor
from dryline.control.parameters import Parameters
from dryline.control.quality import References
from dryline.control.stack import FullStack
from dryline.control.stack_plan import stack_plan


def after(web, ticks=300):
    return np.array(web.areal[ticks:]) - 1.0


def test_it_starts_from_the_set_up_and_stays_there_on_target(line, setup):
    plan, figures, stack = stack_of(line, setup)
    _, first = stack.start()
    state, last, measured = run(stack, WebLine(plan, figures), 200)
    assert first.ratios.tolist() == [1.0] * 7 and first.rates.tolist() == [1.0, 1.0]
    assert last.ratios == pytest.approx(1.0, abs=1e-9) and last.rates == pytest.approx(1.0, abs=1e-9)
    assert np.abs(last.segments).max() < 1e-9
    assert measured.areal == pytest.approx([side.target for side in plan.areal], rel=1e-6)
    assert measured.coating == pytest.approx(0.44, rel=1e-6)
    assert not state.sides["held"].any() and {status.held for status in stack.statuses(state)} == {False}


@pytest.mark.parametrize("speed", [lambda t: 1.0, lambda t: min(0.1 + 0.02 * t, 1.2)])
def test_weighed_noise_of_the_metering_is_cancelled_where_the_film_is_drawn(line, setup, speed):
    plan, figures, stack = stack_of(line, setup)
    web = WebLine(plan, figures, noise=0.005, speed=speed)
    run(stack, web, 1500)
    alone = WebLine(plan, figures, noise=0.005, speed=speed)
    run(Monitor(plan, Parameters().open_loop(), 0.44), _WithRatios(alone), 1500)
    assert after(alone).std() > 0.002
    assert after(web).std() < 0.12 * after(alone).std()


class _WithRatios:
    """A web line for a controller that leaves the ratios alone."""

    def __init__(self, web):
        self.web = web

    def step(self, references, blind=False):
        return self.web.step(references._replace(ratios=np.ones(7)), blind)


def test_without_the_scale_the_gauge_in_front_of_the_draw_does_it(line, setup):
    plan, figures, stack = stack_of(line, setup, feed_forward=False)
    web = WebLine(plan, figures, noise=0.005)
    run(stack, web, 1500)
    assert after(web).std() < 0.001


@pytest.mark.parametrize("line_gauges", [True, False])
def test_an_error_of_the_scale_goes_to_the_metering_and_the_ratio_returns(line, setup, line_gauges):
    plan, figures, stack = stack_of(line, setup, line_gauges=line_gauges)
    web = WebLine(plan, figures, scale=(0.004, 0.004))
    state, references, _ = run(stack, web, 3000)
    assert abs(np.mean(web.areal[-200:]) - 1.0) < 3e-4
    assert references.ratios == pytest.approx(1.0, abs=2e-3)
    assert state.errors[::3] == pytest.approx([-0.004, -0.004], abs=4e-4)


def test_the_scanner_is_master_over_line_gauges_that_are_wrong(line, setup):
    plan, figures, stack = stack_of(line, setup)
    web = WebLine(plan, figures, gauge=(0.002, 0.002))
    run(stack, web, 300)
    early = abs(np.mean(web.areal[-50:]) - 1.0)
    state, _, measured = run(stack, web := WebLine(plan, figures, gauge=(0.002, 0.002)), 9000)
    assert abs(np.mean(web.areal[-200:]) - 1.0) < 0.5 * early and early > 5e-4
    assert state.errors[1::3].mean() == pytest.approx(0.002, abs=6e-4)
    assert measured.areal == pytest.approx([side.target for side in plan.areal], rel=1e-3)


def test_blind_gauges_hold_what_is_known_and_say_so(line, setup):
    plan, figures, stack = stack_of(line, setup)
    web = WebLine(plan, figures, noise=0.005, scale=(0.003, -0.002))
    state, _, _ = run(stack, web, 900)
    known = state.errors.copy()
    for _ in range(100):
        kept = pickle.dumps(state)
        following, references, measured = stack.step(state, web.step(_refs(state, stack), blind=True))
        assert pickle.dumps(state) == kept, "a state that was handed out stays as it is"
        state = following
    assert state.errors[::3] == pytest.approx(known[::3], abs=1e-9)
    assert (np.diag(state.covariance) >= 0.0).all() and state.sides["held"].all() and state.profiles["held"].all()
    assert np.isnan([*measured.areal, measured.coating]).all()
    assert np.std(web.areal[-100:]) < 0.0006, "the scale goes on"
    assert references.ratios.shape == (7,)


def _refs(state, stack):
    _, first = stack.start()
    ratios = state.sides["asked"][stack._factor]
    ratios[stack._fixed] = 1.0
    return first._replace(rates=state.sides["trim"].copy(), segments=state.trims, ratios=ratios)


def test_a_state_that_was_stored_goes_on_to_the_same_digits(line, setup):
    plan, figures, stack = stack_of(line, setup)
    web = WebLine(plan, figures, noise=0.005)
    state, references = stack.start()
    sights = []
    for _ in range(120):
        sights.append(web.step(references))
        state, references, _ = stack.step(state, sights[-1])
    one, other = stack.start()[0], None
    for n, sight in enumerate(sights):
        one = stack.step(one, sight)[0]
        if n == 60:
            other = pickle.loads(pickle.dumps(one))
        elif other is not None:
            other = stack.step(other, sight)[0]
    for first, second, third in zip(one, other, state, strict=True):
        assert np.array_equal(first, third) if not isinstance(first, float) else first == third
        if getattr(first, "dtype", None) is not None and first.dtype.names:
            for name in first.dtype.names:
                assert np.array_equal(first[name], second[name], equal_nan=first.dtype[name].kind == "f")
        else:
            assert np.array_equal(first, second)


def test_standing_web_changes_nothing_and_the_delay_goes_on_where_it_was(line, setup):
    plan, figures, stack = stack_of(line, setup)
    web = WebLine(plan, figures, noise=0.005, speed=lambda t: 0.0 if 60.0 < t < 70.0 else 1.0)
    run(stack, web, 1500)
    assert np.std(np.array(web.areal)[820:]) < 0.0006


def test_the_ratio_keeps_its_range_and_the_elongation_of_the_line(line, setup):
    plan, figures, stack = stack_of(line, setup)
    side = figures.sides[0]
    assert (side.ratio_low, side.ratio_high) == pytest.approx((0.97, 1.03))
    assert figures.side_of_nip.tolist() == [0, 0, 0, 1, 1, 1, -1]
    web = WebLine(plan, figures, noise=0.03)
    state, references = stack.start()
    asked = []
    for _ in range(600):
        state, references, _ = stack.step(state, web.step(references))
        asked.append(references.ratios)
    assert np.max(asked) == 1.03 and np.min(asked) == 0.97
    assert np.abs(np.diff(asked, axis=0)).max() <= 0.01 + 1e-12


def test_a_side_with_a_hopper_bed_is_left_to_the_monitor(line, setup):
    bed = HopperBed(gap=2e-3, bed=4e-3, gap_low=1e-3, gap_high=3e-3)
    plan, figures, _ = stack_of(line, setup)
    mixed = replace(plan, areal=(replace(plan.areal[0], hopper_bed=bed), plan.areal[1]))
    sides = stack_plan(line, setup, mixed, 0.03, 0.0)
    assert sides.side_of_nip.tolist() == [-1, -1, -1, 1, 1, 1, -1] and sides.sides[0].flooded
    monitor = Monitor(mixed, Parameters(), 0.44)
    stack = FullStack(mixed, Parameters(), sides, 100, 40, beds=monitor)
    assert stack.start()[1].bed_gaps == (bed.gap,)
    web = WebLine(plan, figures, gauge=(-0.02, 0.0), noise=0.005)
    state, alone = stack.start()[0], monitor.start()[0]
    for _ in range(300):
        sight = web.step(References(np.ones(2), (), np.zeros((2, 40)), np.zeros((3, 3)), np.ones(7)))
        sight = sight._replace(bed_levels=(bed.level - 0.1, None))
        state, references, measured = stack.step(state, sight)
        alone, told, seen = monitor.step(alone, sight)
    assert references.bed_gaps == told.bed_gaps and references.bed_gaps[0] > bed.gap
    assert references.rates[0] == told.rates[0] and references.rates[1] != told.rates[1]
    assert measured.areal[0] == seen.areal[0]
    assert state.errors[:3].tolist() == [0.0] * 3 and state.errors[3:].all()
    assert [status.name for status in stack.statuses(state)] == [status.name for status in monitor.statuses(alone)]
