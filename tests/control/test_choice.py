"""Which quality controller a line gets, and that the plan carries the errors of its model to the loops only."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from stack_case import WebLine

from dryline.control.choice import tuned
from dryline.control.controller import Controller
from dryline.control.monitor import Monitor
from dryline.control.parameters import Parameters
from dryline.control.scanner_only import ScannerOnly
from dryline.control.smith import SmithPI
from dryline.control.stack import FullStack
from dryline.control.stack_plan import stack_plan
from dryline.line.control import Control


@pytest.fixture
def controller(line, setup, monkeypatch):
    def make(**control):
        monkeypatch.setattr(line, "control", Control(**control))
        return Controller(line, setup)

    return make


@pytest.mark.parametrize(
    ("quality", "kind"), [("open_loop", Monitor), ("pi_monitor", Monitor), ("smith_pi", SmithPI), ("full_stack", FullStack)]
)
def test_a_line_gets_the_control_that_it_names(controller, quality, kind):
    made = controller(quality=quality)
    assert type(made.quality) is kind
    alone = controller(quality=quality, gauges="scanner").quality
    assert type(alone) is (FullStack if kind is FullStack else ScannerOnly)
    state, references = made.quality.start()
    assert len(references.rates) == 2 and len(references.nips) == 3
    assert pickle.loads(pickle.dumps(state)) is not None
    names = {status.name for status in made.quality.statuses(state)}
    assert {"areal mass A", "areal mass B", "areal mass by scanner", "profile A", "lamination thickness"} <= names


def test_open_loop_has_no_gain_and_the_gain_of_the_monitor_is_scaled():
    p = Parameters()
    assert tuned(p, Control(quality="open_loop")) == p.open_loop()
    assert tuned(p, Control(quality="pi_monitor", monitor_gain=0.5)).areal.gain_factor == 0.5
    assert tuned(p, Control(quality="pi_monitor")) == p


def test_the_errors_of_the_model_reach_the_loops_and_nothing_else(controller):
    true, wrong = controller(), controller(model_delay_error=0.2, model_stiffness_error=-0.3)
    for one, other in zip(true.plan.areal, wrong.plan.areal, strict=True):
        assert other.path == pytest.approx(1.2 * one.path)
    for one, other in zip(true.plan.gaps, wrong.plan.gaps, strict=True):
        assert other.path == pytest.approx(1.2 * one.path)
        assert other.response < one.response, "a softer mill is believed to follow less"
        assert (other.gap, other.target, other.force) == (one.gap, one.target, one.force)
    assert wrong.plan.gauge_paths == true.plan.gauge_paths and wrong.plan.sequence == true.plan.sequence
    sides = stack_plan(*wrong_case(wrong), 0.03, 0.2).sides, stack_plan(*wrong_case(true), 0.03, 0.0).sides
    for other, one in zip(*sides, strict=True):
        assert other.to_gauge == pytest.approx(1.2 * one.to_gauge)
        assert other.to_draw == pytest.approx(1.2 * one.to_draw)
        assert other.to_scanner == pytest.approx(1.2 * one.to_scanner)


def wrong_case(controller):
    from small_line import SmallLine

    return SmallLine(), controller.setup, controller.plan


def closed(controller, web, ticks, ratios=7):
    quality = controller.quality
    state, references = quality.start()
    for _ in range(ticks):
        kept = pickle.dumps(state)
        following, references, measured = quality.step(
            state, web.step(references._replace(ratios=np.ones(ratios)))
        )
        assert pickle.dumps(state) == kept, "a state that was handed out stays as it is"
        state = following
    return state, references, measured


@pytest.mark.parametrize("control", [{"quality": "smith_pi"}, {"quality": "pi_monitor"}])
def test_a_step_of_the_metering_is_worked_off_and_the_predictor_is_faster(controller, line, setup, control):
    made = controller(**control)
    figures = stack_plan(line, setup, made.plan, 0.03, 0.0)
    web = WebLine(made.plan, figures)
    web.noise, web.samples = 0.02, np.ones((2, 5000))  # the metering gives 2 % too much
    closed(made, web, 400)
    error = np.array(web.areal) - 1.0
    assert abs(error[-1]) < 1e-3
    half = int(np.flatnonzero(error[60:] < 0.01)[0]) + 60
    assert half < 120 if control["quality"] == "smith_pi" else half > 120


def test_the_predictor_asks_for_nothing_where_its_own_trim_is_all_that_it_sees(controller, line, setup):
    made = controller(quality="smith_pi")
    web = WebLine(made.plan, stack_plan(line, setup, made.plan, 0.03, 0.0))
    state, references, measured = closed(made, web, 300)
    assert references.rates == pytest.approx(1.0, abs=1e-9)
    assert measured.areal == pytest.approx([side.target for side in made.plan.areal])
    assert np.abs(state.monitor.areal["trim"]).max() < 1e-9


@pytest.mark.parametrize("quality", ["smith_pi", "pi_monitor"])
def test_the_scanner_alone_closes_the_loops_on_the_mean(controller, line, setup, quality):
    made = controller(quality=quality, gauges="scanner")
    web = WebLine(made.plan, stack_plan(line, setup, controller(quality="full_stack").plan, 0.03, 0.0))
    web.noise, web.samples = 0.02, np.ones((2, 5000))
    state, references, measured = closed(made, web, 1500)
    assert web.areal[-1] == pytest.approx(1.0, abs=2e-3)
    assert references.rates[0] == references.rates[1] < 1.0
    assert len(measured.areal) == 2 and state.profile.shape == (made.plan.profiles[0].to_segments.shape[1],)
