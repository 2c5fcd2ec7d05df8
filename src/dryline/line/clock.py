"""Clocks of the loop: virtual (as fast as possible) and paced (a factor of real time, with missed deadlines)."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """What the loop waits on after each tick."""

    def wait(self, tick: float) -> None:
        """Wait until the next tick [s of plant time] is due."""


class VirtualClock:
    """Never waits."""

    def wait(self, tick: float) -> None:
        """Go on at once."""


class PacedClock:
    """Runs `pace` times as fast as real time; counts the deadlines that were missed and the worst delay [s]."""

    def __init__(self, pace: float = 1.0) -> None:
        if not pace > 0.0:
            raise ValueError(f"pace {pace} must be positive")
        self.pace = pace
        self.missed = 0
        self.worst = 0.0
        self._due: float | None = None

    def wait(self, tick: float) -> None:
        """Sleep until the tick is due; a late tick is counted and not made up for."""
        now = time.monotonic()
        due = (self._due if self._due is not None else now) + tick / self.pace
        if now > due:
            self.missed += 1
            self.worst = max(self.worst, now - due)
            due = now
        else:
            time.sleep(due - now)
        self._due = due
