"""What the sensors of nips, metering and web drives read in a tick, and what is true of the nips; true values stay apart."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from dryline.drives.gap_servo import bearing_film
from dryline.kernel import kernel, key_of, law, normal
from dryline.line.disturbances import Disturbances
from dryline.line.schema import Line
from dryline.line.setup import SetUp
from dryline.line.tags import TICK, TagTable
from dryline.process.auxiliaries import shaft_power
from dryline.process.thinning import rolling_power
from dryline.twin.axes import follow_heat
from dryline.twin.disturbances import TENSION_GRID, Wander, drawn
from dryline.twin.gauges import look
from dryline.twin.layout import Layout
from dryline.twin.state import Array, H, Twin, record
from dryline.twin.watch import Watch
from dryline.twin.web_drives import WebDrives

_f, _i, _u = np.float64, np.int64, np.uint64

NIP_SENSOR = record(
    ("position", _i),  # entries among the readings
    ("force", _i),
    ("roll_temperature", _i),
    ("speed", _i),
    ("power", _i),
    ("tension", _i),
    ("interlock", _i),
    ("truth", _i),  # first of the nip's entries among the true values
    ("roll_bias", _f),  # K
    ("drive_power", _f),  # shaft power per roll force and speed, 1
    ("motor", _f),  # efficiency of the drives
    ("film", _f),  # kg of film per metre
)

METER = record(  # weighing of a nip metering
    ("nip", _i),
    ("flow", _i),  # entry among the readings
    ("gain", _f),  # of the scale
    ("window", _f),  # time over which the drive corrects itself, s
    ("weighed", _f),  # state: filtered flow, kg/s
    ("expected", _f),  # state: what the drive asked for, behind the same filter, kg/s
)

HALL = record(  # sensors that belong to no nip
    ("roll_white", _f),  # K
    ("roll_key", _u),
    ("tension_white", _f),  # relative
    ("tension_key", _u),
    ("unwinder", _i),  # entries among the readings, -1 none
    ("winder", _i),
    ("length", _i),
    ("speed", _i),
)


EDGE = 0.1
"""Kept film at each edge whose mean a tilt is taken between [m]: a tilt is long, granules and segments are not."""
WEIGH_FILTER = 1.0
"""Filter of the weighed flow [s] (assumed)."""


class Sensors(NamedTuple):
    """Arrays of the sensors, views into the arena: one row a nip, a metering, and one for the rest."""

    nip_sensors: Array
    meters: Array
    others: Array


def sensor_fields(line: Line, sides: int) -> dict[str, tuple[tuple[int, ...], Any]]:
    """Shape and type of the arrays of `Sensors`."""
    return {"nip_sensors": ((len(line.nips),), NIP_SENSOR), "meters": ((sides,), METER), "others": ((1,), HALL)}


def wire(
    line: Line, layout: Layout, setup: SetUp, readings: TagTable, truth: TagTable, d: Disturbances, seed: int,
    machine_seed: int, chains: Array, sensors: Sensors,
) -> None:  # fmt: skip
    """Fill in errors and places of all sensors."""
    bias = d.roll_temperature.sensor_bias * drawn(machine_seed, "roll sensors", len(line.nips), True)
    for k, nip in enumerate(line.nips):
        row, point = sensors.nip_sensors[k], setup.nips[k]
        for what in ("position", "force", "roll_temperature", "speed", "power", "tension", "interlock"):
            row[what] = readings.index(f"{nip.name}/{what}")
        row["truth"], row["roll_bias"] = truth.index(f"{nip.name}/loaded_gap"), bias[k]
        rolling = rolling_power(1.0, 0.5 * nip.roll_diameter, point.reduction, 1.0)
        row["drive_power"] = shaft_power(rolling, 0.0, line.utilities.bearing_share)
        row["motor"] = line.utilities.motor_efficiency
        row["film"] = point.areal_mass_out * line.pressed_width(nip)
    gain = d.metering.scale_gain * drawn(machine_seed, "metering scales", len(layout.sides))
    for c, side in enumerate(layout.sides):
        metering = next(m for m in line.of_kind("metering") if m.side == side)
        row = sensors.meters[c]
        row["nip"], row["flow"] = chains["nips"][c, 0], readings.index(f"{metering.name}/flow")
        row["gain"], row["window"] = 1.0 + gain[c], metering.weigh_window
    row = sensors.others[0]
    row["roll_white"], row["roll_key"] = d.roll_temperature.sensor_white, key_of(seed, "roll temperature sensors")
    row["tension_white"], row["tension_key"] = d.tension.white, key_of(seed, "web/tension")
    winder = line.of_kind("winder")[0].name
    row["unwinder"], row["winder"] = -1, readings.index(f"{winder}/tension")
    for unwinder in line.of_kind("foil_unwinder"):
        row["unwinder"] = readings.index(f"{unwinder.name}/tension")
    row["length"], row["speed"] = readings.index(f"{winder}/length"), readings.index(f"{winder}/speed")


@law
def contact_margin(
    k: int, rolls: np.ndarray, nips: np.ndarray, nip_in: np.ndarray, eta: np.ndarray, base: np.ndarray
) -> float:
    """Contact margin of nip k [m]: smallest gap over the width if the film vanished now, with the bearings unloaded and run-out
    deducted.
    """
    roll, axis = rolls[k], nips[k].axis
    chock = 0.5 * (axis[0, 0] + axis[1, 0]) + nip_in[k].lift + bearing_film(roll.clearance, nips[k].speed)
    tilt = roll.tilt_arm * (axis[1, 0] - axis[0, 0])
    least = math.inf
    for l in range(eta.shape[1]):
        least = min(least, tilt * eta[k, l] + base[k, l])
    return chock + least - roll.jump - roll.runout_most


@law
def edge_mean(h: np.ndarray, keep: np.ndarray, lanes: float, first: int, step: int) -> float:
    """Mean of h (l,) over the outermost `lanes` kept lanes of one edge of the film, from lane `first` in steps of 1 or -1;
    keep (l,): share of each lane inside the kept width.
    """
    total, left, l = 0.0, lanes, first
    while left > 0.0 and 0 <= l < h.size:
        share = min(keep[l], left)
        total += share * h[l]
        left -= share
        l += step
    return total / (lanes - left)


@law
def film_tilt(h: np.ndarray, keep: np.ndarray, lane_width: float) -> float:
    """Loaded gap at the operator edge of the kept film less that at its drive edge [m], each over `EDGE`; h (l,) [m]."""
    lanes = max(EDGE / lane_width, 1.0)
    return edge_mean(h, keep, lanes, h.size - 1, -1) - edge_mean(h, keep, lanes, 0, 1)


@law
def gap_spread(h: np.ndarray, keep: np.ndarray) -> float:
    """Standard deviation of the loaded gap over the kept lanes [m]; h (l,) [m]."""
    whole, total, squares = 0.0, 0.0, 0.0
    for l in range(h.size):
        whole += keep[l]
        total += keep[l] * (h[l] - h[0])
        squares += keep[l] * (h[l] - h[0]) ** 2
    mean = total / whole
    return math.sqrt(max(squares / whole - mean * mean, 0.0))


@law
def weigh(meters: np.ndarray, clocks: np.ndarray, chain_in: np.ndarray, nips: np.ndarray, values: np.ndarray) -> None:
    """Weighing of the nip metering: filtered flow, and the drive's correction over the weighing window."""
    for c in range(meters.size):
        meter = meters[c]
        clock = clocks[c]
        share = min(TICK / WEIGH_FILTER, 1.0)
        meter.weighed += share * (clock.metered / TICK * meter.gain - meter.weighed)
        meter.expected += share * (chain_in[c].rate * nips[meter.nip].speed - meter.expected)
        if meter.expected > 1e-3 and meter.weighed > 1e-3:
            error = (meter.expected - meter.weighed) / meter.expected
            clock.weigh_factor = min(max(clock.weigh_factor * (1.0 + TICK / meter.window * error), 0.7), 1.4)
        values[meter.flow] = meter.weighed


