"""`dryline loops LINE`: the loops of a line at its set-up, with their nominal figures."""

from __future__ import annotations

import json as json_text
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from dryline.control.modes import Loop


def loops(
    line: Annotated[str, typer.Argument(metavar="LINE", help="Shipped line (see dryline lines) or a YAML file.")] = "lfp-cathode",
    recipe: Annotated[str | None, typer.Option(help="Recipe instead of the line's own: a name or a YAML file.")] = None,
    setting: Annotated[list[str] | None, typer.Option("--set", help="path=value in the line, may be repeated.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print as JSON, SI units.")] = False,
) -> None:
    """List the loops of a line: mode, what they measure and move, range, gain, delay, closed-loop length, limit."""
    from dryline.commands.words import feasible, refuse
    from dryline.control.controller import Controller
    from dryline.line.load import InputError, load_line

    try:
        loaded = load_line(line, recipe, "none", setting or [])
    except InputError as error:
        refuse(error)
    found = feasible("loops", loaded)
    rows = [row(loop, found.speed) for loop in Controller(loaded.line, found).loops]
    if json:
        typer.echo(json_text.dumps(rows, indent=2, ensure_ascii=False))
        return
    for text in table(rows):
        typer.echo(text)


def row(loop: Loop, speed: float) -> dict[str, Any]:
    """Figures of a loop at a rated `speed` [m/s], SI units; None where there is none."""
    moves = loop.output_at is not None
    return {
        "name": loop.name, "mode": loop.closed, "measures": loop.measures, "measured_unit": loop.seen, "moves": loop.moves,
        "unit": loop.unit, "low": loop.low if moves else None, "high": loop.high if moves else None, "gain": loop.gain,
        "delay_m": loop.delay, "delay_s": loop.delay / speed, "lag_s": loop.lag + loop.sampling,
        "closed_loop_length_m": _finite(loop), "limit": loop.bound,
    }  # fmt: skip


def _finite(loop: Loop) -> float | None:
    """Closed-loop length; None where a filter decides or the loop is never closed."""
    length = loop.closed_loop_length
    return None if length is None or loop.closed == "manual" or not isfinite(length) else length


def table(rows: list[dict[str, Any]]) -> list[str]:
    """The list as lines of text."""
    def number(value: float | None, digits: int = 4) -> str:
        return "-" if value is None else f"{value:.{digits}g}"

    head = ("loop", "mode", "measures", "moves", "range", "unit", "gain", "delay m", "s", "closed m", "limit")
    lines = [head]
    for one in rows:
        span = f"{number(one['low'])} .. {number(one['high'])}" if one["low"] is not None else "-"
        lines.append(
            (
                one["name"], one["mode"], one["measures"], one["moves"], span, one["unit"], number(one["gain"]),
                number(one["delay_m"], 3), number(one["delay_s"], 3), number(one["closed_loop_length_m"], 3), one["limit"],
            )
        )  # fmt: skip
    widths = [max(len(line[k]) for line in lines) for k in range(len(head))]
    return ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in lines]
