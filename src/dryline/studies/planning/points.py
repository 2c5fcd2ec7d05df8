"""Set-ups of a line over samples: each with its own speed, loading and yield pressure, in several processes.

Every sample calls the set-up model itself, no surrogate of it. One that passes a limit is refused, as the line would be, and
its sample is left out of every figure; how many were refused, and by which limit, is counted.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dryline.line.load import LoadedLine
from dryline.line.schema import Line
from dryline.line.setup import Infeasible
from dryline.materials.recipe import Recipe
from dryline.setup.operating_point import set_up
from dryline.studies.planning.dry_line import dry_line, stacked
from dryline.studies.planning.electrode_line import Calendar, ElectrodeLine
from dryline.studies.planning.samples import joined

FEW = 400
"""Fewer set-ups than this are made in this process: to start others takes as long as some hundred of them."""
CHUNK = 250
"""Set-ups that a process makes at a time."""


class Point(NamedTuple):
    """An operating point: speed [m/s], loading of a side [kg/m2], yield pressure of the mix over that of the recipe [1]."""

    speed: float
    loading: float
    yield_pressure: float


def at_point(line: Line, recipe: Recipe, point: Point) -> tuple[Line, Recipe]:
    """The line and the recipe with the figures of a point."""
    law = recipe.compaction
    cold, hot = law.P_y
    pressed = replace(law, P_y=(cold * point.yield_pressure, hot * point.yield_pressure))
    return line.model_copy(update={"speed": point.speed}), replace(recipe, loading=point.loading, compaction=pressed)


@dataclass(frozen=True)
class Points:
    """Lines of the points that are feasible, as one line of arrays; which points they are; how many each limit refused; how often
    the set-up model was called.
    """

    line: ElectrodeLine | None
    feasible: NDArray[np.bool_]
    refused: Counter[str]
    calls: int


def set_ups(
    loaded: LoadedLine, wanted: Sequence[Point], calendar: Calendar, *, area_yield: float, cell_yield: float,
    area_ratio: float = 1.0, jobs: int = 1, told: Callable[[int], None] | None = None,
) -> Points:  # fmt: skip
    """Set up a line at every wanted point and draw up each as a line of a planner.

    jobs: processes at once; told: is told how many points have been done. The outcome does not depend on either.
    """
    chunks = [tuple(wanted[i : i + CHUNK]) for i in range(0, len(wanted), CHUNK)]
    work = _Work(loaded, calendar, area_yield, cell_yield, area_ratio)
    done: list[_Made] = []
    if jobs <= 1 or len(wanted) < FEW:
        for chunk in chunks:
            done.append(_made(work, chunk))
            _tell(told, done)
    else:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(min(jobs, len(chunks)), context, _take, (work,)) as pool:
            for made in pool.map(_in_worker, chunks):
                done.append(made)
                _tell(told, done)
    lines = [made.line for made in done if made.line is not None]
    refused: Counter[str] = Counter()
    for made in done:
        refused.update(made.refused)
    feasible = np.concatenate([made.feasible for made in done]) if done else np.zeros(0, dtype=bool)
    return Points(joined(lines) if lines else None, feasible, refused, len(wanted))


class _Work(NamedTuple):
    loaded: LoadedLine
    calendar: Calendar
    area_yield: float
    cell_yield: float
    area_ratio: float


class _Made(NamedTuple):
    line: ElectrodeLine | None
    feasible: NDArray[np.bool_]
    refused: Counter[str]


def _tell(told: Callable[[int], None] | None, done: Sequence[_Made]) -> None:
    if told is not None:
        told(sum(made.feasible.size for made in done))


def _made(work: _Work, points: Sequence[Point]) -> _Made:
    lines: list[ElectrodeLine] = []
    refused: Counter[str] = Counter()
    feasible = np.zeros(len(points), dtype=bool)
    for n, point in enumerate(points):
        line, recipe = at_point(work.loaded.line, work.loaded.recipe, point)
        try:
            found = set_up(line, recipe)
        except Infeasible as refusal:
            refused[refusal.limit] += 1
            continue
        feasible[n] = True
        lines.append(
            dry_line(
                line, recipe, found, work.calendar, area_yield=work.area_yield, cell_yield=work.cell_yield,
                area_ratio=work.area_ratio,
            )
        )  # fmt: skip
    return _Made(stacked(lines) if lines else None, feasible, refused)


_work: Any = None


def _take(work: _Work) -> None:
    """What the points of this process are made of."""
    global _work
    _work = work


def _in_worker(points: Sequence[Point]) -> _Made:
    made = _made(_work, points)
    return made
