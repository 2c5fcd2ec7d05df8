"""The rolls of a line as bodies that are heated: what they lose, warm and store, at an operating point and while they heat up."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from dryline.kernel import from_python, kernel
from dryline.line.carriers import WARM
from dryline.line.schema import Line
from dryline.line.setup import SetUp
from dryline.line.utilities import RollHeating
from dryline.materials.recipe import Recipe
from dryline.mechanics.thermal import time_constant
from dryline.process.roll_heating import roll_loss, rolls_capacity, rolls_surface, share_in, warming
from dryline.process.web import transfer_units, warmed

LONGEST = 86400.0
"""Rolls that are not warm after this time are never [s]."""

loss_of = from_python(roll_loss)


class HotRolls(NamedTuple):
    """The two rolls of a nip: surface [m2], heat capacity of shell and core [J/K], times of the shell and of the core [s]; heat
    that film, and foil that comes in cold, take per length and kelvin [J/(m K)]; units of transfer of the film at 1 m/s; set
    point [K].
    """

    surface: float
    shell: float
    inner: float
    shell_time: float
    core_time: float
    carried: float
    fresh: float
    units: float
    wanted: float


def hot_rolls(line: Line, recipe: Recipe, setup: SetUp) -> list[HotRolls]:
    """Rolls of every nip, in the order of the set-up."""
    heating, c_p = line.utilities.roll_heating, recipe.fibrillation.c_p
    foil = line.web.film_width * sum(f.thickness * f.density * f.specific_heat for f in line.of_kind("foil_unwinder"))
    nips = line.nips
    films = len({nip.side for nip in nips} - {"AB"})
    met = False
    found = []
    for nip, point in zip(nips, setup.nips, strict=True):
        common = nip.side == "AB"
        steel = rolls_capacity(nip.roll_diameter, nip.face_width)
        film = point.areal_mass_out * line.pressed_width(nip) * c_p
        found.append(
            HotRolls(
                rolls_surface(nip.roll_diameter, nip.face_width), heating.shell * steel, (1.0 - heating.shell) * steel,
                nip.thermal_time, time_constant(nip.roll_diameter), film + foil if met else film,
                foil if common and not met else 0.0,
                transfer_units(nip.wrap_contact, nip.wrap, point.areal_mass_out / (films if common else 1), c_p),
                point.roll_temperature,
            )
        )  # fmt: skip
        met = met or common
    return found


def film_heat(line: Line, recipe: Recipe, setup: SetUp, rolls: Sequence[HotRolls]) -> list[float]:
    """Heat that film and foil take in every nip [W] at the operating point; below zero where they bring it."""
    hall, c_p = line.hall.temperature, recipe.fibrillation.c_p
    leaving: dict[str, float] = {}
    found = []
    for point, roll in zip(setup.nips, rolls, strict=True):
        before = [leaving[point.side]] if point.side in leaving else list(leaving.values()) if point.side == "AB" else []
        arriving = sum(before) / len(before) if before else setup.fibrillator_temperature
        speed = point.surface_speed
        T = warmed(arriving, point.roll_temperature, roll.units / speed)
        found.append(speed * (roll.carried * (T - arriving) + roll.fresh * (T - hall)))
        leaving[point.side] = T + point.shear_work / c_p
    return found


def hot_loss(line: Line) -> list[float]:
    """Heat that the rolls of every nip lose to the hall at their set points [W]."""
    h, emissivity, hall = line.utilities.roll_heating.heat_transfer, line.utilities.roll_heating.emissivity, line.hall.temperature
    return [
        float(loss_of(nip.roll_temperature, hall, rolls_surface(nip.roll_diameter, nip.face_width), h, emissivity))
        for nip in line.nips
    ]


@kernel
def _warm_up(
    wanted: np.ndarray, rolls: np.ndarray, hall: float, h: float, emissivity: float, heater: float, within: float, longest: float,
    heat: np.ndarray,
) -> float:  # fmt: skip
    """Time until all rolls are warm [s]; `heat` (nip) gets what each took [J]. rolls (nip, 5): surface, shell, inner, shares."""
    count = wanted.size
    T, core = np.full(count, hall), np.full(count, hall)
    time, cold = 0.0, True
    while cold and time < longest:
        cold = False
        for k in range(count):
            load = roll_loss(T[k], hall, rolls[k, 0], h, emissivity)
            rise, inside, steel = warming(
                T[k], wanted[k], core[k], rolls[k, 3], rolls[k, 4], rolls[k, 1], rolls[k, 2], load, heater, 1.0
            )
            heat[k] += load + steel
            T[k] += rise
            core[k] += inside
            cold = cold or wanted[k] - T[k] > within
        time += 1.0
    return time


def heat_up(line: Line, rolls: Sequence[HotRolls]) -> tuple[float, tuple[float, ...]]:
    """Time [s] until all rolls that start as cold as the hall are warm, and the heat that those of each nip took [J]."""
    bodies = tuple([(r.wanted, r.surface, r.shell, r.inner, r.shell_time, r.core_time) for r in rolls])
    return _heat_up(bodies, line.hall.temperature, line.utilities.roll_heating)


@lru_cache(maxsize=256)
def _heat_up(
    bodies: tuple[tuple[float, ...], ...], hall: float, heating: RollHeating
) -> tuple[float, tuple[float, ...]]:
    """As `heat_up`, kept: many operating points have the same rolls."""
    figures = np.array([(b[1], b[2], b[3], share_in(1.0, b[4]), share_in(1.0, b[5])) for b in bodies])
    heat = np.zeros(len(bodies))
    time = _warm_up(
        np.array([b[0] for b in bodies]), figures, hall, heating.heat_transfer, heating.emissivity, heating.power, WARM, LONGEST,
        heat,
    )  # fmt: skip
    return float(time), tuple(heat.tolist())
