"""`dryline lines`: the shipped lines."""

from __future__ import annotations

import json as json_text
from typing import Annotated

import typer


def lines(json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False) -> None:
    """List the shipped lines with recipe, width, speed and number of nips."""
    from dryline.line.load import load_line, names

    rows = []
    for name in names("lines"):
        line = load_line(name).line
        rows.append(
            {"name": name, "recipe": line.recipe, "film_width_m": line.web.film_width, "speed_m_s": line.speed,
             "nips": len(line.nips), "description": line.description}
        )  # fmt: skip
    if json:
        typer.echo(json_text.dumps(rows, indent=2))
        return
    for row in rows:
        typer.echo(
            f"{row['name']:20s} {1e3 * float(str(row['film_width_m'])):.0f} mm, {60 * float(str(row['speed_m_s'])):.0f} m/min, "
            f"{row['nips']} nips: {row['description']}"
        )
