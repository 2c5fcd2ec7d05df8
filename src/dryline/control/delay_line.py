"""Delay line in metres of web: what was sent with every piece of web, so that a reading is held against what made that piece.

A ring of cells of a fixed length. Web is written where it is made and read where it has got to, both by its place
along the web [m]; the delay follows the speed because time does not occur. A cell holds the mean over its length; the one that
is being written is not complete, so nothing is read right behind the place of writing. Web older than the ring is forgotten.
Writing begins at the start of a cell.
"""

from __future__ import annotations

import math

import numpy as np

from dryline.kernel import law


def cells_for(reach: float, pitch: float) -> int:
    """Cells of `pitch` [m] of a ring that still holds web `reach` [m] behind the place where it is written."""
    return math.ceil(reach / pitch) + 4


@law
def send(ring: np.ndarray, start: float, metres: float, value: float, pitch: float) -> None:
    """Write `value` with the web from place `start` [m] on, `metres` of it; each piece of web once, in order."""
    end = start + metres
    for cell in range(int(start / pitch), int(end / pitch) + 1):
        low = max(start, cell * pitch)
        part = (min(end, (cell + 1) * pitch) - low) / pitch
        if part > 0.0:
            at = cell % ring.shape[0]
            ring[at] = value * part + (ring[at] if start > (cell + 1e-6) * pitch else 0.0)


@law
def sent(ring: np.ndarray, start: float, metres: float, pitch: float) -> float:
    """Mean of what was sent with `metres` of web from place `start` [m] on; all of it has been written."""
    if metres < 1e-6:
        return float(ring[int(start / pitch) % ring.shape[0]])
    end, total = start + metres, 0.0
    for cell in range(int(start / pitch), int(end / pitch) + 1):
        part = min(end, (cell + 1) * pitch) - max(start, cell * pitch)
        if part > 0.0:
            total += part * ring[cell % ring.shape[0]]
    return total / metres


@law
def send_row(ring: np.ndarray, start: float, metres: float, values: np.ndarray, pitch: float) -> None:
    """`send` for many values at once: ring (cell, value)."""
    end = start + metres
    for cell in range(int(start / pitch), int(end / pitch) + 1):
        low = max(start, cell * pitch)
        part = (min(end, (cell + 1) * pitch) - low) / pitch
        if part > 0.0:
            at = cell % ring.shape[0]
            kept = 1.0 if start > (cell + 1e-6) * pitch else 0.0
            for n in range(values.size):
                ring[at, n] = values[n] * part + kept * ring[at, n]


@law
def sent_row(ring: np.ndarray, start: float, metres: float, pitch: float, out: np.ndarray) -> None:
    """`sent` for many values at once, into `out`."""
    out[:] = 0.0
    length = max(metres, 1e-6)
    end = start + length
    for cell in range(int(start / pitch), int(end / pitch) + 1):
        share = (min(end, (cell + 1) * pitch) - max(start, cell * pitch)) / length
        if share > 0.0:
            at = cell % ring.shape[0]
            for n in range(out.size):
                out[n] += share * ring[at, n]
