"""The recorder: the one object the loop of a run hands its values to. It owns the folder and everything in
it.

Hand over web and accounts in the same tick; the order of the calls within a tick is free. A segment closes
every minute of plant time, the accounts last: whatever a kill leaves behind, the mass balance of the closed
part holds.
"""

from __future__ import annotations

import math
import time as clock
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dryline.line.web_record import Accounts, MetreBatch
from dryline.records import plant
from dryline.records.accounts import AccountBook
from dryline.records.events import Event, Events
from dryline.records.historian import SEGMENT_SECONDS, Historian, Tables
from dryline.records.loop_limits import LoopBook
from dryline.records.order import Order
from dryline.records.rollmap import RollMap
from dryline.records.run_folder import FolderFull, RunFolder, write_bytes, write_json

if TYPE_CHECKING:
    from dryline.line.hidden import HiddenTruth
    from dryline.line.machine import Commands, Readings
    from dryline.line.setup import SetUp

Floats = NDArray[np.float64]


class Recorder:
    """Records one run into its folder, tick by tick; `close` draws up summary and report."""

    def __init__(self, folder: RunFolder, order: Order, tables: Tables, tick: float = 0.1) -> None:
        """Recorder of a run in a folder just made; `tick` is the time between two ticks [s]."""
        self.folder = folder
        self._started = clock.perf_counter()
        self._time = 0.0
        self._next_close = SEGMENT_SECONDS
        self._full = False
        self._historian = Historian(folder.path, tables, tick)
        self._rollmap = RollMap(folder.path, order)
        self._book = AccountBook(folder.path, order.components)
        self._events = Events(folder.path)
        self._loops = LoopBook()

    @classmethod
    def start(
        cls,
        path: Path,
        *,
        order: Order,
        set_up: SetUp,
        tables: Tables,
        seed: int,
        command_line: tuple[str, ...] = (),
        inputs: Mapping[str, Any] | None = None,
        line_yaml: str = "",
        hidden: Sequence[HiddenTruth] = (),
        tick: float = 0.1,
    ) -> Recorder:
        """Make the run folder and start recording.

        line_yaml: the resolved line as YAML text. inputs: what the run was made from, by name, as JSON
        values. hidden: what is true of this machine, where it is a twin.
        """
        folder = RunFolder.create(
            path,
            seed=seed,
            command_line=command_line,
            inputs=inputs or {},
            order=order.as_json(),
            truth=tables.truth.size > 0,
        )
        write_bytes(path / "line.yaml", line_yaml.encode())
        write_json(path / "setup.json", json_values(asdict(set_up)))
        plant.write(folder, hidden)
        return cls(folder, order, tables, tick)

    @property
    def wall(self) -> float:
        """Time by the wall clock since the start [s]."""
        return clock.perf_counter() - self._started

    def tick(
        self, time: float, commands: Commands, readings: Readings, truth: Floats, state: int = 0
    ) -> None:
        """Record one tick: plant time [s], what was written and read, true values, PackML state (0: none)."""
        if time > self._next_close or self._historian.full:
            self.close_segment()
            self._next_close = SEGMENT_SECONDS * math.ceil(time / SEGMENT_SECONDS)
        self._historian.record(
            time,
            commands.sequence,
            state,
            commands.values,
            readings.values,
            readings.quality,
            readings.stamp,
            truth,
        )
        self._time = time

    def web(self, batch: MetreBatch | None) -> None:
        """Record wound web."""
        if batch is not None:
            self._rollmap.append(batch)

    def accounts(self, time: float, accounts: Accounts) -> None:
        """Note the mass accounts at `time` [s]. The first call, before the first tick, opens the books."""
        self._book.note(time, accounts)

    def event(self, time: float, kind: str, source: str, message: str, value: float = math.nan) -> None:
        """Record an event at `time` [s]."""
        self._events.append(Event(time, kind, source, message, value))

    def loops(self, loops: Iterable[tuple[str, str]]) -> None:
        """Note what bounds the loops of control now: name of each, and one of `loop_limits.LIMITS` or nothing."""
        self._loops.note(loops)

    def close_segment(self) -> None:
        """Write everything recorded so far. FolderFull where the disk takes no more: then call `close`."""
        try:
            self._historian.flush()
            self._rollmap.flush()
            self._events.flush()
            self._loops.flush(self.folder)
            self._book.flush()
            self.folder.update(simulated_s=self._time, wall_s=self.wall)
        except FolderFull:
            self._full = True
            raise

    def close(
        self, status: str = "finished", reason: str = "", bounds: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """End the run: write what is open, the summary and the report; returns the summary.

        status: finished, interrupted or failed, with the reason in words. bounds: what no controller could have
        beaten, as JSON values; it becomes bounds.json. On a full disk the room held in
        reserve takes the last words; the segment then open is lost and the manifest says so.
        """
        from dryline.records.report import write_report
        from dryline.records.summary import build_summary

        if not self._full:
            try:
                self.close_segment()
            except FolderFull as error:
                status, reason = "failed", f"{reason}; {error}" if reason else str(error)
        self.folder.release_reserve()
        if bounds is not None:
            write_json(self.folder.path / "bounds.json", bounds)
        self.folder.update(status=status, reason=reason, wall_s=self.wall)
        summary = build_summary(self.folder)
        write_json(self.folder.path / "summary.json", summary)
        write_report(self.folder, summary)
        return summary


def json_values(value: Any) -> Any:
    """JSON for a value made of dataclass fields: arrays become lists, NaN and infinities None, paths text."""
    if isinstance(value, Mapping):
        return {str(key): json_values(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_values(item) for item in value]
    if isinstance(value, np.ndarray):
        return json_values(value.tolist())
    if isinstance(value, np.generic):
        return json_values(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)
