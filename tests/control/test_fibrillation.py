"""The jacket follows the product temperature slowly and within its range."""

from __future__ import annotations

import pytest

from dryline.control.fibrillation import (
    FibrillationParameters,
    FibrillationPlan,
    FibrillationState,
    fibrillation_step,
)

PLAN = FibrillationPlan(work=1e5, jacket=313.0, target=363.0, target_max=368.0)


def test_it_settles_within_range_and_holds_without_flow_or_reading():
    p, state, temperature = FibrillationParameters(), FibrillationState(PLAN.jacket), 367.0
    for _ in range(60000):
        state = fibrillation_step(p, PLAN, state, temperature, True, 0.1)
        settled = 367.0 + 0.5 * (state.jacket - PLAN.jacket)
        temperature += 0.1 / 120.0 * (settled - temperature)
    assert temperature == pytest.approx(363.0, abs=0.1) and state.jacket < PLAN.jacket
    assert fibrillation_step(p, PLAN, state, None, True, 0.1).jacket == state.jacket
    assert fibrillation_step(p, PLAN, state, 380.0, False, 0.1).jacket == state.jacket
    for _ in range(60000):
        state = fibrillation_step(p, PLAN, state, 400.0, True, 0.1)
    assert state.jacket == PLAN.jacket - p.jacket_range and state.limited
