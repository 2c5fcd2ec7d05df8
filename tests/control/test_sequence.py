"""The state table: starts, threads, ramps, stops, holds and aborts in the right order."""

from __future__ import annotations

from itertools import pairwise

import pytest

from dryline.control.sequence import (
    ENDS,
    ORDERS,
    Order,
    SequencePlan,
    SequenceState,
    Situation,
    State,
    open_nips,
    ordered,
    sequence_step,
)
from dryline.control.speeds import SpeedParameters, ramped

DT = 0.1
PLAN = SequencePlan(nip_paths=(0.0, 1.5, 3.0, 8.0), path=14.0, speed=1.0)


def drive(state, ticks, warm=True, alarms=None):
    """Advance with a machine whose speed follows the reference one tick later; returns states on the way."""
    seen, speed = [], state.speed
    for n in range(ticks):
        state = sequence_step(
            PLAN, SpeedParameters(), state, Situation(speed, warm, True), (alarms or {}).get(n), DT
        )
        speed = state.speed
        seen.append(state)
    return state, seen


def test_standard_numbers():
    assert [int(s) for s in (State.STOPPED, State.EXECUTE, State.ABORTED, State.COMPLETED)] == [2, 6, 9, 17]
    assert int(Order.ABORT) == 8 and int(Order.COMPLETE) == 10


def test_every_acting_state_ends_and_every_state_can_be_left():
    for (state, _), target in ORDERS.items():
        assert state != target
    waiting = set(State) - set(ENDS)
    assert waiting == {State.STOPPED, State.IDLE, State.EXECUTE, State.ABORTED, State.HELD, State.COMPLETED}
    assert {state for state, _ in ORDERS} >= waiting


def test_a_hot_start_threads_then_ramps_then_executes():
    state, seen = drive(ordered(SequenceState(), Order.RESET, Order.START), 2500)
    names = list(dict.fromkeys(s.state for s in seen))
    assert names == [State.RESETTING, State.IDLE, State.STARTING, State.EXECUTE]
    threading = [s for s in seen if s.state is State.STARTING and s.threaded < PLAN.path]
    assert max(s.speed for s in threading) == pytest.approx(5 / 60)
    steps = [b.speed - a.speed for a, b in pairwise(seen)]
    assert max(steps) <= 2.5 / 60 * DT + 1e-12
    assert state.speed == 1.0


def test_a_cold_machine_waits_in_resetting():
    state, _ = drive(ordered(SequenceState(), Order.RESET, Order.START), 100, warm=False)
    assert state.state is State.RESETTING and state.orders == (Order.START,)
    state, _ = drive(state, 5)
    assert state.state is State.STARTING


def test_nips_close_in_order_before_the_film():
    _, seen = drive(ordered(SequenceState(), Order.RESET, Order.START), 1500)
    closed = [next(n for n, s in enumerate(seen) if not open_nips(PLAN, s)[k]) for k in range(4)]
    assert closed == sorted(closed) and closed[3] > closed[0]
    for k, path in enumerate(PLAN.nip_paths):
        assert seen[closed[k]].threaded <= max(path - PLAN.closing_lead, 0.0) + 0.01


def test_stop_ramps_down_and_opens_at_standstill():
    state, _ = drive(ordered(SequenceState(), Order.RESET, Order.START), 2500)
    state, seen = drive(ordered(state, Order.STOP), 300)
    assert state.state is State.STOPPED and state.speed == 0.0 and all(open_nips(PLAN, state))
    moving = [s for s in seen if s.speed > 0.0]
    assert not any(any(open_nips(PLAN, s)) for s in moving)
    state, _ = drive(ordered(state, Order.RESET, Order.START), 2500)
    assert state.state is State.EXECUTE


def test_complete_leads_to_completed():
    state, _ = drive(ordered(SequenceState(), Order.RESET, Order.START), 2500)
    state, _ = drive(ordered(state, Order.COMPLETE), 300)
    assert state.state is State.COMPLETED


def test_hold_says_why_and_unhold_threads_again():
    state, _ = drive(ordered(SequenceState(), Order.RESET, Order.START), 2500)
    state, _ = drive(state, 300, alarms={0: (Order.HOLD, "hopper empty")})
    assert state.state is State.HELD and state.reason == "hopper empty"
    state, seen = drive(ordered(state, Order.UNHOLD), 2500)
    assert state.state is State.EXECUTE
    assert any(s.state is State.UNHOLDING and s.threaded < 1.0 for s in seen)


def test_abort_opens_at_once_and_only_clear_leads_out():
    state, _ = drive(ordered(SequenceState(), Order.RESET, Order.START), 2500)
    state, seen = drive(state, 100, alarms={0: (Order.ABORT, "web break")})
    assert all(open_nips(PLAN, seen[0])) and state.state is State.ABORTED and state.reason == "web break"
    assert drive(ordered(state, Order.RESET), 10)[0].state is State.ABORTED
    assert drive(ordered(state, Order.CLEAR), 10)[0].state is State.STOPPED


def test_ramped_reaches_and_never_passes_its_target():
    assert ramped(0.0, 1.0, 0.5, 0.1) == pytest.approx(0.05)
    assert ramped(0.99, 1.0, 0.5, 0.1) == 1.0
    assert ramped(0.02, 0.0, 0.5, 0.1) == 0.0
