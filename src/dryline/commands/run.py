"""`dryline run`: set up a line, start it, make electrode of a given length, stop, and leave a run folder with a report."""

from __future__ import annotations

import json as json_text
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from dryline.control.loop import Step
    from dryline.records.recorder import Recorder
    from dryline.twin.machine import TwinMachine

TOO_LONG = 3.0
"""A run that has made so many times the asked length of product without enough good web stops."""
START_UP = 1000.0
"""Web beyond that [m] after which a line that makes no product is given up (assumed)."""
BOOKS = 50
"""Web and accounts are handed to the recorder every so many ticks."""
DEFAULT_LENGTH = "500 m"
PATIENCE = 3600.0
"""A line that winds nothing for this plant time [s] is given up."""


def run(
    line: Annotated[str, typer.Argument(help="Shipped line or a YAML file.")] = "lfp-cathode",
    recipe: Annotated[str | None, typer.Option(help="Recipe instead of the line's own: a name or a YAML file.")] = None,
    length: Annotated[str | None, typer.Option(help="Length of good electrode to make, e.g. 500m.")] = None,
    duration: Annotated[str | None, typer.Option(help="Plant time to run instead, e.g. 2h.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of disturbances and machine.", min=0, max=2**62)] = 1,
    setting: Annotated[list[str] | None, typer.Option("--set", help="path=value in the line, may be repeated.")] = None,
    disturbances: Annotated[str, typer.Option(help="reference, none or a YAML file.")] = "reference",
    full_rate: Annotated[bool, typer.Option("--full-rate", help="Lanes in every step, 1 mm cells (slow).")] = False,
    cold: Annotated[bool, typer.Option("--cold", help="Start with cold rolls.")] = False,
    out: Annotated[Path | None, typer.Option(help="Run folder (new or empty).", show_default="runs/<line>-<time>")] = None,
    chunk: Annotated[int, typer.Option(help="Ticks between two hand-overs to the records.", min=1, max=10_000)] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Run a line on its twin and record it: set up, start, make electrode, stop, report."""
    from dryline.commands.words import length_of, refuse, time_of
    from dryline.line.load import InputError, dump_line, load_line
    from dryline.line.setup import Infeasible

    try:
        wanted = length_of(length or DEFAULT_LENGTH, "--length")
        plant_time = time_of(duration, "--duration") if duration else None
        if length and duration:
            raise InputError("--duration", None, "", "cannot go with --length; give one of them")
        loaded = load_line(line, recipe, disturbances, setting or [])
    except InputError as error:
        refuse(error)
    from dryline.control.controller import Controller
    from dryline.control.parameters import Parameters
    from dryline.records.historian import Tables
    from dryline.records.order import order_of
    from dryline.records.recorder import Recorder
    from dryline.records.run_folder import RecordError
    from dryline.setup.operating_point import set_up
    from dryline.twin.machine import TwinMachine

    try:
        setup = set_up(loaded.line, loaded.recipe)
    except (Infeasible, ValueError) as error:
        typer.echo(f"run: {loaded.line.name}: {error}", err=True)
        raise typer.Exit(1) from error
    order = order_of(loaded.line, loaded.recipe, setup)
    path = out or Path("runs") / f"{loaded.line.name}-{datetime.now():%Y%m%d-%H%M%S}"
    parameters = Parameters()
    tolerances = replace(
        parameters.product, areal_tolerance=order.areal_tolerance, thickness_tolerance=order.thickness_tolerance
    )
    controller = Controller(loaded.line, setup, replace(parameters, product=tolerances))
    machine = TwinMachine(loaded.line, loaded.recipe, setup, loaded.disturbances, seed, full=full_rate, cold=cold)
    inputs = {"line": loaded.line_source, "recipe": loaded.recipe_source, "disturbances": disturbances,
              "settings": setting or [], "full_rate": full_rate, "cold": cold}  # fmt: skip
    try:
        recorder = Recorder.start(
            path, order=order, set_up=setup, tables=Tables(machine.commands, machine.readings, machine.truth_tags),
            seed=seed, command_line=tuple(sys.argv[1:]), inputs=inputs, line_yaml=dump_line(loaded.line),
        )  # fmt: skip
    except (RecordError, OSError) as error:
        typer.echo(f"run: {error}", err=True)
        raise typer.Exit(2 if isinstance(error, RecordError) else 1) from error
    status, reason, summary = _record(machine, controller, recorder, wanted, plant_time, chunk, order, quiet=json)
    _tell(status, reason, summary, path, json)
    if status != "finished":
        raise typer.Exit(1)


def _record(
    machine: TwinMachine, controller: Any, recorder: Recorder, wanted: float, plant_time: float | None, chunk: int,
    order: Any, *, quiet: bool,
) -> tuple[str, str, dict[str, Any]]:  # fmt: skip
    """Close the loop and record every tick until the work is done; returns status, reason and summary."""
    from dryline.control.loop import run as loop
    from dryline.control.sequence import Order, State
    from dryline.line.clock import VirtualClock
    from dryline.records.rollmap import good_metres
    from dryline.records.run_folder import FolderFull

    good = wound = product = 0.0
    asked = False
    status, reason = "finished", ""
    last = 0.0

    def hand_over(time: float, state: int, *, end: bool = False) -> None:
        nonlocal good, wound, product
        batch = machine.finished_web(last=end)
        if batch is not None:
            batch = replace(batch, state=batch.state + state)
            good += float(batch.length[good_metres(batch, order)].sum())
            wound += float(batch.length.sum())
            product += float(batch.length[batch.product].sum())
            recorder.web(batch)
        recorder.accounts(time, machine.accounts())

    def requests(step: Step) -> tuple[Any, ...]:
        nonlocal asked, status, reason
        time = step.readings.time
        enough = time >= plant_time if plant_time is not None else good >= wanted
        if asked:
            return ()
        if enough:
            asked = True
        elif plant_time is None and (product >= TOO_LONG * wanted or wound >= TOO_LONG * wanted + START_UP):
            asked, status = True, "failed"
            reason = f"{wound:.0f} m wound, {product:.0f} m as product, but only {good:.0f} m of {wanted:.0f} m good"
        elif plant_time is None and wound == 0.0 and time > PATIENCE:
            asked, status, reason = True, "failed", "the line winds nothing; see the events"
        return (Order.COMPLETE,) if asked else ()

    try:
        recorder.accounts(0.0, machine.accounts())
        with _progress(wanted if plant_time is None else plant_time, quiet) as show:
            waiting: list[tuple[Step, Any]] = []
            for n, step in enumerate(loop(machine, controller, VirtualClock(), requests=requests)):
                last, state = step.readings.time, int(step.state.sequence.state)
                waiting.append((step, machine.truth.copy()))
                ended = state in (State.COMPLETED, State.STOPPED, State.HELD, State.ABORTED) and n > 10
                books = (n + 1) % BOOKS == 0 or ended
                if len(waiting) >= chunk or books:
                    for held, truth in waiting:
                        own = int(held.state.sequence.state)
                        recorder.tick(held.readings.time, held.commands, held.readings, truth, own)
                        for event in held.state.events:
                            recorder.event(*event)
                    waiting.clear()
                if books:
                    hand_over(last, state, end=ended)
                    show(good if plant_time is None else last)
                if ended:
                    if state in (State.HELD, State.ABORTED):
                        status, reason = "failed", step.state.sequence.reason or "the line was stopped by an alarm"
                    break
    except KeyboardInterrupt:
        status, reason = "interrupted", f"interrupted at {last:.0f} s of plant time with {good:.0f} m good"
    except FolderFull as error:
        status, reason = "failed", str(error)
    return status, reason, recorder.close(status, reason)


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


def _tell(status: str, reason: str, summary: dict[str, Any], path: Path, json: bool) -> None:
    if json:
        typer.echo(json_text.dumps(summary, indent=2, ensure_ascii=False))
    else:
        made, balance = summary["run"], summary["mass_balance"]
        typer.echo(
            f"{made['line']}: {made['good_m']:.0f} m good of {made['wound_m']:.0f} m wound in {made['simulated_s']:.0f} s of "
            f"plant time; {made['wall_s']:.1f} s wall time, {made['realtime_factor']:.0f} x real time"
        )
        typer.echo(
            f"mass closes to {balance['worst_relative_error']:.1e}; capacity {summary['capacity']['gwh_per_year']:.1f} "
            f"GWh/year; {summary['energy']['kWh_per_kg'] or float('nan'):.3f} kWh/kg"
        )
        typer.echo(f"report: {path / 'report.html'}")
    if status != "finished":
        typer.echo(f"run {status}: {reason}; {path} holds what was made until then", err=True)
