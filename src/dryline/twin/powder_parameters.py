"""Parameters of the powder side of the twin: what the line, the recipe, the set-up and the disturbances say, as numbers."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from dryline.kernel import fill_normals, fill_uniforms, key_of
from dryline.materials.recipe import COMPONENTS
from dryline.process.auxiliaries import conveying_work
from dryline.process.feeding import DRIVE_POWER, WHITE_CLOCK
from dryline.process.mixing import delay_slots, tank_chain
from dryline.setup.machines import shear_machine
from dryline.twin.powder_options import regrind_values, starting_flows, sulfide_values, treatment_rows
from dryline.twin.powder_state import ACTIVE, LOT_COLUMNS, MOST_FEEDERS, PTFE
from dryline.twin.state import record

FEEDER = (
    "capacity", "refill_level", "refill_time", "k_max", "k_min", "decay_mass", "flights", "screw_lag", "max_speed",
    "weigh_window", "chute_whole", "chute_part", "white", "pulsation", "pulsation_start", "drift", "refill_error",
    "bridging", "scale_noise", "piece_mass", "pieces_per_lot", "lot_start", "bag_share", "flow",
    "moisture", "dry_keep", "dry_to", "transferred", "treatment_work", "treatment_heat",
)  # fmt: skip
"""Rows of `feeder`: of the station, then disturbances (one standard deviation; drift and bridging per second), then lots:
mass of a piece (bag or lot), pieces a lot, mass used of the first lot, size of a bag's deviation; flow at the start; then
mean moisture as delivered, what dryer and transfer make of it (`Drying`), and electric work and heat of the treatment [J/kg]."""

(
    CAPACITY, REFILL_LEVEL, REFILL_TIME, K_MAX, K_MIN, DECAY_MASS, FLIGHTS, SCREW_LAG, MAX_SPEED,
    WEIGH_WINDOW, CHUTE_WHOLE, CHUTE_PART, WHITE, PULSATION, PULSATION_START, DRIFT, REFILL_ERROR,
    BRIDGING, SCALE_NOISE, PIECE_MASS, PIECES_PER_LOT, LOT_START, BAG_SHARE, FLOW,
    MOISTURE, DRY_KEEP, DRY_TO, TRANSFERRED, TREATMENT_WORK, TREATMENT_HEAT,
) = range(len(FEEDER))  # fmt: skip

SOURCES = ("white", "drift", "refill", "bridging", "scale", "lot", "bag", "moisture")
"""Random sources of a feeder: each is keyed by the seed and `<feeder>/<source>`."""

WHITE_KEY, DRIFT_KEY, REFILL_KEY, BRIDGING_KEY, SCALE_KEY, LOT_KEY, BAG_KEY, MOISTURE_KEY, AIR_KEYS = range(9)
"""Rows of `keys`, a column a feeder; in the last one the columns are jacket and dew point."""

HOUR = 3600.0

FEEDS = (*COMPONENTS, "recycle")
"""What feeders bring, in their order."""


_f, _i = np.float64, np.int64

PARAMETERS = record(
    ("tick", _f),  # s
    ("feeder", _f, (len(FEEDER), MOST_FEEDERS)),  # a column a feeder of the line
    ("component", _i, (MOST_FEEDERS,)),  # what it brings, as column of CARGO
    ("lot_sigma", _f, (MOST_FEEDERS, len(LOT_COLUMNS))),
    ("keys", np.uint64, (len(SOURCES) + 1, MOST_FEEDERS)),
    ("plug_whole", _i),  # delay of the mixer's plug: whole ticks and the part of one
    ("plug_part", _f),
    ("drive_power", _f),  # of a feeder at full speed, W
    ("bridge_min", _f),  # s
    ("bridge_max", _f),
    ("moisture", _f),  # of the recipe, kg/kg dry
    ("conveying_work", _f),  # of the compressor, J/kg
    ("mixer_residence", _f),  # of the chain of tanks, s
    ("mixer_specific_power", _f),  # W/kg
    ("machine_residence", _f),
    ("conductance", _f),  # U A of all machines in use, W/K
    ("gas_cooling", _f),  # heat to the gas per kelvin and shear work, 1/K
    ("heat_share", _f),  # of the work, in the powder
    ("efficiency", _f),  # shear work per electric energy
    ("machine_dew_point", _f),  # K
    ("open_machine", _i),  # 1 where it is that of the hall
    ("c_p", _f),
    ("k_1", _f),  # kg/J, at f_T = 1
    ("k_2", _f),
    ("b_T", _f),
    ("jacket_lag", _f),  # s
    ("air_sigma", _f, (2,)),  # spread of jacket and dew point, K
    ("air_keep", _f, (2,)),  # correlation of their deviations over one second
    ("dew_point", _f),  # of the hall, K
    ("surge_capacity", _f),  # kg
    ("surge_level", _f),
    ("bulk_density", _f),
    ("d50", _f),
    ("wall_friction", _f),
    ("compressibility", _f),
    ("work", _f),  # at the start, J/kg
    ("jacket_temperature", _f),  # at the start, K
    ("feed_temperature", _f),
    ("feeder_delay", _f, (MOST_FEEDERS,)),  # of the chute, s
    ("plug_delay", _f),  # s
    ("transfer_time", _f),  # of treated powder in the hall, s
    ("ageing", _f),  # k_s A_s of the electrolyte, 1/s
    ("ageing_order", _f),
    ("aged", _i),  # the component that is of sulfide
    ("h2s", _f),  # Y k_w A_s, kg/(kg s)
    ("air_change", _f),  # of the hall, 1/s
    ("recycling", _i),  # 1 where the line has a granulator and a silo
    ("recycle_share", _f),  # of the total feed at the start
    ("granulator_lag", _f),  # s
    ("granulator_idle", _f),  # W
    ("dust", _f),  # share of the returned film
    ("grinding_work", _f),  # J/kg
    ("grinding_k_1", _f),  # kg/J, at f_T = 1
    ("grinding_k_2", _f),
    ("silo_capacity", _f),  # kg
    ("silo_level", _f),  # at the start
)


class PowderParameters(NamedTuple):
    """Numbers of the powder side in SI units, and transitions of the chains of tanks; Python finds a number by its name."""

    numbers: np.ndarray  # 1: PARAMETERS
    mixer_chain: np.ndarray  # n+1 x n+1
    machine_chain: np.ndarray  # n+1 x n+1

    def __getattr__(self, name: str) -> Any:
        """Value of a field of the record."""
        if name not in (PARAMETERS.names or ()):
            raise AttributeError(name)
        return self.numbers[name][0]


def feeders_of(line: Any) -> list[Any]:
    """Feeders of a line in the order of FEEDS; ValueError where two bring the same."""
    found = {feeder.component: feeder for feeder in line.feeders}
    if len(line.feeders) != len(found):
        raise ValueError(f"the powder side needs one feeder a component; got {[f.component for f in line.feeders]}")
    return sorted(line.feeders, key=lambda feeder: FEEDS.index(feeder.component))


def powder_parameters(line: Any, recipe: Any, setup: Any, disturbances: Any, seed: int, tick: float = 0.1) -> PowderParameters:
    """Read the parameters off a line, a recipe, a set-up and a set of disturbances.

    Hidden truths of the plant (residence times, start within a lot, phases) are drawn here from the seed. All lots but
    those of the active material weigh as much as PTFE lots (assumed).
    """
    feeders = feeders_of(line)
    mixer, fibrillator = line.of_kind("mixer")[0], line.of_kind("fibrillator")[0]
    surge = line.of_kind("surge_hopper")[0]
    lots, air, powder = disturbances.lots, disturbances.moisture, recipe.powder
    count = len(feeders)
    brought = [FEEDS.index(feeder.component) for feeder in feeders]
    flow = sum(setup.component_flows.values())
    machine = shear_machine(line, recipe, setup.fibrillator_machines)
    plug_whole, plug_part = delay_slots(mixer.plug_time, tick)
    truth = np.empty((1, 2))
    fill_normals(key_of(seed, "plant/residence"), 0, truth)
    residence = 1.0 + disturbances.plant.residence * truth[0]
    mixer_residence = float(mixer.hold_up / flow * residence[0])
    machine_residence = float(machine.hold_up / flow * residence[1])
    lot_sigma = np.zeros((MOST_FEEDERS, len(LOT_COLUMNS)))
    rows = _feeder_rows(feeders, starting_flows(line, setup), disturbances, seed, tick)
    rows[MOISTURE:, :count] = treatment_rows(feeders, line, recipe)
    lot_sigma[:, 0] = rows[MOISTURE] * air.lot
    lot_sigma[brought.index(PTFE), 1] = lots.ptfe_rate
    lot_sigma[brought.index(ACTIVE), 2:] = (
        lots.bulk_density, lots.d50, lots.yield_pressure, lots.wall_friction, lots.compressibility,
    )  # fmt: skip
    keys = np.zeros((len(SOURCES) + 1, MOST_FEEDERS), dtype=np.uint64)
    for row, source in enumerate(SOURCES):
        keys[row, :count] = [key_of(seed, f"{feeder.name}/{source}") for feeder in feeders]
    keys[AIR_KEYS, :2] = key_of(seed, f"{fibrillator.name}/jacket"), key_of(seed, "hall/dew_point")
    numbers = np.zeros(1, PARAMETERS)
    values = {
        "tick": tick,
        "feeder": rows,
        "component": brought + [0] * (MOST_FEEDERS - count),
        "lot_sigma": lot_sigma,
        "keys": keys,
        "plug_whole": plug_whole,
        "drive_power": DRIVE_POWER,
        "bridge_min": disturbances.feeders.bridging_time_min,
        "bridge_max": disturbances.feeders.bridging_time_max,
        "moisture": recipe.moisture,
        "feeder_delay": [feeder.dead_time for feeder in feeders] + [0.0] * (MOST_FEEDERS - count),
        "plug_delay": mixer.plug_time,
        "plug_part": plug_part,
        "conveying_work": conveying_work(line.utilities.conveying_air, line.utilities.compressor),
        "mixer_residence": mixer_residence,
        "mixer_specific_power": mixer.power / mixer.hold_up,
        "machine_residence": machine_residence,
        "conductance": machine.conductance,
        "gas_cooling": machine.gas,
        "heat_share": machine.heat_share,
        "efficiency": machine.efficiency,
        "machine_dew_point": machine.dew_point,
        "open_machine": machine.open,
        "c_p": machine.c_p,
        "k_1": machine.k_1,
        "k_2": machine.k_2,
        "b_T": machine.b_T,
        "jacket_lag": fibrillator.jacket_lag,
        "air_sigma": (disturbances.jacket.sigma, air.dew_point),
        "air_keep": (_keep(disturbances.jacket.time), _keep(air.dew_point_time)),
        "dew_point": line.hall.dew_point,
        "surge_capacity": surge.capacity,
        "surge_level": surge.level,
        "bulk_density": powder.bulk_density,
        "d50": powder.granule_d50,
        "wall_friction": powder.wall_friction,
        "compressibility": powder.compressibility,
        "work": setup.fibrillator_work,
        "jacket_temperature": fibrillator.jacket_temperature,
        "feed_temperature": line.hall.temperature,
    }
    values |= sulfide_values(line, recipe.sulfide)
    values |= regrind_values(line, recipe.fibrillation, rows[FLOW, :count])
    for name in PARAMETERS.names or ():
        numbers[name] = values[name]
    return PowderParameters(
        numbers, tank_chain(mixer.tanks, mixer_residence, tick), tank_chain(fibrillator.tanks, machine_residence, tick)
    )


def _feeder_rows(feeders: list[Any], flows: dict[str, float], disturbances: Any, seed: int, tick: float) -> np.ndarray:
    """Rows FEEDER of the feeders; columns without one are zero."""
    noise, lots = disturbances.feeders, disturbances.lots
    rows = np.zeros((len(FEEDER), MOST_FEEDERS))
    for i, feeder in enumerate(feeders):
        active = feeder.component == "active"
        lot_mass = (lots.lot_mass if active else lots.ptfe_lot_mass) or math.inf
        if feeder.component == "recycle":
            lot_mass = math.inf
        bags = active and 0.0 < lots.bag_mass < lot_mass < math.inf
        whole, part = delay_slots(feeder.dead_time, tick)
        piece = lots.bag_mass if bags else lot_mass
        bridges = noise.bridging_per_hour_ptfe if feeder.component == "ptfe" else 0.0
        used = _uniform(seed, f"{feeder.name}/lot_start") * lot_mass if math.isfinite(lot_mass) else 0.0
        column = {
            "capacity": feeder.hopper_capacity,
            "refill_level": feeder.refill_level,
            "refill_time": feeder.refill_time,
            "k_max": feeder.feed_factor,
            "k_min": feeder.feed_factor * feeder.feed_factor_min,
            "decay_mass": feeder.feed_factor_decay,
            "flights": feeder.flights,
            "screw_lag": feeder.screw_lag,
            "max_speed": feeder.max_screw_speed,
            "weigh_window": feeder.weigh_window,
            "chute_whole": whole,
            "chute_part": part,
            "white": getattr(noise, f"white_{feeder.component}"),
            "pulsation": noise.pulsation,
            "pulsation_start": _uniform(seed, f"{feeder.name}/pulsation"),
            "drift": noise.drift_per_sqrt_hour * math.sqrt(WHITE_CLOCK / HOUR),
            "refill_error": noise.refill_error,
            "bridging": 1.0 - math.exp(-bridges * WHITE_CLOCK / HOUR),
            "scale_noise": noise.scale_noise,
            "piece_mass": piece,
            "pieces_per_lot": lot_mass / piece if math.isfinite(piece) else 1.0,
            "lot_start": used,
            "bag_share": lots.bag_share if bags else 0.0,
            "flow": flows[feeder.component],
        }
        rows[:MOISTURE, i] = [column[row] for row in FEEDER[:MOISTURE]]
    return rows


def _uniform(seed: int, source: str) -> float:
    """One uniform number of a source that is drawn once in a run."""
    out = np.empty((1, 1))
    fill_uniforms(key_of(seed, source), 0, out)
    return float(out[0, 0])


def _keep(time: float) -> float:
    """Correlation of an Ornstein-Uhlenbeck process over one second."""
    return math.exp(-WHITE_CLOCK / time) if time > 0.0 else 0.0
