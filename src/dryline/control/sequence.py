"""States of the line after PackML (numbers of the standard), as a table, and what each state asks of the
line.

Stopped, Resetting (rolls warm, powder primed; satisfied at once on a hot start), Idle, Starting (thread until
the film of both sides has reached the winder, then ramp), Execute, Completing or Stopping (ramp down); an
alarm holds or aborts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from dryline.control.speeds import SpeedParameters, ramped


class State(IntEnum):
    """PackML states this line uses, by their standard numbers."""

    CLEARING = 1
    STOPPED = 2
    STARTING = 3
    IDLE = 4
    EXECUTE = 6
    STOPPING = 7
    ABORTING = 8
    ABORTED = 9
    HOLDING = 10
    HELD = 11
    UNHOLDING = 12
    RESETTING = 15
    COMPLETING = 16
    COMPLETED = 17


class Order(IntEnum):
    """PackML commands this line takes, by their standard numbers."""

    RESET = 1
    START = 2
    STOP = 3
    HOLD = 4
    UNHOLD = 5
    ABORT = 8
    CLEAR = 9
    COMPLETE = 10


_RUNNING = (State.STARTING, State.EXECUTE, State.UNHOLDING)
_STOPPABLE = (
    *_RUNNING,
    State.IDLE,
    State.RESETTING,
    State.HOLDING,
    State.HELD,
    State.COMPLETING,
    State.COMPLETED,
)

ORDERS: dict[tuple[State, Order], State] = {
    (State.STOPPED, Order.RESET): State.RESETTING,
    (State.COMPLETED, Order.RESET): State.RESETTING,
    (State.IDLE, Order.START): State.STARTING,
    (State.HELD, Order.UNHOLD): State.UNHOLDING,
    (State.ABORTED, Order.CLEAR): State.CLEARING,
    **{(state, Order.HOLD): State.HOLDING for state in _RUNNING},
    **{(state, Order.COMPLETE): State.COMPLETING for state in _RUNNING},
    **{(state, Order.STOP): State.STOPPING for state in _STOPPABLE},
    **{
        (state, Order.ABORT): State.ABORTING
        for state in (*_STOPPABLE, State.STOPPED, State.STOPPING, State.CLEARING)
    },
}
"""Which order leads from which state where; an order not listed here is refused."""

ENDS: dict[State, State] = {
    State.RESETTING: State.IDLE,
    State.STARTING: State.EXECUTE,
    State.UNHOLDING: State.EXECUTE,
    State.COMPLETING: State.COMPLETED,
    State.STOPPING: State.STOPPED,
    State.HOLDING: State.HELD,
    State.ABORTING: State.ABORTED,
    State.CLEARING: State.STOPPED,
}
"""Where an acting state leads when its work is done."""

THREADING = frozenset({State.STARTING, State.UNHOLDING})
PRODUCING = frozenset({State.STARTING, State.UNHOLDING, State.EXECUTE})
RAMPING_DOWN = frozenset({State.COMPLETING, State.STOPPING, State.HOLDING, State.ABORTING})
BROKEN = frozenset({State.ABORTING, State.ABORTED})
FEEDING = frozenset(
    {State.RESETTING, State.IDLE, *PRODUCING, State.COMPLETING, State.STOPPING, State.HOLDING, State.HELD}
)


@dataclass(frozen=True)
class SequencePlan:
    """Lengths and speeds the sequence needs.

    `nip_paths` [m of line travel] from the powder nip of its side to each nip, in command order; `path` [m]
    of the longest way from a powder nip to the winder; `margin` [m] threaded beyond it; a nip closes
    `closing_lead` [m] before the film; `speed` [m/s] rated; `still` [m/s] counts as standstill. Lead and
    margin assumed.
    """

    nip_paths: tuple[float, ...]
    path: float
    speed: float
    margin: float = 2.0
    closing_lead: float = 1.0
    still: float = 0.005


class SequenceState(NamedTuple):
    """State, time in it [s], web threaded since the start [m], line speed reference [m/s], orders waiting, reason, and the
    speed that is asked for [m/s] (none: the rated one).
    """

    state: State = State.STOPPED
    since: float = 0.0
    threaded: float = 0.0
    speed: float = 0.0
    orders: tuple[Order, ...] = ()
    reason: str = ""
    asked: float | None = None


class Situation(NamedTuple):
    """What the sequence looks at, all measured: line speed [m/s], rolls at temperature, hopper primed, first nips closed."""

    speed: float
    warm: bool
    primed: bool
    closed: bool = True


def ending_order(state: State) -> Order:
    """Order that ends the work of a state: Complete where the line makes electrode, else Stop (a line that warms up, say)."""
    return Order.COMPLETE if (state, Order.COMPLETE) in ORDERS else Order.STOP


def ordered(state: SequenceState, *orders: Order, reason: str = "") -> SequenceState:
    """Replace the waiting orders; each is taken as soon as the state allows it."""
    return state._replace(orders=orders, reason=reason or state.reason)


def sequence_step(
    plan: SequencePlan,
    speeds: SpeedParameters,
    state: SequenceState,
    seen: Situation,
    alarm: tuple[Order, str] | None,
    dt: float,
) -> SequenceState:
    """Advance the sequence by one tick: alarms, then waiting orders, then the work of the state itself."""
    now, since, threaded, speed, orders, reason, asked = state
    rated = plan.speed if asked is None else min(asked, plan.speed)
    since += dt
    following: State | None = None
    if alarm is not None and (target := ORDERS.get((now, alarm[0]))) is not None:
        following, reason, orders = target, alarm[1], ()
    elif orders and (target := ORDERS.get((now, orders[0]))) is not None:
        following, orders = target, orders[1:]
    elif _done(plan, now, speed, rated, seen):
        following = ENDS[now]
    if following is not None:
        if following in THREADING:
            threaded, reason = 0.0, ""
        now, since = following, 0.0

    if now in PRODUCING:
        threaded += seen.speed * dt
        arrived = threaded >= plan.path + plan.margin
        target_speed = rated if arrived or now is State.EXECUTE else min(speeds.thread, rated)
        if not seen.closed:
            target_speed = 0.0
        speed = ramped(speed, target_speed, speeds.ramp, dt)
    elif now in RAMPING_DOWN:
        threaded += seen.speed * dt
        speed = ramped(speed, 0.0, speeds.abort_ramp if now is State.ABORTING else speeds.stop_ramp, dt)
    else:
        speed = 0.0
    return SequenceState(now, since, threaded, speed, orders, reason, asked)


def _done(plan: SequencePlan, now: State, speed: float, rated: float, seen: Situation) -> bool:
    """Whether the work of an acting state is done."""
    if now in THREADING:
        return speed >= rated and seen.speed >= 0.98 * rated
    if now in RAMPING_DOWN:
        return speed <= 0.0 and seen.speed <= plan.still
    if now is State.RESETTING:
        return seen.warm and seen.primed
    return now is State.CLEARING


def open_nips(plan: SequencePlan, state: SequenceState) -> tuple[bool, ...]:
    """Which nips stand open: all at rest and after a break; at a start each closes shortly before the film
    arrives.

    No hot nip stands closed: on the way down they open at standstill.
    """
    ramping_down = state.state in RAMPING_DOWN and state.state is not State.ABORTING and state.speed > 0.0
    if state.state in PRODUCING or ramping_down:
        reached = state.threaded
        return tuple([path - plan.closing_lead > reached for path in plan.nip_paths])
    return (True,) * len(plan.nip_paths)
