"""The whole controller on a small model of the line: start, quality, faults, alarms, determinism."""

from __future__ import annotations

import pickle
import time
from dataclasses import replace

import numpy as np
import pytest
from model_line import ModelLine

from dryline.control.controller import Controller
from dryline.control.parameters import Parameters
from dryline.control.sequence import Order, State
from dryline.control.status import loop_statuses

EXECUTE_TICKS = 3600


def drive(controller, machine, ticks, state=None, watch=None):
    """Close the loop for some ticks; returns the last state and all events."""
    state = state or controller.start()
    events = []
    for _ in range(ticks):
        readings = machine.exchange(state.commands)
        state, commands = controller.decide(state, readings)
        assert commands is state.commands and np.isfinite(commands.values).all()
        events += state.events
        if watch is not None:
            watch(state, readings)
    return state, events


@pytest.fixture(scope="module")
def running(line, setup):
    """Controller, machine and state well within production (treat as read-only: copy before going on)."""
    controller, machine = Controller(line, setup), ModelLine(line, setup)
    state, events = drive(controller, machine, EXECUTE_TICKS)
    return controller, machine, state, events


def test_it_starts_by_itself_and_makes_product(running):
    _, _, state, events = running
    told = [event.message for event in events if event.kind == "state"]
    assert told == ["Resetting", "Idle", "Starting", "Execute"]
    assert [event.message for event in events if event.kind == "product"] == ["product reaches the winder"]
    assert not [event for event in events if event.kind == "alarm"]
    assert state.sequence.state is State.EXECUTE and state.product.passage.now


def test_everything_is_on_target(running):
    controller, _, state, _ = running
    for side, areal in zip(controller.plan.areal, state.quality.areal, strict=True):
        assert areal.measured == pytest.approx(side.target * (1 + state.quality.scanner[0].trim), rel=2e-3)
    assert state.quality.scanner[0].coating == pytest.approx(controller.setup.areal_mass, rel=2e-3)
    for gap, now in zip(controller.plan.gaps, state.quality.gaps, strict=True):
        assert now.thickness == pytest.approx(gap.target, abs=0.4e-6)
        assert abs(now.wedge) < 0.3e-6
        assert gap.correction_low <= now.correction <= gap.correction_high
    for error in state.quality.profiles.error:
        assert np.ptp(error) < 0.004
    for feeder, fed in zip(controller.plan.feeders, state.feeding.feeders, strict=True):
        assert fed["common"] == pytest.approx(0.97, abs=0.01), feeder.name


def test_the_first_commands_are_bumpless_and_safe(line, setup):
    controller = Controller(line, setup)
    table, values = controller.commands.table, controller.start().commands.values
    assert values[table.index("line/speed")] == 0.0
    for nip in setup.nips:
        assert values[table.index(f"{nip.name}/open")] == 1.0
        assert values[table.index(f"{nip.name}/gap")] == nip.loaded_gap
    second, machine = controller.start(), ModelLine(line, setup)
    second, _ = drive(controller, machine, 1)
    assert np.abs(second.commands.values - values)[table.slice("line/speed")] == 0.0


def test_sequence_numbers_count_up(line, setup):
    controller, machine = Controller(line, setup), ModelLine(line, setup)
    numbers = []
    drive(controller, machine, 20, watch=lambda state, _: numbers.append(state.commands.sequence))
    assert numbers == list(range(1, 21))


def test_same_readings_give_the_same_commands(line, setup):
    ends = []
    for _ in range(2):
        controller, machine = Controller(line, setup), ModelLine(line, setup, seed=3)
        ends.append(drive(controller, machine, 2200)[0].commands.values.tobytes())
    assert ends[0] == ends[1]


def test_a_state_is_a_value_and_can_be_resumed(line, setup):
    controller, machine = Controller(line, setup), ModelLine(line, setup)
    state, _ = drive(controller, machine, 2100)
    readings = machine.exchange(state.commands)
    seen = pickle.dumps(state)
    first = controller.decide(state, readings)[1].values
    assert pickle.dumps(state) == seen, "a state that was handed out stays as it is"
    again = Controller(line, setup).decide(state, readings)[1].values
    assert (first == again).all()


def test_open_loop_moves_no_quality_actuator(line, setup):
    controller, machine = Controller(line, setup, Parameters().open_loop()), ModelLine(line, setup)
    state, _ = drive(controller, machine, 2500)
    assert all(areal.trim == 0.0 for areal in state.quality.areal)
    assert (state.quality.gaps["correction"] == 0.0).all()
    modes = {status.name: status.mode for status in loop_statuses(controller, state)}
    assert modes["areal mass A"] == "manual" and modes["line speed"] == "auto"


def faulted(line, setup, faults, ticks=600, before=2400):
    controller, machine = Controller(line, setup), ModelLine(line, setup)
    state, _ = drive(controller, machine, before)
    machine.faults = faults
    end, events = drive(controller, machine, ticks, state)
    return controller, machine, state, end, events


