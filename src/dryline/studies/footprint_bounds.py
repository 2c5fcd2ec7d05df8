"""Lower bounds of a run's areal mass on its footprint, as the run folder keeps them beside what the run achieved.

Two sets of means: line gauges with the metering as actuator, and all that a line of this kind can have, the weighed flow of the
metering and the elongation of the last film nip besides. A scanner adds nothing to line gauges that could be seen.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dryline.bounds.of_line import bounds_of
from dryline.bounds.result import Bounds, Means, Split
from dryline.line.disturbances import Disturbances
from dryline.line.schema import Line
from dryline.line.setup import SetUp
from dryline.materials.recipe import Recipe

BOUNDS_SCHEMA = "dryline-bounds/1"
SETS = {
    "line gauges": Means(),
    "line gauges, scale, last film nip": Means(scale=True, elongation=True),
}
"""Means by name."""


def footprint_bounds(line: Line, recipe: Recipe, setup: SetUp, disturbances: Disturbances) -> dict[str, Any]:
    """Content of bounds.json: bound and open loop of each figure of areal mass by set of means, in per cent of its target.

    `reason` says why there are none; a line without bounds is no error.
    """
    web = line.web
    footprint = web.patch_length, min(web.patch_width, web.kept_width)
    try:
        found = {name: bounds_of(line, recipe, setup, disturbances, means, footprint) for name, means in SETS.items()}
    except (ValueError, np.linalg.LinAlgError) as error:
        return without_bounds(str(error), footprint)
    share = footprint[1] / web.kept_width
    sets = [{"name": name, "coatings": _coatings(bounds, share)} for name, bounds in found.items()]
    return {**without_bounds("", footprint), "sets": sets}


def without_bounds(reason: str, footprint: tuple[float, float]) -> dict[str, Any]:
    """Content of bounds.json for a footprint [m] where there are none, and why."""
    return {"schema": BOUNDS_SCHEMA, "length_m": footprint[0], "width_m": footprint[1], "reason": reason, "sets": []}


def _coatings(bounds: Bounds, share: float) -> dict[str, Any]:
    """Figures by name as the summary has them. On one side they are those of the whole."""
    found = {"areal_density": bounds.whole, **{f"areal_density_{one.side.lower()}": one for one in bounds.coatings}}
    names = ("areal_density", "areal_density_a", "areal_density_b")
    return {
        name: {**split_percent(found[name].bound, share), "open_loop": split_percent(found[name].open_loop, share)}
        for name in names
        if name in found
    }


def split_percent(split: Split, share: float) -> dict[str, float]:
    """Standard deviations in per cent as a run shows them, where a footprint takes `share` of the kept width.

    Of the granules, white in place, the mean over the width takes that share, the residual the rest. Six digits, lest the
    number of threads shows in the last.
    """
    granules = split.granules**2
    parts = {
        "md": math.sqrt(split.md**2 + share * granules),
        "cd": split.cd,
        "residual": math.sqrt(split.residual**2 + (1.0 - share) * granules),
        "total": split.total,
    }
    return {f"sigma_{name}_pct": float(f"{100.0 * value:.6g}") for name, value in parts.items()}
