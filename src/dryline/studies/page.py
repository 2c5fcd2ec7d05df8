"""Page of an operating point: one self-contained HTML file with its figures, limits, gains and process window."""

from __future__ import annotations

from importlib.resources import files

from dryline.line.load import LoadedLine
from dryline.line.setup import Infeasible, SetUp
from dryline.records.report.words import Html, html
from dryline.setup.sensitivities import Sensitivities
from dryline.studies.tables import alike, escaped, gain_table, limit_table, line_table, nip_table
from dryline.studies.window import Window
from dryline.studies.window_map import picture

GAINS_NOTE = (
    "Each row moves one actuator from the set-up and holds all others; every nip settles anew with the stretch of its mill, and "
    "the film carries its memory on. Gaps are moved at the chocks, bending cylinders follow the load, and growth of the rolls is "
    "taken out by zeroing the gap at temperature."
)


def page(
    loaded: LoadedLine, found: SetUp | None, refused: Infeasible | None, gains: Sensitivities | None, window: Window | None
) -> str:
    """The page as HTML text; what is not known is left out."""
    sections: list[tuple[str, str, str]] = []
    if refused is not None:
        body = Html(f'<p class="warning">{html(refused)}</p>') + limit_table(refused.broken, "Limits that bind").html()
        sections.append(("refused", "Not feasible", body))
    if window is not None:
        sections.append(("window", "Process window", f'<div style="max-width:1100px">{picture(window)}</div>'))
    if found is not None:
        sections.append(("point", "Operating point", line_table(loaded, found).html() + nip_table(found).html()))
    if gains is not None and found is not None:
        sections.append(("gains", "Gains", gain_table(gains, alike(found)).html() + escaped(GAINS_NOTE)))
    if found is not None:
        sections.append(("limits", "Limits", limit_table(found.checks, "Limits, the tightest first").html()))
    title = f"recipe {loaded.recipe.name} on line {loaded.line.name}"
    links = "".join(f'<a href="#{key}">{name}</a>' for key, name, _ in sections)
    bodies = "".join(f'<section id="{key}"><h2>{name}</h2>{body}</section>' for key, name, body in sections)
    css = files("dryline.records.report").joinpath("page.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Dryline set-up: {html(title)}</title><style>{css}</style></head><body>"
        f'<header><p>Dryline set-up</p><h1>{html(title)}</h1><nav aria-label="Sections">{links}</nav></header>'
        f"<main>{bodies}</main></body></html>\n"
    )
