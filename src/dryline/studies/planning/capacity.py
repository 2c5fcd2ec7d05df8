"""Capacity of electrode lines: GWh a year, what a target needs, how anode and cathode lines balance, and what limits the speed.

    E = v W t_run Y_area Y_cell e_A ,    e_A = sides x areal capacity x U / (N/P x area ratio)

v speed, W coated width, t_run running time of a year, Y yields, e_A energy that an area of foil carries. With 8760 h a year,
t_run = OEE x 8760 h, this is E [GWh/year] = 0.5256 v[m/min] W[m] phi OEE Y e_A[kWh/m2].
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from dryline.line.load import LoadedLine
from dryline.line.setup import Infeasible, LimitCheck, SetUp
from dryline.setup.operating_point import set_up
from dryline.studies.planning.electrode_line import ElectrodeLine, Number
from dryline.studies.tables import left

GWH = 3.6e12
"""Joules of a GWh."""
CLOSE = 1e-4
"""Share of its speed to which the highest speed of a line is found."""
SEARCHED = 4.0
"""Times the rated speed up to which it is looked for."""


def gwh_per_year(line: ElectrodeLine) -> Number:
    """Energy of the good cells of a year's electrode [GWh/year]; of an anode line, of the cells that its anodes serve."""
    return line.good_energy / GWH


def lines_needed(target: float, line: ElectrodeLine) -> float:
    """Lines like this one that a target [GWh/year] needs, not rounded up."""
    return float(np.mean(target / gwh_per_year(line)))


@dataclass(frozen=True)
class Balance:
    """Lines of each electrode for a target: wanted [GWh/year]; exact number and whole number of lines; what each makes at its
    speed [GWh/year]; share of their capacity that is used; which electrode limits a plant of the whole numbers.
    """

    target: float
    cathode_exact: float
    anode_exact: float
    cathode_lines: int
    anode_lines: int
    cathode_gwh: float
    anode_gwh: float
    cathode_used: float
    anode_used: float
    limited_by: str


def balance(target: float, cathode: ElectrodeLine, anode: ElectrodeLine) -> Balance:
    """Lines of each electrode that a target [GWh/year] needs; their speeds may differ.

    Raises ValueError where the target is not above zero.
    """
    if not target > 0.0 or not math.isfinite(target):
        raise ValueError("the target must be above zero")
    made_c, made_a = float(np.mean(gwh_per_year(cathode))), float(np.mean(gwh_per_year(anode)))
    exact_c, exact_a = target / made_c, target / made_a
    whole_c, whole_a = math.ceil(exact_c - 1e-9), math.ceil(exact_a - 1e-9)
    limited = "cathode" if whole_c * made_c <= whole_a * made_a else "anode"
    return Balance(target, exact_c, exact_a, whole_c, whole_a, made_c, made_a, exact_c / whole_c, exact_a / whole_a, limited)


BOTTLENECKS: dict[str, str] = {
    "speed": "rated speed", "feeder range": "feeders", "hopper": "feeders", "fibrillator temperature": "fibrillator throughput",
    "fibrillator machines": "fibrillator throughput", "drive power": "motor power", "line load": "line load",
    "peak pressure": "line load", "span tension": "web strength", "elongation": "web strength", "peel strength": "lamination",
}  # fmt: skip
"""Limits of the set-up as a planner says them; others keep their name."""


@dataclass(frozen=True)
class Reach:
    """How fast a line may run: highest feasible speed [m/s] with its rated one as a limit and without; the limit that binds
    above the latter, None where none was found up to four times the rated speed.
    """

    speed: float
    beyond: float
    limit: LimitCheck | None

    @property
    def bottleneck(self) -> str:
        """What binds beyond the rated speed, in a planner's words."""
        return "none found" if self.limit is None else BOTTLENECKS.get(self.limit.limit, self.limit.limit)


def reach(loaded: LoadedLine) -> Reach:
    """Highest speed that the set-up model allows, found by halving, and what binds above it.

    Raises Infeasible where the line cannot run at its own speed.
    """
    line, recipe = loaded.line, loaded.recipe
    rated = line.limits.line_speed_max
    set_up(line, recipe)
    free = line.model_copy(update={"limits": line.limits.model_copy(update={"line_speed_max": 100.0})})

    def refusal(speed: float) -> LimitCheck | None:
        try:
            set_up(free.model_copy(update={"speed": speed}), recipe)
        except Infeasible as refused:
            return refused.check
        return None

    low, high = line.speed, SEARCHED * max(rated, line.speed)
    binding = refusal(high)
    if binding is None:
        return Reach(rated, high, None)
    while high - low > CLOSE * low:
        middle = 0.5 * (low + high)
        found = refusal(middle)
        if found is None:
            low = middle
        else:
            binding, high = found, middle
    return Reach(min(low, rated), low, binding)


def tightest(found: SetUp, count: int = 6) -> list[LimitCheck]:
    """The limits of an operating point of which least is left, one place a limit, the tightest first."""
    first: dict[str, LimitCheck] = {}
    for check in sorted(found.checks, key=left):
        first.setdefault(check.limit, check)
    return list(first.values())[:count]


def point_for(loaded: LoadedLine, line: ElectrodeLine, target: float) -> tuple[float, float]:
    """Speed [m/s] at the loading of the recipe, and loading [kg/m2] at the speed of the line, that would make a target
    [GWh/year] on this one line; whether they are feasible is for the set-up model to say.
    """
    share = target / float(np.mean(gwh_per_year(line)))
    return loaded.line.speed * share, loaded.recipe.loading * share
