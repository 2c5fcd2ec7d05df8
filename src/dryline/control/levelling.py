"""Levelling of the nips without a thickness gauge: their tilt is moved until both sides carry the same force.

A film that comes in even is pressed harder where the gap is narrower, so the difference of the forces of both sides tells the
tilt of the loaded gap. With chocks that stand `tilt` apart (operator less drive) over the bearing distance L_b, a film of width
b whose force answers with Q b per metre of gap, and housings of stiffness K::

    F_o - F_d = -Q b b^2/(6 L_b) s,   s = (tilt/L_b)/(1 + Q b b^2/(3 K L_b^2))

A slow integral; nips in front of a gauge are levelled by the film (`thickness`). Source: moment balance of a stand, textbook;
valid for small tilts of an even film. What the load cells differ by stays in the tilt.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dryline.control.estimates import moved, smoothed
from dryline.control.events import LoopStatus, mode_of
from dryline.control.modes import Loop, Place
from dryline.control.rows import Rows, rows_of
from dryline.kernel import kernel, record

_f, _b = np.float64, np.bool_


@dataclass(frozen=True)
class LevellingParameters:
    """Tuning (assumed): closed-loop `time` and `smoothing` of the forces [s]; `tilt_range` [m], `tilt_rate` [m/s] at the chocks;
    a film is in the nip when each side carries `film_share` [1] of half the nominal force.
    """

    gain_factor: float = 1.0
    time: float = 40.0
    smoothing: float = 10.0
    tilt_range: float = 30e-6
    tilt_rate: float = 0.5e-6
    film_share: float = 0.5


@dataclass(frozen=True)
class LevelPlan:
    """A nip in gap mode without a gauge: `force` of its set-up [N] and `response` d(F_o - F_d)/d(tilt) [N/m], negative."""

    nip: str
    force: float
    response: float


LEVEL = record(
    ("force", _f),
    ("response", _f),
    ("gain_factor", _f),
    ("time", _f),
    ("smoothing", _f),
    ("tilt_range", _f),
    ("tilt_rate", _f),
    ("film_share", _f),
)
LEVEL_STATE = record(("tilt", _f), ("skew", _f), ("held", _b), ("limited", _b), ("manual", _b))


def level_response(film_stiffness: float, width: float, bearing_distance: float, housing: float) -> float:
    """d(F_o - F_d)/d(tilt of the chocks) [N/m]; film_stiffness -dq/dS [N/m2], film width and bearing distance [m], stiffness of
    the housing, both sides together [N/m].
    """
    film = film_stiffness * width * width**2
    slope = 1.0 / bearing_distance / (1.0 + film / (3.0 * housing * bearing_distance**2))
    return -film / (6.0 * bearing_distance) * slope


@kernel
def _tick(plans: Rows, last: Rows, now: Rows, forces: NDArray[np.float64], running: bool, dt: float) -> None:
    """Advance every nip with the forces of both sides (nip, side) [N]; a missing force holds, and so does a nip without film."""
    for k in range(len(plans)):
        p, row = plans[k], now[k]
        row.tilt, row.skew, row.held, row.limited, row.manual = last[k].tilt, last[k].skew, True, False, last[k].manual
        drive, operator = forces[k, 0], forces[k, 1]
        if not running or not min(drive, operator) > 0.5 * p.film_share * p.force:
            continue
        row.held = False
        row.skew = smoothed(last[k].skew, operator - drive, dt, p.smoothing)
        if row.manual:
            continue
        wanted = row.tilt - p.gain_factor * dt / p.time * row.skew / p.response
        row.tilt, row.limited = moved(row.tilt, wanted, p.tilt_rate * dt, -p.tilt_range, p.tilt_range)


class Levelling:
    """The levelling of a line; state: one row of `LEVEL_STATE` a nip without gauge."""

    def __init__(self, plans: tuple[LevelPlan, ...], parameters: LevellingParameters) -> None:
        self._plans, self._p = plans, parameters
        self._rows = rows_of(LEVEL, *((plan, parameters) for plan in plans))

    def start(self) -> Rows:
        """Level by the zeroing."""
        found = np.zeros(len(self._rows), LEVEL_STATE)
        found["held"] = True
        return found

    def step(self, last: Rows, forces: NDArray[np.float64], running: bool, dt: float) -> Rows:
        """Advance by one tick; forces (nip, side) [N], running: the line makes film."""
        now = np.empty(len(self._rows), LEVEL_STATE)
        _tick(self._rows, last, now, forces, running, dt)
        return now

    def loops(self, speed: float) -> tuple[Loop, ...]:
        """The loops at a line speed [m/s]."""
        p, mode = self._p, mode_of(self._p.gain_factor)
        return tuple(
            Loop(
                f"{plan.nip} level", mode, "force, operator - drive side", "N", "tilt", "m", -p.tilt_range, p.tilt_range,
                plan.response, 0.0, p.smoothing, p.time * speed, Place((), k, "manual"), Place((), k, "tilt"),
            )
            for k, plan in enumerate(self._plans)
        )  # fmt: skip

    def statuses(self, state: Rows) -> list[LoopStatus]:
        """Force difference and tilt of each nip."""
        return [loop.row_status(state, 0.0, row, "skew") for loop, row in zip(self.loops(1.0), state, strict=True)]
