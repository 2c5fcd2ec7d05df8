"""Comparisons that several tests look at, each drawn up once."""

from __future__ import annotations

from functools import cache

from dryline.studies.planning.comparison import Comparison, compare
from dryline.studies.planning.planner import Answers, answers
from dryline.studies.planning.question import Question, ask


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
