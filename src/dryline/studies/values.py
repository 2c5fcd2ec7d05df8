"""A set-up with limits, gains and window as JSON values, the form that `dryline setup --json` prints."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from importlib.resources import files
from typing import Any, cast

from dryline.line.load import LoadedLine
from dryline.line.setup import Infeasible, SetUp
from dryline.records.capacity import capacity
from dryline.records.order import order_of
from dryline.setup.sensitivities import Sensitivities
from dryline.studies.tables import areal_capacity, left
from dryline.studies.window import Window

SCHEMA = "dryline-setup/1"
"""Name and version of the form; `setup.schema.json` describes it."""


def setup_schema() -> dict[str, Any]:
    """The JSON Schema of a printed set-up."""
    text = files("dryline").joinpath("data/schemas/setup.schema.json").read_text(encoding="utf-8")
    return cast(dict[str, Any], json.loads(text))


def values_of(
    loaded: LoadedLine, found: SetUp | None, refused: Infeasible | None, gains: Sensitivities | None, window: Window | None
) -> dict[str, Any]:
    """The set-up of a line as JSON values in SI units. Where it is refused only the limits that bind are known."""
    checks = found.checks if found is not None else refused.broken if refused is not None else ()
    values: dict[str, Any] = {
        "schema": SCHEMA, "line": loaded.line.name, "recipe": loaded.recipe.name, "feasible": found is not None,
        "limits": [asdict(check) | {"left": known(left(check))} for check in checks],
    }  # fmt: skip
    if found is not None:
        values["set_up"] = found.as_json()
        values["areal_capacity"] = areal_capacity(loaded, found)
        values["gwh_per_year"] = capacity(order_of(loaded.line, loaded.recipe, found)).gwh_per_year
    if refused is not None:
        values["reason"], values["hint"] = str(refused), refused.hint
    if gains is not None:
        values["sensitivities"] = gains.as_json()
    if window is not None:
        values["window"] = window.as_json()
    return values


def known(value: float) -> float | None:
    """The figure, or None where there is none: JSON has no infinity."""
    return value if math.isfinite(value) else None
