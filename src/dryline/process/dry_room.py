"""What it takes to keep a hall dry: desiccant wheel, coolers and fans of its supply air.

    air     m_a = max(rho V n, S / (w - w_s))                supply air [kg/s]: air changes, or what the sources of water need
    wheel   Q = m_w (h_v + c_w (T_reg - T)) / eta + m_a c_p dT_c,   m_w = m_f (w_p - w_s) + S
    cooler  Q_c = m_a c_p dT_c + m_f [c_p (T_o - T_p) + h_v (w_o - w_p)]
    fans    P = m_a dp / (rho eta_f)

w is the humidity of the hall's air [kg/kg], w_s that of its supply, w_o outside, w_p behind the pre-cooler; m_f = f rho V n is
the make-up air that keeps the pressure and replaces what is extracted; S is the water that people, doors and walls bring. The
wheel carries heat over (dT_c), which a cooler takes out again; the heat of the machines comes on top (see `setup.loads`).
The air is what makes a very dry hall dear: below some -50 degC the sources need more of it than the air changes give.

Source: water and heat balance, textbook; every figure assumed. Validity: dew points -80 to 0 degC, steady, no reheat.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from dryline.kernel import from_python
from dryline.process.fibrillation import vapour_pressure

over_ice = from_python(vapour_pressure)

ATMOSPHERE = 101325.0
AIR = 1.2
"""Density of air [kg/m3] (textbook)."""
AIR_HEAT, WATER_HEAT = 1006.0, 4186.0
"""Specific heats of air and of water [J/(kg K)] (textbook)."""
EVAPORATION = 2.5e6
"""Enthalpy of evaporation of water [J/kg] (textbook)."""
FREEZING = 273.15


class DryRoom(NamedTuple):
    """A hall and its air handling: volume [m3], air changes [1/s], share of make-up air, water sources [kg/s], dew points of
    hall, supply, outside and behind the pre-cooler [K], temperatures of hall, outside and of regeneration [K], efficiency of
    the wheel, heat it carries over [K], fan pressure [Pa] and efficiency.
    """

    volume: float
    air_change: float
    make_up: float
    sources: float
    dew_point: float
    supply_dew_point: float
    outside_dew_point: float
    precooled: float
    temperature: float
    outside: float
    regeneration: float
    wheel: float
    carry_over: float
    fan_pressure: float
    fan_efficiency: float


class AirHandling(NamedTuple):
    """What a hall needs: supply air and water removed [kg/s]; heat of regeneration, heat that coolers take without that of
    machines, and power of the fans [W].
    """

    air: float
    water: float
    heat: float
    cooling: float
    fans: float


def humidity(dew_point: float) -> float:
    """Water over dry air [kg/kg] at a dew point [K], over ice below freezing."""
    pressure = over_ice(dew_point) if dew_point < FREEZING else over_water(dew_point)
    return 0.622 * pressure / (ATMOSPHERE - pressure)


def over_water(dew_point: float) -> float:
    """Vapour pressure of liquid water [Pa]: 611.2 exp(17.62 t/(243.12 + t)), Magnus form."""
    t = dew_point - FREEZING
    return 611.2 * math.exp(17.62 * t / (243.12 + t))


def air_handling(room: DryRoom) -> AirHandling:
    """What keeps a hall at its dew point; ValueError where the supply is not drier than the hall."""
    inside, supply = humidity(room.dew_point), humidity(room.supply_dew_point)
    if supply >= inside:
        raise ValueError("the supply air is not drier than the hall; give it a lower dew point")
    usual = AIR * room.volume * room.air_change
    air = max(usual, room.sources / (inside - supply))
    fresh = room.make_up * usual
    outside = humidity(room.outside_dew_point)
    precooled = min(humidity(room.precooled), outside)
    colder = min(room.precooled, room.outside)
    water = fresh * max(precooled - supply, 0.0) + room.sources
    wet = water * (EVAPORATION + WATER_HEAT * (room.regeneration - room.temperature)) / room.wheel
    heat = wet + air * AIR_HEAT * room.carry_over
    precooling = fresh * (AIR_HEAT * (room.outside - colder) + EVAPORATION * (outside - precooled))
    cooling = air * AIR_HEAT * room.carry_over + precooling
    return AirHandling(air, water, heat, cooling, air * room.fan_pressure / (AIR * room.fan_efficiency))
