"""Where every loop stands, for records and displays; drawn up on demand, not in every tick."""

from __future__ import annotations

from dryline.control.controller import Controller
from dryline.control.events import LoopStatus, mode_of
from dryline.control.rows import known
from dryline.control.sequence import PRODUCING
from dryline.control.state import ControlState


def loop_statuses(controller: Controller, state: ControlState) -> list[LoopStatus]:
    """Status of the loops of `controller` in `state`: speed, areal mass, profile, thickness, feeders, level,
    jacket.
    """
    p, plan, setup = controller.parameters, controller.plan, controller.setup

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
    level = state.feeding.total[0]
    found.append(
        LoopStatus(
            "surge hopper level",
            "auto",
            controller.supervision.level_set_point,
            known(level.level),
            float(level.total),
            "kg/s",
            bool(level.held),
            bool(level.limited),
        )
    )
    for feeder, fed in zip(plan.feeders, state.feeding.feeders, strict=True):
        found.append(
            LoopStatus(
                feeder.name,
                "cascade",
                float(fed["wanted"]),
                float(fed["flow"]),
                float(fed["speed"]),
                "rev/s",
                bool(fed["held"]),
                bool(fed["limited"]),
            )
        )
    jacket = state.fibrillation
    found.append(
        LoopStatus(
            "fibrillator temperature",
            mode_of(p.fibrillation.gain_factor),
            plan.fibrillation.target,
            jacket.measured,
            jacket.jacket,
            "K",
            jacket.held,
            jacket.limited,
        )
    )
    return found
