"""What an ablation leaves: one page, its pictures, a table of all runs and all of it as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from dryline.records.report.words import NOTHING, Html, html, spoken
from dryline.studies.ablation_claims import claim_table, claims
from dryline.studies.ablation_tables import (
    FULL,
    Record,
    areal_tables,
    arms_of,
    bounds,
    corner_table,
    flat,
    gap_table,
    incident_table,
    lines_of,
    runs,
    study_table,
)
from dryline.studies.dots import Row, dots
from dryline.studies.tables import Cell, Table, escaped

SCHEMA = "dryline-ablation-results/1"
NOTE = (
    "Standard deviations are in per cent of the target, over all web wound while the line produced, product and scrap alike. "
    "The bound is that of the gauges of the arm with the scale and the elongation of the last film nip besides: no control does "
    "better on average over long webs. A short run may."
)


def areal_picture(records: Sequence[Record], line: str) -> Html:
    """Along the web and in total, a mark a seed."""
    rows = []
    for arm in arms_of(records, line):
        own = [one["areal"]["both"] for one in runs(records, line, arm.name)]
        rows.append(Row(arm.name, tuple(tuple(one[f"sigma_{part}_pct"] for one in own) for part in ("md", "total"))))
    known = bounds(records, line)
    limits = [("bound", known["informed"]["line"][f"sigma_{part}_pct"]) for part in ("md", "total")] if known else []
    title = f"Areal mass of {line}, both sides, on its footprint"
    return dots(title, "standard deviation, % of target", ("along the web", "total"), rows, limits)


def gap_picture(records: Sequence[Record], line: str) -> Html | None:
    """99.7 % of the errors of every nip lie within these, full stack and open loop; None where the full stack has not run."""
    own, plain = runs(records, line, FULL), runs(records, line, "open_loop")
    if not own:
        return None
    rows = []
    for nip, figures in own[0]["nips"].items():
        values = tuple(tuple(one["nips"][nip]["p99_7_error_um"] for one in found) for found in (own, plain))
        rows.append(Row(f"{spoken(nip)}{', gauge' if figures['gauged'] else ''}", values))
    title = f"Loaded gaps of {line}, error against the reference"
    return dots(title, "99.7 % of the time within, µm", ("full stack", "open loop"), rows, [("asked with a gauge", 1.0)])


def tables_of(records: Sequence[Record], line: str) -> dict[str, Table]:
    """Tables of a line by short name."""
    main, combined = areal_tables(records, line)
    found = {"areal": main, "combined": combined, "gaps": gap_table(records, line), "corners": corner_table(records, line)}
    return {name: table for name, table in found.items() if table is not None}


def results(records: Sequence[Record]) -> dict[str, Any]:
    """All of it as plain values: runs, claims, and what was told of failures."""
    judged = [
        {
            "group": one.group, "line": one.line, "figure": one.text, "needed": one.needed, "found": one.found, "unit": one.unit,
            "held": one.held,
        }
        for one in claims(records)
    ]  # fmt: skip
    return {"schema": SCHEMA, "claims": judged, "runs": list(records)}


def page(records: Sequence[Record]) -> str:
    """The page: one self-contained HTML file."""
    sections = [("claims", "What is asked", Html(study_table(records).html() + claim_table(claims(records)).html()))]
    for line in lines_of(records):
        drawn = gap_picture(records, line)
        pictures = "".join(f'<div style="max-width:1000px">{one}</div>' for one in (areal_picture(records, line), drawn) if one)
        body = "".join(table.html() for table in tables_of(records, line).values())
        sections.append((line, line, Html(pictures + body + escaped(NOTE))))
    told = incident_table(records)
    sections.append(("incidents", "Incidents", told.html() if told else escaped("No run failed, none told of an alarm.")))
    links = "".join(f'<a href="#{html(key)}">{html(name)}</a>' for key, name, _ in sections)
    bodies = "".join(f'<section id="{html(key)}"><h2>{html(name)}</h2>{body}</section>' for key, name, body in sections)
    css = files("dryline.records.report").joinpath("page.css").read_text(encoding="utf-8")
    title = f"Ablation of {', '.join(lines_of(records))}"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Dryline: {html(title)}</title><style>{css}</style></head><body>"
        f'<header><p>Dryline</p><h1>{html(title)}</h1><nav aria-label="Sections">{links}</nav></header>'
        f"<main>{bodies}</main></body></html>\n"
    )


def write(records: Sequence[Record], folder: Path) -> list[Path]:
    """Write page, pictures and tables of a study into its folder; returns the files, the page first."""
    texts = {
        "ablation.html": page(records),
        "ablation.csv": flat(records).csv(),
        "ablation.json": json.dumps(results(records), indent=1, ensure_ascii=False) + "\n",
        "claims.csv": rounded(claim_table(claims(records))),
        "study.csv": rounded(study_table(records)),
    }
    for group in dict.fromkeys(one.group for one in claims(records)):
        texts[f"claims-{group}.csv"] = rounded(claim_table([one for one in claims(records) if one.group == group]))
    for line in lines_of(records):
        texts |= {f"{name}-{line}.csv": rounded(table) for name, table in tables_of(records, line).items()}
        texts[f"areal-{line}.svg"] = areal_picture(records, line)
        drawn = gap_picture(records, line)
        texts |= {f"gaps-{line}.svg": drawn} if drawn else {}
    told = incident_table(records)
    texts |= {"incidents.csv": told.csv()} if told else {}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


def rounded(table: Table) -> str:
    """A table as CSV with the decimals that it is shown with."""
    rows = tuple(tuple(_shown(cell) for cell in row) for row in table.rows)
    return Table(table.caption, table.head, rows, len(table.head)).csv()


def _shown(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    return f"{round(*cell) + 0.0:.{cell[1]}f}" if math.isfinite(cell[0]) else NOTHING
