"""Tables of an operating point, its limits and its gains, for the terminal, a page and a CSV file alike."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from dryline.line.load import LoadedLine
from dryline.line.setup import LimitCheck, NipSetUp, SetUp
from dryline.records.capacity import capacity, shown_capacity
from dryline.records.order import order_of
from dryline.records.report.words import NOTHING, Html, html, number, spoken
from dryline.records.report.words import table as html_table
from dryline.setup.sensitivities import Actuator, Quality, Sensitivities
from dryline.studies.shown import shown
from dryline.studies.window import Window

Cell = str | tuple[float, int]
"""Words, or a figure with its decimals."""


STACKED = 11
"""Letters in a line of a heading over figures."""


@dataclass(frozen=True)
class Table:
    """A table with a caption; the first `words` columns are words, the others figures."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    words: int = 1

    def text(self) -> str:
        """The table as text in columns; the words of a heading stand below each other over figures that need less room."""
        heads = [[one] if i < self.words else _stacked(one) for i, one in enumerate(self.head)]
        deep = max(len(head) for head in heads)
        above = [[""] * (deep - len(head)) + head for head in heads]
        lines = [list(row) for row in zip(*above, strict=True)] + [[_plain(cell) for cell in row] for row in self.rows]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.head))]

        def laid(line: list[str]) -> str:
            cells = zip(line, widths, strict=True)
            return "  ".join(c.ljust(w) if i < self.words else c.rjust(w) for i, (c, w) in enumerate(cells)).rstrip()

        return "\n".join(laid(line) for line in lines)

    def html(self) -> Html:
        """The table for a page."""
        rows = [[cell if isinstance(cell, str) else number(*cell) for cell in row] for row in self.rows]
        return html_table(self.caption, self.head, rows, self.words)

    def csv(self) -> str:
        """The table as CSV, figures with all their digits."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.head)
        writer.writerows([cell if isinstance(cell, str) else repr(cell[0]) for cell in row] for row in self.rows)
        return out.getvalue()


def _stacked(head: str) -> list[str]:
    """A heading in lines of at most two short words."""
    lines: list[str] = []
    for word in head.split():
        if lines and len(lines[-1]) + len(word) < STACKED:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


def _plain(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    return f"{round(*cell) + 0.0:.{cell[1]}f}" if math.isfinite(cell[0]) else NOTHING


NIP_ROWS: tuple[tuple[str, str, Callable[[NipSetUp], float], int], ...] = (
    ("surface speed", "m/min", lambda n: 60.0 * n.surface_speed, 2),
    ("elongation", "", lambda n: n.elongation, 3),
    ("draw of the span before", "%", lambda n: 100.0 * n.draw, 2),
    ("roll temperature", "°C", lambda n: n.roll_temperature - 273.15, 0),
    ("areal mass behind", "mg/cm²", lambda n: 100.0 * n.areal_mass_out, 2),
    ("loaded gap", "µm", lambda n: 1e6 * n.loaded_gap, 1),
    ("chock position", "µm", lambda n: 1e6 * n.chock_gap, 1),
    ("film thickness behind", "µm", lambda n: 1e6 * n.thickness_out, 1),
    ("porosity behind", "%", lambda n: 100.0 * n.porosity_out, 1),
    ("line load", "N/mm", lambda n: 1e-3 * n.line_load, 1),
    ("roll force", "kN", lambda n: 1e-3 * n.force, 0),
    ("peak pressure", "MPa", lambda n: 1e-6 * n.peak_pressure, 0),
    ("dh/dS at the chocks", "", lambda n: n.gap_transfer, 2),
    ("crown, both rolls", "µm", lambda n: 1e6 * n.crown, 1),
    ("bending force", "kN", lambda n: 1e-3 * n.bending_force, 0),
    ("contact margin", "µm", lambda n: 1e6 * n.contact_margin, 1),
    ("span tension before", "N/m", lambda n: n.span_tension, 2),
    ("drive power", "kW", lambda n: 1e-3 * n.power, 2),
)
"""Rows of the operating point: name, unit, figure of a nip, decimals."""


def alike(found: SetUp) -> bool:
    """Whether side B is set like side A, so that one of them says it all."""
    a, b = ([nip for nip in found.nips if nip.side == side] for side in ("A", "B"))
    return len(a) == len(b) > 0 and all(replace(y, name=x.name, side=x.side) == x for x, y in zip(a, b, strict=True))


def nip_table(found: SetUp) -> Table:
    """Every nip of an operating point, figures downwards; one side where both are alike."""
    nips = [nip for nip in found.nips if nip.side != "B"] if alike(found) else list(found.nips)
    caption = f"Nips of {found.line}" + (", side B set like side A" if alike(found) else "")
    rows: list[tuple[Cell, ...]] = []
    for name, unit, get, digits in NIP_ROWS:
        rows.append((name, unit, *((get(nip), digits) for nip in nips)))
    return Table(caption, ("nip", "", *(spoken(nip.name) for nip in nips)), tuple(rows), words=2)


def areal_capacity(loaded: LoadedLine, found: SetUp) -> float:
    """Capacity of one side per area [A s/m2]: m x_AM q_AM."""
    active = loaded.recipe.component("active")
    return found.side_areal_mass * active.mass_fraction * active.material.capacity


def line_table(loaded: LoadedLine, found: SetUp) -> Table:
    """Powder side and product of an operating point, one line each."""
    flows = ", ".join(f"{name} {3600 * flow:.1f}" for name, flow in found.component_flows.items())
    screws = ", ".join(f"{spoken(name)} {60 * speed:.1f}" for name, speed in found.screw_speeds.items())
    order = order_of(loaded.line, loaded.recipe, found)
    made = capacity(order)
    figure, unit = shown_capacity(made.gwh_per_year, made.m2_per_year)
    areal = f"{areal_capacity(loaded, found) / 36000.0:.2f} mAh/cm² a side"
    stored: tuple[tuple[Cell, ...], ...] = (("areal capacity", areal),) if made.gwh_per_year > 0.0 else ()
    on = f" with {order.substrate}" if order.substrate else ""
    sides = round(found.areal_mass / found.side_areal_mass)
    rows: tuple[tuple[Cell, ...], ...] = (
        ("line speed", f"{60 * found.speed:.1f} m/min"),
        ("powder", f"{3600 * found.powder_flow:.0f} kg/h: {flows}"),
        ("feeder screws", f"{screws} rev/min"),
        ("metering", f"{1e3 * found.metering_rate:.1f} g per metre of roll travel, each side"),
        (
            "fibrillation",
            f"{1e-3 * found.fibrillator_work:.0f} kJ/kg in {found.fibrillator_machines} machines, product at "
            f"{found.fibrillator_temperature - 273.15:.1f} °C",
        ),
        ("areal mass", f"{sides} x {100 * found.side_areal_mass:.2f} mg/cm²"),
        ("thickness", f"{1e6 * found.thickness:.1f} µm{on} after 24 h, {1e6 * found.gauge_thickness:.1f} µm at the gauge"),
        ("porosity", f"{100 * found.porosity:.1f} % after 24 h"),
        *stored,
        ("capacity", f"{figure:.2f} {unit}"),
    )
    return Table("Line", ("line", ""), rows, words=2)


def left(check: LimitCheck) -> float:
    """What is left to the bound of a limit as a share of the bound, negative where it is passed; temperatures in °C."""
    bound = check.bound - 273.15 if check.unit == "K" else check.bound
    share = abs(check.bound - check.value) / abs(bound) if bound else math.inf
    return share if check.satisfied else -share


def limit_table(checks: Sequence[LimitCheck], caption: str = "Limits") -> Table:
    """Limits with value, bound and what is left, the tightest first."""
    rows = []
    for check in sorted(checks, key=left):
        way = shown("N/m" if check.limit == "span tension" else check.unit, max(abs(check.value), abs(check.bound)))
        figures = ((way.of(check.value), way.digits), (way.of(check.bound), way.digits))
        rows.append((check.limit, spoken(check.station), way.unit, *figures, (100.0 * left(check), 1)))
    return Table(caption, ("limit", "station", "unit", "value", "bound", "left %"), tuple(rows), words=3)


_SCALES = {"kg/m**2": ("mg/cm²", 100.0), "m": ("µm", 1e6), "1": ("points", 100.0), "N/m": ("N/mm", 1e-3), "Pa": ("kPa", 1e-3)}
"""Units in which small changes of a quality are read."""


NOTICED = 1e-5
"""Effects smaller than this, in the unit of the column, are shown as none."""


def gain_table(found: Sensitivities, one_side: bool) -> Table:
    """Gains for a usual move of each actuator, on the film of its own side and on the electrode.

    one_side: leave side B out, which answers like side A.
    """
    names = list(dict.fromkeys(_stem(quality) for quality in found.qualities))
    first = {name: next(q for q in found.qualities if _stem(q) == name) for name in names}
    head = [f"{spoken(name)} {_SCALES.get(first[name].unit, (first[name].unit, 1.0))[0]}" for name in names]
    rows: list[tuple[Cell, ...]] = []
    for actuator in found.actuators:
        if one_side and actuator.side == "B":
            continue
        figures = [_moved(found, actuator, name, first[name]) for name in names]
        rows.append((spoken(actuator.name).replace(".", " "), f"+{actuator.said}".replace(" ", "\u00a0"), *figures))
    return Table("Gains: what a move of one actuator does, all others held", ("actuator", "move", *head), tuple(rows), words=2)


def _stem(quality: Quality) -> str:
    """Name of a quality without its side."""
    return quality.name.removesuffix(f"_{quality.side.lower()}") if quality.side else quality.name


def _moved(found: Sensitivities, actuator: Actuator, name: str, like: Quality) -> Cell:
    """Effect of a move on a quality, on that of the actuator's own side where every side has one."""
    same = [q for q in found.qualities if _stem(q) == name]
    own = next((q for q in same if q.side == actuator.side), same[0])
    value = found.gain(actuator.name, own.name) * actuator.move * _SCALES.get(like.unit, ("", 1.0))[1]
    size = abs(value)
    if size < NOTICED:
        return NOTHING
    return (value, max(0, min(3, 2 - math.floor(math.log10(size)))))


