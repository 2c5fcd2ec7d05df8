"""Gauges of the twin: what stands over the web and sees the cells that pass, with noise, drift and its own footprint.

A gauge reads the cells that passed since its last reading (the same cell again where the web stands). Areal gauges read
mass per area of everything under them; thickness gauges read the released film as it has relaxed until now.
"""

from __future__ import annotations

import numpy as np

from dryline.kernel import exp, kernel, law
from dryline.process.compaction import released_density, virgin_pressure


@law
def cells_passed(before: int, now: int, delay: int) -> tuple[int, int]:
    """First cell and one past the last cell that passed a gauge while the chain went from `before` to `now` ticks."""
    last = now - delay
    return max(min(before - delay, last - 1), 0), last


@kernel
def areal_profile(
    c: int, before: int, now: int, delay: int, edges: np.ndarray, lane_width: float, chains: np.ndarray, mass: np.ndarray,
    cells: np.ndarray, out: np.ndarray,
) -> bool:  # fmt: skip
    """Mean areal mass of coating [kg/m2] of the passed cells in pixels whose edges are lane coordinates.

    edges (pixel + 1) in units of lanes. Returns False where no film has reached the gauge.
    """
    first, last = cells_passed(before, now, delay)
    pixels = out.size
    out[:] = 0.0
    if last <= 0:
        return False
    count = 0.0
    for n in range(first, last):
        for layer in range(2):
            base = chains[c].base[layer]
            if base >= 0:
                row = base + n % chains[c].ring
                scale = 1.0 / (cells[row].length * lane_width) if cells[row].length > 0.0 else 0.0
                for x in range(pixels):
                    a = edges[x]
                    b = edges[x + 1]
                    total = 0.0
                    for l in range(int(a), min(int(np.ceil(b)), mass.shape[1])):
                        total += (min(b, l + 1.0) - max(a, float(l))) * mass[row, l]
                    out[x] += total / (b - a) * scale
        count += 1.0
    for x in range(pixels):
        out[x] /= count
    return True


@kernel
def film_thickness(
    c: int, before: int, now: int, delay: int, clock: float, at: np.ndarray, virgin: np.ndarray, lane_width: float,
    relax: float, relax_rate: float, chains: np.ndarray, mass: np.ndarray, memory: np.ndarray, cells: np.ndarray,
    out: np.ndarray,
) -> bool:  # fmt: skip
    """Mean thickness [m] of the films (foil included on an electrode) of the passed cells at some lanes."""
    first, last = cells_passed(before, now, delay)
    out[:] = 0.0
    if last <= 0:
        return False
    count = 0.0
    for n in range(first, last):
        for layer in range(2):
            base = chains[c].base[layer]
            if base >= 0:
                row = base + n % chains[c].ring
                age = max(clock - cells[row].left, 0.0)
                grown = 1.0 + relax * (1.0 - exp(-min(age * relax_rate, 600.0)))
                scale = cells[row].volume / (cells[row].length * lane_width) if cells[row].length > 0.0 else 0.0
                for x in range(at.size):
                    l = at[x]
                    D = max(memory[row, l], 1e-3)
                    y = cells[row].yield_factor * virgin_pressure(
                        D, virgin[0], virgin[2], virgin[3], virgin[4], virgin[5], virgin[6]
                    )
                    out[x] += mass[row, l] * scale / released_density(D, y, virgin[1]) * grown
                if layer == 0:
                    for x in range(at.size):
                        out[x] += cells[row].foil
        count += 1.0
    for x in range(at.size):
        out[x] /= count
    return True


@kernel
def spot_areal_mass(
    c: int, before: int, now: int, delay: int, low: float, high: float, lane_width: float, chains: np.ndarray, mass: np.ndarray,
    cells: np.ndarray,
) -> float:
    """Areal mass of coating [kg/m2] under a spot between two lane coordinates, mean over the cells of a box."""
    first, last = cells_passed(before, now, delay)
    if last <= 0:
        return 0.0
    total = 0.0
    count = 0.0
    for n in range(first, last):
        for layer in range(2):
            base = chains[c].base[layer]
            if base >= 0:
                row = base + n % chains[c].ring
                scale = 1.0 / (cells[row].length * lane_width) if cells[row].length > 0.0 else 0.0
                for l in range(int(low), min(int(np.ceil(high)), mass.shape[1])):
                    total += (min(high, l + 1.0) - max(low, float(l))) / (high - low) * mass[row, l] * scale
        count += 1.0
    return total / count


@kernel
def web_mass(
    clocks: np.ndarray, chains: np.ndarray, mass: np.ndarray, cells: np.ndarray, merge: np.ndarray,
    metres: np.ndarray, out: np.ndarray
) -> None:
    """Mass of every component [kg] in the web: cells between first nip and winder, merging films and the metres
    in their slots.
    """
    out[:] = 0.0
    for c in range(chains.size):
        reach = chains[c].leave if chains[c].child >= 0 else chains[c].wind
        left_part = 1.0 - clocks[c].eaten if chains[c].child >= 0 else 0.0
        for layer in range(2):
            base = chains[c].base[layer]
            if base >= 0:
                for n in range(max(clocks[c].ticks - 1 - reach, 0), clocks[c].ticks):
                    row = base + n % chains[c].ring
                    part = left_part if n == clocks[c].ticks - 1 - reach else 1.0
                    total = 0.0
                    for l in range(mass.shape[1]):
                        total += mass[row, l]
                    for m in range(out.size):
                        out[m] += part * total * cells[row].share[m]
    for layer in range(2):
        for m in range(out.size):
            out[m] += merge[layer].share[m]
    for d in range(metres.size):
        for m in range(out.size):
            out[m] += metres[d].share[m] + metres[d].trim[m]
