"""Cost of an electrode line, dry or wet, on a site: full, marginal or levelized, by step, kind and material.

    c = sum over steps of  C a(n_eq) + k_m C + A b a(n_b) + n_op H w (1 + oh) + overhead on depreciation
      + sum over steps and carriers of E price
      + sum over materials of bought x price + waste                                          [money/year], over good energy

C equipment, A floor, b building price, n_op operators on shift, H planned time, w wage. Three bases, never mixed:

- **full**: a(n) = 1/n, straight-line depreciation: what a kWh of the plant's output costs on its books, without interest.
- **levelized**: a(n) = CRF(i, n) = i (1 + i)^n / ((1 + i)^n - 1): the price at which the plant also earns its interest. It is the
  full cost plus the capital charge above straight-line depreciation, nothing else.
- **marginal**: what one more kWh costs while the plant stands as it is: materials, waste, energy and direct labour (labour can be
  left out); neither equipment, floor and maintenance nor overheads. So too in Lechner et al. 2024, Commun. Eng. 3:155, whose
  marginal cost equals the full cost less depreciation and overheads to its digits.

Four boundaries: `conversion` is the line's labour, equipment, floor, maintenance, overheads and energy;
`without_active_material` adds foil, binder, carbon and solvent make-up with their scrap and waste; `with_active_material` adds
the active material with its scrap, waste and regrind; `cell` needs both electrodes and the rest of the cell besides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from dryline.line.price_table import PriceTable
from dryline.line.site import Site
from dryline.studies.planning.bill import yearly
from dryline.studies.planning.electrode_line import Carrier, ElectrodeLine, Number
from dryline.studies.planning.yields import Account, Flow, Stage, flows, share, value_chain

KWH = 3.6e6

Basis = Literal["full", "marginal", "levelized"]
BASES: tuple[Basis, ...] = ("full", "marginal", "levelized")
Kind = Literal["labour", "equipment", "floor", "maintenance", "overhead", "energy", "materials", "scrap", "waste", "credit"]
CONVERSION: tuple[Kind, ...] = ("labour", "equipment", "floor", "maintenance", "overhead", "energy")
"""Kinds of the manufacturing side; the others are the material side."""
KINDS: tuple[Kind, ...] = (*CONVERSION, "materials", "scrap", "waste", "credit")
Boundary = Literal["conversion", "without_active_material", "with_active_material", "cell"]
BOUNDARIES: tuple[Boundary, ...] = ("conversion", "without_active_material", "with_active_material", "cell")


class Item(NamedTuple):
    """Money of a year for a kind of cost at a step, or of a material under its name; group: carrier, or the material's group."""

    step: str
    kind: Kind
    group: str
    money: Number


@dataclass(frozen=True)
class Costing:
    """Cost of a year on one basis in one currency, and the energy of the good cells that it is for [J].

    part: an electrode's name, or "rest" for what turns two electrodes into a cell.
    """

    name: str
    part: Literal["cathode", "anode", "rest"]
    basis: Basis
    currency: str
    items: tuple[Item, ...]
    good_energy: Number

    def total(self, chosen: Callable[[Item], bool] = lambda item: True) -> Number:
        """Money of a year, of the chosen items."""
        result: Number = 0.0
        for item in self.items:
            if chosen(item):
                result = result + item.money
        return result

    def within(self, boundary: Boundary) -> Number:
        """Money of a year inside a boundary."""
        return self.total(lambda item: inside(item, boundary))

    def per_kwh(self, boundary: Boundary) -> Number:
        """Cost per kWh of good cells inside a boundary, of this part alone; ValueError for `cell`, which needs all parts."""
        return per_kwh((self,), boundary)

    def by_kind(self) -> dict[Kind, Number]:
        """Cost per kWh by kind."""
        return {kind: self.total(lambda item, kind=kind: item.kind == kind) / self.good_energy * KWH for kind in KINDS}  # type: ignore[misc]

    def by_step(self) -> dict[str, dict[Kind, Number]]:
        """Cost per kWh by step and kind, steps in the order of the line."""
        found: dict[str, dict[Kind, Number]] = {}
        for item in self.items:
            step = found.setdefault(item.step, {})
            step[item.kind] = step.get(item.kind, 0.0) + item.money / self.good_energy * KWH
        return found


def inside(item: Item, boundary: Boundary) -> bool:
    """Whether an item lies within a boundary."""
    if item.kind in CONVERSION:
        return True
    if boundary == "conversion":
        return False
    return item.group != "active" or boundary in ("with_active_material", "cell")


def per_kwh(parts: Sequence[Costing], boundary: Boundary) -> Number:
    """Cost per kWh of good cells of several parts together; `cell` needs cathode, anode and rest.

    Raises
    ------
    ValueError
        Parts of different bases or currencies, a part twice, or parts that do not make the boundary.
    """
    names = [part.part for part in parts]
    if len({(part.basis, part.currency) for part in parts}) != 1:
        raise ValueError("costs of different bases or currencies cannot be added; compute all parts on one basis and site")
    if len(set(names)) != len(names):
        raise ValueError(f"a part stands twice among {', '.join(names)}; give each once")
    if boundary == "cell" and set(names) != {"cathode", "anode", "rest"}:
        raise ValueError(f"a cell is made of cathode, anode and rest, not of {', '.join(names)}; give all three")
    if boundary != "cell" and "rest" in names:
        raise ValueError(f"the rest of the cell is not within {boundary}; leave it out or ask for the boundary cell")
    result: Number = 0.0
    for part in parts:
        result = result + part.within(boundary) / part.good_energy * KWH
    return result


