"""What heat does to the nips, once a second: roll temperatures, growth, the film's virgin curve, and the heating power."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from dryline.line.disturbances import Disturbances
from dryline.line.schema import Line
from dryline.line.setup import SetUp
from dryline.materials.recipe import Recipe
from dryline.mechanics.thermal import growth
from dryline.twin.disturbances import Wander
from dryline.twin.state import Array, Twin
from dryline.twin.warm_film import warm, warm_film

LOSS = 15.0
"""Heat-transfer coefficient of hot rolls to the hall, convection and radiation [W/(m2 K)] (assumed)."""
TICKS = 10
"""Ticks of a second."""
SHELL = 0.3
"""Share of a roll's steel that a change of its set point heats (drilled rolls, assumed)."""
STEEL = 7850.0 * 460.0
"""Heat capacity of roll steel [J/(m3 K)] (textbook)."""


class Ahead(NamedTuple):
    """Arrays of the changes in a tick, views into the arena: base (nip, lane) [m], virgin curve (nip, 7)."""

    base_step: Array
    virgin_step: Array


class RollHeat:
    """Temperatures of the rolls of a line and what follows from them.

    reached and wanted: mean roll temperature and its set point [K] (nip), views into the arena.
    """

    def __init__(
        self, line: Line, recipe: Recipe, setup: SetUp, d: Disturbances, machine_seed: int, reached: Array, wanted: Array,
        wander: Wander, eta: Array, ahead: Ahead,
    ) -> None:  # fmt: skip
        self.ahead = ahead
        self.line, self.recipe, self.setup, self.wander = line, recipe, setup, wander
        self.reached, self.wanted = reached, wanted
        self.nips = line.nips
        self.film = warm_film(line, recipe, setup, d, machine_seed)
        self.shapes = np.array([np.cos((m + 1) * math.pi * 0.5 * (eta + 1.0)) for m in range(3)])
        self.share = np.array([1.0 - math.exp(-1.0 / nip.thermal_time) for nip in self.nips])
        self.growth = np.array([growth(nip.roll_diameter, 1.0) for nip in self.nips])
        self.areal = np.array([point.areal_mass_out for point in setup.nips])
        self.width = np.array([line.pressed_width(nip) for nip in self.nips])
        self.nominal = np.array([point.roll_temperature for point in setup.nips])
        self.crown = np.array([point.crown for point in setup.nips])
        diameter = np.array([nip.roll_diameter for nip in self.nips])
        face = np.array([nip.face_width for nip in self.nips])
        self.surface = 2.0 * math.pi * diameter * face
        self.capacity = SHELL * STEEL * 2.0 * 0.25 * math.pi * diameter**2 * face
        self.thermal_time = np.array([nip.thermal_time for nip in self.nips])

    def true_roll(self) -> Array:
        """Mean temperature of the roll surfaces with their wander [K] (nip)."""
        roll: Array = self.reached + self.wander.roll[:, 0]
        return roll

    def grown(self) -> Array:
        """Gap that the growth of the rolls takes over that at nominal temperature, width mean [m] (nip)."""
        taken: Array = self.growth * (self.true_roll() - self.nominal)
        return taken

    def start(self, bending: Array, compressibility: float, powder: float, twin: Twin) -> None:
        """Growth, bending and virgin curves (which begin at once) at the start; see `second`."""
        self.second(bending, compressibility, powder, twin)
        base = twin.base
        base += TICKS * self.ahead.base_step
        self.ahead.base_step[:] = 0.0

    def second(self, bending: Array, compressibility: float, powder: float, twin: Twin) -> None:
        """Where gap (growth and bending) and virgin curves of the film, as warm as it arrives, are to be in a second.

        bending: by the actuators [m] (nip); compressibility exponent of the powder now; powder: its temperature [K].
        """
        self.reached += self.share * (self.wanted - self.reached)
        roll = self.wander.roll
        warmer = (self.reached - self.nominal + roll[:, 0])[:, None] + np.einsum("km,mkl->kl", roll[:, 1:], self.shapes)
        base = -(self.growth[:, None] * warmer) - (self.crown + bending)[:, None] * twin.shape
        self.ahead.base_step[:] = (base - twin.base) / TICKS
        warm(powder, compressibility, self.reached, roll, self.film, TICKS, twin.nips, twin.nip_in, self.ahead.virgin_step)

    def heating_power(self, twin: Twin) -> Array:
        """Heat into the rolls [W] (nip): loss of two rolls to the hall, film warmed to the roll, and heat-up."""
        hall, roll = self.line.hall.temperature, self.true_roll()
        start = hall + 0.5 * (self.setup.fibrillator_temperature - hall)
        before = self.film.nips["before"]
        arriving = np.where(before >= 0, roll[before], 0.0).max(axis=1)
        arriving[before[:, 0] < 0] = start
        flow = self.areal * self.width * twin.nips["speed"]
        film = flow * self.recipe.fibrillation.c_p * np.maximum(roll - arriving, 0.0)
        gain = np.maximum(self.wanted - self.reached, 0.0) / self.thermal_time
        watts: Array = LOSS * self.surface * np.maximum(roll - hall, 0.0) + film + gain * self.capacity
        return watts
