"""Speed drives: ramp of the line speed with a rate limit, and the lag of a speed loop."""

from __future__ import annotations

from dryline.kernel import exp, law


@law
def approach(value: float, target: float, most: float) -> float:
    """Move a value towards its target by at most `most` (same unit); used for the line-speed ramp in every step."""
    return value + min(max(target - value, -most), most)


@law
def lag_share(dt: float, lag: float) -> float:
    """Share of the way to its target that a first-order lag [s] goes in a step dt [s]: 1 - exp(-dt/lag)."""
    return 1.0 - exp(-dt / lag)
