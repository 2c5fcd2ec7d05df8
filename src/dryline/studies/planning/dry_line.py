"""A dry electrode line as a planner sees it, from its line file, its recipe and its operating point.

The powers are those of `dryline.setup.loads`, the same laws by which the twin runs, gathered into steps. What film knives cut off
before the lamination goes back to the powder: it is not coated, so `coated_width` is the kept width, and what of it is lost
as dust, or finds no place in the feed, lowers the `input_yield` of the powders. Edges that are cut off with their foil are
lost: they lower `area_yield`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from dryline.line.carriers import Carrier
from dryline.line.schema import Line
from dryline.line.setup import SetUp
from dryline.materials.recipe import Recipe
from dryline.setup.loads import PathLoad, loads, returned_flow
from dryline.studies.planning.electrode_line import Calendar, ElectrodeLine, Load, Number, Product, Step, Stuff

Group = Literal["active", "carbon", "binder", "electrolyte", "foil", "solvent", "other"]

STEPS = (
    "powder preparation", "fibrillation", "film forming", "lamination", "roll heating", "dust extraction", "handling", "hall",
)  # fmt: skip
"""Steps of a dry line, in the order of the material."""

STEP_OF_KIND = {
    **dict.fromkeys(("treatment", "feeder", "mixer", "granulator"), "powder preparation"),
    "fibrillator": "fibrillation",
    **dict.fromkeys(("metering", "powder_nip", "thinning_nip"), "film forming"),
    **dict.fromkeys(("lamination_nip", "calender_nip"), "lamination"),
    **dict.fromkeys(("foil_unwinder", "winder"), "handling"),
}
STEP_OF_PATH = {
    "utilities/compressed_air_power": "powder preparation",
    "utilities/lamination_heater_power": "lamination",
    "utilities/dust_power": "dust extraction",
    "utilities/handling_power": "handling",
    **dict.fromkeys(("hall/electric_power", "hall/heat_power", "hall/cooling_power"), "hall"),
}
NIPS = ("powder_nip", "thinning_nip", "lamination_nip", "calender_nip")

GROUPS: dict[str, Group] = {
    "active": "active", "carbon": "carbon", "ptfe": "binder", "binder": "binder", "electrolyte": "electrolyte",
}  # fmt: skip
"""Group of each component of a recipe."""

ANODE_AREA = 1.04
"""Area of an anode over that of its cathode: BatPaC 5."""


def dry_line(
    line: Line, recipe: Recipe, setup: SetUp, calendar: Calendar, *, area_yield: Number, cell_yield: Number,
    area_ratio: Number | None = None, returned: Number = 0.0,
) -> ElectrodeLine:  # fmt: skip
    """The line at an operating point, over the hours of a calendar.

    Parameters
    ----------
    line, recipe, setup : what runs, and how.
    calendar : hours of a year by state.
    area_yield : good area over coated area; edges that are cut off with their foil come on top.
    cell_yield : good cells over what their electrodes could have made.
    area_ratio : area of this electrode over that of the cathode; by default 1 of a cathode and `ANODE_AREA` of an anode.
    returned : share of the coating on rejected electrode that is won back as powder (none: it lies on its foil).

    Raises
    ------
    ValueError
        For a recipe that stores no energy, such as a separator.
    """
    product = product_of(line, recipe, area_ratio)
    width, kept = line.web.film_width, line.web.kept_width
    coated = kept if line.trimmed_film else width
    return ElectrodeLine(
        line.name, "dry", product, setup.speed, coated, calendar, area_yield * (kept / coated), cell_yield,
        steps_of(line, loads(line, recipe, setup)), stuffs_of(line, recipe, setup, width / coated, returned),
        origin=f"set-up of {line.name} with {recipe.name}",
    )  # fmt: skip


def product_of(line: Line, recipe: Recipe, area_ratio: Number | None = None) -> Product:
    """The electrode that a line makes of a recipe; one with more areal capacity than its counter electrode is an anode."""
    if recipe.voltage <= 0.0:
        raise ValueError(f"recipe {recipe.name!r} makes a film that stores no energy; give the recipe of an electrode")
    active = recipe.component("active")
    anode = recipe.balance > 1.0
    if area_ratio is None:
        area_ratio = ANODE_AREA if anode else 1.0
    return Product(
        "anode" if anode else "cathode", recipe.chemistry, recipe.loading * active.mass_fraction * active.material.capacity,
        recipe.voltage, len(line.sides), recipe.balance, area_ratio,
    )  # fmt: skip


def steps_of(line: Line, found: Sequence[PathLoad]) -> tuple[Step, ...]:
    """The loads of a line gathered by step and carrier."""
    step_of = _steps_by_path(tuple([(station.name, station.kind) for station in line.stations]))
    totals: dict[str, dict[Carrier, list[float]]] = {name: {} for name in STEPS}
    for path, carrier, run, idle, heat_up, stop in found:
        sums = totals[step_of[path]].setdefault(carrier, [0.0, 0.0, 0.0, 0.0])
        sums[0] += run
        sums[1] += idle
        sums[2] += heat_up
        sums[3] += stop
    return tuple(Step(name, tuple(Load(carrier, *sums) for carrier, sums in own.items())) for name, own in totals.items())


@lru_cache(maxsize=64)
def _steps_by_path(stations: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Step of every path of the loads of a line, from the names and kinds of its stations."""
    found = dict(STEP_OF_PATH)
    for name, kind in stations:
        for what in ("power", "electric_power", "cooling_power", "heating_power") if kind in STEP_OF_KIND else ():
            found[f"{name}/{what}"] = "roll heating" if kind in NIPS and what == "heating_power" else STEP_OF_KIND[kind]
    return found


