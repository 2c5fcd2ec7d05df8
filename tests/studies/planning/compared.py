"""Comparisons that several tests look at, each drawn up once, and savings with some of their inputs changed."""

from __future__ import annotations

from functools import cache

import numpy as np

from dryline.setup.operating_point import set_up
from dryline.studies.planning.comparison import Comparison, compare, hall_of, nominal, ratio_of
from dryline.studies.planning.dry_line import dry_line
from dryline.studies.planning.figures import ELECTRODES, Lines, evaluate, lines_of
from dryline.studies.planning.inputs import central
from dryline.studies.planning.outcomes import Key
from dryline.studies.planning.planner import Answers, answers
from dryline.studies.planning.points import at_point
from dryline.studies.planning.question import UNKNOWN, Question, ask


@cache
def question(line: str = "lfp-cathode") -> Question:
    """A shipped line in China against the three shipped vintages."""
    return ask(line)


@cache
def compared(line: str = "lfp-cathode", samples: int = 60, seed: int = 1) -> Comparison:
    """Its comparison over a few samples."""
    return compare(question(line), samples=samples, seed=seed)


@cache
def planned(line: str = "lfp-cathode", samples: int = 60) -> Answers:
    """What a planner is told of it for 8 GWh a year."""
    return answers(question(line), compared(line, samples).lines.dry)


@cache
def drawn_up(line: str, electrode: str, speed: float):
    """Dry line of a question at its speed times a factor."""
    asked = question(line)
    loaded = asked.cathode if electrode == "cathode" else asked.anode
    own, recipe = at_point(loaded.line, loaded.recipe, nominal(loaded, {"speed": speed}))
    return dry_line(
        own, recipe, set_up(own, recipe), asked.working.calendar(), area_yield=1.0, cell_yield=asked.cell_yield,
        area_ratio=ratio_of(electrode),
    )  # fmt: skip


def lines_at(line: str = "lfp-cathode", asked: Question | None = None, **inputs) -> tuple[Lines, Question, dict]:
    """All lines at the centre, with some inputs or the question changed."""
    asked = asked or question(line)
    values = {**central(asked.inputs), **inputs}
    made = {name: drawn_up(line, name, values["speed"]) for name in ELECTRODES}
    halls = {"cathode": hall_of(asked.cathode), "anode": hall_of(asked.anode)}
    return lines_of(asked, made, halls, values, (*asked.vintages, UNKNOWN)), asked, values


def figures_at(line: str = "lfp-cathode", asked: Question | None = None, basis="full", **inputs):
    """Dry and wet figures of every key at the centre, with some inputs or the question changed."""
    lines, found, values = lines_at(line, asked, **inputs)
    return evaluate(found, lines, values, basis)


def saving(boundary: str, vintage: str = "best_available_2025", kind="energy", case="both", **changes) -> float:
    """One saving."""
    return float(np.mean(figures_at(**changes)[Key(case, kind, boundary, vintage)].saving))
