"""Powder side of an operating point: component flows, feeders, fibrillation, hold-up of the hopper."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dryline.kernel import from_python
from dryline.line.schema import Line
from dryline.line.setup import LimitCheck, TreatmentSetUp
from dryline.materials.recipe import Recipe
from dryline.process.feeding import feed_factor
from dryline.process.fibrillation import (
    breakage_rate,
    creation_rate,
    fibril_step,
    temperature_function,
)
from dryline.process.recycling import State, steady_return
from dryline.process.shear_machines import machines_for_work
from dryline.setup.limits import at_least, at_most
from dryline.setup.machines import shear_machine, steady_tanks
from dryline.setup.treatment import Exposure, exposed, fed_moisture, treated, treatment_checks

factor_of_screw = from_python(feed_factor)
fibrils_after = from_python(fibril_step)
at_temperature = from_python(temperature_function)

HOLD_UP = 120.0
"""Shortest hold-up of the surge hopper at its level set point [s] (assumed: 2 to 5 min)."""


class PowderPoint(NamedTuple):
    """Component flows [kg/s], screw speeds [rev/s]; work [J/kg], product temperature [K], shares of the PTFE that are
    unfibrillated and load-bearing,
    machines in use; what passes an advised bound; powder behind its treatment, moisture of the granulate
    [kg/kg dry], exposure of the electrolyte.
    """

    flows: dict[str, float]
    screw_speeds: dict[str, float]
    work: float
    temperature: float
    unfibrillated: float
    fibril: float
    machines: int
    warnings: tuple[LimitCheck, ...]
    treatment: TreatmentSetUp | None
    moisture: float
    exposure: Exposure


def powder_point(line: Line, recipe: Recipe, flow: float, checks: list[LimitCheck]) -> PowderPoint:
    """Operating point of the powder side for a total flow [kg/s]; its limit checks are appended."""
    share = line.recycle_share
    flows = {component.name: (1.0 - share) * component.mass_fraction * flow for component in recipe.components}
    if line.of_kind("regrind_silo"):
        flows["recycle"] = share * flow
    warnings = _recycle_checks(line, recipe, share, checks)
    speeds = {}
    for feeder in line.feeders:
        k_min = feeder.feed_factor * feeder.feed_factor_min
        low = feeder.refill_level * feeder.hopper_capacity
        middle = 0.5 * (1.0 + feeder.refill_level) * feeder.hopper_capacity
        wanted = flows[feeder.component]
        speeds[feeder.name] = wanted / factor_of_screw(
            middle, feeder.feed_factor, k_min, feeder.feed_factor_decay
        )
        unshared = wanted if feeder.component == "recycle" else wanted / (1.0 - share)
        most = unshared / factor_of_screw(low, feeder.feed_factor, k_min, feeder.feed_factor_decay)
        checks.append(at_most("feeder range", feeder.name, most, feeder.max_screw_speed, "1/s"))
    treatment = treated(line, recipe)
    work, temperature, (unfibrillated, fibril), moisture, machines = _fibrillate(
        line, recipe, flow, fed_moisture(line, recipe, treatment), checks
    )
    exposure = exposed(line, recipe, flow, flows, machines)
    checks += treatment_checks(line, moisture, exposure)
    for hopper in line.of_kind("surge_hopper"):
        checks.append(at_least("hopper", hopper.name, hopper.level * hopper.capacity / flow, HOLD_UP, "s"))
    return PowderPoint(
        flows, speeds, work, temperature, unfibrillated, fibril, machines, warnings, treatment, moisture, exposure
    )


def _recycle_checks(
    line: Line, recipe: Recipe, share: float, checks: list[LimitCheck]
) -> tuple[LimitCheck, ...]:
    """Recycle share against the recipe's limit, and the warning where it passes the recipe's cap."""
    for feeder in line.feeders:
        if feeder.component == "recycle":
            checks.append(at_most("recycle", feeder.name, share, recipe.recycle_limit, "1"))
            cap = at_most("recycle", feeder.name, share, recipe.recycle_cap, "1")
            return () if cap.satisfied else (cap,)
    return ()


def metering_checks(line: Line, recipe: Recipe, side: str, flow: float) -> list[LimitCheck]:
    """Whether the metering of a side can deliver a flow [kg/s]: its speed at the nominal bulk density."""
    return [
        at_most(
            "feeder range", metering.name, flow / (metering.swept_volume * recipe.powder.bulk_density),
            metering.max_speed, "1/s",
        )
        for metering in line.of_kind("metering")
        if metering.side == side
    ]  # fmt: skip


def ground(line: Line, recipe: Recipe, product: State) -> State:
    """What the granulator of a line makes of film of a state, at the temperature of the hall."""
    unfibrillated, fibril, moisture = product
    rates = recipe.fibrillation
    for granulator in line.of_kind("granulator"):
        k_1 = creation_rate(rates.k_10, granulator.shear_stress, rates.sigma_1, rates.a)
        k_1 *= at_temperature(line.hall.temperature, rates.b_T)
        k_2 = breakage_rate(rates.k_20, granulator.shear_stress, rates.sigma_2, rates.c)
        unfibrillated, fibril = fibrils_after(unfibrillated, fibril, k_1, k_2, granulator.work)
    return float(unfibrillated), float(fibril), moisture


def _fibrillate(
    line: Line, recipe: Recipe, flow: float, fed: float, checks: list[LimitCheck]
) -> tuple[float, float, tuple[float, float], float, int]:
    """Fewest installed machines that do the work and keep the product cool enough, and the powder behind them for
    the moisture that is fed [kg/kg dry].
    """
    station = line.of_kind("fibrillator")[0]
    tanks = np.empty((station.tanks, 4))
    virgin = (1.0, 0.0, fed)

    def product(machines: int) -> tuple[float, tuple[float, float], float]:
        machine = shear_machine(line, recipe, machines)

        def passed(feed: State) -> State:
            return steady_tanks(
                tanks, machine, machine.hold_up / flow, flow, station.work, station.jacket_temperature,
                line.hall.temperature, feed,
            )  # fmt: skip

        feed, _ = steady_return(line.recycle_share, virgin, passed, lambda left: ground(line, recipe, left))
        passed(feed)
        return float(tanks[-1, 0]), (float(tanks[-1, 1]), float(tanks[-1, 2])), float(tanks[-1, 3])

    machines = machines_for_work(flow, station.work, station.power_max, station.hold_up, station.batch_time)
    checks.append(at_most("fibrillator machines", station.name, machines, station.machines, "1"))
    temperature, fibrils, moisture = product(machines)
    while temperature > station.product_temperature_max and machines < station.machines:
        machines += 1
        temperature, fibrils, moisture = product(machines)
    checks.append(
        at_most("fibrillator temperature", station.name, temperature, station.product_temperature_max, "K")
    )
    return station.work, temperature, fibrils, moisture, machines
