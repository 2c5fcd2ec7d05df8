"""Alignment of a gauge with the delay line: how far behind the powder nip it really stands, found from what it shows.

The metering never lays the same twice, so the weighed mass of the film is its own ruler. The reading of the line gauge is held
against the film at every place within a reach of the nominal way; where the differences scatter least, there the gauge stands.
The way is taken over once it explains the readings clearly better than the one in use.
"""

from __future__ import annotations

import math

import numpy as np

from dryline.control.delay_line import sent
from dryline.kernel import exp, law

REACH = 0.3
"""Share of the nominal way within which it is looked for (assumed)."""
MEMORY = 100.0
"""Web over which the differences are remembered [m] (assumed)."""
WARM = 20.0
"""Web before the first verdict [m] (assumed)."""
BETTER = 0.6
"""Another way is taken where it leaves less than this share of the variance (assumed)."""

LEAST = 1e-5
"""Standard deviation of the differences below which nothing is told by them, far below the noise of a gauge [1] (assumed)."""


def ways_for(way: float, pitch: float) -> int:
    """Number of ways that are compared for a nominal one [m]: one a cell to either side."""
    return 2 * math.ceil(REACH * way / pitch) + 1


@law
def aligned(
    sums: np.ndarray, ring: np.ndarray, place: float, way: float, used: float, travel: float, shown: float, pitch: float,
    metres: float,
) -> float:  # fmt: skip
    """Way to the gauge [m] after a reading: the one `used` so far, or a clearly better one.

    sums (2, way): of the differences so far and of their squares, kept up to date; ring of the film laid until `place` [m];
    nominal `way` [m]; travel [m] of this tick; shown: reading over its target [1]; metres of web that have been compared.
    """
    count = sums.shape[1]
    kept, middle, weight = exp(-travel / MEMORY), count // 2, MEMORY * (1.0 - exp(-min(metres / MEMORY, 600.0)))
    now = min(max(round((used - way) / pitch) + middle, 0), count - 1)
    best, least, present = 0, math.inf, 0.0
    for n in range(count):
        start = place - way - (n - middle) * pitch
        off = shown / sent(ring, start, travel, pitch) - 1.0
        sums[0, n] = sums[0, n] * kept + off * travel
        sums[1, n] = sums[1, n] * kept + off * off * travel
        spread = sums[1, n] - sums[0, n] * sums[0, n] / weight
        if spread < least:
            best, least = n, spread
        if n == now:
            present = spread
    if metres > WARM and 0 < best < count - 1 and least < BETTER * present and present > LEAST * LEAST * weight:
        return float(way + (best - middle) * pitch)
    return used
