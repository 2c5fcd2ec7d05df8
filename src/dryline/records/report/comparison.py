"""The comparison of two runs: a page with the largest differences, and the same as JSON and CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dryline.records import plant
from dryline.records.compare import MEAN, Comparison, Difference, Half
from dryline.records.report import page
from dryline.records.report.comparison_charts import trend_charts, web_charts
from dryline.records.report.difference import (
    leading,
    names,
    shown,
    shown_difference,
    shown_size,
    shown_spread,
    where,
)
from dryline.records.report.words import NOTHING, Html, duration, html, number, spoken, table
from dryline.records.run_folder import write_bytes

SCHEMA = "dryline-comparison/1"

SHOWN_ROWS = 25
"""Rows of the table of the largest differences."""

def as_json(found: Comparison) -> dict[str, Any]:
    """The comparison as JSON values."""
    return {
        "schema": SCHEMA,
        "one": str(found.one.run.path),
        "other": str(found.other.run.path),
        "compared": {"seconds": found.seconds, "metres": found.metres},
        "stations": {"only_one": list(found.only_one), "only_other": list(found.only_other)},
        "inputs": {key: {"one": a, "other": b} for key, a, b in _inputs(found)},
        "differences": [asdict(row) for row in found.differences],
    }


def as_csv(found: Comparison) -> str:
    """All differences as CSV, SI units."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(Difference.__dataclass_fields__), lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: "" if v is None else v for k, v in asdict(row).items()} for row in found.differences)
    return text.getvalue()


def headline(found: Comparison) -> str:
    """The largest difference in one sentence."""
    rows = leading([row for row in found.of("web", "signal") if row.size])
    if not rows:
        return "The runs do not differ in anything that was compared."
    row = rows[0]
    return f"Largest difference: {where(row)}, {shown_difference(row)}, {shown_size(row)}."


def comparison_page(found: Comparison) -> str:
    """The page as HTML text."""
    one, other = names(found)
    sections = [
        ("result", "Result", _result(found)),
        ("largest", "Largest differences", _largest(found)),
        ("profiles", "Web: profile and course", web_charts(found)),
        ("trends", "Signals over time", trend_charts(found)),
        ("truth", "Hidden truths", _truth(found)),
        ("settings", "Settings", _settings(found)),
        ("all", "All signals", _all(found)),
        ("inputs", "Inputs that differ", _inputs_table(found)),
    ]
    return page("Dryline comparison", f"{one} against {other}", sections)


def _result(found: Comparison) -> Html:
    one, other = names(found)
    words = [
        f"Compared: the first {duration(found.seconds)} of production and {number(found.metres, 0, 'm')} of product of each run. "
        f"A difference is {one} less {other}."
    ]
    for who, stations in ((one, found.only_one), (other, found.only_other)):
        if stations:
            words.append(f"Only {who} has {', '.join(spoken(name) for name in stations)}.")
    cards = [_card(row) for row in found.of("web") if row.place == MEAN and row.tolerance is not None]
    return Html(
        f'<p class="headline">{html(headline(found))}</p><p>{html(" ".join(words))}</p><ul class="cards">{"".join(cards)}</ul>'
    )


def _card(row: Difference) -> str:
    figures = f"{shown(row, row.mean_one)} against {shown(row, row.mean_other)}"
    return (
        f'<li class="plain"><h3>{html(spoken(row.signal).capitalize())}</h3><p class="big">{html(shown_difference(row))}</p>'
        f"<p>{html(figures)}; {html(shown_size(row))}</p></li>"
    )


def _largest(found: Comparison) -> Html:
    rows = leading([row for row in found.of("web", "signal") if row.size])
    note = (
        "Of every signal the mean and the place with the largest difference. Size: difference of the means over the tolerance, "
        "or where there is none over the scatter within the runs. Signals drift: a size of 1 by scatter proves nothing."
    )
    return Html(_table("Largest differences, measured", rows[:SHOWN_ROWS], found) + f'<p class="note">{html(note)}</p>')


def _table(caption: str, rows: list[Difference], found: Comparison) -> Html:
    one, other = names(found)
    cells = [_cells(row) for row in rows]
    if not cells:
        return Html("<p>None.</p>")
    head = ("quantity", one, other, "difference", f"σ {one}", f"σ {other}", "tolerance", "size", "measured by")
    return table(caption, head, cells)


def _cells(row: Difference) -> list[str]:
    means = [shown(row, row.mean_one), shown(row, row.mean_other), shown_difference(row)]
    sigmas = [shown_spread(row, row.sigma_one), shown_spread(row, row.sigma_other)]
    tolerance = NOTHING if row.tolerance is None else f"±{shown_spread(row, row.tolerance)}"
    return [where(row), *means, *sigmas, tolerance, number(row.size, 2), row.measure]


def _truth(found: Comparison) -> Html:
    drawn = {(truth.station, truth.name) for truth in plant.read(found.one.run)}
    rows = leading([row for row in found.of("truth") if row.size is None or row.size > 0.0])
    machine = [row for row in rows if (row.station, row.signal) in drawn]
    moving = [row for row in rows if (row.station, row.signal) not in drawn]
    note = "Only a twin knows these; on a real line they are what is looked for. σ of a machine is that of its kind."
    return Html(
        _table("Drawn once for the machine", machine[:SHOWN_ROWS], found)
        + _table("True signals", moving[:SHOWN_ROWS], found)
        + f'<p class="note">{note}</p>'
    )


def _settings(found: Comparison) -> Html:
    rows = [row for row in found.of("setting", "web") if row.size is None]
    return _table("Constant in both runs and not the same", rows, found)


def _all(found: Comparison) -> Html:
    order = {place.name: i for i, place in enumerate(found.one.order.stations)}
    rows = leading(found.of("web", "signal", "setting"))
    rows.sort(key=lambda row: (order.get(row.station, -1), row.signal, row.place))
    inside = _table("All signals in the order of the line: mean and place of the largest difference", rows, found)
    return Html(f"<details><summary>{len(rows)} rows</summary>{inside}</details>")


def _inputs(found: Comparison) -> list[tuple[str, Any, Any]]:
    """What the runs were made from and is not the same: (name, this run, the other)."""

    def inputs(half: Half) -> dict[str, Any]:
        manifest = half.run.manifest
        return {"seed": manifest["seed"], "recipe": half.order.recipe, "line": half.order.line, **manifest["inputs"]}

    one, other = inputs(found.one), inputs(found.other)
    keys = list(dict.fromkeys([*one, *other]))
    return [(key, one.get(key), other.get(key)) for key in keys if one.get(key) != other.get(key)]


def _inputs_table(found: Comparison) -> Html:
    rows = [[spoken(key), NOTHING if a is None else str(a), NOTHING if b is None else str(b)] for key, a, b in _inputs(found)]
    if not rows:
        return Html("<p>The runs were made from the same inputs.</p>")
    return table("Inputs that are not the same", ("what", *names(found)), rows, words=3)


def write(found: Comparison, path: Path) -> None:
    """Write the page, and its figures as CSV beside it."""
    write_bytes(path, comparison_page(found).encode())
    write_bytes(path.with_suffix(".csv"), as_csv(found).encode())
