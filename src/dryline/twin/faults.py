"""Faults of sensors that a disturbance set declares, put into the twin at their time."""

from __future__ import annotations

import math

import numpy as np

from dryline.line.disturbances import Disturbances, SensorFault
from dryline.line.load import InputError
from dryline.line.schema import Line
from dryline.line.tags import TICK, TagTable
from dryline.twin.state import Array, Twin

OF_DRIVES = ("position", "force")
"""Signals that the drive of a nip uses itself: their faults go into the drive, not only into what control reads."""


SIDES = {None: slice(0, 2), "drive": slice(0, 1), "operator": slice(1, 2)}


class Faults:
    """The faults of a run; `held` (value) keeps what frozen readings show."""

    def __init__(self, line: Line, readings: TagTable, d: Disturbances, held: Array, twin: Twin) -> None:
        """Raises InputError where a fault names no reading, or a kind that its signal cannot have."""
        self._held, self._twin = held, twin
        names = [nip.name for nip in line.nips]
        self._of_drives: list[tuple[SensorFault, int, str]] = []
        self._of_readings: list[tuple[SensorFault, slice]] = []
        for number, fault in enumerate(d.faults):
            station, _, what = fault.signal.partition("/")
            if fault.signal not in readings.paths:
                path, text = f"faults[{number}].signal", f"there is no reading {fault.signal!r}; `dryline tags` lists them"
                raise InputError("disturbances", None, path, text)
            if station in names and what in OF_DRIVES:
                self._of_drives.append((fault, names.index(station), what))
            else:
                self._of_readings.append((fault, readings.slice(fault.signal)))

    def __bool__(self) -> bool:
        return bool(self._of_drives or self._of_readings)

    def to_drives(self, tick: int) -> None:
        """Sensors of the drives in the coming tick."""
        time, nip_in = tick * TICK, self._twin.nip_in
        for fault, k, what in self._of_drives:
            now = fault.begin <= time < fault.begin + fault.time
            sides = SIDES[fault.side]
            if what == "force":
                nip_in["drift"][k, sides] = _size(fault, time) if now else 0.0
            elif fault.kind == "stuck":
                nip_in["stuck"][k, sides] = float(now)
            else:
                nip_in["jumped"][k, sides] = (math.nan if fault.kind == "silent" else _size(fault, time)) if now else 0.0

    def to_readings(self, tick: int, values: Array) -> None:
        """Readings of a tick as faulty sensors show them."""
        time = tick * TICK
        for fault, place in self._of_readings:
            if not fault.begin <= time < fault.begin + fault.time:
                self._held[place] = values[place]
            elif fault.kind == "stuck":
                values[place] = self._held[place]
            elif fault.kind == "silent":
                values[place] = np.nan
            else:
                values[place] += _size(fault, time)


def _size(fault: SensorFault, time: float) -> float:
    """Error of a sensor that has jumped, or that drifts until now."""
    return fault.size * (time - fault.begin) / 60.0 if fault.kind == "drift" else fault.size
