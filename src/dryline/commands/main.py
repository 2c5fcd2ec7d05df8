"""The command line: one file a command; nothing heavy is imported before a command runs."""

from __future__ import annotations

from typing import Annotated

import typer

from dryline.commands.ablation import ablation
from dryline.commands.bump import bump
from dryline.commands.compaction import compaction
from dryline.commands.compare import compare
from dryline.commands.doctor import doctor
from dryline.commands.lines import lines
from dryline.commands.loops import loops
from dryline.commands.report import report
from dryline.commands.run import run
from dryline.commands.schema import schema
from dryline.commands.setup import setup
from dryline.commands.tags import tags

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
    help="Design, simulate, control and record a dry-electrode line.",
)  # fmt: skip


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        typer.echo(f"dryline {version('dryline')}")
        raise typer.Exit


@app.callback()
def start(
    show: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    """Design, simulate, control and record a dry-electrode line. Not a safety function: limits belong to a safety PLC."""


for command in (run, setup, compare, loops, bump, ablation, report, lines, schema, tags, compaction, doctor):
    app.command()(command)
