"""`dryline report RUN`: draw up summary and report of a run folder anew, of an interrupted run too."""

from __future__ import annotations

import json as json_text
import webbrowser
from pathlib import Path
from typing import Annotated

import typer


def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run.", show_default=False)],
    open_page: Annotated[bool, typer.Option("--open", help="Show the report in the browser.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Draw up summary.json and report.html of a recorded run from the files in its folder.

    It also works on a run that was interrupted or killed, with what was recorded until then.
    """
    from dryline.records.report import write_report
    from dryline.records.run_folder import RecordError, open_run, write_json
    from dryline.records.summary import build_summary

    try:
        folder = open_run(run)
        summary = build_summary(folder)
        write_json(folder.path / "summary.json", summary)
        page = write_report(folder, summary)
    except RecordError as error:
        typer.echo(f"report: {error}", err=True)
        raise typer.Exit(1) from error
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
