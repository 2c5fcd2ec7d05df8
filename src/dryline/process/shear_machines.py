"""Machines that fibrillate: what cools them, what they draw, and how many of them a flow needs.

All of them put a specific shear work w on the powder (see `process.fibrillation`); they differ in where the heat goes
and in what the work costs.

- Twin screw and high-shear mixer: all of the work becomes heat in the powder, which the jacket takes (U A). A mixer works
  in batches; batches of several mixers run staggered, so to what follows it is a hold-up with the batch time, and because
  every kilogram of a batch receives the same work it is many tanks in series.
- Jet mill: the jets take their energy from the enthalpy of the compressed gas, and shear gives it back, so gas and powder
  together leave as warm as they came (ideal gas, adiabatic mill): no net heat, and the gas, some kilograms a kilogram of
  powder, holds the powder at its own temperature. There is no jacket limit; instead the compressor pays for the work.

Form: heat balance, textbook. Values: jet mill 0.3-1.5 kWh/kg with compressor, twin screw 0.03-0.2, mixer 0.02-0.1 kWh/kg on
the product (class values, assumed).
"""

from __future__ import annotations

import math

GAS_HEAT = 1005.0
"""Specific heat of dry air at constant pressure [J/(kg K)], textbook; that of nitrogen is 1040."""


def gas_cooling(efficiency: float, gas_energy: float) -> float:
    """Heat that the milling gas takes per kelvin and joule of shear work [1/K]: c_p,g/(eta e_g).

    Parameters: efficiency eta, shear work per electric energy [1]; gas_energy e_g, electric energy of the compressor per
    kilogram of gas [J/kg]. The gas flow follows from the work: w/(eta e_g) kilograms a kilogram of powder.
    """
    return GAS_HEAT / (efficiency * gas_energy)


def machines_for_work(flow: float, work: float, power_max: float, hold_up: float, shortest: float) -> int:
    """Number of machines that can do the work: by their drives, and by the time that a batch needs.

    Parameters: flow [kg/s]; work [J/kg]; power_max, shaft power of one [W]; hold_up of one [kg]; shortest time in it [s],
    0 where it runs continuously.
    """
    return max(1, math.ceil(flow * work / power_max - 1e-9), math.ceil(flow * shortest / hold_up - 1e-9))
