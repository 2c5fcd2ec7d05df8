"""Why web that was wound in production is not good: every metre booked once, in the order of the list below.

1. start-up: scrap from the start of production to its first product;
2. break tail: web that was not good when the web broke, back to the last good metre;
3. splice, roll change: web that is not good around one of them;
4. not known: a lane without a number;
5. areal density, then thickness: a lane outside its tolerance;
6. defects: within tolerance, but scrap, and with pinholes or edge cracks;
7. scrapped within tolerance: control saw it otherwise, or did not see it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dryline.records.events import Event
from dryline.records.order import Order
from dryline.records.properties import DEFECTS
from dryline.records.rollmap import RollMapTable, deviations
from dryline.records.stops import BREAK, Stop, Ticks, stretches

Bools = NDArray[np.bool_]

REACH = 5.0
"""Web that is not good belongs to a splice or roll change that is no farther away than this [m] (assumed)."""

AT_A_PLACE = {"splice": "splice", "roll": "roll change"}
"""Kinds of events that spoil web around them, and the loss. Value of a splice: its place on the web [m]."""


def tick_of(ticks: Ticks, web: RollMapTable) -> NDArray[np.intp]:
    """(n,) tick in which the end of each row reached the winder."""
    return np.minimum(np.searchsorted(ticks.time, web.batch.time - 1e-9), max(ticks.time.size - 1, 0))


def running_rows(ticks: Ticks, web: RollMapTable) -> Bools:
    """(n,) rows wound in production: by the state in which their end came, and all product."""
    if not ticks.time.size:
        return np.zeros(web.batch.length.size, np.bool_)
    return np.asarray(ticks.producing[tick_of(ticks, web)] | web.batch.product)


def rejects(
    ticks: Ticks, web: RollMapTable, order: Order, stopped: Sequence[Stop], events: Sequence[Event]
) -> dict[tuple[str, str], float]:
    """Metres wound in production that are not good, by loss and cause [m]."""
    rows, running = web.batch, running_rows(ticks, web)
    waiting = running & ~web.good
    booked: dict[tuple[str, str], float] = {}

    def book(loss: str, cause: str, which: Bools) -> None:
        which = which & waiting
        waiting[which] = False
        if which.any():
            booked[loss, cause] = booked.get((loss, cause), 0.0) + float(rows.length[which].sum())

    bad_stretches = _stretches(waiting)
    for begin, end, after, ending in _episodes(ticks, web, running, stopped):
        rest = np.arange(rows.length.size)
        inside = (rest >= begin) & (rest < end)
        product = np.flatnonzero(inside & rows.product)
        book("start-up", after, inside & (rest < (product[0] if product.size else end)))
        if ending == BREAK:
            good = np.flatnonzero(inside & web.good)
            book("break tail", "web break", inside & (rest > (good[-1] if good.size else begin - 1)))
    for kind, loss in AT_A_PLACE.items():
        for place in _places(web, events, kind):
            for begin, end in bad_stretches:
                if rows.start[begin] - REACH <= place <= rows.start[end - 1] + rows.length[end - 1] + REACH:
                    near = np.zeros(rows.length.size, np.bool_)
                    near[begin:end] = ~rows.product[begin:end] | (np.abs(rows.start[begin:end] - place) < REACH)
                    book(loss, kind, near)
    areal, thickness = deviations(rows, order)
    known = np.asarray(np.isfinite(areal + thickness).all(axis=1))
    book("not known", "no number in a lane", ~known)
    for loss, field, below, above in (
        ("areal density", areal, "too light", "too heavy"),
        ("thickness", thickness, "too thin", "too thick"),
    ):
        high, low = field.max(axis=1, initial=0.0), -field.min(axis=1, initial=0.0)
        book(loss, above, (high > 1.0) & (high >= low))
        book(loss, below, low > 1.0)
    for name in DEFECTS:
        if (values := getattr(rows, name)) is not None:
            book("defects", name.replace("_", " "), values.reshape(rows.length.size, -1).sum(axis=1) > 0.0)
    book("scrapped within tolerance", "control", waiting.copy())
    return booked


def _stretches(mask: Bools) -> list[tuple[int, int]]:
    return [(begin, end) for begin, end in stretches(mask.astype(np.int64)) if mask[begin]]


def _episodes(
    ticks: Ticks, web: RollMapTable, running: Bools, stopped: Sequence[Stop]
) -> list[tuple[int, int, str, str]]:
    """Rows (begin, end) of each stretch of production, what the start before it followed, and the loss that ended it."""
    found = []
    at = tick_of(ticks, web)
    for begin, end in _stretches(ticks.producing):
        rows = np.flatnonzero(running & (at >= begin) & (at < end))
        if rows.size:
            before = next((stop.cause for stop in reversed(stopped) if stop.end == begin), "start of the run")
            after = next((stop.loss for stop in stopped if stop.begin == end), "")
            found.append((int(rows[0]), int(rows[-1]) + 1, before, after))
    return found


def _places(web: RollMapTable, events: Sequence[Event], kind: str) -> list[float]:
    """Places on the web [m] of the events of a kind: their value for a splice that has one, else what was wound then."""
    rows = web.batch
    if not rows.length.size:
        return []
    ends = rows.start + rows.length
    return [
        event.value if kind == "splice" and np.isfinite(event.value) else float(np.interp(event.time, rows.time, ends))
        for event in events
        if event.kind == kind
    ]
