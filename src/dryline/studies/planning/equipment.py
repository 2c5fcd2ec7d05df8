"""What a line is made of: equipment, floor and crew of its steps, by BatPaC's power law or as a whole number of machines.

Power law: a line has its share of a plant of a given size, as BatPaC has it, in which equipment grows less than the plant:

    C = share C0 (G / G0)^p,  G annual rate of the plant = rate of the line / share,  share = energy of the line / of the plant

No price of a dry line is published. By the power law it costs a factor of the wet line for the same electrode at the same
capacity (default 0.70, range 0.5 to 1.0, assumed), spread over its steps by shares that are assumed too. As machines, it is a
list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from dryline.line.input_error import InputError
from dryline.line.machines_file import Machine
from dryline.line.site import Site
from dryline.studies.planning import batpac
from dryline.studies.planning.electrode_line import ElectrodeLine, Number, Step

DRY_SHARES = {
    "powder preparation": 0.22, "fibrillation": 0.13, "film forming": 0.30, "lamination": 0.12, "roll heating": 0.03,
    "dust extraction": 0.04, "handling": 0.16,
}  # fmt: skip
"""Shares of a dry line's equipment, floor and crew by step (assumed); steps that a line lacks leave theirs to the others."""


@dataclass(frozen=True)
class PowerLaw:
    """BatPaC's power law.

    plant: energy of the good cells of the plant that the line is part of [J/year], 50 GWh by default; None for a plant that is
    this line alone. dry_equipment, dry_floor, dry_crew: a dry line's over those of the wet line for the same electrode at equal
    capacity (assumed; ranges 0.5 to 1.0, 0.3 to 1.0, 0.5 to 1.2).
    """

    plant: Number | None = 50e6 * 3.6e6
    dry_equipment: Number = 0.70
    dry_floor: Number = 0.50
    dry_crew: Number = 0.80
    dry_shares: Mapping[str, float] = field(default_factory=lambda: dict(DRY_SHARES))


@dataclass(frozen=True)
class MachinePark:
    """A whole number of machines for each step."""

    machines: tuple[Machine, ...]


Equipment = PowerLaw | MachinePark


class Machines(NamedTuple):
    """Machines of a step: how many, and how much of what they can do is used while the line runs."""

    step: str
    machine: str
    number: Number
    utilisation: Number


def costed(line: ElectrodeLine, equipment: Equipment, site: Site) -> ElectrodeLine:
    """The line with equipment [money of the site], floor [m2] and operators on shift of its steps filled in.

    Raises
    ------
    InputError
        Money that the site cannot convert, or machines of which none or not all belong to a step of the line.
    """
    if isinstance(equipment, PowerLaw):
        bought = _dry_steps(line, equipment, site) if line.process == "dry" else _wet_steps(line, equipment, site)
    else:
        bought = _machine_steps(line, equipment, site)
    steps = (_filled(step, bought.get(step.name), site) for step in line.steps)
    return replace(line, steps=tuple(steps))


def _filled(step: Step, bought: batpac.PlantStep | None, site: Site) -> Step:
    if bought is None:
        return step
    return replace(step, equipment=bought.equipment, floor=bought.floor, operators=bought.labour / site.planned_time)


def powder_per_area(line: ElectrodeLine) -> Number:
    """Powder fed per area of foil [kg/m2], foil and solvent apart."""
    found: Number = 0.0
    for stuff in line.stuffs:
        if stuff.group not in ("solvent", "foil") and stuff.unit == "kg":
            found = found + stuff.per_area / stuff.input_yield
    return found


def _active(line: ElectrodeLine) -> Number:
    found: Number = 0.0
    for stuff in line.stuffs:
        if stuff.group == "active":
            found = found + stuff.per_area / stuff.input_yield * line.coated_area
    return found


def _share(line: ElectrodeLine, law: PowerLaw) -> Number:
    return 1.0 if law.plant is None else line.good_energy / law.plant


