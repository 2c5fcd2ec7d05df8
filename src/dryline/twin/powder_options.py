"""Parameters of what a powder side may have or not: treatment before the feeders, sulfide electrolyte, recycling."""

from __future__ import annotations

from typing import Any

import numpy as np

from dryline.materials.recipe import COMPONENTS
from dryline.process.fibrillation import breakage_rate, creation_rate
from dryline.setup.treatment import UNTREATED, drying


def starting_flows(line: Any, setup: Any) -> dict[str, float]:
    """Flow of each feeder [kg/s] at the start: without regrind in the silo the virgin feeders bring all of it."""
    flows = dict(setup.component_flows)
    regrind = flows.get("recycle", 0.0)
    if regrind and not started_with_regrind(line):
        scale = 1.0 + regrind / (sum(flows.values()) - regrind)
        flows = {name: 0.0 if name == "recycle" else flow * scale for name, flow in flows.items()}
    return flows


def started_with_regrind(line: Any) -> bool:
    """Whether the silo holds so much at the start that regrind is fed."""
    silos = line.of_kind("regrind_silo")
    return bool(silos) and silos[0].initial_level > silos[0].level_min


def treatment_rows(feeders: list[Any], line: Any, recipe: Any) -> np.ndarray:
    """How moist each component is as delivered, and what the treatment of the line makes of it (6, feeders)."""
    rows = np.zeros((6, len(feeders)))
    stations = line.of_kind("treatment")
    for i, feeder in enumerate(feeders):
        dryer, raw = UNTREATED, recipe.moisture
        if stations and feeder.component != "recycle" and stations[0].material in ("all", feeder.component):
            dryer, raw = drying(stations[0], recipe, line.hall), stations[0].raw_moisture
        rows[:, i] = raw, *dryer
    return rows


def sulfide_values(line: Any, sulfide: Any) -> dict[str, Any]:
    """Parameters of what moisture does to the electrolyte; nothing on a line without one."""
    transfer = sum(station.transfer_time for station in line.of_kind("treatment"))
    values: dict[str, Any] = {"transfer_time": transfer, "ageing": 0.0, "ageing_order": 1.0, "h2s": 0.0, "aged": 0}
    values["air_change"] = line.hall.air_change
    if sulfide is not None:
        values["ageing"], values["ageing_order"] = sulfide.k_s * sulfide.surface, sulfide.order
        values["h2s"] = sulfide.h2s_yield * sulfide.k_w * sulfide.surface
        values["aged"] = COMPONENTS.index(sulfide.component)
    return values


def regrind_values(line: Any, rates: Any, flows: np.ndarray) -> dict[str, Any]:
    """Parameters of granulator and silo; a line without them recycles nothing."""
    if not line.of_kind("granulator"):
        without = ("recycling", "recycle_share", "granulator_idle", "dust", "grinding_work", "grinding_k_1", "grinding_k_2")
        return dict.fromkeys(without, 0) | {"granulator_lag": 1.0, "silo_capacity": 1.0, "silo_level": 0.0}
    granulator, silo = line.of_kind("granulator")[0], line.of_kind("regrind_silo")[0]
    return {
        "recycling": 1,
        "recycle_share": flows[-1] / flows.sum(),
        "granulator_lag": granulator.lag,
        "granulator_idle": granulator.idle_power,
        "dust": granulator.dust_loss,
        "grinding_work": granulator.work,
        "grinding_k_1": creation_rate(rates.k_10, granulator.shear_stress, rates.sigma_1, rates.a),
        "grinding_k_2": breakage_rate(rates.k_20, granulator.shear_stress, rates.sigma_2, rates.c),
        "silo_capacity": silo.capacity,
        "silo_level": silo.initial_level,
    }
