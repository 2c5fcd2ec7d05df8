"""Where and how much two runs differ: station by station, signal by signal, lane by lane.

Signals are compared over production (PackML Execute, while product is wound), the web over its product metres; both
from their beginning on and as far as the shorter run goes, so that the same disturbances meet the same metre. A
difference is the first run less the other. Its size is the difference of the means over the tolerance of the
quantity where it has one, else over its own scatter, the root of the mean of both variances. What only a twin can
tell, its true signals and the figures drawn once for its machine, stands apart.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dryline.line.web_record import GIVEN_UNITS, MetreBatch, picked
from dryline.records import plant, rollmap, signals
from dryline.records.energy import durations
from dryline.records.gap import EXECUTE, production
from dryline.records.order import Order
from dryline.records.rollmap import LANE_UNITS, given_columns
from dryline.records.run_folder import RecordError, RunFolder

Floats = NDArray[np.float64]

GAP_TOLERANCE = 1e-6
"""Roll gap adjustment that the line promises [m]: tolerance of gaps, chock positions and tilts."""

GAPS = frozenset({"loaded_gap", "gap_reference", "gap", "lift", "position", "tilt"})
"""Signals of a nip that are measured against it."""

MEAN = "mean"
"""Place of the mean over the width, or of all entries of an array."""

FEW = 3
"""Arrays of no more entries have no row for their mean."""

SAME = 1e-9
"""Constants that differ by less than this share are the same."""

SET = " (set)"
"""Ending of the name of a set point."""

SIDES = ("drive side", "centre", "operator side")
"""Entries of signals that are measured at two or three places across the line."""

KINDS = ("reading", "command", "truth")


@dataclass(frozen=True)
class Difference:
    """One quantity at one place: means and standard deviations in both runs, and the difference with its size.

    group: web, signal, setting (constant in both runs) or truth (only a twin knows it). place: "" for a scalar, "mean",
    a place across the web in mm, a side, or the number of an entry. measure: tolerance, scatter or constant (then no size).
    """

    group: str
    station: str
    signal: str
    place: str
    unit: str
    mean_one: float
    mean_other: float
    difference: float
    sigma_one: float
    sigma_other: float
    tolerance: float | None
    measure: str
    size: float | None

    @property
    def quantity(self) -> tuple[str, str, str]:
        """Group, station and signal."""
        return self.group, self.station, self.signal

    @property
    def column(self) -> str:
        """Name of the recorded column of a signal."""
        if self.group == "truth":
            return f"truth/{self.station}/{self.signal}"
        path = self.signal.removesuffix(SET)
        return f"{'reading' if path == self.signal else 'command'}/{self.station}/{path}"

    @property
    def entry(self) -> int:
        """Entry of an array that the place stands for; 0 for a scalar."""
        if self.place in SIDES:
            return (0, 1, -1)[SIDES.index(self.place)]
        return int(self.place.split(" ")[0]) - 1 if " of " in self.place else 0


@dataclass(frozen=True)
class Half:
    """One of the two runs, with its part that is compared."""

    run: RunFolder

    @cached_property
    def order(self) -> Order:
        """What it was to make."""
        return Order.from_json(self.run.manifest["order"])

    @cached_property
    def producing(self) -> NDArray[np.intp]:
        """Ticks in production."""
        state = signals.read(self.run, ["state"])["state"]
        execute, product = state == EXECUTE, production(self.run)
        return np.flatnonzero(execute & product if product.any() else execute)

    @cached_property
    def web(self) -> MetreBatch:
        """Product rows, in the order of winding."""
        batch = rollmap.read(self.run).batch
        return picked(batch, batch.product & (batch.length > 0.0))


@dataclass(frozen=True)
class Comparison:
    """Two runs, how much of them was compared, and every difference, largest first within its group."""

    one: Half
    other: Half
    ticks: int
    rows: int
    differences: tuple[Difference, ...]
    only_one: tuple[str, ...]
    only_other: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """Time in production that was compared [s]."""
        return float(durations(signals.read(self.one.run, ["time"])["time"])[self.one.producing[: self.ticks]].sum())

    @property
    def metres(self) -> float:
        """Product that was compared [m]."""
        return float(self.one.web.length[: self.rows].sum())

    def of(self, *groups: str) -> list[Difference]:
        """Differences of these groups, largest first."""
        return ranked([found for found in self.differences if found.group in groups])


def ranked(found: list[Difference]) -> list[Difference]:
    """Largest first; what has no size comes last, then by name."""
    return sorted(found, key=lambda row: (-(row.size if row.size is not None else -1.0), row.station, row.signal, row.place))


def compare(run: RunFolder, against: RunFolder) -> Comparison:
    """Compare a run with another. RecordError where they have nothing to compare."""
    one, other = Half(run), Half(against)
    kinds_one, kinds_other = ({place.name: place.kind for place in half.order.stations} for half in (one, other))
    common = [name for name, kind in kinds_one.items() if kinds_other.get(name) == kind]
    if not common:
        raise RecordError(f"{run.path} and {against.path} have no station in common; compare runs of lines of the same stations")
    for half in (one, other):
        if not half.producing.size and not half.web.length.size:
            raise RecordError(f"{half.run.path} made no product, so there is nothing to compare; let it run until it does")
    ticks = min(one.producing.size, other.producing.size)
    rows = min(one.web.length.size, other.web.length.size)
    found = [*_web(one, other, rows), *_signals(one, other, [*common, "line", "hall"], ticks), *_plants(run, against)]
    return Comparison(
        one,
        other,
        ticks,
        rows,
        tuple(ranked(found)),
        tuple(name for name in kinds_one if name not in common),
        tuple(name for name in kinds_other if name not in common),
    )


def web_columns(one: MetreBatch, other: MetreBatch) -> dict[str, str]:
    """Names and units of the web's columns that both runs have."""
    both = set(given_columns(one)) & set(given_columns(other))
    return {"areal_mass": "kg/m2", **LANE_UNITS, **{name: unit for name, unit in GIVEN_UNITS.items() if name in both}}


