"""Zeroing of the gaps: hot and with rolls turning, so that what growth and frame do to the gap then is in the zero.

What is left is the error of the zero, drawn anew every time, and all growth since then.
"""

from __future__ import annotations

import numpy as np

from dryline.line.disturbances import Disturbances
from dryline.line.schema import Line
from dryline.twin.disturbances import drawn
from dryline.twin.heat import RollHeat
from dryline.twin.state import Array, Twin, record

ZERO = record(
    ("told", np.float64),  # last command
    ("count", np.int64),
    ("taken", np.float64),  # gap that growth and frame gave at the zeroing, m
)


class Zeroing:
    """Zeros of the gaps of a line; state (nip): `ZERO`."""

    def __init__(self, line: Line, d: Disturbances, machine_seed: int, state: Array, twin: Twin) -> None:
        self.d, self.seed, self.state, self.twin = d, machine_seed, state, twin
        self.names = [nip.name for nip in line.nips]
        self.under_way = True
        """Whether a command may still stand that has been followed."""

    def lift(self, frame: float) -> Array:
        """Gap from the growth of the frame, less what the zeroing took [m] (nip); frame: lagged hall temperature [K]."""
        gap: Array = self.d.frame.growth * frame - self.state["taken"]
        return gap

    def at_start(self, heat: RollHeat, frame: float, bias: Array) -> None:
        """The gaps have been zeroed just before the run begins; bias: of the roll thermometers [K] (nip)."""
        self.state["taken"] = self.d.frame.growth * frame - heat.grown()
        self.twin.drives["roll_temperature"] = heat.true_roll() + bias
        self.twin.drives["zero_temperature"] = self.twin.drives["roll_temperature"]

    def told(self, command: Array, opened: Array, heat: RollHeat, frame: float) -> None:
        """Zero every nip whose command has gone from 0 to 1; one that is not open keeps its zero: a film may be in it."""
        state = self.state
        for k in np.flatnonzero((command > 0.5) & (state["told"] < 0.5) & (opened > 0.5)):
            self._zero(int(k), float(heat.grown()[k]), frame)
        state["told"] = command > 0.5
        self.under_way = bool((command > 0.5).any())

    def _zero(self, k: int, grown: float, frame: float) -> None:
        state, roll, drive = self.state[k], self.twin.rolls[k], self.twin.drives[k]
        state["count"] += 1
        offset = self.d.gap_sensors.offset * drawn(self.seed, f"{self.names[k]}/zeroing {state['count']}", 2, uniform=True)
        roll["position_offset"] = offset
        state["taken"] = self.d.frame.growth * frame - grown
        self.twin.nip_in["lift"][k] = self.lift(frame)[k]
        drive["zero_temperature"], drive["thermal"] = drive["roll_temperature"], 0.0
