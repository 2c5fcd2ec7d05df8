"""What gauges see of the web: the cells that passed since their last reading, each gauge with its own footprint.

Where the web stands a gauge reads the same cell again. Areal gauges read mass per area of everything under them; thickness
gauges read the released film as it has relaxed until now.
"""

from __future__ import annotations

import math

import numpy as np

from dryline.kernel import exp, kernel, law, normal
from dryline.line.tags import BOXES, TICK
from dryline.process.compaction import released_density, virgin_pressure
from dryline.process.tabulated import table_at


@law
def cells_passed(before: int, now: int, delay: int) -> tuple[int, int]:
    """First cell and one past the last cell that passed a gauge while the chain went from `before` to `now` ticks."""
    last = now - delay
    return max(min(before - delay, last - 1), 0), last


@law
def areal_lanes(
    c: int, first: int, last: int, lane_width: float, chains: np.ndarray, mass: np.ndarray, cells: np.ndarray,
    inv_cover: np.ndarray, out: np.ndarray,
) -> None:  # fmt: skip
    """Mean areal mass of coating [kg/m2] of cells first to last - 1 of chain c, for every lane."""
    for l in range(out.size):
        out[l] = 0.0
    share = 1.0 / ((last - first) * lane_width)
    for n in range(first, last):
        for layer in range(2):
            base = chains[c].track[layer]
            if base >= 0:
                row = base + n % chains[c].ring
                length = cells[row].length
                scale = share / length if length > 0.0 else 0.0
                for l in range(out.size):
                    out[l] += mass[row, l] * scale
    for l in range(out.size):
        out[l] *= inv_cover[c, l]


@law
def under_spot(lanes: np.ndarray, low: float, high: float) -> float:
    """Mean of lane values under a spot between two lane coordinates [lanes]."""
    total = 0.0
    for l in range(int(low), min(math.ceil(high), lanes.size)):
        total += (min(high, l + 1.0) - max(low, float(l))) * lanes[l]
    return total / (high - low)


@law
def film_thickness(
    c: int, first: int, last: int, at: np.ndarray, clock: float, virgin: np.ndarray, told: np.ndarray, chains: np.ndarray,
    mass: np.ndarray, memory: np.ndarray, cells: np.ndarray, inv_cover: np.ndarray, out: np.ndarray,
) -> None:  # fmt: skip
    """Mean thickness [m] of the films (foil included on an electrode) of cells first to last - 1 at some lanes."""
    for x in range(at.size):
        out[x] = 0.0
    for n in range(first, last):
        for layer in range(2):
            base = chains[c].track[layer]
            if base >= 0:
                row = base + n % chains[c].ring
                cell = cells[row]
                age = max(clock - cell.left, 0.0)
                grown = 1.0 + told[0].relax * (1.0 - exp(-min(age * told[0].relax_rate, 600.0)))
                scale = cell.volume / (cell.length * told[0].lane_width) if cell.length > 0.0 else 0.0
                if virgin[5] < 0.0:
                    for x in range(at.size):
                        D = max(memory[row, at[x]], 1e-3)
                        p, _ = table_at(D, told[0].table)
                        y = cell.yield_factor * (virgin[0] * p)
                        out[x] += mass[row, at[x]] * scale * inv_cover[c, at[x]] / released_density(D, y, virgin[1]) * grown
                else:
                    for x in range(at.size):
                        D = max(memory[row, at[x]], 1e-3)
                        y = cell.yield_factor * virgin_pressure(
                            D, virgin[0], virgin[2], virgin[3], virgin[4], virgin[5], virgin[6]
                        )
                        out[x] += mass[row, at[x]] * scale * inv_cover[c, at[x]] / released_density(D, y, virgin[1]) * grown
                for x in range(at.size):
                    out[x] += cell.foil if layer == 0 else 0.0
    for x in range(at.size):
        out[x] /= last - first


@law
def spot_place(time: float, reach: float, traverse: float, turn: float) -> float:
    """Place of a traversing spot [m] from the middle of the web: zig-zag with a stop `turn` [s] at each side."""
    half = traverse + turn
    phase = time - 2.0 * half * math.floor(time / (2.0 * half))
    way = min(phase if phase < half else phase - half, traverse) / traverse
    return reach * (2.0 * way - 1.0) if phase < half else reach * (1.0 - 2.0 * way)


