"""What serves the line of a twin: which state the line is in, and what its utilities draw in it, once a second."""

from __future__ import annotations

import numpy as np

from dryline.line.carriers import STATES, WARM, State
from dryline.line.schema import Line
from dryline.line.tags import TagTable
from dryline.setup.loads import utility_loads
from dryline.twin.state import Array

STILL = 0.01
"""A line below this speed stands [m/s]."""


def state_of(line: Line, speed: float, reached: Array, wanted: Array) -> State:
    """What a line does: it runs at any web speed [m/s]; standing, its rolls are hot, heat up, or are left to cool.

    reached, wanted: roll temperatures and their set points [K] (nip).
    """
    if speed > STILL:
        return "run"
    if float(wanted.max()) <= line.hall.temperature + WARM:
        return "stop"
    return "heat_up" if float((wanted - reached).max()) > WARM else "idle"


class Auxiliaries:
    """Loads of hall, dust extraction and handling, and what is bought for what the powder side uses.

    factor: energy bought over what the powder side counts, by entry of `Places.powder_power`; a line that stands cold has
    mixer and granulator off.
    """

    def __init__(self, line: Line, truth: TagTable, powder: list[str]) -> None:
        found = utility_loads(line)
        self.line, self.chiller = line, line.utilities.chiller_performance
        self.places = np.array([truth.index(load.path) for load in found])
        self.watts = {state: np.array([load.of(state) for load in found]) for state in STATES}
        heaters = {f"{station.name}/heating_power" for station in line.of_kind("treatment")}
        idling = {f"{s.name}/power" for kind in ("mixer", "granulator") for s in line.of_kind(kind)}
        self.hot = np.array([1.0 / line.utilities.heater_efficiency if path in heaters else 1.0 for path in powder])
        self.cold = self.hot * np.array([path not in idling for path in powder])
        self.factor = self.hot

    def second(self, speed: float, reached: Array, wanted: Array, truth: Array) -> None:
        """The state of the line in this second, and its loads into `truth`; see `state_of`."""
        state = state_of(self.line, speed, reached, wanted)
        self.factor = self.cold if state == "stop" else self.hot
        truth[self.places] = self.watts[state]
