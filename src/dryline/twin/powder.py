"""Powder side of the twin, 10 Hz: screw feeders, chutes, mixer, fibrillator and surge hopper in one kernel.

All hold-ups are rows of scalars that move together (`CARGO`): the mass of each component, the unfibrillated
and load-bearing part of the PTFE, properties of lots times the mass that carries them, and mass times temperature.
What leaves one hold-up enters the next, so fed = vapour + taken + change of stored to rounding, component by component.
Assumed: the mixer keeps the feed temperature, the surge hopper loses no heat, heat of evaporation is neglected (1.3 kJ/kg
at 500 ppm, 1.6 K), and U A does not fall with the fill of the machine.
"""

from __future__ import annotations

import numpy as np

from dryline.kernel import exp, fill_normals, from_python, kernel, law, normal
from dryline.process.feeding import (
    SCALE_CLOCK,
    blocked_share,
    delivered,
    feed_factor,
    refill_step,
    screw_pulsation,
    screw_step,
    share_of_next_lot,
)
from dryline.process.fibrillation import (
    drying_rate,
    equilibrium_moisture,
    fibril_step,
    heat_step,
    moisture_step,
    temperature_function,
    vapour_pressure,
)
from dryline.process.hopper import carried_mean, drawn_share
from dryline.setup.powder import factor_of_screw, pressure_of_water, steady_product
from dryline.twin import powder_parameters as par
from dryline.twin.powder_disturbances import draw_lot, enter_second, refill_mismatch
from dryline.twin.powder_parameters import PowderParameters
from dryline.twin.powder_state import (
    ACTIVE,
    BRIDGE_UNTIL,
    BULK_DENSITY,
    CIRCUIT,
    COMPRESSIBILITY,
    CONTENT,
    D50,
    DELIVERED,
    DEW_POINT,
    DRIFTED,
    EMPTY,
    FED,
    FIBRIL,
    HEAT,
    HUMIDITY,
    JACKET,
    JACKET_HEAT,
    JACKET_TEMPERATURE,
    LEVEL,
    LOT_COMPRESSIBILITY,
    LOT_D50,
    LOT_DENSITY,
    LOT_FRICTION,
    LOT_YIELD,
    MACHINE_TEMPERATURE,
    MISMATCH,
    MIXER,
    NOISE,
    PHASE,
    PIECE,
    PTFE,
    RATE,
    REFILL_LEFT,
    REFILLED,
    REFILLING,
    REFILLS,
    SECOND,
    SHAFT,
    SOLIDS,
    SPEED,
    STARVED,
    TAKEN,
    TEMPERATURE,
    UNFIBRILLATED,
    VAPOUR,
    WALL_FRICTION,
    WATER,
    WEIGHT,
    YIELD_PRESSURE,
    C,
    K,
    PowderState,
)
from dryline.twin.powder_transport import add_powder, fill_ring, solids, through_ring, through_tanks
from dryline.twin.state import Record


