"""Capacity of the line in GWh and in m2 a year at an operating point, with everything it assumes.

GWh/year = 2 m x_AM q_AM U_nom W v t eta / b: m areal mass of one side, W coated width, t hours of a year, eta OEE
times yield, b areal capacity over that of the counter electrode (1 of a cathode, N/P of an anode). LFP at 25 mg/cm2
and NMC811 at 22 mg/cm2, 950 mm, 60 m/min give about 5.1 and 6.7. m2/year = W v t eta: what a film that stores no
energy, a separator, is counted in.
"""

from __future__ import annotations

from dataclasses import dataclass

from dryline.records.order import Order

HOURS_PER_YEAR = 7500.0
"""Planned hours of production in a year [h]; assumed, as in published line sizings."""

OEE_TIMES_YIELD = 0.85
"""Share of the planned hours that becomes good electrode [1]; assumed."""


@dataclass(frozen=True)
class Capacity:
    """Capacity [GWh/year] and its assumptions, in SI units except where the name says otherwise."""

    gwh_per_year: float
    m2_per_year: float
    kwh_per_m2: float
    areal_mass_per_side: float
    active_fraction: float
    active_capacity_ah_per_kg: float
    voltage: float
    coated_width: float
    speed: float
    hours_per_year: float
    oee_times_yield: float


def capacity(order: Order, hours: float = HOURS_PER_YEAR, eta: float = OEE_TIMES_YIELD) -> Capacity:
    """Capacity of the line at the targets and the speed of the order."""
    sides_mass = order.areal_mass
    area = order.kept_width * order.speed * 3600.0 * hours * eta
    wh_per_m2 = sides_mass * order.active_fraction * order.active_capacity * order.voltage / order.balance
    return Capacity(
        gwh_per_year=wh_per_m2 * area / 1e9,
        m2_per_year=area,
        kwh_per_m2=wh_per_m2 / 1e3,
        areal_mass_per_side=order.side_areal_mass,
        active_fraction=order.active_fraction,
        active_capacity_ah_per_kg=order.active_capacity,
        voltage=order.voltage,
        coated_width=order.kept_width,
        speed=order.speed,
        hours_per_year=hours,
        oee_times_yield=eta,
    )


def shown_capacity(gwh_per_year: float, m2_per_year: float) -> tuple[float, str]:
    """Figure and unit that say the capacity: energy, or the area of a film that stores none."""
    if gwh_per_year > 0.0:
        return gwh_per_year, "GWh/year"
    return m2_per_year / 1e6, "million m²/year"
