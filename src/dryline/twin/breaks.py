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
    """The free spans of a line; state (1) is one more than the number of the nip before which the web has broken, else 0."""

    def __init__(self, line: Line, recipe: Recipe, setup: SetUp, d: Disturbances, seed: int, state: Array) -> None:
        self.recipe, self.setup, self.state = recipe, setup, state
        self.per_second, self.exponent = d.breaks.hazard_per_hour / 3600.0, d.breaks.exponent
        self.luck = Draw(seed, "web/break", len(setup.nips))
        last: dict[str, int] = {}
        self.spans: list[tuple[int, float, float]] = []
        """Nip behind every free span, film thickness [m] and relative density in it; on its foil 0 and foil strength [N/m]."""
        for k, point in enumerate(setup.nips):
            before = [last[point.side]] if point.side in last else [last[side] for side in line.sides if side in last]
            if point.side in last and point.side == "AB":
                foil = sum(unwinder.thickness for unwinder in line.of_kind("foil_unwinder"))
                self.spans.append((k, 0.0, FOIL_STRENGTH * foil))
            elif point.span_tension > 0.0:
                films = len(line.sides) if point.side == "AB" else 1
                dense = min(1.0 - setup.nips[n].porosity_out for n in before)
                self.spans.append((k, point.thickness_in / films, dense))
            last[point.side] = k

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
        for k, thick, held in self.spans:
            tension = float(twin.nips["tension"][k])
            if tension <= 0.0 or twin.nips["speed"][k] <= 0.0:
                continue
            limit = held
            if thick > 0.0:
                strength = film_strength(fibril, held, self.recipe.ptfe_volume, s.k_t, s.n, s.l, 0.0)
                limit = float(break_tension(strength, thick))
            if luck[k] < 1.0 - math.exp(-break_hazard(tension, limit, self.per_second, self.exponent)):
                self.state[0] = k + 1
                return
