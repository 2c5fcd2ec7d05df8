"""Alarms: web break, force trip, hopper empty, signals that say nothing. Each is told once, and again when it
ends.

These are process alarms of a supervisory system; safety functions belong to a safety PLC.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from dryline.control.events import Event
from dryline.control.sequence import Order


@dataclass(frozen=True)
class AlarmParameters:
    """Thresholds (assumed).

    A span whose tension falls below `break_share` [1] of its set-up for `break_time` [s] has lost its web; a
    force above its limit for `force_time` [s] trips; `level_time` [s] below the hopper's lowest level holds; a line that
    stands for `stall_time` [s] although it is given a speed has lost its web or a drive;
    a signal marked bad for longer than `signal_time` [s] (a gauge standardises in 10 s), or a number that is
    not one, is an alarm; an alarm ends when its condition has been away for `clear_time` [s] (no chatter).
    """

    break_share: float = 0.2
    break_time: float = 1.5
    force_time: float = 0.2
    level_time: float = 1.0
    stall_time: float = 3.0
    signal_time: float = 15.0
    clear_time: float = 10.0


class Condition(NamedTuple):
    """Something that may be wrong: its name, text, how long [s] it must last, and the order it calls for."""

    source: str
    text: str
    lasting: float
    order: Order | None


class AlarmState(NamedTuple):
    """Per condition that is or was true lately: (seconds true, seconds away); and those that are told."""

    running: tuple[tuple[Condition, float, float], ...] = ()
    told: frozenset[Condition] = frozenset()


def alarms_step(
    p: AlarmParameters, state: AlarmState, true_now: list[Condition], time: float, dt: float
) -> tuple[AlarmState, list[Event], Condition | None]:
    """Advance the alarms with the conditions that are true in this tick.

    Returns the state, what is new (an alarm begins or ends) and the gravest standing alarm that calls for an
    order (Abort before Hold); an order that the state of the line does not take has no effect.
    """
    if not true_now and not state.running:
        return state, [], None
    events: list[Event] = []
    running: list[tuple[Condition, float, float]] = []
    told = state.told
    call: Condition | None = None
    known = {condition: (lasted, away) for condition, lasted, away in state.running}
    for condition in true_now:
        lasted, _ = known.pop(condition, (0.0, 0.0))
        lasted += dt
        running.append((condition, lasted, 0.0))
        if lasted >= condition.lasting - 1e-9 and condition not in told:
            told = told | {condition}
            events.append(Event(time, "alarm", condition.source, condition.text))
        if condition in told and condition.order is not None:
            if call is None or condition.order > (call.order or 0):
                call = condition
    for condition, (lasted, away) in known.items():
        if condition not in told:
            continue
        if away + dt < p.clear_time:
            running.append((condition, lasted, away + dt))
        else:
            told = told - {condition}
            events.append(Event(time, "clear", condition.source, condition.text))
    return AlarmState(tuple(running), told), events, call
