"""`dryline tags`: every signal at the door of a line."""

from __future__ import annotations

import json as json_text
from dataclasses import asdict
from typing import Annotated

import typer


def tags(
    line: Annotated[str, typer.Argument(metavar="LINE", help="Shipped line (see dryline lines) or a YAML file.")] = "lfp-cathode",
    find: Annotated[str, typer.Option(help="Only paths that contain this text.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """List the tags of a line: path, unit, shape, range, access and description."""
    from dryline.commands.words import refuse
    from dryline.line.load import InputError, load_line
    from dryline.line.tags import commands_of, readings_of, truth_of

    try:
        loaded = load_line(line).line
    except InputError as error:
        refuse(error)
    found = [t for table in (commands_of(loaded), readings_of(loaded), truth_of(loaded)) for t in table.tags if find in t.path]
    if json:
        typer.echo(json_text.dumps([asdict(tag) for tag in found], indent=2))
        return
    for tag in found:
        size = f"[{tag.size}]" if tag.shape else ""
        typer.echo(f"{tag.access:5s} {tag.path + size:42s} {tag.unit:8s} {tag.low:g} .. {tag.high:g}  {tag.description}")
