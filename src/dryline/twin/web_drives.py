"""Unwinder and winder of the twin: rolls that shrink and grow, brake and dancer, splices of the foil.

The foil is far stiffer than the dancer, so the dancer's place follows from the web given and taken, and the tension from
its equation of motion (`dancer.driven_tension`). Dancer 1 Hz, damping 0.5, 40 kg, stroke 0.2 m to either side; shaft and
core 2 kg m2; bearings 0.05 N m s; splice transient as in `process.winding`: assumed.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from dryline.drives.unwinder import brake_torque
from dryline.kernel import kernel, law
from dryline.line.disturbances import Disturbances
from dryline.line.schema import Line
from dryline.line.setup import SetUp
from dryline.line.tags import TICK
from dryline.mechanics import wound_roll
from dryline.mechanics.dancer import driven_tension
from dryline.mechanics.wound_roll import out_of_round, roll_acceleration, roll_inertia, roll_radius
from dryline.process.winding import WEB_DRIVE_LOSS, Splice, splice_tension, splice_thickness
from dryline.twin.breaks import BreakHazard
from dryline.twin.places import Places
from dryline.twin.state import Array, Record, record

_f = np.float64

UNWINDER = record(
    ("roll_length", _f),  # m
    ("thickness", _f),
    ("density", _f),
    ("core", _f),
    ("width", _f),
    ("path", _f),  # foil from the splicer to the lamination, m
    ("tape_length", _f),
    ("tape_thickness", _f),
    ("out_of_round", _f),  # share of the radius
    ("left", _f),  # state: foil on the roll, m
    ("radius", _f),
    ("turning", _f),  # rad/s
    ("angle", _f),
    ("dancer", _f),  # m, positive where it has paid out
    ("speed", _f),  # of the foil at the lamination at the end of the last tick, m/s
    ("tension", _f),  # N/m
    ("since", _f),  # foil run since the last splice, m; below zero where there was none
    ("told", _f),  # 1 where the last command was to change
)

WINDER = record(
    ("area", _f),  # thickness x length on the roll, m2
    ("roll", _f),  # its number
    ("radius", _f),
    ("core", _f),
    ("speed", _f),  # at the end of the last tick, m/s
    ("tension", _f),  # N/m
)

OMEGA = 2.0 * math.pi
"""Natural frequency of the dancer [rad/s]."""
DANCER_DAMPING, DANCER_MASS, STROKE = 0.5, 40.0, 0.2
CORE_INERTIA, DRAG = 2.0, 0.05
"""Of shaft and core [kg m2], and of the bearings [N m s]."""
PARTS = 10
"""Steps a tick."""
SPLICE = Splice()


class WebDrives(NamedTuple):
    """Arrays of the web drives, views into the arena: no or one unwinder, one winder."""

    unwinder: Array
    winder: Array


def web_drive_fields(line: Line) -> dict[str, tuple[tuple[int, ...], Any]]:
    """Shape and type of the arrays of `WebDrives`."""
    return {"unwinder": ((len(line.of_kind("foil_unwinder")),), UNWINDER), "winder": ((1,), WINDER)}


def load_rolls(line: Line, d: Disturbances, drives: WebDrives) -> None:
    """A full roll of foil and an empty core."""
    for row, station in zip(drives.unwinder, line.of_kind("foil_unwinder"), strict=True):
        row["roll_length"], row["left"] = station.roll_length, station.roll_length
        row["thickness"], row["density"], row["core"] = station.thickness, station.density, station.core_radius
        row["width"], row["path"], row["out_of_round"] = line.web.film_width, station.path, d.tension.unwinder
        row["tape_length"], row["tape_thickness"] = station.splice_length, station.splice_thickness
        row["since"], row["tension"] = -1.0, station.tension
        row["radius"] = wound_roll.web_radius(station.roll_length, station.thickness, station.core_radius)
    winder = line.of_kind("winder")[0]
    for row in drives.winder:
        row["core"], row["radius"], row["roll"], row["tension"] = winder.core_radius, winder.core_radius, 1.0, winder.tension


@kernel
def unwind(unwinder: np.ndarray, wanted: float, change: bool, broken: bool, speed: float) -> float:
    """Advance the unwinders by a tick; returns the tape's thickness under the lamination now [m].

    wanted: tension set point [N/m]; change: a new roll is to be joined; broken: the foil has no hold on its roll; speed of
    the foil at the lamination [m/s].
    """
    extra = 0.0
    for n in range(unwinder.size):
        row = unwinder[n]
        if change and row.told < 0.5:
            row.left = row.roll_length
            row.since = 0.0
            row.radius = roll_radius(row.left, row.thickness, row.core)
            row.turning = row.speed / row.radius
        row.told = 1.0 if change else 0.0
        dt = TICK / PARTS
        acceleration = (speed - row.speed) / TICK
        if broken:
            row.turning, row.dancer, row.tension, row.speed = 0.0, 0.0, 0.0, speed
            continue
        for part in range(PARTS):
            v = row.speed + acceleration * (part + 0.5) * dt
            R = roll_radius(row.left, row.thickness, row.core)
            J = roll_inertia(R, row.core, row.density, row.width, CORE_INERTIA)
            shape = out_of_round(row.angle, row.out_of_round)
            given = row.turning * R * shape
            moving = 0.5 * (v - given)
            held = wanted * (splice_tension(row.since, SPLICE.transient, SPLICE.settling) if row.since >= 0.0 else 1.0)
            M = brake_torque(held, row.width, R, DRAG, row.turning, J, acceleration, row.dancer, moving)
            lever = R * shape
            pull = acceleration + lever * (M + DRAG * row.turning) / J
            pull -= row.turning * row.turning * R * row.out_of_round * math.cos(row.angle)
            row.tension = driven_tension(
                held, row.width, DANCER_MASS, OMEGA, DANCER_DAMPING, row.dancer, moving, pull, lever * R * row.width / J
            )
            row.turning += dt * roll_acceleration(row.tension * row.width, R, M, DRAG, row.turning, J)
            given = row.turning * lever
            row.dancer += 0.5 * dt * (v - given)
            if abs(row.dancer) > STROKE:
                row.dancer = min(max(row.dancer, -STROKE), STROKE)
                row.turning = v / lever
                given = v
            row.angle += dt * row.turning
            row.angle -= 2.0 * math.pi * math.floor(row.angle / (2.0 * math.pi))
            row.left = max(row.left - given * dt, 0.0)
            row.radius = R
        if row.since >= 0.0:
            row.since += 0.5 * (row.speed + speed) * TICK
        row.speed = speed
        extra += splice_thickness(row.since - row.path, row.tape_thickness, row.tape_length) if row.since >= 0.0 else 0.0
    return extra


@law
def wind_up(row: Record, wanted: float, broken: bool, speed: float, width: float, density: float) -> float:
    """Tension of the winder for a tick, and the power [W] that its motor gives to the web and to its own roll.

    wanted: tension set point [N/m]; density of the wound electrode [kg/m3]; P = (F W R + b omega + J a / R) v / R.
    """
    R = row.radius
    acceleration = (speed - row.speed) / TICK
    row.speed = speed
    row.tension = 0.0 if broken else wanted
    torque = row.tension * width * R + DRAG * speed / R
    torque += roll_inertia(R, row.core, density, width, CORE_INERTIA) * acceleration / R
    return max(torque * speed / R, 0.0)


@kernel
def wind(
    unwinder: np.ndarray, winder: np.ndarray, places: np.ndarray, wanted: float, broken: bool, speed: float, width: float,
    density: float, values: np.ndarray, truth: np.ndarray,
) -> None:  # fmt: skip
    """The winder's tick (see `wind_up`); readings of both rolls into `values`, their powers into `truth`.

    places: of radius and power of the winder, then of foil left, radius, dancer and power of every unwinder.
    """
    standing = WEB_DRIVE_LOSS if speed > 0.0 else 0.0
    truth[places[1]] = standing + wind_up(winder[0], wanted, broken, speed, width, density)
    values[places[0]] = winder[0].radius
    for n in range(unwinder.size):
        row, at = unwinder[n], 2 + 4 * n
        values[places[at]], values[places[at + 1]], values[places[at + 2]] = row.left, row.radius, row.dancer
        truth[places[at + 3]] = standing


class Rolls:
    """The web drives of a line between its commands, its breaks and its readings."""

    def __init__(self, line: Line, setup: SetUp, d: Disturbances, state: WebDrives, places: Places, breaks: BreakHazard) -> None:
        self.unwinder, self.winder, self.places, self.breaks = state.unwinder, state.winder, places, breaks
        self.width = line.web.film_width
        self.laminating = next((k for k, nip in enumerate(line.nips) if nip.side == "AB"), len(line.nips) - 1)
        foil = sum(station.thickness * station.density for station in line.of_kind("foil_unwinder"))
        self.density = float((setup.areal_mass + foil) / setup.thickness)
        self.left = self.unwinder["left"]
        load_rolls(line, d, state)

    def thread(self, command: Array) -> None:
        """People thread a web that broke, from a new roll where the foil has run off; a foil that tore takes its tape along."""
        if self.breaks.state[0] and command[self.places.thread] > 0.5:
            if self.breaks.foil_broken:
                self.unwinder["since"] = -1.0
            self.breaks.mend()
            self.left[:] = np.where(self.left > 0.0, self.left, self.unwinder["roll_length"])

    def run_foil(self, command: Array, speeds: Array) -> float:
        """The unwinder's tick; returns what a splice adds to the foil under the lamination now [m]. speeds: of the nips [m/s].

        A roll that has run off loses its foil.
        """
        at, broken = self.places, self.breaks.state
        if not self.left.size:
            return 0.0
        if self.left[0] <= 0.0 and not broken[0]:
            self.breaks.lose_foil()
        change, wanted, speed = command[at.foil_change[0]] > 0.5, command[at.tensions[1]], speeds[self.laminating]
        return float(unwind(self.unwinder, wanted, change, self.breaks.foil_broken, speed))

    def wind(self, command: Array, speed: float, values: Array, truth: Array) -> None:
        """The winder's tick at a web speed [m/s]; readings of both rolls into `values`, powers into `truth`."""
        at = self.places
        wind(
            self.unwinder, self.winder, at.rolls, command[at.tensions[0]], self.breaks.foil_broken, speed, self.width,
            self.density, values, truth,
        )  # fmt: skip
