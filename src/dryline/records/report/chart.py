"""Charts as inline SVG that stretch with the page: lines never thicken and words never shrink.

The data area is an SVG of fixed height whose width follows the page; ticks and words are HTML around it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dryline.records.report.words import Html, html, number

Floats = NDArray[np.float64]

POINTS = 400
"""Most buckets of a drawn line; each shows its lowest and highest value."""


CANVAS = 'viewBox="0 0 1000 1000" preserveAspectRatio="none" role="img"'
"""Attributes of every data area."""


@dataclass(frozen=True)
class Series:
    """A line of a chart; style 1 to 3 picks colour and dash, so that they differ without colour."""

    name: str
    x: Floats
    y: Floats
    style: int = 1


@dataclass(frozen=True)
class Limit:
    """A horizontal limit or target, drawn dashed with its name."""

    name: str
    y: float


@dataclass(frozen=True)
class Band:
    """An area between two lines."""

    name: str
    x: Floats
    low: Floats
    high: Floats


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers between low and high, about `count` of them."""
    if not high > low:
        return [low]
    raw = (high - low) / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * m for m in (1.0, 2.0, 2.5, 5.0, 10.0) if power * m >= raw * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [step * i for i in range(first, last + 1)]


def tick_words(values: Sequence[float]) -> list[str]:
    """Tick labels with as many decimals as their distance needs."""
    step = abs(values[1] - values[0]) if len(values) > 1 else abs(values[0]) or 1.0
    digits = max(0, min(6, math.ceil(-math.log10(step) - 1e-9))) if step > 0.0 else 0
    if round(step * 10**digits, 6) % 1.0 > 1e-6:
        digits += 1
    return [number(value + 0.0, digits) for value in values]


def thinned(x: Floats, y: Floats, points: int = POINTS) -> tuple[Floats, Floats]:
    """The line with at most two points a bucket, its lowest and highest value, so that no spike is lost."""
    known = np.isfinite(x) & np.isfinite(y)
    x, y = x[known], y[known]
    if x.size <= 2 * points:
        return x, y
    picked: list[int] = []
    for rows in np.array_split(np.arange(x.size), points):
        picked += sorted({int(rows[np.argmin(y[rows])]), int(rows[np.argmax(y[rows])])})
    return x[picked], y[picked]


def chart(
    title: str,
    x_name: str,
    series: Sequence[Series],
    *,
    limits: Sequence[Limit] = (),
    bands: Sequence[Band] = (),
    y_range: tuple[float, float] | None = None,
    x_range: tuple[float, float] | None = None,
    note: str = "",
) -> Html:
    """A line chart as a figure with title, axes, limits and legend; a plain sentence where there is nothing
    to draw.
    """
    known = [one for one in series if np.isfinite(one.y).any()]
    if not known:
        return Html(f'<figure class="chart"><figcaption>{html(title)}</figcaption><p>No record.</p></figure>')
    x_low, x_high = x_range or (min(float(s.x.min()) for s in known), max(float(s.x.max()) for s in known))
    y_low, y_high = y_range or _span(known, limits, bands)
    x_high = x_high if x_high > x_low else x_low + 1.0
    size = _Area(x_low, x_high, y_low, y_high)
    y_at, x_at = ticks(y_low, y_high, 5), ticks(x_low, x_high, 6)
    drawn = [size.grid(y) for y in y_at]
    drawn += [size.area(band) for band in bands]
    drawn += [size.line(one) for one in known]
    drawn += [size.limit(limit) for limit in limits if y_low <= limit.y <= y_high]
    y_words = "".join(
        f'<span style="top:{size.top(y):.2f}%">{word}</span>'
        for y, word in zip(y_at, tick_words(y_at), strict=True)
    )
    x_words = "".join(
        f'<span style="left:{size.left(x):.2f}%">{word}</span>'
        for x, word in zip(x_at, tick_words(x_at), strict=True)
    )
    return Html(
        f'<figure class="chart"><figcaption>{html(title)}</figcaption>'
        f'<div class="plot"><div class="ys">{y_words}</div>'
        f'<svg {CANVAS} aria-label="{html(_said(title, known))}">'
        f'{"".join(drawn)}</svg><div class="xs">{x_words}</div><div class="xname">{html(x_name)}</div></div>'
        f"{_legend(known, limits, bands, note)}</figure>"
    )


