"""A file of machines: what each does, how much it can do, what it costs, and the floor and people it takes.

Each has a price with currency, date and source, and either a rate of powder that it takes or speed, width and sides of the web
that it can coat or press.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from dryline.line.load import InputError, check, line_of, read
from dryline.line.prices import Price, checked_keys, price_of, spelled
from dryline.line.quantities import Described, quantity

SHIPPED = Path(__file__).parent.parent / "data" / "planning" / "machines.yaml"
WHERE = "docs/how-to/own-site-and-prices"


class MachineEntry(Described):
    """A machine as the file has it."""

    name: str = Field(min_length=1, max_length=60)
    process: Literal["dry", "wet"]
    electrode: Literal["cathode", "anode", "both"] = "both"
    step: str = Field(min_length=1, max_length=60)
    price: Price
    rate: float | None = quantity(None, "kg/s", 1e-6, 1e3, "given in the file", "powder it takes")
    speed: float | None = quantity(None, "m/s", 1e-3, 10.0, "given in the file")
    width: float | None = quantity(None, "m", 0.01, 10.0, "given in the file")
    sides: int = Field(default=2, ge=1, le=2, description="sides that it makes in one pass")
    floor: float = quantity(0.0, "m**2", 0.0, 1e6, "given in the file")
    operators: float = quantity(0.0, "1", 0.0, 1000.0, "given in the file", "on shift, for each machine")
    level: Literal["quoted", "table"] = Field("quoted", description="table: times the site's equipment_level")

    @model_validator(mode="before")
    @classmethod
    def _read_price(cls, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        checked_keys("", values, (*cls.model_fields, "date", "source"))
        got = dict(values)
        given = {"price": got.pop("price", None), "date": got.pop("date", None), "source": got.pop("source", None)}
        try:
            got["price"] = price_of("", given, "", "1.2 MEUR")
        except ValueError as error:
            raise ValueError(str(error).removeprefix(".")) from None
        if isinstance(got.get("floor"), str):
            got["floor"] = spelled(got["floor"])
        return got

    @model_validator(mode="after")
    def _one_measure(self) -> MachineEntry:
        web = self.speed is not None and self.width is not None
        if (self.rate is None) != web or (self.speed is None) != (self.width is None):
            raise ValueError("rate@a machine has either a rate or a speed and a width; give one of them, e.g. rate: 500 kg/h")
        return self


class MachinesFile(Described):
    """A file of machines."""

    name: str = Field(min_length=1, max_length=60)
    machines: tuple[MachineEntry, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Machine:
    """A machine in SI units: price [its currency], as quoted or on the level of the BatPaC table, and either powder [kg/s]
    or of single-sided area [m2/s]; floor [m2], operators on shift.
    """

    name: str
    process: Literal["dry", "wet"]
    electrode: Literal["cathode", "anode", "both"]
    step: str
    price: Price
    level: Literal["quoted", "table"]
    powder_rate: float | None
    side_rate: float | None
    floor: float
    operators: float
    file: str
    line: int | None


def load_machines(path: str | Path | None = None) -> tuple[Machine, ...]:
    """Machines of a YAML file, the shipped ones by default; InputError names file, line, key and remedy of what is wrong."""
    text = read(SHIPPED if path is None else Path(path))
    file = check(text, MachinesFile, WHERE)
    found: list[Machine] = []
    for n, entry in enumerate(file.machines):
        line = line_of(text.lines, f"machines.{n}")
        if any((m.step, m.process) == (entry.step, entry.process) and _overlap(m.electrode, entry.electrode) for m in found):
            problem = f"is a second machine for {entry.step!r} of a {entry.process} line; keep one, or give each its electrode"
            raise InputError(text.file, line, f"machines.{n}.step", problem)
        web = None if entry.speed is None or entry.width is None else entry.speed * entry.width * entry.sides
        found.append(
            Machine(
                entry.name, entry.process, entry.electrode, entry.step, entry.price, entry.level, entry.rate, web,
                entry.floor, entry.operators, text.file, line,
            )
        )  # fmt: skip
    return tuple(found)


def _overlap(a: str, b: str) -> bool:
    return a == b or "both" in (a, b)
