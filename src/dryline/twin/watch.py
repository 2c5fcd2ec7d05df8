"""The gauges of a line as they stand: places on the web, noise, standardising and mastering, as records for the kernel."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from dryline.kernel import key_of
from dryline.line.distances import pair_spacing
from dryline.line.disturbances import Disturbances
from dryline.line.schema import Line
from dryline.line.tags import TICK, TagTable, pixels_of
from dryline.twin.layout import Layout
from dryline.twin.state import Array, record

_f, _i, _u = np.float64, np.int64, np.uint64

GAUGE = record(  # line gauge and three laser pairs over one chain
    ("chain", _i),
    ("nip", _i),  # last nip of the chain: the film springs back from there
    ("delay", _i),  # cells from the entry of the chain
    ("pixels", _i),  # of the areal gauge; 0: laser pairs only
    ("at", _i, (3,)),  # lanes of the laser pairs
    ("pair_noise", _f),  # m
    ("areal_noise", _f),  # relative
    ("key", _u),
    ("master_key", _u),
    ("thickness", _i),  # first entry among the readings, and number of the tag
    ("thickness_tag", _i),
    ("areal", _i),
    ("areal_tag", _i),
    ("mastered", _f, (3,)),  # state: drift taken out at the last mastering, m
)

SCANNER = record(  # traversing areal gauge
    ("chain", _i),
    ("delay", _i),
    ("reach", _f),  # turning point from the middle of the web, m
    ("traverse", _f),  # s
    ("turn", _f),  # s
    ("half_spot", _f),  # lanes
    ("per_metre", _f),  # lanes
    ("foil_density", _f),
    ("noise", _f),  # relative, a box
    ("key", _u),
    ("position", _i),  # entry among the readings
    ("areal", _i),
    ("areal_tag", _i),
)

RULES = record(
    ("standardise_every", _f),
    ("standardise_time", _f),
    ("master_ticks", _i),
    ("master_residual", _f),
)


class Watch(NamedTuple):
    """Arrays of the gauges, views into the arena: gauges in line order (the electrode's last), scanner (1), rules (1)."""

    gauges: Array
    scanner: Array
    rules: Array


def gauge_names(line: Line) -> tuple[str, ...]:
    """Gauges with laser pairs in line order: film gauges of the sides, then the electrode's thickness gauge."""
    return (*(g.name for g in line.of_kind("film_gauge")), line.of_kind("thickness_gauge")[0].name)


def watch_fields(line: Line) -> dict[str, tuple[tuple[int, ...], Any]]:
    """Shape and type of the arrays of `Watch`."""
    return {"gauges": ((len(gauge_names(line)),), GAUGE), "scanner": ((1,), SCANNER), "rules": ((1,), RULES)}


def stand(line: Line, layout: Layout, readings: TagTable, d: Disturbances, seed: int, chains: Array, watch: Watch) -> None:
    """Fill in where every gauge stands, what it errs, and where its readings go."""
    number = {tag.path: n for n, tag in enumerate(readings.tags)}
    lanes, width = line.web.lanes, line.web.film_width
    inside = 0.5 * pair_spacing(line.web.kept_width)
    at = (np.array([-inside, 0.0, inside]) / width + 0.5) * lanes
    samples = TICK / max(d.thickness_gauge.sample, 1e-3)
    for g, name in enumerate(gauge_names(line)):
        station, row = line.station(name), watch.gauges[g]
        film = station.kind == "film_gauge"
        chain = layout.chain_of_side[station.side] if film else layout.electrode
        row["chain"], row["nip"] = chain, chains["nips"][chain, 1] - 1
        row["delay"] = layout.delay(chain, station.distance)
        row["pixels"] = pixels_of(line, name) if film else 0
        row["at"] = np.clip(at.astype(np.int64), 0, lanes - 1)
        row["pair_noise"] = d.thickness_gauge.noise / math.sqrt(samples)
        row["areal_noise"] = d.areal_gauge.noise * math.sqrt(d.areal_gauge.box / TICK)
        row["key"], row["master_key"] = key_of(seed, f"{name}/noise"), key_of(seed, f"{name}/master")
        row["thickness"], row["thickness_tag"] = readings.index(f"{name}/thickness"), number[f"{name}/thickness"]
        if film:
            row["areal"], row["areal_tag"] = readings.index(f"{name}/areal_mass"), number[f"{name}/areal_mass"]
    scanner, row = line.of_kind("scanner")[0], watch.scanner[0]
    row["chain"], row["delay"] = layout.electrode, layout.delay(layout.electrode, scanner.distance)
    row["reach"] = max(0.5 * line.web.kept_width - 0.5 * scanner.spot, 0.0)
    row["traverse"] = max(2.0 * row["reach"] / scanner.scan_speed, 1e-9)
    row["turn"] = scanner.turn_round
    row["per_metre"] = lanes / width
    row["half_spot"] = 0.5 * scanner.spot * row["per_metre"]
    row["foil_density"] = sum(unwinder.density for unwinder in line.of_kind("foil_unwinder"))
    row["noise"], row["key"] = d.areal_gauge.noise, key_of(seed, f"{scanner.name}/noise")
    row["position"] = readings.index(f"{scanner.name}/position")
    row["areal"], row["areal_tag"] = readings.index(f"{scanner.name}/areal_mass"), number[f"{scanner.name}/areal_mass"]
    rules = watch.rules[0]
    rules["standardise_every"] = max(d.areal_gauge.standardise_every, TICK)
    rules["standardise_time"] = d.areal_gauge.standardise_time
    rules["master_ticks"] = max(round(d.thickness_gauge.master_every / TICK), 1)
    rules["master_residual"] = d.thickness_gauge.master_residual
