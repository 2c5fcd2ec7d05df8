"""What a quality controller is: the loops on areal mass, profile and thickness behind one contract.

Each tick it gets what the gauges say of the film of this start, and returns what the metering and the nips are to do and
what it has measured. Everything it remembers is in its state, a value of its own kind. A line chooses one of several;
the base line is the PI monitor (`control.monitor`).
"""

from __future__ import annotations

from typing import NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from dryline.control.events import LoopStatus
from dryline.control.modes import Loop

Array = NDArray[np.float64]
S = TypeVar("S")


class Sight(NamedTuple):
    """What a quality controller may see in a tick. A value that is missing, not believed, or not yet of the film of this
    start is not a number; bed levels: None where the nip is starved or nothing is read.

    profiles (side, kept pixel): line gauges [kg/m2]; coating: of both sides under the scanner [kg/m2], nominal foil taken
    off, at `position` [m] from the centre; pairs (gauge, drive centre operator): thickness behind the last nip of each side,
    then of the electrode [m]; loads (gauge): measured force of the nip before each of them [N]; speed of the line [m/s] and
    its metres in this tick; level of the hopper bed per side [1];
    moving: whether the line makes film; settled: whether the start has been worked off; flows (side): weighed flow of the
    metering [kg/s]; nip_speeds (side): surface speed of the powder nip [m/s].
    """

    profiles: Array
    coating: float
    position: float
    pairs: Array
    loads: Array
    speed: float
    metres: float
    bed_levels: tuple[float | None, ...]
    moving: bool
    settled: bool
    flows: Array
    nip_speeds: Array


class References(NamedTuple):
    """What metering and nips are to do.

    rates (side): metering rate over that of the set-up [1]; bed_gaps: gap [m] of the first nip of each side with a hopper
    bed; segments (side, segment): trims of the distribution [1]; nips (acting nip, quantity): tilt [m], bending force
    [N], correction of the gap [m]; ratios (nip): speed ratio over that of the set-up [1], None where the controller leaves
    them alone.
    """

    rates: Array
    bed_gaps: tuple[float, ...]
    segments: Array
    nips: Array
    ratios: Array | None = None


class Measured(NamedTuple):
    """What the web is, for the verdicts on it; not a number where a tick did not see it.

    areal: of each side at its line gauge [kg/m2]; coating of both sides, smoothed [kg/m2]; thickness of the electrode [m].
    """

    areal: list[float]
    coating: float
    thickness: float


class QualityController(Protocol[S]):
    """Loops on the quality of the web; nominal figures only, what changes is in the state."""

    def start(self) -> tuple[S, References]:
        """State before the first tick, and the references of the set-up."""

    def step(self, state: S, sight: Sight) -> tuple[S, References, Measured]:
        """Advance by one tick; `state` stays as it is."""

    def loops(self) -> tuple[Loop, ...]:
        """Its loops, and where its state holds their outputs and modes."""

    def statuses(self, state: S) -> list[LoopStatus]:
        """Where its loops stand."""
