"""Web breaks: drawn once a second from the hazard of the tension of every free span over the film's strength."""

from __future__ import annotations

import math

from dryline.line.disturbances import Disturbances
from dryline.line.schema import Line
from dryline.line.setup import SetUp
from dryline.materials.recipe import Recipe
from dryline.process.web import break_hazard, break_tension, film_strength
from dryline.twin.disturbances import Draw
from dryline.twin.state import Array, Twin

FOIL_STRENGTH = 150e6
"""Yield stress of the foil, beyond which a foil is lost [Pa] (aluminium 120-200 MPa, copper more; textbook)."""


class BreakHazard:
    """The free spans of a line and its foil.

    state (1) is one more than the number of the nip before which the web has broken, one more than all nips where the foil
    has, else 0.
    """

    def __init__(self, line: Line, recipe: Recipe, setup: SetUp, d: Disturbances, seed: int, state: Array) -> None:
        self.recipe, self.setup, self.state = recipe, setup, state
        self.per_second, self.exponent = d.breaks.hazard_per_hour / 3600.0, d.breaks.exponent
        self.nips = len(setup.nips)
        self.names = [*(nip.name for nip in setup.nips), *(one.name for one in line.of_kind("foil_unwinder"))]
        self.luck = Draw(seed, "web/break", len(self.names))
        self.foil = FOIL_STRENGTH * sum(unwinder.thickness for unwinder in line.of_kind("foil_unwinder"))
        last: dict[str, int] = {}
        self.spans: list[tuple[int, float, float]] = []
        """Nip behind every free span, film thickness [m] and relative density in it; on its foil 0 and foil strength [N/m]."""
        for k, point in enumerate(setup.nips):
            before = [last[point.side]] if point.side in last else [last[side] for side in line.sides if side in last]
            if point.side in last and point.side == "AB":
                self.spans.append((k, 0.0, self.foil))
            elif point.span_tension > 0.0:
                films = len(line.sides) if point.side == "AB" else 1
                dense = min(1.0 - setup.nips[n].porosity_out for n in before)
                self.spans.append((k, point.thickness_in / films, dense))
            last[point.side] = k

    @property
    def broken(self) -> str:
        """Name of the nip before which the web has broken, or of the unwinder; empty while it holds."""
        return self.names[self.state[0] - 1] if self.state[0] else ""

    @property
    def foil_broken(self) -> bool:
        """Whether it is the foil that has broken or run off its roll."""
        return bool(self.state[0] > self.nips)

    @property
    def film_broken(self) -> bool:
        """Whether the web has broken before a nip; the spans of film then hold no tension."""
        return bool(0 < self.state[0] <= self.nips)

    def mend(self) -> None:
        """The web is threaded again."""
        self.state[0] = 0

    def lose_foil(self) -> None:
        """The foil has broken, or has run off its roll."""
        self.state[0] = self.nips + 1

    def draw(self, second: int, twin: Twin, foil_tension: float) -> None:
        """Draw the breaks of a second; foil_tension: before the lamination [N/m]."""
        if self.state[0] or self.per_second <= 0.0:
            return
        luck = self.luck.uniform(second)
        s = self.recipe.strength
        fibril = float(twin.line_in["fibril"][0, 1])
        for k, thick, held in self.spans:
            tension = float(twin.nips["tension"][k])
            reached = twin.clocks["ticks"][twin.rolls["chain"][k]] > twin.rolls["offset"][k]
            if tension <= 0.0 or twin.nips["speed"][k] <= 0.0 or not reached:
                continue
            limit = held
            if thick > 0.0:
                strength = film_strength(fibril, held, self.recipe.ptfe_volume, s.k_t, s.n, s.l, 0.0)
                limit = float(break_tension(strength, thick))
            if luck[k] < 1.0 - math.exp(-break_hazard(tension, limit, self.per_second, self.exponent)):
                self.state[0] = k + 1
                return
        if self.foil > 0.0 and twin.nips["speed"][-1] > 0.0:
            if luck[-1] < 1.0 - math.exp(-break_hazard(foil_tension, self.foil, self.per_second, self.exponent)):
                self.lose_foil()