@law
def read_nips(
    tick: int, steps: int, broken: bool, sensors: np.ndarray, others: np.ndarray, reached: np.ndarray,
    wander: np.ndarray, rolls: np.ndarray, drives: np.ndarray,
    nips: np.ndarray, nip_in: np.ndarray, noise: np.ndarray, foil: float, wound: float, eta: np.ndarray, base: np.ndarray,
    across: np.ndarray, keep: np.ndarray, lane_width: float,
    unwinder: np.ndarray, winder: np.ndarray, values: np.ndarray, truth: np.ndarray,
) -> None:  # fmt: skip
    """Readings of nips, metering and web drives into `values`, true values of the nips into `truth`.

    reached, wander: mean roll temperatures [K] (nip) and what wanders about them (nip, 4); unwinder, winder: records.
    """
    other = others[0]
    second = tick // 10
    last = nips.size - 1
    for k in range(nips.size):
        at, fixed, nip = sensors[k], rolls[k], nips[k]
        roll = reached[k] + wander[k, 0]
        axis = nip.axis
        for side in range(2):
            sign = 2.0 * side - 1.0
            load = 0.5 * nip.force + sign * nip.moment * fixed.tilt_arm
            error = fixed.force_noise * noise[1, noise.shape[1] - 1, 2 * k + side]
            silent = math.isnan(nip_in[k].jumped[side])
            values[at.position + side] = nip_in[k].jumped[side] if silent else axis[side, 2]
            values[at.force + side] = load * (1.0 + fixed.force_gain[side] + nip_in[k].drift[side]) + error
        force = nip.tick_sum[2] / steps
        power = (at.drive_power * force + nip_in[k].work * at.film) * nip.speed
        reading = roll + at.roll_bias + other.roll_white * normal(other.roll_key, second, k)
        if tick % 10 == 0:
            follow_heat(drives[k], reading, 1.0)
        values[at.roll_temperature] = reading
        values[at.speed] = nip.speed / (1.0 + fixed.ratio_error)
        values[at.power] = power
        values[at.interlock] = drives[k].trip
        values[at.tension] = 0.0 if broken else nip.tension
        n = at.truth
        truth[n] = nip.tick_sum[0] / steps + fixed.foil * foil
        truth[n + 1] = nip_in[k].gap
        pressed = force > 0.0
        chocks = nip.tick_sum[1] / steps * (eta[k, -1] - eta[k, 0])
        truth[n + 2] = film_tilt(across[k, H], keep, lane_width) if pressed else chocks
        truth[n + 3] = contact_margin(k, rolls, nips, nip_in, eta, base)
        truth[n + 4] = force
        truth[n + 5] = force / fixed.width
        truth[n + 6] = nip.peak
        truth[n + 7] = nip.residual
        truth[n + 8] = nip.iterations
        truth[n + 9] = roll
        truth[n + 10] = power
        truth[n + 12] = gap_spread(across[k, H], keep) if pressed else 0.0
        truth[n + 13] = power / at.motor
    index = int(tick * TICK / TENSION_GRID)
    pull = other.tension_white * normal(other.tension_key, index, last + 1)
    if other.unwinder >= 0:
        values[other.unwinder] = unwinder[0].tension * (1.0 + pull)
    values[other.winder] = winder[0].tension * (1.0 + other.tension_white * normal(other.tension_key, index, last + 2))
    values[other.length] = wound
    values[other.speed] = nips[last].speed


