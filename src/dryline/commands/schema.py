"""`dryline schema`: JSON Schema of the files a user writes or reads."""

from __future__ import annotations

import json as json_text
from enum import StrEnum
from typing import Annotated

import typer


class What(StrEnum):
    """Files and printed values with a schema."""

    line = "line"
    recipe = "recipe"
    material = "material"
    disturbances = "disturbances"
    wet = "wet"
    summary = "summary"
    setup = "setup"
    compare = "compare"


def schema(
    what: Annotated[What, typer.Argument(metavar="WHAT", help="Which file, or the printed set-up or comparison.")] = What.line,
) -> None:
    """Print the JSON Schema of a line, recipe, material, disturbance, wet reference or summary file, or of a printed set-up or
    comparison.
    """
    if what is What.summary:
        from dryline.records.summary import summary_schema

        typer.echo(json_text.dumps(summary_schema(), indent=2))
        return
    if what is What.setup:
        from dryline.studies.values import setup_schema

        typer.echo(json_text.dumps(setup_schema(), indent=2))
        return
    if what is What.compare:
        from dryline.studies.planning.document import compare_schema

        typer.echo(json_text.dumps(compare_schema(), indent=2))
        return
    from pydantic import BaseModel

    from dryline.line.disturbances import Disturbances
    from dryline.line.recipes import MaterialFile, RecipeFile
    from dryline.line.schema import Line
    from dryline.line.wet import WetVintage

    models: dict[What, type[BaseModel]] = {
        What.line: Line, What.recipe: RecipeFile, What.material: MaterialFile, What.disturbances: Disturbances,
        What.wet: WetVintage,
    }  # fmt: skip
    typer.echo(json_text.dumps(models[what].model_json_schema(), indent=2))
