"""What the sequence and the alarms look at in a tick of readings: speed, warmth, priming, breaks, forces,
dead signals.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from dryline.control.alarms import AlarmParameters, Condition
from dryline.control.plan import Plan
from dryline.control.sequence import PRODUCING, Order, SequenceState, Situation, State
from dryline.control.signals import Frame, value
from dryline.control.wiring import ReadingPlaces
from dryline.line.schema import Line
from dryline.line.setup import SetUp


@dataclass(frozen=True)
class Supervision:
    """Limits and set-up figures by nip (processing order), and ready-made conditions.

    `warm_within` [K] about the set-up counts as warm; `primed_share` [1] of the hopper's level set point as
    primed; `settling` [m] a span may take after threading before its tension counts. Assumed.
    """

    tensions: tuple[float, ...]
    temperatures: tuple[float, ...]
    force_limits: tuple[float, ...]
    winder_tension: float
    level_min: float
    level_set_point: float
    breaks: tuple[Condition, ...]
    trips: tuple[Condition, ...]
    empty: Condition
    warm_within: float = 3.0
    primed_share: float = 0.5
    settling: float = 1.0


def supervision_of(line: Line, setup: SetUp, p: AlarmParameters) -> Supervision:
    """Limits of `line` at the operating point `setup`."""
    nips = {nip.name: nip for nip in setup.nips}
    order = [nips[nip.name] for nip in line.nips]
    hopper, winder = line.of_kind("surge_hopper")[0], line.of_kind("winder")[0]
    width = line.web.film_width
    return Supervision(
        tensions=tuple(nip.span_tension for nip in order),
        temperatures=tuple(nip.roll_temperature for nip in order),
        force_limits=tuple(min(nip.max_force, nip.max_line_load * width) for nip in line.nips),
        winder_tension=winder.tension,
        level_min=hopper.level_min,
        level_set_point=hopper.level,
        breaks=tuple(
            Condition(name, "web break: tension has collapsed", p.break_time, Order.ABORT)
            for name in (*(nip.name for nip in line.nips), winder.name)
        ),
        trips=tuple(
            Condition(nip.name, "force above its limit", p.force_time, Order.ABORT) for nip in line.nips
        ),
        empty=Condition(hopper.name, "surge hopper empty", p.level_time, Order.HOLD),
    )


def line_speed(frame: Frame, at: ReadingPlaces, commanded: float, ratio: float) -> float:
    """Measured line speed [m/s]: of lamination, else of the winder, else as commanded."""
    speed = value(frame, at.line_speed)
    if speed is not None:
        return max(speed / ratio, 0.0)
    speed = value(frame, at.winder_speed)
    return commanded if speed is None else max(speed, 0.0)


def situation(sup: Supervision, frame: Frame, at: ReadingPlaces, state: State, speed: float) -> Situation:
    """What lets the sequence go on; warmth and priming are looked at only while resetting."""
    if state is not State.RESETTING:
        return Situation(speed, True, True)
    warm = True
    for tag, wanted in zip(at.roll_temperatures, sup.temperatures, strict=True):
        measured = value(frame, tag)
        warm = warm and measured is not None and abs(measured - wanted) <= sup.warm_within
    level = value(frame, at.level)
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
    producing = sequence.state in PRODUCING
    if producing and speed > plan.sequence.still:
        reached = sequence.threaded - sup.settling
        for k, path in enumerate(plan.sequence.nip_paths):
            if sup.tensions[k] > 0.0 and reached > path > 0.0:
                tension = value(frame, at.tensions[k])
                if tension is not None and tension < p.break_share * sup.tensions[k]:
                    found.append(sup.breaks[k])
        if reached > plan.sequence.path:
            tension = value(frame, at.winder_tension)
            if tension is not None and tension < p.break_share * sup.winder_tension:
                found.append(sup.breaks[-1])
    for k, tag in enumerate(at.forces):
        if frame.believed[tag.tag] and sum(frame.numbers[tag.at]) > sup.force_limits[k]:
            found.append(sup.trips[k])
    if producing:
        level = value(frame, at.level)
        if level is not None and level < sup.level_min:
            found.append(sup.empty)
    if not frame.all_believed:
        found.extend(_silent(p, plan, frame, at, sequence, producing))
    return found


def _silent(
    p: AlarmParameters, plan: Plan, frame: Frame, at: ReadingPlaces, sequence: SequenceState, producing: bool
) -> list[Condition]:
    """Signals without a believable value; a gauge counts only once the film has reached it."""
    expected_late = dict(at.gauge_tags)
    found: list[Condition] = []
    for number, tag in enumerate(at.signals.table.tags):
        if frame.believed[number]:
            continue
        gauge = expected_late.get(number)
        if gauge is not None and not (producing and sequence.threaded > plan.gauge_paths[gauge] + 1.0):
            continue
        if all(isfinite(entry) for entry in frame.numbers[at.signals.place[tag.path]]):
            found.append(Condition(tag.path, "no believable value for too long", p.signal_time, None))
        else:
            found.append(Condition(tag.path, "not a number", 0.0, None))
    return found
