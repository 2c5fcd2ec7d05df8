"""A plant's first months, and where the hours and the area of a year go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dryline.line.schema import Line
from dryline.studies.planning.electrode_line import YEAR, ElectrodeLine
from dryline.studies.planning.working_time import HOUR

Floats = NDArray[np.float64]
START_OEE = 0.5
"""OEE of a line in its first month; a line that ramps up has about 0.5 (assumed)."""
START_SCRAP = 0.25
"""Share of the cells or of their electrode that is scrap in the first month: 15-30 % early, about 10 % after five years
(Fraunhofer FFB 2024, second-hand).
"""
MONTHS = 9.0
"""Time constant of the ramp-up in months (assumed): 95 % of the way is done after about two years and a quarter."""
HORIZON = 36
"""Months shown."""


@dataclass(frozen=True)
class RampUp:
    """Month 1, 2, ...; OEE and yield in each; energy of the good cells made in it [J]."""

    month: Floats
    oee: Floats
    good: Floats
    energy: Floats


def ramp_up(
    line: ElectrodeLine, oee: float, *, months: float = MONTHS, start_oee: float = START_OEE, start_scrap: float = START_SCRAP
) -> RampUp:
    """Months of a line on its way to its OEE and its yields: x(t) = x_end - (x_end - x_start) exp(-t/months), mid-month.

    Raises ValueError where the time constant is not above zero.
    """
    if not months > 0.0:
        raise ValueError("the time constant of the ramp-up must be above zero")
    month = np.arange(1.0, HORIZON + 1.0)
    left = np.exp(-(month - 0.5) / months)
    end = float(np.mean(line.area_yield * line.cell_yield))
    reached = oee - max(oee - start_oee, 0.0) * left
    good = end - max(end - (1.0 - start_scrap), 0.0) * left
    full = float(np.mean(line.good_energy)) / 12.0
    return RampUp(month, reached, good, full * reached / oee * good / end)


class PlannedLoss(NamedTuple):
    """A loss of the year: group, name, time that it takes or would have taken at rated speed [s], and its share of the year."""

    group: str
    loss: str
    time_s: float
    share: float


def planned_losses(made: ElectrodeLine, line: Line | None) -> list[PlannedLoss]:
    """Where the year goes: not planned, heat-up, roll changes, splices, other stops and slow running, what is not good.

    line: gives length of rolls and time or scrap of their changes; None of a wet reference, whose rolls change as those of the
    dry line do and stand under the other stops. The times and the good time add up to the year.
    """
    calendar = made.calendar
    run, idle = float(np.mean(calendar.run)), float(np.mean(calendar.idle))
    good = float(np.mean(made.area_yield * made.cell_yield))
    area_loss = run * (1.0 - float(np.mean(made.area_yield)))
    cell_loss = run * float(np.mean(made.area_yield)) - run * good
    changes, splices, stood = _changes(made, line, run) if line is not None else (0.0, 0.0, 0.0)
    standing = min(stood, idle)
    rows = [
        ("availability", "not planned", float(np.mean(calendar.stop))),
        ("availability", "heat-up", float(np.mean(calendar.heat_up))),
        ("availability", "roll changes at standstill", standing),
        ("availability", "faults, cleaning, slow running", idle - standing),
        ("quality", "roll changes: ends of rolls", min(changes, area_loss)),
        ("quality", "splices of the foil", min(splices, max(area_loss - changes, 0.0))),
        ("quality", "start-up, off tolerance, slitting", max(area_loss - changes - splices, 0.0)),
        ("quality", "cells that fail", cell_loss),
    ]
    return [PlannedLoss(group, loss, time, time / YEAR) for group, loss, time in rows]


def _changes(made: ElectrodeLine, line: Line, run: float) -> tuple[float, float, float]:
    """Running time that roll ends and splices spoil, and time that changes at standstill take [s/year]."""
    metres = float(np.mean(made.speed)) * run
    spoiled = splices = stood = 0.0
    for winder in line.of_kind("winder"):
        number = metres / winder.roll_length
        spoiled += number * 2.0 * winder.change_scrap
        stood += number * winder.change_time if winder.change == "stop" else 0.0
    for unwinder in line.of_kind("foil_unwinder"):
        number = metres / unwinder.roll_length
        splices += number * (unwinder.splice_length + unwinder.path)
        stood += number * unwinder.change_time if unwinder.change == "stop" else 0.0
    speed = float(np.mean(made.speed))
    return spoiled / speed, splices / speed, stood


def hours(seconds: float) -> float:
    """Seconds in hours."""
    return seconds / HOUR
