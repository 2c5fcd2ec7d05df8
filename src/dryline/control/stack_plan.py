"""Nominal figures of a line for the delay-free loops on areal mass: where the film of a side is laid, seen and drawn.

All film nips of a side turn together, a little faster or slower than the nip that takes their film over (the acting nip): so the
film keeps its elongation up to there, and what arrives at the acting nip is drawn more or less. Film metres count travel of the
powder nip's rolls, line metres travel at line speed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dryline.control.plan import Plan
from dryline.line.distances import last_nip, nip_paths
from dryline.line.schema import Line
from dryline.line.setup import SetUp


@dataclass(frozen=True)
class StackSide:
    """A side: `rate` [kg/m] and `ratio` [1] of the set-up, `to_gauge` and `to_draw` [film metres] from powder nip to line
    gauge and acting nip, `to_scanner` [line metres] from there to the scanner; `ratio_low`, `ratio_high` [1] of the speed of
    its film nips over their set-up (both 1: they are left alone); `lag` [s] of the metering; whether its nip is `flooded`.
    """

    rate: float
    ratio: float
    target: float
    to_gauge: float
    to_draw: float
    to_scanner: float
    ratio_low: float
    ratio_high: float
    lag: float
    flooded: bool


@dataclass(frozen=True)
class StackPlan:
    """Sides in the order of the plan; which side's factor each nip takes, -1 none; areal mass of the coating and nominal one of
    the foil [kg/m2]; width of the film and of the scanner's spot [m].
    """

    sides: tuple[StackSide, ...]
    side_of_nip: NDArray[np.intp]
    areal_mass: float
    foil: float
    width: float
    spot: float


def stack_plan(line: Line, setup: SetUp, plan: Plan, reach: float, delay_error: float) -> StackPlan:
    """Figures of `line` at `setup`; `reach` [1] is how far the ratio may be moved where the elongation leaves room."""
    paths, points = nip_paths(line, setup), {nip.name: nip for nip in setup.nips}
    together = [nip.name for nip in line.nips if nip.side == "AB"]
    scanner = line.of_kind("scanner")[0]
    end = paths[last_nip(line, line.end)] + scanner.distance
    wrong = 1.0 + delay_error
    foil = sum(unwinder.thickness * unwinder.density for unwinder in line.of_kind("foil_unwinder"))
    sides, moved = [], np.full(len(line.nips), -1, dtype=np.intp)
    for k, side in enumerate(plan.areal):
        own = [nip.name for nip in line.nips if nip.side == side.side]
        taking = together[0] if together else own[-1]
        trained = own if together else own[:-1]
        ratio = points[own[0]].speed_ratio
        path = paths[trained[-1]] + line.station(taking).distance / points[trained[-1]].speed_ratio if trained else 0.0
        draw = points[taking].speed_ratio / points[trained[-1]].speed_ratio if trained else 1.0
        flooded = side.hopper_bed is not None
        high = min(1.0 + reach, draw / 1.005)
        low = max(1.0 - reach, draw / line.limits.elongation_max_low)
        free = bool(trained) and not flooded and high >= 1.0 + 0.5 * reach and low <= 1.0 - 0.5 * reach
        if free:
            for n, nip in enumerate(line.nips):
                moved[n] = k if nip.name in trained else moved[n]
        to_gauge = side.path * ratio  # the plan's path has the error of the delay in it
        sides.append(
            StackSide(
                side.rate, ratio, side.target, to_gauge, path * ratio * wrong, (end - paths[taking]) * wrong,
                low if free else 1.0, high if free else 1.0, side.lag, flooded,
            )
        )  # fmt: skip
    return StackPlan(tuple(sides), moved, setup.areal_mass, foil, line.web.film_width, scanner.spot)
