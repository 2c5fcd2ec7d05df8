"""The wet reference as an electrode line: slurry, coating and drying, recovery of solvent, calender, by the rules of a dry line.

Only the process is its own. Hours, yields, speed, width, hall and the electrode that is to be made are the caller's and the same
as for a dry line. A load knows its state: a dryer that stands hot still heats the air that flows through it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from dryline.line.wet import WetVintage
from dryline.process import drying, roll_energy, solvent_recovery
from dryline.studies.planning.electrode_line import Calendar, Carrier, ElectrodeLine, Load, Number, Product, Step, Stuff
from dryline.studies.planning.hall import hall_step
from dryline.studies.planning.wet_figures import WetFigures, checked, wet_figures

STEEL_HEAT = 7850.0 * 460.0
"""Heat capacity of the steel of rolls [J/(m3 K)] (textbook)."""


class Web(NamedTuple):
    """What is coated: area [m2/s of foil], dry coating and solvent [kg/m2 of foil], at rated speed too."""

    area: Number
    solids: Number
    solvent: Number
    rated_area: Number


class Drying(NamedTuple):
    """A dryer at work: its heat balance running, exhaust air while it stands hot [kg/s], and heat that it buys then [W]."""

    running: drying.Balance
    idle_air: Number
    idle_heat: Number


def coated(figures: WetFigures, product: Product, capacity: Number, area: Number, rated_area: Number) -> Web:
    """The web that makes a product: loading = areal capacity/(active share x q), q that of the active material [A s/kg]."""
    solids = product.sides * product.areal_capacity / (figures.active * capacity)
    return Web(area, solids, drying.solvent_per_area(solids, figures.solids), rated_area)


def dried(figures: WetFigures, web: Web) -> Drying:
    """Dry a web: exhaust air follows the solvent, but never falls below a share of what rated speed needs."""
    rated = web.rated_area * web.solvent * drying.air_per_solvent(figures.exhaust_fraction, figures.solvent.molar_mass)
    air = np.maximum(rated * (web.area / web.rated_area), rated * figures.minimum_exhaust)
    warmed = web.area * (web.solids * figures.solids_heat + figures.foil_mass * figures.foil_heat)
    running = drying.balance(figures.solvent, figures.dryer, web.area * web.solvent, warmed, air)
    idle_air = rated * figures.idle_exhaust
    return Drying(running, idle_air, drying.hot_standby(figures.dryer, running.walls, idle_air))


def wet_line(
    product: Product, vintage: WetVintage | WetFigures, *, capacity: Number, speed: Number, coated_width: Number,
    calendar: Calendar, area_yield: Number, cell_yield: Number, hall: Mapping[Carrier, Number], rated_speed: Number | None = None,
    active_name: str | None = None, foil_per_area: Number = 1.0, **changes: Number | None,
) -> ElectrodeLine:  # fmt: skip
    """Draw up a wet line for an electrode: loads by state, materials, solvent and exhaust.

    Parameters
    ----------
    product : Product
        Electrode to be made; an anode is coated from water and has no recovery.
    vintage : WetVintage or WetFigures
        Technology of the line, as loaded, or figures taken from it before.
    capacity : float or array (n,)
        Specific capacity of the active material [A s/kg], the same as on the dry line.
    speed, coated_width : float or array (n,)
        Web speed while running [m/s]; width [m].
    calendar, area_yield, cell_yield
        Hours by state, and yields, as for a dry line.
    hall : mapping of carrier to float or array (n,)
        Load of the conditioned hall [W/m2], the same for wet and dry; it runs all year. The floor is the figure `floor`.
    rated_speed : float or array (n,), optional
        Speed that dryer and fans are sized for [m/s], by default `speed`.
    active_name : str, optional
        Name of the active material among the stuffs, by default the chemistry in small letters.
    foil_per_area : float or array (n,)
        Foil over coated area [m2/m2]: 1 over the coated share of its width.
    changes
        Figures to change, as for `wet_figures`.

    Raises
    ------
    InputError, TypeError, ValueError
        As `wet_figures`.
    """
    if isinstance(vintage, WetVintage):
        figures = wet_figures(vintage, product.electrode, product.chemistry, **changes)
    elif changes:
        raise TypeError("figures are changed with dataclasses.replace, or give the vintage")
    else:
        figures = checked(vintage)
    area = speed * coated_width
    web = coated(figures, product, capacity, area, area if rated_speed is None else rated_speed * coated_width)
    dryer = dried(figures, web)
    recovered = solvent_recovery.account(web.solvent, figures.recovery)
    steps = [_mixing(figures, product, web), _drying(figures, dryer)]
    if product.electrode == "cathode":
        steps.append(_recovery(figures, web, dryer))
    steps += [_calendering(figures, product, web, speed, coated_width), _handling(figures), hall_step(hall, figures.floor)]
    return ElectrodeLine(
        name=f"wet {product.electrode}", process="wet", product=product, speed=speed, coated_width=coated_width,
        calendar=calendar, area_yield=area_yield, cell_yield=cell_yield, steps=tuple(steps),
        stuffs=_stuffs(figures, product, web, recovered, active_name, foil_per_area),
        solvent=web.solvent, emitted=1.0 - figures.captured, exhaust=dryer.running.exhaust_air / area,
        origin="; ".join((f"wet reference {figures.vintage}", *figures.warnings())),
    )  # fmt: skip


def _mixing(figures: WetFigures, product: Product, web: Web) -> Step:
    """Planetary mixing: a share of the energy of the cells that the coated foil goes into, with the losses that come behind."""
    power = figures.mixing * figures.mixing_share * web.area * product.energy_per_area
    return Step("mixing", (Load("electricity", power),))


def _drying(figures: WetFigures, dryer: Drying) -> Step:
    b, f = dryer.running, figures
    fans = drying.fan_power(b.circulating_air, f.exhaust_temperature, f.circulation_pressure, f.fan_efficiency)
    cold = f.exhaust_temperature - f.heat_recovery * (f.exhaust_temperature - f.fresh_temperature)
    fans = fans + drying.fan_power(b.exhaust_air, cold, f.exhaust_pressure, f.fan_efficiency)
    heat = Load("heat", b.bought, dryer.idle_heat, b.bought * f.heat_up_power)
    return Step("coating and drying", (heat, Load("electricity", fans, fans * f.idle_fans, fans * f.heat_up_power)))


def _recovery(figures: WetFigures, web: Web, dryer: Drying) -> Step:
    """Condenser on all exhaust air, also while the dryer stands hot, and distillation of what is captured."""
    f, evaporated = figures, web.area * web.solvent

    def chiller(air: Number, solvent: Number) -> Number:
        duty = solvent_recovery.cooling_duty(f.solvent, f.dryer, f.recovery, air, solvent)
        return solvent_recovery.chiller_power(duty, f.cop)

    still = evaporated * f.captured * f.distillation
    return Step(
        "solvent recovery",
        (
            Load("chilled_water", chiller(dryer.running.exhaust_air, evaporated), chiller(dryer.idle_air, 0.0)),
            Load("heat", still * f.distillation_heat),
            Load("electricity", still * (1.0 - f.distillation_heat)),
        ),
    )


def _calendering(figures: WetFigures, product: Product, web: Web, speed: Number, width: Number) -> Step:
    """Drive of the nips and electric heat of their rolls: to the web, and lost to the hall; or a share of the cells' energy."""
    f = figures
    if f.calendering is not None:
        power = f.calendering * f.calendering_share * web.area * product.energy_per_area
        return Step("calendering", (Load("electricity", power),))
    force = f.line_load * width
    drive = f.nips * roll_energy.nip_drive(force, f.lever, speed, 0.5 * f.roll_diameter, f.bearings, f.motor)
    rolls = 2.0 * f.nips
    surface = rolls * roll_energy.roll_surface(f.roll_diameter, f.face)
    lost = roll_energy.surface_loss(surface, f.roll_temperature, f.hall_temperature, f.film, f.emissivity)
    rise = f.roll_temperature - f.hall_temperature
    web_heat = web.area * (web.solids * f.solids_heat + f.foil_mass * f.foil_heat) * rise
    steel = rolls * 0.25 * np.pi * f.roll_diameter**2 * f.face * STEEL_HEAT * rise
    heating = Load(
        "electricity",
        np.maximum(lost + web_heat, 0.0) / f.roll_heating,
        np.maximum(lost, 0.0) / f.roll_heating,
        np.maximum(0.5 * lost + steel / f.roll_heat_up, 0.0) / f.roll_heating,
    )
    return Step("calendering", (Load("electricity", drive), heating))


def _handling(figures: WetFigures) -> Step:
    f = figures
    idle = f.handling * f.idle_handling
    return Step("handling", (Load("electricity", f.handling, idle, idle, f.handling * f.stopped_handling),))


def _stuffs(
    figures: WetFigures, product: Product, web: Web, recovered: solvent_recovery.SolventAccount, active_name: str | None,
    foil_per_area: Number,
) -> tuple[Stuff, ...]:  # fmt: skip
    f, solids = figures, web.solids
    return (
        Stuff(active_name or product.chemistry.lower(), "active", solids * f.active, input_yield=f.input_yield),
        Stuff("carbon_black", "carbon", solids * f.carbon, input_yield=f.input_yield),
        Stuff(f.binder_name, "binder", solids * f.binder, input_yield=f.input_yield),
        Stuff(f.foil_name, "foil", foil_per_area, "m2"),
        Stuff(f.solvent.name, "solvent", web.solvent - recovered.returned, input_yield=f.input_yield),
    )
