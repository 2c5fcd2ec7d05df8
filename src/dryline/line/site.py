"""A site: what energy, work, money and buildings cost there, what its energy emits, and how long it plans to run.

A site file is YAML. Every price in it has currency, date and source; prices in another currency than the site's are converted
by the dated exchange rates of the same file, and by nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from dryline.line.load import InputError, check, find, line_of, read
from dryline.line.prices import Price, Rate, checked_keys, date_of, factor_between, price_of, rate_of, spelled
from dryline.line.quantities import Described, quantity, si

Number = float | NDArray[np.float64]

YEAR = 365.25 * 86400.0
"""A year of a life [s], as the unit library counts it."""

PRICES = {
    "electricity": ("J", "0.09 USD/kWh"), "heat": ("J", "0.045 USD/kWh"), "wage": ("s", "18 USD/h"),
    "building": ("m**2", "3000 USD/m2"), "disposal": ("kg", "0.2 USD/kg"),
}  # fmt: skip
"""Prices of a site file: SI unit that each counts, and an example."""
FIGURES = {"grid_carbon": ("kg/J", "0.55 kg/kWh"), "fuel_carbon": ("kg/J", "0.20 kg/kWh")}
"""Other dated figures of a site file."""
TIMES = {"equipment_life": "10 yr", "building_life": "20 yr", "planned_time": "7680 h"}
"""Times of a site file, and examples."""
WHERE = "docs/how-to/own-site-and-prices"


class SiteFile(Described):
    """A site file as it is written, read into SI units."""

    name: str = Field(min_length=1, max_length=60)
    currency: Literal["USD", "CNY", "EUR", "KRW"]
    electricity: Price
    heat: Price
    wage: Price
    building: Price
    disposal: Price
    grid_carbon: Price
    fuel_carbon: Price
    exchange_rates: tuple[Any, ...] = ()
    labour_overhead: float = quantity(0.40, "1", 0.0, 3.0, "variable overhead on direct labour, BatPaC 5")
    depreciation_overhead: float = quantity(0.20, "1", 0.0, 3.0, "variable overhead on depreciation, BatPaC 5")
    interest: float = quantity(0.08, "1", 0.0, 1.0, "assumed; per year")
    equipment_life: float = quantity(10 * YEAR, "s", YEAR, 60 * YEAR, "BatPaC 5")
    building_life: float = quantity(20 * YEAR, "s", YEAR, 100 * YEAR, "twice the life of equipment, BatPaC 5")
    maintenance: float = quantity(0.03, "1", 0.0, 1.0, "assumed; of the price of equipment per year")
    planned_time: float = quantity(7680 * 3600.0, "s", 3600.0, 8784 * 3600.0, "320 days of 24 hours, BatPaC 5; per year")
    equipment_level: float = quantity(1.0, "1", 0.05, 5.0, "assumed; price of equipment over that of the BatPaC table")
    scrap_revenue: float = quantity(0.0, "1", 0.0, 1.0, "assumed; of the price of the active material in what is thrown away")
    hall_dew_point: float | None = quantity(None, "K", 173.15, 303.15, "assumed")
    hall_load: float | None = quantity(None, "W/m**2", 0.0, 5000.0, "assumed")

    @model_validator(mode="before")
    @classmethod
    def _read_prices(cls, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        checked_keys("", values, cls.model_fields)
        got = {key: spelled(value) if isinstance(value, str) and key == "hall_load" else value for key, value in values.items()}
        for name, example in TIMES.items():
            if isinstance(got.get(name), int | float):
                raise ValueError(f"{name}@{got[name]} has no unit; give e.g. {example!r}")
        for name, (per, example) in PRICES.items():
            if name in got:
                got[name] = price_of(name, got[name], per, example)
        for name, (unit, example) in FIGURES.items():
            if name in got:
                got[name] = _figure(name, got[name], unit, example)
        rows = got.get("exchange_rates", ())
        if not isinstance(rows, list | tuple):
            raise ValueError("exchange_rates@is not a list; give rows such as - {rate: 7.25 CNY/USD, date: 2024-06, source: ...}")
        rates = tuple(rate_of(f"exchange_rates.{n}", row) for n, row in enumerate(rows))
        got["exchange_rates"] = rates
        pairs = [frozenset((rate.bought, rate.sold)) for rate in rates]
        for n, pair in enumerate(pairs):
            if pair in pairs[:n]:
                raise ValueError(f"exchange_rates.{n}@is a second rate between {' and '.join(sorted(pair))}; give one of them")
        return got

    @model_validator(mode="after")
    def _hall(self) -> SiteFile:
        if self.hall_dew_point is None and self.hall_load is None:
            raise ValueError("hall_load@neither hall_load nor hall_dew_point is there; give e.g. hall_load: 200 W/m2")
        return self


def _figure(name: str, given: Any, unit: str, example: str) -> Price:
    """A dated figure that is no price, {value, date, source}."""
    form = f"write {{value: {example}, date: 2024, source: ...}}"
    if not isinstance(given, Mapping):
        raise ValueError(f"{name}@has no date and no source; give both: {form}")
    for key in ("value", "date", "source"):
        if given.get(key) in (None, ""):
            raise ValueError(f"{name}.{key}@is missing; give it: {form}")
    if unknown := [key for key in given if key not in ("value", "date", "source")]:
        raise ValueError(f"{name}.{str(unknown[0])[:30]}@is not a known key; give value, date and source")
    try:
        value = si(str(given["value"]), unit, example)
    except ValueError as error:
        raise ValueError(f"{name}.value@{error}") from None
    if value < 0.0:
        raise ValueError(f"{name}.value@{given['value']!r} is negative; give e.g. {example!r}")
    try:
        date = date_of(given["date"])
    except ValueError as error:
        raise ValueError(f"{name}.date@{error}") from None
    return Price(amount=value, currency="", per=unit, date=date, source=str(given["source"]))


@dataclass(frozen=True)
class Noted:
    """Where a figure of a site comes from: its text as written, date and source."""

    name: str
    text: str
    date: str
    source: str


@dataclass(frozen=True)
class Site:
    """A site in SI units and its own currency; any figure may be an array, one value a sample.

    electricity, heat: final energy [money/J]; wage: of an operator, with the employer's contributions [money/s]; building
    [money/m2 of floor]; disposal of waste [money/kg]; grid_carbon, fuel_carbon [kg CO2/J]; labour_overhead and
    depreciation_overhead on labour and on depreciation [1]; interest, maintenance [1/year]; equipment_life, building_life
    [years]; planned_time [s/year]; equipment_level: price of equipment over that of the BatPaC table; scrap_revenue: share of
    the price of active material that scrap still earns; hall_dew_point [K] and hall_load [W/m2 of floor], None where the file
    leaves one out; rates: exchange rates; notes: where the figures come from.
    """

    name: str
    currency: str
    electricity: Number
    heat: Number
    wage: Number
    building: Number
    disposal: Number
    grid_carbon: Number
    fuel_carbon: Number
    labour_overhead: Number
    depreciation_overhead: Number
    interest: Number
    equipment_life: Number
    building_life: Number
    maintenance: Number
    planned_time: Number
    equipment_level: Number
    scrap_revenue: Number
    hall_dew_point: Number | None
    hall_load: Number | None
    rates: tuple[Rate, ...] = ()
    notes: tuple[Noted, ...] = ()
    file: str = ""

    def money(self, amount: Number, currency: str) -> Number:
        """An amount of another currency in the site's own; InputError where no dated rate leads there."""
        if currency == self.currency:
            return amount
        try:
            return amount * factor_between(currency, self.currency, self.rates)
        except LookupError as error:
            raise InputError(self.file, None, "exchange_rates", str(error)) from None


