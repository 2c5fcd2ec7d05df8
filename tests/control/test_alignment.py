"""The way to a line gauge, found from the weighed film."""

from __future__ import annotations

import numpy as np
import pytest
from stack_case import WebLine, run, stack_of

from dryline.control.alignment import REACH, ways_for
from dryline.control.parameters import Parameters
from dryline.control.plan import plan_of
from dryline.control.stack import FullStack
from dryline.control.stack_plan import stack_plan


def believed(line, setup, error):
    """Figures as they are, and a stack that believes in ways off by a relative error."""
    plan, figures, _ = stack_of(line, setup)
    wrong = plan_of(line, setup, Parameters().thickness, 100, 40, 0.0, error)
    return plan, figures, FullStack(wrong, Parameters(), stack_plan(line, setup, wrong, 0.03, error), 100, 40)


@pytest.mark.parametrize("error", [-0.2, -0.05, 0.0, 0.1, 0.25])
def test_the_way_is_found_and_the_noise_cancelled_again(line, setup, error):
    plan, figures, stack = believed(line, setup, error)
    web = WebLine(plan, figures, noise=0.005, seed=3)
    state, _, _ = run(stack, web, 1500)
    assert state.sides["way"] * (1.0 + error) == pytest.approx(1.0, abs=0.012)
    assert np.std(web.areal[900:]) < 0.0006


def test_the_nominal_way_is_kept_while_nothing_clearly_better_is_seen(line, setup):
    plan, figures, stack = believed(line, setup, 0.0)
    state, _, _ = run(stack, WebLine(plan, figures, noise=0.0005), 2000)
    assert state.sides["way"].tolist() == [1.0, 1.0]
    still, _, _ = run(believed(line, setup, 0.1)[2], WebLine(plan, figures), 1000)
    assert still.sides["way"].tolist() == [1.0, 1.0], "a metering without noise shows nothing"


def test_without_the_scale_it_is_not_looked_for(line, setup):
    plan, figures, stack = stack_of(line, setup, feed_forward=False)
    state, _, _ = run(stack, WebLine(plan, figures, noise=0.005), 500)
    assert state.sides["compared"].tolist() == [0.0, 0.0] and not state.sums.any()


def test_ways_are_a_cell_apart_around_the_nominal_one():
    assert ways_for(3.0, 0.02) == 2 * round(3.0 * REACH / 0.02) + 1
