"""Prices of materials: dated rows of a CSV file, each with currency, unit and source; a user's own rows go before the shipped.

Columns: item, date, price ('57.1 kCNY/t'), source; areal_mass ('0.0405 kg/m2') where a foil is bought by mass but used by area,
tag and note are free. Several dates of an item may stand; the latest counts, or the latest up to a date that is asked for.
"""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from dryline.line.input_error import InputError
from dryline.line.prices import amount_of, date_of, spelled
from dryline.line.quantities import si
from dryline.line.site import Number, Site

SHIPPED = Path(__file__).parent.parent / "data" / "planning" / "prices.csv"
LARGEST = 1_000_000
COLUMNS = ("item", "date", "price", "areal_mass", "source", "tag", "note")
NEEDED = ("item", "date", "price", "source")
KINDS = {"kg": "kg", "m2": "m**2", "m3": "m**3", "J": "J"}
"""Quantities that a material may be sold by, and their SI units."""
EXAMPLE = "9.5 USD/kg"
ALIASES = {
    "al_foil": "aluminium_foil", "aluminum_foil": "aluminium_foil", "aluminium": "aluminium_foil", "cu_foil": "copper_foil",
    "copper": "copper_foil",
    "carbon": "carbon_black", "super_p": "carbon_black", "artificial_graphite": "graphite", "n_methyl_2_pyrrolidone": "nmp",
}  # fmt: skip
"""Other names of a material."""


@dataclass(frozen=True)
class Row:
    """A price: amount of a currency per `unit` (kg, m2, m3, J); areal_mass of a foil [kg/m2] or None; where it stands."""

    item: str
    date: str
    amount: float
    currency: str
    unit: str
    areal_mass: float | None
    source: str
    tag: str
    file: str
    line: int


@dataclass(frozen=True)
class PriceTable:
    """Prices by material, the one that counts of each; factors: by how much to multiply some of them, one value a sample."""

    rows: Mapping[str, Row]
    factors: Mapping[str, Number] = field(default_factory=dict)

    def scaled(self, factors: Mapping[str, Number]) -> PriceTable:
        """The same prices, those of some materials multiplied; InputError for a material without price."""
        return PriceTable(self.rows, {**self.factors, **{self.row(name).item: factor for name, factor in factors.items()}})

    def with_areal_masses(self, masses: Mapping[str, float]) -> PriceTable:
        """The same prices for foils of other areal masses [kg/m2] by name: what is sold by mass costs by its thickness. A row of
        one's own that gives an areal mass keeps it.
        """
        rows = dict(self.rows)
        for name, mass in masses.items():
            row = self.row(name)
            if row.areal_mass is None or row.file == str(SHIPPED):
                rows[row.item] = replace(row, areal_mass=mass)
        return PriceTable(rows, self.factors)

    def row(self, name: str) -> Row:
        """Row of a material by name or alias; InputError where there is none."""
        key = canonical(name)
        if key in self.rows:
            return self.rows[key]
        near = difflib.get_close_matches(key, list(self.rows), 1)
        hint = f"did you mean {near[0]!r}? Otherwise add" if near else "add"
        problem = f"has no price; {hint} a row to a price file of your own (item,date,price,source)"
        raise InputError("prices", None, name[:40], problem)

    def price(self, name: str, unit: str, site: Site) -> Number:
        """Price of a material per `unit` (kg, m2, m3 or J) in the currency of a site.

        A foil with an areal mass may be sold by mass and used by area or the other way round; anything else that is sold by
        another quantity than asked for is an InputError.
        """
        row = self.row(name)
        amount = site.money(row.amount, row.currency) * self.factors.get(row.item, 1.0)
        if row.unit == unit:
            return amount
        if row.areal_mass is not None and {row.unit, unit} == {"kg", "m2"}:
            return amount * row.areal_mass if unit == "m2" else amount / row.areal_mass
        remedy = f"give a price per {unit}" + (", or its areal_mass" if {row.unit, unit} == {"kg", "m2"} else "")
        raise InputError(row.file, row.line, row.item, f"is sold per {row.unit}, but used per {unit}; {remedy}")

    def areal_mass(self, name: str) -> float:
        """Mass of a foil [kg/m2]; InputError where its row has none."""
        row = self.row(name)
        if row.areal_mass is None:
            problem = "has no areal_mass, so what is thrown away has no mass; give e.g. 0.04 kg/m2"
            raise InputError(row.file, row.line, row.item, problem)
        return row.areal_mass

    def dates(self) -> tuple[str, str]:
        """Oldest and newest date among the prices that count."""
        found = sorted(row.date for row in self.rows.values())
        return found[0], found[-1]


