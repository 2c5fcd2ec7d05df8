"""What happens to the layers of a material cell behind its film's nips: trimmed, merged on the foil, wound. One call a cell."""

from __future__ import annotations

import numpy as np

from dryline.kernel import law
from dryline.process.compaction import released_density
from dryline.process.tabulated import curve_pressures
from dryline.twin.cells import EMPTY, LOOSE
from dryline.twin.patches import weigh_row
from dryline.twin.powder_recycle import return_film
from dryline.twin.state import (
    CARRIED,
    FILM,
    FILM_LENGTH,
    MASSES,
    METRES,
    SOLID_LENGTH,
)


@law
def merge_film(
    share: float, layer: int, row: int, mass: np.ndarray, memory: np.ndarray, cells: np.ndarray, merge: np.ndarray,
    merge_lanes: np.ndarray,
) -> None:  # fmt: skip
    """Hand a share of the film cell in a row over to one layer of the forming electrode cell."""
    total = 0.0
    for l in range(mass.shape[1]):
        m = share * mass[row, l]
        total += m
        merge_lanes[layer, 0, l] += m
        merge_lanes[layer, 1, l] += m / max(memory[row, l], LOOSE)
    for m_ in range(MASSES):
        merge[layer].share[m_] += total * cells[row].share[m_]
    for m_ in range(3):
        merge[layer].fibril[m_] += total * cells[row].fibril[m_]
    for m_ in range(len(CARRIED)):
        merge[layer].carried[m_] += total * cells[row].carried[m_]
    for m_ in range(len(FILM)):
        merge[layer].film[m_] += total * cells[row].film[m_]
    merge[layer].volume += total * cells[row].volume
    merge[layer].yield_factor += total * cells[row].yield_factor


@law
def close_electrode_cell(
    n: int, base: np.ndarray, ring: int, foil: float, mass: np.ndarray, memory: np.ndarray, cells: np.ndarray,
    merge: np.ndarray, merge_lanes: np.ndarray,
) -> None:  # fmt: skip
    """The merged films become electrode cell n; the accumulators start again."""
    for layer in range(2):
        if base[layer] >= 0:
            row = base[layer] + n % ring
            total = 0.0
            for l in range(mass.shape[1]):
                m = merge_lanes[layer, 0, l]
                total += m
                mass[row, l] = m
                memory[row, l] = m / merge_lanes[layer, 1, l] if m > 0.0 else EMPTY
                merge_lanes[layer, 0, l] = 0.0
                merge_lanes[layer, 1, l] = 0.0
            part = 1.0 / total if total > 0.0 else 0.0
            for m_ in range(MASSES):
                cells[row].share[m_] = merge[layer].share[m_] * part
                merge[layer].share[m_] = 0.0
            for m_ in range(3):
                cells[row].fibril[m_] = merge[layer].fibril[m_] * part
                merge[layer].fibril[m_] = 0.0
            for m_ in range(len(CARRIED)):
                cells[row].carried[m_] = merge[layer].carried[m_] * part
                merge[layer].carried[m_] = 0.0
            for m_ in range(len(FILM)):
                cells[row].film[m_] = merge[layer].film[m_] * part
                merge[layer].film[m_] = 0.0
            cells[row].volume = merge[layer].volume * part
            cells[row].yield_factor = merge[layer].yield_factor * part
            cells[row].foil = foil
            merge[layer].volume = 0.0
            merge[layer].yield_factor = 0.0


@law
def trim_edges(
    n: int, base: np.ndarray, ring: int, keep: np.ndarray, mass: np.ndarray, cells: np.ndarray, metre: np.ndarray
) -> None:
    """Cut the lanes outside the kept width off cell n; the cut mass is booked by component in the open metre."""
    for layer in range(2):
        if base[layer] >= 0:
            row = base[layer] + n % ring
            cut = 0.0
            for l in range(keep.size):
                if keep[l] < 1.0:
                    m = mass[row, l]
                    mass[row, l] = m * keep[l]
                    cut += m - mass[row, l]
            for m_ in range(MASSES):
                metre[0].trim[m_] += cut * cells[row].share[m_]


@law
def lose_web(
    n: int, base: np.ndarray, ring: int, mass: np.ndarray, memory: np.ndarray, cells: np.ndarray, metre: np.ndarray
) -> None:
    """Cell n of a torn web falls off before its nip: nothing enters, its mass is booked by component in the open metre."""
    for layer in range(2):
        if base[layer] >= 0:
            row = base[layer] + n % ring
            lost = 0.0
            for l in range(mass.shape[1]):
                lost += mass[row, l]
                mass[row, l], memory[row, l] = 0.0, EMPTY
            for m_ in range(MASSES):
                metre[0].trim[m_] += lost * cells[row].share[m_]


