"""Overall equipment effectiveness of a run as a tree of losses: every second and every metre is booked once.

    availability = time in production / calendar time
    performance  = metres wound in production / (rated speed x time in production)
    quality      = good metres / metres wound in production
    OEE          = availability x performance x quality = good metres / (rated speed x calendar time)

after ISO 22400-2 (availability, effectiveness, quality ratio), with metres of full width as the quantity. Calendar
time is the recorded plant time; the line is in production in the PackML state Execute and, on the way down, until
the last product has reached the winder. Web wound outside production costs time, not quality: its metres are listed
apart. A loss of time counts the metres that rated speed would have made in it, a
loss of metres the time that rated speed would have needed. Trimmed edges are material, not equipment: they stand
in the material yield.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dryline.records.events import Event
from dryline.records.order import Order
from dryline.records.rejects import rejects, running_rows
from dryline.records.rollmap import RollMapTable
from dryline.records.slitting import daughters_of
from dryline.records.stops import Ticks, stops

Floats = NDArray[np.float64]

SLOW = 0.995
"""A steady set point below this share of rated speed is slow running; above it a deviation (assumed)."""

GROUPS = ("availability", "performance", "quality")


@dataclass(frozen=True)
class Loss:
    """A loss: its group, name and cause, its time [s] and length [m] at rated speed, and its share of calendar time."""

    group: str
    loss: str
    cause: str
    time_s: float
    length_m: float
    share: float


@dataclass(frozen=True)
class MaterialYield:
    """Coating that reached the winder [kg]: good, product out of tolerance, scrap, and the edges cut off; yield of good."""

    wound_kg: float
    good_kg: float
    off_tolerance_kg: float
    scrap_kg: float
    trim_kg: float
    slitter_edges_kg: float
    yield_of_good: float | None


@dataclass(frozen=True)
class Oee:
    """Effectiveness of a run; a factor is None where there was nothing to divide by."""

    calendar_s: float
    running_s: float
    rated_speed: float
    rated_m: float
    running_m: float
    good_m: float
    outside_m: float
    availability: float | None
    performance: float | None
    quality: float | None
    oee: float | None
    losses: tuple[Loss, ...]
    material: MaterialYield


def oee(ticks: Ticks, web: RollMapTable, order: Order, events: Sequence[Event]) -> Oee:
    """Loss tree of a run from its ticks, its roll map, its order and its events."""
    seconds, length = ticks.seconds, web.batch.length
    calendar, running = float(seconds.sum()), float(seconds[ticks.producing].sum())
    inside = running_rows(ticks, web)
    running_m, good_m = float(length[inside].sum()), float(length[web.good].sum())
    rated_m = order.speed * calendar
    stopped = stops(ticks, events)

    idle: dict[tuple[str, str], float] = {}
    for stop in stopped:
        key = (stop.loss, stop.cause)
        idle[key] = idle.get(key, 0.0) + float(seconds[stop.begin : stop.end].sum())
    short = performance_losses(ticks, order.speed, running_m)
    spoilt = rejects(ticks, web, order, stopped, events)

    def loss(group: str, key: tuple[str, str], metres: float) -> Loss:
        return Loss(group, *key, metres / order.speed, metres, metres / rated_m if rated_m > 0.0 else 0.0)

    booked = [
        *(loss("availability", key, order.speed * time) for key, time in idle.items()),
        *(loss("performance", key, metres) for key, metres in short.items()),
        *(loss("quality", key, metres) for key, metres in spoilt.items()),
    ]
    booked = [one for one in booked if abs(one.share) > 1e-12]
    return Oee(
        calendar_s=calendar,
        running_s=running,
        rated_speed=order.speed,
        rated_m=rated_m,
        running_m=running_m,
        good_m=good_m,
        outside_m=float(length[~inside].sum()),
        availability=_ratio(running, calendar),
        performance=_ratio(running_m, order.speed * running),
        quality=_ratio(good_m, running_m),
        oee=_ratio(good_m, rated_m),
        losses=tuple(sorted(booked, key=lambda one: (GROUPS.index(one.group), -abs(one.length_m)))),
        material=material_yield(web, order),
    )


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0.0 else None


def performance_losses(ticks: Ticks, rated: float, running_m: float) -> dict[tuple[str, str], float]:
    """Metres short of rated speed in production: while the speed changed, at a steady lower speed, and the rest.

    The rest is what the roll map has less than speed and time say: draw of the web, metres that straddle a change
    of state, small deviations of speed. It may be negative, a gain.
    """
    seconds, running = ticks.seconds, ticks.producing
    steps = np.abs(np.diff(ticks.speed_set, prepend=ticks.speed_set[:1]))
    speed = np.where(np.isfinite(ticks.speed), ticks.speed, rated)
    missing = (rated - speed) * seconds
    ramp = running & (steps > 1e-9 * rated)
    slow = running & ~ramp & (ticks.speed_set < SLOW * rated)
    found = {
        ("ramp in production", "speed was changed"): float(missing[ramp].sum()),
        ("slow running", "set below rated speed"): float(missing[slow].sum()),
    }
    total = rated * float(seconds[running].sum()) - running_m
    found["small deviations", "speed, draw and rounding"] = total - sum(found.values())
    return found


def material_yield(web: RollMapTable, order: Order) -> MaterialYield:
    """Where the coating that reached the winder went."""
    rows = web.batch
    kept, trim = rows.kept_kg.sum(axis=1), float(rows.trim_kg.sum())
    good = float(kept[web.good].sum())
    edges = 0.0
    if daughters := daughters_of(order):
        areal = (rows.areal_mass_a + rows.areal_mass_b)[web.good]
        whole = areal @ np.asarray(order.lane_widths)
        inside = sum(areal[:, one.lanes] @ np.asarray(one.order.lane_widths) for one in daughters)
        edges = float(kept[web.good] @ (1.0 - np.asarray(inside) / whole))
    wound = float(kept.sum()) + trim
    return MaterialYield(
        wound_kg=wound,
        good_kg=good - edges,
        off_tolerance_kg=float(kept[rows.product & ~web.good].sum()),
        scrap_kg=float(kept[~rows.product].sum()),
        trim_kg=trim,
        slitter_edges_kg=edges,
        yield_of_good=_ratio(good - edges, wound),
    )


class TreeRow(NamedTuple):
    """A row of the loss tree as it is shown: a total (depth 0), a group of losses (1) or a loss (2).

    `begin` is where its share begins on the way from calendar time down to good web.
    """

    depth: int
    name: str
    time_s: float
    length_m: float
    share: float
    begin: float


TOTALS = ("calendar time", "time in production", "wound in production", "good web")


def tree_rows(part: dict[str, Any]) -> list[TreeRow]:
    """Rows of the tree of the summary's part `oee`, from calendar time down to good web; [] without any time."""
    rated_m, speed = part["rated_m"], part["rated_speed"]
    if rated_m <= 0.0:
        return []

    def row(depth: int, name: str, metres: float, begin: float) -> TreeRow:
        return TreeRow(depth, name, metres / speed, metres, metres / rated_m, begin)

    left = rated_m
    rows = [row(0, TOTALS[0], left, 0.0)]
    for group, total in zip(GROUPS, TOTALS[1:], strict=True):
        losses = [loss for loss in part["losses"] if loss["group"] == group]
        lost = sum(loss["length_m"] for loss in losses)
        if losses:
            rows.append(row(1, f"{group} losses", lost, (left - lost) / rated_m))
        for loss in losses:
            left -= loss["length_m"]
            name = loss["loss"] if loss["cause"] == loss["loss"] else f"{loss['loss']}: {loss['cause']}"
            rows.append(row(2, name, loss["length_m"], left / rated_m))
        rows.append(row(0, total, left, 0.0))
    return rows
