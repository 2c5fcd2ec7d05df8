"""What the controller remembers from tick to tick: one plain value."""

from __future__ import annotations

from typing import Any, NamedTuple

from dryline.control.alarms import AlarmState
from dryline.control.events import Event
from dryline.control.feeding import FeedingState
from dryline.control.fibrillation import FibrillationState
from dryline.control.off_spec import OffSpecState
from dryline.control.product import ProductState
from dryline.control.recovery import RecoveryState, at_rest
from dryline.control.rolls import RollState
from dryline.control.rows import Rows
from dryline.control.sequence import SequenceState
from dryline.line.machine import Commands


class ControlState(NamedTuple):
    """Everything the controller remembers; sides in the order of the film gauges."""

    sequence: SequenceState
    quality: Any
    """Of the kind of the line's quality controller."""
    feeding: FeedingState
    fibrillation: FibrillationState
    levelling: Rows
    alarms: AlarmState
    product: ProductState
    off_spec: OffSpecState
    recovery: RecoveryState
    rolls: RollState
    speed: float
    events: tuple[Event, ...]
    commands: Commands
    told: tuple[Event, ...] = ()
    """Changes of modes and outputs by hand, for the events of the next tick."""

    @property
    def resting(self) -> bool:
        """Whether the line rests and control will not lead it on by itself."""
        return at_rest(self.sequence, self.recovery, bool(self.rolls.standing))
