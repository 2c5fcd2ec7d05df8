"""Events of a run: alarms, changes of state, faults, operator actions, web breaks, in the order they came."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dryline.records.run_folder import RunFolder

EVENTS_SCHEMA = "dryline-events/1"


@dataclass(frozen=True)
class Event:
    """Something that happened at `time` [s]; `value` is its number, NaN where it has none."""

    time: float
    kind: str
    source: str
    message: str
    value: float


class Events:
    """Collects events; `flush` writes all of them anew, they are few."""

    def __init__(self, folder: Path) -> None:
        """Events of the run in `folder`."""
        self._folder = folder
        self._events: list[Event] = []
        self._written = -1

    def append(self, event: Event) -> None:
        """Keep an event until the next flush."""
        self._events.append(event)

    def flush(self) -> None:
        """Write events.parquet where there is something new."""
        if len(self._events) == self._written:
            return
        from dryline.records import parquet

        events = self._events
        columns = [
            parquet.column("time", np.array([event.time for event in events], np.float64), "s"),
            parquet.column("kind", [event.kind for event in events]),
            parquet.column("source", [event.source for event in events]),
            parquet.column("message", [event.message for event in events]),
            parquet.column("value", np.array([event.value for event in events], np.float64), "1"),
        ]
        parquet.write(self._folder / "events.parquet", columns, {"schema": EVENTS_SCHEMA})
        self._written = len(events)


def read(run: RunFolder) -> list[Event]:
    """Events of a recorded run; none where it ended before any was written."""
    path = run.path / "events.parquet"
    if not path.exists():
        return []
    from dryline.records import parquet

    table = parquet.read([path])
    return [] if table is None else [Event(**row) for row in table.to_pylist()]
