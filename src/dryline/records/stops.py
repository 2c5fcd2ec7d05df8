"""Where the time of a run went that was not spent in production: every second booked once, by state and by cause.

Production is the PackML state Execute, and what follows it as long as product still reaches the winder. A stop
lasts from its first second outside production until the line is reset or restarted, and keeps its cause: the web
break, the alarm or the roll change that stood in the events when the stop began. Heating and threading afterwards
are losses of their own, with the stop they follow as cause.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dryline.records import signals
from dryline.records.energy import STATE_NAMES, durations
from dryline.records.events import Event
from dryline.records.gap import EXECUTE, production
from dryline.records.run_folder import RunFolder

Floats = NDArray[np.float64]

BEFORE, AFTER = 2.0, 0.5
"""An event this long [s] before or after the first second of a stop is its cause (assumed)."""

AT_RATED = 0.98
"""Share of rated speed from which the line is no longer threading (that of the start-up sequence)."""

HEAT_UP, THREADING, RAMP = "heat-up", "threading", "ramp"
BREAK, ROLL_CHANGE, ALARM, HOLD = "web break and repair", "roll change", "stop by alarm", "hold"
STOP_NAMES = {
    "Stopped": "stopped", "Idle": "idle", "Completed": "stopped", "Completing": "completing", "Stopping": "completing",
    "Suspending": "starved or blocked", "Suspended": "starved or blocked", "Unsuspending": "starved or blocked",
    "Resetting": HEAT_UP, "Unknown": "state not known",
}  # fmt: skip
"""Loss of the states that say it all themselves."""

CAUSED = frozenset({"Holding", "Held", "Aborting", "Aborted", "Clearing"})
"""States whose loss depends on what stopped the line."""

STARTS = frozenset({"Starting", "Unholding"})


@dataclass(frozen=True)
class Ticks:
    """What the losses need of every tick: time [s], PackML state, speed set and wound [m/s], and whether product is wound."""

    time: Floats
    state: NDArray[np.int64]
    speed_set: Floats
    speed: Floats
    product: NDArray[np.bool_]

    @property
    def seconds(self) -> Floats:
        """Time that each tick stands for [s]."""
        return durations(self.time)

    @property
    def producing(self) -> NDArray[np.bool_]:
        """True in production."""
        return np.asarray((self.state == EXECUTE) | self.product)


def read_ticks(run: RunFolder) -> Ticks:
    """Ticks of a recorded run. Without a measured speed of the winder the line is taken to run as it was set."""
    winders = [place["name"] for place in run.manifest["order"]["stations"] if place["kind"] == "winder"]
    known = {column.name for column in signals.columns(run)}
    names = [name for name in ("command/line/speed", *(f"reading/{name}/speed" for name in winders)) if name in known]
    values = signals.read(run, ["time", "state", *names])
    nothing = np.full(values["time"].size, np.nan)
    speed_set, speed = values[names[0]] if names else nothing, values[names[-1]] if names else nothing
    return Ticks(values["time"], values["state"].astype(np.int64), speed_set, speed, production(run))


@dataclass(frozen=True)
class Stop:
    """A stretch of ticks [begin, end) outside production: its loss, its cause, and the loss it followed."""

    begin: int
    end: int
    loss: str
    cause: str


def stretches(values: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Begin and end of every stretch of equal values."""
    if not values.size:
        return
    edges = np.flatnonzero(np.diff(values)) + 1
    yield from zip([0, *edges.tolist()], [*edges.tolist(), values.size], strict=True)


def stops(ticks: Ticks, events: Sequence[Event]) -> list[Stop]:
    """Every stretch outside production, in order; with production they fill the run."""
    found: list[Stop] = []
    stopped: tuple[str, str] | None = None  # loss and cause that last until the line is reset or restarted
    after = "start of the run"
    states = np.where(ticks.producing, EXECUTE, ticks.state)
    for begin, end in stretches(states):
        name = STATE_NAMES[int(states[begin])]
        if name == "Execute":
            stopped, after = None, "restart"
            continue
        if name in CAUSED:
            stopped = stopped or cause_of(float(ticks.time[begin]), name, events)
            after = f"after {stopped[0]}"
            found.append(Stop(begin, end, *stopped))
        elif name == "Stopped" and stopped is not None:
            found.append(Stop(begin, end, *stopped))
        elif name in STARTS:
            stopped = None
            at = begin + threading_ticks(ticks.speed_set[begin:end])
            found += [Stop(*span, after) for span in ((begin, at, THREADING), (at, end, RAMP)) if span[0] < span[1]]
        else:
            stopped = None if name == "Resetting" else stopped
            found.append(Stop(begin, end, STOP_NAMES[name], after if name == "Resetting" else name.lower()))
    return found


def threading_ticks(speed_set: Floats) -> int:
    """Ticks of a start until the line leaves its threading speed, the speed below rated that was set longest."""
    below = speed_set[speed_set < AT_RATED * np.nanmax(speed_set, initial=0.0)]
    speeds, counts = np.unique(below, return_counts=True)
    if not counts.size or counts.max() < 2:
        return int(speed_set.size)
    faster = np.flatnonzero(speed_set > speeds[np.argmax(counts)] * (1.0 + 1e-9))
    return int(faster[0]) if faster.size else int(speed_set.size)


def cause_of(time: float, state: str, events: Sequence[Event]) -> tuple[str, str]:
    """Loss and cause of a stop that began at `time` [s] with this state: a break before an alarm before a roll change."""
    near = [event for event in events if -BEFORE <= event.time - time <= AFTER]
    for event in near:
        if event.kind == "break":
            return BREAK, _said(event)
    for event in near:
        if event.kind == "alarm" and "web break" in event.message:
            return BREAK, _said(event)
    for event in near:
        if event.kind == "alarm":
            return ALARM, _said(event)
    for event in near:
        if event.kind == "change":
            return ROLL_CHANGE, _said(event)
    if any(event.kind == "roll" for event in near):
        return ROLL_CHANGE, "stop"
    return HOLD, "operator" if state in ("Holding", "Held") else "abort without alarm"


def _said(event: Event) -> str:
    return f"{event.source}: {event.message}" if event.message else event.source
