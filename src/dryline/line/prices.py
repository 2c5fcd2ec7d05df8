"""Prices: a text such as '0.09 USD/kWh' with the date and the source it is of, and dated rates between currencies.

A price is an amount of one currency per SI unit (J, kg, m2, s ...) or a sum of money. What it counts is part of it: a price
per m2 of foil is no price per m2 of one coated side.
"""

from __future__ import annotations

import datetime
import difflib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from dryline.line.quantities import si

CURRENCIES = ("USD", "CNY", "EUR", "KRW")
"""Currencies that can be converted."""
PREFIXES = {"": 1.0, "k": 1e3, "M": 1e6}
SIDES = {"single-sided": "single", "single_sided": "single", "double-sided": "double", "double_sided": "double"}
LARGEST = 1e15
"""Largest amount that is read."""

_TEXT = re.compile(r"^\s*(?P<amount>[^\s/]+)\s+(?P<money>[A-Za-z$€¥₩]+)\s*(?:/\s*(?P<per>.+?))?\s*$")
_DATE = re.compile(r"^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$")


class Price(BaseModel):
    """Amount of a currency per SI unit `per` ("" for a sum), the date it is of (year, month or day) and where it comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    amount: float
    currency: str
    per: str
    date: str
    source: str


@dataclass(frozen=True)
class Rate:
    """Exchange rate: so many of `bought` for one `sold`, its date and source."""

    bought: str
    sold: str
    rate: float
    date: str
    source: str


def spelled(unit: str) -> str:
    """A unit as the unit library reads it: m2 as m**2, ^ as **."""
    return re.sub(r"(?<=[A-Za-z])([23])(?![\d*])", r"**\1", unit.replace("^", "**").replace("²", "2").replace("³", "3"))


def date_of(given: Any) -> str:
    """Date of a price as text, '2025', '2025-11' or '2025-11-10'; ValueError with the remedy for anything else."""
    text = given.isoformat() if isinstance(given, datetime.date) else str(given).strip()
    match = _DATE.match(text[:40])
    if match is None or isinstance(given, bool):
        raise ValueError(f"{text[:40]!r} is not a date; give year, month or day, e.g. 2025-11")
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    try:
        datetime.date(year, month, day)
    except ValueError:
        raise ValueError(f"{text!r} is not a day of the calendar; give e.g. 2025-11") from None
    if not 1990 <= year <= 2100:
        raise ValueError(f"{text!r} lies outside 1990 to 2100; give e.g. 2025-11")
    return text


def _money(name: str, text: str, example: str) -> tuple[float, str]:
    """Factor and currency of a name such as USD, kCNY or MEUR."""
    for prefix, factor in PREFIXES.items():
        if name.startswith(prefix) and name[len(prefix) :] in CURRENCIES:
            return factor, name[len(prefix) :]
    near = difflib.get_close_matches(name.upper(), CURRENCIES, 1)
    hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(CURRENCIES)}, also with k or M before them;"
    raise ValueError(f"{text!r} has the unknown currency {name!r}; {hint} give e.g. {example!r}")


def amount_of(text: str, per: str, example: str) -> tuple[float, str]:
    """Amount per SI unit `per` ("" for a sum of money) and currency of a text.

    Parameters
    ----------
    text : str
        A price such as '0.09 USD/kWh', '57.1 kCNY/t' or '37.8 MEUR'.
    per : str
        SI unit that the price must count: J, kg, m**2, s, m**3 or "".
    example : str
        What a message shows as remedy.

    Raises
    ------
    ValueError
        No currency, an unknown one, another quantity, sides where foil or floor is meant, or no finite positive number.
    """
    if len(text) > 60:
        raise ValueError(f"{text[:20]!r}... is too long for a price; give e.g. {example!r}")
    match = _TEXT.match(text)
    if match is None:
        raise ValueError(f"{text!r} has no currency; give e.g. {example!r}")
    try:
        number = float(match["amount"])
    except ValueError:
        raise ValueError(f"{text!r} does not begin with a number; give e.g. {example!r}") from None
    factor, currency = _money(match["money"], text, example)
    if not math.isfinite(number):
        raise ValueError(f"{text!r} is not a finite amount; give e.g. {example!r}")
    if number < 0.0:
        raise ValueError(f"{text!r} is negative; give what is paid as a positive amount, e.g. {example!r}")
    quantity = (match["per"] or "").strip()
    words = quantity.split()
    if any(word in SIDES for word in words):
        raise ValueError(f"{text!r} counts coated sides, but this price counts the area itself; give e.g. {example!r}")
    if bool(quantity) != bool(per):
        what = "does not say per what" if per else f"is a price per {quantity}, not a sum"
        raise ValueError(f"{text!r} {what}; give e.g. {example!r}")
    if not per:
        return _within(number * factor, text), currency
    try:
        size = si(f"1 {spelled(quantity)}", per, example)
    except ValueError as error:
        wrong = "counts another quantity" if "dimension" in str(error) else f"has the unknown unit {quantity!r}"
        raise ValueError(f"{text!r} {wrong}; give e.g. {example!r}") from None
    return _within(number * factor / size, text), currency


def _within(amount: float, text: str) -> float:
    if amount > LARGEST:
        raise ValueError(f"{text!r} is beyond any price; give a plausible amount")
    return amount


def price_of(name: str, given: Any, per: str, example: str) -> Price:
    """Price of a file's entry {price, date, source}; ValueError 'key@problem', key beginning with `name`, for wrong ones."""
    form = f"write {{price: {example}, date: 2025-11, source: ...}}"
    if not isinstance(given, Mapping):
        shown = f" ({str(given)[:30]!r} alone)" if given is not None and not isinstance(given, list) else ""
        raise ValueError(f"{name}@has no date and no source{shown}; give a price that says of when and whence: {form}")
    checked_keys(name, given, ("price", "date", "source"))
    for key in ("price", "date", "source"):
        if given.get(key) in (None, ""):
            why = "a price needs the year, month or day it is of" if key == "date" else "give it"
            raise ValueError(f"{name}.{key}@is missing; {why}: {form}")
    text = given["price"]
    if not isinstance(text, str):
        raise ValueError(f"{name}.price@{str(text)[:30]!r} has no currency; give e.g. {example!r}")
    try:
        amount, currency = amount_of(text, per, example)
    except ValueError as error:
        raise ValueError(f"{name}.price@{error}") from None
    return Price(amount=amount, currency=currency, per=per, date=_dated(name, given["date"]), source=str(given["source"]))


