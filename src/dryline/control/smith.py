"""Smith-PI: the PI monitor with the delay line as its predictor.

What the gauge shows is held against the trim that was sent with that web; the difference is what disturbed it. With the trim of
now in place of that of then, the loop sees the web as if the gauge stood at the powder nip, and may be as fast as the metering
and the shorter loop length allow.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from dryline.control.delay_line import cells_for, send, sent
from dryline.control.events import LoopStatus
from dryline.control.modes import Loop
from dryline.control.monitor import Monitor, MonitorState
from dryline.control.parameters import Parameters
from dryline.control.plan import Plan
from dryline.control.quality import Array, Measured, References, Sight
from dryline.kernel import kernel

SMITH_PITCH = 0.05
"""Cell of the delay line [m]."""
SHARE = 0.25
"""Loop length over the path to the gauge: what is left of the delay for the tuning rule (assumed)."""


class SmithState(NamedTuple):
    """Delay line of the trims (side, cell), place of the web that is laid now [m], the trims behind the lag of the metering [1]
    (side), and the state of the monitor.
    """

    ring: Array
    place: float
    metered: Array
    monitor: MonitorState


@kernel
def _predict(
    ring: Array, place: float, metres: float, paths: Array, trims: Array, kept: Array, metered: Array, profiles: Array, out: Array
) -> None:  # fmt: skip
    """Send the trims with the web of this tick, and show in `out` what the gauges would see of the web that is laid now."""
    for k in range(paths.size):
        metered[k] = trims[k] + (metered[k] - trims[k]) * kept[k]
        then = metered[k]
        if metres > 0.0:
            send(ring[k], place, metres, metered[k], SMITH_PITCH)
            then = sent(ring[k], place - paths[k], metres, SMITH_PITCH)
        for i in range(profiles.shape[1]):
            out[k, i] = profiles[k, i] * (1.0 + trims[k]) / (1.0 + then)


class SmithPI:
    """The Smith-PI of a line: the monitor's other loops stay as they are."""

    def __init__(self, plan: Plan, parameters: Parameters, areal_mass: float) -> None:
        """Loops for the nominal figures `plan` and the `areal_mass` of both sides [kg/m2]."""
        self._paths = np.array([side.path for side in plan.areal])
        self._kept = np.exp([-parameters.tick / side.lag for side in plan.areal])
        quick = tuple(replace(side, path=SHARE * side.path) for side in plan.areal)
        self._monitor = Monitor(replace(plan, areal=quick), parameters, areal_mass)
        self._cells = cells_for(float(self._paths.max()) + 1.0, SMITH_PITCH)

    def start(self) -> tuple[SmithState, References]:
        """No trim, nothing seen: the set-up."""
        monitor, references = self._monitor.start()
        sides = len(self._paths)
        return SmithState(np.zeros((sides, self._cells)), self._cells * SMITH_PITCH, np.zeros(sides), monitor), references

    def step(self, last: SmithState, sight: Sight) -> tuple[SmithState, References, Measured]:
        """Advance by one tick."""
        ring, metered, shown = last.ring.copy(), last.metered.copy(), np.empty_like(sight.profiles)
        _predict(
            ring, last.place, sight.metres, self._paths, np.ascontiguousarray(last.monitor.areal["trim"]), self._kept, metered,
            sight.profiles, shown,
        )  # fmt: skip
        monitor, references, measured = self._monitor.step(last.monitor, sight._replace(profiles=shown))
        measured = measured._replace(areal=sight.profiles.mean(axis=1).tolist())  # the web as it is, not as predicted
        return SmithState(ring, last.place + sight.metres, metered, monitor), references, measured

    def loops(self) -> tuple[Loop, ...]:
        """Those of the monitor; the gauges stand where they stand."""
        found = [loop.under("monitor") for loop in self._monitor.loops()]
        for k, path in enumerate(self._paths):
            found[k] = replace(found[k], delay=float(path))
        return tuple(found)

    def statuses(self, state: SmithState) -> list[LoopStatus]:
        """Where the loops stand."""
        return self._monitor.statuses(state.monitor)
