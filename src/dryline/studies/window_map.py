"""Picture of a process window as one SVG: a colour and a number for each binding limit, the feasible area left white.

In the feasible area run contours of the capacity, or of the last line load where the capacity does not change. The cross
is where the line stands now.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from dryline.records.report.chart import tick_words, ticks
from dryline.records.report.words import Html, html, number
from dryline.studies.window import Axis, Window, region_words, said_of

Floats = NDArray[np.float64]

Place = tuple[float, float]
"""Across and down, in the picture or between grid points."""

COLOURS = ("#e8b4a0", "#b9cfe8", "#e9d8a1", "#c5b8dd", "#bcd9b5", "#e3bcd0", "#cfc9bd", "#a9d6d6", "#d6a6a6", "#dfe3e8")
"""Fill of each region, light enough for black words; regions carry numbers too, so that no colour decides alone."""

WIDTH, HEIGHT = 960, 560
LEFT, RIGHT, TOP, BOTTOM = 78.0, 690.0, 44.0, 500.0
NOTHING_VARIES = 0.01
"""Relative range of the capacity below which contours show the line load."""

STYLE = (
    "text{font:13px system-ui,'Segoe UI','DejaVu Sans',sans-serif;fill:#1c2126}.soft{fill:#5a646e}.bold{font-weight:600}"
    ".contour{fill:none;stroke:#3b4a5a;stroke-width:1.1}.edge{fill:none;stroke:#1c2126;stroke-width:1.6}"
    ".halo{paint-order:stroke;stroke:#fff;stroke-width:4px}.tick{stroke:#5a646e;stroke-width:1}"
    ".now{fill:none;stroke:#a32020;stroke-width:2.2}"
)


def picture(window: Window) -> Html:
    """The window as an SVG that stands alone or in a page."""
    x = np.array([window.x.shown.of(v) for v in window.x.values])
    y = np.array([window.y.shown.of(v) for v in window.y.values])
    frame = _Frame(x, y)
    regions = list(window.regions())
    index = np.array([[-1 if p.feasible else regions.index((p.limit, p.station)) for p in row] for row in window.points])
    name, unit, field = _contoured(window)
    title = f"Recipe {window.recipe} on line {window.line}: where it can run"
    said = f"{title}; {int(window.feasible.sum())} of {index.size} points are feasible"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{html(said)}">',
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text class="bold" x="{LEFT}" y="26" style="font-size:16px">{html(title)}</text>',
        *(frame.cells(index == n, COLOURS[n % len(COLOURS)]) for n in range(len(regions))),
        frame.edge(index < 0),
        *_contours(frame, field, frame.at(window.x.shown.of(window.x.now), window.y.shown.of(window.y.now))),
        *(frame.number(index == n, n + 1) for n in range(len(regions))),
        *frame.axes(window.x, window.y),
        frame.now(window.x.shown.of(window.x.now), window.y.shown.of(window.y.now)),
        *_legend(window, regions, f"{name} {unit}"),
        "</svg>",
    ]
    return Html("".join(parts))


def _contoured(window: Window) -> tuple[str, str, Floats]:
    """What the contours show: its name, unit and field."""
    gwh = window.field("gwh_per_year")
    known = gwh[np.isfinite(gwh)]
    if known.size and known.max() - known.min() > NOTHING_VARIES * known.max():
        return "capacity", "GWh/year", gwh
    return "last line load", "N/mm", 1e-3 * window.field("line_load")


class _Frame:
    """The data area: where the points of a grid lie in the picture."""

    def __init__(self, x: Floats, y: Floats) -> None:
        self.x, self.y = x, y
        self.across = LEFT + (x - x[0]) / (x[-1] - x[0]) * (RIGHT - LEFT)
        self.down = BOTTOM - (y - y[0]) / (y[-1] - y[0]) * (BOTTOM - TOP)
        self.sides = np.concatenate(([LEFT], 0.5 * (self.across[1:] + self.across[:-1]), [RIGHT]))
        self.rims = np.concatenate(([BOTTOM], 0.5 * (self.down[1:] + self.down[:-1]), [TOP]))

    def cells(self, mask: NDArray[np.bool_], colour: str) -> str:
        """The points of a region as one filled path, runs of a row joined."""
        path = []
        for j, row in enumerate(mask):
            steps = np.flatnonzero(np.diff(np.concatenate(([0], row.astype(np.int8), [0]))))
            for first, last in zip(steps[::2], steps[1::2], strict=True):
                left, right, low, high = self.sides[first], self.sides[last], self.rims[j], self.rims[j + 1]
                path.append(f"M{left:.1f} {low:.1f}H{right:.1f}V{high:.1f}H{left:.1f}Z")
        return f'<path d="{"".join(path)}" fill="{colour}" stroke="{colour}" stroke-width=".6"/>'

    def edge(self, feasible: NDArray[np.bool_]) -> str:
        """The border of the feasible area."""
        path = []
        for j, i in np.argwhere(feasible[:, 1:] != feasible[:, :-1]):
            path.append(f"M{self.sides[i + 1]:.1f} {self.rims[j]:.1f}V{self.rims[j + 1]:.1f}")
        for j, i in np.argwhere(feasible[1:] != feasible[:-1]):
            path.append(f"M{self.sides[i]:.1f} {self.rims[j + 1]:.1f}H{self.sides[i + 1]:.1f}")
        return f'<path class="edge" d="{"".join(path)}"/>'

    def number(self, mask: NDArray[np.bool_], number: int) -> str:
        """The number of a region where it is wide, near its middle."""
        room = distance_transform_edt(np.pad(mask, 1))[1:-1, 1:-1]
        middle = np.argwhere(mask).mean(axis=0)
        j, i = min(np.argwhere(room >= 0.8 * room.max()).tolist(), key=lambda at: math.dist(at, middle))
        place = f'x="{self.across[i]:.1f}" y="{self.down[j] + 5:.1f}" text-anchor="middle"'
        return f'<text class="bold" {place}>{number}</text>'

    def axes(self, x: Axis, y: Axis) -> list[str]:
        """Frame, ticks and names of both axes."""
        parts = [f'<rect x="{LEFT}" y="{TOP}" width="{RIGHT - LEFT}" height="{BOTTOM - TOP}" fill="none" class="tick"/>']
        at = ticks(float(self.x[0]), float(self.x[-1]), 7)
        for value, word in zip(at, tick_words(at), strict=True):
            place = self.at(value, self.y[0])[0]
            parts.append(f'<path class="tick" d="M{place:.1f} {BOTTOM}v5"/>')
            parts.append(f'<text class="soft" x="{place:.1f}" y="{BOTTOM + 20}" text-anchor="middle">{word}</text>')
        at = ticks(float(self.y[0]), float(self.y[-1]), 7)
        for value, word in zip(at, tick_words(at), strict=True):
            place = self.at(self.x[0], value)[1]
            parts.append(f'<path class="tick" d="M{LEFT} {place:.1f}h-5"/>')
            parts.append(f'<text class="soft" x="{LEFT - 9}" y="{place + 4.5:.1f}" text-anchor="end">{word}</text>')
        middle, centre = 0.5 * (LEFT + RIGHT), 0.5 * (TOP + BOTTOM)
        parts.append(f'<text x="{middle}" y="{BOTTOM + 44}" text-anchor="middle">{html(_named(x))}</text>')
        parts.append(f'<text transform="translate(20 {centre}) rotate(-90)" text-anchor="middle">{html(_named(y))}</text>')
        return parts

    def now(self, x: float, y: float) -> str:
        """A cross in a ring at the line's own point, where it lies in the picture."""
        if not (self.x[0] <= x <= self.x[-1] and self.y[0] <= y <= self.y[-1]):
            return ""
        a, b = self.at(x, y)
        return f'<g transform="translate({a:.1f} {b:.1f})">{_CROSS}</g>'

    def at(self, x: float, y: float) -> Place:
        """Place in the picture of a point in the units of the axes."""
        a = LEFT + (x - self.x[0]) / (self.x[-1] - self.x[0]) * (RIGHT - LEFT)
        return a, BOTTOM - (y - self.y[0]) / (self.y[-1] - self.y[0]) * (BOTTOM - TOP)

    def between(self, place: Place) -> Place:
        """Place in the picture of a place (column, row) between grid points."""
        column, row = place
        across = np.interp(column, np.arange(self.across.size), self.across)
        return float(across), float(np.interp(row, np.arange(self.down.size), self.down))


