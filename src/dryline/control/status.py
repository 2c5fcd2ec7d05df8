"""Where every loop stands, for records and displays; drawn up on demand, not in every tick."""

from __future__ import annotations

from math import nan

from dryline.control.controller import Controller
from dryline.control.events import LoopStatus
from dryline.control.powder_loops import JACKET, LEVEL
from dryline.control.sequence import PRODUCING
from dryline.control.state import ControlState


def loop_statuses(controller: Controller, state: ControlState) -> list[LoopStatus]:
    """Status of the loops of `controller` in `state`: speed, areal mass, profile, thickness, feeders, level,
    jacket.
    """
    plan, setup = controller.plan, controller.setup

    asked = state.sequence.asked
    rated = setup.speed if asked is None else min(asked, setup.speed)
    target_speed = rated if state.sequence.state in PRODUCING else 0.0
    ramping = state.sequence.speed != target_speed
    found = [
        LoopStatus(
            "line speed", "auto", target_speed, state.speed, state.sequence.speed, "m/s", False, ramping
        )
    ]
    found += controller.quality.statuses(state.quality)
    found += controller.levelling.statuses(state.levelling)
    feeding, jacket = state.feeding, state.fibrillation
    level = feeding.total[0]
    named = {loop.name: loop for loop in controller.loops[-len(plan.feeders) - 2 :]}
    found.append(
        named[LEVEL].row_status(state, controller.supervision.level_set_point, level, "level")
    )
    for feeder, fed in zip(plan.feeders, feeding.feeders, strict=True):
        found.append(named[feeder.name].row_status(state, fed["wanted"], fed, "flow"))
    measured = nan if jacket.measured is None else jacket.measured
    found.append(named[JACKET].status(state, plan.fibrillation.target, measured, jacket.held, jacket.limited))
    return found
