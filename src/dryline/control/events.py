"""What control tells the records: events as they happen, and where each loop stands."""

from __future__ import annotations

from math import nan
from typing import NamedTuple


class Event(NamedTuple):
    """Something that happened: time [s], kind, where it came from, and a message in words.

    kind: state (change of state), mode (of a loop, or its output set by hand), alarm (an operator must respond), clear (an alarm
    ended), product (the flag at the winder changed), roll (a roll was changed), change (the line stops for a roll change),
    splice (of the foil; value: its place on the wound web [m]), repair (people clear the line), restart (by control), given up
    (control restarts no more).
    """

    time: float
    kind: str
    source: str
    message: str
    value: float = nan


class LoopStatus(NamedTuple):
    """Where a loop stands: set point, measurement and output in SI units.

    mode: manual (open loop), auto, cascade (set point from another loop), gap or force (of a nip); held: the
    output waits for a believable measurement; limited: a range or rate limit cut the output. limit: what bounds it now,
    range, held, else delay or noise; nothing in manual.
    """

    name: str
    mode: str
    set_point: float
    measurement: float | None
    output: float
    unit: str
    held: bool
    limited: bool
    limit: str = ""


def limit_of(held: bool, limited: bool, bound: str) -> str:
    """What bounds a loop now: nothing is seen (held), its range, or else what its plan or filter says, `bound`."""
    return "held" if held else "range" if limited else bound


def mode_of(gain: float, closed: str = "auto") -> str:
    """Mode of a loop: manual without a gain, else `closed`."""
    return closed if gain > 0.0 else "manual"