_CROSS = (
    '<circle r="7" fill="#fff" fill-opacity=".85" stroke="none"/>'
    '<circle class="now" r="6"/><path class="now" d="M-11 0H11M0-11V11"/>'
)


def _named(axis: Axis) -> str:
    name = said_of(axis)
    return f"{name} [{axis.shown.unit}]" if axis.shown.unit else name


def _legend(window: Window, regions: Sequence[tuple[str, str]], contours: str) -> list[str]:
    left, top = RIGHT + 26, TOP + 12
    parts = [f'<text class="bold" x="{left}" y="{top}">binding limit</text>']
    for n, (limit, station) in enumerate(regions[: len(COLOURS) + 2]):
        top += 38
        colour = COLOURS[n % len(COLOURS)]
        parts.append(f'<rect x="{left}" y="{top - 22}" width="26" height="26" rx="3" fill="{colour}"/>')
        parts.append(f'<text class="bold" x="{left + 13}" y="{top - 4}" text-anchor="middle">{n + 1}</text>')
        first, second = region_words(limit, station)
        parts.append(f'<text x="{left + 36}" y="{top - 11}">{html(first)}</text>')
        parts.append(f'<text class="soft" x="{left + 36}" y="{top + 5}">{html(_short(second))}</text>')
    top += 46
    share = 100.0 * float(window.feasible.mean())
    parts.append(f'<rect x="{left}" y="{top - 22}" width="26" height="26" rx="3" fill="#fff" class="edge"/>')
    parts.append(f'<text x="{left + 36}" y="{top - 11}">feasible</text>')
    parts.append(f'<text class="soft" x="{left + 36}" y="{top + 5}">{number(share, 0)} % of the points</text>')
    if window.feasible.any():
        top += 38
        parts.append(f'<path class="contour" d="M{left} {top - 9}h26"/>')
        parts.append(f'<text x="{left + 36}" y="{top - 5}">{html(contours)}</text>')
    top += 32
    state = "feasible" if window.now.feasible else f"{window.now.limit} binds"
    parts.append(f'<g transform="translate({left + 13} {top - 6})">{_CROSS}</g>')
    parts.append(f'<text x="{left + 36}" y="{top - 2}">now: {html(_short(state))}</text>')
    return parts


