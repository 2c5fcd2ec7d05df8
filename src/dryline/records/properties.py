"""Properties and defects of the product, where the machine gives them with its web.

Properties: mean and spread over the product's metres and lanes. Recycled material: of material fed with the
share r of returned material, P(n) = (1 - r) r^n has passed n times before, which makes r/(1 - r) earlier
passes in the mean; so a mean of n stands for the share r = n/(1 + n). Defects: counted, each once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dryline.line.web_record import GIVEN_UNITS
from dryline.records.order import Order
from dryline.records.rollmap import LANE_UNITS, RollMapTable, given_columns
from dryline.records.statistics import spread

Floats = NDArray[np.float64]

DEFECTS = ("pinholes", "edge_cracks")
"""Columns that count."""


@dataclass(frozen=True)
class Property:
    """A property over the product [unit]; a column without lanes has no spread across the web."""

    unit: str
    mean: float
    sigma_md: float
    sigma_cd: float
    sigma_total: float
    low: float
    high: float


@dataclass(frozen=True)
class Defects:
    """Defects of a kind in the product: how many, over length and area, and the metres that have any."""

    count: float
    per_100_m: float
    per_100_m2: float
    metres: float


def product_column(web: RollMapTable, name: str) -> tuple[Floats, Floats]:
    """Values (n, L) or (n, 1) of a column over the product rows in which it is known, and their lengths [m]."""
    rows = web.batch
    values = np.asarray(getattr(rows, name), np.float64).reshape(rows.length.size, -1)
    taken = rows.product & (rows.length > 0.0) & np.isfinite(values).all(axis=1)
    return values[taken], rows.length[taken]


def properties(order: Order, web: RollMapTable) -> dict[str, Property]:
    """Properties that were given, strength along the web with them; {} where none was given or no product was wound."""
    given = [name for name in given_columns(web.batch) if name not in DEFECTS]
    found = {}
    for name in ("strength", *given) if given else ():
        values, lengths = product_column(web, name)
        if not lengths.size:
            continue
        widths = np.asarray(order.lane_widths) if values.shape[1] > 1 else np.ones(1)
        part = spread(values, lengths, widths)
        md, cd, total = (math.sqrt(v) for v in (part.variance_md, part.variance_cd, part.variance_total))
        unit = GIVEN_UNITS.get(name) or LANE_UNITS[name]
        found[name] = Property(unit, part.mean, md, cd, total, float(values.min()), float(values.max()))
    return found


def defects(order: Order, web: RollMapTable) -> dict[str, Defects]:
    """Defects that were counted; {} where none were or no product was wound."""
    found = {}
    for name in given_columns(web.batch):
        if name not in DEFECTS:
            continue
        values, lengths = product_column(web, name)
        length = float(lengths.sum())
        if length <= 0.0:
            continue
        per_metre = values.sum(axis=1)
        count = float(per_metre @ lengths)
        per_100_m = 100.0 * count / length
        found[name] = Defects(count, per_100_m, per_100_m / order.kept_width, float(lengths[per_metre > 0.0].sum()))
    return found


def recycled_share(passes: float) -> float:
    """Share of returned material in the feed that makes so many earlier passes in the mean."""
    return passes / (1.0 + passes)