def canonical(name: str) -> str:
    """A material's name as prices list it: small letters, underscores, the name that stands for its aliases."""
    key = "_".join(name.strip().lower().replace("-", " ").replace("_", " ").split())
    return ALIASES.get(key, key)


def load_prices(path: str | Path | None = None, until: str | None = None) -> PriceTable:
    """Shipped prices, with the rows of a CSV file of one's own before them, item by item.

    Parameters
    ----------
    path : str or Path, optional
        A CSV file with the columns item, date, price and source.
    until : str, optional
        Leave out prices of a later date, e.g. "2025-11".

    Raises
    ------
    InputError
        Names file, line, column and remedy for everything that is wrong.
    """
    try:
        last = None if until is None else date_of(until)
    except ValueError as error:
        raise InputError("until", None, "", str(error)) from None
    rows = _latest(_read(SHIPPED), last)
    if path is not None:
        rows |= _latest(_read(Path(path)), last)
    return PriceTable(rows)


def _latest(rows: list[Row], last: str | None) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in rows:
        late = last is not None and row.date[: len(last)] > last
        if not late and (row.item not in found or row.date >= found[row.item].date):
            found[row.item] = row
    return found


def _text(path: Path) -> str:
    file = str(path)
    try:
        if path.is_dir():
            raise InputError(file, None, "", "is a folder; give the CSV file in it")
        if path.exists() and path.stat().st_size > LARGEST:
            raise InputError(file, None, "", "is larger than 1 MB; this is not a price file")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(file, None, "", "does not exist; check the path") from None
    except UnicodeDecodeError:
        raise InputError(file, None, "", "is not text in UTF-8; save it as CSV in UTF-8") from None
    except (OSError, ValueError) as error:
        raise InputError(file, None, "", f"cannot be read ({error}); check path and rights") from None


def _read(path: Path) -> list[Row]:
    file, text = str(path), _text(path)
    reader = csv.reader(io.StringIO(text))
    try:
        cells = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise InputError(file, reader.line_num, "", f"is not CSV ({error}); check its quotes") from None
    if not cells:
        raise InputError(file, None, "", f"is empty; begin with the columns {','.join(NEEDED)}")
    line, head = cells[0]
    for column in head:
        if column not in COLUMNS:
            near = difflib.get_close_matches(column, COLUMNS, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(COLUMNS)}"
            raise InputError(file, line, column[:40], f"is not a known column; {hint}")
        if head.count(column) > 1:
            raise InputError(file, line, column, "stands twice; keep one column of this name")
    for column in NEEDED:
        if column not in head:
            raise InputError(file, line, column, f"is missing among the columns; begin the file with {','.join(NEEDED)}")
    rows: list[Row] = []
    seen: set[tuple[str, str]] = set()
    for line, values in cells[1:]:
        if len(values) != len(head):
            raise InputError(file, line, "", f"has {len(values)} cells for {len(head)} columns; quote texts that hold a comma")
        row = _row(file, line, dict(zip(head, values, strict=True)))
        if (row.item, row.date) in seen:
            raise InputError(file, line, row.item, f"has two prices of {row.date}; keep one of them")
        seen.add((row.item, row.date))
        rows.append(row)
    return rows


def _row(file: str, line: int, cells: dict[str, str]) -> Row:
    for column in NEEDED:
        if not cells[column]:
            why = "a price needs the year, month or day it is of, e.g. 2025-11" if column == "date" else "give it"
            raise InputError(file, line, column, f"is empty; {why}")
    try:
        date = date_of(cells["date"])
    except ValueError as error:
        raise InputError(file, line, "date", str(error)) from None
    unit, amount, currency = _amount(file, line, cells["price"])
    areal: float | None = None
    if cells.get("areal_mass"):
        try:
            areal = si(spelled(cells["areal_mass"]), "kg/m**2", "0.0405 kg/m2")
        except ValueError as error:
            raise InputError(file, line, "areal_mass", str(error)) from None
        if not 0.0 < areal < 100.0:
            raise InputError(file, line, "areal_mass", f"{cells['areal_mass']!r} is out of range; give e.g. 0.0405 kg/m2")
    return Row(canonical(cells["item"]), date, amount, currency, unit, areal, cells["source"], cells.get("tag", ""), file, line)


def _amount(file: str, line: int, text: str) -> tuple[str, float, str]:
    """Unit, amount and currency of a price: by mass, area, volume or energy, whichever it counts."""
    for unit, per in KINDS.items():
        try:
            amount, currency = amount_of(text, per, "0.2 USD/m2" if "m2" in text else EXAMPLE)
        except ValueError as error:
            if "another quantity" not in str(error):
                raise InputError(file, line, "price", str(error)) from None
        else:
            return unit, amount, currency
    raise InputError(file, line, "price", f"{text!r} counts neither mass, area, volume nor energy; give e.g. {EXAMPLE!r}")
