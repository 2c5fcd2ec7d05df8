"""Areal mass of the product on its footprint: how the mass of patches, usually 20 mm x 20 mm, scatters about the target.

The roll map holds of every metre and column of patches the mean and the variance along the web, and the variance of the mean
over the width. From these the split of `statistics.spread` over all patches follows exactly, as if each patch had been kept:

    MD = variance of the metres' width means + mean variance of the width mean within a metre
    CD = variance of the profile
    residual = what is left of the metres' means + mean variance within a metre, less its part in MD

Edge strips that are narrower than a patch count by their width. Bounds are read from bounds.json, where a run has them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from dryline.records.order import Order
from dryline.records.product import product_rows, targets
from dryline.records.rollmap import RollMapTable
from dryline.records.run_folder import RunFolder
from dryline.records.statistics import Spread, spread

FIGURES = {"areal_density": "both", "areal_density_a": "a", "areal_density_b": "b"}
"""Figures on the footprint and the side that each is of."""
PARTS = ("md", "cd", "residual", "total")
COMPARED = ("md", "cd", "total")
"""Parts of the scatter that stand beside their bound."""
LEAST_BOUND = 1e-4
"""A bound below this [% of target] is none to divide by."""


@dataclass(frozen=True)
class OnFootprint:
    """Areal mass on the footprint over the product [kg/m2]; the others in per cent of the target, sigmas as defined above."""

    target: float
    mean: float
    deviation_pct: float
    sigma_md_pct: float
    sigma_cd_pct: float
    sigma_residual_pct: float
    sigma_total_pct: float
    three_sigma_pct: float


def patch_spreads(order: Order, web: RollMapTable) -> dict[str, Spread]:
    """Spread over all patches of the product by figure; {} where no product was wound or patches are unknown."""
    rows, taken = web.batch, product_rows(web)
    if rows.row_variance_both is None or rows.patch_mass_a is None or rows.patch_mass_b is None:
        return {}
    taken &= np.isfinite(rows.patch_mass_a + rows.patch_mass_b).all(axis=1)
    if not taken.any():
        return {}
    lengths, widths = rows.length[taken], np.asarray(order.patch_widths)
    along, across = lengths / lengths.sum(), widths / widths.sum()
    means = {"a": rows.patch_mass_a, "b": rows.patch_mass_b, "both": rows.patch_mass_a + rows.patch_mass_b}
    found = {}
    for name, side in FIGURES.items():
        if name == "areal_density_b" and not order.two_sided:
            continue
        metres = spread(means[side][taken], lengths, widths)
        md = float(along @ getattr(rows, f"row_variance_{side}")[taken])
        within = float(along @ (getattr(rows, f"patch_variance_{side}")[taken] @ across))
        found[name] = Spread(
            metres.mean,
            metres.variance_md + md,
            metres.variance_cd,
            metres.variance_residual + max(within - md, 0.0),
            metres.profile,
            metres.course,
        )
    return found


def on_footprint(found: Spread, target: float) -> OnFootprint:
    """Figures of a spread over patches against a target [kg/m2]."""
    percent = 100.0 / target
    total = percent * math.sqrt(found.variance_total)
    md, cd, residual = (
        percent * math.sqrt(part) for part in (found.variance_md, found.variance_cd, found.variance_residual)
    )
    deviation = percent * (found.mean - target)
    return OnFootprint(target, found.mean, deviation, md, cd, residual, total, 3.0 * total)


def footprint_part(run: RunFolder, order: Order, web: RollMapTable) -> dict[str, Any] | None:
    """The section of the summary; None where no product was wound or the roll map has no patches."""
    spreads = patch_spreads(order, web)
    if not spreads:
        return None
    bounds = run.json_or_empty("bounds.json")
    goal = targets(order)
    part: dict[str, Any] = {
        "length_m": order.patch_length,
        "width_m": round(max(order.patch_widths), 9),
        "columns": len(order.patch_widths),
        "without_bounds": str(bounds.get("reason", "the run ended before they were computed")),
    }
    for name in FIGURES:
        part[name] = None
        if name in spreads:
            own = asdict(on_footprint(spreads[name], goal[name][1]))
            sets = [one for one in bounds.get("sets", ()) if name in one["coatings"]]
            part[name] = {**own, "bounds": [_beside(own, one["name"], one["coatings"][name]) for one in sets]}
    return part


def _beside(own: Mapping[str, float], name: str, bound: Mapping[str, float]) -> dict[str, Any]:
    """A bound and what the run has reached over it; None where the bound is next to nothing."""
    row: dict[str, Any] = {"name": name, **{f"sigma_{what}_pct": bound[f"sigma_{what}_pct"] for what in PARTS}}
    for what in COMPARED:
        least = bound[f"sigma_{what}_pct"]
        row[f"{what}_over_bound"] = own[f"sigma_{what}_pct"] / least if least > LEAST_BOUND else None
    return row
