"""`dryline compare LINE`: capacity, energy and cost of a dry line beside a wet one, per boundary, with how sure they are."""

from __future__ import annotations

import json as json_text
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from dryline.studies.planning.comparison import Comparison
    from dryline.studies.planning.planner import Answers
    from dryline.studies.planning.question import Question

MOST_SAMPLES = 1_000_000
BASES = ("full", "marginal", "levelized")
SUFFIXES = (".html", ".json", ".csv")
DEFAULT_LINES = ("lfp-cathode", "nmc811-cathode")


def compare(
    lines: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="LINE...", help="Cathode lines: shipped ones (see dryline lines) or YAML files.",
            show_default="lfp-cathode nmc811-cathode",
        ),
    ] = None,
    anode: Annotated[str | None, typer.Option(help="Line of the anode.", show_default="the shipped one that matches")] = None,
    recipe: Annotated[str | None, typer.Option(help="Recipe of the cathode instead of the line's own.")] = None,
    setting: Annotated[list[str] | None, typer.Option("--set", help="path=value in the cathode line, may be repeated.")] = None,
    wet: Annotated[
        list[str] | None,
        typer.Option(help="Wet reference: a shipped vintage or a YAML file, may be repeated.", show_default="all shipped ones"),
    ] = None,
    site: Annotated[str, typer.Option(help="Site: china, eu, us, korea, or a YAML file.")] = "china",
    prices: Annotated[Path | None, typer.Option(help="Prices of materials: a CSV file; its rows come first.")] = None,
    machines: Annotated[Path | None, typer.Option(help="Machines with prices: a YAML file, instead of the power law.")] = None,
    inputs: Annotated[Path | None, typer.Option(help="Uncertain inputs: a CSV file; its rows replace shipped ones.")] = None,
    value: Annotated[
        list[str] | None,
        typer.Option("--input", help="name=value of an input that is known, so no longer uncertain, e.g. dry_equipment=0.8."),
    ] = None,
    target: Annotated[str, typer.Option(help="Capacity of the plant to plan, e.g. 8GWh.")] = "8GWh",
    hours: Annotated[
        float | None, typer.Option(help="Planned hours of a year.", show_default="the site's", min=1.0, max=8760.0)
    ] = None,
    oee: Annotated[float | None, typer.Option(help="Running over planned time.", show_default="0.895", min=0.01, max=1.0)] = None,
    basis: Annotated[str, typer.Option(help="Cost: full, marginal or levelized.")] = "full",
    samples: Annotated[int, typer.Option(help="Samples of each set of priors.", min=10, max=MOST_SAMPLES)] = 2000,
    seed: Annotated[int, typer.Option(help="Seed of the samples.", min=0, max=2**62)] = 1,
    jobs: Annotated[int | None, typer.Option(help="Processes at once.", show_default="processors", min=1, max=512)] = None,
    run: Annotated[Path | None, typer.Option(help="Run folder of the line: its energy beside that of the set-up.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder, or a .html, .json or .csv file.", show_default="runs/compare-<time>"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print as JSON; files only where --out is given.")] = False,
) -> None:
    """Compare a dry line with a wet one: GWh a year, kWh and money per kWh of cells, with probabilities of the three claims."""
    from dryline.commands.words import refuse
    from dryline.line.load import InputError
    from dryline.line.setup import Infeasible
    from dryline.studies.ablation import usual_jobs
    from dryline.studies.planning.comparison import compare as compared
    from dryline.studies.planning.planner import answers, target_gwh
    from dryline.studies.planning.points import Workers

    try:
        if basis not in BASES:
            raise InputError("--basis", None, "", f"{basis!r} is none of {', '.join(BASES)}")
        if out is not None and out.suffix and out.suffix not in SUFFIXES:
            raise InputError("--out", None, "", f"{str(out)!r} is neither a folder nor a {', '.join(SUFFIXES)} file")
        wanted = list(dict.fromkeys(lines or DEFAULT_LINES))
        gwh = target_gwh(target, "--target")
        questions = [
            _question(name, anode, recipe, setting, wet, site, prices, machines, inputs, value, hours, oee) for name in wanted
        ]
        recorded = None if run is None else _recorded(run, questions)
    except InputError as error:
        refuse(error)
    found: list[tuple[Comparison, Answers]] = []
    with _progress(quiet=json) as told, Workers(jobs or usual_jobs()) as workers:
        for question in questions:
            try:
                made = compared(question, samples=samples, seed=seed, workers=workers, basis=basis, told=told)  # type: ignore[arg-type]
                found.append((made, answers(question, made.lines.dry, gwh)))
            except InputError as error:
                refuse(error)
            except (Infeasible, ValueError) as error:
                typer.echo(f"compare: {question.cathode.line.name}: {error}", err=True)
                raise typer.Exit(1) from error
    _report(found, recorded, out, json)


def _question(
    name: str, anode: str | None, recipe: str | None, setting: list[str] | None, wet: list[str] | None, site: str,
    prices: Path | None, machines: Path | None, inputs: Path | None, values: list[str] | None, hours: float | None,
    oee: float | None,
) -> Question:  # fmt: skip
    from dryline.line.machines_file import load_machines
    from dryline.studies.planning.equipment import MachinePark
    from dryline.studies.planning.question import ask, with_known

    question = ask(
        name, anode, recipe=recipe, settings=setting or (), site=site, prices=prices, inputs=inputs, vintages=tuple(wet or ()),
        machines=None if machines is None else MachinePark(load_machines(machines)),
        hours=None if hours is None else 3600.0 * hours, oee=oee,
    )  # fmt: skip
    return with_known(question, values or ())


def _recorded(path: Path, questions: list[Question]) -> Any:
    from dryline.line.load import InputError
    from dryline.records.run_folder import RecordError
    from dryline.studies.planning.of_run import energy_of_run

    try:
        return energy_of_run(path, [loaded for question in questions for loaded in (question.cathode, question.anode)])
    except RecordError as error:
        raise InputError("--run", None, "", str(error)) from None


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[str, int, int], None] | None]:
    """A progress bar on a terminal, nothing otherwise."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def told(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done)

        yield told


def _report(found: list[tuple[Comparison, Answers]], recorded: Any, out: Path | None, json: bool) -> None:
    from dryline.studies.planning.answer_tables import planner_table, rows_table, saving_table, verdicts
    from dryline.studies.planning.document import document
    from dryline.studies.planning.page import page

    documents = [document(made, planner) for made, planner in found]
    whole = documents[0] | {"comparisons": {one["line"]: one for one in documents}}
    if recorded is not None:
        whole["run"] = recorded.as_json()
    if json:
        typer.echo(json_text.dumps(whole, indent=2, ensure_ascii=False))
    else:
        for made, planner in found:
            tables = (saving_table(made, "energy"), saving_table(made, "cost"), planner_table(planner))
            _tell(made, planner, [f"{table.caption}\n{table.text()}" for table in tables])
            for sentence in verdicts(made):
                typer.echo(f"- {sentence}")
            typer.echo("")
        if recorded is not None:
            typer.echo(recorded.table().text())
    if json and out is None:
        return
    path = out or Path("runs") / f"compare-{datetime.now():%Y%m%d-%H%M%S}"
    texts: dict[str, Callable[[], str]] = {
        "compare.html": lambda: page(found, recorded),
        "compare.json": lambda: json_text.dumps(whole, indent=2, ensure_ascii=False) + "\n",
        "compare.csv": lambda: _joined([rows_table(made).csv() for made, _ in found]),
    }
    try:
        if path.suffix in SUFFIXES:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(texts[f"compare{path.suffix}"](), encoding="utf-8")
            written = path
        else:
            path.mkdir(parents=True, exist_ok=True)
            for name, text in texts.items():
                (path / name).write_text(text(), encoding="utf-8")
            written = path / "compare.html"
    except OSError as error:
        typer.echo(f"compare: {path} cannot be written ({error.strerror}); check rights and space", err=True)
        raise typer.Exit(1) from error
    if not json:
        typer.echo(f"page: {written}" if written.suffix == ".html" else str(written))


def _joined(tables: list[str]) -> str:
    """CSV tables of one form under one head."""
    return tables[0] + "".join(text.split("\n", 1)[1] for text in tables[1:])


def _tell(made: Comparison, planner: Answers, tables: list[str]) -> None:
    question = made.question
    typer.echo(
        f"{question.cathode.line.name} with {question.anode.line.name}, site {question.site.name}, money in "
        f"{question.site.currency}, cost basis {made.basis}; {planner.gwh['cathode']:.2f} GWh a year on the cathode line"
    )
    for name, one in made.priors.items():
        refused = ", ".join(f"{limit} {count}" for limit, count in one.refused.most_common())
        alike = " (no input that varies moves the set-up)" if one.calls < one.samples else ""
        typer.echo(
            f"{name}: {one.samples} samples, set-up model called {one.calls} times{alike}, {one.used} samples feasible"
            + (f" (refused: {refused})" if refused else "")
        )
    for table in tables:
        typer.echo(f"\n{table}")
    typer.echo("")
