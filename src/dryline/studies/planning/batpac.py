"""The published plant of BatPaC 5, 50 GWh a year: labour, equipment and floor of its steps, and how they scale.

    X = X0 (G / G0)^p        X labour, equipment or floor of a step, G the annual rate that it scales with

Equipment of the coater moreover with (solvent per m2 / base)^0.2, stacking with (Ah / 68)^0.95, formation with (Ah / 68)^0.3 and
10 % more above 80 Ah. Figures: BatPaC 5 (Argonne National Laboratory) as transcribed in jbaars2/Batt_Sust_Model; all in
data/planning/batpac5_*.csv. Money is in USD, taken as of 2022. The table knows neither speed nor width of a line.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dryline.studies.planning.electrode_line import Number

DATA = Path(__file__).parents[2] / "data" / "planning"
CURRENCY, DATE = "USD", "2022"
KWH = 3.6e6
HOUR = 3600.0

ELECTRODE_STEPS = {
    "cathode": {
        "mixing": "mixing_cathode", "coating and drying": "coating_drying_cathode",
        "solvent recovery": "solvent_recovery", "calendering": "calendering_cathode",
    },
    "anode": {"mixing": "mixing_anode", "coating and drying": "coating_drying_anode", "calendering": "calendering_anode"},
}  # fmt: skip
"""Steps of the table that are an electrode line's, by the names of that line."""
PACK_STEPS = ("module_assembly", "pack_assembly")
"""Steps beyond the cell."""


class TableRow(NamedTuple):
    """A step at base rates: labour [s/year], equipment [USD], floor [m2], their exponents and what they scale with."""

    labour: float
    equipment: float
    floor: float
    p_labour: float
    p_equipment: float
    p_floor: float
    scales_with: str


class PlantStep(NamedTuple):
    """A step of a plant: labour [s/year], equipment [USD], floor [m2]."""

    labour: Number
    equipment: Number
    floor: Number


@dataclass(frozen=True)
class Rates:
    """What a plant works through in a year: energy of good cells [J]; single-sided areas [m2]; active material, solvents [kg];
    cells started and rejected; modules; packs; cell_capacity [A s].
    """

    energy: Number
    positive_area: Number
    negative_area: Number
    positive_active: Number
    negative_active: Number
    nmp: Number
    water: Number
    cells: Number
    rejected_cells: Number
    modules: Number
    packs: Number
    cell_capacity: Number


@lru_cache(maxsize=1)
def parameters() -> Mapping[str, float]:
    """Parameters of the table by name, in the units of its file."""
    with (DATA / "batpac5_parameters.csv").open(encoding="utf-8", newline="") as file:
        return {row["parameter"]: float(row["value"]) for row in csv.DictReader(file)}


@lru_cache(maxsize=1)
def table() -> Mapping[str, TableRow]:
    """Steps of the table at base rates."""
    with (DATA / "batpac5_steps.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["step"]: TableRow(
                float(row["labour_h_per_yr"]) * HOUR, float(row["capex_MUSD"]) * 1e6, float(row["area_m2"]),
                float(row["p_labour"]), float(row["p_capex"]), float(row["p_area"]), row["scales_with"],
            )
            for row in csv.DictReader(file)
        }  # fmt: skip


@lru_cache(maxsize=1)
def base_rates() -> Rates:
    """Annual rates of the published plant. Modules and packs are counted as one each: only their ratio matters."""
    p = parameters()
    return Rates(
        energy=p["baseline_energy"] * KWH,
        positive_area=p["positive_area"],
        negative_area=p["negative_area"],
        positive_active=p["positive_active"],
        negative_active=p["negative_active"],
        nmp=p["nmp_evaporated"],
        water=p["water_evaporated"],
        cells=p["cells_incl_yield"],
        rejected_cells=p["cells_incl_yield"] * (1.0 - p["yield_cell"]),
        modules=1.0,
        packs=1.0,
        cell_capacity=p["reference_cell_capacity"] * HOUR,
    )


def scaled_rates(factor: Number) -> Rates:
    """The published plant made larger in everything but the size of its cells."""
    base = base_rates()
    grown = {name: factor * getattr(base, name) for name in Rates.__dataclass_fields__ if name != "cell_capacity"}
    return replace(base, **grown)


