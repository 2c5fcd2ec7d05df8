"""One nip of an operating point: gap, load and mechanics for a porosity behind it, and its limits."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from scipy.optimize import brentq

from dryline.kernel import from_python
from dryline.line.nips import Nip, PowderNip
from dryline.line.schema import Line
from dryline.line.setup import LimitCheck, NipSetUp
from dryline.materials.recipe import Recipe
from dryline.mechanics import housing, rolls
from dryline.mechanics.span import steady_tension
from dryline.process.auxiliaries import shaft_power
from dryline.process.compaction import DENSEST, Virgin
from dryline.process.forming import bed_thickness, bite_angle, nip_angle
from dryline.process.lamination import Bond, Stack, merged, peel_strength
from dryline.process.shear_nip import fibrillate
from dryline.process.thinning import (
    DAY,
    Press,
    curve_at,
    density_in_gap,
    press,
    pressure,
    relaxation,
    rolling_power,
    sprung_thickness,
)
from dryline.process.web import break_tension, film_strength, transfer_units, warmed
from dryline.setup.limits import at_least, at_most, require
from dryline.setup.machines import shear_machine
from dryline.setup.shear import Contact, contact_length, pack_of, shear_of
from dryline.setup.stand import stand_of

FIBRILLATED = 0.6
"""Load-bearing share of the PTFE from which a film may be elongated more in one nip (assumed)."""


FOIL_ELONGATION = 1.01
"""Largest elongation of an electrode on its foil in one nip (about 1 % seen on aluminium, assumed as limit)."""
DENSEST_FIRST = 0.66
"""Largest relative density in the gap of a flooded nip (the bounded law is used below it, assumed)."""


class Film(NamedTuple):
    """A film, or the powder bed, on its way to a nip.

    densest: largest density seen, of a bed its own; thickness [m], porosity and temperature [K] behind the
    nip before; fibril, unfibrillated: load-bearing share of the PTFE and what is left of it; laminated: on its foil already.
    """

    densest: float
    thickness: float
    porosity: float
    temperature: float
    fibril: float
    unfibrillated: float = 0.0
    bed: bool = False
    laminated: bool = False


fibrillated = from_python(fibrillate)


class Mechanics(NamedTuple):
    """What the load does to the rolls and the housing; lengths [m], forces [N], stiffness [N/m]."""

    chock_gap: float
    mill: float
    crown: float
    bending_force: float
    residual: float
    margin: float


def bed(recipe: Recipe, areal_mass: float, temperature: float, fibrils: tuple[float, float]) -> Film:
    """Powder bed of an areal mass [kg/m2] on the first rolls; fibrils: unfibrillated and load-bearing share of the PTFE."""
    density = recipe.powder.bulk_density / recipe.true_density
    thickness = bed_thickness(areal_mass, recipe.powder.bulk_density)
    return Film(density, thickness, 1.0 - density, temperature, fibrils[1], fibrils[0], bed=True)


def press_nip(
    line: Line, recipe: Recipe, nip: Nip, films: Sequence[Film], areal_mass: float, speed: float, last: bool,
    checks: list[LimitCheck],
) -> tuple[NipSetUp, Film]:  # fmt: skip
    """Set-up of a nip and the film it leaves (one of them, where it presses two); its checks are appended.

    areal_mass of each film behind the nip [kg/m2]; surface speed [m/s]; last: the porosity is that of the
    relaxed film.
    """
    width = line.pressed_width(nip)
    radius = 0.5 * nip.roll_diameter
    temperature = film_temperature(recipe, nip, films, areal_mass, speed)
    curve = film_curve(recipe, temperature)
    solid = pack_of(nip) * areal_mass / recipe.true_density
    stack = merged([Stack(solid, film.densest, areal_mass) for film in films])
    at_rest = stack.solid / stack.densest * (1.0 + pressure(stack.densest, curve) / curve.E_el)
    plate = 16.0 * (1.0 - nip.roll_poisson**2) / (math.pi * nip.roll_modulus)

    def pressed(gap: float) -> Press:
        return press(gap, stack.solid, at_rest, stack.densest, radius, plate, curve)

    if films[0].bed and flooded(nip):
        gap = flooded_gap(recipe, nip, films[0].thickness)
    elif nip.line_load is not None:
        gap = gap_under_load(nip.line_load, at_rest, pressed)
    else:
        gap = stack.solid / gap_density(recipe, nip, last, curve, checks)
    dense = stack.solid / gap
    got = pressed(gap)
    force = got.line_load * width
    foil = foil_thickness(line) if nip.side == "AB" else 0.0
    frame = mechanics_of(nip, gap, foil, force, width)
    contact = Contact(contact_length(got.radius, at_rest, gap), gap, got.line_load, stack.areal_mass, speed)
    shear = shear_of(nip, contact, width)
    power = shaft_power(rolling_power(force, radius, at_rest - gap, speed), shear.power, line.utilities.bearing_share)
    tension = span_tension(line, recipe, nip, films)
    bite = bite_angle(at_rest, gap, radius)

    name = nip.name
    checks += grip(line, recipe, nip, films, bite, gap, dense)
    checks.append(at_most("elongation", name, nip.elongation, elongation_bound(line, films), "1"))
    if tension > 0.0 and not films[0].laminated:
        weakest = min(float(film_break(recipe, film)) for film in films)
        checks.append(
            at_most("span tension", name, tension, line.limits.span_tension_fraction_max * weakest, "N/m")
        )
    loosest = at_rest if nip.line_load is not None else stack.solid / stack.densest
    checks += [
        at_most("gap range", name, gap + foil, min(nip.gap_max, loosest + foil), "m"),
        at_least("gap range", name, gap + foil, nip.gap_min, "m"),
        at_most("line load", name, got.line_load, min(nip.max_line_load, nip.max_force / width), "N/m"),
        at_most("peak pressure", name, got.peak, nip.max_peak_pressure, "Pa"),
        at_most("bending residual", name, abs(frame.residual), nip.bending_residual_max, "m"),
        at_least("contact margin", name, frame.margin, line.limits.contact_margin_min + line.limits.contact_allowance, "m"),
        at_most("drive power", name, power, nip.drive_power_max, "W"),
        at_most("sticking", name, temperature, line.limits.film_temperature_max, "K"),
    ]
    if foil > 0.0 and not line.of_kind("foil_unwinder")[0].carrier and nip is line.nips[-1]:
        peel = peel_strength(got.line_load, temperature, contact.length / speed, Bond())
        checks.append(at_least("peel strength", name, peel, line.limits.peel_strength_min, "N/m"))
    thickness = sprung_thickness(gap, got.peak, curve.E_el) / pack_of(nip)
    porosity = 1.0 - stack.solid / pack_of(nip) / thickness
    result = NipSetUp(
        name=name, side=nip.side, kind=nip.kind, mode=nip.mode, elongation=nip.elongation, draw=nip.draw,
        surface_speed=speed, speed_ratio=speed / line.speed, roll_temperature=nip.roll_temperature,
        areal_mass_out=stack.areal_mass, thickness_in=sum(film.thickness for film in films),
        thickness_out=thickness, loaded_gap=gap + foil, chock_gap=frame.chock_gap, porosity_out=porosity,
        line_load=got.line_load, force=force,
        peak_pressure=got.peak, bite_angle=bite, contact_radius=got.radius, film_stiffness=got.stiffness,
        gap_transfer=housing.gap_transfer(frame.mill, got.stiffness, width), crown=frame.crown,
        bending_force=frame.bending_force, bending_residual=frame.residual, contact_margin=frame.margin,
        span_tension=tension, power=power, contact_length=contact.length, shear_work=shear.work,
        reduction=at_rest - gap,
    )  # fmt: skip
    unfibrillated, fibril = films[0].unfibrillated, films[0].fibril
    if shear.work > 0.0:
        machine = shear_machine(line, recipe, 1)
        unfibrillated, fibril = fibrillated(
            unfibrillated, fibril, machine.k_1, machine.k_2, machine.b_T, temperature, shear.work
        )
    leaving = Film(
        max(dense, stack.densest), thickness / len(films), porosity, temperature + shear.work / recipe.fibrillation.c_p,
        fibril, unfibrillated, laminated=foil > 0.0,
    )  # fmt: skip
    return result, leaving


def flooded(nip: Nip) -> bool:
    """Whether a nip takes its powder from a hopper bed on its rolls."""
    return isinstance(nip, PowderNip) and nip.feed == "flooded"


def flooded_gap(recipe: Recipe, nip: Nip, bed: float) -> float:
    """Gap [m] at which a flooded nip takes in a bed of the thickness h_alpha [m] at its nip angle: h_alpha - R
    alpha^2.

    Below zero where the rolls take in more than that at any gap. The angle depends weakly on the gap.
    """
    powder = recipe.powder
    gap = 0.5 * bed
    for _ in range(20):
        alpha = nip_angle(
            powder.wall_friction, powder.internal_friction, powder.compressibility, max(gap, 0.0) / nip.roll_diameter
        )
        gap = bed - 0.5 * nip.roll_diameter * alpha**2
    return max(gap, 1e-9)


def gap_under_load(line_load: float, at_rest: float, pressed: Callable[[float], Press]) -> float:
    """Gap [m] under which a film of a thickness at rest [m] carries a line load [N/m]."""
    low = 0.98 * at_rest
    while pressed(low).line_load < line_load:
        low *= 0.98
    return float(brentq(lambda gap: pressed(gap).line_load - line_load, low, at_rest * (1.0 - 1e-9), xtol=1e-12))


def foil_thickness(line: Line) -> float:
    """Thickness of the foil [m] that runs through the common nips; 0 on a line without foil."""
    return float(sum(unwinder.thickness for unwinder in line.of_kind("foil_unwinder")))


def film_temperature(
    recipe: Recipe, nip: Nip, films: Sequence[Film], areal_mass: float, speed: float
) -> float:
    """Temperature [K] of the films in the nip: what the wrap on the hot roll makes of the temperature they
    arrive with.
    """
    arriving = sum(film.temperature for film in films) / len(films)
    units = transfer_units(nip.wrap_contact, nip.wrap / speed, areal_mass, recipe.fibrillation.c_p)
    return warmed(arriving, nip.roll_temperature, units)


def film_curve(recipe: Recipe, temperature: float) -> Virgin:
    """Virgin curve of a recipe at a film temperature [K]."""
    c = recipe.compaction
    return curve_at(temperature, c.temperature, c.P_y, c.E_el, c.eps_A, recipe.powder.compressibility, c.law)


def gap_density(recipe: Recipe, nip: Nip, last: bool, curve: Virgin, checks: list[LimitCheck]) -> float:
    """Relative density in the loaded gap that leaves the wanted porosity; refused where elastic recovery
    forbids it.
    """
    released = 1.0 - nip.porosity
    if last:
        released = (1.0 - recipe.porosity) * relaxation(DAY, recipe.beta_r, recipe.tau_r)
    try:
        return density_in_gap(released, curve)
    except ValueError:
        checks.append(
            at_most("peak pressure", nip.name, pressure(DENSEST, curve), nip.max_peak_pressure, "Pa")
        )
        require(checks)
        raise


def unsteady(nip: Nip, force: float) -> float:
    """What run-out and bearings may take off the gap when the load goes [m]; a preload beyond the force holds the bearings."""
    return nip.run_out + (0.0 if nip.preload >= force else nip.bearing_clearance)


def mechanics_of(nip: Nip, gap: float, foil: float, force: float, width: float) -> Mechanics:
    """Chock position, crown, bending cylinders and contact margin under a force; a free crown cancels the
    bending.
    """
    stand = stand_of(nip, width, force)
    bend = force * stand.bending
    crown = bend if nip.crown is None else nip.crown
    bending_force, residual = rolls.bending_share(bend, crown, nip.bending_influence, nip.bending_force_max)
    opening = housing.recovered_opening(force, stand.frame, stand.flattening, width, held=False)
    stays = bending_force * nip.bending_influence
    margin = min(
        housing.contact_margin(gap, opening, rolls.unbending(eta, crown, stays), 0.0, unsteady(nip, force))
        for eta in (0.0, 1.0)
    )
    return Mechanics(
        housing.chock_gap(gap + foil, force, stand.frame, stand.flattening, width),
        stand.mill(width),
        crown,
        bending_force,
        residual,
        margin,
    )


def film_break(recipe: Recipe, film: Film) -> float:
    """Tension [N/m] at which a film breaks in the span before a nip: what its fibrils hold.

    The strength floor belongs to pressed sulfide films and is not counted on between nips.
    """
    s = recipe.strength
    strength = film_strength(film.fibril, 1.0 - film.porosity, recipe.ptfe_volume, s.k_t, s.n, s.l, 0.0)
    return float(break_tension(strength, film.thickness))


def span_tension(line: Line, recipe: Recipe, nip: Nip, films: Sequence[Film]) -> float:
    """Tension [N/m] in the span before a nip from its draw, the largest of the films; a bed and a carried film have
    none, a foil its own.
    """
    if films[0].bed or nip.carried:
        return 0.0
    if films[0].laminated:
        return float(line.of_kind("foil_unwinder")[0].tension)
    return max(steady_tension(0.0, nip.draw, recipe.film_modulus * film.thickness) for film in films)


def elongation_bound(line: Line, films: Sequence[Film]) -> float:
    """Largest elongation in one nip for how far the PTFE is fibrillated; a foil lets go little."""
    if films[0].laminated:
        return FOIL_ELONGATION
    fibrillated = min(film.fibril for film in films) >= FIBRILLATED
    return line.limits.elongation_max_high if fibrillated else line.limits.elongation_max_low


def grip(
    line: Line, recipe: Recipe, nip: Nip, films: Sequence[Film], bite: float, gap: float, dense: float
) -> list[LimitCheck]:
    """Whether the rolls draw the bed or film in, and whether a bed is thick enough not to show single
    granules. A flooded nip sets its own angle: its first film must hold together and stay below the density
    that powder reaches in one pass.
    """
    powder = recipe.powder
    if not films[0].bed:
        return [at_most("nip angle", nip.name, bite, powder.wall_friction, "rad")]
    if flooded(nip):
        loosest = powder.bulk_density / recipe.true_density
        return [
            at_least("flooded density", nip.name, dense, 1.2 * loosest, "1"),
            at_most("flooded density", nip.name, dense, DENSEST_FIRST, "1"),
        ]
    alpha = nip_angle(
        powder.wall_friction, powder.internal_friction, powder.compressibility, gap / nip.roll_diameter
    )
    least = line.limits.bed_granules_min * powder.granule_d50
    return [
        at_most("nip angle", nip.name, bite, alpha, "rad"),
        at_least("bed thickness", nip.name, films[0].thickness, least, "m"),
    ]