@kernel
def observe(
    tick: int, steps: int, broken: bool, sensors: Sensors, watch: Watch, reached: np.ndarray, wander: Wander, twin: Twin,
    drives: WebDrives, values: np.ndarray, quality: np.ndarray, truth: np.ndarray,
) -> None:  # fmt: skip
    """All readings of a tick that come from the web and its nips, and the true values of the nips; see `read_nips`, `look`.

    reached: mean roll temperatures without their wander [K] (nip).
    """
    clock, wound, foil = twin.line[0].clock, twin.line[0].wound, twin.line_in[0].foil
    weigh(sensors.meters, twin.clocks, twin.chain_in, twin.nips, values)
    read_nips(
        tick, steps, broken, sensors.nip_sensors, sensors.others, reached, wander.roll, twin.rolls, twin.drives, twin.nips,
        twin.nip_in, twin.noise, foil, wound, twin.eta, twin.base, twin.across,
        twin.keep, twin.line_in[0].lane_width, drives.unwinder, drives.winder, values, truth,
    )  # fmt: skip
    look(
        tick, clock, watch.gauges, watch.scanner, watch.rules, wander.pair, wander.areal, twin.chains, twin.line_in, twin.nip_in,
        twin.clocks, twin.mass, twin.memory, twin.cells, twin.inv_cover, values, quality,
    )  # fmt: skip