def rate_of(name: str, given: Any) -> Rate:
    """Exchange rate of a file's entry {rate: 7.25 CNY/USD, date, source}; ValueError 'key@problem' for wrong ones."""
    form = "write {rate: 7.25 CNY/USD, date: 2024-06, source: ...}"
    if not isinstance(given, Mapping):
        raise ValueError(f"{name}@is no dated exchange rate; {form} and give all three")
    checked_keys(name, given, ("rate", "date", "source"))
    for key in ("rate", "date", "source"):
        if given.get(key) in (None, ""):
            raise ValueError(f"{name}.{key}@is missing; give it: {form}")
    match = re.match(r"^\s*(\S+)\s+([A-Z]{3})\s*/\s*([A-Z]{3})\s*$", str(given["rate"])[:60])
    try:
        number = float(match[1]) if match else math.nan
    except ValueError:
        number = math.nan
    if match is None or not (math.isfinite(number) and 0.0 < number < LARGEST):
        raise ValueError(f"{name}.rate@{str(given['rate'])[:40]!r} is not a rate; give e.g. '7.25 CNY/USD'")
    for currency in (match[2], match[3]):
        if currency not in CURRENCIES:
            raise ValueError(f"{name}.rate@has the unknown currency {currency!r}; give a rate between {', '.join(CURRENCIES)}")
    return Rate(match[2], match[3], number, _dated(name, given["date"]), str(given["source"]))


def _dated(name: str, given: Any) -> str:
    try:
        return date_of(given)
    except ValueError as error:
        raise ValueError(f"{name}.date@{error}") from None


def checked_keys(name: str, given: Mapping[Any, Any], known: Iterable[str]) -> None:
    """ValueError 'key@problem' for a key of an entry that is not known, with the nearest that is."""
    for key in given:
        if key not in known:
            near = difflib.get_close_matches(str(key), list(known), 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
            place = f"{name}.{str(key)[:30]}".removeprefix(".")
            raise ValueError(f"{place}@is not a known key; {hint}")


def factor_between(held: str, wanted: str, rates: Iterable[Rate]) -> float:
    """Amount of `wanted` for one `held` by dated rates, through other currencies if need be; LookupError if there is no way."""
    step: dict[str, list[tuple[str, float]]] = {}
    for rate in rates:
        step.setdefault(rate.sold, []).append((rate.bought, rate.rate))
        step.setdefault(rate.bought, []).append((rate.sold, 1.0 / rate.rate))
    reached, open_ = {held: 1.0}, [held]
    while open_:
        here = open_.pop(0)
        for there, factor in step.get(here, ()):
            if there not in reached:
                reached[there] = reached[here] * factor
                open_.append(there)
    if wanted not in reached:
        remedy = f"add one to exchange_rates, e.g. {{rate: 1.1 {wanted}/{held}, date: 2025-11, source: ...}}"
        raise LookupError(f"no dated rate leads from {held} to {wanted}; {remedy}")
    return reached[wanted]
