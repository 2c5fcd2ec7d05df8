"""Press data: a CSV file of pressure against density, porosity or height, with its units in the header.

The first line that is no comment (#) names the columns, each with its unit in brackets: `pressure [MPa]`, and one of
`density [g/cm3]`, `porosity [%]`, `relative density`, or `height [mm]` with `areal mass [mg/cm2]` as a column or given
apart. Other columns are left out. Cells are divided by comma, semicolon or tab; where it is not the comma, a decimal comma
is read too. The rows up to the largest pressure are the loading branch, those behind it the unloading branch.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dryline.line.input_error import InputError
from dryline.line.quantities import si

LARGEST = 10_000_000
"""Largest file that is read [bytes]."""
FEWEST = 6
"""Fewest rows under pressure on the loading branch."""
FEWEST_BACK = 3
"""Fewest rows of an unloading branch."""
NOISE_PRESSURE = 0.01
"""Fall of pressure between two rows, over the largest, that still counts as noise."""
NOISE_DENSITY = 0.01
"""Fall of relative density below the largest before that still counts as noise."""

UNITS = {"pressure": "Pa", "density": "kg/m**3", "porosity": "1", "relative density": "1", "height": "m", "areal mass": "kg/m**2"}
EXAMPLES = {
    "pressure": "pressure [MPa]", "density": "density [g/cm3]", "porosity": "porosity [%]",
    "relative density": "relative density", "height": "height [mm]", "areal mass": "areal mass [mg/cm2]",
}  # fmt: skip
STATES = ("relative density", "porosity", "density", "height")
"""Columns that tell how dense the powder is, in the order in which they are preferred."""

HEADER = re.compile(r"^\s*(?P<name>[^\[\](){}]+?)\s*(?:[\[(]\s*(?P<unit>[^\])]+?)\s*[\])])?\s*$")


@dataclass(frozen=True)
class PressData:
    """Pressure [Pa] and relative density under load: loading branch (with the lines of the file), unloading branch."""

    file: str
    pressure: np.ndarray
    density: np.ndarray
    lines: tuple[int, ...]
    pressure_back: np.ndarray
    density_back: np.ndarray


def _text(path: Path) -> str:
    file = str(path)
    try:
        if path.is_dir():
            raise InputError(file, None, "", "is a folder; give the .csv file in it")
        if path.stat().st_size > LARGEST:
            raise InputError(file, None, "", "is larger than 10 MB; give a file of press data with fewer rows")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(file, None, "", "does not exist; check the path") from None
    except UnicodeDecodeError:
        raise InputError(file, None, "", "is not text in UTF-8; save it as CSV in UTF-8") from None
    except (OSError, ValueError) as error:
        raise InputError(file, None, "", f"cannot be read ({error}); check path and rights") from None


def _number(cell: str, comma: bool) -> float | None:
    try:
        value = float(cell.strip().replace(",", ".") if comma else cell.strip())
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def _columns(file: str, line: int, cells: list[str], comma: bool) -> dict[str, tuple[int, float]]:
    """Place and factor to SI of every known column."""
    if all(_number(cell, comma) is not None for cell in cells):
        raise InputError(file, line, "", "has no header; name the columns in the first line, e.g. pressure [MPa],density [g/cm3]")
    found: dict[str, tuple[int, float]] = {}
    for place, cell in enumerate(cells):
        match = HEADER.match(cell.strip().strip('"'))
        name = re.sub(r"[\s_]+", " ", match["name"]).lower() if match else ""
        if match is None or name not in UNITS:
            continue
        if name in found:
            raise InputError(file, line, name, "stands twice; keep one column of this name")
        unit = match["unit"]
        if unit is None and UNITS[name] != "1":
            raise InputError(file, line, name, f"has no unit; write e.g. {EXAMPLES[name]}")
        plain = "" if unit in (None, "1", "-") else re.sub(r"(?<=[a-z])([23])", r"**\1", str(unit).replace("^", ""))
        try:
            found[name] = place, si(f"1 {plain}".strip(), UNITS[name])
        except ValueError:
            raise InputError(file, line, name, f"has a wrong unit ({unit!r}); write e.g. {EXAMPLES[name]}") from None
    if "pressure" not in found:
        named = ", ".join(repr(cell.strip()) for cell in cells)[:100]
        raise InputError(file, line, "", f"has no column 'pressure' (it has {named}); write e.g. pressure [MPa]")
    if not any(name in found for name in STATES):
        raise InputError(file, line, "", f"has no column of density; add one of {', '.join(EXAMPLES[name] for name in STATES)}")
    return found


def _relative(
    file: str, name: str, row: dict[str, float], line: int, true_density: float | None, areal_mass: float | None
) -> float:
    """Relative density of a row from its column of density."""
    value = row[name]
    if name == "relative density":
        return value
    if name == "porosity":
        return 1.0 - value
    if true_density is None:
        raise InputError(file, None, name, "needs the true density of the mix; give --recipe or --true-density")
    if name == "density":
        return value / true_density
    mass = row.get("areal mass", areal_mass)
    if mass is None:
        raise InputError(file, None, name, "needs the areal mass; add a column 'areal mass [mg/cm2]' or give --areal-mass")
    if value <= 0.0:
        raise InputError(file, line, name, "must be above zero; correct the row")
    return mass / (true_density * value)


def read_press(path: Path, true_density: float | None, areal_mass: float | None = None) -> PressData:
    """Read press data and check them; InputError names file, line, column and remedy.

    true_density of the mix [kg/m3], for density and height; areal_mass [kg/m2] where a column of heights has none.
    """
    file = str(path)
    rows = [(n, text) for n, text in enumerate(_text(path).splitlines(), 1) if text.strip() and not text.lstrip().startswith("#")]
    if not rows:
        raise InputError(file, None, "", "is empty; give a header and rows")
    first, header = rows[0]
    divider = next((d for d in (";", "\t") if d in header), ",")
    comma = divider != ","
    columns = _columns(file, first, header.split(divider), comma)
    state = next(name for name in STATES if name in columns)
    pressure, density, lines = [], [], []
    for line, text in rows[1:]:
        cells = text.split(divider)
        row: dict[str, float] = {}
        for name, (place, factor) in columns.items():
            value = _number(cells[place], comma) if place < len(cells) else None
            if value is None:
                shown = cells[place].strip()[:30] if place < len(cells) else ""
                raise InputError(file, line, name, f"is no number (given {shown!r}); correct or remove the row")
            row[name] = value * factor
        if row["pressure"] < 0.0:
            raise InputError(file, line, "pressure", "is negative; subtract the zero of the load cell, or remove the row")
        D = _relative(file, state, row, line, true_density, areal_mass)
        if not 0.01 < D < 0.999:
            raise InputError(
                file, line, state,
                f"gives a relative density of {D:.3f}, which must lie between 0 and 1; check unit, true density and areal mass",
            )  # fmt: skip
        pressure.append(row["pressure"])
        density.append(D)
        lines.append(line)
    return _branches(file, state, np.array(pressure), np.array(density), lines)


def _branches(file: str, state: str, p: np.ndarray, D: np.ndarray, lines: list[int]) -> PressData:
    if p.size < FEWEST:
        raise InputError(file, None, "", f"has {p.size} rows, which is too few; give {FEWEST} or more")
    top = int(np.flatnonzero(p == p.max())[-1])
    fall = np.flatnonzero(np.diff(p[: top + 1]) < -NOISE_PRESSURE * p[top])
    rise = np.flatnonzero(np.diff(p[top:]) > NOISE_PRESSURE * p[top])
    if fall.size or rise.size:
        line = lines[int(fall[0]) + 1] if fall.size else lines[top + int(rise[0]) + 1]
        raise InputError(
            file, line, "pressure", "must rise to one largest value and then fall; give one loading and one unloading branch"
        )
    loading = np.arange(top + 1)[p[: top + 1] > 0.0]
    if loading.size < FEWEST:
        raise InputError(file, None, "", f"has {loading.size} rows under rising pressure, too few; give {FEWEST} or more")
    loose = np.flatnonzero(D[loading] < np.maximum.accumulate(D[loading]) - NOISE_DENSITY)
    if loose.size:
        raise InputError(
            file, lines[loading[int(loose[0])]], state, "gets looser while pressure rises; check the column, or remove the row"
        )
    back = np.arange(top, p.size)
    if back.size < FEWEST_BACK:
        back = back[:0]
    return PressData(file, p[loading], D[loading], tuple(lines[n] for n in loading), p[back], D[back])


def rising(data: PressData) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Relative density and pressure [Pa] of a loading branch that rises from row to row, as a recipe's table needs it."""
    still = np.flatnonzero((np.diff(data.pressure) <= 0.0) | (np.diff(data.density) <= 0.0))
    if still.size:
        problem = "does not rise in pressure and density; smooth the data with dryline compaction --fit table"
        raise InputError(data.file, data.lines[int(still[0]) + 1], "", problem)
    return tuple(data.density.tolist()), tuple(data.pressure.tolist())
