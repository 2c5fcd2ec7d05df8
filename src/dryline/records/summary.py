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
from dryline.records.energy import energy
from dryline.records.gap import nip_gaps
from dryline.records.order import Order
from dryline.records.rollmap import RollMapTable
from dryline.records.run_folder import RunFolder
from dryline.records.statistics import Spread, quality, spread

Floats = NDArray[np.float64]

SCHEMA = "dryline-summary/1"


def summary_schema() -> dict[str, Any]:
    """The JSON Schema of a summary."""
    text = files("dryline").joinpath("data/schemas/summary.schema.json").read_text(encoding="utf-8")
    return cast(dict[str, Any], json.loads(text))


def build_summary(run: RunFolder) -> dict[str, Any]:
    """Summary of a recorded run, finished or not."""
    order = Order.from_json(run.manifest["order"])
    web = rollmap.read(run)
    return {
        "schema": SCHEMA,
        "run": run_part(run, order, web),
        "mass_balance": balance_part(accounts.mass_balance_of(order.components, accounts.read(run), web)),
        "quality": quality_part(order, web),
        "gap": {"nips": [asdict(nip) for nip in nip_gaps(run, run.json_or_empty("setup.json"))]},
        "energy": energy_part(run, order, web),
        "capacity": capacity_part(order),
        "events": {"total": len(found := events.read(run)), "by_kind": dict(Counter(e.kind for e in found))},
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


def product_fields(web: RollMapTable) -> tuple[dict[str, Floats], Floats]:
    """Fields (n, L) of the product rows that are known in every lane, and their lengths (n,) [m]."""
    rows = web.batch
    known = np.isfinite(rows.areal_mass_a + rows.areal_mass_b + rows.thickness + rows.porosity).all(axis=1)
    taken = rows.product & known & (rows.length > 0.0)
    fields = {
        "areal_density": (rows.areal_mass_a + rows.areal_mass_b)[taken],
        "areal_density_a": rows.areal_mass_a[taken],
        "areal_density_b": rows.areal_mass_b[taken],
        "thickness": rows.thickness[taken],
        "porosity": rows.porosity[taken],
    }
    return fields, rows.length[taken]


def targets(order: Order) -> dict[str, tuple[str, float, float]]:
    """Unit, target and tolerance of each quality figure, in the unit."""
    side = ("kg/m2", order.side_areal_mass, order.areal_tolerance * order.side_areal_mass)
    return {
        "areal_density": ("kg/m2", order.areal_mass, order.areal_tolerance * order.areal_mass),
        "areal_density_a": side,
        "areal_density_b": side,
        "thickness": ("m", order.thickness, order.thickness_tolerance),
        "porosity": ("1", order.porosity, order.porosity_tolerance),
    }


def product_spreads(order: Order, web: RollMapTable) -> dict[str, Spread]:
    """Spread of every quality figure over the product; empty where none was wound."""
    fields, lengths = product_fields(web)
    if not lengths.size:
        return {}
    widths = np.asarray(order.lane_widths)
    return {name: spread(field, lengths, widths) for name, field in fields.items()}


def quality_part(order: Order, web: RollMapTable) -> dict[str, Any]:
    """Quality figures; each None where no product was wound."""
    spreads = product_spreads(order, web)
    part: dict[str, Any] = {}
    for name, (unit, target, tolerance) in targets(order).items():
        found = spreads.get(name)
        part[name] = None if found is None else asdict(quality(found, unit, target, tolerance))
    return part


def energy_part(run: RunFolder, order: Order, web: RollMapTable) -> dict[str, Any]:
    """Electricity in all, and over the area and the coating mass of the product."""
    used = energy(run)
    product = web.batch.product
    area = float(web.batch.length[product].sum()) * order.kept_width
    mass = float(web.batch.kept_kg[product].sum())
    return {
        "kWh": used.kwh,
        "kWh_per_m2": used.kwh / area if area > 0.0 else None,
        "kWh_per_kg": used.kwh / mass if mass > 0.0 else None,
        "by_station": used.by_station,
        "by_state": used.by_state,
    }


def capacity_part(order: Order) -> dict[str, Any]:
    """Capacity of the line and what it assumes."""
    assumptions = asdict(capacity(order))
    return {"gwh_per_year": assumptions.pop("gwh_per_year"), "assumptions": assumptions}
