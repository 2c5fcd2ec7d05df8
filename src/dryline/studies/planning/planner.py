"""A planner's answers: lines of each electrode for a target, what one line could reach and what stops it, losses, ramp-up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from dryline.line.load import InputError, LoadedLine
from dryline.line.quantities import si
from dryline.line.setup import Infeasible, LimitCheck
from dryline.setup.operating_point import set_up
from dryline.studies.planning.capacity import GWH, Balance, Reach, balance, gwh_per_year, point_for, reach, tightest
from dryline.studies.planning.electrode_line import ElectrodeLine
from dryline.studies.planning.question import Question
from dryline.studies.planning.ramp_up import PlannedLoss, RampUp, planned_losses, ramp_up

TARGET = 8.0
"""GWh a year of the plant that is planned where nothing is said: the upper end of what is claimed of one line."""


@dataclass(frozen=True)
class Wanted:
    """What one line would have to do for a target: its speed [m/s] or its loading [kg/m2] instead, what refuses each, or None."""

    speed: float
    speed_refused: LimitCheck | None
    loading: float
    loading_refused: LimitCheck | None


@dataclass(frozen=True)
class Answers:
    """Answers for a target [GWh/year]: balance of the lines; by electrode what it reaches, what one line would need for the
    target alone, its tightest limits, its losses of a year and its ramp-up.
    """

    target: float
    gwh: Mapping[str, float]
    balance: Balance
    reach: Mapping[str, Reach]
    wanted: Mapping[str, Wanted]
    tightest: Mapping[str, list[LimitCheck]]
    losses: Mapping[str, list[PlannedLoss]]
    ramp_up: Mapping[str, RampUp]


def answers(question: Question, lines: Mapping[str, ElectrodeLine], target: float = TARGET) -> Answers:
    """Answer for dry lines as drawn up; ValueError where the target is not above zero."""
    loaded = {"cathode": question.cathode, "anode": question.anode}
    balanced = balance(target, lines["cathode"], lines["anode"])
    return Answers(
        target,
        {name: float(np.mean(gwh_per_year(line))) for name, line in lines.items()},
        balanced,
        {name: reach(one) for name, one in loaded.items()},
        {name: wanted(one, lines[name], target) for name, one in loaded.items()},
        {name: tightest(set_up(one.line, one.recipe)) for name, one in loaded.items()},
        {name: planned_losses(lines[name], one.line) for name, one in loaded.items()},
        {name: ramp_up(line, float(np.mean(question.working.oee))) for name, line in lines.items()},
    )


def target_gwh(text: str, where: str) -> float:
    """A target such as "8GWh" or "300 MWh" in GWh; InputError, which says `where` it was given, for anything else."""
    spaced = re.sub(r"^\s*([-+0-9.eE]*[0-9.])\s*([A-Za-z].*)$", r"\1 \2", text)
    try:
        gwh = si(spaced, "J", example="8GWh") / GWH
    except ValueError as error:
        raise InputError(where, None, "", str(error)) from None
    if not 1e-6 < gwh < 1e6:
        raise InputError(where, None, "", f"{text!r} must lie above zero and below a million GWh; give e.g. 8GWh")
    return gwh


def wanted(loaded: LoadedLine, line: ElectrodeLine, target: float) -> Wanted:
    """Speed or loading that a target asks of one line, and what the set-up model says to it."""
    speed, loading = point_for(loaded, line, target)
    faster = replace(loaded, line=loaded.line.model_copy(update={"speed": speed}))
    thicker = replace(loaded, recipe=replace(loaded.recipe, loading=loading))
    return Wanted(speed, _refusal(faster), loading, _refusal(thicker))


def _refusal(loaded: LoadedLine) -> LimitCheck | None:
    try:
        set_up(loaded.line, loaded.recipe)
    except Infeasible as refused:
        return refused.check
    return None
