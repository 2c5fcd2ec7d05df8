"""The door to a machine: one batched exchange a tick, the same for a twin, a real line and a replay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dryline.line.tags import TagTable


@dataclass(frozen=True)
class Capabilities:
    """What a machine is: level at which it takes commands, tick [s], and whether it waits for each exchange."""

    level: str
    tick: float
    lockstep: bool


@dataclass(frozen=True)
class Commands:
    """Commands that hold for the coming tick: values of all command tags in one flat array."""

    sequence: int
    values: NDArray[np.float64]


@dataclass(frozen=True)
class Readings:
    """What was sampled during a tick: flat values; quality (0 good, 1 uncertain, 2 bad) and stamp [s] per tag."""

    sequence: int
    time: float
    values: NDArray[np.float64]
    quality: NDArray[np.uint8]
    stamp: NDArray[np.float64]


class Machine(Protocol):
    """A line behind the door."""

    @property
    def capabilities(self) -> Capabilities:
        """Level, tick and pace."""

    @property
    def commands(self) -> TagTable:
        """Tags that may be written."""

    @property
    def readings(self) -> TagTable:
        """Tags that are read."""

    def exchange(self, commands: Commands) -> Readings:
        """Hand over the commands of the coming tick and return what was sampled during it."""