def capital_recovery(interest: Number, life: Number) -> Number:
    """Capital recovery factor CRF = i (1 + i)^n / ((1 + i)^n - 1) [1/year], 1/n without interest."""
    i = np.where(np.asarray(interest) > 0.0, interest, 1.0)
    factor: Number = np.where(np.asarray(interest) > 0.0, i / -np.expm1(-np.asarray(life) * np.log1p(i)), 1.0 / np.asarray(life))
    return factor


def energy_price(site: Site, carrier: Carrier) -> Number:
    """Price of final energy of a carrier [money/J]: heat as fuel or steam, all else as electricity."""
    return site.heat if carrier == "heat" else site.electricity


def standing(
    step: str, operators: Number, equipment: Number, floor: Number, site: Site, basis: Basis, labour: bool = True
) -> list[Item]:
    """Items of labour and capital of a step in a year."""
    direct = operators * site.planned_time * site.wage
    if basis == "marginal":
        return [Item(step, "labour", "", direct)] if labour else []
    straight = equipment / site.equipment_life, floor * site.building / site.building_life
    charge = (
        (equipment * capital_recovery(site.interest, site.equipment_life),
         floor * site.building * capital_recovery(site.interest, site.building_life))
        if basis == "levelized" else straight
    )  # fmt: skip
    overhead = site.labour_overhead * direct + site.depreciation_overhead * (straight[0] + straight[1])
    return [
        Item(step, "labour", "", direct),
        Item(step, "equipment", "", charge[0]),
        Item(step, "floor", "", charge[1]),
        Item(step, "maintenance", "", site.maintenance * equipment),
        Item(step, "overhead", "", overhead),
    ]


def cost(line: ElectrodeLine, site: Site, prices: PriceTable, basis: Basis = "full", labour: bool = True) -> Costing:
    """Cost of a year of an electrode line.

    Parameters
    ----------
    line : ElectrodeLine
        With equipment, floor and operators of its steps (see `equipment.costed`); equipment in the site's currency.
    site : Site
        Prices of energy, work and buildings, and the terms of capital.
    prices : PriceTable
        Of every material of the line.
    basis : {"full", "marginal", "levelized"}
        See the top of this module.
    labour : bool
        Whether one more kWh needs more direct labour; counts for the marginal basis only.

    Raises
    ------
    InputError
        A material without price, or a price that cannot be converted to the site's currency or to the unit of use.
    """
    items: list[Item] = []
    for step in line.steps:
        items += standing(step.name, step.operators, step.equipment, step.floor, site, basis, labour)
    energy: dict[tuple[str, Carrier], Number] = {}
    for use in yearly(line):
        energy[use.step, use.carrier] = energy.get((use.step, use.carrier), 0.0) + use.joules
    items += [Item(step, "energy", carrier, joules * energy_price(site, carrier)) for (step, carrier), joules in energy.items()]
    for one in flows(line):
        items += material_items(one, site, prices)
    return Costing(line.name, line.product.electrode, basis, site.currency, tuple(items), line.good_energy)


def material_items(one: Flow, site: Site, prices: PriceTable) -> list[Item]:
    """Items of one material: what ends in good cells, what is lost, what the regrind saves, and what its waste costs or earns.

    Make-up of a solvent, which no cell contains, counts as material; only what is lost before the web is scrap.
    """
    stuff, price = one.stuff, prices.price(one.stuff.name, one.stuff.unit, site)
    step, group = stuff.name, stuff.group
    if group == "solvent":
        return [Item(step, "materials", group, one.evaporated * price), Item(step, "scrap", group, one.intake_loss * price)]
    lost = one.fed - one.good
    wasted = one.cell_reject + one.thrown + one.intake_loss
    kilograms = wasted * (prices.areal_mass(stuff.name) if stuff.unit == "m2" else 1.0)
    items = [
        Item(step, "materials", group, one.good * price),
        Item(step, "scrap", group, lost * price),
        Item(step, "credit", group, -one.returned * price),
        Item(step, "waste", group, kilograms * site.disposal),
    ]
    if group == "active":
        items.append(Item(step, "credit", group, -wasted * price * site.scrap_revenue))
    return items


def scrap_accounts(line: ElectrodeLine, costing: Costing, site: Site, prices: PriceTable) -> tuple[Account, ...]:
    """Money of a year through intake, line and cell: what is lost carries what has been spent on it so far.

    What is lost before the web carries its price only; rejected web carries material and conversion of the line, less what
    regrind and sold scrap return; a rejected cell carries its electrode. Fees for waste are lost where the web is rejected. Over
    the three, added - recovered equals all that the line spends, and equals the value of good cells and losses.
    """
    fed: Number = 0.0
    on_web: Number = 0.0
    makeup: Number = 0.0
    returned: Number = 0.0
    for one in flows(line):
        price = prices.price(one.stuff.name, one.stuff.unit, site)
        if one.stuff.group == "solvent":
            makeup = makeup + (one.evaporated + one.intake_loss) * price
        else:
            fed, on_web, returned = fed + one.fed * price, on_web + one.on_web * price, returned + one.returned * price
    sold = -costing.total(lambda item: item.kind == "credit") - returned
    fees = costing.total(lambda item: item.kind == "waste")
    accounts = value_chain(
        (
            Stage("intake", fed, share(on_web, fed)),
            Stage("line", makeup + costing.within("conversion"), line.area_yield, returned + sold),
            Stage("cell", 0.0, line.cell_yield),
        )
    )
    rejected = accounts[1]._replace(added=accounts[1].added + fees, lost=accounts[1].lost + fees)
    return accounts[0], rejected, accounts[2]
