"""What happens to a material cell up to its last nip: laid down and pressed. One call a cell; see `layers` for the rest."""

from __future__ import annotations

import math

import numpy as np

from dryline.kernel import law, normal_pair
from dryline.process.compaction import released_density
from dryline.process.defects import edge_crack_rate
from dryline.process.distribution import ALONG
from dryline.process.shear_nip import aligned, fibrillate
from dryline.process.tabulated import curve_pressures
from dryline.twin.state import (
    AFTER,
    ALIGNED,
    BEFORE,
    CARRIED,
    CHANGE,
    COMING_DENSE,
    COMING_RELEASED,
    COMING_SOLID,
    COMING_YIELDED,
    COMMAND,
    CRACKS,
    DENSE,
    EASE,
    FILM,
    LOAD,
    LOADED,
    MASSES,
    PEAK,
    RELEASED,
    SLOPE,
    SOLID,
    WARMTH,
    YIELDED,
    H,
)

LOOSE = 1e-3
"""Least relative density of a film."""
EMPTY = 0.9
"""Relative density given to lanes without film: above that of any bed, so that they need no power branch."""
NOTHING = 1e-12
"""Solid thickness [m] given to lanes without film."""


@law
def granule_row(key: int, index: int, running: np.ndarray) -> None:
    """Granule noise of a row of places across the bed as a running sum."""
    total = 0.0
    half = running.size // 2
    for y in range(half):
        running[y], running[half + y] = normal_pair(key, index, y)
    for y in range(running.size - 1):
        value = running[y]
        running[y] = total
        total += value
    running[running.size - 1] = total


@law
def lay_bed(
    c: int, speed: float, cell_mass: float, time: float, chains: np.ndarray, clocks: np.ndarray, running: np.ndarray,
    granules: np.ndarray, spread: np.ndarray, mass: np.ndarray, memory: np.ndarray, cells: np.ndarray,
    told: np.ndarray, chain_in: np.ndarray, gap: np.ndarray, across: np.ndarray,
) -> float:  # fmt: skip
    """Spread the powder of the finished bed cell over the lanes, with granule noise; returns its mass [kg].

    A starved nip takes the metered cell_mass [kg] as it is distributed over the width. A flooded nip draws in what its
    gap (lane) and nip angle take, at most what its hopper bed holds. The noise is white between places and linear along
    the web between their rows, so that cells of any length average the same realisation. across (place): room for the row
    under the cell.
    """
    n = clocks[c].ticks
    row = chains[c].track[0] + n % chains[c].ring
    cell = chains[c].cell
    count = mass.shape[1]
    density = chain_in[c].bed_density * (1.0 - told[0].air * speed)
    per_lane = cell_mass / count
    if chains[c].bite_radius > 0.0:
        bite = chains[c].bite_radius * chain_in[c].bite_angle * chain_in[c].bite_angle
        taken = 0.0
        for l in range(count):
            taken += gap[l] + bite
        per_area = density / told[0].volume * told[0].lane_width * cell
        per_area *= min(1.0, max(cell_mass, 0.0) / max(per_area * taken, 1e-12))
        for l in range(count):
            mass[row, l] = per_area * (gap[l] + bite)
        per_lane = per_area * taken / count
    else:
        mix = (time - told[0].spread_time) / told[0].spread_step
        for l in range(count):
            before = spread[c, BEFORE, l]
            mass[row, l] = per_lane * (1.0 + before + mix * (spread[c, AFTER, l] - before) + spread[c, COMMAND, l])
    noise = chains[c].granule_noise
    if noise > 0.0 and cell_mass > 0.0:
        x = n * cell
        for g in range(math.floor(x / ALONG + 1e-9), math.ceil((x + cell) / ALONG - 1e-9)):
            if clocks[c].granule_row == g - 1:
                for i in range(running.shape[1]):
                    running[0, i] = running[1, i]
                granule_row(chains[c].granule_key, g + 1, running[1])
            elif clocks[c].granule_row != g:
                granule_row(chains[c].granule_key, g, running[0])
                granule_row(chains[c].granule_key, g + 1, running[1])
            clocks[c].granule_row = g
            start, end = max(x, g * ALONG), min(x + cell, (g + 1) * ALONG)
            later = 0.5 * (start + end) / ALONG - g
            part = (end - start) / cell * noise * per_lane
            for i in range(running.shape[1]):
                across[i] = running[0, i] + later * (running[1, i] - running[0, i])
            for l in range(count):
                a = granules[l, 0]
                b = granules[l, 1]
                ia = min(int(a), across.size - 2)
                ib = min(int(b), across.size - 2)
                low = across[ia] + (a - ia) * (across[ia + 1] - across[ia])
                high = across[ib] + (b - ib) * (across[ib + 1] - across[ib])
                mass[row, l] += part * (high - low) / (b - a)
    laid = 0.0
    for l in range(count):
        laid += mass[row, l]
        memory[row, l] = density
    clocks[c].taken += laid
    for m in range(MASSES):
        cells[row].share[m] = told[0].share[m]
    for m in range(3):
        cells[row].fibril[m] = told[0].fibril[m]
    for m in range(len(CARRIED)):
        cells[row].carried[m] = told[0].carried[m]
    for m in range(len(FILM)):
        cells[row].film[m] = 0.0
    cells[row].volume = told[0].volume
    cells[row].yield_factor = told[0].yield_factor
    return laid


