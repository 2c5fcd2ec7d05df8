"""The gap loops of a line: correction, tilt and bending of the nip in front of each thickness gauge, all gauges in one kernel.

Whatever controls the areal mass, these stand beside it: thickness is made by the nip, mass by the metering.
"""

from __future__ import annotations

from math import nan

import numpy as np

from dryline.control.events import LoopStatus, mode_of
from dryline.control.parameters import Parameters
from dryline.control.plan import Plan
from dryline.control.quality import Array, Sight
from dryline.control.rows import Rows, row_status, rows_of
from dryline.control.thickness import GAP, GAP_STATE, gap_step, start_gaps
from dryline.kernel import kernel


@kernel
def _tick(gauges: Rows, last: Rows, now: Rows, pairs: Array, loads: Array, speed: float, dt: float, nips: Array) -> None:
    """Advance every gauge; fill its row and the references of the nip in front of it."""
    acting = 0
    for k in range(len(gauges)):
        row = now[k]
        gap_step(gauges[k], last[k], row, pairs[k, 0], pairs[k, 1], pairs[k, 2], loads[k], speed, dt)
        if gauges[k].acts:
            nips[acting, 0], nips[acting, 1], nips[acting, 2] = row.tilt, row.bending_force, row.correction
            acting += 1


class GapLoops:
    """Gap loops of a line; state: one row of `GAP_STATE` a gauge, sides, then electrode."""

    def __init__(self, plan: Plan, parameters: Parameters) -> None:
        self._plans, self._p = plan.gaps, parameters
        self._gauges = rows_of(GAP, *((gap, parameters.thickness) for gap in plan.gaps))
        self._acting = sum(gap.acts for gap in plan.gaps)

    def start(self) -> tuple[Rows, Array]:
        """No correction, nothing seen, and the references of the nips that act (nip, quantity)."""
        nips = np.array([(0.0, gap.bending_force, 0.0) for gap in self._plans if gap.acts]).reshape(-1, 3)
        return start_gaps(self._plans), nips

    def step(self, last: Rows, sight: Sight) -> tuple[Rows, Array, float]:
        """Advance by one tick: state, references of the nips that act, thickness of the electrode [m] where it is seen."""
        now, nips = np.empty(len(self._gauges), GAP_STATE), np.empty((self._acting, 3))
        _tick(self._gauges, last, now, sight.pairs, sight.loads, sight.speed, self._p.tick, nips)
        electrode = now[-1]
        return now, nips, nan if electrode["held"] else float(electrode["thickness"])

    def statuses(self, state: Rows) -> list[LoopStatus]:
        """Thickness, tilt and bending of each gauge."""
        found, closed = [], self._p.thickness.gain_factor
        for gap, now in zip(self._plans, state, strict=True):
            mode, bending = mode_of(closed), mode_of(closed if gap.bending_response else 0.0)
            moved, output = mode_of(closed, "gap"), gap.gap + now["correction"]
            found += [
                row_status(f"{gap.nip} thickness", moved, gap.target, now, "thickness", output, "m", "gap_limited"),
                row_status(f"{gap.nip} tilt", mode, 0.0, now, "wedge", now["tilt"], "m", "tilt_limited"),
                row_status(f"{gap.nip} bending", bending, 0.0, now, "bow", now["bending_force"], "N", "bending_limited"),
            ]
        return found