def test_garbage_never_reaches_a_command_and_is_told_once(line, setup):
    gauge = line.of_kind("film_gauge")[0].name

    def garbage(_: float, values: np.ndarray) -> int:
        values[...] = np.nan
        values[0] = np.inf
        return 0

    _, _, before, end, events = faulted(line, setup, {f"{gauge}/areal_mass": garbage})
    assert end.quality.areal[0].trim == before.quality.areal[0].trim and end.quality.areal[0].held
    assert not end.quality.areal[1].held
    alarms = [event for event in events if event.kind == "alarm"]
    assert [alarm.source for alarm in alarms] == [f"{gauge}/areal_mass"]


def test_a_gauge_that_standardises_holds_its_loops_without_alarm(line, setup):
    gauge = line.of_kind("film_gauge")[1].name
    start = 250.0
    controller, machine, _, end, events = faulted(
        line, setup, {f"{gauge}/areal_mass": lambda now, _: 2 if start <= now < start + 10 else 0}
    )
    assert not [event for event in events if event.kind == "alarm"]
    assert end.quality.areal[1].measured == pytest.approx(controller.plan.areal[1].target, rel=5e-3)
    machine.faults = {f"{gauge}/areal_mass": lambda *_: 2}
    _, events = drive(controller, machine, 200, end)
    assert [event.kind for event in events] == ["alarm"]


def test_all_readings_garbage_holds_everything(line, setup):
    def nothing(_: float, values: np.ndarray) -> int:
        values[...] = np.nan
        return 0

    machine = ModelLine(line, setup)
    faults = {tag.path: nothing for tag in machine.readings.tags}
    _, _, before, end, _ = faulted(line, setup, faults, ticks=50)
    for old, new in zip(before.quality.gaps, end.quality.gaps, strict=True):
        assert (old.correction, old.tilt, old.bending_force) == (new.correction, new.tilt, new.bending_force)
    assert [areal.trim for areal in end.quality.areal] == [areal.trim for areal in before.quality.areal]


def test_a_web_break_aborts_opens_all_nips_and_says_why(line, setup):
    controller, machine = Controller(line, setup), ModelLine(line, setup)
    state, _ = drive(controller, machine, 2400)
    machine.broken = True
    state, events = drive(controller, machine, 150, state)
    assert state.sequence.state is State.ABORTED
    assert "web break" in state.sequence.reason
    table, values = controller.commands.table, state.commands.values
    assert all(values[table.index(f"{nip.name}/open")] == 1.0 for nip in setup.nips)
    assert all(values[table.index(f"{nip.name}/speed_ratio")] == 1.0 for nip in setup.nips)
    assert values[table.index("winder/product")] == 0.0
    assert sum("Aborting" in event.message for event in events) == 1


def test_a_force_above_its_limit_aborts(line, setup):
    nip = line.nips[-1].name

    def high(_: float, values: np.ndarray) -> int:
        values[...] = 1e9
        return 0

    *_, end, _ = faulted(line, setup, {f"{nip}/force": high}, ticks=100)
    assert end.sequence.state is State.ABORTED and nip in end.sequence.reason


def test_an_empty_hopper_holds_the_line(line, setup):
    hopper = line.of_kind("surge_hopper")[0].name

    def empty(_: float, values: np.ndarray) -> int:
        values[...] = 0.0
        return 0

    *_, end, _ = faulted(line, setup, {f"{hopper}/level": empty}, ticks=400)
    assert end.sequence.state is State.HELD and "empty" in end.sequence.reason


def test_stop_on_request_and_start_again(running, line, setup):
    controller, machine = Controller(line, setup), ModelLine(line, setup)
    state, _ = drive(controller, machine, 2400)
    state, _ = drive(controller, machine, 400, controller.request(state, Order.STOP))
    assert state.sequence.state is State.STOPPED and state.commands.values[0] == 0.0
    assert not state.product.passage.now or state.sequence.speed == 0.0
    trims = [areal.trim for areal in state.quality.areal]
    state = controller.request(state, Order.RESET, Order.START)
    state, _ = drive(controller, machine, 20, state)
    assert [areal.trim for areal in state.quality.areal] == trims, "what was learnt is kept"
    state, _ = drive(controller, machine, 2400, state)
    assert state.sequence.state is State.EXECUTE


def test_rolls_change_at_their_length(line, setup):
    controller, machine = Controller(line, setup), ModelLine(line, setup)
    machine.wound = line.of_kind("winder")[0].roll_length - 100.0
    state, events = drive(controller, machine, 3200)
    assert [event.message for event in events if event.kind == "roll"] == ["roll 2 begins"]
    table = controller.commands.table
    assert state.commands.values[table.index("winder/roll")] == 2.0


def test_half_and_double_gain_are_stable(line, setup):
    for factor in (0.5, 2.0):
        areal = replace(Parameters().areal, gain_factor=factor)
        controller, machine = Controller(line, setup, Parameters(areal=areal)), ModelLine(line, setup)
        seen = []
        drive(controller, machine, 3000, watch=lambda state, _, kept=seen: kept.append(state.quality.areal[0].trim))
        assert np.ptp(seen[-300:]) < 0.004


def test_mean_time_of_a_tick_is_reported(line, setup, record_property):
    controller, machine = Controller(line, setup), ModelLine(line, setup)
    state, spent = controller.start(), 0.0
    for _ in range(2500):
        readings = machine.exchange(state.commands)
        begin = time.perf_counter()
        state, _ = controller.decide(state, readings)
        spent += time.perf_counter() - begin
    record_property("mean_decide_us", spent / 2500 * 1e6)
