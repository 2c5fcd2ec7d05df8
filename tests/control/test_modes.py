"""Modes of the loops: taken over and handed back while the line runs, without a jump in either direction."""

from __future__ import annotations

import pickle
from types import SimpleNamespace

import numpy as np
import pytest
from model_line import ModelLine
from stack_case import WebLine, stack_of

from dryline.control.active_limit import across_limit, along_limit, left_after
from dryline.control.controller import Controller
from dryline.control.modes import ModeError
from dryline.control.status import loop_statuses
from dryline.line.control import Control

QUALITIES = ("open_loop", "pi_monitor", "smith_pi", "full_stack")


def controlled(line, **control):
    """The same line under another control."""
    other = SimpleNamespace(**vars(line))
    for name in ("of_kind", "pressed_width", "station"):
        setattr(other, name, getattr(line, name))
    other.control = Control(**control)
    return other


def drive(controller, machine, state, ticks):
    """Close the loop; last state, events and the outputs of all loops in every tick."""
    events, outputs = [], []
    for _ in range(ticks):
        state, _ = controller.decide(state, machine.exchange(state.commands))
        events += state.events
        outputs.append({loop.name: loop.output(state) for loop in controller.loops})
    return state, events, outputs


@pytest.fixture(scope="module", params=QUALITIES)
def running(request, line, setup):
    """Controller, machine and state in production under each control."""
    own = controlled(line, quality=request.param)
    controller, machine = Controller(own, setup), ModelLine(line, setup)
    state, _, _ = drive(controller, machine, controller.start(), 2500)
    return controller, pickle.dumps((machine, state))


def settable(controller):
    return [loop for loop in controller.loops if loop.output_at is not None and not loop.fixed]


def test_every_loop_of_the_status_can_be_taken_over(running):
    controller, kept = running
    _, state = pickle.loads(kept)
    names = [status.name for status in loop_statuses(controller, state)]
    assert len(set(names)) == len(names) and names[0] == "line speed"
    assert [loop.name for loop in controller.loops] == names[1:]
    for loop in controller.loops:
        state = controller.set_mode(state, loop.name, "manual")
    modes = {status.name: (status.mode, status.limit) for status in loop_statuses(controller, state)}
    assert all(modes[name] == ("manual", "") for name in names[1:])


def test_a_loop_in_manual_stays_and_comes_back_without_a_jump(running):
    """All at once: what is in force stays in force to the last bit, and its first moves in auto are those of a loop."""
    controller, kept = running
    machine, state = pickle.loads(kept)
    loops = settable(controller)
    before = {loop.name: loop.output(state) for loop in loops}
    _, _, free = drive(controller, pickle.loads(kept)[0], state, 300)
    for loop in controller.loops:
        state = controller.set_mode(state, loop.name, "manual")
    state, events, outputs = drive(controller, machine, state, 300)
    closed = [loop for loop in controller.loops if loop.closed != "manual"]
    told = {event.source: event.message for event in events if event.kind == "mode"}
    assert told == {loop.name: f"{loop.closed} -> manual" for loop in closed}
    for loop in loops:
        for row in outputs:
            assert np.array_equal(row[loop.name], before[loop.name]), loop.name
    for loop in closed:
        state = controller.set_mode(state, loop.name, "auto")
    state, events, back = drive(controller, machine, state, 300)
    assert {event.source: event.message for event in events if event.kind == "mode"} == {
        loop.name: f"manual -> {loop.closed}" for loop in closed
    }
    for loop in loops:
        path = np.array([np.atleast_1d(row[loop.name]) for row in [{loop.name: before[loop.name]}, *back]])
        usual = np.abs(np.diff([np.atleast_1d(row[loop.name]) for row in free], axis=0)).max()
        steps, whole = np.abs(np.diff(path, axis=0)), np.ptp(path, axis=0).max()
        assert steps[0].max() <= max(1.5 * usual, 0.05 * whole, 1e-12), loop.name


