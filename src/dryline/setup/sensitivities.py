"""Gains of a line: how far each actuator moves each quality, with the mill's stretch and the film's memory.

Central differences of the steady line forward (`dryline.setup.forward`): one actuator is moved, all others stay, and
every nip settles anew. Gaps are moved at the chocks, so a gain of the gap holds what the mill gives away (dh/dS of
`mechanics.housing.gap_transfer`) and what later nips take back. Units: SI, quality over actuator.

What stays where it is: the chocks (growth of the rolls, `mechanics.thermal.growth`, is taken out by zeroing the gap at
temperature: without it a warmer roll closes its gap by 11.5e-6 D per kelvin), the powder per metre of roll travel when a
speed changes, the work per kilogram when the flow changes, and the number of fibrillators in use.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dryline.line.load import LoadedLine, as_loaded
from dryline.line.schema import Line
from dryline.line.setup import SetUp
from dryline.setup.forward import NipPoint, Outcome, SetPoints, forward, set_points
from dryline.setup.operating_point import set_up

CLOSE = 1e-6
"""Relative difference up to which the line forward returns the set-up; more means it is not the same line."""


@dataclass(frozen=True)
class Actuator:
    """What can be moved: its name, SI unit and value at the set-up; a usual move (SI) and how one says it; the side that it
    belongs to ("A", "B", "AB", or "" for the whole line).
    """

    name: str
    unit: str
    value: float
    move: float
    said: str
    side: str


@dataclass(frozen=True)
class Quality:
    """What is moved: its name, SI unit and value at the set-up, and the side it belongs to ("" for the electrode). Line load is
    that of the last nip, a contact margin that of the tightest nip of its side, strength that of the film before the common nips.
    """

    name: str
    unit: str
    value: float
    side: str


@dataclass(frozen=True)
class Sensitivities:
    """Gains of a line at its set-up: `gains[i, j]` is that of actuator i on quality j, in SI units."""

    line: str
    recipe: str
    actuators: tuple[Actuator, ...]
    qualities: tuple[Quality, ...]
    gains: NDArray[np.float64]

    def gain(self, actuator: str, quality: str) -> float:
        """Gain of an actuator on a quality, by their names; KeyError for a name that is not there."""
        row = {one.name: n for n, one in enumerate(self.actuators)}[actuator]
        return float(self.gains[row, {one.name: n for n, one in enumerate(self.qualities)}[quality]])

    def as_json(self) -> dict[str, Any]:
        """The gains as JSON values, each with its unit."""
        gains = [
            {"actuator": a.name, "quality": q.name, "gain": float(self.gains[i, j]), "unit": f"({q.unit})/({a.unit})"}
            for i, a in enumerate(self.actuators)
            for j, q in enumerate(self.qualities)
        ]
        return {
            "actuators": [asdict(actuator) for actuator in self.actuators],
            "qualities": [asdict(quality) for quality in self.qualities],
            "gains": gains,
        }


def sensitivities(line: LoadedLine | str | Path = "lfp-cathode") -> Sensitivities:
    """Gains of every actuator of a line on every quality, at the operating point of its recipe.

    Parameters
    ----------
    line : LoadedLine, str or Path
        What `dryline.load` gave, or the name or file of a line.

    Returns
    -------
    Sensitivities
        Actuators, qualities and the table `gains` between them, in SI units; `gain(actuator, quality)` picks one.

    Raises
    ------
    Infeasible
        Where the operating point passes a limit.
    InputError
        Where a name or file of a line is wrong.
    ValueError
        Where the line's nips do not form paths of sides that join in common nips.
    """
    loaded = as_loaded(line)
    return gains_at(loaded, set_up(loaded.line, loaded.recipe))


def gains_at(loaded: LoadedLine, found: SetUp) -> Sensitivities:
    """Gains of a line at an operating point that is already known."""
    points = set_points(loaded.line, found)

    def qualities(at: SetPoints) -> dict[tuple[str, str, str], float]:
        return _qualities(forward(loaded.line, loaded.recipe, found, at), found)

    values = qualities(points)
    _compare(values, found)
    keys = list(values)
    moves = _moves(loaded.line, points)
    gains = np.empty((len(moves), len(keys)))
    for i, (actuator, moved) in enumerate(moves):
        step = 0.05 * actuator.move
        above, below = qualities(moved(points, step)), qualities(moved(points, -step))
        gains[i] = [(above[key] - below[key]) / (2.0 * step) for key in keys]
    names = tuple(Quality(name, unit, values[name, unit, side], side) for name, unit, side in keys)
    return Sensitivities(found.line, found.recipe, tuple(actuator for actuator, _ in moves), names, gains)


def _qualities(outcome: Outcome, found: SetUp) -> dict[tuple[str, str, str], float]:
    """Qualities by (name, unit, side)."""
    last = outcome.nips[found.nips[-1].name]
    drive, centre, operator = outcome.thickness.tolist()
    values = {
        ("areal_mass", "kg/m**2", ""): outcome.areal_mass,
        ("thickness", "m", ""): (drive + 4.0 * centre + operator) / 6.0,
        ("porosity", "1", ""): outcome.porosity,
        ("line_load", "N/m", ""): last.line_load,
        ("product_temperature", "K", ""): outcome.product_temperature,
        ("thickness_tilt", "m", ""): operator - drive,
        ("thickness_bow", "m", ""): centre - 0.5 * (operator + drive),
    }
    for side, thickness in outcome.film_thickness.items():
        values[f"film_thickness_{side.lower()}", "m", side] = thickness
        values[f"strength_{side.lower()}", "Pa", side] = outcome.strength[side]
    for side in dict.fromkeys(nip.side for nip in found.nips):
        tightest = min((nip for nip in found.nips if nip.side == side), key=lambda nip: nip.contact_margin).name
        values[f"contact_margin_{side.lower()}", "m", side] = outcome.nips[tightest].contact_margin
    return values


def _compare(values: dict[tuple[str, str, str], float], found: SetUp) -> None:
    """ValueError where the line forward does not return the set-up."""
    pairs = [
        ("areal mass", values["areal_mass", "kg/m**2", ""], found.areal_mass),
        ("thickness", values["thickness", "m", ""], found.thickness),
        ("porosity", values["porosity", "1", ""], found.porosity),
        ("line load", values["line_load", "N/m", ""], found.nips[-1].line_load),
        ("product temperature", values["product_temperature", "K", ""], found.fibrillator_temperature),
    ]
    for what, got, wanted in pairs:
        if abs(got - wanted) > CLOSE * abs(wanted):
            raise ValueError(
                f"the {what} of the line forward, {got:.6g}, is not that of its set-up, {wanted:.6g}: gains are known only for "
                "sides of nips that join in common nips"
            )


_Move = tuple[Actuator, Callable[[SetPoints, float], SetPoints]]


def _moves(line: Line, points: SetPoints) -> list[_Move]:
    """Every actuator in line order, and how it moves the set points."""
    machine = line.of_kind("fibrillator")[0].name
    moves: list[_Move] = [
        (
            Actuator("line.speed", "m/s", points.speed, 1.0 / 60.0, "1 m/min", ""),
            lambda p, step: replace(p, speed=p.speed + step),
        ),
        (
            Actuator(f"{machine}.work", "J/kg", points.work, 1e4, "10 kJ/kg", ""),
            lambda p, step: replace(p, work=p.work + step),
        ),
        (
            Actuator(f"{machine}.jacket_temperature", "K", points.jacket_temperature, 1.0, "1 K", ""),
            lambda p, step: replace(p, jacket_temperature=p.jacket_temperature + step),
        ),
    ]
    for side, rate in points.metering.items():
        names = [metering.name for metering in line.of_kind("metering") if metering.side == side]
        actuator = Actuator(f"{names[0] if names else side}.rate", "kg/m", rate, 0.01 * rate, "1 %", side)
        moves.append((actuator, _metered(side)))
    seen: set[str] = set()
    for nip in line.nips:
        at = points.nips[nip.name]
        first = nip.side not in seen and nip.side != "AB"
        seen.add(nip.side)
        moves += [
            _nip_move(nip.name, nip.side, "gap", "chock_gap", "m", at, 1e-6, "1 µm"),
            _nip_move(nip.name, nip.side, "tilt", "tilt", "m", at, 1e-6, "1 µm"),
            _nip_move(nip.name, nip.side, "bending", "bending", "N", at, 1e4, "10 kN"),
            _nip_move(nip.name, nip.side, "roll_temperature", "roll_temperature", "K", at, 1.0, "1 K"),
        ]
        if not first:
            moves.append(_nip_move(nip.name, nip.side, "elongation", "elongation", "1", at, 0.01, "0.01"))
    return moves


def _metered(side: str) -> Callable[[SetPoints, float], SetPoints]:
    return lambda p, step: replace(p, metering={**p.metering, side: p.metering[side] + step})


def _nip_move(name: str, side: str, what: str, field: str, unit: str, at: NipPoint, move: float, said: str) -> _Move:
    def moved(p: SetPoints, step: float) -> SetPoints:
        old = p.nips[name]
        changes: dict[str, Any] = {field: getattr(old, field) + step}
        return replace(p, nips={**p.nips, name: replace(old, **changes)})

    return Actuator(f"{name}.{what}", unit, getattr(at, field), move, said, side), moved
