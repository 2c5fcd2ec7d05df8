"""Energy of a run, integrated from its recorded powers: by station, carrier and state, and what good electrode is charged with.

Counted are the columns that say by which carrier they are bought: the true powers of a twin, or where there are none the
measured ones. A run of a version that did not say it counts every power in W, as electricity, those of a chiller apart. What no
column holds is not counted: a record of a real line without a meter of its hall has no hall.

    E(station, carrier, state) = sum over the ticks of P dt
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dryline.records import signals
from dryline.records.run_folder import RunFolder
from dryline.records.signals import Column

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

JOULE_PER_KWH = 3.6e6
AT_ONCE = 8
"""Columns that are read together."""

STATE_NAMES = (
    *("Unknown", "Clearing", "Stopped", "Starting", "Idle", "Suspended", "Execute", "Stopping", "Aborting"),
    *("Aborted", "Holding", "Held", "Unholding", "Suspending", "Unsuspending", "Resetting", "Completing"),
    "Completed",
)
"""PackML 2022 states by number."""

PARTS = ("good", "scrap", "start_stop", "heat_up", "idle", "stopped")
"""What a run spent its energy on; all of it is charged to good electrode."""

PART_OF = (
    dict.fromkeys(("Resetting",), "heat_up")
    | dict.fromkeys(("Idle", "Held", "Suspended", "Suspending", "Unsuspending"), "idle")
    | dict.fromkeys(("Unknown", "Clearing", "Stopped", "Aborted", "Completed"), "stopped")
)
"""Part of the energy that is spent outside production, by state; threading and ramps, the other states, are start_stop."""


@dataclass(frozen=True)
class Use:
    """Energy that a station bought by a carrier in a state [kWh]."""

    station: str
    carrier: str
    state: str
    kwh: float


@dataclass(frozen=True)
class Energy:
    """Energy of a run: its uses, of which none is zero; and in production and outside of it by part of `PARTS` [kWh]."""

    uses: tuple[Use, ...] = ()
    in_production: float = 0.0
    outside: dict[str, float] | None = None

    @property
    def kwh(self) -> float:
        """All of it [kWh]."""
        return sum(use.kwh for use in self.uses)

    @property
    def by_station(self) -> dict[str, float]:
        """By station [kWh]."""
        return _summed((use.station, use.kwh) for use in self.uses)

    @property
    def by_carrier(self) -> dict[str, float]:
        """By carrier [kWh]."""
        return _summed((use.carrier, use.kwh) for use in self.uses)

    @property
    def by_state(self) -> dict[str, float]:
        """By PackML state [kWh]."""
        return _summed((use.state, use.kwh) for use in self.uses)


def _summed(rows: Iterable[tuple[str, float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, kwh in rows:
        found[name] = found.get(name, 0.0) + kwh
    return found


def durations(time: Floats) -> Floats:
    """Time [s] that each tick stands for; the first counts like the second."""
    steps = np.diff(time)
    first = steps[:1] if steps.size else np.zeros(time.size)
    return np.concatenate((first, steps))


def energy(run: RunFolder, producing: Bools | None = None) -> Energy:
    """Integrate the powers of a recorded run; producing: True in the ticks of production, by default those of Execute."""
    columns = energy_columns(run)
    if not columns:
        return Energy()
    clock = signals.read(run, ["time", "state"])
    steps, states = durations(clock["time"]), clock["state"].astype(int)
    inside = states == STATE_NAMES.index("Execute") if producing is None else producing
    ticks = {state: np.where(states == state, steps, 0.0) for state in np.unique(states).tolist()}
    used: dict[tuple[str, str, str], float] = {}
    production, outside = 0.0, dict.fromkeys(PARTS[2:], 0.0)
    for begin in range(0, len(columns), AT_ONCE):
        group = columns[begin : begin + AT_ONCE]
        values = signals.read(run, [column.name for column in group])
        for column in group:
            watts = np.nan_to_num(values[column.name].reshape(steps.size, -1).sum(axis=1))
            station = column.name.split("/")[1]
            production += float((watts * inside) @ steps) / JOULE_PER_KWH
            for state, seconds in ticks.items():
                name = STATE_NAMES[state]
                kwh = float(watts @ seconds) / JOULE_PER_KWH
                key = (station, carrier_of(column), name)
                used[key] = used.get(key, 0.0) + kwh
                outside[PART_OF.get(name, "start_stop")] += kwh - float((watts * inside) @ seconds) / JOULE_PER_KWH
    uses = tuple(Use(*key, kwh) for key, kwh in used.items() if kwh != 0.0)
    return Energy(uses, production, outside)


def carrier_of(column: Column) -> str:
    """Carrier of a power; one that does not say is electricity, or that of a chiller by its name."""
    if column.carrier:
        return column.carrier
    return "chilled_water" if column.name.endswith("/cooling_power") else "electricity"


def energy_columns(run: RunFolder) -> list[Column]:
    """Columns that together are the energy a run bought, each part once."""
    powers = [c for c in signals.columns(run) if c.unit == "W" and c.name.endswith("power")]
    found = [c for c in powers if c.carrier] or powers
    return [c for c in found if c.kind == "truth"] or [c for c in found if c.kind == "reading"]


def power_columns(run: RunFolder) -> list[str]:
    """Names of `energy_columns`."""
    return [column.name for column in energy_columns(run)]
