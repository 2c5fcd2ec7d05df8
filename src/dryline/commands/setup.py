"""`dryline setup LINE`: the operating point of a line for its recipe, its limits, gains and process window."""

from __future__ import annotations

import json as json_text
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from dryline.line.load import LoadedLine
    from dryline.line.setup import Infeasible, LimitCheck, SetUp
    from dryline.setup.sensitivities import Sensitivities
    from dryline.studies.window import Window

KINDS = (".html", ".svg", ".csv")
SHOWN = 3
"""Limits named below the operating point, the tightest ones, each at the station where least is left."""


def setup(
    line: Annotated[str, typer.Argument(metavar="LINE", help="Shipped line (see dryline lines) or a YAML file.")] = "lfp-cathode",
    recipe: Annotated[str | None, typer.Option(help="Recipe instead of the line's own: a name or a YAML file.")] = None,
    setting: Annotated[list[str] | None, typer.Option("--set", help="path=value in the line, may be repeated.")] = None,
    limits: Annotated[bool, typer.Option("--limits", help="Every limit with value, bound and what is left.")] = False,
    gains: Annotated[bool, typer.Option("--gains", help="What a move of each actuator does to the product.")] = False,
    window: Annotated[str | None, typer.Option(help="Two settings to vary, e.g. speed,loading or speed=30:90,porosity.")] = None,
    points: Annotated[int, typer.Option(help="Points of the window along each axis.", min=2, max=300)] = 41,
    out: Annotated[Path | None, typer.Option(help="Write a page (.html), the window (.svg) or a table (.csv).")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print as JSON, SI units.")] = False,
) -> None:
    """Set up a line for its recipe: speeds, gaps, loads, powder side, limits, gains and process window."""
    from dryline.commands.words import refuse
    from dryline.line.load import InputError, load_line
    from dryline.line.setup import Infeasible
    from dryline.setup.operating_point import set_up

    try:
        axes = _wanted(window, out)
        loaded = load_line(line, recipe, "none", setting or [])
        found, refused = None, None
        try:
            found = set_up(loaded.line, loaded.recipe)
        except Infeasible as error:
            refused = error
        moved = _gains(loaded, found, asked=gains, drawn=out is not None and out.suffix == ".html")
        studied = _window(loaded, axes, points)
    except InputError as error:
        refuse(error)
    except ValueError as error:
        typer.echo(f"setup: {loaded.line.name}: {error}", err=True)
        raise typer.Exit(1) from error
    if json:
        from dryline.studies.values import values_of

        values = values_of(loaded, found, refused, moved if gains else None, studied)
        typer.echo(json_text.dumps(values, indent=2, ensure_ascii=False))
    elif found is not None:
        _tell(loaded, found, limits, moved if gains else None)
    if studied is not None and not json:
        _tell_window(studied)
    if out is not None and (found is not None or studied is not None or out.suffix == ".html"):
        _write(out, loaded, found, refused, moved, studied, limits=limits, gains=gains)
        if not json:
            typer.echo(str(out))
    if refused is not None:
        _tell_refused(loaded, refused)
        raise typer.Exit(1) from refused


def _wanted(window: str | None, out: Path | None) -> tuple[str, str] | None:
    """The two axes asked for; InputError where options do not go together."""
    from dryline.line.load import InputError

    if out is not None and out.suffix not in KINDS:
        raise InputError("--out", None, "", f"{str(out)!r} ends with none of {', '.join(KINDS)}; give one of them")
    if out is not None and out.suffix == ".svg" and window is None:
        raise InputError("--out", None, "", "an SVG shows a window; give --window too, or a page (.html)")
    if out is not None and not out.absolute().parent.is_dir():
        raise InputError("--out", None, "", f"there is no folder {str(out.parent)!r}; make it first")
    if window is None:
        return None
    parts = [part.strip() for part in window.split(",")]
    if len(parts) != 2 or not all(parts):
        raise InputError("--window", None, "", f"{window!r} is not two settings; give e.g. speed,loading")
    return parts[0], parts[1]


def _gains(loaded: LoadedLine, found: SetUp | None, *, asked: bool, drawn: bool) -> Sensitivities | None:
    """Gains where they are asked for, or go into a page; a page is drawn without them where the line has none."""
    from dryline.setup.sensitivities import gains_at

    if found is None or not (asked or drawn):
        return None
    try:
        return gains_at(loaded, found)
    except ValueError as error:
        if asked:
            raise
        typer.echo(f"setup: {loaded.line.name}: the page has no gains: {error}", err=True)
        return None


def _window(loaded: LoadedLine, axes: tuple[str, str] | None, points: int) -> Window | None:
    from dryline.studies.window import window

    return window(loaded, *axes, points) if axes is not None else None


def _tell(loaded: LoadedLine, found: SetUp, limits: bool, gains: Sensitivities | None) -> None:
    from dryline.records.report.words import spoken
    from dryline.studies.tables import alike, gain_table, left, limit_table, line_table, nip_table

    nips = nip_table(found)
    typer.echo(f"recipe {found.recipe} on line {found.line}\n")
    typer.echo(line_table(loaded, found).text().partition("\n")[2])
    typer.echo(f"\n{nips.text()}")
    if alike(found):
        typer.echo("side B is set like side A")
    if limits:
        typer.echo(f"\n{limit_table(found.checks).text()}")
    else:
        tightest: dict[str, LimitCheck] = {}
        for check in sorted(found.checks, key=left):
            tightest.setdefault(check.limit, check)
        tight = list(tightest.values())[:SHOWN]
        said = ", ".join(f"{check.limit} at {spoken(check.station)} {100 * left(check):.0f} %" for check in tight)
        typer.echo(f"\n{len(found.checks)} limits hold; least is left of {said}")
    if gains is not None:
        typer.echo(f"\n{gain_table(gains, alike(found)).text()}")
        typer.echo("film, strength and margin are those of the actuator's own side; growth of the rolls is taken out")


def _tell_window(window: Window) -> None:
    from dryline.studies.window import region_words, said_of

    total = window.feasible.size
    x, y = (
        f"{said_of(a)} {a.shown.of(a.values[0]):.4g} to {a.shown.of(a.values[-1]):.4g} {a.shown.unit}".rstrip()
        for a in (window.x, window.y)
    )
    typer.echo(f"\nwindow of {x}, {y}: {100 * int(window.feasible.sum()) / total:.0f} % feasible")
    for (limit, station), count in window.regions().items():
        typer.echo(f"{100 * count / total:5.1f} %  {', '.join(region_words(limit, station))}")


def _write(
    out: Path, loaded: LoadedLine, found: SetUp | None, refused: Infeasible | None, moved: Sensitivities | None,
    window: Window | None, *, limits: bool, gains: bool,
) -> None:  # fmt: skip
    """Write what was asked for; a CSV file holds the window, or else the gains, or else the limits, or else the nips."""
    from dryline.studies.page import page
    from dryline.studies.tables import gain_rows, limit_table, nip_table, window_rows
    from dryline.studies.window_map import picture

    if out.suffix == ".html":
        text = page(loaded, found, refused, moved, window)
    elif window is not None:
        text = picture(window) if out.suffix == ".svg" else window_rows(window).csv()
    elif moved is not None and gains:
        text = gain_rows(moved).csv()
    elif found is not None:
        text = (limit_table(found.checks) if limits else nip_table(found)).csv()
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        typer.echo(f"setup: {out} cannot be written ({error.strerror}); check rights and space", err=True)
        raise typer.Exit(1) from error


def _tell_refused(loaded: LoadedLine, refused: Infeasible) -> None:
    from dryline.studies.tables import limit_table

    typer.echo(f"setup: {loaded.line.name}: {refused}", err=True)
    if len(refused.broken) > 1:
        typer.echo(limit_table(refused.broken).text(), err=True)
