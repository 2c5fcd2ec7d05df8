"""Readings as control sees them: by tag index, each either believed or missing, so that no garbage gets into
a loop.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dryline.line.machine import Readings
from dryline.line.tags import TagTable

BAD = 2
"""Quality code of a reading that must not be used."""


class Frame(NamedTuple):
    """One tick of readings: flat values as array and as numbers, and per tag whether it is believed and why
    not.
    """

    values: NDArray[np.float64]
    numbers: list[float]
    believed: list[bool]
    all_believed: bool


@dataclass(frozen=True)
class Signals:
    """Places of the tags of a table: flat start per tag, tag number and flat slice per path."""

    table: TagTable
    starts: NDArray[np.intp]
    number: dict[str, int]
    place: dict[str, slice]
    everything: list[bool]
    """All believed, the usual case."""
    stale: float = 5.0
    """A stamp older than this [s] is not believed (assumed)."""

    def frame(self, readings: Readings) -> Frame:
        """Sort a tick's readings into believed and missing: quality bad, not finite, or stale is missing."""
        values, numbers = readings.values, readings.values.tolist()
        oldest = readings.time - self.stale
        if np.isfinite(values).all() and readings.quality.max() < BAD and readings.stamp.min() >= oldest:
            return Frame(values, numbers, self.everything, True)
        finite = np.logical_and.reduceat(np.isfinite(readings.values), self.starts)
        believed = finite & (readings.quality < BAD) & (readings.stamp >= oldest)
        return Frame(values, numbers, believed.tolist(), bool(believed.all()))


def signals_of(table: TagTable) -> Signals:
    """Index a tag table once."""
    place = {tag.path: table.slice(tag.path) for tag in table.tags}
    starts = np.array([place[tag.path].start for tag in table.tags], dtype=np.intp)
    number = {tag.path: n for n, tag in enumerate(table.tags)}
    return Signals(table, starts, number, place, [True] * len(place))


class Scalar(NamedTuple):
    """A tag with one entry: tag number and flat index."""

    tag: int
    at: int


class Vector(NamedTuple):
    """A tag with several entries: tag number and flat slice."""

    tag: int
    at: slice


def scalar(signals: Signals, path: str) -> Scalar:
    """Where the single value of `path` stands."""
    return Scalar(signals.number[path], signals.place[path].start)


def vector(signals: Signals, path: str) -> Vector:
    """Where the values of `path` stand."""
    return Vector(signals.number[path], signals.place[path])


def value(frame: Frame, tag: Scalar) -> float | None:
    """Believed value of a tag, None if it is missing."""
    return frame.numbers[tag.at] if frame.believed[tag.tag] else None


def row(frame: Frame, tag: Vector) -> list[float] | None:
    """Believed values of an array tag, None if any is missing."""
    return frame.numbers[tag.at] if frame.believed[tag.tag] else None
