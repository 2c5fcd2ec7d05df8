"""The roll map: what was wound, metre by metre and lane by lane, one or more closed segments a roll.

Lane values are float32; kept and trimmed mass are float64, so that the mass balance can be drawn up from the
files. Columns that a machine may leave out (`GIVEN_UNITS`, `PATCH_UNITS`, `ROW_UNITS`) stand only in the files
of those that give them. A metre is good when it was wound as product and, in every kept lane, the areal mass of
both sides together lies within the recipe's tolerance of its target and the thickness within its own. A line with
a slitter writes its daughter rolls besides, into the folder daughters/, in the same form, each judged over its own
lanes.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dryline.line.web_record import GIVEN_UNITS, PATCH_UNITS, ROW_UNITS, MetreBatch, joined, picked
from dryline.records.order import Order
from dryline.records.run_folder import RunFolder
from dryline.records.slitting import Daughter, daughters_of, slit

Floats = NDArray[np.float64]

ROLLMAP_SCHEMA = "dryline-rollmap/1"

LANE_UNITS = {
    "areal_mass_a": "kg/m2",
    "areal_mass_b": "kg/m2",
    "thickness": "m",
    "porosity": "1",
    "strength": "Pa",
}
METRE_UNITS = {
    "start": "m",
    "length": "m",
    "time": "s",
    "speed": "m/s",
    "roll": "1",
    "product": "1",
    "state": "1",
}
MASS_UNITS = {"kept_kg": "kg", "trim_kg": "kg"}


def deviations(batch: MetreBatch, order: Order) -> tuple[Floats, Floats]:
    """(n, L) deviation from target of the areal mass of both sides and of the thickness, in units of their tolerance."""
    areal = (batch.areal_mass_a + batch.areal_mass_b - order.areal_mass) / (order.areal_tolerance * order.areal_mass)
    return areal, (batch.thickness - order.thickness) / order.thickness_tolerance


def good_metres(batch: MetreBatch, order: Order) -> NDArray[np.bool_]:
    """(n,) True where a row is product within tolerance in every kept lane; a value that is no number is not
    good.
    """
    areal, thickness = deviations(batch, order)
    return np.asarray(batch.product & ((np.abs(areal) <= 1.0) & (np.abs(thickness) <= 1.0)).all(axis=1))


@dataclass(frozen=True)
class RollMapTable:
    """All recorded rows of a run: the metre batch, and which of its rows are good."""

    batch: MetreBatch
    good: NDArray[np.bool_]


class RollMap:
    """Collects metre batches and writes them, roll by roll, as closed segments on `flush`."""

    def __init__(self, folder: Path, order: Order) -> None:
        """Roll map of a run in `folder`, judged against `order`."""
        self._folder = folder
        self._order = order
        self._batches: list[MetreBatch] = []
        self._segments: dict[int, int] = {}
        self._daughters = daughters_of(order)
        self._given: list[str] | None = None

    def append(self, batch: MetreBatch) -> None:
        """Keep a batch until the next flush."""
        lanes, components = len(self._order.lane_centres), len(self._order.components)
        if batch.thickness.shape[1] != lanes or batch.kept_kg.shape[1] != components:
            raise ValueError(
                f"a batch of {batch.thickness.shape[1]} lanes and {batch.kept_kg.shape[1]} components "
                f"does not fit a roll map of {lanes} lanes and {components} components"
            )
        given = [*given_columns(batch), *patch_columns(batch)]
        if self._given is not None and given != self._given:
            raise ValueError(f"a batch gives {given or 'no further columns'}, those before it {self._given or 'none'}")
        self._given = given
        patches = len(self._order.patch_widths)
        for name in given:
            shape = getattr(batch, name).shape
            if name in PATCH_UNITS or name in ROW_UNITS:
                if shape != ((batch.length.size, patches) if name in PATCH_UNITS else (batch.length.size,)):
                    raise ValueError(
                        f"{name} of shape {shape} does not fit {batch.length.size} metres of {patches} columns of patches"
                    )
            elif shape not in ((batch.length.size,), (batch.length.size, lanes)):
                raise ValueError(f"{name} of shape {shape} fits neither {batch.length.size} metres nor their {lanes} lanes")
        self._batches.append(batch)

    def flush(self) -> None:
        """Write the rows kept so far, one file a roll."""
        if not self._batches:
            return
        rows = joined(self._batches)
        for roll in np.unique(rows.roll).tolist():
            self._write(roll, picked(rows, rows.roll == roll))
        self._batches.clear()

    def _write(self, roll: int, rows: MetreBatch) -> None:
        segment = self._segments.get(roll, 0)
        folder = self._folder / "rollmap"
        _write(folder / f"roll-{roll:04d}-{segment:05d}.parquet", rows, self._order)
        for daughter in self._daughters:
            path = folder / "daughters" / f"roll-{roll:04d}-d{daughter.number}-{segment:05d}.parquet"
            _write(path, slit(rows, daughter, self._order), daughter.order)
        self._segments[roll] = segment + 1


def _write(path: Path, rows: MetreBatch, order: Order) -> None:
    """Write rows of a web with the lanes of this order, judged against it."""
    from dryline.records import parquet

    columns = [parquet.column(name, getattr(rows, name), unit) for name, unit in METRE_UNITS.items()]
    columns.append(parquet.column("good", good_metres(rows, order), "1"))
    for name, unit in LANE_UNITS.items():
        columns.append(parquet.column(name, getattr(rows, name).astype(np.float32), unit))
    for name, unit in MASS_UNITS.items():
        columns.append(parquet.column(name, getattr(rows, name), unit))
    for name in given_columns(rows):
        columns.append(parquet.column(name, getattr(rows, name).astype(np.float32), GIVEN_UNITS[name]))
    for name in (patches := patch_columns(rows)):
        unit = PATCH_UNITS.get(name) or ROW_UNITS[name]
        columns.append(parquet.column(name, getattr(rows, name).astype(np.float32), unit))
    metadata = {
        "schema": ROLLMAP_SCHEMA,
        "lane_centres_m": " ".join(repr(float(y)) for y in order.lane_centres),
        "lane_widths_m": " ".join(repr(float(w)) for w in order.lane_widths),
        "components": " ".join(order.components),
    }
    if patches:
        metadata["patch_length_m"] = repr(order.patch_length)
        metadata["patch_edges_m"] = " ".join(repr(float(y)) for y in order.patch_edges)
    parquet.write(path, columns, metadata)


def given_columns(batch: MetreBatch) -> list[str]:
    """Names of the columns that a machine may leave out and this batch has."""
    return [name for name in GIVEN_UNITS if getattr(batch, name) is not None]


def patch_columns(batch: MetreBatch) -> list[str]:
    """Names of the columns of patches and of their rows that this batch has."""
    return [name for name in (*PATCH_UNITS, *ROW_UNITS) if getattr(batch, name) is not None]


def empty_batch(lanes: int, components: int) -> MetreBatch:
    """A batch without rows."""
    none, across, masses = np.zeros(0), np.zeros((0, lanes)), np.zeros((0, components))
    return MetreBatch(
        **{name: none for name in ("start", "length", "time", "speed")},
        roll=none.astype(np.int32),
        product=none.astype(np.bool_),
        state=none.astype(np.int16),
        **{name: across for name in LANE_UNITS},
        **{name: masses for name in MASS_UNITS},
    )


def read(run: RunFolder) -> RollMapTable:
    """Roll map of a recorded run, in the order in which it was wound."""
    from dryline.records import parquet

    table = parquet.read(run.segments("rollmap"))
    if table is None:
        order = run.manifest["order"]
        return RollMapTable(
            empty_batch(len(order["lane_centres"]), len(order["components"])), np.zeros(0, np.bool_)
        )
    names = set(table.column_names)
    values = {field.name: parquet.numbers(table, field.name) for field in fields(MetreBatch) if field.name in names}
    narrow = (*LANE_UNITS, *GIVEN_UNITS, *PATCH_UNITS, *ROW_UNITS)
    values |= {name: values[name].astype(np.float64) for name in narrow if name in values}
    rows, good = MetreBatch(**values), parquet.numbers(table, "good")
    if (np.diff(rows.time) >= 0.0).all():  # the files of a run are usually in the order of winding: no copy of a day's web
        return RollMapTable(rows, good)
    order_of_winding = np.argsort(rows.time, kind="stable")
    return RollMapTable(picked(rows, order_of_winding), good[order_of_winding])


def daughter_map(web: RollMapTable, daughter: Daughter, order: Order) -> RollMapTable:
    """Roll map of one daughter roll of every wound roll. What is good over the whole width is good in every part."""
    rows = slit(web.batch, daughter, order)
    return RollMapTable(rows, web.good | good_metres(rows, daughter.order))