def spark(x: Floats, y: Floats, title: str) -> Html:
    """A word-sized line."""
    if not np.isfinite(y).any():
        return Html("–")
    one = Series(title, x, y)
    size = _Area(float(x.min()), max(float(x.max()), float(x.min()) + 1e-9), *_span([one], (), ()))
    said = html(_said(title, [one]))
    return Html(f'<svg class="spark" {CANVAS} aria-label="{said}">{size.line(one, 60)}</svg>')


@dataclass(frozen=True)
class _Area:
    """The data area: what of x and y it shows, on a canvas of 1000 by 1000."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float

    def left(self, x: float) -> float:
        """Place of x in per cent from the left."""
        return 100.0 * (x - self.x_low) / (self.x_high - self.x_low)

    def top(self, y: float) -> float:
        """Place of y in per cent from the top."""
        return 100.0 * (self.y_high - y) / (self.y_high - self.y_low)

    def points(self, x: Floats, y: Floats) -> str:
        """Points of a line for SVG, clipped to a little beyond the area."""
        across = 10.0 * self.left(0.0) + x * (1000.0 / (self.x_high - self.x_low))
        down = np.clip((self.y_high - y) * (1000.0 / (self.y_high - self.y_low)), -50.0, 1050.0)
        return " ".join(f"{a:.1f},{d:.1f}" for a, d in zip(across.tolist(), down.tolist(), strict=True))

    def line(self, one: Series, points: int = POINTS) -> str:
        return f'<polyline class="s{one.style}" points="{self.points(*thinned(one.x, one.y, points))}"/>'

    def area(self, band: Band) -> str:
        around = np.concatenate((band.x, band.x[::-1])), np.concatenate((band.high, band.low[::-1]))
        return f'<polygon class="band" points="{self.points(*around)}"/>'

    def grid(self, y: float) -> str:
        at = 10.0 * self.top(y)
        return f'<line class="grid" x1="0" x2="1000" y1="{at:.1f}" y2="{at:.1f}"/>'

    def limit(self, limit: Limit) -> str:
        at = 10.0 * self.top(limit.y)
        return f'<line class="limit" x1="0" x2="1000" y1="{at:.1f}" y2="{at:.1f}"/>'


def _span(series: Sequence[Series], limits: Sequence[Limit], bands: Sequence[Band]) -> tuple[float, float]:
    """Range of y that shows all, with some air."""
    values = [float(f(one.y)) for one in series for f in (np.nanmin, np.nanmax)]
    values += [limit.y for limit in limits]
    values += [float(v) for band in bands for v in (np.nanmin(band.low), np.nanmax(band.high))]
    low, high = min(values), max(values)
    air = 0.06 * (high - low) or abs(high) * 0.01 or 1.0
    return low - air, high + air


def _said(title: str, series: Sequence[Series]) -> str:
    """The chart in words, for who cannot see it."""
    parts = [
        f"{one.name} from {np.nanmin(one.y):.4g} to {np.nanmax(one.y):.4g}, mean {np.nanmean(one.y):.4g}"
        for one in series
    ]
    return f"{title}: {'; '.join(parts)}"


def _legend(series: Sequence[Series], limits: Sequence[Limit], bands: Sequence[Band], note: str) -> str:
    keys = [(f"s{one.style}", one.name) for one in series] if len(series) > 1 or bands else []
    keys += [("band", band.name) for band in bands]
    keys += [("limit", ", ".join(dict.fromkeys(limit.name for limit in limits)))] if limits else []
    words = "".join(
        f'<span><svg viewBox="0 0 24 10" aria-hidden="true">{_key(kind)}</svg>{html(name)}</span>'
        for kind, name in keys
    )
    words += f"<span>{html(note)}</span>" if note else ""
    return f'<div class="legend">{words}</div>' if words else ""


def _key(kind: str) -> str:
    if kind == "band":
        return '<rect class="band" x="0" y="1" width="24" height="8"/>'
    return f'<line class="{kind}" x1="0" x2="24" y1="5" y2="5"/>'