@law
def feed(p: Record, s: Record, lots: np.ndarray, i: int, command: float, tick_index: int, inlet: np.ndarray) -> None:
    """One step of feeder i: screw, noise, bridge, refill, lot; the powder at the screw outlet is put into `inlet`."""
    dt = p.tick
    f = p.feeder
    own = s.powder_feeder
    command = min(max(command, 0.0), f[par.MAX_SPEED, i])
    own[SPEED, i], turned = screw_step(own[SPEED, i], command, f[par.SCREW_LAG, i], dt)
    pulse, own[PHASE, i] = screw_pulsation(own[PHASE, i], turned * f[par.FLIGHTS, i])
    runs, own[REFILL_LEFT, i], since = refill_step(own[REFILL_LEFT, i], dt)
    supplied = (1.0 - f[par.REFILL_LEVEL, i]) * f[par.CAPACITY, i] * runs / f[par.REFILL_TIME, i]
    content = own[CONTENT, i] + supplied
    factor = feed_factor(content, f[par.K_MAX, i], f[par.K_MIN, i], f[par.DECAY_MASS, i])
    factor *= (1.0 - blocked_share(own[BRIDGE_UNTIL, i], tick_index * dt, dt)) * (1.0 + own[MISMATCH, i])
    factor *= max((1.0 + own[DRIFTED, i]) * (1.0 + own[NOISE, i] + f[par.PULSATION, i] * pulse), 0.0)
    mass, own[EMPTY, i] = delivered(content, factor * turned)
    own[CONTENT, i] = content - mass
    own[REFILLED, i] += supplied
    own[MISMATCH, i] *= exp(-since / f[par.WEIGH_WINDOW, i])
    if own[REFILL_LEFT, i] <= 0.0 and own[CONTENT, i] < f[par.REFILL_LEVEL, i] * f[par.CAPACITY, i]:
        own[REFILL_LEFT, i] = f[par.REFILL_TIME, i]
        s.powder_count[REFILLS, i] += 1
        own[MISMATCH, i] = refill_mismatch(p, i, s.powder_count[REFILLS, i])
    own[REFILLING, i] = 1.0 if own[REFILL_LEFT, i] > 0.0 else 0.0
    reading = int((tick_index + 1) * dt / SCALE_CLOCK + 0.5)
    own[WEIGHT, i] = own[CONTENT, i] + f[par.SCALE_NOISE, i] * normal(p.keys[par.SCALE_KEY, i], reading, 0)

    for k in range(K):
        inlet[k] = 0.0
    before = f[par.LOT_START, i] + own[DELIVERED, i]
    fresh = share_of_next_lot(before, mass, (s.powder_count[PIECE, i] + 1) * f[par.PIECE_MASS, i])
    add_powder(inlet, p.component[i], mass * (1.0 - fresh), lots[i], p.feed_temperature)
    if fresh > 0.0:
        s.powder_count[PIECE, i] = int((before + mass) / f[par.PIECE_MASS, i])
        draw_lot(p, lots, i, s.powder_count[PIECE, i])
        add_powder(inlet, p.component[i], mass * fresh, lots[i], p.feed_temperature)
    own[DELIVERED, i] += mass
    s.powder_account[FED, p.component[i]] += inlet[p.component[i]]
    s.powder_account[FED, WATER] += inlet[WATER]
    s.powder_power[i] = p.drive_power * own[SPEED, i] / f[par.MAX_SPEED, i]


@law
def shear_tank(
    p: Record, s: Record, tank: np.ndarray, conductance: float, work: float, jacket: float, pressure: float
) -> tuple[float, float]:
    """Work, heat, fibrils and vapour of one tank of the machine (with its conductance [W/K]) over a step.

    Shaft power and heat to the jacket [W].
    """
    dt = p.tick
    dry = solids(tank)
    mass = dry + tank[WATER]
    if dry <= 1e-12:
        return 0.0, 0.0
    before = tank[HEAT] / mass
    power = mass * work / p.machine_residence
    T = heat_step(before, jacket, power, conductance, mass * p.c_p, dt)
    k_1 = p.k_1 * temperature_function(T, p.b_T) * max(1.0 + carried_mean(tank[RATE], tank[PTFE], 0.0), 0.0)
    done = work * dt / p.machine_residence
    tank[UNFIBRILLATED], tank[FIBRIL] = fibril_step(tank[UNFIBRILLATED], tank[FIBRIL], k_1, p.k_2, done)
    water = dry * moisture_step(tank[WATER] / dry, equilibrium_moisture(T, pressure), drying_rate(T), dt)
    s.powder_account[VAPOUR, WATER] += tank[WATER] - water
    tank[WATER] = water
    tank[HEAT] = (dry + water) * T
    return power, power - mass * p.c_p * (T - before) / dt


