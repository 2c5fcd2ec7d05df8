"""How a command refuses wrong use."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from dryline.line.load import InputError


def refuse(error: InputError) -> NoReturn:
    """Print what is wrong with the input and leave with exit code 2."""
    typer.echo(f"dryline: {error}", err=True)
    raise typer.Exit(2)
