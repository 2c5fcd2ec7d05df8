"""What heat does to the nips, once a second: roll temperatures, growth, the film's virgin curve, and the heating power."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from dryline.kernel import kernel
from dryline.line.disturbances import Disturbances
from dryline.line.schema import Line
from dryline.line.setup import SetUp
from dryline.materials.recipe import Recipe
from dryline.mechanics.thermal import growth
from dryline.process.roll_heating import roll_loss, share_in, warming
from dryline.setup.roll_heat import hot_rolls
from dryline.twin.disturbances import Wander
from dryline.twin.state import Array, Twin, record
from dryline.twin.warm_film import warm, warm_film

TICKS = 10
"""Ticks of a second."""
_f, _i = np.float64, np.int64
ROLLS = record(  # the two rolls of a nip, see `HotRolls`
    ("before", _i, (2,)),  # nips whose film arrives, -1 none
    ("surface", _f),  # m2
    ("shell", _f),  # J/K
    ("inner", _f),
    ("shell_share", _f),  # of the way to the set point in a second
    ("core_share", _f),  # of the way of the core to the shell in a second
    ("carried", _f),  # heat that film and foil take, J/(m K)
    ("fresh", _f),  # that of foil which comes in as cold as the hall
)


class Ahead(NamedTuple):
    """Arrays of the changes in a tick, views into the arena: base (nip, lane) [m], virgin curve (nip, 7)."""

    base_step: Array
    virgin_step: Array


@kernel
def heat_rolls(
    reached: np.ndarray, core: np.ndarray, wanted: np.ndarray, wander: np.ndarray, rolls: np.ndarray, nips: np.ndarray,
    nip_in: np.ndarray, powder: float, hall: float, c_p: float, h: float, emissivity: float, heater: float, bought: float,
    power: np.ndarray,
) -> None:  # fmt: skip
    """A second of the rolls: temperatures of shells and cores move on, `power` (nip) gets the energy bought for it [W].

    powder: its temperature [K]; hall [K]; heater: the most that it gives to a nip [W]; bought: heat over energy bought.
    """
    for k in range(nips.size):
        own, nip = rolls[k], nips[k]
        T = reached[k] + wander[k, 0]
        film = 0.0
        if nip.force > 0.0:
            arriving = powder
            if own.before[0] >= 0:
                arriving = nip_in[own.before[0]].temperature + nip_in[own.before[0]].work / c_p
            if own.before[1] >= 0:
                arriving = 0.5 * (arriving + nip_in[own.before[1]].temperature + nip_in[own.before[1]].work / c_p)
            warm = nip_in[k].temperature
            film = nip.speed * (own.carried * (warm - arriving) + own.fresh * (warm - hall))
        load = roll_loss(T, hall, own.surface, h, emissivity) + film
        rise, inside, steel = warming(
            reached[k], wanted[k], core[k], own.shell_share, own.core_share, own.shell, own.inner, load, heater, 1.0
        )
        reached[k] += rise
        core[k] += inside
        power[k] = max(load + steel, 0.0) / bought


class RollHeat:
    """Temperatures of the rolls of a line and what follows from them.

    reached, core and wanted: mean temperature of the shells, of the cores, and set point [K] (nip), views into the arena.
    """

    def __init__(
        self, line: Line, recipe: Recipe, setup: SetUp, d: Disturbances, machine_seed: int, reached: Array, core: Array,
        wanted: Array, wander: Wander, eta: Array, ahead: Ahead,
    ) -> None:  # fmt: skip
        self.ahead = ahead
        self.line, self.recipe, self.setup, self.wander = line, recipe, setup, wander
        self.reached, self.core, self.wanted = reached, core, wanted
        self.nips = line.nips
        self.film = warm_film(line, recipe, setup, d, machine_seed)
        self.shapes = np.array([np.cos((m + 1) * math.pi * 0.5 * (eta + 1.0)) for m in range(3)])
        self.growth = np.array([growth(nip.roll_diameter, 1.0) for nip in self.nips])
        self.nominal = np.array([point.roll_temperature for point in setup.nips])
        self.crown = np.array([point.crown for point in setup.nips])
        self.rolls = np.zeros(len(self.nips), ROLLS)
        self.power = np.zeros(len(self.nips))
        for row, found in zip(self.rolls, hot_rolls(line, recipe, setup), strict=True):
            row["surface"], row["shell"], row["inner"], row["carried"], row["fresh"] = (
                found.surface, found.shell, found.inner, found.carried, found.fresh,
            )  # fmt: skip
            row["shell_share"], row["core_share"] = share_in(1.0, found.shell_time), share_in(1.0, found.core_time)
        self.rolls["before"] = self.film.nips["before"]

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
        roll, heating = self.wander.roll, self.line.utilities.roll_heating
        heat_rolls(
            self.reached, self.core, self.wanted, roll, self.rolls, twin.nips, twin.nip_in, powder, self.line.hall.temperature,
            self.recipe.fibrillation.c_p, heating.heat_transfer, heating.emissivity, heating.power, heating.bought, self.power,
        )  # fmt: skip
        warmer = (self.reached - self.nominal + roll[:, 0])[:, None] + np.einsum("km,mkl->kl", roll[:, 1:], self.shapes)
        base = -(self.growth[:, None] * warmer) - (self.crown + bending)[:, None] * twin.shape
        self.ahead.base_step[:] = (base - twin.base) / TICKS
        warm(powder, compressibility, self.reached, roll, self.film, TICKS, twin.nips, twin.nip_in, self.ahead.virgin_step)
