"""The web: how capable the process was, the profile over the width with its limits, the roll map, and the
course.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dryline.records.order import Order
from dryline.records.product import product_spreads
from dryline.records.report.chart import Band, Limit, Series, chart, tick_words, ticks
from dryline.records.report.figures import Shift
from dryline.records.report.heatmap import ABOVE, BELOW, bins, colour_bar, css, picture
from dryline.records.report.words import NOTHING, Html, html, number, signed, table
from dryline.records.statistics import cpk

Floats = NDArray[np.float64]

UNITS = {
    "areal_density": (100.0, "mg/cm²", 3),
    "areal_density_a": (100.0, "mg/cm²", 3),
    "areal_density_b": (100.0, "mg/cm²", 3),
    "thickness": (1e6, "µm", 2),
    "porosity": (100.0, "%", 2),
}
"""Factor, unit and decimals of each quality figure."""


def names_of(order: Order) -> dict[str, str]:
    """Quality figures that a web has, with their titles: of one coated side there is one areal density."""
    names = {"areal_density": "Areal density"}
    if order.two_sided:
        names = {"areal_density": "Areal density, both sides"}
        names |= {f"areal_density_{side.lower()}": f"Areal density, side {side}" for side in "AB"}
    names["thickness"] = f"Thickness with {order.substrate}, 24 h relaxed" if order.substrate else "Thickness, 24 h relaxed"
    return names | {"porosity": "Porosity, 24 h relaxed"}


def capability(shift: Shift) -> Html:
    """Capability table."""
    names = names_of(shift.order)
    found = shift.summary["quality"]
    rows = [_capability_row(name, title, found[name]) for name, title in names.items() if found[name] is not None]
    if not rows:
        return Html("<p>No product was wound, so there is nothing to judge.</p>")
    head = ["figure", "target", "limits", "mean", "off", "σ MD", "σ CD", "σ rest", "σ total", "Cp", "Cpk"]
    head += ["Cpk at ±1 %", "at ±0.5 %"]
    return Html(
        table("Quality of the product over all metres and kept lanes; σ in % of the target", head, rows)
        + '<p class="note">MD: means over the width, along the web. CD: profile averaged over length. Rest: '
        "what remains; the squares add up to that of the total.</p>"
    )


def _capability_row(name: str, title: str, found: dict[str, Any]) -> list[str]:
    factor, unit, digits = UNITS[name]
    target, mean = found["target"], found["mean"]
    sigma = found["sigma_total_pct"] * target / 100.0
    row = [title, number(target * factor, digits, unit)]
    row.append(f"{number(found['low'] * factor, digits)} … {number(found['high'] * factor, digits)}")
    row += [number(mean * factor, digits), f"{signed(100.0 * (mean / target - 1.0), 2)} %"]
    row += [number(found[f"sigma_{part}_pct"], 3) for part in ("md", "cd", "residual", "total")]
    row += [number(found["cp"]), number(found["cpk"])]
    if name.startswith("areal"):
        row += [number(cpk(mean, sigma, target * (1 - t), target * (1 + t))) for t in (0.01, 0.005)]
    else:
        row += [NOTHING, NOTHING]
    return row


def profile_and_map(shift: Shift) -> Html:
    """Profile and roll map of areal density and of thickness, lane under lane."""
    order, rows = shift.order, shift.web.batch
    if not rows.length.size:
        return Html("<p>No web was wound.</p>")
    both = rows.areal_mass_a + rows.areal_mass_b
    areal = _panel(
        shift, "areal_density", both, order.areal_mass, order.areal_mass * order.areal_tolerance, percent=True
    )
    thickness = _panel(
        shift, "thickness", rows.thickness, order.thickness, order.thickness_tolerance, percent=False
    )
    return Html(f'<div class="pair">{areal}{thickness}</div>')


def _panel(shift: Shift, name: str, field: Floats, target: float, tolerance: float, percent: bool) -> Html:
    title = names_of(shift.order)[name]
    unit, factor = ("%", 100.0 / target) if percent else ("µm", 1e6)
    across = 1e3 * np.asarray(shift.order.lane_centres)
    span = float(across[0]), float(across[-1])
    spreads = product_spreads(shift.order, shift.web)
    limits = [Limit("tolerance", -tolerance * factor), Limit("tolerance", tolerance * factor)]
    series, bands = [], []
    if name in spreads:
        product = field[shift.web.batch.product]
        mean = factor * (spreads[name].profile - target)
        sigma = factor * np.nanstd(product, axis=0)
        bands = [Band("± 2 σ along the web", across, mean - 2.0 * sigma, mean + 2.0 * sigma)]
        series = [Series("mean of the product", across, mean)]
        if name == "areal_density" and shift.order.two_sided:
            for style, side in ((2, "a"), (3, "b")):
                own = spreads[f"areal_density_{side}"]
                deviation = 100.0 * (own.profile / shift.order.side_areal_mass - 1.0)
                series.append(Series(f"side {side.upper()}", across, deviation, style))
    profile = chart(
        f"{title}: deviation from target over the width [{unit}]",
        "place across the web [mm], drive side to operator side",
        series,
        limits=limits,
        bands=bands,
        x_range=span,
        y_range=_symmetric(series, bands, 1.25 * tolerance * factor),
    )
    return Html(f"<div>{profile}{_map(shift, title, field, target, tolerance, unit, factor)}</div>")


def _symmetric(series: list[Series], bands: list[Band], least: float) -> tuple[float, float]:
    values = [least, *(float(np.nanmax(np.abs(one.y))) * 1.05 for one in series)]
    values += [1.05 * float(np.nanmax(np.abs(side))) for band in bands for side in (band.low, band.high)]
    return -max(values), max(values)


def _map(
    shift: Shift, title: str, field: Floats, target: float, tolerance: float, unit: str, factor: float
) -> Html:
    rows = shift.web.batch
    first, last = float(rows.start[0]), float(rows.start[-1] + rows.length[-1])
    across = 1e3 * np.asarray(shift.order.lane_centres)
    product = field[rows.product]
    outside = 100.0 * float((np.abs(product - target) > tolerance).mean()) if product.size else None
    said = (
        f"Roll map of {title[0].lower()}{title[1:]}: {number(last - first, 0)} m by {across.size} lanes; "
        f"{number(outside, 3, '%')} of the product outside ±{number(tolerance * factor, 1)} {unit}"
    )
    marks = _roll_marks(shift, first, last)
    metres = _metre_marks(first, last)
    limit = number(tolerance * factor, 1)
    return Html(
        f'<figure class="map" data-low="{across[0]:.1f}" data-high="{across[-1]:.1f}" '
        f'data-first="{first:.1f}" data-last="{last:.1f}" '
        f'data-range="{tolerance * factor:.6g}" data-unit="{unit}">'
        f"<figcaption>{html(said)}</figcaption>"
        f'<div class="plot"><div class="ys">{metres}</div><div class="sheet"><img alt="{html(said)}" '
        f'src="{picture((field - target) / tolerance)}">{_strip(shift, first, last)}{marks}</div>'
        '<div class="xname"><output>web position down [m]; point at the map to read a value</output></div>'
        f'</div><div class="legend scale"><span><i style="background:{css(BELOW)}"></i>below</span>'
        f'<span>−{limit}</span><img alt="" src="{colour_bar()}"><span>+{limit} {unit}</span>'
        f'<span><i style="background:{css(ABOVE)}"></i>above</span><span><i class="scrap"></i>scrap</span>'
        f'<span><i class="off"></i>product, not good</span></div></figure>'
    )


def _roll_marks(shift: Shift, first: float, last: float) -> str:
    """A line where a roll begins, with its number where there is room for it."""
    marks, named = [], -100.0
    for at, roll in _changes(shift.web.batch.roll.astype(np.float64), shift.web.batch.start):
        place = 100.0 * (at - first) / (last - first)
        name = f"roll {roll:.0f}" if place - named > 5.0 else ""
        named = place if name else named
        marks.append(f'<span class="roll" style="top:{place:.2f}%">{name}</span>')
    return "".join(marks)


def _metre_marks(first: float, last: float) -> str:
    places = ticks(first, last, 6)
    return "".join(
        f'<span style="top:{100.0 * (y - first) / (last - first):.2f}%">{word}</span>'
        for y, word in zip(places, tick_words(places), strict=True)
    )


def _strip(shift: Shift, first: float, last: float) -> str:
    """Marks beside the map where web was scrap or not good, one for each stretch of its rows."""
    rows = shift.web.batch
    begins = bins(rows.length.size)
    kind = np.maximum.reduceat(np.where(~rows.product, 2.0, np.where(shift.web.good, 0.0, 1.0)), begins)
    changes = _changes(kind, rows.start[begins])
    ends = [at for at, _ in changes[1:]] + [last]
    scale = 100.0 / (last - first)
    marks = [
        f'<span class="{"scrap" if value > 1.5 else "off"}" '
        f'style="top:{scale * (at - first):.2f}%;height:{max(0.4, scale * (end - at)):.2f}%"></span>'
        for (at, value), end in zip(changes, ends, strict=True)
        if value > 0.5
    ]
    return f'<div class="strip">{"".join(marks)}</div>'


def _changes(values: Floats, places: Floats) -> list[tuple[float, float]]:
    """Place and value of every stretch of equal values."""
    begins = np.flatnonzero(np.concatenate(([True], np.diff(values) != 0.0)))
    return [(float(places[i]), float(values[i])) for i in begins]


def _reach(deviations: Sequence[Series], product: NDArray[np.bool_], tolerance: float) -> tuple[float, float]:
    """Range of a chart around a target: what the product needs, at least twice the tolerance; start-up runs out of it."""
    seen = [np.abs(one.y[product]) for one in deviations]
    far = max((float(np.nanpercentile(y, 99.0)) for y in seen if np.isfinite(y).any()), default=0.0)
    reach = max(2.0 * tolerance, 1.2 * far)
    return -reach, reach


def course(shift: Shift) -> Html:
    """The web along its length: means over the width, scaled for the product."""
    order, rows = shift.order, shift.web.batch
    if not rows.length.size:
        return Html("")
    widths = np.asarray(order.lane_widths) / sum(order.lane_widths)
    both = (rows.areal_mass_a + rows.areal_mass_b) @ widths
    tolerance = 100.0 * order.areal_tolerance
    name = "both sides" if order.two_sided else "areal density"
    areal = [Series(name, rows.start, 100.0 * (both / order.areal_mass - 1.0))]
    for style, side in ((2, rows.areal_mass_a), (3, rows.areal_mass_b)) if order.two_sided else ():
        deviation = 100.0 * (side @ widths / order.side_areal_mass - 1.0)
        areal.append(Series(f"side {'AB'[style - 2]}", rows.start, deviation, style))
    micron = 1e6 * order.thickness_tolerance
    thickness = [Series("thickness", rows.start, 1e6 * (rows.thickness @ widths - order.thickness))]
    porosity = [Series("porosity", rows.start, 100.0 * (rows.porosity @ widths - order.porosity))]
    product = rows.product if rows.product.any() else np.ones(rows.length.size, np.bool_)
    where = "web position [m]"
    return Html(
        chart(
            "Areal density along the web: deviation from target [%]",
            where,
            areal,
            limits=[Limit("tolerance", -tolerance), Limit("tolerance", tolerance)],
            y_range=_reach(areal, product, tolerance),
        )
        + chart(
            "Thickness along the web: deviation from target [µm]",
            where,
            thickness,
            limits=[Limit("tolerance", -micron), Limit("tolerance", micron)],
            y_range=_reach(thickness, product, micron),
        )
        + chart(
            "Porosity along the web: deviation from target [points]",
            where,
            porosity,
            limits=[Limit("target", 0.0)],
            y_range=_reach(porosity, product, 1.0),
        )
    )
