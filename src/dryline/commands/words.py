"""How a command refuses wrong use, and a line that cannot run."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from dryline.line.load import LoadedLine
    from dryline.line.setup import SetUp


def refuse(error: Exception) -> NoReturn:
    """Print what is wrong with the input and leave with exit code 2."""
    typer.echo(f"dryline: {error}", err=True)
    raise typer.Exit(2)


def feasible(command: str, loaded: LoadedLine) -> SetUp:
    """Operating point of a line; where there is none, say so and leave with exit code 1."""
    from dryline.line.setup import Infeasible
    from dryline.setup.operating_point import set_up

    try:
        return set_up(loaded.line, loaded.recipe)
    except (Infeasible, ValueError) as error:
        typer.echo(f"{command}: {loaded.line.name}: {error}", err=True)
        raise typer.Exit(1) from error
