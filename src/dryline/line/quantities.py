"""Quantities of line files: a default with unit, valid range and source, and the model that reads strings with units."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

EXAMPLES = {
    "m": "80 um", "m/s": "60 m/min", "kg": "400 kg", "kg/m**2": "25 mg/cm**2", "K": "110 degC", "Pa": "225 MPa",
    "N": "100 kN", "N/m": "120 N/mm", "s": "20 s", "W": "30 kW", "kg/J": "0.55 kg/kWh", "W/m**2": "200 W/m**2",
}  # fmt: skip
PARTS = {"": 1.0, "%": 100.0, "ppm": 1e6}
"""What a plain number may be given in: parts a whole."""


def quantity(default: Any, unit: str, low: float, high: float, source: str, doc: str = "") -> Any:
    """Field of a physical quantity: default and range in SI units, the unit's SI name, and where the figure comes from."""
    return Field(
        default=default, ge=low, le=high, description=doc, json_schema_extra={"x-unit": unit, "x-source": source}
    )


def required(unit: str, low: float, high: float, doc: str = "") -> Any:
    """Field of a physical quantity that a file must give."""
    return Field(ge=low, le=high, description=doc, json_schema_extra={"x-unit": unit, "x-source": "given in the file"})


@lru_cache(maxsize=1)
def _units() -> Any:
    import pint

    return pint.UnitRegistry()


@lru_cache(maxsize=4096)
def si(text: str, unit: str, example: str = "") -> float:
    """Value in SI units of a text such as '80 um'; ValueError with the remedy, an `example` of what is meant, if it has no unit
    or another dimension.
    """
    import pint

    if len(text) > 60:
        raise ValueError(f"{text[:20]!r}... is too long for a quantity")
    example = example or EXAMPLES.get(unit, f"1 {unit}")
    number, _, name = text.strip().partition(" ")
    try:
        value = float(number)
        registry = _units()
        if unit == "1":
            if name.strip() not in PARTS:
                raise ValueError(f"{text!r} is not a plain number; give e.g. '0.3' or '30 %'")
            return value / PARTS[name.strip()]
        if not name.strip():
            raise ValueError(f"{text!r} has no unit; give e.g. {example!r}")
        got = float(registry.Quantity(value, name.strip()).to(unit).magnitude)
    except pint.errors.DimensionalityError:
        raise ValueError(f"{text!r} has the wrong dimension; give e.g. {example!r}") from None
    except (pint.errors.UndefinedUnitError, pint.errors.DefinitionSyntaxError):
        raise ValueError(f"{text!r} has an unknown unit; give e.g. {example!r}") from None
    except ValueError as error:
        known = "give e.g." in str(error)
        raise ValueError(str(error) if known else f"{text!r} is not a quantity; give e.g. {example!r}") from None
    except Exception:  # a unit text can be any expression: whatever pint finds wrong with it is wrong use
        raise ValueError(f"{text!r} is not a quantity; give e.g. {example!r}") from None
    if not math.isfinite(got):
        raise ValueError(f"{text!r} is not a finite number")
    return got


class Described(BaseModel):
    """Frozen model whose quantities are read from strings with units; numbers are taken as SI by Python callers only."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _read_units(cls, values: Any, info: Any) -> Any:
        if not isinstance(values, dict):
            return values
        strict = bool(info.context and info.context.get("file"))
        read = dict(values)
        for name, field in cls.model_fields.items():
            extra = field.json_schema_extra
            if name not in read or not isinstance(extra, dict) or "x-unit" not in extra:
                continue
            unit = str(extra["x-unit"])
            many = read[name] if isinstance(read[name], list | tuple) else [read[name]]
            got = [_one(name, value, unit, strict) for value in many]
            read[name] = tuple(got) if isinstance(read[name], list | tuple) else got[0]
        return read


def _one(name: str, value: Any, unit: str, strict: bool) -> Any:
    if isinstance(value, str):
        try:
            return si(value, unit)
        except ValueError as error:
            raise ValueError(f"{name}@{error}") from None
    if strict and isinstance(value, int | float) and not isinstance(value, bool) and unit != "1":
        raise ValueError(f"{name}@{value} has no unit; give e.g. {EXAMPLES.get(unit, f'1 {unit}')!r}")
    return value
