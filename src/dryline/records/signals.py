"""Signals of a recorded run, read back: which columns there are, and their values over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dryline.records import parquet
from dryline.records.run_folder import RunFolder

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Column:
    """A recorded column: its name, kind (command, reading, truth, clock ...), unit and whether it is an
    array.
    """

    name: str
    kind: str
    unit: str
    array: bool
    description: str
    carrier: str = ""
    """How the energy of a power is bought; empty for what is none, and in runs of versions that did not say."""


def columns(run: RunFolder) -> list[Column]:
    """Columns of the signals of a run, in the order of the tag tables; empty where no segment was closed."""
    segments = run.segments("signals")
    if not segments:
        return []
    found = []
    for field in parquet.schema_of(segments[0]):
        words = {key.decode(): value.decode() for key, value in (field.metadata or {}).items()}
        array = str(field.type).startswith("fixed_size_list")
        found.append(
            Column(
                field.name, words.get("kind", ""), words.get("unit", ""), array, words.get("description", ""),
                words.get("carrier", ""),
            )
        )
    return found


def read(run: RunFolder, names: list[str]) -> dict[str, Floats]:
    """Values of the named columns over all closed segments, float64; array tags have two axes.

    KeyError where a name was not recorded; empty arrays where no segment was closed.
    """
    segments = run.segments("signals")
    if segments:
        known = {column.name for column in columns(run)}
        if missing := [name for name in names if name not in known]:
            raise KeyError(f"not recorded in {run.path}: {', '.join(missing)}")
    table = parquet.read(segments, names)
    if table is None:
        return {name: np.zeros(0) for name in names}
    return {name: parquet.numbers(table, name).astype(np.float64) for name in names}


def read_means(run: RunFolder, names: list[str]) -> dict[str, Floats]:
    """Like `read`, but of an array tag the mean over its elements; segment by segment, so that a day's gauges fit into memory."""
    parts: dict[str, list[Floats]] = {name: [] for name in names}
    for segment in run.segments("signals"):
        table = parquet.read([segment], names)
        for name in names if table is not None else ():
            values = parquet.numbers(table, name).astype(np.float64)
            parts[name].append(values if values.ndim == 1 else values.mean(axis=1))
    return {name: np.concatenate(own) if own else np.zeros(0) for name, own in parts.items()}
