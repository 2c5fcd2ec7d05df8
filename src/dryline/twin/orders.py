"""What a tick hands to the web: commands, the powder in the surge hopper, and fast noise on each source's own time grid."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from dryline.kernel import kernel, key_of, law, normal, normal_pair
from dryline.line.disturbances import Disturbances
from dryline.line.schema import Line
from dryline.line.setup import SetUp
from dryline.line.tags import TICK
from dryline.materials.recipe import COMPONENTS as SOLIDS
from dryline.materials.recipe import Recipe
from dryline.twin import powder_state as ps
from dryline.twin.axes import OPEN
from dryline.twin.disturbances import TENSION_GRID
from dryline.twin.state import COMMAND, MASSES, Array, Twin, record

_f, _u = np.float64, np.uint64

NIP_NOISE = record(
    ("speed_key", _u),
    ("span_tension", _f),  # tension of the span before the nip by the set-up, N/m
)

LINE_NOISE = record(
    ("sensor_key", _u),  # gap sensor and load cell of an axis
    ("tension_key", _u),
    ("tension", _f),  # relative
    ("speed", _f),
    ("metering", _f),
)


SMOOTH = math.sqrt(1.5)
"""Gain that gives numbers interpolated between samples the mean square of the samples."""


class Orders(NamedTuple):
    """Where the commands lie: nip (nip, NIP_COMMANDS), rate, first segment and divert (side, -1 none);
    segment_lanes (side, lane, segment).
    """

    nip: Array
    rate: Array
    segment: Array
    divert: Array
    segment_lanes: Array


class NoiseSources(NamedTuple):
    """Arrays of the noise sources, views into the arena: a row a nip, a key a side, one for the line."""

    nip_noise: Array
    metering_keys: Array
    line_noise: Array


def noise_fields(line: Line, sides: int) -> dict[str, tuple[tuple[int, ...], Any]]:
    """Shape and type of the arrays of `NoiseSources`."""
    return {"nip_noise": ((len(line.nips),), NIP_NOISE), "metering_keys": ((sides,), _u), "line_noise": ((1,), LINE_NOISE)}


def noise_sources(setup: SetUp, sides: tuple[str, ...], d: Disturbances, seed: int, noise: NoiseSources) -> None:
    """Fill in keys and amplitudes."""
    for k, nip in enumerate(setup.nips):
        noise.nip_noise["speed_key"][k] = key_of(seed, f"{nip.name}/speed")
        noise.nip_noise["span_tension"][k] = nip.span_tension
    for c, side in enumerate(sides):
        noise.metering_keys[c] = key_of(seed, f"metering {side}/flow")
    row = noise.line_noise[0]
    row["sensor_key"] = key_of(seed, "gap sensors and load cells")
    row["tension_key"], row["tension"] = key_of(seed, "web/tension"), d.tension.white
    row["speed"], row["metering"] = d.drives.white, d.metering.white


@law
def draw_noise(
    tick: int, sources: np.ndarray, keys: np.ndarray, line_noise: np.ndarray, nip_in: np.ndarray, chain_in: np.ndarray,
    samples: np.ndarray,
) -> None:  # fmt: skip
    """Draw the noise of a tick into the inputs of the web: a gap sensor and a load cell have a sample a millisecond."""
    row = line_noise[0]
    index = math.floor(tick * TICK / TENSION_GRID)
    for k in range(sources.size):
        source = sources[k]
        nip_in[k].tension = source.span_tension * (1.0 + row.tension * normal(row.tension_key, index, k))
        nip_in[k].speed_noise[0] = row.speed * normal(source.speed_key, tick, 0)
        nip_in[k].speed_noise[1] = row.speed * normal(source.speed_key, tick + 1, 0)
    for c in range(keys.size):
        for end in range(2):
            second = (tick + end) // 10
            share = (tick + end) / 10.0 - second
            before, after = normal(keys[c], second, 0), normal(keys[c], second + 1, 0)
            chain_in[c].metering_noise[end] = row.metering * SMOOTH * (before + share * (after - before))
    first = tick * samples.shape[1]
    for ms in range(samples.shape[1]):
        for axis in range(samples.shape[2]):
            samples[0, ms, axis], samples[1, ms, axis] = normal_pair(row.sensor_key, first + ms, axis)


def specific_volumes(recipe: Recipe) -> Array:
    """Volume per mass of each solid component [m3/kg], 0 for those that the mix lacks."""
    volumes = {component.name: 1.0 / component.material.true_density for component in recipe.components}
    return np.array([volumes.get(name, 0.0) for name in SOLIDS])


@kernel
def take(given: np.ndarray, low: np.ndarray, high: np.ndarray, zero: np.ndarray, command: np.ndarray) -> bool:
    """Commands of a tick, clipped to their ranges; what is not finite keeps its last value. Whether a nip is to be zeroed."""
    for n in range(command.size):
        if math.isfinite(given[n]):
            command[n] = min(max(given[n], low[n]), high[n])
    told = False
    for k in range(zero.size):
        told = told or command[zero[k]] > 0.5
    return told


@kernel
def hand_over(
    tick: int, stopped: bool, torn: int, command: np.ndarray, orders: Orders, line_speed: int, powder: np.ndarray,
    specific_volume: np.ndarray, loose: float, noise: NoiseSources, base_step: np.ndarray, virgin_step: np.ndarray, twin: Twin,
) -> None:  # fmt: skip
    """Set the inputs of the web for a tick.

    stopped : the drives bring the line to a stop; torn : one more than the number of the nip before which the web has broken,
    else 0; line_speed : entry of the line speed in `command`; powder : `powder_state.POWDER`; specific_volume : of the solid
    components [m3/kg]; loose : relative density of the bed per bulk density; base_step, virgin_step : what the tick adds to
    gap and virgin curves (see `heat.Ahead`).
    """
    nip_in, chain_in, told = twin.nip_in, twin.chain_in, twin.line_in[0]
    share, fibrils, carried = powder[0].powder_composition, powder[0].powder_fibrils, powder[0].powder_carried
    quality = powder[0].powder_quality
    for k in range(nip_in.size):
        for l in range(twin.base.shape[1]):
            twin.base[k, l] += base_step[k, l]
        for n in range(virgin_step.shape[1]):
            nip_in[k].virgin[n] += virgin_step[k, n]
    for k in range(nip_in.size):
        nip_in[k].gap = command[orders.nip[k, 0]] + command[orders.nip[k, 10]]  # a lift over a splice is ordered, too
        nip_in[k].tilt = command[orders.nip[k, 1]]
        nip_in[k].bending = command[orders.nip[k, 2]]
        nip_in[k].ratio = command[orders.nip[k, 3]]
        nip_in[k].opened = OPEN if command[orders.nip[k, 5]] > 0.5 else 0.0
        nip_in[k].force_mode = command[orders.nip[k, 6]]
        nip_in[k].force = command[orders.nip[k, 7]]
        nip_in[k].correction = command[orders.nip[k, 8]]
    told.speed = 0.0 if stopped else command[line_speed]
    told.torn = torn
    told.volume = 0.0
    for m in range(MASSES):
        told.share[m] = share[m]
    for m in range(specific_volume.size):
        told.volume += share[m] * specific_volume[m]
    for m in range(3):
        told.fibril[m] = fibrils[m]
    for m in range(carried.size):
        told.carried[m] = carried[m]
    told.density = quality[ps.BULK_DENSITY]
    told.yield_factor = quality[ps.YIELD_PRESSURE]
    for c in range(orders.rate.size):
        chain_in[c].rate = command[orders.rate[c]]
        chain_in[c].bed_density = loose * quality[ps.BULK_DENSITY]
        chain_in[c].divert = command[orders.divert[c]] if orders.divert[c] >= 0 else 0.0
        for l in range(twin.keep.size):
            trim = 0.0
            for n in range(orders.segment_lanes.shape[2]):
                trim += orders.segment_lanes[c, l, n] * command[orders.segment[c] + n]
            twin.spread[c, COMMAND, l] = trim
    draw_noise(tick, noise.nip_noise, noise.metering_keys, noise.line_noise, nip_in, chain_in, twin.noise)
