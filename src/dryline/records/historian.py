"""The historian: every tag of every tick, in closed Parquet segments of one minute of plant time.

One column a tag, named command/<path>, reading/<path> or truth/<path>; array tags are fixed-size lists. Time,
commands and readings are float64, so that a replay is exact; truth is float32. Unit, kind and description
stand in the metadata of each column.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from dryline.line.tags import TagTable

Floats = NDArray[np.float64]

SIGNALS_SCHEMA = "dryline-signals/1"

SEGMENT_SECONDS = 60.0
"""Plant time of one closed segment [s]."""


@dataclass(frozen=True)
class Tables:
    """The tag tables of a machine: what is written to it, read from it, and true in it (empty on a real
    line).
    """

    commands: TagTable
    readings: TagTable
    truth: TagTable


class Historian:
    """Collects the ticks of one segment in arrays made once, and writes them as one file on `flush`."""

    def __init__(self, folder: Path, tables: Tables, tick: float = 0.1) -> None:
        """Arrays for one segment of SEGMENT_SECONDS at one row every `tick` seconds."""
        rows = max(1, round(SEGMENT_SECONDS / tick))
        tags = len(tables.readings.tags)
        self._folder = folder
        self._tables = tables
        self._rows = 0
        self._segment = 0
        self._time = np.zeros(rows)
        self._sequence = np.zeros(rows, np.int64)
        self._state = np.zeros(rows, np.int16)
        self._commands = np.zeros((rows, tables.commands.size))
        self._readings = np.zeros((rows, tables.readings.size))
        self._truth = np.zeros((rows, tables.truth.size), np.float32)
        self._quality = np.zeros((rows, tags), np.uint8)
        self._stamp = np.zeros((rows, tags))

    @property
    def full(self) -> bool:
        """True where the open segment takes no further tick: flush first."""
        return self._rows == self._time.shape[0]

    def record(
        self,
        time: float,
        sequence: int,
        state: int,
        commands: Floats,
        readings: Floats,
        quality: NDArray[np.uint8],
        stamp: Floats,
        truth: Floats,
    ) -> None:
        """Keep one tick: time [s], the command's sequence number, the PackML state, and the values by tag
        index.
        """
        row = self._rows
        self._time[row] = time
        self._sequence[row] = sequence
        self._state[row] = state
        self._commands[row] = commands
        self._readings[row] = readings
        self._quality[row] = quality
        self._stamp[row] = stamp
        self._truth[row] = truth
        self._rows = row + 1

    def flush(self) -> None:
        """Close the segment: write its rows, begin the next. Without rows nothing is written."""
        if not self._rows:
            return
        from dryline.records import parquet

        n = self._rows
        columns = [
            parquet.column(
                "time", self._time[:n], "s", kind="clock", description="plant time since the start"
            ),
            parquet.column(
                "sequence", self._sequence[:n], "1", kind="clock", description="number of the commands"
            ),
            parquet.column("state", self._state[:n], "1", kind="clock", description="PackML state number"),
        ]
        kinds = (
            ("command", self._tables.commands, self._commands),
            ("reading", self._tables.readings, self._readings),
            ("truth", self._tables.truth, self._truth),
        )
        for kind, table, values in kinds:
            for tag in table.tags:
                part = values[:n, table.slice(tag.path)]
                columns.append(
                    parquet.column(
                        f"{kind}/{tag.path}",
                        part if tag.shape else part[:, 0],
                        tag.unit,
                        kind=kind,
                        description=tag.description,
                        carrier=tag.carrier,
                    )
                )
        described = "by reading tag, in the order of the columns: 0 good, 1 uncertain, 2 bad"
        columns.append(
            parquet.column("quality", self._quality[:n], "1", kind="quality", description=described)
        )
        described = "by reading tag, in the order of the columns: when it was sampled"
        columns.append(parquet.column("stamp", self._stamp[:n], "s", kind="stamp", description=described))
        path = self._folder / "signals" / f"signals-{self._segment:05d}.parquet"
        parquet.write(path, columns, {"schema": SIGNALS_SCHEMA})
        self._segment += 1
        self._rows = 0