def expressed(site: Site, currency: str) -> Site:
    """A site with all its money in another currency, by its own dated rates; InputError where none leads there."""
    held = {key: getattr(site, key) for key in PRICES}
    try:
        factor = factor_between(site.currency, currency, site.rates)
    except LookupError as error:
        raise InputError(site.file, None, "exchange_rates", str(error)) from None
    return replace(site, currency=currency, **{key: price * factor for key, price in held.items()})


def load_site(name: str | Path = "china") -> Site:
    """Site by shipped name (china, eu, us, korea) or YAML file.

    Raises
    ------
    InputError
        Names file, line, key and remedy for everything that is wrong.
    """
    text = read(find("sites", str(name)))
    file = check(text, SiteFile, WHERE)
    converted: dict[str, float] = {}
    for key in PRICES:
        price: Price = getattr(file, key)
        try:
            factor = factor_between(price.currency, file.currency, file.exchange_rates)
        except LookupError as error:
            raise InputError(text.file, line_of(text.lines, f"{key}.price"), f"{key}.price", str(error)) from None
        converted[key] = price.amount * factor
    notes = [Noted(key, str(text.values[key]["price"]), getattr(file, key).date, getattr(file, key).source) for key in PRICES]
    notes += [Noted(key, str(text.values[key]["value"]), getattr(file, key).date, getattr(file, key).source) for key in FIGURES]
    notes += [Noted("exchange rate", f"{r.rate} {r.bought}/{r.sold}", r.date, r.source) for r in file.exchange_rates]
    plain = {
        key: getattr(file, key)
        for key in ("labour_overhead", "depreciation_overhead", "interest", "maintenance", "planned_time", "equipment_level",
                    "scrap_revenue", "hall_dew_point", "hall_load")
    }  # fmt: skip
    return Site(
        name=file.name,
        currency=file.currency,
        **converted,
        **plain,
        grid_carbon=file.grid_carbon.amount,
        fuel_carbon=file.fuel_carbon.amount,
        equipment_life=file.equipment_life / YEAR,
        building_life=file.building_life / YEAR,
        rates=file.exchange_rates,
        notes=tuple(notes),
        file=text.file,
    )
