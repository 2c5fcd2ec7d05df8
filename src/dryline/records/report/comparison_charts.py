"""Charts of a comparison: profiles and course of both webs, and the signals that differ most, over time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dryline.records import signals
from dryline.records.compare import MEAN, Comparison, Difference, web_field, web_tolerances
from dryline.records.report.chart import Limit, Series, chart
from dryline.records.report.difference import celsius, leading, names, scale, where
from dryline.records.report.words import Html, spoken

Floats = NDArray[np.float64]

ALWAYS = ("areal_mass", "thickness", "porosity")
"""Columns of the web that are drawn even where they do not differ."""

TREND_CHARTS = 6
"""Signals whose course is drawn, the largest differences."""

def web_charts(found: Comparison) -> Html:
    """Profile over the width and course along the web of what an electrode is judged by, and of what else differs."""
    differing = {row.quantity for row in found.of("web") if row.size}
    means = [row for row in found.of("web") if row.place in (MEAN, "")]
    shown = [row for row in means if row.signal in ALWAYS or row.quantity in differing]
    charts = [drawn for row in shown for drawn in _column(found, row)]
    if not charts:
        return Html("<p>No product of both runs to compare.</p>")
    return Html(f'<div class="grid">{"".join(charts)}</div>')


def _column(found: Comparison, row: Difference) -> list[Html]:
    order, (factor, unit) = found.one.order, scale(row)
    fields = [factor * web_field(half, row.signal, found.rows, order.lane_centres) for half in (found.one, found.other)]
    if not any(np.ptp(field) > 0.0 for field in fields):
        return []
    title = f"{spoken(row.signal).capitalize()} {{}}{f' [{unit}]' if unit else ''}"
    tolerance, middle = web_tolerances(order).get(row.signal), 0.5 * (row.mean_one + row.mean_other)
    reach = () if tolerance is None else (middle - tolerance, middle + tolerance)
    limits = [Limit("tolerance around the mean of both", factor * place) for place in reach]
    charts = []
    if row.place == MEAN:
        across, widths = 1e3 * np.asarray(order.lane_centres), np.asarray(order.lane_widths) / sum(order.lane_widths)
        profiles = _pair(found, [across] * 2, [field.mean(axis=0) for field in fields])
        charts.append(chart(title.format("over the width"), "place across the web [mm]", profiles, limits=limits))
        fields = [field @ widths[:, None] for field in fields]
    places = [np.cumsum(half.web.length[: found.rows]) for half in (found.one, found.other)]
    courses = _pair(found, places, [field[:, 0] for field in fields])
    charts.append(chart(title.format("along the web"), "product since its beginning [m]", courses, limits=limits))
    return charts


def trend_charts(found: Comparison) -> Html:
    """The signals with the largest differences, over the time of production."""
    rows = [row for row in leading(found.of("signal")) if row.size and row.place != MEAN]
    quantities = list(dict.fromkeys(row.quantity for row in rows))[:TREND_CHARTS]
    charts = [_trend(found, next(row for row in rows if row.quantity == quantity)) for quantity in quantities]
    return Html(f'<div class="grid">{"".join(charts)}</div>' if charts else "<p>No signal differs.</p>")


def _trend(found: Comparison, row: Difference) -> Html:
    factor, offset, unit = (1.0, -273.15, "°C") if celsius(row) else (*scale(row)[:1], 0.0, scale(row)[1])
    times, courses = [], []
    for half in (found.one, found.other):
        values = signals.read(half.run, ["time", row.column])
        chosen = half.producing[: found.ticks]
        time = values["time"][chosen]
        times.append((time - time[0]) / 60.0)
        courses.append(factor * values[row.column].reshape(values["time"].size, -1)[chosen, row.entry] + offset)
    title = f"{where(row)}{f' [{unit}]' if unit else ''}"
    return chart(title[0].upper() + title[1:], "time since product began [min]", _pair(found, times, courses))


def _pair(found: Comparison, x: list[Floats], y: list[Floats]) -> list[Series]:
    """Both runs as lines of a chart."""
    return [Series(*line) for line in zip(names(found), x, y, (1, 2), strict=True)]
