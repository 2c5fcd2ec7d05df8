"""The fibrillator of a line as numbers: rates of the recipe at its stress, cooling and electric power."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from dryline.kernel import from_python
from dryline.process.fibrillation import breakage_rate, creation_rate, steady_machine, vapour_pressure
from dryline.process.recycling import State
from dryline.process.shear_machines import gas_cooling

steady_product = from_python(steady_machine)
pressure_of_water = from_python(vapour_pressure)


class ShearMachine(NamedTuple):
    """Machines in use as one: hold-up [kg]; jacket U A [W/K]; heat to the gas per kelvin and shear work [1/K]; share of the
    work that heats the powder; shear work per electric energy; k_1 (at f_T = 1), k_2 [kg/J]; b_T [1/K]; c_p [J/(kg K)];
    dew point in it [K] and whether it is that of the hall.
    """

    hold_up: float
    conductance: float
    gas: float
    heat_share: float
    efficiency: float
    k_1: float
    k_2: float
    b_T: float
    c_p: float
    dew_point: float
    open: bool


def shear_machine(line: Any, recipe: Any, machines: int) -> ShearMachine:
    """The fibrillator of a line with a number of machines in use."""
    station, rates = line.of_kind("fibrillator")[0], recipe.fibrillation
    jets = station.machine == "jet_mill"
    return ShearMachine(
        station.hold_up * machines,
        0.0 if jets else station.heat_transfer * station.jacket_area * machines,
        gas_cooling(station.efficiency, station.gas_energy) if jets else 0.0,
        0.0 if jets else 1.0,
        station.efficiency,
        creation_rate(rates.k_10, station.shear_stress, rates.sigma_1, rates.a),
        station.breakage * breakage_rate(rates.k_20, station.shear_stress, rates.sigma_2, rates.c),
        rates.b_T,
        rates.c_p,
        station.gas_dew_point if jets else line.hall.dew_point,
        not jets,
    )


def steady_tanks(
    tanks: np.ndarray, machine: ShearMachine, residence: float, flow: float, work: float, jacket: float, T: float, feed: State,
    rate: float = 1.0, warmer: float = 0.0,
) -> State:  # fmt: skip
    """Fill the tanks (n, 4) with the steady state of the machine; the state of its product.

    Parameters: residence [s]; flow [kg/s]; work [J/kg]; jacket, of the jacket or of the gas [K]; T and `feed` of the powder
    that enters; rate, factor of the PTFE lot on k_1; warmer, deviation of the dew point [K].
    """
    steady_product(
        tanks, residence, flow, work, machine.heat_share, np.array([T, *feed]), jacket,
        machine.conductance + machine.gas * flow * work, machine.c_p, machine.k_1 * rate, machine.k_2, machine.b_T,
        pressure_of_water(machine.dew_point + warmer),
    )  # fmt: skip
    u, f, x = tanks[-1, 1:]
    return float(u), float(f), float(x)