def web_field(half: Half, name: str, rows: int, centres: tuple[float, ...]) -> Floats:
    """(rows, L) or (rows, 1) values of a column over the first product rows, at these lane centres [m]."""
    web = half.web
    values = web.areal_mass_a + web.areal_mass_b if name == "areal_mass" else getattr(web, name)
    field = np.asarray(values[:rows], np.float64).reshape(rows, -1)
    own = half.order.lane_centres
    if field.shape[1] == 1 or own == centres:
        return field
    return np.stack([np.interp(centres, own, row) for row in field]) if rows else np.zeros((0, len(centres)))


def web_tolerances(order: Order) -> dict[str, float]:
    """Tolerance of the web's columns that have one, in their unit."""
    side = order.areal_tolerance * order.side_areal_mass
    return {
        "areal_mass": order.areal_tolerance * order.areal_mass, "areal_mass_a": side, "areal_mass_b": side,
        "thickness": order.thickness_tolerance, "porosity": order.porosity_tolerance,
    }  # fmt: skip


def _web(one: Half, other: Half, rows: int) -> Iterator[Difference]:
    if not rows:
        return
    order = one.order
    tolerances, widths = web_tolerances(order), np.asarray(order.lane_widths) / sum(order.lane_widths)
    for name, unit in web_columns(one.web, other.web).items():
        fields = [web_field(half, name, rows, order.lane_centres) for half in (one, other)]
        if fields[0].shape != fields[1].shape:
            continue  # one machine gives it by lane, the other by metre
        lanes = fields[0].shape[1] > 1
        means = [field @ widths if lanes else field[:, 0] for field in fields]
        places = [(MEAN if lanes else "", means[0], means[1])]
        if lanes:
            columns = zip(order.lane_centres, fields[0].T, fields[1].T, strict=True)
            places += [(f"{1e3 * centre:.1f} mm", first, second) for centre, first, second in columns]
        for place, first, second in places:
            found = difference("web", "web", name, place, unit, first, second, tolerances.get(name))
            if found is not None:
                yield found


