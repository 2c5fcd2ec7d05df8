"""A comparison as JSON values, the form that `dryline compare --json` prints; `compare.schema.json` describes it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, cast

import numpy as np

from dryline.line.setup import LimitCheck
from dryline.studies.planning.bill import total, yearly
from dryline.studies.planning.claims import boundary_table
from dryline.studies.planning.comparison import Comparison, Sampled
from dryline.studies.planning.cost import cost
from dryline.studies.planning.electrode_line import ElectrodeLine
from dryline.studies.planning.environment import environment, material_side
from dryline.studies.planning.figures import prices_with, site_with
from dryline.studies.planning.outcomes import CASES, COST_BOUNDARIES, ENERGY_BOUNDARIES, Key, Kind, Saving
from dryline.studies.planning.planner import Answers
from dryline.studies.planning.sensitivity import Swing, Turn

SCHEMA = "dryline-compare/1"
KWH = 3.6e6
KINDS: dict[Kind, dict[str, str]] = {"energy": ENERGY_BOUNDARIES, "cost": COST_BOUNDARIES}
TOP = 8
"""Shares of variance that are told of a figure."""


def compare_schema() -> dict[str, Any]:
    """The JSON Schema of a printed comparison."""
    text = files("dryline").joinpath("data/schemas/compare.schema.json").read_text(encoding="utf-8")
    return cast(dict[str, Any], json.loads(text))


def document(found: Comparison, planner: Answers) -> dict[str, Any]:
    """A comparison as JSON values; what is not known is null. Energies in kWh per kWh of good cells, money per kWh of good cells
    in the currency of the site.
    """
    question = found.question
    cases = {case: _case(found, case) for case in CASES}
    values = {
        "schema": SCHEMA,
        "line": question.cathode.line.name,
        "anode_line": question.anode.line.name,
        "chemistry": question.chemistry,
        "site": question.site.name,
        "currency": question.site.currency,
        "seed": found.seed,
        "cost_basis": found.basis,
        "capacity": _capacity(found, planner),
        "energy": cases["both"]["energy"],
        "cost": cases["both"]["cost"],
        "cases": cases,
        "set_ups": {name: _set_ups(one) for name, one in found.priors.items()},
        "lines": _lines(found),
        "tornado": {_named(key): [_swing(one) for one in swings] for key, swings in found.swings.items()},
        "turning_points": {_named(key): [_turn(one) for one in turns] for key, turns in found.turns.items()},
        "variance_shares": {
            name: {
                _named(key): dict(list(shares.items())[:TOP])
                for key, shares in one.shares.items()
                if key.case == "both" and key in found.swings
            }
            for name, one in found.priors.items()
        },
        "planner": _planner(planner),
        "claims": [
            {"who": one.claim.who, "date": one.claim.date, "quantity": one.claim.quantity, "value": one.claim.text,
             "unit": one.claim.unit, "boundary": one.said, "held_against": list(one.boundaries), "source": one.claim.source}
            for one in boundary_table()
        ],
        "inputs": [
            {"name": one.name, "about": one.about, "kind": one.kind, "unit": one.unit, "central": one.central, "low": one.low,
             "high": one.high, "sourced": None if one.sourced is None else list(one.sourced), "tag": one.tag,
             "source": one.source}
            for one in question.inputs
        ],
    }  # fmt: skip
    return cast(dict[str, Any], plain(values))


def plain(value: Any) -> Any:
    """JSON values: arrays as lists, single figures as floats, what is no finite number as null."""
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def _named(key: Key) -> str:
    return f"{key.kind}.{key.boundary}.{key.vintage}"


def _case(found: Comparison, case: str) -> dict[str, Any]:
    vintages = list(dict.fromkeys(key.vintage for key in found.centre))
    return {
        kind: {
            boundary: {vintage: _figure(found, Key(case, kind, boundary, vintage)) for vintage in vintages}
            for boundary in boundaries
        }
        for kind, boundaries in KINDS.items()
    }


def _figure(found: Comparison, key: Key) -> dict[str, Any]:
    pair = found.centre[key]
    unit = "kwh_per_kwh" if key.kind == "energy" else "per_kwh"
    sourced, wide = (found.priors[name].savings[key] for name in ("sourced", "estimates"))
    return {
        f"dry_{unit}": float(np.mean(pair.dry)),
        f"wet_{unit}": float(np.mean(pair.wet)),
        "saving": sourced.saving,
        **_band(sourced),
        "estimates": _band(wide),
    }


def _band(saving: Saving) -> dict[str, Any]:
    values: dict[str, Any] = {
        "saving_p5": saving.band.p5, "saving_p50": saving.band.p50, "saving_p95": saving.band.p95,
        "probability_of_claim": saving.probability,
    }  # fmt: skip
    if saving.about is not None:
        values["probability_within_5_points"] = saving.about
    return values


def _capacity(found: Comparison, planner: Answers) -> dict[str, Any]:
    line = found.lines.dry["cathode"]
    bands = {
        name: {"p5": one.capacity.band.p5, "p50": one.capacity.band.p50, "p95": one.capacity.band.p95,
               "probability_of_claim": one.capacity.probability, "probability_of_5_or_more": one.capacity.at_least}
        for name, one in found.priors.items()
    }  # fmt: skip
    return {
        "gwh_per_year": planner.gwh["cathode"],
        **bands["sourced"],
        "estimates": bands["estimates"],
        "anode_line_gwh_per_year": planner.gwh["anode"],
        "kwh_per_m2_of_foil": float(np.mean(line.product.energy_per_area)) / KWH,
        "speed_m_per_min": 60.0 * float(np.mean(line.speed)),
        "coated_width_m": float(np.mean(line.coated_width)),
        "running_hours": float(np.mean(line.calendar.run)) / 3600.0,
        "oee": float(np.mean(found.question.working.oee)),
        "planned_hours": float(np.mean(found.question.working.planned)) / 3600.0,
        "yield": float(np.mean(line.area_yield * line.cell_yield)),
    }


def _set_ups(one: Sampled) -> dict[str, Any]:
    return {"samples": one.samples, "used": one.used, "calls": one.calls, "refused": dict(one.refused)}


def _lines(found: Comparison) -> dict[str, Any]:
    shown = {f"dry_{name}": line for name, line in found.lines.dry.items()}
    for vintage, pair in found.lines.wet.items():
        shown |= {f"wet_{name}_{vintage}": line for name, line in pair.items()}
    return {name: _line(found, line) for name, line in shown.items()}


def _line(found: Comparison, line: ElectrodeLine) -> dict[str, Any]:
    question, values = found.question, found.values
    site, prices = site_with(question, values), prices_with(question, values, found.lines)
    costing = cost(line, site, prices, found.basis)
    surroundings = environment(line, site, prices)
    uses = yearly(line)
    steps = list(dict.fromkeys(use.step for use in uses))
    return {
        "origin": line.origin,
        "energy_kwh_per_kwh": {
            step: {
                carrier: float(np.mean(total(uses, lambda use, s=step, c=carrier: use.step == s and use.carrier == c)))  # type: ignore[misc]
                / float(np.mean(line.good_energy))
                for carrier in dict.fromkeys(use.carrier for use in uses if use.step == step)
            }
            for step in steps
        },
        "energy_by_state_kwh_per_kwh": {
            state: float(np.mean(total(uses, lambda use, s=state: use.state == s))) / float(np.mean(line.good_energy))  # type: ignore[misc]
            for state in ("run", "idle", "heat_up", "stop")
        },
        "cost_per_kwh": costing.by_kind(),
        "environment_per_kwh": {
            "solvent_evaporated_kg": surroundings.solvent_evaporated,
            "solvent_emitted_kg": surroundings.solvent_emitted,
            "exhaust_air_kg": surroundings.exhaust,
            "water_kg": surroundings.water,
            "dust_caught_kg": surroundings.dust_caught,
            "dust_emitted_kg": surroundings.dust_emitted,
            "waste_kg": surroundings.waste,
            "co2_kg": surroundings.co2_total,
        },
        "materials_per_kwh": [row._asdict() for row in material_side(line, site, prices)],
    }


def _swing(one: Swing) -> dict[str, Any]:
    return {"input": one.name, "low_input": one.low_input, "high_input": one.high_input, "low": one.low, "high": one.high}


def _turn(one: Turn) -> dict[str, Any]:
    return {"input": one.name, "value": one.value, "holds_above": one.above, "holds_in_all_of_the_range": one.always}


def _check(check: LimitCheck | None) -> dict[str, Any] | None:
    if check is None:
        return None
    return {"limit": check.limit, "station": check.station, "value": check.value, "bound": check.bound, "unit": check.unit}


def _planner(planner: Answers) -> dict[str, Any]:
    balance = planner.balance
    return {
        "target_gwh_per_year": planner.target,
        "cathode_lines": balance.cathode_lines, "anode_lines": balance.anode_lines,
        "cathode_lines_exact": balance.cathode_exact, "anode_lines_exact": balance.anode_exact,
        "limited_by": balance.limited_by,
        "lines": {
            name: {
                "gwh_per_year": planner.gwh[name],
                "highest_speed_m_per_min": 60.0 * planner.reach[name].speed,
                "beyond_rated_speed_m_per_min": 60.0 * planner.reach[name].beyond,
                "bottleneck": planner.reach[name].bottleneck,
                "bottleneck_check": _check(planner.reach[name].limit),
                "speed_for_target_m_per_min": 60.0 * planner.wanted[name].speed,
                "speed_refused_by": _check(planner.wanted[name].speed_refused),
                "loading_for_target_mg_per_cm2": 100.0 * planner.wanted[name].loading,
                "loading_refused_by": _check(planner.wanted[name].loading_refused),
                "tightest_limits": [_check(check) for check in planner.tightest[name]],
                "losses": [loss._asdict() for loss in planner.losses[name]],
                "ramp_up": {
                    "month": planner.ramp_up[name].month, "oee": planner.ramp_up[name].oee, "yield": planner.ramp_up[name].good,
                    "gwh": planner.ramp_up[name].energy / 3.6e12,
                },
            }
            for name in planner.gwh
        },
    }  # fmt: skip
