"""Line speed ramp. Nip speeds, tensions and metering are ratios to it and travel with the set-up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SpeedParameters:
    """Speeds [m/s] and ramps [m/s2] of the line (assumed: 2.5 (m/min)/s, so 60 m/min take 22 s from
    threading).
    """

    thread: float = 5.0 / 60.0
    ramp: float = 2.5 / 60.0
    stop_ramp: float = 2.5 / 60.0
    abort_ramp: float = 20.0 / 60.0


def ramped(speed: float, target: float, rate: float, dt: float) -> float:
    """Next line speed reference [m/s]: towards `target` by at most `rate` * `dt`."""
    return min(speed + rate * dt, target) if target >= speed else max(speed - rate * dt, target)
