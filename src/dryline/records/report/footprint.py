"""Areal mass on its footprint: what the run has reached, and beside each figure what no controller could have beaten."""

from __future__ import annotations

from typing import Any

from dryline.records.footprint import COMPARED, FIGURES, PARTS
from dryline.records.report.figures import Shift
from dryline.records.report.web import names_of
from dryline.records.report.words import NOTHING, Html, html, number, signed, table

HEAD = ["figure", "", "mean mg/cm²", "off", "σ MD", "σ CD", "σ rest", "σ total", "3 σ total"]
OVER = ["run over bound: MD", "CD", "total"]


def title(found: dict[str, Any]) -> str:
    """Name of the section: the size of the footprint."""
    return f"Areal mass, {size(found)}"


def size(found: dict[str, Any]) -> str:
    """Length and width of a patch in words."""
    return f"{1e3 * found['length_m']:g} × {1e3 * found['width_m']:g} mm"


def footprint(shift: Shift) -> Html:
    """Table of the run and its bounds, and what the figures mean."""
    found = shift.summary["footprint"]
    names = {name: words for name, words in names_of(shift.order).items() if name in FIGURES and found[name] is not None}
    bounds = any(found[name]["bounds"] for name in names)
    rows = [row for name, words in names.items() for row in _rows(words, found[name], bounds)]
    caption = f"Areal mass of the product on patches of {size(found)}, all metres and kept width; σ in % of the target"
    head = [*HEAD, *OVER] if bounds else HEAD
    return Html(table(caption, head, rows, words=2) + f'<p class="note">{html(_note(found, bounds))}</p>')


def _rows(words: str, own: dict[str, Any], bounds: bool) -> list[list[str]]:
    run = [words, "run", number(100.0 * own["mean"], 3), signed(own["deviation_pct"], 3, "%"), *_sigmas(own)]
    rows = [[*run, *([NOTHING] * len(OVER) if bounds else [])]]
    for bound in own["bounds"]:
        over = [number(bound[f"{what}_over_bound"], 2) for what in COMPARED]
        rows.append([words, f"bound, {bound['name']}", NOTHING, NOTHING, *_sigmas(bound), *over])
    return rows


def _sigmas(found: dict[str, Any]) -> list[str]:
    return [*(number(found[f"sigma_{what}_pct"], 3) for what in PARTS), number(3.0 * found["sigma_total_pct"], 3)]


def _note(found: dict[str, Any], bounds: bool) -> str:
    note = (
        f"{found['columns']} columns of patches over the kept width, {round(1.0 / found['length_m'])} rows a metre; strips at "
        "the edges that are narrower count by their width. MD: means over the width, row by row. CD: profile averaged over "
        "length. Rest: what remains; the squares add up to that of the total."
    )
    if bounds:
        return (
            f"{note} Bound: what no controller with these means does better in the mean of long webs, from the disturbances "
            "alone; a short run can fall below it by chance, and its CD holds some of the rest, which is not averaged out yet."
        )
    return f"{note} No bounds: {found['without_bounds']}."
