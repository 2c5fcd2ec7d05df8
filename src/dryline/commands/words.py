"""Lengths and times on the command line, and how a command refuses wrong use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

import typer

if TYPE_CHECKING:
    from dryline.line.load import InputError


def refuse(error: InputError) -> NoReturn:
    """Print what is wrong with the input and leave with exit code 2."""
    typer.echo(f"dryline: {error}", err=True)
    raise typer.Exit(2)


def _value(text: str, unit: str, option: str) -> float:
    from dryline.line.load import InputError
    from dryline.line.quantities import si

    spaced = re.sub(r"^\s*([-+0-9.eE]*[0-9.])\s*([A-Za-z].*)$", r"\1 \2", text)
    try:
        value = si(spaced, unit)
    except ValueError as error:
        raise InputError(option, None, "", str(error)) from None
    if not value > 0.0:
        raise InputError(option, None, "", f"{text!r} must be above zero")
    return value


def length_of(text: str, option: str) -> float:
    """Length [m] of a text such as 500m; InputError otherwise."""
    value = _value(text, "m", option)
    if value > 1e6:
        from dryline.line.load import InputError

        raise InputError(option, None, "", f"{text!r} is more than 1000 km; give a shorter length")
    return value


def time_of(text: str, option: str) -> float:
    """Time [s] of a text such as 2h; InputError otherwise."""
    return _value(text, "s", option)
