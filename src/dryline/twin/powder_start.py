"""Start of the powder side: every hold-up as after hours at the operating point, regrind included."""

from __future__ import annotations

import numpy as np

from dryline.kernel import fill_normals, from_python
from dryline.process.recycling import State, mean_passes, pass_shares, steady_return, work_moments
from dryline.setup.machines import ShearMachine, pressure_of_water, steady_tanks
from dryline.setup.powder import at_temperature, factor_of_screw, fibrils_after
from dryline.setup.treatment import action_of_moisture
from dryline.twin import powder_parameters as par
from dryline.twin.powder import describe_surge
from dryline.twin.powder_disturbances import draw_lot
from dryline.twin.powder_exposure import time_before
from dryline.twin.powder_parameters import PowderParameters
from dryline.twin.powder_state import (
    CIRCUIT,
    CONTENT,
    DEW_POINT,
    EXPOSURE,
    FIBRIL,
    GRANULATOR,
    H2S_SOURCE,
    HALL_H2S,
    HEAT,
    HOPPER,
    JACKET,
    JACKET_TEMPERATURE,
    MACHINE_TEMPERATURE,
    MOST_PASSES,
    NOISE,
    PASSED,
    PASSES,
    PHASE,
    PIECE,
    PTFE,
    RATE,
    RECYCLE,
    SILO,
    SILO_LEVEL,
    SOLIDS,
    SPEED,
    UNFIBRILLATED,
    WATER,
    WEIGHT,
    WORK,
    WORK_SQUARE,
    K,
    PowderState,
)
from dryline.twin.powder_transport import add_powder, fill_ring

# laws that the start calls from Python
before_feeding = from_python(time_before)
first_lot, first_portion, describe_start = from_python(draw_lot), from_python(add_powder), from_python(describe_surge)


def start_powder(parameters: PowderParameters, state: PowderState) -> None:
    """Fill the state: hoppers full, screws turning, everything behind them as after hours at the operating point.

    PTFE fibrils, temperatures and moisture are those of the steady machine at the set-up's work; the next tick has
    tick_index 0. Noise and deviations have stationary values, drift starts at zero. Regrind has been through the line as
    often as the steady loop says; a silo that starts (nearly) empty feeds none, and everything is virgin.
    """
    for array in state:
        array[...] = np.zeros((), array.dtype)
    p, s, f = parameters, state, parameters.feeder
    air, own, mixer, machine = s.powder_air, s.powder_feeder, s.powder_mixer, s.powder_fibrillator
    air[[JACKET, DEW_POINT]] = p.air_sigma * _first_numbers(p.keys[par.AIR_KEYS, :2])
    air[CIRCUIT] = p.jacket_temperature

    own[CONTENT] = own[WEIGHT] = f[par.CAPACITY]
    own[PHASE] = f[par.PULSATION_START]
    own[NOISE] = f[par.WHITE] * _first_numbers(p.keys[par.WHITE_KEY])
    portions = np.zeros((len(s.powder_chute), K))
    virgin = [i for i in range(len(portions)) if p.component[i] != RECYCLE]
    for i in virgin:
        s.powder_count[PIECE, i] = int(f[par.LOT_START, i] / f[par.PIECE_MASS, i])
        first_lot(p.numbers[0], s.powder_lot, i, s.powder_count[PIECE, i], air[DEW_POINT])
        first_portion(portions[i], int(p.component[i]), f[par.FLOW, i] * p.tick, s.powder_lot[i], p.feed_temperature)
    steady, regrind = _steady(p, s, portions[virgin].sum(axis=0))
    for i in range(len(portions)):
        if p.component[i] == RECYCLE:
            portions[i] = regrind * f[par.FLOW, i] * p.tick
            own[CONTENT, i] = own[WEIGHT, i] = f[par.CAPACITY, i] if p.recycle_share else 0.0
            s.powder_regrind[HOPPER] = regrind * own[CONTENT, i]
        full = factor_of_screw(own[CONTENT, i], f[par.K_MAX, i], f[par.K_MIN, i], f[par.DECAY_MASS, i])
        own[SPEED, i] = f[par.FLOW, i] / full
        fill_ring(s.powder_chute[i], portions[i], int(f[par.CHUTE_WHOLE, i]), f[par.CHUTE_PART, i])
    blend = portions.sum(axis=0)
    fill_ring(s.powder_plug, blend, p.plug_whole, p.plug_part)
    mixer[:] = blend * (p.mixer_residence / (p.tick * len(mixer)))

    T, U, F, X = steady.T
    machine[:] = blend * (p.machine_residence / (p.tick * len(machine)))
    dry = machine[:, :SOLIDS].sum(axis=1)
    machine[:, UNFIBRILLATED], machine[:, FIBRIL] = machine[:, PTFE] * U, machine[:, PTFE] * F
    machine[:, WATER] = dry * X
    machine[:, HEAT] = (dry + machine[:, WATER]) * T
    tank = p.work / len(machine)
    passed = np.arange(1.0, len(machine) + 1.0)
    before = machine[:, WORK] / dry
    machine[:, WORK_SQUARE] += dry * tank * passed * (2.0 * before + tank * (passed + 1.0))
    machine[:, WORK] += dry * tank * passed

    product = machine[-1]
    s.powder_reading[[MACHINE_TEMPERATURE, JACKET_TEMPERATURE]] = T[-1], air[CIRCUIT] + air[JACKET]
    s.powder_surge[:] = product * (p.surge_level * p.surge_capacity / product[: WATER + 1].sum())
    if p.recycling:
        s.powder_regrind[SILO] = regrind * p.silo_level * p.silo_capacity
        s.powder_regrind[GRANULATOR] = regrind * f[par.FLOW, : len(portions)][-1] * p.granulator_lag
        s.powder_reading[SILO_LEVEL] = p.silo_level
    if p.ageing > 0.0:
        _age(p, s)
    describe_start(p.numbers[0], s.powder[0])


