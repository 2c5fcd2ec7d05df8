"""Uncertain inputs of a comparison: what each is, its central value, its range by estimate, and its range where one is sourced.

Two sets of priors are drawn from the same table. "sourced": only inputs with a published range vary, all others keep their
central value. "estimates": every input varies uniformly over the range of the estimate, which describes ignorance, not plants.
A central value that is left out is that of the line, the site or the vintage.
"""

from __future__ import annotations

import csv
import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from dryline.line.load import InputError
from dryline.line.quantities import si

Floats = NDArray[np.float64]
Priors = Literal["sourced", "estimates"]
COLUMNS = (
    "name", "about", "kind", "unit", "central", "low", "high", "sourced_low", "sourced_high", "chemistry", "tag", "source",
)  # fmt: skip
TAGS = {"P": "published", "D": "derived from published figures", "T": "textbook", "E": "estimate, assumed"}
SI_UNITS = {"1": "1", "W/m**2": "W/m**2", "kWh/kWh": "1", "kWh/kg": "J/kg", "kW": "W", "K": "K"}
"""SI unit of each unit of the table; kWh/kWh is a plain number."""
MOST = {
    "oee": 1.0, "electrode_yield": 1.0, "heat_recovery": 1.0, "solids_cathode": 1.0, "solids_anode": 1.0,
    "exhaust_solvent": 6500e-6,
}  # fmt: skip
"""What an input cannot exceed: a share of all, and NMP in air half of its lower explosive limit."""


@dataclass(frozen=True)
class Input:
    """An uncertain input; figures in SI units, `central` None where the model brings it, `sourced` None where no range is."""

    name: str
    about: str
    kind: str
    unit: str
    central: float | None
    low: float
    high: float
    sourced: tuple[float, float] | None
    chemistry: str
    tag: str
    source: str

    def range(self, priors: Priors) -> tuple[float, float] | None:
        """Range over which the input varies in a set of priors; None where it does not."""
        return (self.low, self.high) if priors == "estimates" else self.sourced


def load_inputs(path: Path | None = None) -> tuple[Input, ...]:
    """The shipped table of inputs, with the rows of a user's table in place of those of the same name and chemistry.

    Raises InputError where a file is no such table, naming file, line, column and remedy.
    """
    shipped = files("dryline").joinpath("data/planning/inputs.csv").read_text(encoding="utf-8")
    rows = {(row.name, row.chemistry): row for row in _parsed(shipped, "inputs.csv", ())}
    if path is None:
        return tuple(rows.values())
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(str(path), None, "", f"cannot be read ({error}); give a CSV file in UTF-8") from None
    known = tuple(dict.fromkeys(name for name, _ in rows))
    for row in _parsed(text, str(path), known):
        rows[row.name, row.chemistry] = row
    return tuple(rows.values())


def _parsed(text: str, file: str, known: Sequence[str]) -> list[Input]:
    reader = csv.DictReader(text.splitlines())
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise InputError(file, 1, missing[0], f"is missing; the columns are {', '.join(COLUMNS)}")
    return [_input(row, file, line, known) for line, row in enumerate(reader, 2)]


def _input(row: Mapping[str, str | None], file: str, line: int, known: Sequence[str]) -> Input:
    name = (row["name"] or "").strip()
    if known and name not in known:
        near = difflib.get_close_matches(name, known, 1)
        raise InputError(file, line, name, f"is no input; they are {', '.join(known)}" + (f"; {near[0]!r}?" if near else ""))
    unit, tag, kind = ((row[column] or "").strip() for column in ("unit", "tag", "kind"))
    if unit not in SI_UNITS:
        raise InputError(file, line, "unit", f"{unit!r} is none of {', '.join(SI_UNITS)}")
    if tag not in TAGS:
        raise InputError(file, line, "tag", f"{tag!r} is none of {', '.join(f'{t} ({said})' for t, said in TAGS.items())}")
    if kind not in ("factor", "value"):
        raise InputError(file, line, "kind", f"{kind!r} is neither 'factor' nor 'value'")
    if not (row["source"] or "").strip():
        raise InputError(file, line, "source", "is empty; say where the range comes from, or 'assumed'")

    def figure(column: str) -> float | None:
        given = (row[column] or "").strip()
        if not given:
            return None
        try:
            value = si(given if SI_UNITS[unit] == "1" else f"{given} {unit}", SI_UNITS[unit])
        except ValueError as error:
            raise InputError(file, line, column, str(error)) from None
        return value

    low, high = figure("low"), figure("high")
    if low is None or high is None or not low < high:
        raise InputError(file, line, "low", "and high must be given and rise")
    if high > MOST.get(name, math.inf):
        raise InputError(file, line, "high", f"of {name} is {row['high']}; it cannot exceed {MOST[name]:g}")
    central, below, above = figure("central"), figure("sourced_low"), figure("sourced_high")
    if central is not None and not min(low, below if below is not None else low) <= central <= max(high, above or high):
        raise InputError(file, line, "central", f"lies outside {row['low']} to {row['high']}")
    if (below is None) != (above is None) or (below is not None and above is not None and below > above):
        raise InputError(file, line, "sourced_low", "and sourced_high must both be given and rise, or both be empty")
    sourced = None if below is None or above is None else (below, above)
    if sourced is not None and tag == "E":
        raise InputError(file, line, "tag", "E is an estimate, but a sourced range is given; tag its source P, D or T")
    return Input(
        name, (row["about"] or "").strip(), kind, unit, central, low, high, sourced, (row["chemistry"] or "").strip(), tag,
        (row["source"] or "").strip(),
    )  # fmt: skip


def chosen(inputs: Sequence[Input], chemistry: str) -> tuple[Input, ...]:
    """The inputs that apply to a chemistry such as "LFP" or "NMC811": those of none, and those of its family."""
    family = "LFP" if "LFP" in chemistry.upper() or "LMFP" in chemistry.upper() else "NMC"
    return tuple(one for one in inputs if one.chemistry in ("", family))


def drawn(inputs: Sequence[Input], priors: Priors, count: int, seed: int) -> dict[str, Floats]:
    """Latin hypercube of the inputs that vary in a set of priors: one array (count,) an input.

    The same seed and count give the same sample.
    """
    varied = [(one.name, span) for one in inputs if (span := one.range(priors)) is not None]
    if not varied or count < 1:
        return {}
    unit = qmc.LatinHypercube(len(varied), rng=np.random.default_rng(seed)).random(count)
    return {name: low + (high - low) * unit[:, k] for k, (name, (low, high)) in enumerate(varied)}


def central(inputs: Sequence[Input]) -> dict[str, float]:
    """Central values of the inputs that bring one."""
    return {one.name: one.central for one in inputs if one.central is not None and math.isfinite(one.central)}
