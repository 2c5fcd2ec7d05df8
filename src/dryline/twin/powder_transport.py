"""Moving powder between hold-ups of the twin: rows of `CARGO` through delays and tanks, all scalars alike."""

from __future__ import annotations

import numpy as np

from dryline.kernel import law
from dryline.twin.powder_state import HEAT, PTFE, RATE, SOLIDS, UNFIBRILLATED, WATER, WORK, WORK_SQUARE, K


@law
def add_powder(out: np.ndarray, m: int, mass: float, lot: np.ndarray, T: float) -> None:
    """Add `mass` [kg, as delivered] of the solid component `m` with the moisture and properties of its lot to a hold-up."""
    dry = mass / (1.0 + lot[0])
    out[m] += dry
    out[WATER] += mass - dry
    out[UNFIBRILLATED] += dry if m == PTFE else 0.0
    for q in range(1, 7):
        out[RATE - 1 + q] += dry * lot[q]
    out[HEAT] += mass * T


@law
def solids(row: np.ndarray) -> float:
    """Mass of the solid components of a hold-up [kg]."""
    mass = 0.0
    for m in range(SOLIDS):
        mass += row[m]
    return mass


@law
def add_work(row: np.ndarray, dry: float, work: float) -> None:
    """Let the solids `dry` [kg] of a hold-up receive a specific work [J/kg], each particle the same."""
    row[WORK_SQUARE] += work * (2.0 * row[WORK] + dry * work)
    row[WORK] += dry * work


@law
def through_ring(ring: np.ndarray, inlet: np.ndarray, out: np.ndarray, whole: int, part: float, tick_index: int) -> None:
    """Put a step's inlet into a delay ring and add what arrives after `whole + part` steps to `out`."""
    slots = ring.shape[0]
    near, far, now = (tick_index + whole) % slots, (tick_index + whole + 1) % slots, tick_index % slots
    for k in range(K):
        ring[far, k] += part * inlet[k]
        ring[near, k] += inlet[k] - part * inlet[k]
        out[k] += ring[now, k]
        ring[now, k] = 0.0


@law
def through_tanks(tanks: np.ndarray, chain: np.ndarray, inlet: np.ndarray, out: np.ndarray) -> None:
    """Move a step's inlet through a chain of tanks in place; what leaves is put into `out`."""
    n = tanks.shape[0]
    for k in range(K):
        out[k] = chain[n, 0] * inlet[k]
    for j in range(n):
        for k in range(K):
            out[k] += chain[n, j + 1] * tanks[j, k]
    for i in range(n - 1, -1, -1):
        for k in range(K):
            tanks[i, k] = chain[i, i + 1] * tanks[i, k] + chain[i, 0] * inlet[k]
        for j in range(i):
            for k in range(K):
                tanks[i, k] += chain[i, j + 1] * tanks[j, k]


def fill_ring(ring: np.ndarray, portion: np.ndarray, whole: int, part: float) -> None:
    """Fill a delay ring as if `portion` had entered it in every tick before tick 0."""
    ring[:whole] = portion
    ring[whole] = part * portion
