"""A difference of two runs in words and figures, in the units in which an engineer reads them."""

from __future__ import annotations

import math

import numpy as np

from dryline.records.compare import MEAN, Comparison, Difference
from dryline.records.report.words import number, signed, spoken

SCALES = {
    "Pa": (1e-6, "MPa"), "N": (1e-3, "kN"), "W": (1e-3, "kW"), "kg/m2": (100.0, "mg/cm²"), "kg/m**2": (100.0, "mg/cm²"),
    "N/m**2": (1e-9, "kN/mm²"), "m/s": (60.0, "m/min"), "J/kg": (1e-3, "kJ/kg"), "kg/s": (3600.0, "kg/h"), "1": (1.0, ""),
}  # fmt: skip
"""How values are shown, by their SI unit; what has none here by its magnitude."""

LINE_LOAD, STIFFNESS = 1e3, 1e8
"""From these on, N/m is shown as a line load or a stiffness rather than as a tension."""

COLDEST = 100.0
"""Temperatures above this [K] are shown in °C; below it they are differences."""

SHARES = ("porosity", "foil_strain", "level")
"""Signals of unit 1 that are shown in per cent."""

SMALL = 0.02
"""Lengths below this [m] are shown in µm."""


def names(found: Comparison) -> tuple[str, str]:
    """How the runs are called on the page: by their folders, in full where these are called alike."""
    one, other = found.one.run.path, found.other.run.path
    if one.resolve().name != other.resolve().name:
        return one.resolve().name, other.resolve().name
    return str(one), str(other)


def leading(rows: list[Difference]) -> list[Difference]:
    """Of every quantity the mean and the place of the largest difference, in the order given."""
    kept, seen = [], set()
    for row in rows:
        key = (*row.quantity, row.place == MEAN)
        if key not in seen:
            seen.add(key)
            kept.append(row)
    return kept


def where(row: Difference) -> str:
    """Station, signal and place."""
    station = "" if row.station == "web" else f"{spoken(row.station)}: "
    return f"{station}{spoken(row.signal)}{f', {row.place}' if row.place else ''}"


def scale(row: Difference) -> tuple[float, str]:
    """Factor and unit in which a quantity is shown."""
    size = max(abs(row.mean_one), abs(row.mean_other))
    if row.unit == "m":
        return (1e6, "µm") if size < SMALL else (1.0, "m")
    if row.unit == "N/m" and size >= LINE_LOAD:
        return (1e-9, "MN/mm") if size >= STIFFNESS else (1e-3, "N/mm")
    if row.signal in SHARES:
        return 100.0, "%"
    return SCALES.get(row.unit, (1.0, row.unit))


def celsius(row: Difference) -> bool:
    """True where the means are temperatures."""
    return row.unit == "K" and row.mean_one > COLDEST


def decimals(size: float, figures: int) -> int:
    """Decimals with which a size shows so many figures, 6 at most."""
    return 2 if size == 0.0 else int(np.clip(figures - 1 - math.floor(math.log10(abs(size))), 0, 6))


def shown(row: Difference, value: float) -> str:
    """A mean, with the decimals that the difference needs."""
    if celsius(row):
        return number(value - 273.15, decimals(row.difference, 2) if row.difference else 2, "°C")
    factor, unit = scale(row)
    size, figures = (row.difference, 2) if row.difference else (value, 4)
    return number(factor * value, decimals(factor * size, figures), unit)


def shown_difference(row: Difference) -> str:
    """The difference of the means, with its sign."""
    factor, unit = scale(row)
    return signed(factor * row.difference, decimals(factor * row.difference, 3), unit)


def shown_spread(row: Difference, value: float) -> str:
    """A standard deviation or a tolerance."""
    factor, unit = scale(row)
    return number(factor * value, decimals(factor * value, 3), unit)


def shown_size(row: Difference) -> str:
    """The size of a difference and what it is measured by."""
    if row.size is None:
        return "constant in both"
    return f"{number(row.size, 2)} × {'its tolerance' if row.measure == 'tolerance' else 'its scatter'}"
