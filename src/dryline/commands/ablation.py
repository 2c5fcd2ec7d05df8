"""`dryline ablation LINE...`: what each part of the control is worth, and what it bears, over several seeds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

MOST_SEEDS = 1000
SHORTEST, LONGEST = 0.5, 1440.0
"""Minutes of production that may be asked for."""
SEEDS, MINUTES, WARM_UP = "1,2,3", 20.0, 4.0
QUICK_SEEDS, QUICK_MINUTES, QUICK_WARM_UP, QUICK_SETTINGS = "1", 4.0, 2.0, ("web.lanes=20",)
"""What --quick takes where nothing else is said; its settings come before those of the user."""


def ablation(
    lines: Annotated[
        list[str] | None,
        typer.Argument(metavar="LINE...", help="Shipped lines (see dryline lines) or YAML files.", show_default="lfp-cathode"),
    ] = None,
    seeds: Annotated[str | None, typer.Option(help="Seeds, with commas.", show_default="1,2,3")] = None,
    minutes: Annotated[
        float | None,
        typer.Option(help="Minutes of production that count, each run.", show_default="20", min=SHORTEST, max=LONGEST),
    ] = None,
    warm_up: Annotated[
        float | None, typer.Option(help="Minutes of production before them.", show_default="4", min=0.0, max=LONGEST)
    ] = None,
    arms: Annotated[str | None, typer.Option(help="Arms by name, with commas; * stands for anything.")] = None,
    full: Annotated[bool, typer.Option("--full", help="All arms that can be combined, not one change at a time.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Three arms, one seed, 4 minutes, 20 lanes.")] = False,
    setting: Annotated[list[str] | None, typer.Option("--set", help="path=value in every line, may be repeated.")] = None,
    jobs: Annotated[int | None, typer.Option(help="Processes at once.", show_default="processors", min=1, max=512)] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder; what is done there is not done again.", show_default="runs/ablation-<time>")
    ] = None,
    names: Annotated[bool, typer.Option("--list", help="List the arms and end.")] = False,
) -> None:
    """Run a line under one control after the other, with parts taken away and its model made wrong; table, pictures and page.

    A study that was ended, by Ctrl-C too, goes on when it is given the same folder; runs of the same length stay on its page.
    """
    from dryline.commands.words import refuse
    from dryline.line.load import InputError
    from dryline.studies.ablation import study, tasks, usual_jobs, with_companions
    from dryline.studies.arms import arms as arms_of_grid
    from dryline.studies.arms import named

    try:
        if full and quick:
            raise InputError("--full", None, "", "cannot go with --quick; give one of them")
        grid = arms_of_grid("quick" if quick else "full" if full else "main")
        chosen = grid if arms is None else named([name.strip() for name in arms.split(",")])
        if names:
            for arm in chosen:
                typer.echo(arm.name)
            return
        numbers = _seeds((QUICK_SEEDS if quick else SEEDS) if seeds is None else seeds)
        counted, before = (QUICK_MINUTES, QUICK_WARM_UP) if quick else (MINUTES, WARM_UP)
        counted, before = counted if minutes is None else minutes, before if warm_up is None else warm_up
        settings = [*(QUICK_SETTINGS if quick else ()), *(setting or [])]
        wanted = tasks(list(dict.fromkeys(lines or ["lfp-cathode"])), chosen, numbers, counted, before, settings)
    except InputError as error:
        refuse(error)
    folder = out or Path("runs") / f"ablation-{datetime.now():%Y%m%d-%H%M%S}"
    try:
        records, interrupted = study(wanted, folder, jobs or usual_jobs(), _teller(len(wanted)))
        ended = _tell(with_companions(records, folder), folder)
    except OSError as error:
        typer.echo(f"ablation: {folder} cannot be written ({error.strerror}); check rights and space", err=True)
        raise typer.Exit(1) from error
    if interrupted:
        typer.echo(f"ablation interrupted: {len(records)} of {len(wanted)} done; give --out {folder} to go on", err=True)
    if interrupted or not ended:
        raise typer.Exit(1)


def _seeds(text: str) -> list[int]:
    """Seeds of a text such as "1,2,3"."""
    from dryline.line.load import InputError
    from dryline.session import LARGEST_SEED

    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and len(part) < 20 and int(part) <= LARGEST_SEED for part in parts):
        raise InputError("--seeds", None, "", f"{text[:80]!r} is no list of seeds; give e.g. 1,2,3, each 0 to 2**62")
    if len(parts) > MOST_SEEDS:
        raise InputError("--seeds", None, "", f"{len(parts)} seeds are too many; give at most {MOST_SEEDS}")
    return list(dict.fromkeys(int(part) for part in parts))


def _teller(total: int) -> Callable[[dict[str, Any], bool], None]:
    """Says on standard error what is done."""
    begun, done = time.monotonic(), 0

    def told(record: dict[str, Any], kept: bool) -> None:
        nonlocal done
        done += 1
        name = f"{record['line']} {record['arm']}" + (f", seed {record['seed']}" if record["arm"] != "bounds" else "")
        how = "was there" if kept else record["error"] or f"{time.monotonic() - begun:.0f} s"
        print(f"{done}/{total} {name}: {how}", file=sys.stderr)  # noqa: T201

    return told


def _tell(records: list[dict[str, Any]], folder: Path) -> bool:
    """Print tables and write the files; False where a run failed."""
    from dryline.studies.ablation_claims import claim_table, claims
    from dryline.studies.ablation_page import tables_of, write
    from dryline.studies.ablation_tables import incident_table, lines_of

    for line in lines_of(records):
        for table in tables_of(records, line).values():
            typer.echo(f"{table.caption}\n{table.text()}\n")
    judged = claims(records)
    if judged:
        typer.echo(f"{claim_table(judged).caption}\n{claim_table(judged).text()}\n")
    told = incident_table(records)
    if told:
        typer.echo(f"{told.caption}\n{told.text()}\n")
    typer.echo(f"page: {write(records, folder)[0]}")
    failed = [one for one in records if one["status"] == "failed"]
    for one in failed:
        typer.echo(f"ablation: {one['line']} {one['arm']}, seed {one['seed']}: {one['error']}", err=True)
    return not failed
