"""Readings as control sees them: by tag index, each either believed or missing, so that no garbage gets into
a loop.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dryline.kernel import kernel
from dryline.line.machine import Readings
from dryline.line.tags import TagTable

BAD = 2
"""Quality code of a reading that must not be used."""


@kernel
def _all_good(values: NDArray[np.float64], quality: NDArray[np.uint8], stamp: NDArray[np.float64], oldest: float) -> bool:
    """Whether every tag can be believed."""
    good = True
    for tag in range(len(quality)):
        good &= quality[tag] < BAD and stamp[tag] >= oldest
    for value in values:
        good &= isfinite(value)
    return good


class Frame(NamedTuple):
    """One tick of readings: the flat values as they came; the same as they are believed, not a number where they are not;
    those that are read as numbers, None where not believed; and the numbers of the tags that are not believed.
    """

    values: NDArray[np.float64]
    believed: NDArray[np.float64]
    numbers: list[float | None]
    missing: list[int]


@dataclass(frozen=True)
class Signals:
    """Places of the tags of a table: by tag number in the flat values, and by path among the numbers.

    Profiles of gauges are left as arrays, all other tags are read as numbers: `short` says where these stand
    in the flat values.
    """

    table: TagTable
    places: tuple[slice, ...]
    starts: NDArray[np.intp]
    short: NDArray[np.intp]
    among_numbers: dict[str, slice]
    stale: float = 5.0
    """A stamp older than this [s] is not believed (assumed)."""

    def index(self, path: str) -> int:
        """Place of a single value among the numbers of a frame."""
        return int(self.among_numbers[path].start)

    def slice(self, path: str) -> slice:
        """Places of an array tag among the numbers of a frame."""
        return self.among_numbers[path]

    def frame(self, readings: Readings) -> Frame:
        """Sort a tick's readings into believed and missing: quality bad, not finite, or stale is missing."""
        values = readings.values
        numbers = values.take(self.short).tolist()
        oldest = readings.time - self.stale
        if _all_good(values, readings.quality, readings.stamp, oldest):
            return Frame(values, values, numbers, [])
        finite = np.logical_and.reduceat(np.isfinite(values), self.starts)
        believed = finite & (readings.quality < BAD) & (readings.stamp >= oldest)
        missing = np.flatnonzero(~believed).tolist()
        whole = values.copy()
        for number in missing:
            tag = self.table.tags[number]
            whole[self.places[number]] = nan
            if tag.path in self.among_numbers:
                numbers[self.slice(tag.path)] = [None] * tag.size
        return Frame(values, whole, numbers, missing)


def signals_of(table: TagTable, profiles: tuple[str, ...]) -> Signals:
    """Index a tag table once; the tags in `profiles` are left as arrays."""
    places = tuple(table.slice(tag.path) for tag in table.tags)
    short: list[int] = []
    among_numbers = {}
    for tag, place in zip(table.tags, places, strict=True):
        if tag.path not in profiles:
            among_numbers[tag.path] = slice(len(short), len(short) + tag.size)
            short.extend(range(place.start, place.stop))
    starts = np.array([place.start for place in places], dtype=np.intp)
    return Signals(table, places, starts, np.array(short, dtype=np.intp), among_numbers)


def row(frame: Frame, place: slice) -> list[float] | None:
    """Believed values of an array tag, None if it is missing."""
    found = [number for number in frame.numbers[place] if number is not None]
    return found or None
