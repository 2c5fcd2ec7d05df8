r"""Convective drying of a coated web: what it takes to drive the solvent out of a slurry, as heat, air and power of fans.

Heat goes into the evaporation, into solids and foil, into fresh air that leaves with the exhaust, and through the walls; a heater
adds what it loses itself. Exhaust air is what the concentration of solvent in it allows, and it is what counts: at 1000 ppm
of NMP a kilogram of solvent takes 290 kg of air along. Every function takes numbers or arrays alike; all units are SI.

Source: heat and mass balances, textbook; figures of the substances textbook; 25 % of the lower explosive limit as a rule and
50 % with monitoring, textbook. Validity: small concentrations, dry air, vapour that leaves at the temperature of its evaporation
(70 kJ/kg are left out), and a web that is warmed once: a second pass warms foil and first side again, a percent or two.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Figure = float | NDArray[np.float64]
"""A number, or one a case."""

AIR_HEAT = 1006.0
"""Specific heat of air [J/(kg K)] (textbook)."""
AIR_MOLAR_MASS = 0.02897
"""Molar mass of air [kg/mol] (textbook)."""
AIR_DENSITY = 1.2
"""Density of air at 293 K [kg/m3] (textbook)."""


class Solvent(NamedTuple):
    """A solvent: molar mass [kg/mol], latent heat [J/kg], specific heat of the liquid [J/(kg K)], lower explosive limit as
    a mole fraction in air (infinite where it does not burn).
    """

    name: str
    molar_mass: Figure
    latent: Figure
    liquid_heat: Figure
    explosive: Figure = np.inf


NMP = Solvent("nmp", 0.0991, 530e3, 1800.0, 0.013)
"""N-methyl-2-pyrrolidone; textbook figures, not checked against a source."""
WATER = Solvent("water", 0.018015, 2430e3, 4190.0)
"""Water near 35 °C; textbook figures."""

WATCHED, REFUSED = 0.25, 0.5
"""Shares of the lower explosive limit above which a dryer needs monitoring, and above which it must not run (textbook)."""


def solvent_per_area(solids: Figure, fraction: Figure) -> Figure:
    """Solvent of a wet coating [kg/m2]: m_s = L (1 - x)/x; solids L [kg/m2], mass fraction x of solids in the slurry."""
    return solids * (1.0 - fraction) / fraction


def air_per_solvent(exhaust_fraction: Figure, molar_mass: Figure) -> Figure:
    """Exhaust air per solvent [kg/kg]: g_a = (M_a/M_s)/y; mole fraction y in the exhaust, well below 1, M_s [kg/mol]."""
    return AIR_MOLAR_MASS / molar_mass / exhaust_fraction


def humid_fraction(humidity_gain: Figure, molar_mass: Figure = WATER.molar_mass) -> Figure:
    """Mole fraction y of an exhaust that has gained X [kg/kg] of solvent: y = X M_a/M_s, so that g_a = 1/X."""
    return humidity_gain * AIR_MOLAR_MASS / molar_mass


def explosive_share(exhaust_fraction: Figure, solvent: Solvent) -> Figure:
    """Concentration over the lower explosive limit: warn above WATCHED, refuse above REFUSED. 3250 ppm of NMP are 0.25."""
    return exhaust_fraction / solvent.explosive


class Dryer(NamedTuple):
    """What a dryer does to its air.

    Temperatures [K] of fresh air, exhaust and wet film; heat_recovery: effectiveness of the heat exchanger between exhaust and
    fresh air; losses: through walls and openings, over the useful heat; efficiency of the heater; nozzle_drop: fall of the
    temperature of the circulating air at the nozzles [K].
    """

    fresh: Figure
    exhaust: Figure
    wet: Figure
    heat_recovery: Figure
    losses: Figure
    efficiency: Figure
    nozzle_drop: Figure


class Balance(NamedTuple):
    """Where the heat of a dryer goes [W], and its air [kg/s].

    bought = evaporation + web + air + walls + heater; `air` is the heat that the exhaust takes out for good.
    """

    evaporation: Figure
    web: Figure
    air: Figure
    walls: Figure
    heater: Figure
    bought: Figure
    exhaust_air: Figure
    circulating_air: Figure


def evaporation_heat(solvent: Solvent, fresh: Figure, wet: Figure) -> Figure:
    """Heat to evaporate a solvent [J/kg]: H1 = h_v + c_l (T_w - T_in), temperatures [K] of coating and wet film."""
    return solvent.latent + solvent.liquid_heat * (wet - fresh)


def exhaust_heat(air: Figure, dryer: Dryer) -> Figure:
    """Heat that exhaust air takes out [W, or J/kg for kg/kg]: H3 = g_a c_pa (T_ex - T_in)(1 - eta_HX)."""
    return air * AIR_HEAT * (dryer.exhaust - dryer.fresh) * (1.0 - dryer.heat_recovery)


def balance(solvent: Solvent, dryer: Dryer, evaporated: Figure, web: Figure, exhaust_air: Figure) -> Balance:
    """Heat balance of a running dryer.

    Parameters
    ----------
    solvent, dryer
        What is evaporated, and in what.
    evaporated : float or array (n,)
        Solvent [kg/s].
    web : float or array (n,)
        Heat capacity flow of dry coating and foil [W/K]; without solvent there is no drying and the web stays cold.
    exhaust_air : float or array (n,)
        Air that leaves [kg/s].

    Notes
    -----
    useful = m (H1 + H2 + H3), bought = useful (1 + l)/eta_h. The circulating air cools by dT_noz while it hands over evaporation,
    web and wall heat: m_c = Q/(c_pa dT_noz), and is never less than what leaves.
    """
    evaporation = evaporated * evaporation_heat(solvent, dryer.fresh, dryer.wet)
    warm = np.where(np.asarray(evaporated) > 0.0, web * (dryer.exhaust - dryer.fresh), 0.0)
    out = exhaust_heat(exhaust_air, dryer)
    useful = evaporation + warm + out
    walls = dryer.losses * useful
    bought = (useful + walls) / dryer.efficiency
    circulating = np.maximum((evaporation + warm + walls) / (AIR_HEAT * dryer.nozzle_drop), exhaust_air)
    return Balance(evaporation, warm, out, walls, bought - useful - walls, bought, exhaust_air, circulating)


def hot_standby(dryer: Dryer, walls: Figure, exhaust_air: Figure) -> Figure:
    """Heat bought by a dryer that stands hot without web [W]: (walls + H3 of the air that still flows)/eta_h."""
    return (walls + exhaust_heat(exhaust_air, dryer)) / dryer.efficiency


def fan_power(air: Figure, temperature: Figure, pressure: Figure, efficiency: Figure) -> Figure:
    """Electric power of a fan [W]: V dp/eta, V = m/rho(T), ideal gas; air [kg/s], temperature at the fan [K], pressure [Pa]."""
    return air / (AIR_DENSITY * 293.15 / temperature) * pressure / efficiency
