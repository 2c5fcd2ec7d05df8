"""The summary of a run: one JSON document, drawn up from the files of its folder alone.

A finished run and a report made years later read the same files and so give the same summary. Its form is
published as a JSON Schema, shipped with the package.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from importlib.resources import files
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from dryline.records import accounts, events, rollmap
from dryline.records.accounts import Balance
from dryline.records.capacity import capacity
from dryline.records.energy import PARTS, energy
from dryline.records.events import Event
from dryline.records.footprint import footprint_part
from dryline.records.gap import nip_gaps
from dryline.records.oee import oee
from dryline.records.order import Order
from dryline.records.product import daughter_rolls, product_spreads, targets
from dryline.records.properties import defects, properties
from dryline.records.rejects import running_rows
from dryline.records.rollmap import RollMapTable
from dryline.records.run_folder import RunFolder
from dryline.records.statistics import quality
from dryline.records.stops import read_ticks

SCHEMA = "dryline-summary/4"
"""Version 2 added oee, properties, defects, daughters and m2_per_year, version 3 footprint, version 4 carriers and parts of the
energy, which it counts over good electrode; an earlier summary is drawn up anew when read."""


def summary_schema() -> dict[str, Any]:
    """The JSON Schema of a summary."""
    text = files("dryline").joinpath("data/schemas/summary.schema.json").read_text(encoding="utf-8")
    return cast(dict[str, Any], json.loads(text))


def build_summary(run: RunFolder) -> dict[str, Any]:
    """Summary of a recorded run, finished or not."""
    order = Order.from_json(run.manifest["order"])
    web = rollmap.read(run)
    happened = events.read(run)
    return {
        "schema": SCHEMA,
        "run": run_part(run, order, web),
        "mass_balance": balance_part(accounts.mass_balance_of(order.components, accounts.read(run), web)),
        "quality": quality_part(order, web),
        "footprint": footprint_part(run, order, web),
        "properties": {name: asdict(found) for name, found in properties(order, web).items()},
        "defects": {name: asdict(found) for name, found in defects(order, web).items()},
        "daughters": [asdict(roll) for roll in daughter_rolls(order, web)],
        "oee": oee_part(run, order, web, happened),
        "gap": {"nips": [asdict(nip) for nip in nip_gaps(run, run.json_or_empty("setup.json"))]},
        "energy": energy_part(run, order, web),
        "capacity": capacity_part(order),
        "events": {"total": len(happened), "by_kind": dict(Counter(event.kind for event in happened))},
    }


def run_part(run: RunFolder, order: Order, web: RollMapTable) -> dict[str, Any]:
    """What was run, how long, and how many metres came out."""
    length = web.batch.length
    wall, simulated = float(run.manifest["wall_s"]), float(run.manifest["simulated_s"])
    return {
        "line": order.line,
        "recipe": order.recipe,
        "seed": run.manifest["seed"],
        "status": run.status,
        "simulated_s": simulated,
        "wound_m": float(length.sum()),
        "produced_m": float(length[web.batch.product].sum()),
        "good_m": float(length[web.good].sum()),
        "wall_s": wall,
        "realtime_factor": simulated / wall if wall > 0.0 else None,
    }


def balance_part(balances: list[Balance]) -> dict[str, Any]:
    """Mass balance by component, and the worst relative error (None where no account was closed)."""
    part: dict[str, Any] = {}
    for balance in balances:
        row = asdict(balance)
        component, fed = row.pop("component"), row.pop("fed")
        part[component] = {"in": fed, **row}
    part["worst_relative_error"] = max((balance.relative_error for balance in balances), default=None)
    return part


def quality_part(order: Order, web: RollMapTable) -> dict[str, Any]:
    """Quality figures; each None where no product was wound, and that of a side where it is not coated."""
    spreads = product_spreads(order, web)
    part: dict[str, Any] = {}
    for name, (unit, target, tolerance) in targets(order).items():
        found = spreads.get(name)
        part[name] = None if found is None else asdict(quality(found, unit, target, tolerance))
    return part


def oee_part(run: RunFolder, order: Order, web: RollMapTable, happened: list[Event]) -> dict[str, Any]:
    """Effectiveness of the run with its losses, and the material yield."""
    part = asdict(oee(read_ticks(run), web, order, happened))
    part["losses"] = list(part["losses"])
    return part


def energy_part(run: RunFolder, order: Order, web: RollMapTable) -> dict[str, Any]:
    """Energy of the run with all that is charged to good electrode, and what production alone would have taken."""
    ticks = read_ticks(run)
    used = energy(run, ticks.producing)
    running = running_rows(ticks, web)
    length = web.batch.length
    made = float(length[running].sum())
    good = used.in_production * min(float(length[web.good & running].sum()) / made, 1.0) if made > 0.0 else 0.0
    charged = {"good": good, "scrap": used.in_production - good, **(used.outside or dict.fromkeys(PARTS[2:], 0.0))}
    return {
        "kWh": used.kwh,
        **_over(used.kwh, order, web, web.good),
        "production": _over(used.in_production, order, web, running),
        "charged": charged,
        "by_carrier": used.by_carrier,
        "by_station": used.by_station,
        "by_state": used.by_state,
        "uses": [asdict(use) for use in used.uses],
    }


def _over(kwh: float, order: Order, web: RollMapTable, rows: NDArray[np.bool_]) -> dict[str, float | None]:
    """Energy [kWh] over area, coating mass and cell energy of the metres in `rows`; None where there is none of it."""
    area = float(web.batch.length[rows].sum()) * order.kept_width
    mass = float(web.batch.kept_kg[rows].sum())
    cell = area * capacity(order).kwh_per_m2
    parts = {"kWh_per_m2": area, "kWh_per_kg": mass, "kWh_per_kWh": cell}
    return {name: kwh / whole if whole > 0.0 else None for name, whole in parts.items()}


def capacity_part(order: Order) -> dict[str, Any]:
    """Capacity of the line and what it assumes."""
    assumptions = asdict(capacity(order))
    made = {name: assumptions.pop(name) for name in ("gwh_per_year", "m2_per_year")}
    return {**made, "assumptions": assumptions}
