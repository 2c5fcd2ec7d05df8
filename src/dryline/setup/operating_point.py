"""The operating point of a line for a recipe: what a rolling mill calls the pass schedule.

From the wanted areal mass, porosity and speed back to every set point: speeds and areal masses against the
web's direction (elongation and draw), gaps, loads and mechanics with it (the film's memory), the powder side
from the flow. Infeasible requests raise `Infeasible` with the limits that bind.
"""

from __future__ import annotations

from collections.abc import Sequence

from dryline.line.nips import Nip
from dryline.line.schema import Line
from dryline.line.setup import LimitCheck, NipSetUp, SetUp
from dryline.materials.recipe import Recipe
from dryline.process.forming import metering_rate
from dryline.process.thinning import relaxation
from dryline.setup.limits import at_most, require
from dryline.setup.nips import Film, bed, foil_thickness, press_nip
from dryline.setup.powder import metering_checks, powder_point


def set_up(line: Line, recipe: Recipe) -> SetUp:
    """Operating point of a line for a recipe at the line's rated speed.

    Raises `Infeasible` where a limit binds, naming the first one in line order and listing all of them.
    """
    checks: list[LimitCheck] = [at_most("speed", "line", line.speed, line.limits.line_speed_max, "m/s")]
    sides = line.sides
    common = [nip for nip in line.nips if nip.side == "AB"]
    flow = recipe.loading * line.web.film_width * line.speed * len(sides)
    powder = powder_point(line, recipe, flow, checks)

    nips: list[NipSetUp] = []
    films: list[Film] = []
    rates: list[float] = []
    for side in sides:
        own = [nip for nip in line.nips if nip.side == side]
        masses, speeds = upstream([*own, *common], recipe.loading, line.speed)
        rates.append(metering_rate(masses[0], line.web.film_width))
        checks += metering_checks(line, recipe, side, rates[-1] * speeds[0])
        film = bed(recipe, masses[0], powder.temperature, (powder.unfibrillated, powder.fibril))
        for nip, mass, speed in zip(own, masses, speeds, strict=False):
            last = nip is densest_nip([*own, *common])
            result, film = press_nip(line, recipe, nip, [film], mass, speed, last, checks)
            nips.append(result)
        films.append(film)
    ends = {nip.side: nip for nip in nips}.values()
    masses, speeds = upstream(common, recipe.loading, line.speed)
    for nip, mass, speed in zip(common, masses, speeds, strict=True):
        result, film = press_nip(line, recipe, nip, films, mass, speed, nip is densest_nip(common), checks)
        nips.append(result)
        films = [film] * len(films)

    foil = foil_thickness(line)
    coating = recipe.loading * len(sides) / recipe.true_density / (1.0 - recipe.porosity)
    return SetUp(
        line=line.name, recipe=recipe.name, speed=line.speed, powder_flow=flow, component_flows=powder.flows,
        screw_speeds=powder.screw_speeds, metering_rate=_same("metering rate", rates), nips=tuple(nips),
        fibrillator_work=powder.work, fibrillator_temperature=powder.temperature,
        fibrillator_machines=powder.machines, areal_mass=recipe.loading * len(sides),
        side_areal_mass=recipe.loading, thickness=coating + foil, porosity=recipe.porosity,
        film_thickness=_same("film thickness", [at_gauge(line, recipe, nip, "film_gauge") for nip in ends]),
        gauge_thickness=at_gauge(line, recipe, nips[-1], "thickness_gauge") + foil, checks=require(checks),
        recycle_share=line.recycle_share, warnings=powder.warnings, treatment=powder.treatment,
        moisture=powder.moisture, conductivity_factor=powder.exposure.conductivity, h2s_rate=powder.exposure.h2s,
        h2s_fraction=powder.exposure.fraction,
    )  # fmt: skip


def densest_nip(path: Sequence[Nip]) -> Nip | None:
    """The nip of a path whose gap makes the final porosity: the last one that is not set by its load."""
    pressing = [nip for nip in path if nip.line_load is None]
    return pressing[-1] if pressing else None


def at_gauge(line: Line, recipe: Recipe, nip: NipSetUp, kind: str) -> float:
    """Thickness of the film [m] that a gauge reads a distance behind the nip, partly relaxed."""
    gauges = [gauge for gauge in line.of_kind(kind) if getattr(gauge, "side", nip.side) == nip.side]
    age = gauges[0].distance / nip.surface_speed if gauges else 0.0
    return nip.thickness_out * relaxation(age, recipe.beta_r, recipe.tau_r)


def _same(what: str, values: list[float]) -> float:
    """The value both sides share; ValueError where they differ."""
    if max(values) - min(values) > 1e-9 * max(values):
        raise ValueError(f"the {what} of the sides differs ({values}): give both sides the same nips")
    return values[0]


def upstream(nips: Sequence[Nip], loading: float, line_speed: float) -> tuple[list[float], list[float]]:
    """Areal mass [kg/m2] and surface speed [m/s] behind each nip of a path that ends with a loading at the
    line speed.
    """
    masses, speeds = [], []
    mass, speed = loading, line_speed
    for nip in reversed(nips):
        masses.append(mass)
        speeds.append(speed)
        stretch = nip.elongation * (1.0 + nip.draw)
        mass, speed = mass * stretch, speed / stretch
    return masses[::-1], speeds[::-1]