def _signals(one: Half, other: Half, stations: list[str], ticks: int) -> Iterator[Difference]:
    if not ticks:
        return
    known = [{column.name: column for column in signals.columns(half.run)} for half in (one, other)]
    kind_of = {place.name: place.kind for place in one.order.stations}
    for station in stations:
        columns = [
            column for name, column in known[0].items()
            if column.kind in KINDS and name.split("/")[1] == station and name in known[1]
        ]  # fmt: skip
        names = [column.name for column in columns]
        if not names:
            continue
        values = [_producing(half, names, ticks) for half in (one, other)]
        for column in columns:
            kind, _, path = column.name.split("/", 2)
            first, second = (part[column.name].reshape(ticks, -1) for part in values)
            if first.shape != second.shape:
                continue  # another number of pixels or segments
            tolerance = signal_tolerance(one.order, kind_of.get(station, ""), station, path)
            group = "truth" if kind == "truth" else "signal"
            signal = path + SET if kind == "command" else path
            names_of = {2: SIDES[::2], 3: SIDES} if kind_of.get(station) != "scanner" else {}
            for place, a, b in _places(first, second, names_of.get(first.shape[1], ())):
                found = difference(group, station, signal, place, column.unit, a, b, tolerance)
                if found is not None:
                    yield found


def _plants(run: RunFolder, against: RunFolder) -> Iterator[Difference]:
    """Hidden truths of both machines; their scatter is that of machines of the same drawing."""
    others = {(truth.station, truth.name, truth.place): truth for truth in plant.read(against)}
    for one in plant.read(run):
        other = others.get((one.station, one.name, one.place))
        if other is not None:
            less, scatter = one.value - other.value, math.sqrt(0.5 * (one.sigma**2 + other.sigma**2))
            measure = "scatter" if scatter > 0.0 else "constant"
            size = abs(less) / scatter if scatter > 0.0 else 0.0 if less == 0.0 else None
            yield Difference(
                "truth", one.station, one.name, one.place, one.unit, one.value, other.value, less, one.sigma, other.sigma,
                None, measure, size,
            )  # fmt: skip


def _producing(half: Half, names: list[str], ticks: int) -> dict[str, Floats]:
    """Values of columns over the first ticks in production."""
    return {name: values[half.producing[:ticks]] for name, values in signals.read(half.run, names).items()}


def _places(first: Floats, second: Floats, sides: tuple[str, ...]) -> Iterator[tuple[str, Floats, Floats]]:
    size = first.shape[1]
    if size > FEW:
        yield MEAN, first.mean(axis=1), second.mean(axis=1)
    for i in range(size):
        place = sides[i] if sides else f"{i + 1} of {size}" if size > 1 else ""
        yield place, first[:, i], second[:, i]


def signal_tolerance(order: Order, kind: str, station: str, path: str) -> float | None:
    """Tolerance of a signal in its unit, None where it has none and its own scatter is the measure."""
    if path in GAPS and "nip" in kind:
        return GAP_TOLERANCE
    if path == "areal_mass":
        return order.areal_tolerance * (order.side_areal_mass if kind == "film_gauge" else order.areal_mass)
    if path == "thickness" and kind == "thickness_gauge":
        return order.thickness_tolerance
    return None


def difference(
    group: str, station: str, signal: str, place: str, unit: str, first: Floats, second: Floats, tolerance: float | None
) -> Difference | None:
    """Difference of two series of values; None where one of them has no number."""
    first, second = first[np.isfinite(first)], second[np.isfinite(second)]
    if not first.size or not second.size:
        return None
    (mean_one, sigma_one), (mean_other, sigma_other) = ((float(v.mean()), float(v.std())) for v in (first, second))
    less, largest = mean_one - mean_other, max(abs(mean_one), abs(mean_other))
    scatter = math.sqrt(0.5 * (sigma_one**2 + sigma_other**2))
    constant = scatter <= SAME * largest
    size: float | None
    if constant and tolerance is None:
        same = abs(less) <= SAME * largest
        measure, size = "constant", 0.0 if same else None
        group = "setting" if group == "signal" else group
    else:
        measure = "scatter" if tolerance is None else "tolerance"
        size = abs(less) / (scatter if tolerance is None else tolerance)
    return Difference(
        group, station, signal, place, unit, mean_one, mean_other, less, sigma_one, sigma_other, tolerance, measure, size
    )
