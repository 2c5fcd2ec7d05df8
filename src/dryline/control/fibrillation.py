"""Fibrillation: hold the specific work, and trim the jacket so that the powder leaves at its set-up
temperature.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from dryline.control.estimates import within


@dataclass(frozen=True)
class FibrillationParameters:
    """Tuning (assumed): slow integral, nominal gain of the jacket on the powder is taken as 1, which is safe.

    `time` [s] closed-loop time; `jacket_range` [K] about the set-up; `jacket_rate` [K/s]; `plausible` [K].
    """

    gain_factor: float = 1.0
    time: float = 600.0
    jacket_range: float = 15.0
    jacket_rate: float = 0.05
    plausible: float = 60.0


@dataclass(frozen=True)
class FibrillationPlan:
    """Set-up figures: specific work [J/kg], jacket and product temperature [K], highest product temperature
    [K].
    """

    work: float
    jacket: float
    target: float
    target_max: float


class FibrillationState(NamedTuple):
    """Jacket temperature reference [K], measured product temperature [K], flags."""

    jacket: float
    measured: float | None = None
    held: bool = True
    limited: bool = False
    manual: bool = False


def fibrillation_step(
    p: FibrillationParameters,
    plan: FibrillationPlan,
    state: FibrillationState,
    temperature: float | None,
    running: bool,
    dt: float,
) -> FibrillationState:
    """Advance the jacket reference: dT_j/dt = (target - T)/time; held without flow or without a believable
    reading.
    """
    if temperature is None or abs(temperature - plan.target) > p.plausible or not running:
        return FibrillationState(state.jacket, temperature, True, False, state.manual)
    if state.manual:
        return FibrillationState(state.jacket, temperature, False, False, True)
    target = min(plan.target, plan.target_max)
    wanted = p.gain_factor * (target - temperature) * dt / p.time
    step = p.jacket_rate * dt
    low, high = plan.jacket - p.jacket_range, plan.jacket + p.jacket_range
    jacket = within(state.jacket + within(wanted, -step, step), low, high)
    return FibrillationState(jacket, temperature, False, jacket != state.jacket + wanted)
