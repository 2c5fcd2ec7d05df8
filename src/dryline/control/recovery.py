"""Recovery: what control does after an alarm has stopped the line, so that a run of hours needs no operator.

After an abort people clear the nips and thread the web again; control waits the time this takes, then orders Clear,
Reset and Start. After a hold it waits until its condition has been away for a while, then orders Unhold. A line that
keeps stopping is given up: so many restarts an hour, no more. What an operator stopped is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from dryline.control.events import Event
from dryline.control.sequence import ORDERS, PRODUCING, Order, SequenceState, State

HOUR = 3600.0
RESTING = frozenset({State.ABORTED, State.HELD, State.STOPPED, State.COMPLETED})
THREADED_BY_HAND = frozenset({State.CLEARING, State.STOPPED, State.RESETTING})
"""States between an abort and the next start: the web is threaded again in them."""


@dataclass(frozen=True)
class RecoveryParameters:
    """Whether control recovers; time of a repair [s], in which people clear the nips and thread again; time [s] for which
    the condition of a hold must have been away; most restarts within an hour. Assumed.
    """

    recover: bool = True
    repair_time: float = 900.0
    away_time: float = 30.0
    most_per_hour: int = 4


class RecoveryState(NamedTuple):
    """What stopped the line ("" where no alarm did), time waited [s], times of the restarts of the last hour [s], whether
    the web is to be threaded again, and whether control has given up.
    """

    reason: str = ""
    waited: float = 0.0
    restarts: tuple[float, ...] = ()
    thread: bool = False
    given_up: bool = False

    @property
    def under_way(self) -> bool:
        """Whether control will lead the line on by itself."""
        return bool(self.reason) and not self.given_up


def recovery_step(
    p: RecoveryParameters,
    state: RecoveryState,
    sequence: SequenceState,
    alarm: str,
    ready: bool,
    time: float,
    dt: float,
) -> tuple[RecoveryState, tuple[Order, ...], list[Event]]:
    """Advance by one tick; returns the state, the orders to give now, and what is to be told.

    Parameters
    ----------
    sequence : SequenceState
        The sequence after this tick.
    alarm : str
        Source and text of the alarm that took the line out of its state in this tick, else empty.
    ready : bool
        No standing alarm holds the line, rolls are warm and the powder is primed: what a hold waits for.
    """
    now = sequence.state
    if alarm:
        state = state._replace(reason=alarm, waited=0.0)
    if now in PRODUCING:
        return RecoveryState(restarts=state.restarts), (), []
    broken = state.thread or now is State.ABORTED
    state = state._replace(thread=broken and (now in THREADED_BY_HAND or now is State.ABORTED))
    if now not in (State.ABORTED, State.HELD) or not state.under_way or sequence.orders:
        return state, (), []
    events: list[Event] = []
    if sequence.since == 0.0:
        recent = tuple(at for at in state.restarts if time - at < HOUR)
        state = state._replace(restarts=recent, given_up=not p.recover or len(recent) >= p.most_per_hour)
        if state.given_up:
            text = f"{len(recent)} restarts within an hour" if p.recover else "recovery is switched off"
            return state, (), [Event(time, "given up", "line", f"{text}; the line stays stopped: {state.reason}")]
        if now is State.ABORTED:
            events.append(Event(time, "repair", "line", f"nips are cleared and the web threaded again: {state.reason}"))
    waited = state.waited + dt if ready or now is State.ABORTED else 0.0
    state = state._replace(waited=waited)
    if waited < (p.repair_time if now is State.ABORTED else p.away_time) - 1e-9:
        return state, (), events
    orders = (Order.CLEAR, Order.RESET, Order.START) if now is State.ABORTED else (Order.UNHOLD,)
    events.append(Event(time, "restart", "line", f"restart {len(state.restarts) + 1} within an hour, after {state.reason}"))
    return state._replace(restarts=(*state.restarts, time), waited=0.0), orders, events


def at_rest(sequence: SequenceState, recovery: RecoveryState, changing: bool) -> bool:
    """Whether the line rests and neither recovery, a roll change nor an order that waits will lead it on."""
    now, orders = sequence.state, sequence.orders
    if now not in RESTING or (orders and (now, orders[0]) in ORDERS):
        return False
    if now in (State.ABORTED, State.HELD) and not orders:
        return not (recovery.under_way or changing)
    return True
