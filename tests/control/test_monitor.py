"""The PI monitor behind the contract of a quality controller, and what the gauges let it see."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest

from dryline.control.areal_density import HopperBed
from dryline.control.controller import Controller
from dryline.control.monitor import Monitor
from dryline.control.parameters import Parameters
from dryline.control.quality import Sight
from dryline.control.rolls import RollState
from dryline.control.sequence import SequenceState, State
from dryline.line.machine import Readings

BED = HopperBed(gap=2e-3, bed=4e-3, gap_low=1e-3, gap_high=3e-3)


@pytest.fixture(scope="module")
def controller(line, setup):
    return Controller(line, setup)


@pytest.fixture(scope="module")
def monitor(controller):
    return controller.quality


def sight(plan, areal=1.0, thickness=0.0, levels=(None, None)):
    """Film of `areal` times its target, `thickness` [m] off; not a number: nothing is seen."""
    pixels = plan.profiles[0].to_segments.shape[1]
    profiles = np.array([np.full(pixels, side.target * areal) for side in plan.areal])
    pairs = np.array([[gap.target + thickness] * 3 for gap in plan.gaps])
    loads = np.array([gap.force for gap in plan.gaps])
    return Sight(profiles, 0.44 * areal, 0.0, pairs, loads, 1.0, 0.1, levels, True, True, np.full(2, np.nan), np.full(2, np.nan))


def run(monitor, seen, ticks=300):
    state, references = monitor.start()
    measured = None
    for _ in range(ticks):
        state, references, measured = monitor.step(state, seen)
    return state, references, measured


def test_it_starts_from_the_set_up_and_stays_there_on_target(controller, monitor):
    _, first = monitor.start()
    _, last, measured = run(monitor, sight(controller.plan))
    for one, other in zip(first, last, strict=True):
        assert np.allclose(0.0 if one is None else one, 0.0 if other is None else other, rtol=1e-12)
    assert measured.areal == pytest.approx([side.target for side in controller.plan.areal])
    assert measured.coating == pytest.approx(0.44)
    assert measured.thickness == pytest.approx(controller.plan.gaps[-1].target)


def test_sides_are_treated_alike_and_move_the_right_way(controller, monitor):
    _, references, _ = run(monitor, sight(controller.plan, 0.98, 2e-6))
    assert references.rates[0] == references.rates[1] > 1.0, "too little mass asks for more powder"
    assert np.abs(references.segments).max() < 1e-12, "a flat profile asks for no trim"
    gaps = references.nips[:, 2]
    assert gaps[0] == gaps[1] < 0.0 and gaps[2] < 0.0, "too thick closes the nips"


def test_nothing_seen_holds_everything_and_measures_nothing(controller, monitor):
    state, before, _ = run(monitor, sight(controller.plan, 0.98, 2e-6))
    kept = pickle.dumps(state)
    blind = sight(controller.plan, np.nan, np.nan)
    following, after, measured = monitor.step(state, blind)
    assert pickle.dumps(state) == kept, "a state that was handed out stays as it is"
    assert all((one == other).all() for one, other in zip(before[2:4], after[2:4], strict=True))
    assert (before.rates == after.rates).all()
    assert np.isnan([*measured.areal, measured.coating, measured.thickness]).all()
    assert all(status.held for status in monitor.statuses(following))
    assert len({status.name for status in monitor.statuses(following)}) == 2 + 1 + 2 + 9


def test_a_hopper_bed_takes_the_trim_by_its_gap_and_the_metering_keeps_its_level(controller):
    plan = controller.plan
    flooded = replace(plan, areal=(replace(plan.areal[0], hopper_bed=BED), plan.areal[1]))
    monitor = Monitor(flooded, Parameters(), 0.44)
    assert monitor.start()[1].bed_gaps == (BED.gap,)
    state, references, _ = run(monitor, sight(flooded, 0.98, levels=(BED.level - 0.1, None)))
    trim = state.areal["trim"][0]
    assert references.bed_gaps == (pytest.approx(BED.gap + trim * BED.bed),) and trim > 0.0
    assert references.rates[0] == pytest.approx((1.0 + trim) * (1.0 + BED.gain * 0.1))


def test_a_gauge_that_moves_nothing_has_no_references(controller):
    gaps = controller.plan.gaps
    last = replace(gaps[2], bending_force=2.0 * gaps[2].bending_force)
    plan = replace(controller.plan, gaps=(gaps[0], replace(gaps[1], acts=False), last))
    monitor = Monitor(plan, Parameters(), 0.44)
    assert monitor.start()[1].nips.tolist() == [[0.0, gaps[0].bending_force, 0.0], [0.0, last.bending_force, 0.0]]
    state, references, measured = run(monitor, sight(plan, thickness=2e-6))
    assert (references.nips[:, 2] < 0.0).all()
    assert references.nips[:, 2].tolist() == [state.gaps["correction"][0], state.gaps["correction"][2]]
    assert not state.gaps["held"].any() and measured.thickness == pytest.approx(gaps[2].target + 2e-6)


def frame_of(controller):
    table = controller.readings.signals.table
    values = np.ones(table.size)
    values[table.slice("scanner/position")] = 0.0
    tags = len(table.tags)
    readings = Readings(1, 1.0, values, np.zeros(tags, np.uint8), np.ones(tags))
    return controller.readings.signals.frame(readings)


@pytest.mark.parametrize("state", [State.EXECUTE, State.STOPPING])
def test_a_gauge_counts_once_the_film_of_this_start_has_reached_it(controller, state):
    frame, plan = frame_of(controller), controller.plan
    for threaded in np.linspace(0.0, 12.0, 49):
        seen = controller._gauges.sight(frame, SequenceState(state, 20.0, threaded, 1.0), RollState(), 1.0)
        there = [threaded > path + 0.5 for path in plan.gauge_paths]
        assert [bool(np.isfinite(row).all()) for row in seen.pairs] == there[:-1]
        assert [bool(np.isfinite(row).all()) for row in seen.profiles] == there[:2]
        assert bool(np.isfinite(seen.coating)) == there[-1]


def test_gauges_look_away_from_a_broken_web_and_from_a_tape(controller):
    frame = frame_of(controller)
    look = controller._gauges.sight
    aborting = look(frame, SequenceState(State.ABORTING, 20.0, 100.0, 1.0), RollState(), 1.0)
    assert np.isnan(aborting.profiles).all() and np.isnan(aborting.pairs).all() and not aborting.moving
    foil = controller.plan.rolls.foil
    under = RollState(since=foil.path + controller.plan.foil_gauges[0] + 0.1)
    taped = look(frame, SequenceState(State.EXECUTE, 20.0, 100.0, 1.0), under, 1.0)
    assert np.isnan(taped.pairs[-1]).all() and np.isfinite(taped.pairs[:-1]).all() and np.isfinite(taped.profiles).all()