def _ratio(rates: Rates, scales_with: str) -> Number:
    base = base_rates()
    if scales_with == "max(cells;total_area)":
        area = (rates.positive_area + rates.negative_area) / (base.positive_area + base.negative_area)
        larger: Number = np.maximum(rates.cells / base.cells, area)
        return larger
    name = {
        "positive_active_kg": "positive_active", "negative_active_kg": "negative_active", "nmp_evaporated_kg": "nmp",
    }.get(scales_with, scales_with)  # fmt: skip
    ratio: Number = getattr(rates, name) / getattr(base, name)
    return ratio


def _extra(name: str, rates: Rates) -> tuple[Number, Number]:
    """Factors on labour and on equipment beyond the power law."""
    p, base = parameters(), base_rates()
    if name == "coating_drying_cathode":
        return 1.0, (rates.nmp / rates.positive_area / (base.nmp / base.positive_area)) ** p["coater_capex_solvent_exponent"]
    if name == "coating_drying_anode":
        return 1.0, (rates.water / rates.negative_area / (base.water / base.negative_area)) ** p["coater_capex_solvent_exponent"]
    size = rates.cell_capacity / base.cell_capacity
    if name == "cell_stacking":
        return size ** p["stacking_capacity_exponent"], size ** p["stacking_capacity_exponent"]
    if name == "formation":
        return 1.0, size ** p["formation_capacity_exponent"] * np.where(rates.cell_capacity > 80.0 * HOUR, 1.1, 1.0)
    return 1.0, 1.0


def step_at(name: str, rates: Rates) -> PlantStep:
    """Labour, equipment and floor of a step of the table at other rates."""
    row = table()[name]
    g = _ratio(rates, row.scales_with)
    more_labour, more_equipment = _extra(name, rates)
    return PlantStep(
        row.labour * g**row.p_labour * more_labour,
        row.equipment * g**row.p_equipment * more_equipment,
        row.floor * g**row.p_floor,
    )


def plant(rates: Rates) -> dict[str, PlantStep]:
    """All steps of a plant at its rates."""
    return {name: step_at(name, rates) for name in table()}


def total(steps: Mapping[str, PlantStep]) -> PlantStep:
    """Labour, equipment and floor of several steps together."""
    labour: Number = 0.0
    equipment: Number = 0.0
    floor: Number = 0.0
    for step in steps.values():
        labour, equipment, floor = labour + step.labour, equipment + step.equipment, floor + step.floor
    return PlantStep(labour, equipment, floor)


class BatpacCost(NamedTuple):
    """What a plant costs by the rules of the table, in a year, and what has to be paid in before [money]."""

    labour: Number
    depreciation: Number
    variable_overhead: Number
    general: Number
    research: Number
    materials: Number
    launch: Number
    working_capital: Number
    investment: Number
    profit: Number


def batpac_cost(steps: Mapping[str, PlantStep], wage: Number, building: Number, materials: Number) -> BatpacCost:
    """Cost of a plant by BatPaC's rules for overheads, depreciation, launch, working capital and profit.

    Parameters
    ----------
    steps : mapping
        Steps of the plant; equipment in the money of the other arguments.
    wage : float or (n,) array
        Of direct labour [money/s].
    building : float or (n,) array
        Of floor [money/m2]; the table holds building_support as a step besides.
    materials : float or (n,) array
        Materials of a year [money].
    """
    p, sums = parameters(), total(steps)
    labour = sums.labour * wage
    life = p["equipment_life"]
    depreciation = sums.equipment / life + sums.floor * building / (life * p["building_life_factor"])
    variable = p["variable_overhead_labour"] * labour + p["variable_overhead_depreciation"] * depreciation
    launch = p["launch_labour"] * labour + p["launch_material"] * materials
    working = p["working_capital"] * (materials + labour + variable)
    investment = sums.equipment + sums.floor * building + launch + working
    return BatpacCost(
        labour=labour,
        depreciation=depreciation,
        variable_overhead=variable,
        general=p["gsa_labour"] * labour + p["gsa_depreciation"] * depreciation,
        research=p["research_development"] * depreciation,
        materials=materials,
        launch=launch,
        working_capital=working,
        investment=investment,
        profit=p["profit"] * investment,
    )
