"""Recovery: repair and restart after a break, unhold after a hold, and when control gives up."""

from __future__ import annotations

from dataclasses import replace

import pytest
from model_line import ModelLine
from test_controller import drive

from dryline.control.controller import Controller
from dryline.control.parameters import Parameters
from dryline.control.recovery import RecoveryParameters, RecoveryState, at_rest, recovery_step
from dryline.control.sequence import Order, SequenceState, State

P = RecoveryParameters(repair_time=2.0, away_time=1.0, most_per_hour=2)


def stand(state, now, ticks, start=0.0, ready=lambda n: True, alarm="gauge: web break", p=P):
    """Ticks in a state that an alarm has led to; returns the state, the tick of the first order, the orders and events."""
    told = []
    for n in range(ticks):
        sequence = SequenceState(now, since=0.1 * n)
        state, orders, events = recovery_step(p, state, sequence, "" if n else alarm, ready(n), start + 0.1 * n, 0.1)
        told += events
        if orders:
            return state, n, orders, told
    return state, None, (), told


def test_after_an_abort_it_repairs_then_clears_resets_and_starts():
    state, n, orders, told = stand(RecoveryState(), State.ABORTED, 100)
    assert n == 19 and orders == (Order.CLEAR, Order.RESET, Order.START)
    assert [event.kind for event in told] == ["repair", "restart"] and "web break" in told[0].message
    for now in (State.CLEARING, State.STOPPED, State.RESETTING):
        state, orders, _ = recovery_step(P, state, SequenceState(now), "", True, 3.0, 0.1)
        assert state.thread and not orders
    state, _, _ = recovery_step(P, state, SequenceState(State.STARTING), "", True, 3.0, 0.1)
    assert not state.thread and not state.under_way


def test_a_hold_ends_when_its_condition_has_been_away_for_a_while():
    state, n, orders, _ = stand(RecoveryState(), State.HELD, 100, ready=lambda n: n >= 30 and n != 35)
    assert n == 36 + 9 and orders == (Order.UNHOLD,)
    assert stand(RecoveryState(), State.HELD, 500, ready=lambda n: False)[1] is None
    assert not state.thread


def test_what_an_operator_stopped_is_left_alone():
    for now in (State.HELD, State.ABORTED):
        state, n, _, told = stand(RecoveryState(), now, 500, alarm="")
        assert n is None and told == [] and at_rest(SequenceState(now), state, False)


def test_an_order_that_waits_ends_the_recovery():
    state = stand(RecoveryState(), State.ABORTED, 5)[0]
    assert not at_rest(SequenceState(State.ABORTED), state, False)
    asked = SequenceState(State.ABORTED, since=0.5, orders=(Order.STOP,))
    assert recovery_step(P, state, asked, "", True, 1.0, 0.1)[1] == () and at_rest(asked, state, False)


def test_it_gives_up_after_so_many_restarts_within_an_hour():
    state = RecoveryState()
    for start in (0.0, 100.0):
        state, n, _, _ = stand(state, State.ABORTED, 100, start)
        assert n is not None
    given_up, n, _, told = stand(state, State.ABORTED, 100, 200.0)
    assert n is None and given_up.given_up and [event.kind for event in told] == ["given up"]
    assert at_rest(SequenceState(State.ABORTED), given_up, False)
    assert stand(state, State.ABORTED, 100, 3700.0)[1] is not None, "an hour later it tries again"
    switched_off = stand(RecoveryState(), State.ABORTED, 100, p=replace(P, recover=False))
    assert switched_off[1] is None and switched_off[0].given_up


def test_a_roll_change_and_waiting_orders_are_no_rest():
    assert not at_rest(SequenceState(State.HELD), RecoveryState(), True)
    assert not at_rest(SequenceState(State.STOPPED, orders=(Order.RESET, Order.START)), RecoveryState(), False)
    assert at_rest(SequenceState(State.STOPPED), RecoveryState(), False)
    assert not at_rest(SequenceState(State.EXECUTE), RecoveryState(), False)


def quick(line, setup, **more):
    return Controller(line, setup, Parameters(recovery=RecoveryParameters(repair_time=20.0, away_time=5.0, **more)))


def test_a_line_whose_web_breaks_makes_product_again(line, setup):
    controller, machine = quick(line, setup), ModelLine(line, setup)
    state, _ = drive(controller, machine, 2400)
    assert state.product.flag
    machine.broken = True
    product = []
    state, events = drive(controller, machine, 3500, state, watch=lambda s, _: product.append(s.product.flag))
    told = [event.message.split(":")[0] for event in events if event.kind in ("state", "repair", "restart")]
    assert told == [
        "Aborting", "Aborted", "nips are cleared and the web threaded again", "restart 1 within an hour, after thinning_nip_a1",
        "Clearing", "Stopped", "Resetting", "Idle", "Starting", "Execute",
    ]  # fmt: skip
    assert not machine.broken and state.product.flag and state.sequence.state is State.EXECUTE
    scrap = product.index(False)
    assert scrap < 40 and not any(product[scrap : scrap + 1900]), "all web that stood in the line is scrap"


def test_breaks_that_do_not_end_stop_the_line_for_good(line, setup):
    controller, machine = quick(line, setup, most_per_hour=1), ModelLine(line, setup)

    def weak(_: float, values) -> int:
        values[...] = 0.0
        return 0

    machine.faults = {"unwinder/tension": weak}
    state, events = drive(controller, machine, 4000)
    assert state.sequence.state is State.ABORTED and state.resting
    assert [event.kind for event in events if event.kind in ("repair", "restart", "given up")] == [
        "repair", "restart", "given up",
    ]  # fmt: skip


def test_an_empty_hopper_holds_and_the_line_goes_on_when_it_is_full_again(line, setup):
    controller, machine = quick(line, setup), ModelLine(line, setup)
    state, _ = drive(controller, machine, 2400)
    machine.level = 0.05
    state, events = drive(controller, machine, 600, state)
    assert "Held" in {event.message.split(":")[0] for event in events if event.kind == "state"}
    assert not state.resting, "its feeders fill the hopper meanwhile"
    state, events = drive(controller, machine, 6000, state)
    assert state.sequence.state is State.EXECUTE and state.product.flag
    assert [event.kind for event in events if event.kind in ("restart", "given up")] == ["restart"]


def test_a_line_that_stands_against_its_set_point_is_a_break(line, setup):
    controller, machine = quick(line, setup), ModelLine(line, setup)
    nip = line.nips[-1].name

    def standing(_: float, values) -> int:
        values[...] = 0.0
        return 0

    state, _ = drive(controller, machine, 30)
    machine.faults = {f"{nip}/speed": standing}
    state, events = drive(controller, machine, 60, state)
    assert state.sequence.state in (State.ABORTING, State.ABORTED) and "stands" in state.sequence.reason
    assert any(event.kind == "alarm" for event in events)


@pytest.mark.parametrize("recover", [True, False])
def test_recovery_can_be_switched_off(line, setup, recover):
    controller, machine = quick(line, setup, recover=recover), ModelLine(line, setup)
    state, _ = drive(controller, machine, 2400)
    machine.broken = True
    state, _ = drive(controller, machine, 400, state)
    assert (state.sequence.state is State.ABORTED) is not recover and state.resting is not recover
