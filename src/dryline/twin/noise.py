"""Fast noise of a tick: web tension, speeds, metering, gap sensors and load cells, each source on its own time grid."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from dryline.kernel import kernel, key_of, normal, normal_pair
from dryline.line.disturbances import Disturbances
from dryline.line.schema import Line
from dryline.line.setup import SetUp
from dryline.line.tags import TICK
from dryline.twin.disturbances import TENSION_GRID
from dryline.twin.state import Array, Twin, record

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


@kernel
def draw_noise(tick: int, noise: NoiseSources, twin: Twin) -> None:
    """Draw the noise of a tick into the inputs of the web: a gap sensor and a load cell have a sample a millisecond."""
    row = noise.line_noise[0]
    index = math.floor(tick * TICK / TENSION_GRID)
    for k in range(noise.nip_noise.size):
        source = noise.nip_noise[k]
        twin.nip_in[k].tension = source.span_tension * (1.0 + row.tension * normal(row.tension_key, index, k))
        twin.nip_in[k].speed_noise[0] = row.speed * normal(source.speed_key, tick, 0)
        twin.nip_in[k].speed_noise[1] = row.speed * normal(source.speed_key, tick + 1, 0)
    for c in range(noise.metering_keys.size):
        for end in range(2):
            second = (tick + end) // 10
            share = (tick + end) / 10.0 - second
            before, after = normal(noise.metering_keys[c], second, 0), normal(noise.metering_keys[c], second + 1, 0)
            twin.chain_in[c].metering_noise[end] = row.metering * SMOOTH * (before + share * (after - before))
    first = tick * twin.noise.shape[1]
    for ms in range(twin.noise.shape[1]):
        for axis in range(twin.noise.shape[2]):
            twin.noise[0, ms, axis], twin.noise[1, ms, axis] = normal_pair(row.sensor_key, first + ms, axis)
