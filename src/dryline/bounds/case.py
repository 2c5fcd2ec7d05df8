"""The line that bounds are asked for: how far its gauges stand from its actuators, and what disturbs its areal mass."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from dryline.bounds.components import Sampled, Spread
from dryline.bounds.result import Means
from dryline.bounds.two_dimensional import common, segments
from dryline.line.distances import last_nip, nip_paths
from dryline.line.disturbances import Disturbances
from dryline.line.schema import Line
from dryline.line.setup import SetUp
from dryline.line.tags import TICK
from dryline.materials.recipe import Recipe

SECOND = 1.0
"""Time between two samples of the metering's noise [s]."""
FOOTPRINT = (0.02, 0.02)
"""Usual footprint along and across the web [m]."""
QUADRATURE = 400
"""Steps of the integral in `speed_noise`."""
METERING, SEGMENTS, FOIL = "metering", "segments", "foil"


@dataclass(frozen=True)
class Case:
    """What bounds are asked for."""

    line: Line
    recipe: Recipe
    setup: SetUp
    disturbances: Disturbances
    means: Means
    footprint: tuple[float, float] = FOOTPRINT
    """Along and across the web [m]."""

    @property
    def coating(self) -> float:
        """Areal mass of all sides [kg/m2]."""
        return self.recipe.loading * len(self.line.sides)


def paths_of(case: Case) -> tuple[float, float, float]:
    """Line metres from the powder nip to the line gauge, to the scanner and to the last nip of the film; the shorter side."""
    line, paths, nips = case.line, nip_paths(case.line, case.setup), {nip.name: nip for nip in case.setup.nips}
    films = [nips[last_nip(line, side)] for side in line.sides]
    gauges = {gauge.side: gauge.distance for gauge in line.of_kind("film_gauge")}
    end = nips[last_nip(line, line.end)]
    return (
        min(paths[film.name] + gauges[film.side] / film.speed_ratio for film in films),
        paths[end.name] + line.of_kind("scanner")[0].distance / end.speed_ratio,
        min(paths[film.name] for film in films),
    )


def distances(case: Case) -> tuple[float, float]:
    """Effective gauge distances [m] of the mean and of the profile: from the actuator to the nearer gauge, and a tick."""
    line_gauge, scanner, film_nip = paths_of(case)
    path = (scanner if case.means.gauge == "scanner" else line_gauge) + case.setup.speed * TICK
    return path - (film_nip if case.means.elongation else 0.0), path


def spreads_of(case: Case) -> list[Spread]:
    """Disturbance of the mean of the sides, or of half their difference, by segment: sides are independent."""
    d, speed, sides = case.disturbances, case.setup.speed, math.sqrt(len(case.line.sides))
    row = d.distribution
    count = max(round(case.line.web.film_width / row.segment_width), 1)
    return [
        segments(
            SEGMENTS, row.segment_sigma / sides, row.segment_time * speed, count, row.segment_width, row.segment_correlation, True
        ),
        common(Sampled(METERING, d.metering.white / sides, speed * SECOND), count),
    ]


def speed_noise(case: Case, sides: int) -> float:
    """Areal mass of the mean of so many sides that moves with the speeds of the rolls, and that nobody can foresee [1].

    A film's mass a metre follows v(film rolls) / v(lamination) at the moment at which it is taken over; each speed has noise of
    the drives, white from tick to tick, linear between, behind the lag of its speed loop. With the cubic B-spline R(u) as
    autocovariance of what is linear between white samples a tick T apart, the variance behind a first-order lag is the integral
    of R(u) exp(-u/lag)/lag over u > 0. The sides have rolls of their own, the lamination is common.
    """
    line, white = case.line, case.disturbances.drives.white
    last = line.nips[-1]
    place = (np.arange(QUADRATURE) + 0.5) * 2.0 / QUADRATURE
    near = 2.0 / 3.0 - place**2 + 0.5 * place**3
    spline = np.where(place < 1.0, near, (2.0 - place) ** 3 / 6.0)
    rate = TICK / last.drive_lag
    behind = float((spline * np.exp(-rate * place)).sum() * rate * 2.0 / QUADRATURE)
    return white * math.sqrt(behind * (1.0 + 1.0 / sides))