@law
def look(
    tick: int, clock: float, gauges: np.ndarray, scanner: np.ndarray, rules: np.ndarray, pair: np.ndarray, areal: np.ndarray,
    chains: np.ndarray, told: np.ndarray, nip_in: np.ndarray, clocks: np.ndarray, mass: np.ndarray, memory: np.ndarray,
    cells: np.ndarray, inv_cover: np.ndarray, values: np.ndarray, quality: np.ndarray,
) -> None:  # fmt: skip
    """Readings of all gauges over the web for a tick, into `values` and `quality` at their places.

    pair: drift of the laser pairs [m] (gauge, pair); areal: relative
    drift of the areal gauges (gauge, and the scanner last), set to zero when they are standardised.
    """
    rule = rules[0]
    time = tick * TICK
    since = time - rule.standardise_every * math.floor(time / rule.standardise_every)
    blind = time >= rule.standardise_every and since < rule.standardise_time
    if blind and since < TICK:
        areal[:] = 0.0
    lanes = np.zeros(mass.shape[1])
    for g in range(gauges.size):
        gauge = gauges[g]
        c = gauge.chain
        first, last = cells_passed(clocks[c].seen, clocks[c].ticks, gauge.delay)
        if tick % rule.master_ticks == 0:
            for x in range(pair.shape[1]):
                left = rule.master_residual * normal(gauge.master_key, tick, x)
                gauge.mastered[x] = pair[g, x] - left
        at = gauge.thickness
        thickness = values[at : at + 3]
        quality[gauge.thickness_tag] = 0 if last > 0 else 2
        if last > 0:
            film_thickness(
                c, first, last, gauge.at, clock, nip_in[gauge.nip].virgin, told, chains, mass, memory, cells, inv_cover,
                thickness,
            )  # fmt: skip
        else:
            thickness[:] = 0.0
        for x in range(pair.shape[1]):
            thickness[x] += gauge.pair_noise * normal(gauge.key, tick, x) + pair[g, x] - gauge.mastered[x]
        pixels = gauge.pixels
        if pixels > 0:
            at = gauge.areal
            width = float(lanes.size) / pixels
            quality[gauge.areal_tag] = 0 if last > 0 and not blind else 2
            if last > 0:
                areal_lanes(c, first, last, told[0].lane_width, chains, mass, cells, inv_cover, lanes)
            else:
                lanes[:] = 0.0
            for x in range(pixels):
                error = 1.0 + areal[g] + gauge.areal_noise * normal(gauge.key, tick, 3 + x)
                values[at + x] = under_spot(lanes, x * width, (x + 1) * width) * error
    s = scanner[0]
    now, past = clocks[s.chain].ticks, clocks[s.chain].seen
    row = chains[s.chain].track[0] + max(now - 1 - s.delay, 0) % chains[s.chain].ring
    foil = cells[row].foil * s.foil_density
    for box in range(BOXES):
        y = spot_place(time + (box + 0.5) * TICK / BOXES, s.reach, s.traverse, s.turn) * s.per_metre + 0.5 * lanes.size
        low = past + (now - past) * box // BOXES
        first, last = cells_passed(low, past + (now - past) * (box + 1) // BOXES, s.delay)
        coating = 0.0
        if last > 0:
            areal_lanes(s.chain, first, last, told[0].lane_width, chains, mass, cells, inv_cover, lanes)
            coating = under_spot(lanes, y - s.half_spot, y + s.half_spot)
        error = 1.0 + areal[gauges.size] + s.noise * normal(s.key, tick, box)
        values[s.areal + box] = (coating + foil) * error
    values[s.position] = spot_place(time + TICK, s.reach, s.traverse, s.turn)
    quality[s.areal_tag] = 0 if now - s.delay > 0 and not blind else 2
    for c in range(clocks.size):
        clocks[c].seen = clocks[c].ticks


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
            base = chains[c].track[layer]
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
