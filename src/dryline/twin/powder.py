"""Powder side of the twin, 10 Hz: screw feeders, chutes, mixer, fibrillator and surge hopper in one kernel.

All hold-ups are rows of scalars that move together (`CARGO`): the mass of each component, the unfibrillated
and load-bearing part of the PTFE, properties of lots times the mass that carries them, and mass times temperature.
What leaves one hold-up enters the next, so fed + returned = vapour + taken + lost + change of stored to rounding,
component by component.
Assumed: the mixer keeps the feed temperature, the surge hopper loses no heat, heat of evaporation is neglected (1.3 kJ/kg
at 500 ppm, 1.6 K), and U A does not fall with the fill of the machine.
"""

from __future__ import annotations

import numpy as np

from dryline.kernel import exp, kernel, law
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
from dryline.process.sulfide import moisture_action
from dryline.twin import powder_parameters as par
from dryline.twin.powder_disturbances import enter_second
from dryline.twin.powder_exposure import expose, expose_hold_ups, time_before
from dryline.twin.powder_feeding import feed
from dryline.twin.powder_parameters import PowderParameters
from dryline.twin.powder_recycle import take_back
from dryline.twin.powder_state import (
    ACTIVE,
    BULK_DENSITY,
    CIRCUIT,
    COMPRESSIBILITY,
    CONVEYING,
    D50,
    DEW_POINT,
    ELECTRIC,
    EXPOSURE,
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
    MIXER,
    PASSED,
    PTFE,
    RATE,
    SECOND,
    SHAFT,
    STARVED,
    TAKEN,
    TEMPERATURE,
    TREATMENT_HEAT,
    TREATMENT_POWER,
    UNFIBRILLATED,
    VAPOUR,
    WALL_FRICTION,
    WATER,
    YIELD_PRESSURE,
    C,
    K,
    PowderState,
)
from dryline.twin.powder_transport import add_work, solids, through_ring, through_tanks
from dryline.twin.state import Record


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
    heat, cooling = p.heat_share * power, conductance + p.gas_cooling * power
    T = heat_step(before, jacket, heat, cooling, mass * p.c_p, dt)
    k_1 = p.k_1 * temperature_function(T, p.b_T) * max(1.0 + carried_mean(tank[RATE], tank[PTFE], 0.0), 0.0)
    done = work * dt / p.machine_residence
    tank[UNFIBRILLATED], tank[FIBRIL] = fibril_step(tank[UNFIBRILLATED], tank[FIBRIL], k_1, p.k_2, done)
    add_work(tank, dry, done)
    water = dry * moisture_step(tank[WATER] / dry, equilibrium_moisture(T, pressure), drying_rate(T), dt)
    s.powder_account[VAPOUR, WATER] += tank[WATER] - water
    tank[WATER] = water
    tank[HEAT] = (dry + water) * T
    return power, (heat - mass * p.c_p * (T - before) / dt) * conductance / max(cooling, 1e-300)


