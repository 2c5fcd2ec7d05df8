"""Where the electricity of a run went: by station and by state, from the recorded powers.

Counted are the true powers of a twin (truth tags with unit W whose path ends in "power"), or where there are
none the measured ones. What no tag describes is not counted: the hall and its dry room, unless the line has a
tag for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dryline.records import signals
from dryline.records.run_folder import RunFolder

Floats = NDArray[np.float64]

JOULE_PER_KWH = 3.6e6

STATE_NAMES = (
    *("Unknown", "Clearing", "Stopped", "Starting", "Idle", "Suspended", "Execute", "Stopping", "Aborting"),
    *("Aborted", "Holding", "Held", "Unholding", "Suspending", "Unsuspending", "Resetting", "Completing"),
    "Completed",
)
"""PackML 2022 states by number."""


@dataclass(frozen=True)
class Energy:
    """Electricity of a run [kWh], in all, by station and by state; only what used any appears."""

    kwh: float
    by_station: dict[str, float]
    by_state: dict[str, float]


def durations(time: Floats) -> Floats:
    """Time [s] that each tick stands for; the first counts like the second."""
    steps = np.diff(time)
    first = steps[:1] if steps.size else np.zeros(time.size)
    return np.concatenate((first, steps))


def energy(run: RunFolder) -> Energy:
    """Integrate the powers of a recorded run."""
    powers = power_columns(run)
    if not powers:
        return Energy(0.0, {}, {})
    values = signals.read(run, ["time", "state", *powers])
    steps = durations(values["time"])
    by_station: dict[str, float] = {}
    total = np.zeros(steps.size)
    for name in powers:
        watts = np.nan_to_num(values[name].reshape(steps.size, -1).sum(axis=1))
        station = name.split("/")[1]
        by_station[station] = by_station.get(station, 0.0) + float(watts @ steps) / JOULE_PER_KWH
        total += watts
    states = values["state"].astype(int)
    by_state = {
        STATE_NAMES[state]: float(total[states == state] @ steps[states == state]) / JOULE_PER_KWH
        for state in np.unique(states).tolist()
    }
    return Energy(float(total @ steps) / JOULE_PER_KWH, by_station, by_state)


def power_columns(run: RunFolder) -> list[str]:
    """Names of the columns that hold the powers of a run."""
    found = [c for c in signals.columns(run) if c.unit == "W" and c.name.endswith("power")]
    truth = [c.name for c in found if c.kind == "truth"]
    return truth or [c.name for c in found if c.kind == "reading"]
