"""Published energies of battery making and published claims of dry lines: facts with citation, read from the shipped tables.

Every row has its source, a tag (P published, D derived, T textbook or not checked, E estimate) and a note on its weakness:
conversion, second hand, slip. Values keep the unit in which they stand; `joules` and `span` make plain numbers of them.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Literal, NamedTuple

from dryline.line.input_error import InputError

PublishedCarrier = Literal["el", "heat", "all"]
TAGS = {"P": "published", "D": "derived from published figures", "T": "textbook or not checked", "E": "estimate, assumed"}
HOUR = 3.6e6
"""Joules of a kilowatt hour."""

PLAIN = {"kWh/kWh": 1.0, "MJ/kWh": 1.0 / 3.6}
"""Units that are energy over energy of cells, and their value as a plain number."""


class Energy(NamedTuple):
    """Energy of a step in a study: low, average and high in a unit; None where the study does not say."""

    study: str
    step: str
    carrier: PublishedCarrier
    low: float | None
    average: float | None
    high: float | None
    unit: str
    source: str
    tag: str
    note: str

    @property
    def slip(self) -> bool:
        """Whether the source has an average outside low and high, or these the wrong way round."""
        given = [value for value in (self.low, self.average, self.high) if value is not None]
        return given != sorted(given)

    @property
    def span(self) -> tuple[float, float, float]:
        """Low, average and high in order, as energy over energy of cells [1], whatever slips the source has.

        ValueError where the row is no such figure, or has none.
        """
        given = [value for value in (self.low, self.average, self.high) if value is not None]
        if self.unit not in PLAIN or not given:
            raise ValueError(f"{self.study}, {self.step}: {self.unit} is no energy over energy of cells")
        factor = PLAIN[self.unit]
        middle = self.average if self.average is not None else 0.5 * (given[0] + given[-1])
        return factor * min(given), factor * middle, factor * max(given)


class Claim(NamedTuple):
    """A published claim: what is claimed (text as published; range, None where it is open), and the boundary that goes with it.

    held_against: boundaries of this software that it can be compared with; ("unknown",) where none is stated, empty where it is
    about a component or a thing that is not computed.
    """

    who: str
    date: str
    quantity: str
    text: str
    low: float | None
    high: float | None
    unit: str
    boundary: str
    held_against: tuple[str, ...]
    source: str
    tag: str
    note: str


@lru_cache(maxsize=1)
def energies() -> tuple[Energy, ...]:
    """All published energies, in the order of the table."""
    return tuple(
        Energy(
            row["study"], row["step"], row["carrier"], _figure(row["low"]), _figure(row["avg"]),  # type: ignore[arg-type]
            _figure(row["high"]), row["unit"], row["source"], row["tag"], row["note"],
        )
        for row in table("energy_per_step.csv", ("el", "heat", "all"))
    )  # fmt: skip


@lru_cache(maxsize=1)
def claims() -> tuple[Claim, ...]:
    """All published claims, in the order of the table."""
    return tuple(
        Claim(
            row["who"], row["date"], row["quantity"], row["value_text"], _figure(row["value_min"]), _figure(row["value_max"]),
            row["unit"], row["boundary"], tuple(filter(None, row["held_against"].split(";"))), row["source"], row["tag"],
            row["note"],
        )
        for row in table("claims.csv")
    )  # fmt: skip


def study(name: str, chosen: Callable[[Energy], bool] = lambda row: True) -> tuple[Energy, ...]:
    """Rows of a study that are chosen; KeyError where there is no such study."""
    rows = tuple(row for row in energies() if row.study == name)
    if not rows:
        raise KeyError(name)
    return tuple(row for row in rows if chosen(row))


def steps_of(name: str, unit: str = "kWh/kWh") -> tuple[Energy, ...]:
    """Steps of a study in a unit, without the totals it gives beside them."""
    return study(name, lambda row: row.unit == unit and not row.step.startswith("total"))


def sum_of(rows: Iterable[Energy], carrier: PublishedCarrier | None = None) -> float:
    """Sum of the averages of rows [1], of one carrier or of all."""
    return sum(row.span[1] for row in rows if carrier is None or row.carrier == carrier)


def table(file: str, carriers: tuple[str, ...] = ()) -> list[Mapping[str, str]]:
    """Rows of a shipped table, each with source and known tag; InputError names file, line and column of one that has not."""
    text = files("dryline").joinpath(f"data/planning/{file}").read_text(encoding="utf-8")
    rows: list[Mapping[str, str]] = []
    for line, row in enumerate(csv.DictReader(text.splitlines()), 2):
        if not row["source"].strip():
            raise InputError(file, line, "source", "is empty; say where the figure comes from")
        if row["tag"] not in TAGS:
            raise InputError(file, line, "tag", f"{row['tag']!r} is none of {', '.join(TAGS)}")
        if carriers and row["carrier"] not in carriers:
            raise InputError(file, line, "carrier", f"{row['carrier']!r} is none of {', '.join(carriers)}")
        rows.append(row)
    return rows


def _figure(text: str) -> float | None:
    return float(text) if text.strip() else None