def test_an_output_set_by_hand_is_what_is_commanded(running):
    controller, kept = running
    machine, state = pickle.loads(kept)
    loops = settable(controller)
    wanted = {}
    for loop in loops:
        state = controller.set_mode(state, loop.name, "manual")
        now = loop.output(state)
        if loop.nearest is None:
            wanted[loop.name] = now + 0.1 * (loop.high - now)
        else:
            trims = np.zeros_like(now)
            trims[len(trims) // 2] = 0.4 * loop.high
            wanted[loop.name] = trims
        state = controller.set_output(state, loop.name, wanted[loop.name])
    seen = pickle.dumps(state)
    after, events, outputs = drive(controller, machine, state, 5)
    assert pickle.dumps(state) == seen, "a state that was handed out stays as it is"
    assert sum(event.kind == "mode" and "output" in event.message for event in events) == len(loops)
    for loop in loops:
        mean = np.mean(wanted[loop.name]) if loop.nearest is not None else 0.0
        assert outputs[-1][loop.name] == pytest.approx(wanted[loop.name] - mean, rel=1e-9, abs=2e-3 * loop.high * (mean != 0))
    table, values = controller.commands.table, after.commands.values
    assert values[table.index("feeder_active/screw_speed")] == pytest.approx(wanted["feeder_active"])
    assert values[table.index("fibrillator/jacket_temperature")] == pytest.approx(wanted["fibrillator temperature"])
    assert values[table.index("metering_a/rate")] == pytest.approx(wanted["areal mass A"])
    tilts = values[table.index("thinning_nip_a2/tilt")], values[table.index("lamination/tilt")]
    assert tilts == pytest.approx((wanted["thinning_nip_a2 tilt"], wanted["lamination tilt"]))


def test_wrong_names_modes_and_outputs_are_refused(running):
    controller, kept = running
    _, state = pickle.loads(kept)
    with pytest.raises(ModeError, match="there is no loop 'areal mas A'; did you mean 'areal mass A'"):
        controller.set_mode(state, "areal mas A", "manual")
    with pytest.raises(ModeError, match=r"there is no mode 'manua'.*did you mean 'manual'"):
        controller.set_mode(state, "areal mass A", "manua")
    manual = controller.set_mode(state, "areal mass A", "manual")
    loop = controller.loops[0]
    with pytest.raises(ModeError, match="out of its range"):
        controller.set_output(manual, "areal mass A", 1.01 * loop.high)
    with pytest.raises(ModeError, match="out of its range"):
        controller.set_output(manual, "areal mass A", np.nan)
    with pytest.raises(ModeError, match=r"give 1 value\(s\), not 3"):
        controller.set_output(manual, "areal mass A", [0.1, 0.2, 0.3])
    if loop.closed == "manual":
        with pytest.raises(ModeError, match="its gain is zero"):
            controller.set_mode(state, "areal mass A", "auto")
    else:
        with pytest.raises(ModeError, match="set its mode to manual"):
            controller.set_output(state, "areal mass A", loop.low)


def test_the_ratio_is_handed_over_in_a_straight_line(line, setup):
    """Noise-free films: a scale that shows 1 % too much is worked off again over the closed-loop length."""
    plan, figures, stack = stack_of(line, setup, closed_loop_length=10.0)
    web = WebLine(plan, figures, scale=(0.01, 0.01))
    state, references = stack.start()
    state.sides["manual"] = True
    for _ in range(100):
        state, references, _ = stack.step(state, web.step(references))
    assert (references.rates == 1.0).all() and (references.ratios == 1.0).all()
    sides = state.sides.copy()
    sides["manual"] = False
    state, path, places = state._replace(sides=sides), [1.0], [state.sides["place"][0]]
    for _ in range(130):
        state, references, _ = stack.step(state, web.step(references))
        path.append(references.ratios[0])
        places.append(state.sides["place"][0])
    moves = np.abs(np.diff(path))
    assert moves.max() < 5e-4, "a tick moves a share of what is left, not all of it"
    assert state.sides["handing"][0] == 0.0 and places[-1] - places[0] > 10.0


def test_a_filter_says_which_part_of_its_error_is_the_larger(line, setup):
    known = np.diag([1e-8, 1e-8, 1e-8])
    assert along_limit(known, 1e-3, left_after(0.0, 1.0, 10.0)) == "noise", "nothing changes where there is no delay"
    assert along_limit(known, 1e-3, left_after(5.0, 1.0, 10.0)) == "delay"
    assert along_limit(known, 1e-5, left_after(5.0, 1.0, 10.0)) == "noise"
    segments = np.zeros((4, 5))
    assert across_limit(segments, 1e-3, 0.5) == "delay"
    segments[:, 2] = 1e-4
    assert across_limit(segments, 1e-3, 0.5) == "noise"
    plan, figures, stack = stack_of(line, setup)
    web, (state, references) = WebLine(plan, figures), stack.start()
    assert {status.limit for status in stack.statuses(state)} == {"held"}
    for _ in range(200):
        state, references, _ = stack.step(state, web.step(references))
    limits = {status.name: status.limit for status in stack.statuses(state)}
    assert limits["areal mass A"] in ("delay", "noise") and limits["lamination thickness"] == "delay"
    state, *_ = stack.step(state, web.step(references, blind=True))
    limits = {status.name: status.limit for status in stack.statuses(state)}
    assert limits["areal mass A"] == limits["areal mass by scanner"] == "held"
    state.sides["limited"], state.sides["held"] = True, False
    assert stack.statuses(state)[0].limit == "range"
