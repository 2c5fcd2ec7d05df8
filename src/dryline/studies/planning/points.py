"""Set-ups of a line over samples: each with its own speed, loading and yield pressure, in several processes.

Every sample calls the set-up model itself, no surrogate of it. One that passes a limit is refused, as the line would be, and
its sample is left out of every figure; how many were refused, and by which limit, is counted.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import NamedTuple

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

FEW = 3
"""Chunks up to which no process is started: that takes as long as some hundred set-ups."""
CHUNK = 125
"""Set-ups that a process makes at a time."""
SELDOM = 50_000
"""New objects in a worker after which it looks for garbage."""


class Workers:
    """Processes that make set-ups, started when they are expected or first needed and kept; a context, at whose end they end.

    Ctrl-C is for the process that asked: the workers do not hear it and end with the context.
    """

    def __init__(self, jobs: int = 1) -> None:
        self.jobs = jobs
        self._processes: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *error: object) -> None:
        if self._processes is not None:
            self._processes.shutdown(wait=True, cancel_futures=True)
            self._processes = None

    def map(self, chunks: Sequence[_Chunk]) -> Iterator[_Made]:
        """What is made of each chunk, in their order; a few are made in this process."""
        if self.jobs <= 1 or len(chunks) <= FEW:
            yield from map(_made, chunks)
        else:
            yield from self._started().map(_made, chunks)

    def expect(self, points: int) -> None:
        """Start the processes now where so many points will need them; they load while something else is done."""
        if self.jobs > 1 and points > FEW * CHUNK:
            started = self._started()
            for _ in range(self.jobs):
                started.submit(int)

    def _started(self) -> ProcessPoolExecutor:
        if self._processes is None:
            self._processes = ProcessPoolExecutor(self.jobs, multiprocessing.get_context("spawn"), _ready)
        return self._processes


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
    area_ratio: float = 1.0, workers: Workers | None = None, told: Callable[[int], None] | None = None,
) -> Points:  # fmt: skip
    """Set up a line at every wanted point and draw up each as a line of a planner.

    workers: processes to use, this one by default; told: is told how many points have been done. The outcome depends on neither.
    """
    work = _Work(loaded, calendar, area_yield, cell_yield, area_ratio)
    chunks = [_Chunk(work, tuple(wanted[i : i + CHUNK])) for i in range(0, len(wanted), CHUNK)]
    done: list[_Made] = []
    for made in (workers or Workers()).map(chunks):
        done.append(made)
        if told is not None:
            told(sum(one.feasible.size for one in done))
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


class _Chunk(NamedTuple):
    work: _Work
    points: tuple[Point, ...]


class _Made(NamedTuple):
    line: ElectrodeLine | None
    feasible: NDArray[np.bool_]
    refused: Counter[str]


def _made(chunk: _Chunk) -> _Made:
    work, points = chunk
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


def _ready() -> None:
    """Make this process a worker: it does not hear Ctrl-C, and seldom looks for garbage, never among what it loaded (a fifth
    of its time).
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    gc.set_threshold(SELDOM)
