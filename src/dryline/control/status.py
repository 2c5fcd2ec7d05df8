"""Where every loop stands, for records and displays; drawn up on demand, not in every tick."""

from __future__ import annotations

from dryline.control.controller import Controller
from dryline.control.events import LoopStatus
from dryline.control.rows import known
from dryline.control.sequence import PRODUCING
from dryline.control.state import ControlState


def loop_statuses(controller: Controller, state: ControlState) -> list[LoopStatus]:
    """Status of the loops of `controller` in `state`: speed, areal mass, profile, thickness, feeders, level,
    jacket.
    """
    p, plan, setup = controller.parameters, controller.plan, controller.setup

    def mode(gain: float, closed: str = "auto") -> str:
        return closed if gain > 0.0 else "manual"

    target_speed = setup.speed if state.sequence.state in PRODUCING else 0.0
    ramping = state.sequence.speed != target_speed
    found = [
        LoopStatus(
            "line speed", "auto", target_speed, state.speed, state.sequence.speed, "m/s", False, ramping
        )
    ]
    factor = 1.0 + state.scanner.trim
    for side, areal in zip(plan.areal, state.areal, strict=True):
        rate = side.rate * (1.0 + areal.trim)
        found.append(
            LoopStatus(
                f"areal mass {side.side}",
                mode(p.areal.gain_factor, "cascade"),
                side.target * factor,
                areal.measured,
                rate,
                "kg/m",
                areal.held,
                areal.limited,
            )
        )
    scanner = state.scanner
    found.append(
        LoopStatus(
            "areal mass by scanner",
            mode(p.scanner.gain_factor),
            setup.areal_mass,
            scanner.coating,
            scanner.trim,
            "1",
            scanner.held,
            scanner.limited,
        )
    )
    for side, profile in zip(plan.areal, state.profiles, strict=True):
        found.append(
            LoopStatus(
                f"profile {side.side}",
                mode(p.profile.gain_factor),
                0.0,
                float(profile.error.std()),
                float(abs(profile.trims).max()),
                "1",
                profile.held,
                profile.limited,
            )
        )
    closed = p.thickness.gain_factor
    for gap, now in zip(plan.gaps, state.gaps, strict=True):
        found += [
            LoopStatus(
                f"{gap.nip} thickness",
                mode(closed, "gap"),
                gap.target,
                now.mean,
                now.gap,
                "m",
                now.held,
                now.gap_limited,
            ),
            LoopStatus(
                f"{gap.nip} tilt", mode(closed), 0.0, now.wedge, now.tilt, "m", now.held, now.tilt_limited
            ),
            LoopStatus(
                f"{gap.nip} bending",
                mode(closed if gap.bending_response else 0.0),
                0.0,
                now.bow,
                now.bending_force,
                "N",
                now.held,
                now.bending_limited,
            ),
        ]
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
            mode(p.fibrillation.gain_factor),
            plan.fibrillation.target,
            jacket.measured,
            jacket.jacket,
            "K",
            jacket.held,
            jacket.limited,
        )
    )
    return found
