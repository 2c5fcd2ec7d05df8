"""Patches: the footprint on which the areal mass of an electrode is judged, 20 mm along and 20 mm across the web.

Along the web patches lie in rows, a whole number of them in each metre. Across, whole patches lie side by side in the middle
of the kept width; what is left of it, less than a patch in all, lies in two equal strips at the edges that are columns of their
own. So columns lie symmetrically, cover the kept width and do not overlap. A web narrower than a patch has one column.

A lane may lie in two patches or more: each gets the share of its mass that lies inside, the mass of a lane being spread evenly
over its kept width. Several patches in one lane are alike, so lanes wider than a patch show less scatter across than there is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LENGTH = 0.02
"""Length of a patch along the web [m]: the footprint of the areal-mass requirement."""
WIDTH = 0.02
"""Width of a patch across the web [m]: the footprint of the areal-mass requirement."""
LEAST_STRIP = 1e-6
"""Edge strips narrower than this [m] are part of the patch beside them."""


@dataclass(frozen=True)
class Patches:
    """Patches of a web: rows in a metre, and the edges (P + 1,) of the columns from the middle of the web [m]."""

    per_metre: int
    edges: Floats

    @property
    def length(self) -> float:
        """Length of a row of patches [m]."""
        return 1.0 / self.per_metre

    @property
    def widths(self) -> Floats:
        """Widths (P,) of the columns [m]."""
        return np.diff(self.edges)


def rows_in_a_metre(length: float) -> int:
    """Rows of patches of this length [m] in a metre; ValueError where they are no whole number."""
    count = max(round(1.0 / length), 1)
    if abs(count * length - 1.0) > 1e-6:
        raise ValueError(f"patches of {1e3 * length:g} mm do not fill a metre; give e.g. {1e3 / count:.6g} mm")
    return count


def patches_of(kept_width: float, length: float = LENGTH, width: float = WIDTH) -> Patches:
    """Patches of length and width [m] on a kept width [m].

    Raises ValueError where the length does not go into a metre a whole number of times.
    """
    whole = int(kept_width / width + 1e-9)
    half = 0.5 * kept_width
    if whole == 0:
        return Patches(rows_in_a_metre(length), np.array([-half, half]))
    edges: Floats = (np.arange(whole + 1, dtype=np.float64) - 0.5 * whole) * width
    if half - edges[-1] > LEAST_STRIP:
        edges = np.concatenate(([-half], edges, [half]))
    edges[0], edges[-1] = -half, half
    return Patches(rows_in_a_metre(length), edges)


def shares_of_lanes(low: Floats, high: Floats, edges: Floats) -> Floats:
    """Share (L, P) of each lane's mass that lies in each column of patches.

    low, high : (L,) edges of the kept part of each lane, edges : (P + 1,) edges of the columns, all from one origin [m]. The
    shares of a lane add up to one, those of a lane that keeps nothing to zero.
    """
    overlap = np.minimum(high[:, None], edges[None, 1:]) - np.maximum(low[:, None], edges[None, :-1])
    inside = np.where(overlap > 1e-9 * np.abs(high - low)[:, None], np.maximum(overlap, 0.0), 0.0)
    total = inside.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(inside, total, out=np.zeros_like(inside), where=total > 0.0)
    return shares