def powder_yield(line: Line, setup: SetUp) -> float:
    """Powder that reaches the coated web over what is fed fresh: what film knives cut off comes back but for dust, and as
    far as the recycle feeder takes it.
    """
    flow = setup.powder_flow
    trim = returned_flow(line, flow)
    dust = sum(granulator.dust_loss for granulator in line.of_kind("granulator"))
    again = min(trim * (1.0 - dust), setup.recycle_share * flow) if line.of_kind("granulator") else 0.0
    return (flow - trim) / (flow - again)


METALS = {"aluminium_foil": 2700.0, "copper_foil": 8960.0}
"""Densities of the metals that foils are made of [kg/m3] (textbook)."""


def foil_of(unwinder: Any) -> str:
    """What an unwinder carries, as prices name it: a carrier film, or the foil of the metal that is nearest in density."""
    if unwinder.carrier:
        return "carrier"
    return min(METALS, key=lambda name: abs(METALS[name] - unwinder.density))


def stuffs_of(line: Line, recipe: Recipe, setup: SetUp, foil_area: float, returned: Number) -> tuple[Stuff, ...]:
    """Materials of a line per coated area; foil_area: width of the foil over the coated width."""
    reaching = powder_yield(line, setup)
    treated = line.of_kind("treatment")
    found = []
    for component in recipe.components:
        passed = reaching
        if treated and setup.treatment is not None and treated[0].material in ("all", component.name):
            passed *= 1.0 - setup.treatment.oversize
        found.append(
            Stuff(
                component.material.name, GROUPS[component.name], setup.areal_mass * component.mass_fraction,
                input_yield=passed, returned=returned,
            )
        )  # fmt: skip
    for unwinder in line.of_kind("foil_unwinder"):
        found.append(Stuff(foil_of(unwinder), "foil", foil_area, "m2"))
        if not unwinder.carrier:
            found.append(Stuff("primer", "foil", foil_area, "m2"))
    return tuple(found)


def stacked(lines: Sequence[ElectrodeLine]) -> ElectrodeLine:
    """One line whose figures are arrays over many that differ in figures alone; ValueError where they differ in more."""
    if not lines:
        raise ValueError("no lines to stack; give at least one")
    found: ElectrodeLine = _stacked(lines, lines[0].name)
    return found


def _stacked(values: Sequence[Any], where: str) -> Any:
    """Values of one form as one of that form, its numbers stacked."""
    first = values[0]
    if isinstance(first, float | np.ndarray):
        return np.stack(values) if isinstance(first, np.ndarray) else np.array(values, np.float64)
    if is_dataclass(first) and not isinstance(first, type):
        changed = {f.name: _stacked([getattr(v, f.name) for v in values], f"{where}.{f.name}") for f in fields(first)}
        return replace(first, **changed)
    if isinstance(first, tuple):
        if any(len(v) != len(first) for v in values):
            raise ValueError(f"{where} has not the same length in all lines")
        parts = [_stacked(column, f"{where}[{n}]") for n, column in enumerate(zip(*values, strict=True))]
        return type(first)(*parts) if hasattr(first, "_fields") else type(first)(parts)
    if any(v != first for v in values):
        raise ValueError(f"{where} differs between the lines ({first!r} in the first); only figures can be stacked")
    return values[0]