def _age(p: PowderParameters, s: PowderState) -> None:
    """Exposure of the electrolyte in every hold-up, and H2S in the hall, as after hours in this air."""
    warmer, flows, count = s.powder_air[DEW_POINT], p.feeder[par.FLOW], len(s.powder_chute)
    action = action_of_moisture(pressure_of_water(p.dew_point + warmer), p.ageing_order)
    dew_point = p.machine_dew_point + p.open_machine * warmer
    inside = action_of_moisture(pressure_of_water(dew_point), p.ageing_order) / action
    i = [int(component) for component in p.component[:count]].index(p.aged)
    virgin = before_feeding(p.numbers[0], s.powder[0], i)
    r, total = p.recycle_share, flows.sum()
    surge = s.powder_surge[: WATER + 1].sum() / total
    through = p.plug_delay + p.mixer_residence + inside * p.machine_residence + surge
    regrind = s.powder_regrind[:, : WATER + 1].sum() / (r * total) if r else 0.0
    returned = virgin + (through + regrind) / (1.0 - r)
    blend = (1.0 - r) * virgin + r * returned
    mixed = blend + p.plug_delay + p.mixer_residence
    rows = [(s.powder_chute[i], virgin), (s.powder_plug, blend), (s.powder_surge, blend + through)]
    for n, row in enumerate(s.powder_mixer, 1):
        rows.append((row, blend + p.plug_delay + p.mixer_residence * n / len(s.powder_mixer)))
    for n, row in enumerate(s.powder_fibrillator, 1):
        rows.append((row, mixed + inside * p.machine_residence * n / len(s.powder_fibrillator)))
    if p.recycling:
        waited = np.cumsum(s.powder_regrind[:, : WATER + 1].sum(axis=1)) / max(r * total, 1e-300)
        rows += [(row, blend + through + wait) for row, wait in zip(s.powder_regrind, waited, strict=True) if r]
        rows.append((s.powder_chute[count - 1], returned))
    for row, age in rows:
        row[..., EXPOSURE] = p.ageing * action * age * row[..., p.aged]
    held = sum(row[..., p.aged].sum() for row in (s.powder_mixer, s.powder_regrind, s.powder_surge))
    held += inside * s.powder_fibrillator[:, p.aged].sum()
    held += flows[i] * virgin + s.powder_plug[:, p.aged].sum()
    s.powder_air[H2S_SOURCE] = p.h2s * action * held
    s.powder_air[HALL_H2S] = s.powder_air[H2S_SOURCE] / p.air_change


def _steady(p: PowderParameters, s: PowderState, blend: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Tanks of the machine (n, 4) and a kilogram of regrind as a row of `CARGO`, for virgin powder `blend` and the share."""
    r, air = p.recycle_share, s.powder_air
    dry, water = blend[:SOLIDS].sum(), blend[WATER]
    flow = (dry + water) / p.tick / (1.0 - r)
    rate = 1.0 + blend[RATE] / blend[PTFE]
    steady = np.empty((len(s.powder_fibrillator), 4))
    machine = ShearMachine(
        p.machine_residence * flow, p.conductance, p.gas_cooling, p.heat_share, p.efficiency, p.k_1, p.k_2, p.b_T, p.c_p,
        p.machine_dew_point, bool(p.open_machine),
    )  # fmt: skip

    def product(feed: State) -> State:
        return steady_tanks(
            steady, machine, p.machine_residence, flow, p.work, air[CIRCUIT] + air[JACKET], p.feed_temperature, feed, rate,
            air[DEW_POINT] * p.open_machine,
        )  # fmt: skip

    def grind(left: State) -> State:
        k_1 = p.grinding_k_1 * at_temperature(p.feed_temperature, p.b_T) * rate
        return (*fibrils_after(left[0], left[1], k_1, p.grinding_k_2, p.grinding_work), left[2])

    feed, (u, f, x) = steady_return(r, (1.0, 0.0, water / dry), product, grind)
    product(feed)
    row = np.zeros(K)
    solid = blend[:SOLIDS] / dry / (1.0 + x)
    row[:SOLIDS], row[WATER] = solid, x / (1.0 + x)
    row[UNFIBRILLATED], row[FIBRIL], row[RATE] = solid[PTFE] * u, solid[PTFE] * f, solid[PTFE] * (rate - 1.0)
    row[HEAT] = p.feed_temperature
    mean, square = work_moments(r, p.work, p.grinding_work, len(steady))
    row[PASSED : PASSED + MOST_PASSES] = solid.sum() * np.append(1.0, pass_shares(r, MOST_PASSES - 1))
    row[PASSES] = solid.sum() * (1.0 + mean_passes(r))
    if r > 0.0:
        row[WORK], row[WORK_SQUARE] = solid.sum() * mean / r, solid.sum() * square / r
    return steady, row


def _first_numbers(keys: np.ndarray) -> np.ndarray:
    """The standard normal number of time 0 of some keys."""
    out = np.empty((len(keys), 1, 1))
    for key, number in zip(keys, out, strict=True):
        fill_normals(key, 0, number)
    return out.ravel()
