"""The gap loops of a line: correction, tilt and bending of the nip in front of each thickness gauge, all gauges in one kernel.

Whatever controls the areal mass, these stand beside it: thickness is made by the nip, mass by the metering.
"""

from __future__ import annotations

from math import nan

import numpy as np

from dryline.control.estimates import integral_gain
from dryline.control.events import LoopStatus, mode_of
from dryline.control.modes import Loop, Place
from dryline.control.parameters import Parameters
from dryline.control.plan import Plan
from dryline.control.quality import Array, Sight
from dryline.control.rows import Rows, rows_of
from dryline.control.thickness import GAP, GAP_STATE, GapPlan, ThicknessParameters, gap_step, start_gaps
from dryline.kernel import from_python, kernel

closed_gain = from_python(integral_gain)


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
        self._plans, self._p, self._speed = plan.gaps, parameters, plan.sequence.speed
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

    def loops(self) -> tuple[Loop, ...]:
        """Thickness, tilt and bending of the nip in front of each gauge; a gauge that moves nothing has no loops, but that of a
        nip in force mode, which its drive holds.
        """
        found: list[Loop] = []
        p, speed = self._p.thickness, self._speed
        for k, gap in enumerate(self._plans):
            if gap.acts:
                found += self._of(k, gap, p, speed)
            elif gap.mode == "force":
                found.append(
                    Loop(
                        f"{gap.nip} thickness", "force", "laser pairs, for show", "m", "nothing: the drive holds force", "m",
                        gap.gap, gap.gap, 0.0, gap.path, 0.0, None, Place((), k, "gap_manual"), None,
                        fixed="its drive holds the force of the set-up",
                    )
                )  # fmt: skip
        return tuple(found)

    def _of(self, k: int, gap: GapPlan, p: ThicknessParameters, speed: float) -> list[Loop]:
        """Loops of gauge k with its nip."""
        gain, pairs = p.gain_factor, "laser pairs"
        closed, bends = mode_of(gain), mode_of(gain if gap.bending_response else 0.0)
        shape, per = gap.path + p.smoothing, max(gain, 1e-9)
        length = 1.0 / (per * closed_gain(gap.path + p.sampling * speed, p.closed_loop))
        low, high = gap.gap + gap.correction_low, gap.gap + gap.correction_high

        def places(name: str, what: str) -> tuple[Place, Place]:
            return Place((), k, f"{name}_manual"), Place((), k, what)

        loops = [
            Loop(
                f"{gap.nip} thickness", mode_of(gain, "gap"), f"{pairs}, force", "m", "correction of the gap", "m",
                low, high, gap.response, gap.path, 0.0, length, *places("gap", "correction"), offset=gap.gap, sampling=p.sampling,
            ),
            Loop(
                f"{gap.nip} tilt", closed, f"outer {pairs}", "m", "tilt", "m", -p.tilt_range, p.tilt_range, gap.tilt_response,
                gap.path, 0.0, p.tilt_delays * shape / per, *places("tilt", "tilt"),
            ),
        ]  # fmt: skip
        if gap.bending_response:
            loops.append(
                Loop(
                    f"{gap.nip} bending", bends, f"{pairs}, centre - edges", "m", "bending force", "N", gap.bending_low,
                    gap.bending_high, gap.bending_response, gap.path, 0.0, p.bending_delays * shape / per,
                    *places("bending", "bending_force"),
                )
            )  # fmt: skip
        return loops

    def statuses(self, state: Rows) -> list[LoopStatus]:
        """Thickness, tilt and bending of each gauge."""
        found = []
        for loop in self.loops():
            k, what = loop.mode_at.row or 0, loop.name.rsplit(" ", 1)[1]
            measured = {"thickness": "thickness", "tilt": "wedge", "bending": "bow"}[what]
            limited = {"thickness": "gap_limited"}.get(what, f"{what}_limited")
            target = self._plans[k].target if what == "thickness" else 0.0
            found.append(loop.row_status(state, target, state[k], measured, limited))
        return found
