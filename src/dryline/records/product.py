"""Figures of the product: what was wound as product, spread over metres and lanes, whole and by daughter roll."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dryline.line.web_record import picked
from dryline.records.order import Order
from dryline.records.rollmap import RollMapTable, daughter_map
from dryline.records.slitting import daughters_of
from dryline.records.statistics import Spread, spread

Floats = NDArray[np.float64]


def product_rows(web: RollMapTable) -> NDArray[np.bool_]:
    """(n,) True for the rows of product that are known in every lane."""
    rows = web.batch
    known = np.isfinite(rows.areal_mass_a + rows.areal_mass_b + rows.thickness + rows.porosity).all(axis=1)
    return np.asarray(rows.product & known & (rows.length > 0.0))


def product_fields(order: Order, web: RollMapTable) -> tuple[dict[str, Floats], Floats]:
    """Fields (n, L) of the product rows that are known in every lane, and their lengths (n,) [m]; a web coated on one side
    has none of side B.
    """
    rows = web.batch
    taken = product_rows(web)
    fields = {
        "areal_density": (rows.areal_mass_a + rows.areal_mass_b)[taken],
        "areal_density_a": rows.areal_mass_a[taken],
        "areal_density_b": rows.areal_mass_b[taken],
        "thickness": rows.thickness[taken],
        "porosity": rows.porosity[taken],
    }
    if not order.two_sided:
        del fields["areal_density_b"]
    return fields, rows.length[taken]


def targets(order: Order) -> dict[str, tuple[str, float, float]]:
    """Unit, target and tolerance of each quality figure, in the unit."""
    side = ("kg/m2", order.side_areal_mass, order.areal_tolerance * order.side_areal_mass)
    return {
        "areal_density": ("kg/m2", order.areal_mass, order.areal_tolerance * order.areal_mass),
        "areal_density_a": side,
        "areal_density_b": side,
        "thickness": ("m", order.thickness, order.thickness_tolerance),
        "porosity": ("1", order.porosity, order.porosity_tolerance),
    }


def product_spreads(order: Order, web: RollMapTable) -> dict[str, Spread]:
    """Spread of every quality figure over the product; empty where none was wound."""
    fields, lengths = product_fields(order, web)
    if not lengths.size:
        return {}
    widths = np.asarray(order.lane_widths)
    return {name: spread(field, lengths, widths) for name, field in fields.items()}


@dataclass(frozen=True)
class DaughterRoll:
    """One daughter roll: its width and metres, and mean and standard deviation over its product; None without product."""

    roll: int
    daughter: int
    width_m: float
    wound_m: float
    produced_m: float
    good_m: float
    areal_density_mean: float | None
    areal_density_sigma: float | None
    thickness_mean: float | None
    thickness_sigma: float | None
    porosity_mean: float | None
    porosity_sigma: float | None


def daughter_rolls(order: Order, web: RollMapTable) -> list[DaughterRoll]:
    """Daughter rolls in the order of winding, drive side first; none where the web is not slit."""
    found = []
    daughters = daughters_of(order)
    for roll in np.unique(web.batch.roll).tolist() if daughters else ():
        rows = web.batch.roll == roll
        wound = RollMapTable(picked(web.batch, rows), web.good[rows])
        for daughter in daughters:
            own = daughter_map(wound, daughter, order)
            spreads = product_spreads(daughter.order, own)
            figures: dict[str, float | None] = {}
            for name in ("areal_density", "thickness", "porosity"):
                part = spreads.get(name)
                figures[f"{name}_mean"] = None if part is None else part.mean
                figures[f"{name}_sigma"] = None if part is None else math.sqrt(part.variance_total)
            length = own.batch.length
            found.append(
                DaughterRoll(
                    roll,
                    daughter.number,
                    daughter.order.kept_width,
                    float(length.sum()),
                    float(length[own.batch.product].sum()),
                    float(length[own.good].sum()),
                    **figures,
                )
            )
    return found
