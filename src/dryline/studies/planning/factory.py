"""The rest of a cell factory: energy of the steps outside the electrode lines, from published inventories.

It is the same on both sides of a comparison, so it only dilutes a saving. Vacuum drying is kept on both sides: cells of dry
electrodes are dried too, because separator, foil and powder bring water along; who knows better gives a total of their own.
"""

from __future__ import annotations

from typing import NamedTuple

from dryline.studies.planning.electrode_line import Carrier, Number
from dryline.studies.planning.published import Energy, steps_of

DEGEN, GREET = "Degen_Schuette_2022", "Dai_2019_GREET"
STUDIES = (DEGEN, GREET)
"""Inventories that the rest can be taken from; the first is the default."""

ELECTRODE_STEPS = ("mixing", "coating_drying", "calendering", "cathode_electrode", "anode_electrode", "electrode")
"""Steps of the inventories that electrode lines compute themselves."""

PRIOR = (15.0, 34.0)
"""Energy of the rest over that of the cells [1], both carriers: range for uncertainty runs (estimate, assumed)."""

CARRIERS: dict[str, Carrier] = {"el": "electricity", "heat": "heat"}


class RestStep(NamedTuple):
    """Energy of a step over that of the cells [1]: low, average, high in order; slip: the source has them in another order."""

    name: str
    carrier: Carrier
    low: float
    average: float
    high: float
    slip: bool
    source: str


def rest(study: str = DEGEN) -> tuple[RestStep, ...]:
    """Steps outside the electrode lines in a study: slitting, final drying, assembly, handling, dry room, formation.

    The GREET inventory has one row a carrier. KeyError where there is no such study.
    """
    return tuple(_step(row) for row in steps_of(study) if row.step not in ELECTRODE_STEPS and row.carrier in CARRIERS)


def rest_by_carrier(total: Number | None = None, study: str = DEGEN) -> dict[Carrier, Number]:
    """Energy of the rest over that of the cells by carrier [1], as in a study, or scaled so that both make up `total`."""
    steps = rest(study)
    found: dict[Carrier, Number] = {
        carrier: sum(step.average for step in steps if step.carrier == carrier) for carrier in CARRIERS.values()
    }
    if total is None:
        return found
    published = sum(step.average for step in steps)
    return {carrier: share / published * total for carrier, share in found.items()}


def _step(row: Energy) -> RestStep:
    low, average, high = row.span
    return RestStep(row.step, CARRIERS[row.carrier], low, average, high, row.slip, row.source)
