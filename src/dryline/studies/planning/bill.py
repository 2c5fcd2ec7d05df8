"""Energy bill of an electrode line: watts by step, carrier and state times the hours of the year, over the good cells.

Nothing is multiplied afterwards: a load that runs while the line stands or makes scrap is charged to what is good.

    E = sum over states of P(step, carrier, state) t(state) / (energy of the year's good cells)      [J/J]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from dryline.studies.planning.electrode_line import STATES, Carrier, ElectrodeLine, Number, State


class Use(NamedTuple):
    """Energy that a step uses of a carrier in a state over a year [J]."""

    step: str
    carrier: Carrier
    state: State
    joules: Number


def yearly(line: ElectrodeLine) -> tuple[Use, ...]:
    """What a line uses in a year [J], in the order of its steps."""
    return tuple(
        Use(step.name, load.carrier, state, load.of(state) * line.calendar.of(state))
        for step in line.steps
        for load in step.loads
        for state in STATES
    )


def total(uses: Iterable[Use], chosen: Callable[[Use], bool] = lambda use: True) -> Number:
    """Sum of the chosen uses [J]."""
    result: Number = 0.0
    for use in uses:
        if chosen(use):
            result = result + use.joules
    return result
