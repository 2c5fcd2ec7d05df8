"""The report of a run: one self-contained HTML page in the order in which an engineer reads it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from dryline.records import loop_limits
from dryline.records.report import books, effectiveness, film, footprint, plant, verdict, web
from dryline.records.report.figures import load
from dryline.records.report.words import Html, html
from dryline.records.run_folder import RunFolder, write_bytes


def write_report(run: RunFolder, summary: dict[str, Any]) -> Path:
    """Write report.html into the run folder; returns its path."""
    path = run.path / "report.html"
    write_bytes(path, report(run, summary).encode())
    return path


def report(run: RunFolder, summary: dict[str, Any]) -> str:
    """The page as HTML text."""
    shift = load(run, summary)
    found = shift.summary
    sections: list[tuple[str, str, Html]] = [
        ("result", "Result", verdict.verdict(shift)),
        ("line", "The line", verdict.line_section(shift)),
        ("oee", "Effectiveness", effectiveness.effectiveness(shift)),
        ("quality", "Quality", web.capability(shift)),
        *([("footprint", footprint.title(part), footprint.footprint(shift))] if (part := found["footprint"]) else []),
        ("map", "Profile and roll map", web.profile_and_map(shift)),
        *([("daughters", "Daughter rolls", film.daughters(shift))] if found["daughters"] else []),
        *([("film", "Film and electrode properties", film.film(shift))] if found["properties"] else []),
        *([("defects", "Defects", film.defects(shift))] if found["defects"] else []),
        *([("recycle", "Recycle", film.recycle(shift))] if "passes" in found["properties"] else []),
        ("trends", "Trends", plant.trends(shift)),
        ("nips", "Gap and force", plant.nips(shift)),
        *([("loops", "What limits the control", plant.loops(limits))] if (limits := loop_limits.read(run)) else []),
        ("mass", "Where each kilogram went", books.mass(shift)),
        ("energy", "Where the energy went", books.energy(shift)),
        ("capacity", "Capacity", books.capacity(shift)),
        ("setup", "Set-up", books.set_up(shift)),
        ("events", "Events", books.events(shift)),
        ("inputs", "Inputs and versions", books.inputs(shift)),
    ]
    title = f"{shift.order.recipe} on {shift.order.line}, seed {run.manifest['seed']}"
    return page("Dryline run", title, sections)


def page(kind: str, title: str, sections: Sequence[tuple[str, str, Html]]) -> str:
    """A self-contained page of sections: (anchor, name, content)."""
    links = "".join(f'<a href="#{key}">{name}</a>' for key, name, _ in sections)
    bodies = "".join(f'<section id="{key}"><h2>{name}</h2>{body}</section>' for key, name, body in sections)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html(kind)}: {html(title)}</title><style>{_resource('page.css')}</style></head><body>"
        f'<header><p>{html(kind)}</p><h1>{html(title)}</h1><nav aria-label="Sections">{links}</nav></header>'
        f"<main>{bodies}</main><script>{_resource('map.js')}</script></body></html>\n"
    )


def _resource(name: str) -> Html:
    return Html(files("dryline.records.report").joinpath(name).read_text(encoding="utf-8"))
