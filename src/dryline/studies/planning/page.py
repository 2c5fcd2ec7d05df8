"""Page of comparisons: one self-contained HTML file with verdicts, figures, pictures, a planner's answers and all inputs."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import numpy as np

from dryline.records.report.chart import Series, chart
from dryline.records.report.words import Html, html, number
from dryline.studies.planning.answer_tables import (
    apart_table,
    carbon_table,
    environment_table,
    loss_table,
    material_table,
    planner_table,
    said,
    saving_table,
    step_rows,
    step_table,
    verdict_table,
    verdicts,
    vintages_of,
)  # fmt: skip
from dryline.studies.planning.claims import boundary_table
from dryline.studies.planning.comparison import Comparison
from dryline.studies.planning.cost import KINDS as COST_KINDS
from dryline.studies.planning.cost import cost
from dryline.studies.planning.figures import prices_with, site_with
from dryline.studies.planning.inputs import SI_UNITS, TAGS, Input
from dryline.studies.planning.outcomes import COST_CLAIM, ENERGY_CLAIM, Key
from dryline.studies.planning.pictures import Swinging, stacked_bars, tornado_picture, waterfall
from dryline.studies.planning.planner import Answers
from dryline.studies.planning.question import UNKNOWN
from dryline.studies.planning.sensitivity import CERTAIN, Turn
from dryline.studies.tables import Cell, Table

SHOWN = 10
"""Inputs that a tornado shows."""
PERCENT = 100.0


def page(found: Sequence[tuple[Comparison, Answers]], recorded: Any = None) -> str:
    """The page as HTML text."""
    names = [made.question.cathode.line.name for made, _ in found]
    sections = [("claims", "The three claims", _claims(found))]
    for made, planner in found:
        name = made.question.cathode.line.name
        sections.append((f"{name}-figures", f"{made.question.chemistry}: savings by boundary", _figures(made)))
        sections.append((f"{name}-steps", f"{made.question.chemistry}: where energy and money go", _steps(made)))
        sections.append((f"{name}-hangs", f"{made.question.chemistry}: what it hangs on", _hangs(made)))
        sections.append((f"{name}-planner", f"{made.question.chemistry}: a planner's answers", _planner(planner)))
        sections.append((f"{name}-material", f"{made.question.chemistry}: material side and surroundings", _surroundings(made)))
    if recorded is not None:
        sections.append(("run", "Energy of a recorded run", recorded.table().html()))
    sections.append(("published", "Published claims and their boundaries", _published()))
    sections.append(("inputs", "Inputs, prices and rules", _inputs(found)))
    title = f"dry against wet: {', '.join(names)}"
    links = "".join(f'<a href="#{key}">{html(name)}</a>' for key, name, _ in sections)
    bodies = "".join(f'<section id="{key}"><h2>{html(name)}</h2>{body}</section>' for key, name, body in sections)
    css = files("dryline.records.report").joinpath("page.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Dryline: {html(title)}</title><style>{css}</style></head><body>"
        f'<header><p>Dryline comparison</p><h1>{html(title)}</h1><nav aria-label="Sections">{links}</nav></header>'
        f"<main>{bodies}</main></body></html>\n"
    )


def _claims(found: Sequence[tuple[Comparison, Answers]]) -> Html:
    parts = []
    for made, _ in found:
        head = f"<h3>{html(made.question.chemistry)}</h3><p>{html(verdicts(made)[0])}</p>"
        parts.append(f"{head}{verdict_table(made).html()}")
    note = (
        "A claim holds where at least 90 % of the samples of both sets of priors meet it, does not hold where at most 10 % of "
        "both do, is likely where at least half of both do, and open otherwise. Two probabilities stand beside each other: of "
        "sourced priors, in which only inputs with a published range vary, and of estimates, in which every input varies "
        "uniformly over a range that describes ignorance, not plants. No saving is put in."
    )
    return Html("".join(parts) + f"<p>{html(note)}</p>")


def _figures(made: Comparison) -> Html:
    cases = ("cathode_only", "both")
    tables = saving_table(made, "energy", cases).html() + saving_table(made, "cost", cases).html()
    return Html(tables + f'<div class="grid">{_curves(made, "energy")}{_curves(made, "cost")}</div>')


def _curves(made: Comparison, kind: str) -> Html:
    """Probability that the saving is at least so much, both electrodes dry, by boundary, against the best wet line."""
    vintage = [name for name in vintages_of(made) if name != UNKNOWN][-1]
    claim = ENERGY_CLAIM if kind == "energy" else COST_CLAIM
    boundaries = [key.boundary for key in made.centre if key.kind == kind and key.case == "both" and key.vintage == vintage]
    series = []
    shown = boundaries[:3] if kind == "energy" else [boundaries[0], *boundaries[2:]]
    for style, boundary in enumerate(shown, 1):
        values = made.priors["estimates"].curves[Key("both", kind, boundary, vintage)]  # type: ignore[arg-type]
        share = PERCENT * (1.0 - (np.arange(values.size) + 0.5) / values.size)
        series.append(Series(said(boundary), PERCENT * values, share, style))
    title = f"Probability [%] that {kind} saved is at least so much, against {said(vintage)}, estimates"
    series.append(Series(f"claim {PERCENT * claim:.0f} %", np.full(2, PERCENT * claim), np.array([0.0, 100.0]), 4))
    return chart(title, f"{kind} saved [%]", series, y_range=(0.0, 100.0))


def _steps(made: Comparison) -> Html:
    lines = made.lines
    vintages = [name for name in vintages_of(made) if name != UNKNOWN]
    bars = []
    for name in ("cathode", "anode"):
        bars.append((f"dry {name}", [(step, sum(parts.values())) for step, parts in step_rows(lines.dry[name])]))
        for vintage in vintages:
            own = [(step, sum(parts.values())) for step, parts in step_rows(lines.wet[vintage][name])]
            bars.append((f"wet {name}, {said(vintage)}", own))
    pictures = [stacked_bars("Final energy by step", "kWh per kWh of good cells", bars, 2)]
    last = vintages[-1]
    wet, dry = (
        _summed([(step, sum(parts.values())) for name in ("cathode", "anode") for step, parts in step_rows(pair[name])])
        for pair in (lines.wet[last], lines.dry)
    )
    pictures.append(_waterfall(f"From wet ({said(last)}) to dry, both electrodes: energy", "kWh per kWh of good cells", wet, dry))
    pictures.append(_cost_bars(made, vintages))
    wet_cost, dry_cost = (_kinds(made, pair, active=False) for pair in (lines.wet[last], lines.dry))
    unit = f"{made.question.site.currency} per kWh of good cells"
    title = f"From wet ({said(last)}) to dry, both electrodes: cost without active material"
    pictures.append(_waterfall(title, unit, wet_cost, dry_cost))
    framed = "".join(f'<div style="max-width:1100px">{picture}</div>' for picture in pictures)
    tables = "".join(
        step_table(name, line).html()
        for name, line in (
            ("Dry cathode", lines.dry["cathode"]), ("Dry anode", lines.dry["anode"]),
            (f"Wet cathode, {said(last)}", lines.wet[last]["cathode"]), (f"Wet anode, {said(last)}", lines.wet[last]["anode"]),
        )
    )  # fmt: skip
    return Html(framed + apart_table(made).html() + tables)


def _summed(rows: Sequence[tuple[str, float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, value in rows:
        found[name] = found.get(name, 0.0) + value
    return found


def _waterfall(title: str, unit: str, wet: dict[str, float], dry: dict[str, float]) -> Html:
    """From wet to dry through the parts that change."""
    changes = [(name, dry.get(name, 0.0) - wet.get(name, 0.0)) for name in dict.fromkeys((*wet, *dry))]
    whole = sum(wet.values())
    shown = [(name, change) for name, change in changes if abs(change) > 1e-4 * whole]
    rest = sum(change for name, change in changes if abs(change) <= 1e-4 * whole)
    if rest:
        shown.append(("other", rest))
    return waterfall(title, unit, ("wet", whole), sorted(shown, key=lambda one: one[1]), "dry")


def _kinds(made: Comparison, pair: Any, *, active: bool = True) -> dict[str, float]:
    """Cost of both electrodes by kind per kWh, with the active material or without."""
    site, prices = site_with(made.question, made.values), prices_with(made.question, made.values, made.lines)
    found = {str(kind): 0.0 for kind in COST_KINDS}
    for line in pair.values():
        costing = cost(line, site, prices, made.basis)
        for item in costing.items:
            if active or item.group != "active":
                found[item.kind] += float(np.mean(item.money / costing.good_energy)) * 3.6e6
    return found


def _cost_bars(made: Comparison, vintages: Sequence[str]) -> Html:
    bars = [("dry, both electrodes", list(_kinds(made, made.lines.dry).items()))]
    bars += [(f"wet, {said(vintage)}", list(_kinds(made, made.lines.wet[vintage]).items())) for vintage in vintages]
    return stacked_bars("Cost of both electrodes by kind", f"{made.question.site.currency} per kWh of good cells", bars, 2)


def _hangs(made: Comparison) -> Html:
    parts = []
    vintage = [name for name in vintages_of(made) if name != UNKNOWN][-1]
    inputs = {one.name: one for one in made.question.inputs}
    for key, swings in made.swings.items():
        if key.vintage != vintage:
            continue
        claim = ENERGY_CLAIM if key.kind == "energy" else COST_CLAIM
        rows = [
            Swinging(said(one.name), _shown(inputs[one.name], one.low_input), _shown(inputs[one.name], one.high_input),
                     PERCENT * one.low, PERCENT * one.high)
            for one in swings[:SHOWN]
        ]  # fmt: skip
        title = f"{key.kind.capitalize()} saved, {said(key.boundary)}, both dry, against {said(vintage)}: one input at a time"
        centre = PERCENT * float(np.mean(made.centre[key].saving))
        parts.append(f'<div style="max-width:1100px">{tornado_picture(title, "% saved", centre, rows, PERCENT * claim)}</div>')
    parts.append(_turns(made).html())
    parts.append(_shares(made).html())
    return Html("".join(parts))


def _shown(one: Input, value: float) -> str:
    """A value of an input in the unit of its table."""
    if one.unit == "K":
        return f"{value - 273.15:.0f} °C"
    scale = {"kWh/kg": 3.6e6, "kW": 1e3}.get(one.unit, 1.0)
    unit = "" if SI_UNITS[one.unit] == "1" and one.unit == "1" else f" {one.unit.replace('**2', '²')}"
    if one.name == "exhaust_solvent":
        return f"{1e6 * value:.0f} ppm"
    return f"{value / scale:.3g}{unit}"


def _turns(made: Comparison) -> Table:
    inputs = {one.name: one for one in made.question.inputs}
    names = list(dict.fromkeys(turn.name for turns in made.turns.values() for turn in turns))
    rows: list[tuple[Cell, ...]] = []
    for key, turns in made.turns.items():
        if not any(np.isfinite(turn.value) for turn in turns):
            continue
        by_name = {turn.name: turn for turn in turns}
        cells = (_turn_words(inputs[name], by_name[name]) for name in names)
        rows.append((key.kind, said(key.boundary), said(key.vintage), *cells))
    head = ("claim", "boundary", "wet reference", *(said(name) for name in names))
    caption = "Where a claim turns: one input at which it just holds, others at their centre; rows that nothing turns left out"
    return Table(caption, head, tuple(rows), words=len(head))


def _turn_words(one: Input, turn: Turn) -> str:
    if not np.isfinite(turn.value):
        return "always" if turn.always else "never"
    return f"{'above' if turn.above else 'below'} {_shown(one, turn.value)}"


def _shares(made: Comparison) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for key in made.swings:
        for name, share in list(made.priors["estimates"].shares[key].items())[:5]:
            if not share >= CERTAIN:
                continue
            rows.append((key.kind, said(key.boundary), said(key.vintage), said(name), (PERCENT * share, 0)))
    head = ("figure", "boundary", "wet reference", "input", "share of variance %")
    return Table("What the spread of the savings comes from (first-order Sobol indices, estimates)", head, tuple(rows), words=4)


def _planner(planner: Answers) -> Html:
    tables = planner_table(planner).html() + loss_table(planner).html()
    series = []
    for style, (name, curve) in enumerate(planner.ramp_up.items(), 1):
        series.append(Series(f"{name} line", curve.month, curve.energy / 3.6e12 * 1e3, style))
    picture = chart("Ramp-up: good cells a month [MWh]", "month", series, note="OEE from 50 %, scrap from 25 %, assumed")
    return Html(tables + picture)


def _surroundings(made: Comparison) -> Html:
    note = (
        "Binder, solvent make-up and foil stand here because they are no saving of the machine: a thicker electrode saves foil, "
        "wet or dry."
    )
    return Html(material_table(made).html() + f"<p>{html(note)}</p>" + environment_table(made).html() + carbon_table(made).html())


def _published() -> Html:
    rows: list[tuple[Cell, ...]] = []
    for one in boundary_table():
        claim = one.claim
        against = ", ".join(said(boundary) for boundary in one.boundaries) or "nothing that is computed here"
        rows.append(
            (
                claim.who.replace("_", " "),
                claim.date,
                said(claim.quantity),
                f"{claim.text} {claim.unit}",
                one.said,
                against,
                claim.source,
            )
        )
    head = ("who", "date", "of what", "claim", "boundary", "held against", "source")
    return Table("Published claims of dry lines", head, tuple(rows), words=len(head)).html()


def _inputs(found: Sequence[tuple[Comparison, Answers]]) -> Html:
    parts = []
    for made, _ in found:
        question = made.question
        rows: list[tuple[Cell, ...]] = []
        for one in question.inputs:
            centre = made.values.get(one.name)
            sourced = "–" if one.sourced is None else f"{_shown(one, one.sourced[0])} to {_shown(one, one.sourced[1])}"
            rows.append(
                (
                    said(one.name), one.about, "of the line, site or vintage" if centre is None else _shown(one, centre),
                    f"{_shown(one, one.low)} to {_shown(one, one.high)}", sourced, TAGS[one.tag], one.source,
                )
            )  # fmt: skip
        head = ("input", "what it is", "centre", "estimates", "sourced range", "tag", "source")
        parts.append(Table(f"Inputs of {question.chemistry}", head, tuple(rows), words=len(head)).html())
    site = found[0][0].question.site
    rows = [(note.name.replace("_", " "), note.text, note.date, note.source) for note in site.notes]
    parts.append(
        Table(f"Prices and figures of the site {site.name}", ("what", "figure", "date", "source"), tuple(rows), words=4).html()
    )
    for made, _ in found:
        for name, sampled in made.priors.items():
            refused = ", ".join(f"{limit} {count}" for limit, count in sampled.refused.most_common()) or "none"
            words = (
                f"{made.question.chemistry}, {name}: {sampled.samples} samples, seed {made.seed}; the set-up model was called "
                f"{sampled.calls} times; {sampled.used} samples are feasible on both lines (refused by: {refused})."
            )
            parts.append(Html(f"<p>{html(words)}</p>"))
    running = number(float(np.mean(found[0][0].lines.dry["cathode"].calendar.run)) / 3600.0, 0)
    rules = (
        f"Wet and dry lines have the same {running} h of running, the same yields unless an input says otherwise, the same hall "
        "per floor, the same width, speed and electrode."
    )
    parts.append(Html(f"<p>{html(rules)}</p>"))
    return Html("".join(parts))
