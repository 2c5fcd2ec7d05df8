"""Modes of the loops: every loop says where in the state its output and its mode stand, so an operator can take it over and
hand it back while the line runs.

A loop in manual goes on looking, but leaves its output where it is. Back in auto it goes on from there: a loop in velocity form
has no other memory than its output, and one whose output is computed anew in each tick goes over to what it wants in a straight
line over its closed-loop length (`estimates.handed_over`). A state that was handed out is never written to.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dryline.control.events import LoopStatus, limit_of
from dryline.control.rows import Record, known

SLOWER = 4.0
"""A closed-loop length of more than so many delays is not set by the delay (SIMC: 2, the gap loops: 3; decided)."""
MANUAL = "manual"


class ModeError(ValueError):
    """A mode or an output that a loop cannot take."""


class Place(NamedTuple):
    """Where a value stands in a state: attributes down to an array, its row, and the field of the row (None: the whole row); or
    attributes alone, where `row` is None.
    """

    path: tuple[str, ...]
    row: int | None = None
    field: str | None = None

    def under(self, name: str) -> Place:
        """The same place in a state that holds this one as `name`."""
        return self._replace(path=(name, *self.path))

    def of(self, state: Any) -> Any:
        """Value in `state`."""
        for name in self.path:
            state = getattr(state, name)
        if self.row is None:
            return state
        return state[self.row] if self.field is None else state[self.field][self.row]

    def put(self, state: Any, value: Any) -> Any:
        """`state` with another value; what was given stays as it is."""
        if self.path:
            name, *rest = self.path
            return state._replace(**{name: self._replace(path=tuple(rest)).put(getattr(state, name), value)})
        if self.row is None:
            return value
        rows = state.copy()
        (rows if self.field is None else rows[self.field])[self.row] = value
        return rows


@dataclass(frozen=True)
class Loop:
    """A loop of the line: what it `measures` [`seen`] and `moves` [`unit`], nominal figures, and where the state has it.

    `closed`: its mode when it is closed (auto, cascade, gap, force), manual where it never is; `low`, `high`: range of the
    output; `gain` [`seen`/`unit`]; `delay` [line metres] and `lag` [s] of the plant, `sampling` [s] from a move to the first
    reading that can show it; `closed_loop_length` [m of web at rated
    speed], None where a filter decides. The output is `offset` + `scale` times what the state holds; None: nothing can be
    set. `nearest` of a profile: the segment that each one follows. `fixed`: why its mode cannot be changed.
    """

    name: str
    closed: str
    measures: str
    seen: str
    moves: str
    unit: str
    low: float
    high: float
    gain: float
    delay: float
    lag: float
    closed_loop_length: float | None
    mode_at: Place
    output_at: Place | None
    offset: float = 0.0
    scale: float = 1.0
    nearest: NDArray[np.intp] | None = None
    fixed: str = ""
    sampling: float = 0.1

    def under(self, name: str) -> Loop:
        """The same loop in a state that holds its own as `name`."""
        output = None if self.output_at is None else self.output_at.under(name)
        return replace(self, mode_at=self.mode_at.under(name), output_at=output)

    @property
    def bound(self) -> str:
        """What sets its speed: its delay, or noise, where it is slower than the delay asks for; nothing of one that is fixed."""
        if self.fixed:
            return ""
        return "delay" if self.closed_loop_length is not None and self.closed_loop_length <= SLOWER * self.delay else "noise"

    def mode(self, state: Any) -> str:
        """Mode in `state`."""
        return MANUAL if self.mode_at.of(state) else self.closed

    def output(self, state: Any) -> Any:
        """Output in `state` [`unit`]; not a number where there is none."""
        return np.nan if self.output_at is None else self.offset + self.scale * self.output_at.of(state)

    def with_mode(self, state: Any, mode: str) -> Any:
        """`state` with the loop in another mode; ModeError where it cannot be."""
        known_modes = tuple(dict.fromkeys((MANUAL, "auto", self.closed)))
        if mode not in known_modes:
            raise ModeError(f"{self.name}: there is no mode {mode!r}; give {' or '.join(known_modes)}{near(mode, known_modes)}")
        if self.fixed:
            raise ModeError(f"{self.name}: {self.fixed}")
        if mode != MANUAL and self.closed == MANUAL:
            raise ModeError(f"{self.name}: its gain is zero, it stays in manual; choose another control.quality")
        return self.mode_at.put(state, mode == MANUAL)

    def with_output(self, state: Any, value: ArrayLike) -> Any:
        """`state` with another output [`unit`] of a loop in manual; ModeError where it cannot be.

        A profile takes a trim for each segment; their mean is taken out, and segments out of sight follow the nearest in sight.
        """
        if self.output_at is None or self.fixed:
            raise ModeError(f"{self.name}: {self.fixed or 'it corrects an estimate and has no output of its own'}")
        if self.mode(state) != MANUAL:
            raise ModeError(f"{self.name}: it is in {self.mode(state)}; set its mode to manual before its output")
        wanted, kept = np.asarray(value, dtype=float), self.output_at.of(state)
        if wanted.shape != np.shape(kept):
            raise ModeError(f"{self.name}: give {np.size(kept)} value(s), not {wanted.size}")
        if not np.all((wanted >= self.low) & (wanted <= self.high)):
            raise ModeError(f"{self.name}: {value!r} is out of its range, {self.low:.6g} to {self.high:.6g} {self.unit}")
        if self.nearest is not None:
            wanted = wanted[self.nearest]
            wanted = wanted - wanted[self.nearest == np.arange(len(wanted))].mean()
        taken = (wanted - self.offset) / self.scale
        return self.output_at.put(state, taken if taken.ndim else float(taken))

    def status(self, state: Any, set_point: float, measurement: float, held: bool, limited: bool, bound: str = "") -> LoopStatus:
        """Where the loop stands; `bound` in place of its own where its state says more than its plan."""
        output, mode = self.output(state), self.mode(state)
        shown = float(np.max(np.abs(output))) if np.ndim(output) else float(output)
        limit = "" if mode == MANUAL else limit_of(held, limited, bound or self.bound)
        return LoopStatus(
            self.name, mode, float(set_point), known(measurement), shown, self.unit, bool(held), bool(limited), limit
        )

    def row_status(self, state: Any, set_point: float, row: Record, measured: str, limited: str = "limited") -> LoopStatus:
        """The same from the row of its state that holds what it has measured."""
        return self.status(state, set_point, row[measured], row["held"], row[limited])


def near(name: str, names: tuple[str, ...]) -> str:
    """A question after the nearest of `names`, nothing where none is near."""
    found = difflib.get_close_matches(name, names, 2)
    return f"; did you mean {' or '.join(map(repr, found))}?" if found else ""


def loop_named(loops: tuple[Loop, ...], name: str) -> Loop:
    """The loop of that name; ModeError with near names where there is none."""
    for loop in loops:
        if loop.name == name:
            return loop
    names = tuple(loop.name for loop in loops)
    raise ModeError(f"there is no loop {name!r}{near(name, names) or '; the loops are ' + ', '.join(names)}")
