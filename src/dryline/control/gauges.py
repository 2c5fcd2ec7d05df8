"""What the gauges say of the web: a gauge counts once the film of this start has reached it, and while no tape passes it."""

from __future__ import annotations

from math import nan

import numpy as np

from dryline.control.estimates import mean_of
from dryline.control.parameters import Parameters
from dryline.control.plan import Plan
from dryline.control.quality import Sight
from dryline.control.rolls import RollState, tape_passes
from dryline.control.sequence import BROKEN, PRODUCING, RAMPING_DOWN, SequenceState, State
from dryline.control.signals import Frame, row
from dryline.control.wiring import ReadingPlaces
from dryline.line.schema import Line

MARGIN = 0.5
"""Film that has passed a gauge before it counts [m] (assumed)."""
MAKING_FILM = PRODUCING | RAMPING_DOWN - BROKEN


class Gauges:
    """Places of the gauges of a line in the readings and along the web."""

    def __init__(self, line: Line, plan: Plan, at: ReadingPlaces, p: Parameters) -> None:
        """Gauges of `line`, read at the places `at`."""
        self._plan, self._at, self._p = plan, at, p
        self._pixels = np.array(
            [range(place.start, place.stop)[side.kept] for place, side in zip(at.profiles, plan.profiles, strict=True)]
        )
        self._pairs = np.array([range(place.start, place.stop) for place in at.pairs])
        self._loads = np.array([range(place.start, place.stop) for place in at.loads])
        self._sides = len(self._pixels)
        self._farthest = max(plan.gauge_paths)
        self._foil = sum(foil.thickness * foil.density for foil in line.of_kind("foil_unwinder"))
        self._scan_reach = 0.5 * (line.web.kept_width - line.of_kind("scanner")[0].spot)
        self._blind_levels: tuple[float | None, ...] = (None,) * self._sides
        self._beds = any(place is not None for place in at.bed_levels)

    def sight(self, frame: Frame, sequence: SequenceState, rolls: RollState, speed: float) -> Sight:
        """What a quality controller may see in this tick."""
        at, numbers, state = self._at, frame.numbers, sequence.state
        profiles, pairs = frame.believed.take(self._pixels), frame.believed.take(self._pairs)
        loads = frame.believed.take(self._loads).sum(axis=1)
        position = numbers[at.scanner_position]
        coating = nan if position is None or abs(position) > self._scan_reach else self._coating(frame)
        moving = state in MAKING_FILM
        passed = sequence.threaded - MARGIN
        if not moving or passed <= self._farthest or rolls.since is not None:
            there = self._there(moving, passed, rolls)
            profiles[~there[: self._sides]] = nan
            pairs[~there[:-1]] = nan
            coating = coating if there[-1] else nan
        levels = self._blind_levels
        if self._beds:
            levels = tuple([None if place is None else numbers[place] for place in at.bed_levels])
        settled = state is State.EXECUTE and sequence.since > self._p.settling
        where = nan if position is None else position
        flows, speeds = frame.believed.take(at.metering_flow), frame.believed.take(at.powder_nips)
        return Sight(
            profiles, coating, where, pairs, loads, speed, speed * self._p.tick, levels, moving, settled, flows, speeds
        )

    def _there(self, moving: bool, passed: float, rolls: RollState) -> np.ndarray:
        """Which gauges count: sides, electrode thickness, scanner."""
        plan = self._plan
        there = np.array([moving and passed > path for path in plan.gauge_paths])
        for k, behind in zip((-2, -1), plan.foil_gauges, strict=True):
            there[k] &= not tape_passes(plan.rolls, rolls, behind, self._p.rolls.blind)
        return there

    def _coating(self, frame: Frame) -> float:
        """Coating of both sides under the scanner [kg/m2], nominal foil taken off."""
        boxes = row(frame, self._at.scanner_boxes)
        mean = None if boxes is None else mean_of(boxes)
        return nan if mean is None else mean - self._foil
