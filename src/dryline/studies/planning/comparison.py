"""Draw up a comparison of a dry with a wet way: figures at the centre and over the samples of both sets of priors.

The centre is the set-up of the lines as they are. Every sample calls the set-up model of the cathode's line and, where that is
feasible, of the anode's; where one of them is refused, the sample is left out.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from dryline.line.load import LoadedLine
from dryline.line.setup import Infeasible
from dryline.setup.loads import hall_powers
from dryline.setup.operating_point import set_up
from dryline.studies.planning.capacity import gwh_per_year
from dryline.studies.planning.cost import Basis
from dryline.studies.planning.dry_line import dry_line
from dryline.studies.planning.electrode_line import Carrier, ElectrodeLine, Number
from dryline.studies.planning.figures import ELECTRODES, Lines, evaluate, lines_of
from dryline.studies.planning.inputs import Priors, central, drawn
from dryline.studies.planning.outcomes import (
    CAPACITY_CLAIM,
    COST_CLAIM,
    ENERGY_CLAIM,
    Figures,
    Key,
    Pair,
    Saving,
    Spread,
    judged,
    share_of,
    spread,
)  # fmt: skip
from dryline.studies.planning.points import Point, Points, Workers, at_point, set_ups
from dryline.studies.planning.question import AREA_RATIO, UNKNOWN, Question
from dryline.studies.planning.samples import picked
from dryline.studies.planning.sensitivity import Swing, Turn, tornado, turning_points, variance_shares

Floats = NDArray[np.float64]
Told = Callable[[str, int, int], None]
SAMPLES = 2000
"""Samples of each set of priors where none are asked for."""
PRIORS: tuple[Priors, ...] = ("sourced", "estimates")
SET_UP_INPUTS = ("speed", "loading", "yield_pressure")
"""Inputs that the set-up model answers to."""
TURNING = ("exhaust_solvent", "heat_recovery", "hall", "dry_yield", "dry_equipment", "fibrillation", "solids_cathode")
"""Inputs of which the value is asked for that turns a claim."""


@dataclass(frozen=True)
class Capacity:
    """GWh a year of one cathode line: its spread, the share of the samples in the claimed range, and of those that reach it."""

    band: Spread
    probability: float
    at_least: float


@dataclass(frozen=True)
class Sampled:
    """A set of priors: savings, capacity, how often the set-up model was called and refused, by limit; shares of variance of
    the savings by input.
    """

    savings: Mapping[Key, Saving]
    capacity: Capacity
    samples: int
    used: int
    calls: int
    refused: Counter[str]
    shares: Mapping[Key, Mapping[str, float]]
    curves: Mapping[Key, NDArray[np.float64]]
    """Savings of every sample that was used, sorted."""


@dataclass(frozen=True)
class Comparison:
    """A comparison: lines and figures at the centre, both sets of priors, and what the two claims hang on."""

    question: Question
    basis: Basis
    values: Mapping[str, float]
    """Central values of the inputs."""
    seed: int
    lines: Lines
    centre: Figures
    priors: Mapping[Priors, Sampled]
    swings: Mapping[Key, list[Swing]]
    turns: Mapping[Key, list[Turn]]


def nominal(loaded: LoadedLine, values: Mapping[str, float]) -> Point:
    """Operating point of a line with the inputs that belong to it; the speed is sampled up to the limit of the line, and a line
    file that asks for more is left to the set-up model to refuse.
    """
    highest = max(loaded.line.speed, loaded.line.limits.line_speed_max)
    speed = min(loaded.line.speed * values.get("speed", 1.0), highest)
    return Point(speed, loaded.recipe.loading * values.get("loading", 1.0), values.get("yield_pressure", 1.0))


def hall_of(loaded: LoadedLine) -> dict[Carrier, float]:
    """Load of the conditioned hall of a line [W/m2 of floor] by carrier."""
    floor = loaded.line.utilities.floor
    electricity, heat, cooling = (watts / floor for watts in hall_powers(loaded.line))
    return {"electricity": electricity, "heat": heat, "chilled_water": cooling}


def compare(
    question: Question, *, samples: int = SAMPLES, seed: int = 1, workers: Workers | None = None, basis: Basis = "full",
    told: Told | None = None,
) -> Comparison:  # fmt: skip
    """Draw up a comparison.

    Parameters
    ----------
    question : Question
        What is compared, see `ask`.
    samples : int
        Samples of each set of priors.
    seed : int
        Of the samples; the same seed gives the same table.
    workers : Workers, optional
        Processes that call the set-up model; by default this one does.
    basis : {"full", "marginal", "levelized"}
        Of the cost.
    told : callable, optional
        Is told what is done, how many are done and of how many.

    Raises
    ------
    Infeasible
        Where a line cannot run at its own operating point.
    InputError
        Where a price or a figure is missing.
    """
    if workers is not None and any(one.name in SET_UP_INPUTS and one.name not in question.known for one in question.inputs):
        workers.expect(samples)
    study = _Study(question, basis)
    values = study.values
    lines, centre = study.at(values)
    sampled = {priors: study.sampled(priors, samples, seed, workers, centre, told) for priors in PRIORS}
    swung = [
        key for key in centre
        if key.case == "both" and (key.kind, key.boundary) in (("energy", "electrode_production"), ("cost", "conversion"))
    ]  # fmt: skip
    claims = {key: ENERGY_CLAIM if key.kind == "energy" else COST_CLAIM for key in centre if key.case == "both"}
    swings = tornado(question.inputs, study.moved, swung)
    turns: dict[Key, list[Turn]] = {key: [] for key in claims}
    for one in question.inputs:
        if one.name in TURNING:
            for key, turn in turning_points(one, study.moved, claims).items():
                turns[key].append(turn)
    return Comparison(question, basis, values, seed, lines, centre, sampled, swings, turns)


class _Study:
    """The question with its lines set up at the centre."""

    def __init__(self, question: Question, basis: Basis) -> None:
        self.question, self.basis = question, basis
        self.loaded = {"cathode": question.cathode, "anode": question.anode}
        self.halls = {name: hall_of(loaded) for name, loaded in self.loaded.items()}
        self.values: dict[str, float] = {**central(question.inputs), **question.known}
        self.vintages = (*question.vintages, UNKNOWN)
        self.calendar = question.working.calendar()
        self._drawn_up: Callable[[str, Point], ElectrodeLine] = cache(self._draw_up)

    def _draw_up(self, name: str, point: Point) -> ElectrodeLine:
        line, recipe = at_point(self.loaded[name].line, self.loaded[name].recipe, point)
        return dry_line(
            line, recipe, set_up(line, recipe), self.calendar, area_yield=1.0, cell_yield=self.question.cell_yield,
            area_ratio=ratio_of(name),
        )  # fmt: skip

    def at(self, values: Mapping[str, float]) -> tuple[Lines, Figures]:
        """Lines and figures at single values of the inputs; Infeasible where the set-up model refuses them."""
        made = {name: self._drawn_up(name, nominal(self.loaded[name], values)) for name in ELECTRODES}
        lines = lines_of(self.question, made, self.halls, values, self.vintages)
        return lines, evaluate(self.question, lines, values, self.basis)

    def moved(self, name: str, inputs: Floats) -> dict[Key, Floats]:
        """Savings at values (n,) of one input, all others at their centre; nan where the set-up model refuses it."""
        if name not in SET_UP_INPUTS:
            lines = lines_of(self.question, self._at_centre(), self.halls, {**self.values, name: inputs}, self.vintages, name)
            found = evaluate(self.question, lines, {**self.values, name: inputs}, self.basis)
            return {key: np.broadcast_to(np.asarray(pair.saving), inputs.shape) for key, pair in found.items()}
        columns: list[Figures | None] = []
        for value in inputs.tolist():
            try:
                columns.append(self.at({**self.values, name: value})[1])
            except Infeasible:
                columns.append(None)
        keys = self.at(self.values)[1]
        return {
            key: np.array([math.nan if one is None else float(np.mean(one[key].saving)) for one in columns]) for key in keys
        }  # fmt: skip

    def _at_centre(self) -> dict[str, ElectrodeLine]:
        return {name: self._drawn_up(name, nominal(self.loaded[name], self.values)) for name in ELECTRODES}

    def sampled(
        self, priors: Priors, samples: int, seed: int, workers: Workers | None, centre: Figures, told: Told | None
    ) -> Sampled:  # fmt: skip
        """All figures over the samples of a set of priors."""
        uncertain = [one for one in self.question.inputs if one.name not in self.question.known]
        varied = drawn(uncertain, priors, samples, seed)
        points = {"cathode": self._points("cathode", varied, np.ones(samples, dtype=bool), workers, priors, told)}
        used = points["cathode"].feasible
        points["anode"] = self._points("anode", varied, used, workers, priors, told)
        both = points["anode"].feasible
        if not both.any():
            binding = ", ".join(sum((one.refused for one in points.values()), Counter()))
            raise ValueError(f"the set-up model refuses all {samples} samples ({binding}); narrow the ranges of the inputs")
        made: dict[str, ElectrodeLine] = {}
        for name, one in points.items():
            assert one.line is not None  # some are feasible
            made[name] = picked(one.line, both) if name == "cathode" else one.line
        used[used] = both
        inputs = {name: array[used] for name, array in varied.items()}
        values: dict[str, Number] = {**self.values, **inputs}
        lines = lines_of(self.question, made, self.halls, values, self.vintages)
        found = evaluate(self.question, lines, values, self.basis)
        gwh = np.broadcast_to(gwh_per_year(lines.dry["cathode"]), (int(used.sum()),))
        low, high = CAPACITY_CLAIM
        capacity = Capacity(spread(gwh), share_of((gwh >= low) & (gwh <= high)), share_of(gwh >= low))
        savings = {key: judged(key.kind, centre[key], Pair(pair.dry, pair.wet)) for key, pair in found.items()}
        varying = {
            key: np.broadcast_to(np.asarray(pair.saving, dtype=float), (int(used.sum()),)) for key, pair in found.items()
        }  # fmt: skip
        shares = variance_shares(inputs, varying)
        curves = {key: np.sort(one) for key, one in varying.items()}
        refused = sum((one.refused for one in points.values()), Counter())
        calls = sum(one.calls for one in points.values())
        return Sampled(savings, capacity, samples, int(used.sum()), calls, refused, shares, curves)

    def _points(
        self, name: str, varied: Mapping[str, Floats], asked: NDArray[np.bool_], workers: Workers | None, priors: Priors,
        told: Told | None,
    ) -> Points:  # fmt: skip
        """Set-ups of a line over the samples that are asked for; one that nothing moves is set up once and counts for all."""
        loaded = self.loaded[name]
        moved = [one for one in SET_UP_INPUTS if one in varied]
        if not moved:
            only = self._drawn_up(name, nominal(loaded, self.values))
            return Points(only, np.ones(int(asked.sum()), dtype=bool), Counter(), 1)
        wanted = [
            nominal(loaded, {**self.values, **{one: float(varied[one][k]) for one in moved}}) for k in np.flatnonzero(asked)
        ]  # fmt: skip

        def heard(done: int) -> None:
            if told is not None:
                told(f"{priors}: set-ups of {loaded.line.name}", done, len(wanted))

        return set_ups(
            loaded, wanted, self.calendar, area_yield=1.0, cell_yield=self.question.cell_yield, area_ratio=ratio_of(name),
            workers=workers, told=heard,
        )  # fmt: skip


def ratio_of(electrode: str) -> float:
    """Area of an electrode over that of the cathode in a cell."""
    return AREA_RATIO if electrode == "anode" else 1.0
