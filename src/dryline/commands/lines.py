"""`dryline lines`: the shipped lines."""

from __future__ import annotations

import json as json_text
from typing import Annotated, Any

import typer


def lines(json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False) -> None:
    """List the shipped lines with recipe, width, speed, number of nips, capacity and whether they are feasible."""
    from dryline.line.load import names
    from dryline.records.capacity import shown_capacity

    rows = [_row(name) for name in names("lines")]
    if json:
        typer.echo(json_text.dumps(rows, indent=2, ensure_ascii=False))
        return
    width = max(len(row["name"]) for row in rows)
    for row in rows:
        class_ = f"not feasible ({row['binding_limit']})"
        if row["feasible"]:
            figure, unit = shown_capacity(row["gwh_per_year"], row["m2_per_year"])
            class_ = f"{figure:.1f} {unit}"
        typer.echo(
            f"{row['name']:{width}s} {1e3 * row['film_width_m']:.0f} mm, {60 * row['speed_m_s']:.0f} m/min, "
            f"{row['nips']} nips, {class_}: {row['description']}"
        )


def _row(name: str) -> dict[str, Any]:
    """What the list says of a line; the operating point is that of its own recipe."""
    from dryline.line.load import load_line
    from dryline.line.setup import Infeasible
    from dryline.records.capacity import capacity
    from dryline.records.order import order_of
    from dryline.setup.operating_point import set_up

    loaded = load_line(name)
    line, recipe = loaded.line, loaded.recipe
    row: dict[str, Any] = {
        "name": name, "description": line.description, "recipe": line.recipe, "chemistry": recipe.chemistry,
        "sides": [side for side in dict.fromkeys(nip.side for nip in line.nips) if side != "AB"], "nips": len(line.nips),
        "film_width_m": line.web.film_width, "speed_m_s": line.speed, "gwh_per_year": None, "m2_per_year": None, "feasible": True,
        "binding_limit": None,
    }  # fmt: skip
    try:
        found = capacity(order_of(line, recipe, set_up(line, recipe)))
        row["gwh_per_year"], row["m2_per_year"] = found.gwh_per_year, found.m2_per_year
    except Infeasible as refused:
        row["feasible"], row["binding_limit"] = False, f"{refused.limit} at {refused.station}"
    return row
