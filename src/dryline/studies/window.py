"""Process window of a line: set-ups over two settings, where they are feasible and which limit binds where they are not.

Each point is a whole set-up (`dryline.setup.operating_point`) of a line and a recipe in which two figures are changed. A
point that is refused belongs to the first limit in line order that binds there, as a refused run would name it; all limits
that bind are kept. Capacity as in `dryline.records.capacity`.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dryline.line.load import InputError, LoadedLine, as_loaded
from dryline.line.paths import changed, place
from dryline.line.quantities import si
from dryline.line.schema import Line
from dryline.line.setup import Infeasible
from dryline.materials.recipe import Recipe
from dryline.records.capacity import capacity
from dryline.records.order import order_of
from dryline.records.report.words import spoken
from dryline.setup.operating_point import set_up
from dryline.studies.shown import Shown, shown

Floats = NDArray[np.float64]

POINTS = 41
"""Points along each axis where none are asked for: about three seconds in all."""

MOST_POINTS = 300

KNOWN = ("speed", "loading", "porosity", "roll_temperature", "film_width", "work")
"""Settings that a window knows by a short name; every other one is a path in the line."""

MISFIT = "line"
"""Stands for the limit where the changed figure does not fit the rest of the line, such as a film wider than the rolls."""

Setting = Callable[[Line, Recipe, float], tuple[Line, Recipe]]


@dataclass(frozen=True)
class Axis:
    """A setting that is varied: its name, how it is shown, its values and its value now (SI), and how it is set."""

    name: str
    unit: str
    shown: Shown
    values: Floats
    now: float
    put: Setting


@dataclass(frozen=True)
class Point:
    """A set-up of the window at x and y (SI). Where it is refused: the binding limit, its station, and all that bind."""

    x: float
    y: float
    limit: str
    station: str
    binding: tuple[tuple[str, str], ...]
    gwh_per_year: float
    line_load: float
    peak_pressure: float

    @property
    def feasible(self) -> bool:
        """Whether every limit holds."""
        return not self.limit


@dataclass(frozen=True)
class Window:
    """A process window; `points[j][i]` stands at `x.values[i]` and `y.values[j]`. `now`: the line as it is."""

    line: str
    recipe: str
    x: Axis
    y: Axis
    points: tuple[tuple[Point, ...], ...]
    now: Point

    @property
    def feasible(self) -> NDArray[np.bool_]:
        """Which points are feasible (y, x)."""
        return np.array([[point.feasible for point in row] for row in self.points])

    def field(self, name: str) -> Floats:
        """A figure of every point (y, x), such as "line_load"; nan where the set-up is refused."""
        return np.array([[getattr(point, name) for point in row] for row in self.points], dtype=float)

    def regions(self) -> dict[tuple[str, str], int]:
        """Binding limit and station of the refused points, with their number, the largest first."""
        found: dict[tuple[str, str], int] = {}
        for point in (point for row in self.points for point in row if not point.feasible):
            key = (point.limit, point.station)
            found[key] = found.get(key, 0) + 1
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    def as_json(self) -> dict[str, Any]:
        """The window as JSON values, SI units."""
        axes = {
            key: {"name": axis.name, "unit": axis.unit, "now": axis.now, "values": axis.values.tolist()}
            for key, axis in (("x", self.x), ("y", self.y))
        }
        return {**axes, "points": [point_json(point) for row in self.points for point in row]}


def point_json(point: Point) -> dict[str, Any]:
    """A point as JSON values; figures of a refused one are null."""
    values = dataclasses.asdict(point) | {"feasible": point.feasible}
    for name in ("gwh_per_year", "line_load", "peak_pressure"):
        values[name] = getattr(point, name) if point.feasible else None
    return values


def said_of(axis: Axis) -> str:
    """Name of an axis as one says it."""
    return spoken(axis.name.removeprefix("stations.").replace(".", " "))


def region_words(limit: str, station: str) -> tuple[str, str]:
    """A region in words: what binds, and where or why."""
    if limit == MISFIT:
        return "does not fit the line", spoken(station.removeprefix("stations.").replace(".", " "))
    return limit, f"at {spoken(station)}"


def window(
    line: LoadedLine | str | Path = "lfp-cathode", x: str = "speed", y: str = "loading", points: int = POINTS
) -> Window:
    """Process window of a line over two settings.

    Parameters
    ----------
    line : LoadedLine, str or Path
        What `dryline.load` gave, or the name or file of a line.
    x, y : str
        "speed", "loading", "porosity", "roll_temperature" (of all rolls), "film_width" (with the same trim), "work", or a path
        as in settings of a line, with stars for several stations. A range may follow: "speed=30:90" in the unit in which it
        is shown, or "speed=0.5 m/s:1.5 m/s".
    points : int
        Number of points along each axis.

    Returns
    -------
    Window
        Axes, and a `Point` for every pair of values: feasible or with the limits that bind.

    Raises
    ------
    InputError
        Where a setting, a range or the number of points is wrong.
    ValueError
        Where the sides of the line would not share the same film.
    """
    loaded = as_loaded(line)
    if not 2 <= points <= MOST_POINTS:
        raise InputError("points", None, "", f"{points} is out of range; give 2 to {MOST_POINTS}")
    across, up = axis(loaded, x, points), axis(loaded, y, points)
    if across.name == up.name:
        raise InputError("window", None, y, "stands twice; give two different settings")
    rows = tuple(tuple(_point(loaded, across, up, a, b) for a in across.values.tolist()) for b in up.values.tolist())
    now = _judged(loaded.line, loaded.recipe, across.now, up.now)
    return Window(loaded.line.name, loaded.recipe.name, across, up, rows, now)


def _point(loaded: LoadedLine, across: Axis, up: Axis, x: float, y: float) -> Point:
    try:
        line, recipe = up.put(*across.put(loaded.line, loaded.recipe, x), y)
    except ValueError as error:
        return Point(x, y, MISFIT, str(error), ((MISFIT, str(error)),), math.nan, math.nan, math.nan)
    return _judged(line, recipe, x, y)


def _judged(line: Line, recipe: Recipe, x: float, y: float) -> Point:
    """What the set-up says of a line and a recipe, as a point at x and y."""
    try:
        found = set_up(line, recipe)
    except Infeasible as refused:
        binding = tuple((check.limit, check.station) for check in refused.broken)
        return Point(x, y, refused.limit, refused.station, binding, math.nan, math.nan, math.nan)
    gwh = capacity(order_of(line, recipe, found)).gwh_per_year
    return Point(x, y, "", "", (), gwh, found.nips[-1].line_load, max(nip.peak_pressure for nip in found.nips))


def axis(loaded: LoadedLine, wanted: str, points: int) -> Axis:
    """Axis of a setting "name" or "name=low:high" of a line."""
    name, equals, span = (part.strip() for part in wanted.partition("="))
    key = name.replace("-", "_").replace(" ", "_")
    unit, now, low, high, put = _setting(loaded, key if key in KNOWN else name)
    way = shown(unit, now, key.rsplit(".", 1)[-1])
    if equals:
        first, colon, last = span.partition(":")
        if not colon:
            raise InputError("window", None, wanted[:80], f"{span!r} is not a range; give low:high in {way.unit or 'its unit'}")
        begin, end = _bound(first, unit, way, name), _bound(last, unit, way, name)
        if not low <= begin < end <= high:
            allowed = f"{way.of(low):.4g}:{way.of(high):.4g} {way.unit}".rstrip()
            raise InputError("window", None, wanted[:80], f"must rise and lie within {allowed}")
    else:
        begin, end = _around(unit, now, key)
        begin, end = max(begin, low), min(end, high)
        if not begin < end:
            raise InputError("window", None, name, f"is {now:g} now; give a range, {name}=low:high")
    return Axis(name if key not in KNOWN else key, unit, way, np.linspace(begin, end, points), now, put)


def _around(unit: str, now: float, name: str) -> tuple[float, float]:
    """Range about the value now where none is asked for."""
    if unit == "K":
        return now - 40.0, now + 40.0
    if name.rsplit(".", 1)[-1] == "porosity":
        return now - 0.08, now + 0.12
    return (0.5 * now, 1.5 * now) if now >= 0.0 else (1.5 * now, 0.5 * now)


def _bound(text: str, unit: str, way: Shown, name: str) -> float:
    try:
        return way.si(float(text))
    except ValueError:
        pass  # not a plain number: it may carry a unit
    try:
        return si(text.strip(), unit)
    except ValueError as error:
        raise InputError("window", None, name, str(error)) from None


def _setting(loaded: LoadedLine, name: str) -> tuple[str, float, float, float, Setting]:
    """Unit, value now, range and way to set a setting, in SI units."""
    if name in ("loading", "porosity"):
        low, high, unit = (0.01, 1.0, "kg/m**2") if name == "loading" else (0.02, 0.7, "1")
        return unit, getattr(loaded.recipe, name), low, high, _of_recipe(name)
    paths = {
        "roll_temperature": "stations.*.roll_temperature", "film_width": "web.film_width",
        "work": f"stations.{loaded.line.of_kind('fibrillator')[0].name}.work",
    }  # fmt: skip
    path = paths.get(name, name)
    found = place(loaded.line, path)
    trim = loaded.line.web.film_width - loaded.line.web.kept_width

    def put(line: Line, recipe: Recipe, value: float) -> tuple[Line, Recipe]:
        values = {path: value} | ({"web.kept_width": value - trim} if name == "film_width" else {})
        return changed(line, values), recipe

    return found.unit, found.value, found.low, found.high, put


def _of_recipe(name: str) -> Setting:
    def put(line: Line, recipe: Recipe, value: float) -> tuple[Line, Recipe]:
        changes: dict[str, Any] = {name: value}
        return line, dataclasses.replace(recipe, **changes)

    return put
