"""Effectiveness: the loss tree from calendar time down to good web, and where the material went."""

from __future__ import annotations

from typing import Any

from dryline.records.oee import TreeRow, tree_rows
from dryline.records.report.figures import Shift
from dryline.records.report.words import Html, bars, duration, html, number

FACTORS = (
    ("availability", "time in production of calendar time"),
    ("performance", "metres wound in production of those at rated speed"),
    ("quality", "good metres of those wound in production"),
)

MATERIAL = (
    ("good_kg", "good electrode"),
    ("off_tolerance_kg", "product out of tolerance"),
    ("scrap_kg", "scrap"),
    ("trim_kg", "edge trim"),
    ("slitter_edges_kg", "edges left by the slitter"),
)


def effectiveness(shift: Shift) -> Html:
    """The factors, the tree, and the material yield."""
    part = shift.summary["oee"]
    if part["oee"] is None:
        return Html("<p>No time was recorded.</p>")
    cards = [_card("OEE", part["oee"], "availability × performance × quality")]
    cards += [_card(name.capitalize(), part[name], note) for name, note in FACTORS]
    note = (
        f"{duration(part['running_s'])} of {duration(part['calendar_s'])} in production; rated speed "
        f"{number(60.0 * part['rated_speed'], 1, 'm/min')}. A loss of time counts the metres that rated speed would have made, "
        f"a loss of metres the time it would have needed. {number(part['outside_m'], 0, 'm')} more were wound outside "
        "production, as scrap: their time is an availability loss."
    )
    return Html(
        f'<ul class="cards">{"".join(cards)}</ul>{waterfall(tree_rows(part))}<p class="note">{html(note)}</p>'
        f"{_material(part['material'])}"
    )


def _card(name: str, share: float | None, note: str) -> str:
    figure = number(None if share is None else 100.0 * share, 1, "%")
    return f'<li class="plain"><h3>{html(name)}</h3><p class="big">{figure}</p><p>{html(note)}</p></li>'


def waterfall(rows: list[TreeRow]) -> Html:
    """The tree as a table: every loss takes its share off the bar of what was left above it."""
    head = '<tr><th scope="col">where it went</th><th scope="col"><span class="said">share, drawn</span></th>'
    head += "".join(f'<th scope="col" class="figure">{unit}</th>' for unit in ("h", "m", "%"))
    caption = "From calendar time to good web at rated speed: hours, metres and share of calendar time"
    body = "".join(_row(row) for row in rows)
    return Html(
        f'<div class="scroll" tabindex="0" role="region" aria-label="{caption}"><table class="tree"><caption>{caption}</caption>'
        f"<thead>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(row: TreeRow) -> str:
    kind = ("total", "group", "loss")[row.depth]
    left, width = 1000.0 * min(row.begin, row.begin + row.share), max(1000.0 * abs(row.share), 1.0)
    tone = "gain" if row.share < 0.0 else kind
    sign = -1.0 if row.depth else 1.0
    figures = (
        number(sign * row.time_s / 3600.0, 3), number(sign * row.length_m, 0), number(100.0 * sign * row.share, 2)
    )  # fmt: skip
    return (
        f'<tr class="{kind}"><th scope="row">{html(row.name)}</th><td class="step">'
        '<svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="{tone}" x="{left:.1f}" y="0" width="{width:.1f}" height="10"/></svg></td>'
        f"{''.join(f'<td class=figure>{figure}</td>' for figure in figures)}</tr>"
    )


def _material(part: dict[str, Any]) -> Html:
    wound = part["wound_kg"]
    if wound <= 0.0:
        return Html("")
    lines = [
        (name, part[key], f"{number(part[key], 2, 'kg')}, {number(100.0 * part[key] / wound, 2)} %")
        for key, name in MATERIAL
        if part[key] > 0.0 or key == "good_kg"
    ]
    share = number(100.0 * part["yield_of_good"], 1, "%")
    return bars(f"Material yield: {share} of {number(wound, 1, 'kg')} coating is good electrode", lines)