def gain_rows(found: Sensitivities) -> Table:
    """Every gain in SI units, a row each, for a CSV file."""
    rows = tuple(
        (a.name, q.name, f"({q.unit})/({a.unit})", (float(found.gains[i, j]), 6))
        for i, a in enumerate(found.actuators)
        for j, q in enumerate(found.qualities)
    )
    return Table("Gains", ("actuator", "quality", "unit", "gain"), rows, words=3)


def window_rows(found: Window) -> Table:
    """Every point of a window in the units of its axes, a row each, for a CSV file."""
    heads = [f"{axis.name} {axis.shown.unit}".strip() for axis in (found.x, found.y)]
    rows = tuple(
        (
            (found.x.shown.of(p.x), 6), (found.y.shown.of(p.y), 6), "yes" if p.feasible else "no", p.limit, p.station,
            "; ".join(f"{limit} at {station}" for limit, station in p.binding),
            *(("", "", "") if not p.feasible else ((p.gwh_per_year, 4), (1e-3 * p.line_load, 3), (1e-6 * p.peak_pressure, 3))),
        )
        for row in found.points
        for p in row
    )  # fmt: skip
    head = (*heads, "feasible", "limit", "station", "all binding", "GWh/year", "line load N/mm", "peak pressure MPa")
    return Table("Window", head, rows, words=0)


def escaped(text: str) -> Html:
    """A sentence of a page."""
    return Html(f'<p class="note">{html(text)}</p>')
