"""`dryline bump LINE LOOP`: bump test of a loop on the twin, beside the model that control is configured with."""

from __future__ import annotations

import json as json_text
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from dryline.studies.bump_test import BumpTest


def bump(
    line: Annotated[str, typer.Argument(metavar="LINE", help="Shipped line (see dryline lines) or a YAML file.")],
    loop: Annotated[str, typer.Argument(metavar="LOOP", help="Name of a loop (see dryline loops).")],
    size: Annotated[float | None, typer.Option(help="Height of the steps, SI unit of the output.", show_default="noise")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the disturbances.", min=0, max=2**62)] = 1,
    time: Annotated[float, typer.Option(help="Length of each step [s].", min=10.0, max=3600.0)] = 60.0,
    recipe: Annotated[str | None, typer.Option(help="Recipe instead of the line's own: a name or a YAML file.")] = None,
    setting: Annotated[list[str] | None, typer.Option("--set", help="path=value in the line, may be repeated.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print as JSON, SI units.")] = False,
) -> None:
    """Bump a loop on the twin and identify gain, delay and lag from the readings, beside the configured model."""
    from dryline.commands.words import feasible, refuse
    from dryline.control.modes import ModeError
    from dryline.line.load import InputError, load_line
    from dryline.studies.bump_test import bump_test

    try:
        loaded = load_line(line, recipe, "reference", setting or [])
    except InputError as error:
        refuse(error)
    found = feasible("bump", loaded)
    try:
        result = bump_test(loaded, found, loop, size=size, seed=seed, time=time)
    except ModeError as error:
        refuse(error)
    except RuntimeError as error:
        typer.echo(f"bump: {error}", err=True)
        raise typer.Exit(1) from error
    if json:
        typer.echo(json_text.dumps(values(result), indent=2, ensure_ascii=False))
        return
    for text in told(result):
        typer.echo(text)


def values(result: BumpTest) -> dict[str, Any]:
    """The result in SI units."""
    return {
        "line": result.line, "loop": result.loop, "seed": result.seed, "step_time_s": result.time, "size": result.size,
        "unit": result.unit, "cut_by_range": result.cut, "noise": result.noise, "measured_unit": result.seen,
        "figures": [
            {
                "name": one.name, "unit": one.unit, "identified": one.found.value, "standard_error": one.found.error,
                "configured": one.configured, "ratio": one.ratio, "agrees": one.agrees,
            }
            for one in result.figures
        ],
    }  # fmt: skip


def told(result: BumpTest) -> list[str]:
    """The result as lines of text."""
    cut = " (as far as the range lets it)" if result.cut else ""
    lines = [
        f"{result.loop} of {result.line}: up, down and back by {result.size:.3g} {result.unit}{cut}, {result.time:.0f} s each, "
        f"seed {result.seed}; noise {result.noise:.3g} {result.seen}",
        f"  {'':15}{'identified':>12} {'std. error':>11} {'configured':>12} {'ratio':>7}",
    ]
    for one in result.figures:
        verdict = {True: "agrees", False: "does not agree", None: ""}[one.agrees]
        ratio = "-" if one.ratio is None else f"{one.ratio:.3f}"
        lines.append(
            f"  {one.name:15}{one.found.value:12.5g} {one.found.error:11.2g} {one.configured:12.5g} {ratio:>7} {one.unit}"
            f"{'  ' if verdict else ''}{verdict}"
        )
    return lines
