"""Mass of every component: fed = vapour + taken + change of stored, to 1e-12, whatever happens on the powder side."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from powder_case import NOTHING, no_disturbances, some_disturbances, started

from dryline.twin.powder import advance_powder
from dryline.twin.powder_state import (
    CONTENT,
    DELIVERED,
    EMPTY,
    FED,
    REFILLED,
    REFILLS,
    SPEED,
    STARVED,
    TAKEN,
    VAPOUR,
    WATER,
    powder_stored,
)

SITUATIONS: dict[str, dict[str, Any]] = {
    "quiet": {"disturbances": no_disturbances},
    "disturbed": {},
    "refills": {"line": {"hopper_capacity": 1.5, "refill_time": 2.0}},
    "bridges": {"set": {"bridging_per_hour_ptfe": 600.0}},
    "lots": {"set": {"lot_mass": 4.0, "bag_mass": 1.0, "ptfe_lot_mass": 0.05}},
    "stopped": {"speed": 0.0, "taken": 0.0},
    "hopper runs empty": {"taken": 0.5},
    "feeders run empty": {"line": {"refill_level": 0.0, "hopper_capacity": 2.0}},
    "no flow and no powder": {"line": {"refill_level": 0.0, "hopper_capacity": 0.5}, "taken": 5.0},
    "overfed": {"speed": 3.0, "taken": 0.0},
    "no delay": {"line": {"dead_time": 0.0, "plug_time": 0.0}},
}


@pytest.mark.parametrize("tick", [0.05, 0.1, 0.2])
@pytest.mark.parametrize("name", SITUATIONS)
def test_mass_closes(name: str, tick: float) -> None:
    case = SITUATIONS[name]
    disturbances = case.get("disturbances", some_disturbances)(**case.get("set", {}))
    p, s, _ = started(disturbances, seed=3, tick=tick, **case.get("line", {}))
    speeds = s.powder_feeder[SPEED] * case.get("speed", 1.0)
    taken = case.get("taken", 0.0475) * tick / 0.1
    stored, content = powder_stored(s), s.powder_feeder[CONTENT].copy()
    starved = emptied = False
    for n in range(round(200.0 / tick)):
        advance_powder(p, s, speeds, p.work, p.jacket_temperature, taken, n, NOTHING)
        starved, emptied = starved or s.powder_reading[STARVED] > 0.0, emptied or s.powder_feeder[EMPTY].max() > 0.0
    account = s.powder_account
    error = account[FED] - account[VAPOUR] - account[TAKEN] - (powder_stored(s) - stored)
    scale = np.maximum(account[FED], stored)
    assert np.all(np.abs(error) <= 1e-12 * scale)
    feeder = s.powder_feeder
    drawn = content + feeder[REFILLED] - feeder[DELIVERED] - feeder[CONTENT]
    assert np.all(np.abs(drawn) <= 1e-12 * (content + feeder[REFILLED]))
    assert account[FED].sum() == pytest.approx(feeder[DELIVERED].sum(), rel=1e-12)
    assert starved == (name in ("hopper runs empty", "no flow and no powder"))
    assert emptied == (name in ("feeders run empty", "no flow and no powder"))
    assert (s.powder_count[REFILLS, 0] > 0) == (name == "refills" or name == "overfed")
    assert np.all(feeder[CONTENT] >= 0.0)


def test_water_enters_with_the_powder() -> None:
    p, s, _ = started(no_disturbances())
    for n in range(200):
        advance_powder(p, s, s.powder_feeder[SPEED], p.work, p.jacket_temperature, 0.0475, n, NOTHING)
    fed = s.powder_account[FED]
    assert fed[WATER] == pytest.approx(p.moisture * fed[:WATER].sum(), rel=1e-12)
