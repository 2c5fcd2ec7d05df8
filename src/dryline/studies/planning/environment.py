"""What a line takes from and gives to its surroundings per kWh of good cells, and what its materials are, apart from its making.

The manufacturing side counts the line: solvent to the air, exhaust, water, dust, scrap to waste, CO2 of its energy. The material
side counts what is bought: binder, carbon, solvent make-up, foil, active material, with their mass, cost and share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from dryline.line.price_table import PriceTable
from dryline.line.site import Site
from dryline.studies.planning.bill import yearly
from dryline.studies.planning.electrode_line import CARRIERS, Carrier, ElectrodeLine, Number
from dryline.studies.planning.equipment import powder_per_area
from dryline.studies.planning.yields import flows

KWH = 3.6e6
WATER = ("water",)


@dataclass(frozen=True)
class Dust:
    """Share of the powder fed that the extraction takes, and share of that which its filter lets through (both assumed)."""

    extracted: Number = 0.001
    passed: Number = 1e-4


@dataclass(frozen=True)
class Environment:
    """Per kWh of good cells: masses [kg/kWh], CO2 by carrier of energy [kg/kWh].

    solvent_evaporated, solvent_emitted: to the air of the dryer and out of the stack; exhaust: air; water: used as solvent; dust
    caught and dust that leaves; waste: scrap of powder and foil, spent solvent apart.
    """

    solvent_evaporated: Number
    solvent_emitted: Number
    exhaust: Number
    water: Number
    dust_caught: Number
    dust_emitted: Number
    waste: Number
    co2: dict[Carrier, Number]

    @property
    def co2_total(self) -> Number:
        """CO2 of all energy [kg/kWh]."""
        result: Number = 0.0
        for part in self.co2.values():
            result = result + part
        return result


def carbon_of(site: Site, carrier: Carrier) -> Number:
    """CO2 of final energy of a carrier at a site [kg/J]: fuel for heat, the grid for all else."""
    return site.fuel_carbon if carrier == "heat" else site.grid_carbon


def environment(line: ElectrodeLine, site: Site, prices: PriceTable, dust: Dust | None = None) -> Environment:
    """What a line gives off per kWh of good cells; the price table gives the mass of foil."""
    dust = Dust() if dust is None else dust
    per_kwh = KWH / line.good_energy
    water: Number = 0.0
    organic = line.solvent * line.coated_area
    waste: Number = 0.0
    for one in flows(line):
        if one.stuff.group == "solvent" and one.stuff.name.strip().lower() in WATER:
            water = water + one.bought
            organic = 0.0 * organic
        if one.stuff.group != "solvent":
            mass = prices.areal_mass(one.stuff.name) if one.stuff.unit == "m2" else 1.0
            waste = waste + (one.cell_reject + one.thrown + one.intake_loss) * mass
    co2: dict[Carrier, Number] = {carrier: 0.0 for carrier in CARRIERS}
    for use in yearly(line):
        co2[use.carrier] = co2[use.carrier] + use.joules * carbon_of(site, use.carrier) * per_kwh
    caught = dust.extracted * powder_per_area(line) * line.coated_area
    return Environment(
        solvent_evaporated=organic * per_kwh,
        solvent_emitted=line.emitted * organic * per_kwh,
        exhaust=line.exhaust * line.coated_area * per_kwh,
        water=water * per_kwh,
        dust_caught=caught * (1.0 - dust.passed) * per_kwh,
        dust_emitted=caught * dust.passed * per_kwh,
        waste=waste * per_kwh,
        co2=co2,
    )


class MaterialRow(NamedTuple):
    """A material bought, per kWh of good cells, in its unit (kg or m2): bought, in good cells, money, share of all money."""

    name: str
    group: str
    unit: str
    bought: Number
    in_cells: Number
    money: Number
    share: Number


def material_side(line: ElectrodeLine, site: Site, prices: PriceTable) -> tuple[MaterialRow, ...]:
    """Table of the materials of a line, apart from what it costs to make the electrode."""
    per_kwh = KWH / line.good_energy
    bought = [(one, one.bought * prices.price(one.stuff.name, one.stuff.unit, site) * per_kwh) for one in flows(line)]
    whole: Number = 0.0
    for _, money in bought:
        whole = whole + money
    return tuple(
        MaterialRow(
            one.stuff.name, one.stuff.group, one.stuff.unit, one.bought * per_kwh, one.good * per_kwh, money, money / whole
        )
        for one, money in bought
    )  # fmt: skip
