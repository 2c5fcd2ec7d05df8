"""Alarms are told once, call for the gravest order and end quietly."""

from __future__ import annotations

from dryline.control.alarms import AlarmParameters, AlarmState, Condition, alarms_step
from dryline.control.sequence import Order

BREAK = Condition("winder", "web break", 0.5, Order.ABORT)
EMPTY = Condition("surge_hopper", "hopper empty", 0.5, Order.HOLD)


def run(rows):
    state, events, calls = AlarmState(), [], []
    for n, row in enumerate(rows):
        state, new, call = alarms_step(AlarmParameters(), state, row, n * 0.1, 0.1)
        events += new
        calls.append(call)
    return state, events, calls


def test_an_alarm_is_told_once_after_its_time():
    _, events, calls = run([[BREAK]] * 100)
    assert [(e.kind, round(e.time, 1)) for e in events] == [("alarm", 0.4)]
    assert calls[3] is None and calls[4:] == [BREAK] * 96, "it calls for its order as long as it stands"


def test_a_flicker_is_no_alarm():
    assert run([[BREAK], []] * 50)[1] == []


def test_the_gravest_order_wins():
    assert set(run([[EMPTY, BREAK]] * 6)[2][4:]) == {BREAK}


def test_it_ends_after_its_clear_time_without_chatter():
    _, events, _ = run([[BREAK]] * 10 + [[], [BREAK]] * 40 + [[]] * 120)
    assert [e.kind for e in events] == ["alarm", "clear"]
