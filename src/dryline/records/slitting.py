"""Daughter rolls: the parts of the web that a slitter cuts, each with its own lanes of the roll map.

A lane across which a knife runs belongs to both neighbours, to each with the width it gets. The mass of a metre
is shared out by areal mass and width; its composition is taken as even over the width. Columns of patches go to the
daughter they lie in; a patch that a knife cuts goes to none. How the mean over the whole width varies within a metre
says nothing of a part of it: daughters do without.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dryline.line.web_record import PATCH_UNITS, ROW_UNITS, MetreBatch
from dryline.records.order import Order

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Daughter:
    """A daughter roll of every wound roll: its number from 1 at the drive side, its lanes, its columns of patches, and the order
    it is judged by.
    """

    number: int
    lanes: NDArray[np.intp]
    patches: NDArray[np.intp]
    order: Order


def daughters_of(order: Order) -> list[Daughter]:
    """Daughter rolls of an order, drive side first; none where the web is not slit."""
    centres, widths = np.asarray(order.lane_centres), np.asarray(order.lane_widths)
    found = []
    for number, (low, high) in enumerate(order.daughters, 1):
        left = np.maximum(centres - 0.5 * widths, low)
        right = np.minimum(centres + 0.5 * widths, high)
        lanes = np.flatnonzero(right - left > 1e-9 * order.kept_width)
        edges = np.asarray(order.patch_edges)
        near = 1e-9 * order.kept_width
        patches = np.flatnonzero((edges[:-1] >= low - near) & (edges[1:] <= high + near))
        inside = edges[patches[0] : patches[-1] + 2] if patches.size else edges[:0]
        own = replace(
            order,
            kept_width=high - low,
            lane_centres=tuple((0.5 * (left + right))[lanes].tolist()),
            lane_widths=tuple((right - left)[lanes].tolist()),
            daughters=(),
            patch_edges=tuple(inside.tolist()),
        )
        found.append(Daughter(number, lanes, patches, own))
    return found


def slit(batch: MetreBatch, daughter: Daughter, order: Order) -> MetreBatch:
    """The part of a batch of the whole web that one daughter roll gets. It has no trim: that was cut off before."""
    lanes = len(order.lane_centres)
    parts: dict[str, Any] = dict.fromkeys(ROW_UNITS)
    for field in fields(MetreBatch):
        values = getattr(batch, field.name)
        across = values is not None and values.ndim == 2 and field.name not in ("kept_kg", "trim_kg")
        if field.name in PATCH_UNITS:
            parts[field.name] = values[:, daughter.patches] if across and daughter.patches.size else None
        elif across and values.shape[1] == lanes:
            parts[field.name] = values[:, daughter.lanes]
    areal = batch.areal_mass_a + batch.areal_mass_b
    whole = areal @ np.asarray(order.lane_widths)
    part = areal[:, daughter.lanes] @ np.asarray(daughter.order.lane_widths)
    share = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0.0)
    return replace(
        batch, **parts, kept_kg=batch.kept_kg * share[:, None], trim_kg=np.zeros_like(batch.trim_kg)
    )