@law
def describe_surge(p: Record, s: Record) -> None:
    """What the web uses of the powder in the surge hopper; kept as it was where the hopper is empty."""
    surge = s.powder_surge
    dry = solids(surge)
    mass = dry + surge[WATER]
    s.powder_reading[LEVEL] = mass / p.surge_capacity
    for c in range(C):
        s.powder_composition[c] = carried_mean(surge[c], mass, s.powder_composition[c])
    s.powder_fibrils[0] = carried_mean(surge[UNFIBRILLATED], surge[PTFE], s.powder_fibrils[0])
    s.powder_fibrils[1] = carried_mean(surge[FIBRIL], surge[PTFE], s.powder_fibrils[1])
    s.powder_fibrils[2] = max(1.0 - s.powder_fibrils[0] - s.powder_fibrils[1], 0.0)
    for q in range(EXPOSURE - PASSED):
        s.powder_carried[q] = carried_mean(surge[PASSED + q], dry, s.powder_carried[q])
    s.powder_carried[EXPOSURE - PASSED] = carried_mean(
        surge[EXPOSURE], surge[p.aged], s.powder_carried[EXPOSURE - PASSED]
    )
    if surge[ACTIVE] > 0.0:
        quality = s.powder_quality
        quality[BULK_DENSITY] = p.bulk_density * (1.0 + surge[LOT_DENSITY] / surge[ACTIVE])
        quality[D50] = p.d50 * (1.0 + surge[LOT_D50] / surge[ACTIVE])
        quality[YIELD_PRESSURE] = 1.0 + surge[LOT_YIELD] / surge[ACTIVE]
        quality[WALL_FRICTION] = p.wall_friction + surge[LOT_FRICTION] / surge[ACTIVE]
        quality[COMPRESSIBILITY] = p.compressibility * (1.0 + surge[LOT_COMPRESSIBILITY] / surge[ACTIVE])
        quality[TEMPERATURE] = surge[HEAT] / mass
        quality[HUMIDITY] = surge[WATER] / dry


@kernel
def advance_powder(
    parameters: PowderParameters, state: PowderState, screw_speeds: np.ndarray, work: float, jacket_temperature: float,
    taken_kg: float, tick_index: int, returned: np.ndarray,
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
    returned : what the web returned during the tick, a row of `CARGO` (K,).
    """
    p, s = parameters.numbers[0], state.powder[0]
    chutes, mixer, machine = state.powder_chute, state.powder_mixer, state.powder_fibrillator
    dt = p.tick
    second = int((tick_index + 0.5) * dt)
    while s.powder_count[SECOND, 0] < second:
        s.powder_count[SECOND, 0] += 1
        enter_second(p, s, chutes.shape[0], s.powder_count[SECOND, 0])
    inlet, middle, outlet = s.powder_stream[0], s.powder_stream[1], s.powder_stream[2]
    take_back(p, s, returned, inlet)

    hall = vapour_pressure(p.dew_point + s.powder_air[DEW_POINT])
    action = moisture_action(hall, p.ageing_order)
    moved = 0.0
    s.powder_power[TREATMENT_POWER] = s.powder_power[TREATMENT_HEAT] = s.powder_power[CONVEYING] = 0.0
    for k in range(K):
        middle[k] = 0.0
    for i in range(chutes.shape[0]):
        feed(p, s, state.powder_lot, i, screw_speeds[i], tick_index, inlet)
        if p.ageing > 0.0 and p.component[i] == p.aged:
            moved += expose(p, inlet, action, time_before(p, s, i))
        whole, part = int(p.feeder[par.CHUTE_WHOLE, i]), p.feeder[par.CHUTE_PART, i]
        through_ring(chutes[i], inlet, middle, whole, part, tick_index)
    for k in range(K):
        inlet[k] = 0.0
    through_ring(state.powder_plug, middle, inlet, p.plug_whole, p.plug_part, tick_index)
    if p.ageing > 0.0:
        moved += expose(p, inlet, action, p.plug_delay)
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
    pressure = vapour_pressure(p.machine_dew_point + p.open_machine * s.powder_air[DEW_POINT])
    s.powder_power[SHAFT] = 0.0
    s.powder_power[JACKET_HEAT] = 0.0
    conductance = p.conductance / machine.shape[0]
    for j in range(machine.shape[0]):
        shaft, removed = shear_tank(p, s, machine[j], conductance, max(work, 0.0), jacket, pressure)
        s.powder_power[SHAFT] += shaft
        s.powder_power[JACKET_HEAT] += removed
    s.powder_power[ELECTRIC] = s.powder_power[SHAFT] / p.efficiency
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
    if p.ageing > 0.0:
        expose_hold_ups(p, s, mixer, machine, action, moisture_action(pressure, p.ageing_order), moved)
    describe_surge(p, s)