def wet_counterpart(line: ElectrodeLine, law: PowerLaw, site: Site) -> dict[str, batpac.PlantStep]:
    """Equipment [money of the site], floor and labour [s/year] of the wet line for the same electrode at the same rates.

    A dry line counts with the solvent that the table has per area.
    """
    share = _share(line, law)
    area = line.coated_area * line.product.sides / share
    active = _active(line) / share
    base = batpac.base_rates()
    cathode = line.product.electrode == "cathode"
    usual = base.nmp / base.positive_area if cathode else base.water / base.negative_area
    solvent = usual * area if line.process == "dry" else line.solvent * line.coated_area / share
    rates = replace(
        base,
        energy=line.good_energy / share,
        positive_area=area,
        negative_area=area,
        positive_active=active,
        negative_active=active,
        nmp=solvent,
        water=solvent,
    )
    dollars = site.money(1.0, batpac.CURRENCY) * site.equipment_level
    found: dict[str, batpac.PlantStep] = {}
    for name, row in batpac.ELECTRODE_STEPS[line.product.electrode].items():
        step = batpac.step_at(row, rates)
        found[name] = batpac.PlantStep(step.labour * share, step.equipment * share * dollars, step.floor * share)
    return found


def _wet_steps(line: ElectrodeLine, law: PowerLaw, site: Site) -> dict[str, batpac.PlantStep]:
    return wet_counterpart(line, law, site)


def _dry_steps(line: ElectrodeLine, law: PowerLaw, site: Site) -> dict[str, batpac.PlantStep]:
    wet = batpac.total(wet_counterpart(line, law, site))
    present = {step.name: law.dry_shares[step.name] for step in line.steps if step.name in law.dry_shares}
    if not present:
        raise InputError(line.name, None, "", f"has none of the steps {', '.join(law.dry_shares)}; give shares for its own")
    whole = sum(present.values())
    return {
        name: batpac.PlantStep(
            wet.labour * law.dry_crew * part / whole,
            wet.equipment * law.dry_equipment * part / whole,
            wet.floor * law.dry_floor * part / whole,
        )
        for name, part in present.items()
    }


def _fitting(line: ElectrodeLine, park: MachinePark) -> tuple[Machine, ...]:
    names = {step.name for step in line.steps}
    fitting = [m for m in park.machines if m.process == line.process and m.electrode in ("both", line.product.electrode)]
    if not fitting:
        file = park.machines[0].file if park.machines else "machines"
        problem = f"has no machine for a {line.process} {line.product.electrode} line; add some with process: {line.process}"
        raise InputError(file, None, "machines", problem)
    for machine in fitting:
        if machine.step not in names:
            problem = f"{machine.step!r} is no step of {line.name!r}; give one of {', '.join(sorted(names))}"
            raise InputError(machine.file, machine.line, "step", problem)
    return tuple(fitting)


def machines_needed(line: ElectrodeLine, park: MachinePark) -> tuple[Machines, ...]:
    """Machines of each step of a line, and their utilisation, at its speed, width and loading."""
    web = line.speed * line.coated_width
    found: list[Machines] = []
    for machine in _fitting(line, park):
        if machine.powder_rate is not None:
            load = web * powder_per_area(line) / machine.powder_rate
        else:
            load = web * line.product.sides / float(machine.side_rate or 1.0)
        number = np.maximum(np.ceil(load - 1e-9), 1.0)
        found.append(Machines(machine.step, machine.name, number, load / number))
    return tuple(found)


def _machine_steps(line: ElectrodeLine, park: MachinePark, site: Site) -> dict[str, batpac.PlantStep]:
    fitting = _fitting(line, park)
    found: dict[str, batpac.PlantStep] = {}
    for machine, needed in zip(fitting, machines_needed(line, park), strict=True):
        price = site.money(machine.price.amount, machine.price.currency)
        price = price * site.equipment_level if machine.level == "table" else price
        found[machine.step] = batpac.PlantStep(
            needed.number * machine.operators * site.planned_time, needed.number * price, needed.number * machine.floor
        )
    return found