@law
def describe_surge(p: Record, s: Record) -> None:
    """What the web uses of the powder in the surge hopper; kept as it was where the hopper is empty."""
    surge = s.powder_surge
    mass = solids(surge) + surge[WATER]
    s.powder_reading[LEVEL] = mass / p.surge_capacity
    for c in range(C):
        s.powder_composition[c] = carried_mean(surge[c], mass, s.powder_composition[c])
    s.powder_fibrils[0] = carried_mean(surge[UNFIBRILLATED], surge[PTFE], s.powder_fibrils[0])
    s.powder_fibrils[1] = carried_mean(surge[FIBRIL], surge[PTFE], s.powder_fibrils[1])
    s.powder_fibrils[2] = max(1.0 - s.powder_fibrils[0] - s.powder_fibrils[1], 0.0)
    if surge[ACTIVE] > 0.0:
        quality = s.powder_quality
        quality[BULK_DENSITY] = p.bulk_density * (1.0 + surge[LOT_DENSITY] / surge[ACTIVE])
        quality[D50] = p.d50 * (1.0 + surge[LOT_D50] / surge[ACTIVE])
        quality[YIELD_PRESSURE] = 1.0 + surge[LOT_YIELD] / surge[ACTIVE]
        quality[WALL_FRICTION] = p.wall_friction + surge[LOT_FRICTION] / surge[ACTIVE]
        quality[COMPRESSIBILITY] = p.compressibility * (1.0 + surge[LOT_COMPRESSIBILITY] / surge[ACTIVE])
        quality[TEMPERATURE] = surge[HEAT] / mass
        quality[HUMIDITY] = surge[WATER] / (mass - surge[WATER])


# laws that the start calls from Python
first_lot, first_portion, describe_start = from_python(draw_lot), from_python(add_powder), from_python(describe_surge)


@kernel
def advance_powder(
    parameters: PowderParameters, state: PowderState, screw_speeds: np.ndarray, work: float, jacket_temperature: float,
    taken_kg: float, tick_index: int,
) -> None:  # fmt: skip
    """Advance the powder side by one tick, from tick_index to tick_index + 1.

    Parameters
    ----------
    parameters, state : numbers and arrays of the powder side (state is changed in place).
    screw_speeds : commands of the feeders [rev/s], in the order of `feeders_of`, held during the tick.
    work : specific work set point of the fibrillator [J/kg], >= 0.
    jacket_temperature : set point of its jacket [K].
    taken_kg : powder the meterings take from the surge hopper during the tick, with the composition at its start.
    tick_index : number of ticks since `start_powder`.
    """
    p, s = parameters.numbers[0], state.powder[0]
    chutes, mixer, machine = state.powder_chute, state.powder_mixer, state.powder_fibrillator
    dt = p.tick
    second = int((tick_index + 0.5) * dt)
    while s.powder_count[SECOND, 0] < second:
        s.powder_count[SECOND, 0] += 1
        enter_second(p, s, chutes.shape[0], s.powder_count[SECOND, 0])
    inlet, middle, outlet = s.powder_stream[0], s.powder_stream[1], s.powder_stream[2]

    for k in range(K):
        middle[k] = 0.0
    for i in range(chutes.shape[0]):
        feed(p, s, state.powder_lot, i, screw_speeds[i], tick_index, inlet)
        whole, part = int(p.feeder[par.CHUTE_WHOLE, i]), p.feeder[par.CHUTE_PART, i]
        through_ring(chutes[i], inlet, middle, whole, part, tick_index)
    for k in range(K):
        inlet[k] = 0.0
    through_ring(state.powder_plug, middle, inlet, p.plug_whole, p.plug_part, tick_index)
    through_tanks(mixer, parameters.mixer_chain, inlet, middle)
    through_tanks(machine, parameters.machine_chain, middle, outlet)

    held = 0.0
    for j in range(mixer.shape[0]):
        for c in range(C):
            held += mixer[j, c]
    s.powder_power[MIXER] = p.mixer_specific_power * held
    follow = 1.0 - exp(-min(dt / p.jacket_lag, 700.0))
    s.powder_air[CIRCUIT] += (jacket_temperature - s.powder_air[CIRCUIT]) * follow
    jacket = s.powder_air[CIRCUIT] + s.powder_air[JACKET]
    pressure = vapour_pressure(p.dew_point + s.powder_air[DEW_POINT])
    s.powder_power[SHAFT] = 0.0
    s.powder_power[JACKET_HEAT] = 0.0
    conductance = p.conductance / machine.shape[0]
    for j in range(machine.shape[0]):
        shaft, removed = shear_tank(p, s, machine[j], conductance, max(work, 0.0), jacket, pressure)
        s.powder_power[SHAFT] += shaft
        s.powder_power[JACKET_HEAT] += removed
    last = machine[machine.shape[0] - 1]
    leaving = solids(last) + last[WATER]
    s.powder_reading[MACHINE_TEMPERATURE] = carried_mean(last[HEAT], leaving, jacket)
    s.powder_reading[JACKET_TEMPERATURE] = jacket

    surge = s.powder_surge
    share, s.powder_reading[STARVED] = drawn_share(solids(surge) + surge[WATER], max(taken_kg, 0.0))
    for k in range(K):
        out = surge[k] * share
        if k < C:
            s.powder_account[TAKEN, k] += out
        surge[k] = surge[k] - out + outlet[k]
    describe_surge(p, s)


