"""Pictures of a comparison as SVG that stand alone or in a page: waterfall, stacked bars, tornado."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from dryline.records.report.chart import tick_words, ticks
from dryline.records.report.words import Html, html, number

WIDTH, LEFT, RIGHT, TOP, ROW = 1000, 330.0, 960.0, 50.0, 30.0
COLOURS = (
    "#1b5fa8", "#b3560a", "#4f7a28", "#7a3f8f", "#8a6d00", "#0f7c7c", "#a32020", "#5a646e", "#3f51b5", "#795548", "#c2557f",
    "#2f9e9e", "#9a9a2c", "#2b3a67",
)  # fmt: skip
"""Colours of parts; each part is named in its legend and every bar has its figure, so that no colour decides alone."""
STYLE = (
    "text{font:13px system-ui,'Segoe UI','DejaVu Sans',sans-serif;fill:#1c2126}.soft{fill:#5a646e}.bold{font-weight:600}"
    ".grid{stroke:#e1e5e8;stroke-width:1}.zero{stroke:#5a646e;stroke-width:1}"
)


class Scale(NamedTuple):
    """A horizontal axis from low to high."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """Place of a value."""
        return LEFT + (value - self.low) / (self.high - self.low) * (RIGHT - LEFT)


def _scale(values: Sequence[float]) -> Scale:
    low, high = min(0.0, *values), max(0.0, *values)
    if not high > low:
        high = low + 1.0
    return Scale(low, high + 0.08 * (high - low))


def _frame(title: str, unit: str, rows: int, scale: Scale, said: str, body: Sequence[str], extra: float = 0.0) -> Html:
    bottom = TOP + extra + ROW * rows + 4.0
    at = ticks(scale.low, scale.high, 6)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom + 50:.0f}" role="img" aria-label="{html(said)}">',
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{bottom + 50:.0f}" fill="#fff"/>',
        f'<text class="bold" x="16" y="24" style="font-size:16px">{html(title)}</text>',
    ]
    for value, word in zip(at, tick_words(at), strict=True):
        x = scale.at(value)
        kind = "zero" if value == 0.0 else "grid"
        parts.append(f'<line class="{kind}" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP + extra - 8:.1f}" y2="{bottom:.1f}"/>')
        parts.append(f'<text class="soft" x="{x:.1f}" y="{bottom + 18:.1f}" text-anchor="middle">{word}</text>')
    parts += body
    middle = 0.5 * (LEFT + RIGHT)
    parts.append(f'<text x="{middle}" y="{bottom + 40:.1f}" text-anchor="middle">{html(unit)}</text></svg>')
    return Html("".join(parts))


def _bar(x: float, end: float, y: float, colour: str, said: str) -> str:
    low, wide = min(x, end), max(abs(end - x), 0.8)
    size = f'x="{low:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{ROW - 9:.1f}"'
    return f'<rect {size} fill="{colour}"><title>{html(said)}</title></rect>'


def waterfall(
    title: str, unit: str, start: tuple[str, float], changes: Sequence[tuple[str, float]], end: str, digits: int = 2
) -> Html:
    """From one figure to another through the changes that add up to it: what goes down is green, what comes up orange."""
    level = start[1]
    levels = [level]
    for _, change in changes:
        level += change
        levels.append(level)
    scale = _scale(levels)
    names = [start[0], *(name for name, _ in changes), end]
    body = []
    for n, name in enumerate(names):
        y = TOP + ROW * n
        body.append(f'<text x="{LEFT - 12}" y="{y + 15:.1f}" text-anchor="end">{html(name)}</text>')
        if n in (0, len(names) - 1):
            value, low, high, colour = levels[0 if n == 0 else -1], 0.0, levels[0 if n == 0 else -1], "#5a646e"
            words = number(value, digits)
        else:
            value = changes[n - 1][1]
            low, high = levels[n - 1], levels[n]
            colour = "#4f7a28" if value < 0.0 else "#b3560a"
            words = f"{'+' if value > 0.0 else ''}{number(value, digits)}"
        body.append(_bar(scale.at(low), scale.at(high), y, colour, f"{name}: {words} {unit}"))
        body.append(f'<text x="{scale.at(max(low, high)) + 6:.1f}" y="{y + 15:.1f}">{words}</text>')
    said = f"{title}: {start[0]} {number(levels[0], digits)}, {end} {number(levels[-1], digits)} {unit}"
    return _frame(title, unit, len(names), scale, said, body)


def stacked_bars(title: str, unit: str, bars: Sequence[tuple[str, Sequence[tuple[str, float]]]], digits: int = 2) -> Html:
    """Bars made up of named parts, one colour a part over all bars, with the total behind each."""
    names = list(dict.fromkeys(name for _, parts in bars for name, _ in parts))
    colours = {name: COLOURS[k % len(COLOURS)] for k, name in enumerate(names)}
    scale = _scale([sum(value for _, value in parts if value > 0.0) for _, parts in bars])
    body, x, y = [], 16.0, 42.0
    for name in names:
        wide = 30.0 + 7.0 * len(name)
        if x + wide > WIDTH - 16:
            x, y = 16.0, y + 20.0
        body.append(f'<rect x="{x:.0f}" y="{y:.0f}" width="14" height="12" fill="{colours[name]}"/>')
        body.append(f'<text x="{x + 19:.0f}" y="{y + 11:.0f}">{html(name)}</text>')
        x += wide + 8.0
    extra = y - 20.0
    for n, (bar, parts) in enumerate(bars):
        top = TOP + extra + ROW * n
        body.append(f'<text x="{LEFT - 12}" y="{top + 15:.1f}" text-anchor="end">{html(bar)}</text>')
        level = 0.0
        for name, value in parts:
            if value <= 0.0:
                continue
            said = f"{bar}, {name}: {number(value, digits)} {unit}"
            body.append(_bar(scale.at(level), scale.at(level + value), top, colours[name], said))
            level += value
        words = number(math.fsum(value for _, value in parts), digits)
        body.append(f'<text x="{scale.at(level) + 6:.1f}" y="{top + 15:.1f}">{words}</text>')
    said = f"{title}: " + ", ".join(f"{bar} {number(math.fsum(v for _, v in parts), digits)} {unit}" for bar, parts in bars)
    return _frame(title, unit, len(bars), scale, said, body, extra)


class Swinging(NamedTuple):
    """A row of a tornado: name, its low and high input in words, and the figure at each."""

    name: str
    low_words: str
    high_words: str
    low: float
    high: float


def tornado_picture(title: str, unit: str, centre: float, rows: Sequence[Swinging], claim: float | None = None) -> Html:
    """Bars about the centre, one an input, the low input's end blue, the high input's end orange; a claim as a dashed line."""
    known = [row for row in rows if math.isfinite(row.low) and math.isfinite(row.high)]
    values = [centre, *(v for row in known for v in (row.low, row.high)), *([claim] if claim is not None else [])]
    low, high = min(values), max(values)
    air = 0.2 * (high - low) or 1.0
    scale = Scale(low - air, high + air)
    body = []
    for n, row in enumerate(known):
        y = TOP + ROW * n
        body.append(f'<text x="{LEFT - 12}" y="{y + 15:.1f}" text-anchor="end">{html(row.name)}</text>')
        for value, words, colour in ((row.low, row.low_words, COLOURS[0]), (row.high, row.high_words, COLOURS[1])):
            body.append(_bar(scale.at(centre), scale.at(value), y, colour, f"{row.name} {words}: {number(value, 1)} {unit}"))
        left, right = ((row.low, row.low_words), (row.high, row.high_words))[:: 1 if row.low <= row.high else -1]
        first, last = scale.at(min(left[0], centre)) - 5, scale.at(max(right[0], centre)) + 5
        body.append(f'<text class="soft" x="{first:.1f}" y="{y + 15:.1f}" text-anchor="end">{html(left[1])}</text>')
        body.append(f'<text class="soft" x="{last:.1f}" y="{y + 15:.1f}">{html(right[1])}</text>')
    bottom = TOP + ROW * len(known)
    if claim is not None:
        x = scale.at(claim)
        body.append(
            f'<path d="M{x:.1f} {TOP - 14:.0f}V{bottom:.0f}" stroke="#a32020" stroke-width="1.6" stroke-dasharray="6 4"/>'
        )
        body.append(f'<text x="{x + 4:.1f}" y="{bottom + 2:.1f}">claim {number(claim, 0)} {html(unit)}</text>')
    said = f"{title}: centre {number(centre, 1)} {unit}; " + ", ".join(
        f"{row.name} {number(row.low, 1)} to {number(row.high, 1)}" for row in known[:5]
    )
    return _frame(title, unit, len(known), scale, said, body)
