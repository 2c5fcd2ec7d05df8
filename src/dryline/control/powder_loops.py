"""The loops of the powder side as the loop list shows them: level, feeders, fibrillation."""

from __future__ import annotations

from dryline.control.events import mode_of
from dryline.control.feeders import FeederPlan
from dryline.control.feeding import HopperPlan
from dryline.control.fibrillation import FibrillationParameters, FibrillationPlan
from dryline.control.modes import Loop, Place
from dryline.control.parameters import Parameters

LEVEL, JACKET = "surge hopper level", "fibrillator temperature"


def feeding_loops(hopper: HopperPlan, p: Parameters, feeders: tuple[FeederPlan, ...], speed: float) -> tuple[Loop, ...]:
    """Level and feeders; nothing here counts web, so lengths are what passes at the rated `speed` [m/s]. Of the level the gain is
    d(level)/dt per flow [1/kg].
    """
    total = Loop(
        LEVEL, "auto", "level of the surge hopper", "1", "total flow", "kg/s", 0.0, p.level.flow_max * hopper.rated,
        1.0 / hopper.capacity, 0.0, p.level.flow_time, p.level.time * speed, Place(("total",), 0, "manual"),
        Place(("total",), 0, "total"),
    )  # fmt: skip
    return (
        total,
        *(
            Loop(
                feeder.name, "cascade", "weight, screw speed", "kg/s", "screw speed", "rev/s", 0.0, feeder.speed_max,
                feeder.factor_max, 0.0, 0.0, p.feeders.window_share * feeder.window * speed, Place(("feeders",), k, "manual"),
                Place(("feeders",), k, "speed"),
            )
            for k, feeder in enumerate(feeders)
        ),
    )  # fmt: skip


def fibrillation_loop(p: FibrillationParameters, plan: FibrillationPlan, speed: float) -> Loop:
    """Jacket of the fibrillator; its gain is taken as one."""
    low, high = plan.jacket - p.jacket_range, plan.jacket + p.jacket_range
    length = p.time * speed / max(p.gain_factor, 1e-9)
    return Loop(
        JACKET, mode_of(p.gain_factor), "product temperature", "K", "jacket temperature", "K", low, high, 1.0, 0.0, 0.0, length,
        Place(("manual",)), Place(("jacket",)),
    )  # fmt: skip
