"""Powder before the feeders at an operating point: dried, opened, classified; and what moisture does to a sulfide."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, NamedTuple

from dryline.kernel import from_python
from dryline.line.schema import Line
from dryline.line.setup import LimitCheck, TreatmentSetUp
from dryline.materials.recipe import Recipe
from dryline.process.fibrillation import drying_rate, equilibrium_moisture, moisture_step
from dryline.process.powder_treatment import (
    classified,
    consolidated_density,
    flow_class,
    hausner,
    janssen_stress,
    opened_size,
)
from dryline.process.sulfide import ATMOSPHERE, conductivity_left, gas_fraction, moisture_action
from dryline.setup.limits import at_most
from dryline.setup.machines import pressure_of_water

moisture_after = from_python(moisture_step)
balance = from_python(equilibrium_moisture)
rate_of_drying = from_python(drying_rate)
action_of_moisture = from_python(moisture_action)


class Drying(NamedTuple):
    """How the moisture of a treated lot becomes X_d + (X - X_d) keep, and how much of the difference to the hall's
    equilibrium is left after the transfer [1]; electric work and heat of the treatment [J/kg of what is fed].
    """

    keep: float
    to: float
    transferred: float
    work: float
    heat: float


UNTREATED = Drying(1.0, 0.0, 1.0, 0.0, 0.0)
"""A line without treatment feeds the powder as it is."""


def drying(station: Any, recipe: Recipe, hall: Any) -> Drying:
    """The dryer and the transfer of a treatment station as numbers."""
    water = pressure_of_water(station.dew_point) * station.pressure / ATMOSPHERE
    to = balance(station.temperature, water)
    keep = moisture_after(1.0, 0.0, rate_of_drying(station.temperature), station.dwell)
    transferred = moisture_after(1.0, 0.0, station.uptake_rate, station.transfer_time)
    heat = recipe.fibrillation.c_p * max(station.temperature - hall.temperature, 0.0)
    rejected, _ = sieved(station)
    passed = 1.0 - rejected
    return Drying(keep, to, transferred, station.work / station.efficiency / passed, heat / passed)


def sieved(station: Any) -> tuple[float, float]:
    """Rejected mass share and size [m] of what passes, behind de-agglomeration and classifier of a station."""
    size = opened_size(station.agglomerate_d50, station.smallest, station.opening_rate, station.work)
    return _classified(size, station.size_spread, station.cut_size, station.sharpness)


@lru_cache(maxsize=64)
def _classified(size: float, spread: float, cut: float, sharpness: float) -> tuple[float, float]:
    return classified(size, spread, cut, sharpness)


def treated(line: Line, recipe: Recipe) -> TreatmentSetUp | None:
    """What the treatment station of a line makes of its powder; None where it has none."""
    for station in line.of_kind("treatment"):
        dryer = drying(station, recipe, line.hall)
        dried = dryer.to + (station.raw_moisture - dryer.to) * dryer.keep
        outside = balance(line.hall.temperature, pressure_of_water(line.hall.dew_point))
        rejected, passed = sieved(station)
        surge, powder = line.of_kind("surge_hopper")[0], recipe.powder
        depth = 4.0 * surge.level * surge.capacity / powder.bulk_density / (math.pi * surge.diameter**2)
        stress = janssen_stress(powder.bulk_density, surge.diameter, surge.wall_friction, surge.stress_ratio, depth)
        return TreatmentSetUp(
            dried_moisture=dried, moisture=outside + (dried - outside) * dryer.transferred, agglomerate_d50=passed,
            oversize=rejected, hausner=hausner(powder.tapped_density, powder.bulk_density),
            flow_class=flow_class(powder.flow_function), hopper_stress=stress,
            hopper_density=consolidated_density(powder.bulk_density, stress, powder.stress_scale, powder.stress_exponent),
            energy=dryer.work + dryer.heat, heat=dryer.heat,
        )  # fmt: skip
    return None


def fed_moisture(line: Line, recipe: Recipe, treatment: TreatmentSetUp | None) -> float:
    """Mean moisture of the virgin powder at the feeders [kg/kg dry]."""
    if treatment is None:
        return recipe.moisture
    if line.of_kind("treatment")[0].material == "all":
        return treatment.moisture
    share = recipe.component("active").mass_fraction
    return share * treatment.moisture + (1.0 - share) * recipe.moisture


class Exposure(NamedTuple):
    """Conductivity over that of fresh electrolyte [1]; H2S given off [kg/s] and its mole fraction in the hall's air."""

    conductivity: float
    h2s: float
    fraction: float


def exposed(line: Line, recipe: Recipe, flow: float, flows: dict[str, float], machines: int) -> Exposure:
    """Exposure of a sulfide electrolyte to the hall's air from the treatment to the film, at the mean hold-ups."""
    sulfide = recipe.sulfide
    if sulfide is None:
        return Exposure(1.0, 0.0, 0.0)
    machine = line.of_kind("fibrillator")[0]
    share = line.recycle_share
    line_time = holding_time(line, flow, machines)
    open_time = sum(station.transfer_time for station in line.of_kind("treatment"))
    for feeder in line.feeders:
        if feeder.component == sulfide.component:
            open_time += 0.5 * (1.0 + feeder.refill_level) * feeder.hopper_capacity / flows[feeder.component] + feeder.dead_time
    back = sum(station.lag for station in line.of_kind("granulator"))
    if share:
        back += sum(silo.initial_level * silo.capacity for silo in line.of_kind("regrind_silo")) / (share * flow)
    passes = share / (1.0 - share)
    action = action_of_moisture(pressure_of_water(line.hall.dew_point), sulfide.order)
    dry = action_of_moisture(pressure_of_water(machine.gas_dew_point), sulfide.order)
    inside = machine.hold_up * machines / flow
    gained = (dry if machine.machine == "jet_mill" else action) - action
    moist = action * (open_time + line_time * (1.0 + passes) + back * passes) + gained * inside * (1.0 + passes)
    electrolyte = flows[sulfide.component]
    rate = sulfide.h2s_yield * sulfide.k_w * sulfide.surface * electrolyte * moist
    air = rate / line.hall.air_change
    return Exposure(
        conductivity_left(sulfide.k_s * sulfide.surface * moist), rate,
        gas_fraction(air, line.hall.volume, line.hall.temperature),
    )  # fmt: skip


def holding_time(line: Line, flow: float, machines: int) -> float:
    """Mean time [s] of the powder from the mixer to the outlet of the surge hopper."""
    mixer, machine = line.of_kind("mixer")[0], line.of_kind("fibrillator")[0]
    surge = line.of_kind("surge_hopper")[0]
    held = mixer.hold_up + machine.hold_up * machines + surge.level * surge.capacity
    return float(mixer.plug_time + held / flow)


def treatment_checks(line: Line, moisture: float, exposure: Exposure) -> list[LimitCheck]:
    """Moisture of the granulate and H2S in the hall against the limits of the line."""
    surge = line.of_kind("surge_hopper")[0].name
    checks = [at_most("moisture", surge, moisture, line.limits.moisture_max, "1")]
    if exposure.h2s > 0.0:
        checks.append(at_most("H2S", "hall", exposure.fraction, line.limits.h2s_max, "1"))
    return checks
