"""Values of a line by path, as `--set` names them, in SI units: `speed`, `web.film_width`, `stations.lamination.porosity`.

A star in the name of a station stands for any letters, so that `stations.thinning_nip_*1.porosity` moves both
sides; stations without such a value are left out.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from pydantic import BaseModel, ValidationError

from dryline.line.load import InputError
from dryline.line.schema import Line
from dryline.line.station import Station


@dataclass(frozen=True)
class Place:
    """A number in a line: its path, SI unit, value and the range that the schema allows."""

    path: str
    unit: str
    value: float
    low: float
    high: float


def place(line: Line, path: str) -> Place:
    """The number at a path; InputError where there is none. Where a star meets several stations, the first of them."""
    model = _models(line, path)[0]
    name = path.rsplit(".", 1)[-1]
    field = type(model).model_fields.get(name)
    if field is None:
        known = [key for key, value in model if isinstance(value, float)]
        near = difflib.get_close_matches(name, known, 1)
        meant = f"did you mean {near[0]!r}?" if near else "give one of the line file, e.g. stations.lamination.roll_diameter"
        raise InputError("path", None, path[:80], f"is not a known value; {meant}")
    value, extra = getattr(model, name), field.json_schema_extra
    if not isinstance(value, float) or not isinstance(extra, dict) or "x-unit" not in extra:
        raise InputError("path", None, path[:80], "is not a number with a unit that can be varied")
    low = next((float(m.ge) for m in field.metadata if hasattr(m, "ge")), float("-inf"))
    high = next((float(m.le) for m in field.metadata if hasattr(m, "le")), float("inf"))
    return Place(path, str(extra["x-unit"]), value, low, high)


def changed(line: Line, values: dict[str, float]) -> Line:
    """The line with other numbers at these paths; ValueError where it does not fit together any more."""
    fields: dict[str, Any] = dict(line)
    for path, value in values.items():
        names = path.split(".")
        if len(names) == 1:
            fields[path] = value
        elif names[0] == "stations":
            fields["stations"] = tuple(
                s.model_copy(update={names[2]: value}) if _meant(s, names[1], names[2]) else s
                for s in fields["stations"]
            )
        else:
            fields[names[0]] = fields[names[0]].model_copy(update={names[1]: value})
    try:
        return Line.model_validate(fields)
    except ValidationError as error:
        raise ValueError(str(error.errors(include_url=False)[0]["msg"]).removeprefix("Value error, ").replace("@", " ")) from None


def _models(line: Line, path: str) -> list[BaseModel]:
    """What holds the number: the line, one of its parts, or the stations of a name."""
    names = path.split(".")
    if len(names) == 1:
        return [line]
    if names[0] == "stations" and len(names) == 3:
        if found := _stations(line, names[1], names[2]) or _stations(line, names[1], "name"):
            return found
        near = difflib.get_close_matches(names[1], [station.name for station in line.stations], 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise InputError("path", None, path[:80], f"there is no station {names[1]!r}{hint}")
    part = getattr(line, names[0], None) if names[0] in Line.model_fields else None
    if isinstance(part, BaseModel) and len(names) == 2:
        return [part]
    raise InputError("path", None, path[:80], "is not a path in a line; give e.g. web.film_width or stations.lamination.porosity")


def _stations(line: Line, pattern: str, field: str) -> list[BaseModel]:
    """Stations that a path means."""
    return [station for station in line.stations if _meant(station, pattern, field)]


def _meant(station: Station, pattern: str, field: str) -> bool:
    """Whether a path means this station: its name fits and it has such a value."""
    return fnmatchcase(station.name, pattern) and field in type(station).model_fields
