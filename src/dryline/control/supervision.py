"""What the sequence and the alarms look at in a tick of readings: speed, warmth, priming, breaks, forces,
dead signals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dryline.control.alarms import AlarmParameters, Condition
from dryline.control.plan import Plan
from dryline.control.sequence import PRODUCING, THREADING, Order, SequenceState, Situation, State
from dryline.control.signals import Frame
from dryline.control.wiring import ReadingPlaces, first_nips
from dryline.line.schema import Line
from dryline.line.setup import SetUp
from dryline.line.tags import FILM_LOST, INTERLOCKS

STILL = 0.005
"""Below this speed the line stands [m/s]."""
OTHERS = len(INTERLOCKS) - 1
"""Code of a nip that has opened because another has."""


class Span(NamedTuple):
    """A span under tension: where that is read, line metres to its end, tension [N/m] that says it has lost its
    web, and what it is then.
    """

    tension: int
    path: float
    least: float
    broken: Condition


class Load(NamedTuple):
    """A loaded nip: where the forces of both sides are read, their limit [N], and what it is beyond that."""

    force: slice
    limit: float
    trip: Condition


@dataclass(frozen=True)
class Supervision:
    """Limits by span and nip (processing order) with ready-made conditions, and set-up figures.

    `warm_within` [K] about the set-up counts as warm; `primed_share` [1] of the hopper's level set point as
    primed; `settling` [m] a span may take after threading before its tension counts; `closed_within` [m] of its set-up a nip
    counts as closed. Assumed.
    """

    spans: tuple[Span, ...]
    loads: tuple[Load, ...]
    temperatures: tuple[float, ...]
    chocks: tuple[float, ...]
    """Chock gap of every nip in `ReadingPlaces.first_positions`."""
    level_min: float
    level_set_point: float
    interlocks: tuple[tuple[Condition | None, ...], ...]
    """By nip and code of its interlock: the alarm it is."""
    empty: Condition
    stalled: Condition
    warm_within: float = 3.0
    primed_share: float = 0.5
    settling: float = 1.0
    closed_within: float = 50e-6


def supervision_of(line: Line, setup: SetUp, p: AlarmParameters, plan: Plan, at: ReadingPlaces) -> Supervision:
    """Limits of `line` at the operating point `setup`; a nip without a span before it has no tension."""
    nips = {nip.name: nip for nip in setup.nips}
    order = [nips[nip.name] for nip in line.nips]
    hopper, winder = line.of_kind("surge_hopper")[0], line.of_kind("winder")[0]

    def span(name: str, tension: int, path: float, wanted: float) -> Span:
        broken = Condition(name, "web break: tension has collapsed", p.break_time, Order.ABORT)
        return Span(tension, path, p.break_share * wanted, broken)

    foil_spans = [
        span(unwinder.name, at.foil_tension, 0.0, unwinder.tension)
        for unwinder in line.of_kind("foil_unwinder")
        if at.foil_tension is not None
    ]
    nip_spans = [
        span(nip.name, tension, path, nip.span_tension)
        for nip, tension, path in zip(order, at.tensions, plan.sequence.nip_paths, strict=True)
        if nip.span_tension > 0.0 and path > 0.0
    ]
    return Supervision(
        spans=(*nip_spans, *foil_spans, span(winder.name, at.winder_tension, plan.sequence.path, winder.tension)),
        loads=tuple(
            Load(
                force,
                min(nip.max_force, nip.max_line_load * line.pressed_width(nip)),
                Condition(nip.name, "force above its limit", p.force_time, Order.ABORT),
            )
            for nip, force in zip(line.nips, at.forces, strict=True)
        ),
        temperatures=tuple(nip.roll_temperature for nip in order),
        chocks=tuple(nips[name].chock_gap for name in first_nips(line)),
        level_min=hopper.level_min,
        level_set_point=hopper.level,
        interlocks=tuple(
            tuple(
                Condition(nip.name, _opened(text), 0.0, Order.ABORT) if 0 < code < OTHERS else None
                for code, text in enumerate(INTERLOCKS)
            )
            for nip in line.nips
        ),
        empty=Condition(hopper.name, "surge hopper empty", p.level_time, Order.HOLD),
        stalled=Condition("line", "web break or drive: the line stands against its set point", p.stall_time, Order.ABORT),
    )


def _opened(text: str) -> str:
    """What an interlock of a drive means for the line."""
    return f"{'web break: ' if text == FILM_LOST else ''}its drive has opened it: {text}"


def line_speed(frame: Frame, at: ReadingPlaces, commanded: float, ratio: float) -> float:
    """Measured line speed [m/s]: of lamination, else of the winder, else as commanded."""
    speed = frame.numbers[at.line_speed]
    if speed is not None:
        return max(speed / ratio, 0.0)
    speed = frame.numbers[at.winder_speed]
    return commanded if speed is None else max(speed, 0.0)


def situation(sup: Supervision, frame: Frame, at: ReadingPlaces, state: State, speed: float) -> Situation:
    """What lets the sequence go on; warmth and priming are looked at only while resetting and held, whether the nips that make
    the film are closed only before a start: a film that is laid meanwhile would be as thick as the nip is open.
    """
    if state in THREADING and speed < STILL:
        closed = True
        for place, chock in zip(at.first_positions, sup.chocks, strict=True):
            for position in frame.numbers[place]:
                closed = closed and (position is None or position - chock < sup.closed_within)
        return Situation(speed, True, True, closed)
    if state not in (State.RESETTING, State.HELD):
        return Situation(speed, True, True)
    warm = True
    for tag, wanted in zip(at.roll_temperatures, sup.temperatures, strict=True):
        measured = frame.numbers[tag]
        warm = warm and measured is not None and abs(measured - wanted) <= sup.warm_within
    level = frame.numbers[at.level]
    return Situation(speed, warm, level is not None and level >= sup.primed_share * sup.level_set_point)


def conditions(
    sup: Supervision,
    p: AlarmParameters,
    plan: Plan,
    frame: Frame,
    at: ReadingPlaces,
    sequence: SequenceState,
    speed: float,
) -> list[Condition]:
    """What is wrong in this tick."""
    found: list[Condition] = []
    numbers, producing = frame.numbers, sequence.state in PRODUCING
    if producing and sequence.speed > plan.sequence.still:
        if speed <= plan.sequence.still:
            found.append(sup.stalled)
        reached = sequence.threaded - sup.settling
        for place, path, least, broken in sup.spans:
            if reached > path:
                tension = numbers[place]
                if tension is not None and tension < least:
                    found.append(broken)
    for place, conditions_of in zip(at.interlocks, sup.interlocks, strict=True):
        code = numbers[place]
        if code and (condition := conditions_of[int(code)]) is not None:
            found.append(condition)
    for places, limit, trip in sup.loads:
        drive, operator = numbers[places]
        if drive is not None and operator is not None and drive + operator > limit:
            found.append(trip)
    if producing:
        level = numbers[at.level]
        if level is not None and level < sup.level_min:
            found.append(sup.empty)
    if frame.missing:
        found.extend(_silent(p, plan, frame, at, sequence, producing))
    return found


def _silent(
    p: AlarmParameters, plan: Plan, frame: Frame, at: ReadingPlaces, sequence: SequenceState, producing: bool
) -> list[Condition]:
    """Signals without a believable value; a gauge counts only once the film has reached it."""
    found: list[Condition] = []
    for number in frame.missing:
        gauge = at.gauge_tags.get(number)
        if gauge is not None and not (producing and sequence.threaded > plan.gauge_paths[gauge] + 1.0):
            continue
        path = at.signals.table.tags[number].path
        if np.isfinite(frame.values[at.signals.places[number]]).all():
            found.append(Condition(path, "no believable value for too long", p.signal_time, None))
        else:
            found.append(Condition(path, "not a number", 0.0, None))
    return found
