"""What is compared: a cathode and an anode line, wet references, a site with its prices, and the uncertain inputs."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from dryline.line.load import InputError, LoadedLine, load_line, names
from dryline.line.price_table import PriceTable, load_prices
from dryline.line.quantities import si
from dryline.line.site import Site, load_site
from dryline.line.wet import WetVintage, load_vintage
from dryline.studies.planning.dry_line import foil_of
from dryline.studies.planning.equipment import Equipment, MachinePark, PowerLaw
from dryline.studies.planning.inputs import MOST, SI_UNITS, Input, chosen, load_inputs
from dryline.studies.planning.working_time import WorkingTime

VINTAGES = ("open_exhaust_2016", "greet_2019", "best_available_2025")
UNKNOWN = "unknown_vintage"
"""A wet line of which neither exhaust nor heat recovery is known: both vary, all else is as of UNKNOWN_BASE."""
UNKNOWN_BASE = "best_available_2025"
AREA_RATIO = 1.04
"""Area of the anode over that of the cathode in a cell (BatPaC 5)."""
MAY_BE_NONE = ("heat_recovery", "primer")
"""Inputs that may be zero: a dryer without heat recovery, a bare foil."""
CELL_YIELD = 0.98
"""Good cells over those that their electrodes could have made, of both processes (assumed)."""


@dataclass(frozen=True)
class Question:
    """All that a comparison is drawn up from."""

    cathode: LoadedLine
    anode: LoadedLine
    site: Site
    prices: PriceTable
    vintages: Mapping[str, WetVintage]
    unknown: WetVintage
    """What a wet line of unknown vintage has besides its exhaust and its heat recovery."""
    inputs: tuple[Input, ...]
    working: WorkingTime
    equipment: Equipment = field(default_factory=PowerLaw)
    cell_yield: float = CELL_YIELD
    known: Mapping[str, float] = field(default_factory=dict)
    """Inputs that the planner knows: they take this value everywhere and are no longer uncertain."""

    @property
    def chemistry(self) -> str:
        """Chemistry of the cathode."""
        return self.cathode.recipe.chemistry


def ask(
    line: str | Path | LoadedLine = "lfp-cathode", anode: str | Path | None = None, *, recipe: str | None = None,
    settings: Sequence[str] = (), site: str | Path = "china", prices: Path | None = None, inputs: Path | None = None,
    vintages: Sequence[str] = (), machines: MachinePark | None = None, hours: float | None = None, oee: float | None = None,
    known: Mapping[str, float] | None = None,
) -> Question:  # fmt: skip
    """Put together what is to be compared.

    anode: line of the other electrode; by default the shipped one that matches the cathode. vintages: names or files of wet
    references, by default the three shipped ones. hours: planned time of a year [s], by default that of the site.

    Raises InputError for everything that is wrong with a name or a file.
    """
    loaded = line if isinstance(line, LoadedLine) else load_line(str(line), recipe, "none", list(settings))
    if not loaded.line.of_kind("foil_unwinder") or loaded.line.of_kind("foil_unwinder")[0].carrier:
        raise InputError(loaded.line_source, None, "stations", "makes no electrode on foil; a comparison needs a cathode line")
    if _is_anode(loaded):
        raise InputError(loaded.line_source, None, "recipe", "is an anode; give the cathode line, and this one with --anode")
    other = load_line(str(anode), None, "none", []) if anode is not None else _matching(loaded)
    if not _is_anode(other):
        raise InputError(other.line_source, None, "recipe", "is no anode (its balance is 1); give a line such as graphite-anode")
    place = load_site(site)
    loaded, other = (in_hall(one, place) for one in (loaded, other))
    table = load_inputs(inputs)
    working = WorkingTime(planned=place.planned_time if hours is None else hours)
    if oee is not None:
        working = replace(working, oee=oee)
    _possible(working, "--hours" if hours is not None else "--oee" if oee is not None else str(site))
    found = tuple(vintages) or VINTAGES
    return Question(
        loaded, other, place, load_prices(prices).with_areal_masses(_foils(loaded, other)),
        {name_of(one): load_vintage(one) for one in found},
        load_vintage(UNKNOWN_BASE),
        chosen(table, loaded.recipe.chemistry), working, machines if machines is not None else PowerLaw(),
        known=dict(known or {}) | ({} if oee is None else {"oee": oee}),
    )  # fmt: skip


def _foils(*lines: LoadedLine) -> dict[str, float]:
    """Areal mass [kg/m2] of the foil that each line carries, by its name in prices."""
    return {
        foil_of(unwinder): unwinder.thickness * unwinder.density
        for loaded in lines
        for unwinder in loaded.line.of_kind("foil_unwinder")
    }


def in_hall(loaded: LoadedLine, site: Site) -> LoadedLine:
    """A line in the hall of a site: its load where the site gives one, else its dew point unless the line file names its own."""
    line = loaded.line
    if site.hall_load is not None:
        dryer = line.utilities.air_dryer.model_copy(update={"load": float(np.mean(site.hall_load))})
        return replace(loaded, line=line.model_copy(update={"utilities": line.utilities.model_copy(update={"air_dryer": dryer})}))
    if site.hall_dew_point is None or "dew_point" in line.hall.model_fields_set:
        return loaded
    hall = line.hall.model_copy(update={"dew_point": float(np.mean(site.hall_dew_point))})
    return replace(loaded, line=line.model_copy(update={"hall": hall}))


def name_of(vintage: str) -> str:
    """Name under which a vintage stands: its shipped name, or that of its file."""
    return Path(vintage).stem if vintage.endswith((".yaml", ".yml")) else vintage


def _is_anode(loaded: LoadedLine) -> bool:
    return loaded.recipe.balance > 1.0


def areal_capacity(loaded: LoadedLine) -> float:
    """Areal capacity of one side [A s/m2] at the loading of the recipe."""
    active = loaded.recipe.component("active")
    return loaded.recipe.loading * active.mass_fraction * active.material.capacity


def _matching(cathode: LoadedLine) -> LoadedLine:
    """The shipped anode line of the same voltage whose areal capacity is nearest to N/P times that of the cathode."""
    best: tuple[float, LoadedLine] | None = None
    for name in names("lines"):
        loaded = load_line(name, None, "none", [])
        if not _is_anode(loaded):
            continue
        off = abs(areal_capacity(loaded) / loaded.recipe.balance / areal_capacity(cathode) - 1.0)
        off += 10.0 * abs(loaded.recipe.voltage / cathode.recipe.voltage - 1.0)
        if best is None or off < best[0]:
            best = (off, loaded)
    if best is None:
        raise InputError(cathode.line_source, None, "", "no shipped anode line fits; name one with --anode")
    return best[1]


def with_known(question: Question, values: Sequence[str], where: str = "--input") -> Question:
    """The question with inputs that are known, given as "name=value", e.g. "hall=300 W/m**2"; InputError for wrong ones, which
    says `where` they were given.
    """
    inputs = {one.name: one for one in question.inputs}
    known = dict(question.known)
    for text in values:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or name not in inputs:
            near = difflib.get_close_matches(name, list(inputs), 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise InputError(where, None, text[:60], f"is no name=value of {', '.join(inputs)}{hint}")
        one = inputs[name]
        unit = SI_UNITS[one.unit]
        try:
            figure = si(value.removesuffix("kWh/kWh").strip() if unit == "1" else value, unit, example=f"1 {one.unit}")
        except ValueError as error:
            raise InputError(where, None, name, str(error)) from None
        if not (figure > 0.0 or (figure == 0.0 and name in MAY_BE_NONE)):
            raise InputError(where, None, name, f"{value!r} must be above zero" + (", or zero" if name in MAY_BE_NONE else ""))
        if figure > MOST.get(name, math.inf):
            raise InputError(where, None, name, f"{value!r} is too much; it cannot exceed {MOST[name]:g}")
        known[name] = figure
    working = replace(question.working, oee=known.get("oee", question.working.oee))
    _possible(working, where)
    return replace(question, known=known, working=working)


def _possible(working: WorkingTime, where: str) -> None:
    """InputError where the hours of a year do not suffice."""
    try:
        working.calendar()
    except ValueError as error:
        raise InputError(where, None, "", str(error)) from None
