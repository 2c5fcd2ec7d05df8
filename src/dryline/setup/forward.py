"""The line forward: from set points to the electrode, at steady state.

The set-up goes from the targets back to the set points. Here the set points are given, and every nip settles where its
housing and its film agree: at three places across the film, drive edge, centre and operator edge,

    S_i = S_chock + t y_i / L_b + F / K_h + 4 M y_i / (K_h L_b^2) + q_i / K_fl - g dJ (1 - eta_i^2)

with chock position S_chock and tilt t [m], force F [N] and moment M [N m] of the line loads q_i [N/m] by Simpson's rule,
and dJ [N] a force of the bending cylinders beyond what follows the load (g its influence [m/N]). The film carries areal
mass, largest density seen and temperature into the next nip, so that a change at one nip runs through all later ones.

Assumed: bending cylinders follow the load, so that without dJ the gap stays parallel; the chocks stand where they stood,
and growth of the rolls is taken out by zeroing the gap at temperature. Validity: that of `process.thinning` and
`mechanics.housing`; small deviations from a set-up that is feasible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dryline.line.nips import Nip
from dryline.line.schema import Line
from dryline.line.setup import NipSetUp, SetUp
from dryline.materials.recipe import Recipe
from dryline.mechanics import housing, rolls
from dryline.process.compaction import DENSEST, Virgin
from dryline.process.forming import bed_thickness
from dryline.process.lamination import Stack, merged
from dryline.process.thinning import (
    DAY,
    Press,
    elongated,
    press,
    pressure,
    relaxation,
    sprung_thickness,
)
from dryline.process.web import film_strength, transfer_units, warmed
from dryline.setup.nips import film_curve, unsteady
from dryline.setup.powder import powder_point
from dryline.setup.stand import Stand, stand_of

Floats = NDArray[np.float64]

ETA = np.array([-1.0, 0.0, 1.0])
"""Places across the film as 2 y / b: drive edge, centre, operator edge."""

SHARES = np.array([1.0, 4.0, 1.0]) / 6.0
"""Weight of each place in a mean over the width (Simpson)."""

CLOSED = 1e-13
"""The gap equation is solved when it closes to this [m]."""

TURNS = 80
"""Most Newton steps of a nip; ten are usual, since the slope leaves out how the arc flattens."""


@dataclass(frozen=True)
class NipPoint:
    """Set points of a nip: chock position, tilt (operator less drive chock) [m], bending force beyond what follows the
    load [N], roll temperature [K], elongation.
    """

    chock_gap: float
    tilt: float
    bending: float
    roll_temperature: float
    elongation: float


@dataclass(frozen=True)
class SetPoints:
    """Set points of a line: speed [m/s]; metering rate of each side [kg/m]; work [J/kg] and jacket temperature [K] of the
    fibrillator; the nips by name.
    """

    speed: float
    metering: dict[str, float]
    work: float
    jacket_temperature: float
    nips: dict[str, NipPoint]


@dataclass(frozen=True)
class NipOutcome:
    """A nip at rest: film gap and thickness behind it at the three places [m]; means of line load [N/m] and porosity;
    force [N]; contact margin [m].
    """

    gap: Floats
    thickness: Floats
    line_load: float
    porosity: float
    force: float
    contact_margin: float


@dataclass(frozen=True)
class Outcome:
    """What the line makes of its set points. Of each side the film at its gauge [m] and its strength [Pa] behind its last
    nip; of the electrode areal mass [kg/m2], thickness at the three places [m] and porosity, 24 h relaxed, foil included
    in the thickness; product temperature [K].
    """

    nips: dict[str, NipOutcome]
    film_thickness: dict[str, float]
    strength: dict[str, float]
    areal_mass: float
    thickness: Floats
    porosity: float
    product_temperature: float


class _Web(NamedTuple):
    """A film, or the bed, on its way: areal mass [kg/m2], largest density and thickness [m] at the places, temperature [K]."""

    areal_mass: float
    densest: Floats
    thickness: Floats
    temperature: float


def set_points(line: Line, set_up: SetUp) -> SetPoints:
    """The set points of an operating point."""
    machine = line.of_kind("fibrillator")[0]
    first: dict[str, NipSetUp] = {}
    for nip in set_up.nips:
        first.setdefault(nip.side, nip)
    return SetPoints(
        speed=set_up.speed,
        metering={s: n.areal_mass_out * line.web.film_width for s, n in first.items() if s != "AB"},
        work=set_up.fibrillator_work,
        jacket_temperature=machine.jacket_temperature,
        nips={n.name: NipPoint(n.chock_gap, 0.0, 0.0, n.roll_temperature, n.elongation) for n in set_up.nips},
    )


def forward(line: Line, recipe: Recipe, set_up: SetUp, points: SetPoints) -> Outcome:
    """What a line makes of its set points, near the operating point `set_up` that says how it was adjusted."""
    ground = {nip.name: nip for nip in set_up.nips}
    foil = float(sum(unwinder.thickness for unwinder in line.of_kind("foil_unwinder")))
    common = [nip for nip in line.nips if nip.side == "AB"]
    paths = {side: [nip for nip in line.nips if nip.side == side] for side in points.metering}
    speeds: dict[str, float] = {}
    for own in paths.values():
        speeds |= _speeds([*own, *common], points)
    flow = sum(points.metering[side] * speeds[own[0].name] for side, own in paths.items())
    product, fibril = _product(line, recipe, set_up, points, flow)

    nips: dict[str, NipOutcome] = {}
    webs, film_thickness, strength = [], {}, {}
    for side, own in paths.items():
        web = _bed(recipe, points.metering[side] / line.web.film_width, product)
        for nip in own:
            if nip is not own[0]:
                web = _drawn(web, points.nips[nip.name].elongation, nip.draw)
            nips[nip.name], (web,) = _pass(line, recipe, nip, ground[nip.name], points, [web], speeds[nip.name], 0.0)
        webs.append(web)
        film_thickness[side] = float(SHARES @ web.thickness) * _grown(line, recipe, own[-1], speeds[own[-1].name])
        s = recipe.strength
        strength[side] = float(
            film_strength(fibril, 1.0 - nips[own[-1].name].porosity, recipe.ptfe_volume, s.k_t, s.n, s.l, s.sigma_0)
        )
    for nip in common:
        webs = [_drawn(web, points.nips[nip.name].elongation, nip.draw) for web in webs]
        nips[nip.name], webs = _pass(line, recipe, nip, ground[nip.name], points, webs, speeds[nip.name], foil)
    areal_mass = sum(web.areal_mass for web in webs)
    coating = sum((web.thickness for web in webs), np.zeros(3)) * relaxation(DAY, recipe.beta_r, recipe.tau_r)
    porosity = 1.0 - areal_mass / recipe.true_density / float(SHARES @ coating)
    return Outcome(nips, film_thickness, strength, areal_mass, coating + foil, porosity, product)


def _speeds(path: Sequence[Nip], points: SetPoints) -> dict[str, float]:
    """Surface speed [m/s] of each nip of a path that ends at the line speed."""
    speeds = {}
    speed = points.speed
    for nip in reversed(path):
        speeds[nip.name] = speed
        speed /= points.nips[nip.name].elongation * (1.0 + nip.draw)
    return speeds


def _product(line: Line, recipe: Recipe, set_up: SetUp, points: SetPoints, flow: float) -> tuple[float, float]:
    """Temperature [K] and load-bearing share of the PTFE behind the machines that the set-up uses."""
    machine = line.of_kind("fibrillator")[0].model_copy(
        update={
            "work": points.work, "jacket_temperature": points.jacket_temperature, "machines": set_up.fibrillator_machines,
            "product_temperature_max": 0.0,  # never cool enough: all of the machines in use stay in use
        }
    )  # fmt: skip
    stations = tuple(machine if station.kind == "fibrillator" else station for station in line.stations)
    found = powder_point(line.model_copy(update={"stations": stations}), recipe, flow, [])
    return found.temperature, found.fibril


def _bed(recipe: Recipe, areal_mass: float, temperature: float) -> _Web:
    """The powder on the first rolls."""
    bulk = recipe.powder.bulk_density
    density = np.full(3, bulk / recipe.true_density)
    return _Web(areal_mass, density, np.full(3, bed_thickness(areal_mass, bulk)), temperature)


def _drawn(web: _Web, elongation: float, draw: float) -> _Web:
    """The film behind a span and at the entry of a nip that elongate it: its largest density stays."""
    return web._replace(areal_mass=elongated(web.areal_mass, elongation, draw))


def _grown(line: Line, recipe: Recipe, nip: Nip, speed: float) -> float:
    """Thickness at the film gauge behind a nip over that right behind the nip."""
    gauges = [gauge for gauge in line.of_kind("film_gauge") if gauge.side == nip.side]
    return relaxation(gauges[0].distance / speed if gauges else 0.0, recipe.beta_r, recipe.tau_r)


def _pass(
    line: Line, recipe: Recipe, nip: Nip, ground: NipSetUp, points: SetPoints, webs: Sequence[_Web], speed: float, foil: float,
) -> tuple[NipOutcome, list[_Web]]:  # fmt: skip
    """A nip at rest and the films it leaves, pressed to one density."""
    point = points.nips[nip.name]
    total = sum(web.areal_mass for web in webs)
    arriving = sum(web.temperature for web in webs) / len(webs)
    units = transfer_units(nip.wrap_contact, nip.wrap / speed, total / len(webs), recipe.fibrillation.c_p)
    temperature = warmed(arriving, point.roll_temperature, units)
    curve = film_curve(recipe, temperature)
    width = line.pressed_width(nip)
    stand = stand_of(nip, width, ground.force)
    stacks = [
        merged([Stack(web.areal_mass / recipe.true_density, float(web.densest[i]), web.areal_mass) for web in webs])
        for i in range(ETA.size)
    ]
    gap, pressed = settle(nip, stand, width, point, stacks, curve, foil, ground.loaded_gap - foil)
    solid = stacks[0].solid
    thickness = np.array([sprung_thickness(S, got.peak, curve.E_el) for S, got in zip(gap, pressed, strict=True)])
    densest = np.array([max(solid / S, stack.densest) for S, stack in zip(gap, stacks, strict=True)])
    line_load = float(SHARES @ np.array([got.line_load for got in pressed]))
    force = line_load * width
    porosity = 1.0 - solid / float(SHARES @ thickness)
    margin = _margin(nip, stand, ground, point, gap, force, width)
    leaving = [
        web._replace(densest=densest, thickness=thickness * (web.areal_mass / total), temperature=temperature) for web in webs
    ]
    return NipOutcome(gap, thickness, line_load, porosity, force, margin), leaving


def settle(
    nip: Nip, stand: Stand, width: float, point: NipPoint, stacks: Sequence[Stack], curve: Virgin, foil: float, start: float
) -> tuple[Floats, list[Press]]:
    """Film gaps [m] at the three places and what presses there, where housing and film agree.

    stacks: what enters at each place; foil: thickness [m] that runs along; start: gap [m] from which Newton's method sets
    out. ValueError where it does not arrive.
    """
    compliance = rolls.contact_compliance(nip.roll_modulus, nip.roll_poisson)
    y = 0.5 * width * ETA
    held = point.bending * nip.bending_influence * (1.0 - ETA**2)
    stands = point.chock_gap - foil + point.tilt * y / nip.bearing_distance - held
    turn = housing.tilt_per_moment(stand.frame, nip.bearing_distance)
    opens = width * SHARES * (1.0 / stand.frame + turn * np.outer(y, y)) + np.eye(ETA.size) / stand.flattening
    rest = [s.solid / s.densest * (1.0 + pressure(s.densest, curve) / curve.E_el) for s in stacks]
    least = [s.solid / DENSEST for s in stacks]
    gap = np.full(ETA.size, start)
    for _ in range(TURNS):
        got = [
            press(S, s.solid, h, s.densest, 0.5 * nip.roll_diameter, compliance, curve)
            for S, s, h in zip(gap, stacks, rest, strict=True)
        ]
        error = gap - stands - opens @ np.array([one.line_load for one in got])
        if np.abs(error).max() <= CLOSED:
            return gap, got
        slope = np.eye(ETA.size) + opens * np.array([one.stiffness for one in got])
        gap = np.maximum(gap - np.linalg.solve(slope, error), least)
    raise ValueError(f"{nip.name}: housing and film find no common gap near {start:.4g} m")


def _margin(
    nip: Nip, stand: Stand, ground: NipSetUp, point: NipPoint, gap: Floats, force: float, width: float
) -> float:
    """Contact margin [m], the smallest over the places: cylinders follow the load from where the set-up put them."""
    stays = (ground.bending_force + point.bending) * nip.bending_influence + stand.bending * (force - ground.force)
    opening = housing.recovered_opening(force, stand.frame, stand.flattening, width, held=False)
    return min(
        housing.contact_margin(float(S), opening, rolls.unbending(float(eta), ground.crown, stays), 0.0, unsteady(nip, force))
        for S, eta in zip(gap, ETA, strict=True)
    )
