"""Energy of a recorded run beside that of the set-up, over the same window of production at rated speed.

run: integral of every recorded power over the ticks of production at the speed of the set-up
set-up: powers of `dryline.setup.loads` times the time of those ticks
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dryline.line.load import LoadedLine
from dryline.records import signals
from dryline.records.energy import carrier_of, durations, energy_columns
from dryline.records.order import Order
from dryline.records.run_folder import RecordError, open_run
from dryline.records.stops import read_ticks
from dryline.setup.loads import loads
from dryline.setup.operating_point import set_up
from dryline.studies.tables import Cell, Table

NEAR = 0.01
"""Share of the rated speed within which a tick counts."""
KWH = 3.6e6


@dataclass(frozen=True)
class RunEnergy:
    """Energy of a run over its window [J] by station and carrier, and what the set-up says of the same time."""

    line: str
    window: float
    run: dict[tuple[str, str], float]
    planned: dict[tuple[str, str], float]

    @property
    def difference(self) -> float:
        """Energy of the run over that of the set-up, less 1."""
        return sum(self.run.values()) / sum(self.planned.values()) - 1.0

    def table(self) -> Table:
        """Both by station and carrier [kWh]."""
        rows: list[tuple[Cell, ...]] = []
        for key in dict.fromkeys((*self.planned, *self.run)):
            own, planned = self.run.get(key, 0.0) / KWH, self.planned.get(key, 0.0) / KWH
            rows.append((key[0].replace("_", " "), key[1].replace("_", " "), (own, 3), (planned, 3), (own - planned, 3)))
        own, planned = sum(self.run.values()) / KWH, sum(self.planned.values()) / KWH
        rows.append(("in all", "", (own, 3), (planned, 3), (own - planned, 3)))
        window = f"over {self.window:.0f} s of production"
        caption = f"Energy of {self.line} {window}: run {100.0 * self.difference:+.2f} % beside set-up [kWh]"
        return Table(caption, ("station", "carrier", "run", "set-up", "difference"), tuple(rows), words=2)

    def as_json(self) -> dict[str, Any]:
        """Both as JSON values [kWh]."""
        keys = list(dict.fromkeys((*self.planned, *self.run)))
        return {
            "line": self.line, "window_s": self.window, "difference": self.difference,
            "run_kwh": sum(self.run.values()) / KWH, "set_up_kwh": sum(self.planned.values()) / KWH,
            "stations": [
                {"station": station, "carrier": carrier, "run_kwh": self.run.get((station, carrier), 0.0) / KWH,
                 "set_up_kwh": self.planned.get((station, carrier), 0.0) / KWH}
                for station, carrier in keys
            ],
        }  # fmt: skip


def energy_of_run(path: Path, lines: Sequence[LoadedLine]) -> RunEnergy:
    """Integrate a run over its production at rated speed, and set the set-up of the line of its name beside it.

    Raises RecordError where the folder holds no run, the run is of none of the lines, or it never ran at rated speed.
    """
    run = open_run(path)
    order = Order.from_json(run.manifest["order"])
    found = [loaded for loaded in lines if loaded.line.name == order.line]
    if not found:
        names = ", ".join(one.line.name for one in lines)
        raise RecordError(f"{path} is a run of {order.line}, not of {names}; compare that line")
    loaded = found[0]
    point = set_up(loaded.line, loaded.recipe)
    ticks = read_ticks(run)
    clock = signals.read(run, ["time", "line/speed"])
    window = ticks.producing & (abs(clock["line/speed"] - point.speed) <= NEAR * point.speed)
    steps = durations(clock["time"]) * window
    time = float(steps.sum())
    if time <= 0.0:
        raise RecordError(f"{path} never ran at the {60.0 * point.speed:.1f} m/min of the set-up; compare a line of its speed")
    used: dict[tuple[str, str], float] = {}
    for column in energy_columns(run):
        values = signals.read(run, [column.name])[column.name]
        key = (column.name.split("/")[1], carrier_of(column))
        used[key] = used.get(key, 0.0) + float(values.reshape(steps.size, -1).sum(axis=1) @ steps)
    planned: dict[tuple[str, str], float] = {}
    for load in loads(loaded.line, loaded.recipe, point):
        key = (load.station, load.carrier)
        planned[key] = planned.get(key, 0.0) + load.run * time
    return RunEnergy(order.line, time, {k: v for k, v in used.items() if v}, {k: v for k, v in planned.items() if v})