@law
def trim_film(
    row: int, divert: bool, keep: np.ndarray, mass: np.ndarray, memory: np.ndarray, cells: np.ndarray, hall: float,
    aged: int, returned: np.ndarray,
) -> None:  # fmt: skip
    """Cut the edges off the film cell in a row, or all of it where the film is diverted; what is cut goes back."""
    cut = 0.0
    for l in range(keep.size):
        share = 0.0 if divert else keep[l]
        if share < 1.0:
            m = mass[row, l]
            mass[row, l] = m * share
            cut += m - mass[row, l]
            memory[row, l] = memory[row, l] if mass[row, l] > 0.0 else EMPTY
    cell = cells[row]
    return_film(returned, cut, cell.share, cell.fibril, cell.carried, cell.yield_factor, hall, aged)


@law
def wind_cell(
    n: int, time: float, base: np.ndarray, ring: int, virgin: np.ndarray, told: np.ndarray, keep: np.ndarray,
    mass: np.ndarray, memory: np.ndarray, cells: np.ndarray, line: np.ndarray, metres: np.ndarray,
    metre_lanes: np.ndarray, lanes: np.ndarray, parts: np.ndarray, widths: np.ndarray, patch_row: np.ndarray,
    patch_lanes: np.ndarray, patch_columns: np.ndarray, patch_metres: np.ndarray,
) -> None:  # fmt: skip
    """Wind cell n: add it to the metre and to the row of patches in the making, split where a metre or a row ends.

    lanes (4, l): place for relaxed and solid thickness of the cell's layers; parts and the others: as `weigh_row` takes them.
    """
    whole = cells[base[0] + n % ring].length
    left = whole
    relax = 1.0 + told[0].relax
    for layer in range(2):
        if base[layer] >= 0:
            row = base[layer] + n % ring
            factor = cells[row].yield_factor
            scale = cells[row].volume / (whole * told[0].lane_width)
            wound = lanes[2 * layer + 1]
            for l in range(keep.size):
                wound[l] = max(memory[row, l], LOOSE)
            curve_pressures(wound, virgin, told[0].table, lanes[2 * layer])
            for l in range(keep.size):
                solid = mass[row, l] * scale / max(keep[l], 1e-9)
                lanes[2 * layer, l] = relax * solid / released_density(wound[l], factor * lanes[2 * layer, l], virgin[1])
                wound[l] = solid
    while left > 1e-9 * whole:
        d = line[0].metres
        piece = min(1.0 - metres[d].length, left)
        share = piece / whole
        for layer in range(2):
            if base[layer] >= 0:
                row = base[layer] + n % ring
                total = 0.0
                for l in range(keep.size):
                    m = mass[row, l]
                    total += m
                    metre_lanes[d, layer, l] += share * m
                    metre_lanes[d, SOLID_LENGTH, l] += piece * lanes[2 * layer + 1, l]
                    metre_lanes[d, FILM_LENGTH, l] += piece * lanes[2 * layer, l]
                for m_ in range(MASSES):
                    metres[d].share[m_] += share * total * cells[row].share[m_]
                metres[d].fibril[0] += share * total * cells[row].fibril[0]
                metres[d].fibril[1] += share * total * cells[row].fibril[1]
                metres[d].fibril[2] += share * total
                for m_ in range(len(CARRIED)):
                    metres[d].carried[m_] += share * total * cells[row].carried[m_]
                for m_ in range(len(FILM)):
                    metres[d].film[m_] += share * total * cells[row].film[m_]
                if layer == 0:
                    metres[d].foil += piece * cells[row].foil
        metres[d].length += piece
        line[0].wound += piece
        left -= piece
        along = piece
        while along > 0.0:
            step = min(patch_row[0].patch - patch_row[0].length, along)
            along -= step
            share = step / whole
            for layer in range(2):
                if base[layer] >= 0:
                    row = base[layer] + n % ring
                    for l in range(keep.size):
                        patch_lanes[layer, l] += share * mass[row, l]
            patch_row[0].length += step
            ends = along <= 0.0 and metres[d].length >= 1.0 - 1e-12
            if ends or patch_row[0].length >= (1.0 - 1e-9) * patch_row[0].patch:
                weigh_row(d, patch_row, parts, widths, patch_lanes, patch_columns, patch_metres)
            if ends:
                patch_row[0].closed = 0.0
        if metres[d].length >= 1.0 - 1e-12:
            metres[d].time = time
            if d + 1 >= METRES:
                raise IndexError("the slots of finished metres were not emptied")
            line[0].metres = d + 1
