"""`dryline report RUN`: draw up summary and report of a run folder anew, of an interrupted run too."""

from __future__ import annotations

import json as json_text
import webbrowser
from pathlib import Path
from typing import Annotated, NoReturn

import typer


def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run.", show_default=False)],
    open_page: Annotated[bool, typer.Option("--open", help="Show the report in the browser.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the summary, or the comparison, as JSON.")] = False,
    against: Annotated[Path | None, typer.Option(metavar="OTHER", help="Compare with another run.", show_default=False)] = None,
    out: Annotated[
        Path | None, typer.Option(help="Page of the comparison.", show_default="RUN/against-<OTHER>.html, and .csv")
    ] = None,
) -> None:
    """Draw up summary.json and report.html of a recorded run from the files in its folder.

    It also works on a run that was interrupted or killed, with what was recorded until then.

    With --against it compares the run with another one instead and changes neither.
    """
    if against is not None:
        page = _compare(run, against, out, json)
        if open_page:
            webbrowser.open(page.resolve().as_uri())
        return
    if out is not None:
        typer.echo("report: --out goes with --against; report.html of a run stands in its folder", err=True)
        raise typer.Exit(2)
    from dryline.records.report import write_report
    from dryline.records.run_folder import RecordError, open_run, write_json
    from dryline.records.summary import build_summary

    try:
        folder = open_run(run)
        summary = build_summary(folder)
        write_json(folder.path / "summary.json", summary)
        page = write_report(folder, summary)
    except RecordError as error:
        _refuse(error, run)
    if json:
        typer.echo(json_text.dumps(summary, indent=2, ensure_ascii=False))
    else:
        made = summary["run"]
        scrap = made["wound_m"] - made["produced_m"]
        typer.echo(
            f"{folder.status}: {made['good_m']:.0f} m good of {made['produced_m']:.0f} m product, "
            f"{scrap:.0f} m scrap, in {made['simulated_s']:.0f} s of plant time"
        )
        typer.echo(str(page))
    if open_page:
        webbrowser.open(page.resolve().as_uri())


def _refuse(error: Exception, *folders: Path) -> NoReturn:
    """Say why; exit code 2 where a folder is none of a run, 1 where a run cannot be read or its page not be written."""
    typer.echo(f"report: {error}", err=True)
    runs = all((folder / "manifest.json").exists() for folder in folders)
    raise typer.Exit(1 if runs else 2) from error


def _compare(run: Path, against: Path, out: Path | None, json: bool) -> Path:
    """Write the comparison of two runs as a page and as CSV, and print what differs most."""
    from dryline.records.compare import compare
    from dryline.records.report.comparison import as_json, headline, write
    from dryline.records.run_folder import RecordError, open_run

    page = out or run / f"against-{against.resolve().name}.html"
    if page.suffix != ".html":
        typer.echo(f"report: --out {page} must end in .html; the figures go into a .csv beside it", err=True)
        raise typer.Exit(2)
    try:
        found = compare(open_run(run), open_run(against))
        write(found, page)
    except RecordError as error:
        _refuse(error, run, against)
    if json:
        typer.echo(json_text.dumps(as_json(found), indent=2, ensure_ascii=False, allow_nan=False))
    else:
        for who, stations in (("RUN", found.only_one), ("OTHER", found.only_other)):
            if stations:
                typer.echo(f"only {who} has {', '.join(stations)}")
        typer.echo(headline(found))
        typer.echo(str(page))
    return page