def _short(text: str) -> str:
    return text if len(text) <= 29 else text[:28] + "…"


def _contours(frame: _Frame, field: Floats, now: Place) -> list[str]:
    """Contours at round levels, each with its level written once, where it is farthest from other words and the cross."""
    known = field[np.isfinite(field)]
    if not known.size or known.max() <= known.min():
        return []
    levels = ticks(float(known.min()), float(known.max()), 7)
    parts, taken = [], [now]
    for level, word in zip(levels, tick_words(levels), strict=True):
        ends = [(frame.between(a), frame.between(b)) for a, b in segments(field, level)]
        if not ends:
            continue
        path = "".join(f"M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}" for a, b in ends)
        parts.append(f'<path class="contour" d="{path}"/>')
        along = sorted(end[0] for end in ends)
        inner = along[len(along) // 4 : 3 * len(along) // 4 + 1]
        x, y = max(inner, key=lambda at: min(math.dist(at, other) for other in taken))
        taken.append((x, y))
        parts.append(f'<text class="halo" x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle">{word}</text>')
    return parts


def segments(field: Floats, level: float) -> list[tuple[Place, Place]]:
    """Pieces of the contour at a level, ends as (column, row) between grid points; cells with an unknown corner have none.

    Each cell is cut along its two triangles, so that there is no saddle to decide.
    """
    found = []
    for j in range(field.shape[0] - 1):
        for i in range(field.shape[1] - 1):
            corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]
            if not all(np.isfinite(field[r, c]) for c, r in corners):
                continue
            for triangle in (corners[:3], [corners[0], *corners[2:]]):
                cuts = _cuts(field, triangle, level)
                if len(cuts) == 2:
                    found.append((cuts[0], cuts[1]))
    return found


def _cuts(field: Floats, triangle: Sequence[tuple[int, int]], level: float) -> list[Place]:
    cuts = []
    for (c, r), (d, s) in zip(triangle, [*triangle[1:], triangle[0]], strict=True):
        a, b = field[r, c] - level, field[s, d] - level
        if (a < 0.0) != (b < 0.0):
            share = a / (a - b)
            cuts.append((c + share * (d - c), r + share * (s - r)))
    return cuts
