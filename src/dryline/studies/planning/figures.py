"""Figures of a comparison: dry and wet lines under the same rules, their energy and money per energy of good cells.

`evaluate` takes central inputs or arrays over samples alike. The electrode is the same on both sides: areal capacity, voltage,
width, speed, hours and yields; only the process differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dryline.studies.planning.bill import total, yearly
from dryline.studies.planning.cost import BOUNDARIES, Basis, Costing, cost, per_kwh
from dryline.studies.planning.electrode_line import CARRIERS, Carrier, ElectrodeLine, Load, Number, Step
from dryline.studies.planning.equipment import PowerLaw, costed, powder_per_area
from dryline.studies.planning.factory import rest_by_carrier
from dryline.studies.planning.outcomes import Figures, Key, Pair
from dryline.studies.planning.question import UNKNOWN, Question
from dryline.studies.planning.rest_of_cell import RestOfCell, rest_cost
from dryline.studies.planning.wet_figures import wet_figures
from dryline.studies.planning.wet_line import wet_line

ELECTRODES: tuple[str, ...] = ("cathode", "anode")
BEST = 0.995
"""Most that a yield can be."""
WET_CHANGES = {
    "cathode": {"solids_cathode": "solids", "exhaust_temperature": "exhaust_temperature", "distillation": "distillation"},
    "anode": {"solids_anode": "solids", "exhaust_humidity": "humidity_gain"},
}
"""Inputs of wet lines by the figure that they change."""
SHARED_CHANGES = {"mixing": "mixing", "calendering": "calendering"}
UNKNOWN_CHANGES = {"exhaust_solvent": "exhaust_fraction", "heat_recovery": "heat_recovery"}


@dataclass(frozen=True)
class Lines:
    """Dry line of each electrode, wet line of each by vintage, all with equipment, floor and crew."""

    dry: Mapping[str, ElectrodeLine]
    wet: Mapping[str, Mapping[str, ElectrodeLine]]
    rest: Mapping[Carrier, Number]


def scaled(step: Step, factor: Number, carriers: tuple[Carrier, ...] = CARRIERS) -> Step:
    """A step with its loads of some carriers multiplied in every state."""
    loads = (
        Load(load.carrier, *(getattr(load, state) * factor for state in ("run", "idle", "heat_up", "stop")))
        if load.carrier in carriers
        else load
        for load in step.loads
    )
    return replace(step, loads=tuple(loads))


def drawn_running(step: Step) -> Number:
    """What a step draws while the line runs, all carriers [W]."""
    found: Number = 0.0
    for load in step.loads:
        found = found + load.run
    return found


def with_inputs(line: ElectrodeLine, question: Question, values: Mapping[str, Number], hall: Number) -> ElectrodeLine:
    """A dry line as set up, with hours, yields and the inputs that are no part of its set-up.

    hall: load of its conditioned hall as the line file has it [W/m2].
    """
    working = replace(question.working, oee=values.get("oee", question.working.oee))
    powder = powder_per_area(line) * line.speed * line.coated_width
    steps = []
    for step in line.steps:
        if step.name == "fibrillation" and "fibrillation" in values:
            step = scaled(step, values["fibrillation"] * powder / drawn_running(step))
        if step.name == "dust extraction" and "dust" in values:
            step = scaled(step, values["dust"] / drawn_running(step))
        if step.name in ("film forming", "lamination"):
            step = scaled(step, values.get("lever_arm", 1.0))
        if step.name == "roll heating":
            step = scaled(step, values.get("roll_loss", 1.0))
        if step.name == "hall" and "hall" in values:
            step = scaled(step, values["hall"] / hall)
        steps.append(scaled(step, values.get("compressor", 1.0), ("compressed_air",)))
    good = np.minimum(values["electrode_yield"] * values.get("dry_yield", 1.0), BEST) * line.area_yield
    return replace(line, steps=tuple(steps), calendar=working.calendar(), area_yield=good, cell_yield=question.cell_yield)


def wet_of(
    dry: ElectrodeLine, question: Question, vintage: str, values: Mapping[str, Number], hall: Mapping[Carrier, Number],
    edges: Number, moved: str = "",
) -> ElectrodeLine:  # fmt: skip
    """Wet line of a vintage for the electrode of a dry line, by the same rules.

    hall: its load [W/m2] by carrier; edges: share of the coated width that is kept; moved: an input that moves every vintage,
    though it is one of what makes it.
    """
    electrode = dry.product.electrode
    loaded = question.cathode if electrode == "cathode" else question.anode
    names = {**WET_CHANGES[electrode], **SHARED_CHANGES}
    changes: dict[str, Any] = {figure: values[name] for name, figure in names.items() if name in values}
    for name, figure in UNKNOWN_CHANGES.items() if electrode == "cathode" else ():
        if vintage == UNKNOWN or name == moved or name in question.known:
            changes[figure] = values[name]
    found = question.unknown if vintage == UNKNOWN else question.vintages[vintage]
    figures = wet_figures(found, electrode, dry.product.chemistry, **changes)
    figures = replace(
        figures, lever=figures.lever * values.get("lever_arm", 1.0), film=figures.film * values.get("roll_loss", 1.0)
    )
    load = sum(hall.values())
    watts = {carrier: part * (values["hall"] / load if "hall" in values else 1.0) for carrier, part in hall.items()}
    active = loaded.recipe.component("active").material
    return wet_line(
        dry.product, figures, capacity=active.capacity, speed=dry.speed, coated_width=dry.coated_width, calendar=dry.calendar,
        area_yield=np.minimum(values["electrode_yield"], BEST) * edges, cell_yield=dry.cell_yield, hall=watts,
        active_name=active.name, foil_per_area=next(stuff.per_area for stuff in dry.stuffs if stuff.group == "foil"),
    )  # fmt: skip


def lines_of(
    question: Question, set_up: Mapping[str, ElectrodeLine], halls: Mapping[str, Mapping[Carrier, Number]],
    values: Mapping[str, Number], vintages: tuple[str, ...], moved: str = "",
) -> Lines:  # fmt: skip
    """All lines of a comparison.

    set_up: dry line of each electrode as drawn up from its set-up; halls: load of the hall of each [W/m2] by carrier, whose
    conditions the wet lines share; values: inputs, numbers or arrays (n,); moved: an input that moves every vintage.
    """
    site = site_with(question, values)
    equipment = question.equipment
    if isinstance(equipment, PowerLaw) and "dry_equipment" in values:
        equipment = replace(equipment, dry_equipment=values["dry_equipment"])
    dry = {name: with_inputs(set_up[name], question, values, sum(halls[name].values())) for name in ELECTRODES}
    wet: dict[str, dict[str, ElectrodeLine]] = {vintage: {} for vintage in vintages}
    for vintage in vintages:
        for name in ELECTRODES:
            made = wet_of(dry[name], question, vintage, values, halls[name], set_up[name].area_yield, moved)
            wet[vintage][name] = costed(made, equipment, site)
    rest = rest_by_carrier(values.get("rest_of_factory"))
    return Lines({name: costed(line, equipment, site) for name, line in dry.items()}, wet, rest)


def site_with(question: Question, values: Mapping[str, Number]) -> Any:
    """The site with the prices that the inputs move."""
    site = question.site
    return replace(
        site,
        electricity=site.electricity * values.get("electricity_price", 1.0),
        heat=site.heat * values.get("heat_price", 1.0),
        wage=site.wage * values.get("wage", 1.0),
        interest=values.get("discount_rate", site.interest),
        planned_time=question.working.planned,
    )


def prices_with(question: Question, values: Mapping[str, Number], lines: Lines) -> Any:
    """The price table with the prices that the inputs move."""
    factors: dict[str, Number] = {}
    for line in (*lines.dry.values(), *(one for pair in lines.wet.values() for one in pair.values())):
        for stuff in line.stuffs:
            if stuff.group == "active":
                factors[stuff.name] = values.get("active_price", 1.0)
            elif stuff.name.startswith(("ptfe", "pvdf")):
                factors[stuff.name] = values.get(f"{stuff.name[:4]}_price", 1.0)
            elif stuff.name == "primer":
                factors[stuff.name] = values.get("primer", 1.0)
    return question.prices.scaled(factors)


def energy_of(line: ElectrodeLine) -> Number:
    """Energy that a line uses over that of its good cells [J/J]."""
    return total(yearly(line)) / line.good_energy


def evaluate(question: Question, lines: Lines, values: Mapping[str, Number], basis: Basis = "full") -> Figures:
    """Energy and cost of every case, boundary and vintage."""
    site, prices = site_with(question, values), prices_with(question, values, lines)
    rest = sum(lines.rest.values())
    energy = {name: energy_of(line) for name, line in lines.dry.items()}
    dry_cost = {name: cost(line, site, prices, basis) for name, line in lines.dry.items()}
    found: dict[Key, Pair] = {}
    for vintage, wet in lines.wet.items():
        old = {name: energy_of(line) for name, line in wet.items()}
        old_cost = {name: cost(line, site, prices, basis) for name, line in wet.items()}
        wet_rest = _rest(question, wet, lines, site, prices, basis)
        for case, dry_anode in (("cathode_only", False), ("both", True)):
            anode = energy["anode"] if dry_anode else old["anode"]
            made = {"electrode_line": energy["cathode"], "electrode_production": energy["cathode"] + anode}
            was = {"electrode_line": old["cathode"], "electrode_production": old["cathode"] + old["anode"]}
            made["cell_factory"] = made["electrode_production"] + rest
            was["cell_factory"] = was["electrode_production"] + rest
            for boundary in made:
                found[Key(case, "energy", boundary, vintage)] = Pair(made[boundary], was[boundary])
            pair = (dry_cost["cathode"], dry_cost["anode"] if dry_anode else old_cost["anode"])
            before = (old_cost["cathode"], old_cost["anode"])
            mixed = {"cathode": lines.dry["cathode"], "anode": (lines.dry if dry_anode else wet)["anode"]}
            dry_rest = _rest(question, mixed, lines, site, prices, basis)
            for boundary in BOUNDARIES:
                cell = boundary == "cell"
                now = per_kwh((*pair, dry_rest) if cell else pair, boundary)
                then = per_kwh((*before, wet_rest) if cell else before, boundary)
                found[Key(case, "cost", boundary, vintage)] = Pair(now, then)
    return found


def _rest(question: Question, pair: Mapping[str, ElectrodeLine], lines: Lines, site: Any, prices: Any, basis: Basis) -> Costing:
    rest = RestOfCell(energy=lines.rest)
    return rest_cost(pair["cathode"], pair["anode"], rest, site, prices, basis)
