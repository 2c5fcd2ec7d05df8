"""Roll changes of the foil and of the electrode, planned from metres left and wound; the web they spoil; taper tension.

A flying change keeps the line running: the foil's splice is ordered when the roll is nearly used up, the winder turns its
turret when the roll is full. A change at standstill holds the line, waits the time people need, and goes on. The tape of
a splice is a step of thickness: the gaps behind the unwinder are lifted by it while it passes, their gauges look away, and
the web around it is scrap, as are the last and first metres of an electrode roll. All counted in metres since the splice.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from dryline.control.events import Event
from dryline.control.sequence import PRODUCING, Order, State
from dryline.mechanics.wound_roll import taper_tension

Request = tuple[Order, str]


@dataclass(frozen=True)
class RollParameters:
    """Lengths of web [m].

    reserve: foil on the roll when it is changed; margin: scrap on either side of a splice; settling: web after it until
    its tension transient is down to 5 %; lift: the gaps are lifted so long before and after the tape; blind: gauges look
    away so long before and after it. Assumed.
    """

    reserve: float = 20.0
    margin: float = 2.0
    settling: float = 15.0
    lift: float = 0.5
    blind: float = 2.0


class FoilPlan(NamedTuple):
    """Unwinder: whether it splices flying, time of a change at standstill [s], tape length and thickness [m], foil from the
    splice to the lamination and web from there to the winder [m].
    """

    name: str
    flying: bool
    change_time: float
    tape: float
    thickness: float
    path: float
    to_winder: float


class WinderPlan(NamedTuple):
    """Winder: whether it changes flying, length of a roll [m], time of a change at standstill [s], scrap at both ends of a
    roll [m], tension at the core [N/m], taper [1] and core radius [m].
    """

    name: str
    flying: bool
    roll_length: float
    change_time: float
    scrap: float
    tension: float
    taper: float
    core: float


class RollPlan(NamedTuple):
    """Unwinder, None where the line has none, and winder."""

    foil: FoilPlan | None
    winder: WinderPlan


class RollState(NamedTuple):
    """Number of the electrode roll, wound length at its start [m] and its last known radius [m]; whether the unwinder is
    told to change, foil run since its last splice [m] (None: none on its way); station the line is held for, time waited
    for its people [s].
    """

    roll: int = 1
    roll_start: float = 0.0
    radius: float = 0.0
    change: bool = False
    since: float | None = None
    standing: str = ""
    waited: float = 0.0


def rolls_step(
    p: RollParameters,
    plan: RollPlan,
    state: RollState,
    left: float | None,
    wound: float | None,
    radius: float | None,
    now: State,
    speed: float,
    stop_ramp: float,
    time: float,
    dt: float,
) -> tuple[RollState, Request | None, list[Event]]:
    """Advance by one tick; returns the state, the order the line is to be given for a roll change, and events.

    Parameters
    ----------
    left, wound, radius : float or None
        Foil left on its roll, web wound in all, radius of the electrode roll [m].
    now : State
        State of the line before this tick.
    speed, stop_ramp : float
        Line speed [m/s] and its fall on a stop [m/s2].
    """
    standing = state.standing if now in (State.HOLDING, State.HELD) else ""
    state = RollState(
        state.roll,
        state.roll_start,
        state.radius if radius is None else radius,
        state.change,
        _run(p, plan.foil, state.since, speed * dt),
        standing,
        state.waited + dt if standing and now is State.HELD else 0.0,
    )
    braking = speed * speed / (2.0 * stop_ramp)
    running = now in PRODUCING and speed > 0.0
    state, request, events = _foil(p, plan, state, left, wound, running, braking, time)
    state, other, more = _winder(plan.winder, state, wound, running, braking, time)
    return state, request or other, events + more


def _run(p: RollParameters, foil: FoilPlan | None, since: float | None, metres: float) -> float | None:
    """Foil run since the splice [m]; None once its web is wound."""
    if foil is None or since is None:
        return None
    run = since + metres
    return run if run <= foil.path + foil.to_winder + max(foil.tape, p.settling) + p.margin else None


def _foil(
    p: RollParameters,
    plan: RollPlan,
    state: RollState,
    left: float | None,
    wound: float | None,
    running: bool,
    braking: float,
    time: float,
) -> tuple[RollState, Request | None, list[Event]]:
    """Foil: flying splice at the reserve, or a stop that ends with it."""
    foil = plan.foil
    if foil is None:
        return state, None, []
    if state.change:
        return state._replace(change=left is None or left <= p.reserve), None, []
    due = left is not None and left <= p.reserve + (0.0 if foil.flying else braking)
    if state.standing == foil.name:
        if state.waited < foil.change_time:
            return state, None, []
        spliced, event = _spliced(foil, state, wound, time)
        return spliced, (Order.UNHOLD, ""), [event]
    if not (due and running):
        return state, None, []
    if foil.flying:
        spliced, event = _spliced(foil, state, wound, time)
        return spliced, None, [event]
    event = Event(time, "change", foil.name, "the line stops for a new roll of foil")
    return state._replace(standing=foil.name), (Order.HOLD, f"{foil.name}: roll change"), [event]


def _spliced(foil: FoilPlan, state: RollState, wound: float | None, time: float) -> tuple[RollState, Event]:
    """State and event of a splice that begins now."""
    to_come = foil.path + foil.to_winder
    place = float("nan") if wound is None else wound + to_come
    event = Event(time, "splice", foil.name, f"new roll of foil; its splice reaches the winder in {to_come:.1f} m", place)
    return state._replace(change=True, since=0.0), event


def _winder(
    winder: WinderPlan, state: RollState, wound: float | None, running: bool, braking: float, time: float
) -> tuple[RollState, Request | None, list[Event]]:
    """Electrode: the next roll at full length, flying, or after a stop that ends there."""
    if wound is None:
        return state, None, []
    if wound < state.roll_start:
        state = state._replace(roll_start=wound)
    on_roll = wound - state.roll_start
    if winder.flying:
        return _next_roll(winder, state, wound, time, None) if on_roll >= winder.roll_length else (state, None, [])
    if state.standing == winder.name:
        if state.waited < winder.change_time:
            return state, None, []
        return _next_roll(winder, state, wound, time, (Order.UNHOLD, ""))
    if running and not state.standing and on_roll + braking >= winder.roll_length:
        event = Event(time, "change", winder.name, f"the line stops for roll {state.roll + 1}")
        return state._replace(standing=winder.name), (Order.HOLD, f"{winder.name}: roll change"), [event]
    return state, None, []


def _next_roll(
    winder: WinderPlan, state: RollState, wound: float, time: float, request: Request | None
) -> tuple[RollState, Request | None, list[Event]]:
    """The next electrode roll begins now."""
    event = Event(time, "roll", winder.name, f"roll {state.roll + 1} begins")
    return state._replace(roll=state.roll + 1, roll_start=wound), request, [event]


def spoiled(p: RollParameters, plan: RollPlan, state: RollState, wound: float | None) -> str:
    """What makes the web at the winder scrap now: "splice", "roll change" or nothing."""
    foil, winder = plan.foil, plan.winder
    if foil is not None and state.since is not None and state.since >= foil.path + foil.to_winder - p.margin:
        return "splice"
    if wound is None:
        return ""
    on_roll = wound - state.roll_start
    first = winder.scrap if state.roll > 1 else -inf
    return "roll change" if on_roll < first or on_roll >= winder.roll_length - winder.scrap else ""


def tape_passes(plan: RollPlan, state: RollState, behind: float, margin: float) -> bool:
    """Whether the tape of a splice, with a margin [m] on both sides, is at a place [m] behind the lamination."""
    foil = plan.foil
    if foil is None or state.since is None:
        return False
    past = state.since - foil.path - behind
    return -margin <= past <= foil.tape + margin


def winding_tension(plan: RollPlan, state: RollState) -> float:
    """Set point of the winding tension [N/m] at the radius of now."""
    winder = plan.winder
    return taper_tension(max(state.radius, winder.core), winder.core, winder.tension, winder.taper)
