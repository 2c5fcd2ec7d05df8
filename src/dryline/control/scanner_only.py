"""PI loops on a line without line gauges: the scanner stands in for them.

Each tick shows the mean of both sides under the spot; it is taken for the areal mass of every side, and the profile is what the
spot saw when it was last at each place. The delay is that to the scanner. What goes back at the film knives is judged by the
line gauges all the same: they only do not move anything.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from dryline.control.events import LoopStatus
from dryline.control.modes import Loop
from dryline.control.plan import Plan
from dryline.control.quality import Array, Measured, QualityController, References, Sight
from dryline.kernel import kernel


class ScannerState(NamedTuple):
    """Coating over its target [1] as last seen at each kept pixel, and the state of the loops."""

    profile: Array
    inner: Any


@kernel
def _look(profile: Array, coating: float, low: float, high: float, out: Array, targets: Array) -> None:
    """Put what the spot sees on the pixels from `low` to `high` of `profile`; fill the profiles of all sides."""
    mean = 0.0
    for i in range(profile.size):
        if low <= i + 0.5 <= high:
            profile[i] = coating
        mean += profile[i] / profile.size
    for k in range(out.shape[0]):
        for i in range(profile.size):
            out[k, i] = targets[k] * coating * (1.0 + profile[i] - mean)


def behind_scanner(plan: Plan, path: float) -> Plan:
    """The same line with every gauge of areal mass where the scanner stands, `path` [line metres] behind the powder nips."""
    areal = tuple(replace(side, path=path) for side in plan.areal)
    return replace(plan, areal=areal, profiles=tuple(replace(profile, path=path) for profile in plan.profiles))


class ScannerOnly:
    """Loops behind line gauges, fed by the scanner alone."""

    def __init__(self, inner: QualityController[Any], plan: Plan, areal_mass: float, spot: float, kept_width: float) -> None:
        """Loops `inner` of a `plan` that is `behind_scanner`; coating of both sides [kg/m2], spot and kept width [m]."""
        self._inner, self._areal_mass = inner, areal_mass
        self._targets = np.array([side.target for side in plan.areal])
        self._pixels = plan.profiles[0].to_segments.shape[1]
        self._per_metre, self._half = self._pixels / kept_width, 0.5 * spot

    def start(self) -> tuple[ScannerState, References]:
        """Nothing seen: a flat profile."""
        inner, references = self._inner.start()
        return ScannerState(np.ones(self._pixels), inner), references

    def step(self, state: ScannerState, sight: Sight) -> tuple[ScannerState, References, Measured]:
        """Advance by one tick."""
        profile, profiles = state.profile, np.full((len(self._targets), self._pixels), np.nan)
        if np.isfinite(sight.coating + sight.position):
            profile = profile.copy()
            low, high = (
                (sight.position + sign * self._half) * self._per_metre + 0.5 * self._pixels for sign in (-1.0, 1.0)
            )
            _look(profile, sight.coating / self._areal_mass, low, high, profiles, self._targets)
        inner, references, measured = self._inner.step(state.inner, sight._replace(profiles=profiles))
        measured = measured._replace(areal=sight.profiles.mean(axis=1).tolist())  # the knives trust the line gauges
        return ScannerState(profile, inner), references, measured

    def loops(self) -> tuple[Loop, ...]:
        """Those inside, with the scanner in place of the line gauges."""
        return tuple(
            replace(loop, measures=loop.measures.replace("line gauge", "scanner")).under("inner") for loop in self._inner.loops()
        )

    def statuses(self, state: ScannerState) -> list[LoopStatus]:
        """Where the loops stand."""
        return self._inner.statuses(state.inner)