@law
def leave_nip(
    n: int, length: float, time: float, base: np.ndarray, ring: int, across: np.ndarray, mass: np.ndarray,
    memory: np.ndarray, cells: np.ndarray, told: np.ndarray, nip_in: np.ndarray, k: int, peak: float, load: float,
) -> None:  # fmt: skip
    """Cell n in nip k is done: it keeps the largest density it has seen, its new length, and what the nip did to its fibrils.

    across: quantities over the lanes of this nip, just solved; peak pressure [Pa] and line load [N/m] of the nip.
    """
    nip = nip_in[k]
    for layer in range(2):
        if base[layer] >= 0:
            row = base[layer] + n % ring
            for l in range(mass.shape[1]):
                D = across[SOLID, l] / across[H, l]
                memory[row, l] = max(memory[row, l], D) if mass[row, l] > 0.0 else memory[row, l]
            cell = cells[row]
            cell.length = length
            cell.left = time
            film = cell.film
            film[ALIGNED] = aligned(film[ALIGNED], nip.aligning, 1.0)
            film[PEAK] = max(film[PEAK], peak)
            film[LOADED] = load
            film[WARMTH] = nip.temperature
            film[CRACKS] += edge_crack_rate(
                nip.elongation, cell.fibril[1], told[0].cracking[0], told[0].cracking[1], told[0].cracking[2]
            )
            if nip.work > 0.0:
                rates = told[0].fibrillation
                U, F = fibrillate(cell.fibril[0], cell.fibril[1], rates[0], rates[1], rates[2], nip.temperature, nip.work)
                cell.fibril[0] = U
                cell.fibril[1] = F
                cell.fibril[2] = max(1.0 - U - F, 0.0)


@law
def enter_nip(
    k: int, n: int, length: float, base: np.ndarray, ring: int, virgin: np.ndarray, table: np.ndarray,
    lane_width: float, nips: np.ndarray, across: np.ndarray, mass: np.ndarray, memory: np.ndarray, cells: np.ndarray,
    inv_cover: np.ndarray, pack: float,
) -> None:  # fmt: skip
    """Begin to draw cell n into nip k: solid thickness and memory of every lane, both films together on the electrode.

    Also foresees to first order by how much the cell changes the load of each lane at the same gap.
    """
    E_el = virgin[1]
    count = mass.shape[1]
    factor = 1.0
    solid, dense, yielded = across[COMING_SOLID], across[COMING_DENSE], across[COMING_YIELDED]
    if n < 0:
        for l in range(count):
            solid[l] = NOTHING
            dense[l] = EMPTY
    elif base[1] < 0:
        row = base[0] + n % ring
        factor = cells[row].yield_factor
        scale = pack * cells[row].volume / (length * lane_width)
        for l in range(count):
            solid[l] = max(mass[row, l] * scale * inv_cover[l], NOTHING)
            dense[l] = max(memory[row, l], LOOSE)
    else:
        row = base[0] + n % ring
        other = base[1] + n % ring
        factor = 0.5 * (cells[row].yield_factor + cells[other].yield_factor)
        scale = pack * cells[row].volume / (length * lane_width)
        second = pack * cells[other].volume / (length * lane_width)
        for l in range(count):
            one = max(mass[row, l] * scale * inv_cover[l], NOTHING)
            two = max(mass[other, l] * second * inv_cover[l], NOTHING)
            solid[l] = one + two
            dense[l] = (one + two) / (one / max(memory[row, l], LOOSE) + two / max(memory[other, l], LOOSE))
    if factor <= 0.0:
        factor = 1.0
    nips[k].low[1] = curve_pressures(dense, virgin, table, yielded)
    nips[k].yield_factor[1] = factor
    for l in range(count):
        p = yielded[l] * factor
        released = released_density(dense[l], p, E_el)
        fed = (0.5 * across[LOAD, l] - across[H, l] * across[SLOPE, l]) / across[SOLID, l]
        across[CHANGE, l] = fed * (solid[l] - across[SOLID, l]) - across[EASE, l] * (released - across[RELEASED, l])
        yielded[l] = p
        across[COMING_RELEASED, l] = released


@law
def cell_is_in(k: int, length: float, nips: np.ndarray, across: np.ndarray) -> None:
    """The cell that was drawn into nip k is in, with the length it has come to have."""
    scale = nips[k].length / length
    for l in range(across.shape[1]):
        across[SOLID, l] = across[COMING_SOLID, l] * scale
        across[DENSE, l] = across[COMING_DENSE, l]
        across[YIELDED, l] = across[COMING_YIELDED, l]
        across[RELEASED, l] = across[COMING_RELEASED, l]
    nips[k].low[0] = nips[k].low[1]
    nips[k].yield_factor[0] = nips[k].yield_factor[1]
