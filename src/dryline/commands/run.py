"""`dryline run`: set up a line, start it, make electrode of a given length, stop, and leave a run folder with a report."""

from __future__ import annotations

import json as json_text
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

LONG = 3600.0
"""Plant time [s] from which a run prints where its time and its metres went."""


def run(
    line: Annotated[str, typer.Argument(metavar="LINE", help="Shipped line (see dryline lines) or a YAML file.")] = "lfp-cathode",
    recipe: Annotated[str | None, typer.Option(help="Recipe instead of the line's own: a name or a YAML file.")] = None,
    length: Annotated[str | None, typer.Option(show_default="500m", help="Length of good electrode to make, e.g. 500m.")] = None,
    duration: Annotated[str | None, typer.Option(help="Plant time to run instead, e.g. 2h.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the disturbances.", min=0, max=2**62)] = 1,
    machine_seed: Annotated[
        int | None, typer.Option(help="Seed of the machine's hidden truths.", show_default="the seed", min=0, max=2**62)
    ] = None,
    setting: Annotated[list[str] | None, typer.Option("--set", help="path=value in the line, may be repeated.")] = None,
    disturbances: Annotated[str, typer.Option(help="reference, none or a YAML file.")] = "reference",
    full_rate: Annotated[bool, typer.Option("--full-rate", help="Cells of 1 mm (slow).")] = False,
    cold: Annotated[bool, typer.Option("--cold", help="Start with cold rolls.")] = False,
    out: Annotated[Path | None, typer.Option(help="Run folder (new or empty).", show_default="runs/<line>-<time>")] = None,
    chunk: Annotated[int, typer.Option(help="Ticks between two hand-overs to the records.", min=1, max=10_000)] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Run a line on its twin and record it: set up, start, make electrode, stop, report."""
    from dryline.commands.words import refuse
    from dryline.line.load import InputError, load_line
    from dryline.line.setup import Infeasible
    from dryline.session import goal_of, prepare, record, start_recorder

    try:
        goal = goal_of(length, duration, ("--length", "--duration"))
        loaded = load_line(line, recipe, disturbances, setting or [])
    except InputError as error:
        refuse(error)
    from dryline.records.run_folder import RecordError
    from dryline.setup.operating_point import set_up

    try:
        setup = set_up(loaded.line, loaded.recipe)
    except (Infeasible, ValueError) as error:
        typer.echo(f"run: {loaded.line.name}: {error}", err=True)
        raise typer.Exit(1) from error
    for check in setup.warnings:
        typer.echo(f"run: {loaded.line.name}: warning: {check.worded()}", err=True)
    path = out or Path("runs") / f"{loaded.line.name}-{datetime.now():%Y%m%d-%H%M%S}"
    session = prepare(loaded, setup, seed, machine_seed=machine_seed, full_rate=full_rate, cold=cold)
    try:
        recorder = start_recorder(session, path, tuple(sys.argv[1:]))
    except (RecordError, OSError) as error:
        typer.echo(f"run: {error}", err=True)
        raise typer.Exit(2 if isinstance(error, RecordError) else 1) from error
    status, reason, summary = record(session, recorder, goal, chunk=chunk, progress=_progress(goal.amount, quiet=json))
    _tell(status, reason, summary, path, json)
    if status != "finished":
        raise typer.Exit(1)


@contextmanager
def _progress(total: float, quiet: bool) -> Iterator[Any]:
    """A progress bar on a terminal, nothing otherwise."""
    if quiet or not sys.stderr.isatty():
        yield lambda value: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("making electrode", total=total)
        yield lambda value: bar.update(task, completed=min(value, total))


def loss_lines(oee: dict[str, Any]) -> list[str]:
    """Loss tree as lines of text: hours, metres and share of calendar time at rated speed."""
    from dryline.records.oee import tree_rows

    if oee["oee"] is None:
        return []
    names = ("availability", "performance", "quality")
    factors = ", ".join(f"{name} {100.0 * oee[name]:.1f} %" for name in names if oee[name] is not None)
    head = f"OEE {100.0 * oee['oee']:.1f} % ({factors}): where {oee['calendar_s'] / 3600.0:.2f} h went"
    rows = [f"  {'':48}{'h':>9}{'m':>11}{'%':>8}"]
    for row in tree_rows(oee):
        name = f"{'  ' * row.depth}{row.name}"
        name = name if len(name) <= 47 else f"{name[:46]}…"
        rows.append(f"  {name:48}{row.time_s / 3600.0:9.3f}{row.length_m:11.0f}{100.0 * row.share:8.2f}")
    return [head, *rows]


def _tell(status: str, reason: str, summary: dict[str, Any], path: Path, json: bool) -> None:
    from dryline.records.capacity import shown_capacity

    if json:
        typer.echo(json_text.dumps(summary, indent=2, ensure_ascii=False))
    else:
        figure, unit = shown_capacity(summary["capacity"]["gwh_per_year"], summary["capacity"]["m2_per_year"])
        made, balance = summary["run"], summary["mass_balance"]
        typer.echo(
            f"{made['line']}: {made['good_m']:.0f} m good of {made['wound_m']:.0f} m wound in {made['simulated_s']:.0f} s of "
            f"plant time; {made['wall_s']:.1f} s wall time, {made['realtime_factor']:.0f} x real time"
        )
        typer.echo(
            f"mass closes to {balance['worst_relative_error']:.1e}; capacity {figure:.1f} {unit}; "
            f"{summary['energy']['kWh_per_kg'] or float('nan'):.3f} kWh/kg"
        )
        if made["simulated_s"] >= LONG:
            for line in loss_lines(summary["oee"]):
                typer.echo(line)
        typer.echo(f"report: {path / 'report.html'}")
    if status != "finished":
        typer.echo(f"run {status}: {reason}; {path} holds what was made until then", err=True)
