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
from dryline.process.compaction import Virgin
from dryline.process.tabulated import curve_of
from dryline.process.web import transfer_units, warmed
from dryline.setup.shear import Contact, shear_of
from dryline.twin.disturbances import Wander, drawn
from dryline.twin.state import Array, Twin

LOSS = 15.0
"""Heat-transfer coefficient of hot rolls to the hall, convection and radiation [W/(m2 K)] (assumed)."""
TICKS = 10
"""Ticks of a second."""
K0 = 5
"""Place of the exponent's whole part in a virgin curve."""
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
        self.yield_truth = 1.0 + d.plant.yield_pressure * drawn(machine_seed, "yield pressure", 1)[0]
        self.modulus_truth = 1.0 + d.spring_back.modulus * drawn(machine_seed, "recovery modulus", 1, True)[0]
        self.shapes = np.array([np.cos((m + 1) * math.pi * 0.5 * (eta + 1.0)) for m in range(3)])
        self.share = np.array([1.0 - math.exp(-1.0 / nip.thermal_time) for nip in self.nips])
        self.growth = np.array([growth(nip.roll_diameter, 1.0) for nip in self.nips])
        self.areal = np.array([point.areal_mass_out for point in setup.nips])
        self.width = np.array([line.pressed_width(nip) for nip in self.nips])
        self.nominal = np.array([point.roll_temperature for point in setup.nips])
        self.crown = np.array([point.crown for point in setup.nips])
        self.powder_nip = [nip.kind == "powder_nip" for nip in self.nips]
        film = np.array([float(len(line.sides)) if nip.side == "AB" else 1.0 for nip in self.nips])
        c_p = recipe.fibrillation.c_p
        self.units = np.array(
            [transfer_units(nip.wrap_contact, nip.wrap, m, c_p) for nip, m in zip(self.nips, self.areal / film, strict=True)]
        )
        diameter = np.array([nip.roll_diameter for nip in self.nips])
        face = np.array([nip.face_width for nip in self.nips])
        self.surface = 2.0 * math.pi * diameter * face
        self.capacity = SHELL * STEEL * 2.0 * 0.25 * math.pi * diameter**2 * face
        self.thermal_time = np.array([nip.thermal_time for nip in self.nips])
        self.before: list[tuple[int, ...]] = []
        last: dict[str, int] = {}
        for k, nip in enumerate(self.nips):
            self.before.append((last[nip.side],) if nip.side in last else tuple(last.values()) if nip.side == "AB" else ())
            last[nip.side] = k
            if nip.side == "AB":
                last = {"AB": k}

    def true_roll(self) -> Array:
        """Mean temperature of the roll surfaces with their wander [K] (nip)."""
        roll: Array = self.reached + self.wander.roll[:, 0]
        return roll

    def tick(self, twin: Twin) -> None:
        """Move gap and virgin curves on by a tenth of the change of this second."""
        base = twin.base
        base += self.ahead.base_step
        twin.nip_in["virgin"] += self.ahead.virgin_step

    def start(self, bending: Array, compressibility: float, powder: float, twin: Twin) -> None:
        """Growth, bending and virgin curves (which begin at once) at the start; see `second`."""
        self.second(bending, compressibility, powder, twin)
        base = twin.base
        base += TICKS * self.ahead.base_step
        self.ahead.base_step[:] = 0.0

    def second(self, bending: Array, compressibility: float, powder: float, twin: Twin) -> None:
        """Where gap (growth and bending) and virgin curves of the film, as warm as it arrives, are to be in a second.

        bending: by the actuators [m] (nip); compressibility exponent of the powder now; powder: its temperature [K]. The
        whole part of the exponent cannot move in steps: where it changes, the curve changes at once.
        """
        self.reached += self.share * (self.wanted - self.reached)
        roll = self.wander.roll
        warmer = (self.reached - self.nominal + roll[:, 0])[:, None] + np.einsum("km,mkl->kl", roll[:, 1:], self.shapes)
        base = self.growth[:, None] * warmer - (self.crown + bending)[:, None] * twin.shape
        self.ahead.base_step[:] = (base - twin.base) / TICKS
        arriving: list[float] = []
        surface = (self.reached + roll[:, 0]).tolist()
        units = (self.units * np.minimum(1.0 / twin.nips["speed"].clip(1e-9), 20.0)).tolist()
        for k, before in enumerate(self.before):
            film = max((arriving[n] for n in before), default=powder)
            reached = warmed(film, surface[k], units[k])
            work = self._shear(k, reached, twin)
            arriving.append(reached + work / self.recipe.fibrillation.c_p)
            exponent = min(max(compressibility, 8.0), 14.9) if self.powder_nip[k] else self.recipe.powder.compressibility
            v = self.curve(reached, exponent)
            now = twin.nip_in[k]
            step = (v.figures - now["virgin"]) / TICKS
            if step[K0] != 0.0:
                now["virgin"], now["beta"] = v.figures, v.beta
                step[:] = 0.0
            self.ahead.virgin_step[k] = step

    def _shear(self, k: int, temperature: float, twin: Twin) -> float:
        """Strain and work of nip k on its film, in which it has a temperature [K]; the work [J/kg]."""
        point, now = self.setup.nips[k], twin.nip_in[k]
        load = float(twin.nips["force"][k]) / self.width[k]
        gap = max(float(twin.nips["gap"][k]), 1e-6)
        contact = Contact(point.contact_length, gap, max(load, 0.0), self.areal[k], float(twin.nips["speed"][k]))
        shear = shear_of(self.nips[k], contact, self.width[k])
        now["aligning"], now["work"], now["temperature"] = shear.aligning, shear.work, temperature
        return shear.work

    def curve(self, temperature: float, exponent: float) -> Virgin:
        """Virgin curve of this plant's film at a temperature [K] with a power exponent."""
        c = self.recipe.compaction
        x = (temperature - c.temperature[0]) / (c.temperature[1] - c.temperature[0])
        return curve_of(
            c.law,
            (c.P_y[0] + x * (c.P_y[1] - c.P_y[0])) * self.yield_truth,
            (c.E_el[0] + x * (c.E_el[1] - c.E_el[0])) * self.modulus_truth,
            min(max(c.eps_A[0] + x * (c.eps_A[1] - c.eps_A[0]), 0.3), 0.7), exponent,
        )  # fmt: skip

    def heating_power(self, twin: Twin) -> Array:
        """Heat into the rolls [W] (nip): loss of two rolls to the hall, film warmed to the roll, and heat-up."""
        hall, roll = self.line.hall.temperature, self.true_roll()
        start = hall + 0.5 * (self.setup.fibrillator_temperature - hall)
        arriving = np.array([max((roll[n] for n in before), default=start) for before in self.before])
        flow = self.areal * self.width * twin.nips["speed"]
        film = flow * self.recipe.fibrillation.c_p * np.maximum(roll - arriving, 0.0)
        gain = np.maximum(self.wanted - self.reached, 0.0) / self.thermal_time
        watts: Array = LOSS * self.surface * np.maximum(roll - hall, 0.0) + film + gain * self.capacity
        return watts
