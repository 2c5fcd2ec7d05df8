"""Film and electrode properties, recycled material, defects and daughter rolls: shown where the run has them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dryline.records.properties import product_column, recycled_share
from dryline.records.report.chart import Limit, Series, chart
from dryline.records.report.figures import Shift
from dryline.records.report.words import NOTHING, Html, html, mark, number, table

Floats = NDArray[np.float64]

PROPERTIES: dict[str, tuple[str, float, str, int, float | None]] = {
    "peel_strength": ("Peel strength", 1.0, "N/m", 2, 10.0),
    "strength": ("Strength in machine direction", 1e-6, "MPa", 3, 0.5),
    "strength_cd": ("Strength in cross direction", 1e-6, "MPa", 3, None),
    "resistivity": ("Resistivity", 100.0, "Ω cm", 2, None),
    "tortuosity": ("Tortuosity", 1.0, "", 3, None),
    "foil_strain": ("Strain of the foil", 100.0, "%", 3, None),
    "moisture": ("Moisture", 1e6, "mg/kg", 0, None),
    "h2s": ("Hydrogen sulfide given off", 1e6, "mg/kg", 3, None),
}
"""Title, factor, unit, decimals and least usual value (assumed) of each property."""

LEAST_REACH = 0.02
"""Least reach of an axis to both sides of the mean, over the mean."""

DEFECT_NAMES = {"pinholes": "Pinholes", "edge_cracks": "Edge cracks"}

PINHOLES_PER_100_M2 = 1.0
"""Usual limit of defects (assumed)."""


def film(shift: Shift) -> Html:
    """Table of the properties over the product, and each over the width and along the web."""
    found = shift.summary["properties"]
    known = [name for name in PROPERTIES if name in found]
    rows, charts = [], []
    for name in known:
        title, factor, unit, digits, least = PROPERTIES[name]
        part = found[name]
        figures = [number(factor * part[key], digits) for key in ("mean", "low", "high", "sigma_md", "sigma_cd", "sigma_total")]
        usual = NOTHING if least is None else f"at least {number(least, 1)}"
        met = mark(None if least is None else factor * part["low"] >= least)
        rows.append([title, unit or NOTHING, *figures, usual, met])
        charts += _charts(shift, name, least)
    head = ["property", "unit", "mean", "lowest", "highest", "σ MD", "σ CD", "σ total", "usual", "met everywhere"]
    return Html(
        table("Properties of the product over all metres and kept lanes", head, rows, words=2)
        + f'<div class="grid">{"".join(charts)}</div><p class="note">Usual values are assumed; the cell maker sets them.</p>'
    )


def _charts(shift: Shift, name: str, least: float | None) -> list[Html]:
    title, factor, unit, _, _ = PROPERTIES[name]
    values, lengths = product_column(shift.web, name)
    if not lengths.size or not np.ptp(values) > 0.0:
        return []
    where = f"{title} {{}}{f' [{unit}]' if unit else ''}"
    limits = [] if least is None else [Limit("least usual", least)]
    across, along = 1e3 * np.asarray(shift.order.lane_centres), _places(shift, name)
    charts = []
    if values.shape[1] > 1:
        profile = Series("mean", across, factor * (lengths / lengths.sum()) @ values)
        charts.append(_chart(where.format("over the width"), "place across the web [mm]", profile, limits))
        values = values @ (np.asarray(shift.order.lane_widths) / sum(shift.order.lane_widths))[:, None]
    course = Series("mean", along, factor * values[:, 0])
    charts.append(_chart(where.format("along the web"), "web position [m]", course, limits))
    return charts


def _chart(title: str, x_name: str, one: Series, limits: list[Limit]) -> Html:
    """Chart of a property. Its axis spans at least a share of its mean, so that what hardly varies looks it."""
    middle = float(np.nanmean(one.y))
    reach = max(float(np.nanmax(np.abs(one.y - middle))) * 1.1, LEAST_REACH * abs(middle)) or 1.0
    low, high = middle - reach, middle + reach
    for limit in limits:
        low, high = min(low, limit.y - 0.1 * reach), max(high, limit.y + 0.1 * reach)
    return chart(title, x_name, [one], limits=limits, y_range=(low, high))


def _places(shift: Shift, name: str) -> Floats:
    """Place of the rows that `product_column` takes [m]."""
    rows = shift.web.batch
    known = np.isfinite(getattr(rows, name).reshape(rows.length.size, -1)).all(axis=1)
    return np.asarray(rows.start[rows.product & (rows.length > 0.0) & known])


def recycle(shift: Shift) -> Html:
    """How often the material has passed the line, and the share of returned material that this stands for."""
    part = shift.summary["properties"]["passes"]
    share = recycled_share(part["mean"])
    values, _ = product_column(shift.web, "passes")
    rows = [
        ("earlier passes, mean", number(part["mean"], 4)),
        ("lowest and highest", f"{number(part['low'], 4)} … {number(part['high'], 4)}"),
        ("share of returned material it stands for", number(100.0 * share, 2, "%")),
        ("share that has passed twice or more", number(100.0 * share**2, 3, "%")),
    ]
    one = Series("earlier passes", _places(shift, "passes"), values.mean(axis=1))
    drawn = _chart("Earlier passes of the material along the web", "web position [m]", one, [])
    figures = table("Returned material in the product", ("figure", "value"), rows)
    return Html(f'<div class="pair"><div>{figures}</div>{drawn}</div>')


def defects(shift: Shift) -> Html:
    """Counts of the defects in the product, and where along the web they lie."""
    found, rows, charts = shift.summary["defects"], [], []
    produced = shift.summary["run"]["produced_m"]
    for name, title in DEFECT_NAMES.items():
        if name not in found:
            continue
        part = found[name]
        met = part["per_100_m2"] <= PINHOLES_PER_100_M2 if name == "pinholes" else None
        rows.append([
            title, number(part["count"], 0), number(part["per_100_m"], 3), number(part["per_100_m2"], 3),
            number(part["metres"], 0), number(100.0 * part["metres"] / produced, 3), mark(met),
        ])  # fmt: skip
        values, lengths = product_column(shift.web, name)
        total = np.cumsum(values.sum(axis=1) * lengths)
        if part["count"] > 0.0:
            one = Series("count", _places(shift, name), total)
            charts.append(chart(f"{title} so far", "web position [m]", [one], y_range=(0.0, 1.05 * float(total[-1]))))
    head = ("defect", "count", "per 100 m", "per 100 m²", "metres with any", "% of the product", "below 1 per 100 m²")
    return Html(table("Defects in the product", head, rows) + f'<div class="grid">{"".join(charts)}</div>')


def daughters(shift: Shift) -> Html:
    """One row a daughter roll."""
    rows = [
        [
            f"{part['roll']}-{part['daughter']}", number(1e3 * part["width_m"], 1), number(part["wound_m"], 0),
            number(part["produced_m"], 0), number(part["good_m"], 0),
            number(100.0 * part["good_m"] / part["produced_m"] if part["produced_m"] > 0.0 else None, 2),
            *(_scaled(part[f"{name}_{what}"], factor, digits) for name, factor, digits in
              (("areal_density", 100.0, 3), ("thickness", 1e6, 2), ("porosity", 100.0, 2)) for what in ("mean", "sigma")),
        ]
        for part in shift.summary["daughters"]
    ]  # fmt: skip
    head = ["roll", "width mm", "wound m", "product m", "good m", "good %", "areal density mg/cm²", "σ", "thickness µm", "σ"]
    head += ["porosity %", "σ"]
    good = sum(part["good_m"] * part["width_m"] for part in shift.summary["daughters"])
    note = (
        f"{number(good, 1, 'm²')} of good daughter rolls. Each is judged over its own lanes alone: what is good over the whole "
        "width is good in all of them, a bad lane spoils only the roll it lies in. Files: rollmap/daughters/."
    )
    return Html(table("Daughter rolls by wound roll, drive side first", head, rows) + f'<p class="note">{html(note)}</p>')


def _scaled(value: float | None, factor: float, digits: int) -> str:
    return number(None if value is None else factor * value, digits)
