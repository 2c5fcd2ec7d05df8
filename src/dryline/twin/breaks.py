"""Web breaks: drawn once a second from the hazard of the tension of every free span over the film's strength."""

from __future__ import annotations

import math

from dryline.line.disturbances import Disturbances
from dryline.line.setup import SetUp
from dryline.materials.recipe import Recipe
from dryline.process.web import break_hazard, break_tension, film_strength
from dryline.twin.disturbances import Draw
from dryline.twin.state import Array, Twin


class BreakHazard:
    """The free spans of a line; state (1) is one more than the number of the nip before which the web has broken, else 0."""

    def __init__(self, recipe: Recipe, setup: SetUp, d: Disturbances, seed: int, state: Array) -> None:
        self.recipe, self.setup, self.state = recipe, setup, state
        self.per_second, self.exponent = d.breaks.hazard_per_hour / 3600.0, d.breaks.exponent
        self.luck = Draw(seed, "web/break", len(setup.nips))

    @property
    def broken(self) -> str:
        """Name of the nip before which the web has broken; empty while it holds."""
        return self.setup.nips[self.state[0] - 1].name if self.state[0] else ""

    def draw(self, second: int, twin: Twin) -> None:
        """Draw the breaks of a second."""
        if self.state[0] or self.per_second <= 0.0:
            return
        luck = self.luck.uniform(second)
        s = self.recipe.strength
        fibril = float(twin.line_in["fibril"][0, 1])
        for k, point in enumerate(self.setup.nips):
            tension = float(twin.nips["tension"][k])
            if point.span_tension <= 0.0 or tension <= 0.0 or twin.nips["speed"][k] <= 0.0:
                continue
            dense = 1.0 - self.setup.nips[k - 1].porosity_out
            strength = film_strength(fibril, dense, self.recipe.ptfe_volume, s.k_t, s.n, s.l, s.sigma_0)
            thick = point.thickness_in / (2.0 if point.side == "AB" else 1.0)
            limit = float(break_tension(strength, thick))
            if luck[k] < 1.0 - math.exp(-break_hazard(tension, limit, self.per_second, self.exponent)):
                self.state[0] = k + 1
                return
