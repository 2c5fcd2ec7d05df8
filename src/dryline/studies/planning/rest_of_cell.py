"""What turns two electrodes into a cell: separator, electrolyte, can, and the steps of the BatPaC plant beyond electrode lines.

It is the same for a dry and a wet electrode. Notching, slitting, vacuum drying, assembly, dry room, formation, warehouse,
building support, scrap recycling and the laboratory stand here; modules and packs do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dryline.line.price_table import PriceTable
from dryline.line.site import Site
from dryline.studies.planning import batpac
from dryline.studies.planning.cost import Basis, Costing, Item, energy_price, standing
from dryline.studies.planning.electrode_line import Carrier, ElectrodeLine, Number

KWH = 3.6e6


@dataclass(frozen=True)
class RestOfCell:
    """The rest of a cell and its factory, per energy of good cells.

    plant: energy of the good cells of a year [J]; cell_capacity [A s]; separator: area over single-sided cathode area [1];
    electrolyte [m3/J]; the price table's "can" is per energy. energy: final energy of the rest of the factory by carrier [J/J].
    """

    plant: Number = 50e6 * KWH
    cell_capacity: Number = 68.0 * 3600.0
    """BatPaC 5."""
    separator: Number = 1.08
    """Assumed: it overlaps both electrodes."""
    separator_yield: Number = 0.98
    """BatPaC 5."""
    electrolyte: Number = 1.2e-3 / KWH
    """1.2 L/kWh, assumed; range 0.9 to 1.8."""
    electrolyte_yield: Number = 0.94
    """BatPaC 5."""
    energy: Mapping[Carrier, Number] = field(default_factory=lambda: {"electricity": 16.4, "heat": 10.9})
    """Degen & Schuette 2022 less mixing, coating and calendering; published sums of the rest span 15 to 34."""


def rest_rates(cathode: ElectrodeLine, anode: ElectrodeLine, rest: RestOfCell) -> batpac.Rates:
    """Annual rates of the rest of a plant, areas of electrode as good area that leaves the lines."""
    base = batpac.base_rates()
    cells = rest.plant / (rest.cell_capacity * cathode.product.voltage) / cathode.cell_yield
    return replace(
        base,
        energy=rest.plant,
        positive_area=cathode.good_area * cathode.product.sides / cathode.good_energy * rest.plant,
        negative_area=anode.good_area * anode.product.sides / anode.good_energy * rest.plant,
        cells=cells,
        rejected_cells=cells * (1.0 - cathode.cell_yield),
        cell_capacity=rest.cell_capacity,
    )


def rest_cost(
    cathode: ElectrodeLine, anode: ElectrodeLine, rest: RestOfCell, site: Site, prices: PriceTable, basis: Basis = "full",
    labour: bool = True,
) -> Costing:  # fmt: skip
    """Cost of the rest of a plant's cells in a year, with the same yield of cells as the electrodes have."""
    rates = rest_rates(cathode, anode, rest)
    dollars = site.money(1.0, batpac.CURRENCY) * site.equipment_level
    lines = {row for names in batpac.ELECTRODE_STEPS.values() for row in names.values()}
    items: list[Item] = []
    for name, step in batpac.plant(rates).items():
        if name not in lines and name not in batpac.PACK_STEPS:
            crew = step.labour / site.planned_time
            items += standing(name.replace("_", " "), crew, step.equipment * dollars, step.floor, site, basis, labour)
    for carrier, share in rest.energy.items():
        items.append(Item("rest of the factory", "energy", carrier, share * rest.plant * energy_price(site, carrier)))
    separator = rest.separator * rates.positive_area / rest.separator_yield
    electrolyte = rest.electrolyte * rest.plant / cathode.cell_yield / rest.electrolyte_yield
    can = rest.plant / cathode.cell_yield
    uses = (("separator", "m2", separator), ("electrolyte", "m3", electrolyte), ("can", "J", can))
    for name, unit, use in uses:
        items.append(Item(name, "materials", name, use * prices.price(name, unit, site)))
    return Costing("rest of the cell", "rest", basis, site.currency, tuple(items), rest.plant)