def start_powder(parameters: PowderParameters, state: PowderState) -> None:
    """Fill the state: hoppers full, screws turning, everything behind them as after hours at the operating point.

    PTFE fibrils, temperatures and moisture are those of the steady machine at the set-up's work; the next tick has
    tick_index 0. Noise and deviations have stationary values, drift starts at zero.
    """
    for array in state:
        array[...] = np.zeros((), array.dtype)
    p, s, f = parameters, state, parameters.feeder
    air, own, mixer, machine = s.powder_air, s.powder_feeder, s.powder_mixer, s.powder_fibrillator
    air[[JACKET, DEW_POINT]] = p.air_sigma * _first_numbers(p.keys[par.AIR_KEYS, :2])
    air[CIRCUIT] = p.jacket_temperature
    jacket = air[CIRCUIT] + air[JACKET]

    own[CONTENT] = own[WEIGHT] = f[par.CAPACITY]
    own[PHASE] = f[par.PULSATION_START]
    own[NOISE] = f[par.WHITE] * _first_numbers(p.keys[par.WHITE_KEY])
    portions = np.zeros((len(s.powder_chute), K))
    for i in range(len(portions)):
        s.powder_count[PIECE, i] = int(f[par.LOT_START, i] / f[par.PIECE_MASS, i])
        first_lot(p.numbers[0], s.powder_lot, i, s.powder_count[PIECE, i])
        full = factor_of_screw(own[CONTENT, i], f[par.K_MAX, i], f[par.K_MIN, i], f[par.DECAY_MASS, i])
        own[SPEED, i] = f[par.FLOW, i] / full
        first_portion(portions[i], int(p.component[i]), f[par.FLOW, i] * p.tick, s.powder_lot[i], p.feed_temperature)
        fill_ring(s.powder_chute[i], portions[i], int(f[par.CHUTE_WHOLE, i]), f[par.CHUTE_PART, i])
    blend = portions.sum(axis=0)
    fill_ring(s.powder_plug, blend, p.plug_whole, p.plug_part)
    mixer[:] = blend * (p.mixer_residence / (p.tick * len(mixer)))

    dry, water = blend[:SOLIDS].sum(), blend[WATER]
    steady = np.empty((len(machine), 4))
    steady_product(
        steady, p.machine_residence, (dry + water) / p.tick, p.work, np.array([p.feed_temperature, 1.0, 0.0, water / dry]),
        jacket, p.conductance, p.c_p, p.k_1 * (1.0 + blend[RATE] / blend[PTFE]), p.k_2, p.b_T,
        pressure_of_water(p.dew_point + air[DEW_POINT]),
    )  # fmt: skip
    T, U, F, X = steady.T
    machine[:] = blend * (p.machine_residence / (p.tick * len(machine)))
    dry = machine[:, :SOLIDS].sum(axis=1)
    machine[:, UNFIBRILLATED], machine[:, FIBRIL] = machine[:, PTFE] * U, machine[:, PTFE] * F
    machine[:, WATER] = dry * X
    machine[:, HEAT] = (dry + machine[:, WATER]) * T

    product = machine[-1]
    s.powder_reading[[MACHINE_TEMPERATURE, JACKET_TEMPERATURE]] = T[-1], jacket
    s.powder_surge[:] = product * (p.surge_level * p.surge_capacity / product[: WATER + 1].sum())
    describe_start(p.numbers[0], s.powder[0])


def _first_numbers(keys: np.ndarray) -> np.ndarray:
    """The standard normal number of time 0 of some keys."""
    out = np.empty((len(keys), 1, 1))
    for key, number in zip(keys, out, strict=True):
        fill_normals(key, 0, number)
    return out.ravel()
