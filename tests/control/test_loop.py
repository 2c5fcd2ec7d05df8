"""The loop writes, reads and decides, in that order, under any clock."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from model_line import ModelLine

from dryline.control.controller import Controller
from dryline.control.loop import run
from dryline.control.sequence import Order, State


class StillClock:
    """A clock that only counts how often it was waited for."""

    waited = 0

    def wait(self, period: float) -> None:
        assert period == 0.1
        self.waited += 1


def test_the_first_exchange_writes_the_commands_of_the_start(line, setup):
    controller, clock = Controller(line, setup), StillClock()
    steps = list(run(ModelLine(line, setup), controller, clock, ticks=5))
    assert (steps[0].commands.values == controller.start().commands.values).all()
    assert [step.commands.sequence for step in steps] == [0, 1, 2, 3, 4]
    for before, after in pairwise(steps):
        assert after.commands is before.state.commands
    assert clock.waited == 5


def test_it_ends_when_asked_and_passes_requests_on(line, setup):
    controller = Controller(line, setup)
    steps = list(
        run(
            ModelLine(line, setup),
            controller,
            StillClock(),
            ticks=4000,
            until=lambda step: step.state.sequence.state is State.STOPPED and step.readings.time > 5.0,
            requests=lambda step: (Order.STOP,) if step.readings.sequence == 200 else (),
        )
    )
    assert 200 < len(steps) < 300
    assert steps[-1].state.sequence.state is State.STOPPED


def test_a_loop_goes_on_from_a_state(line, setup):
    whole = [
        s.commands.values
        for s in run(ModelLine(line, setup), Controller(line, setup), StillClock(), ticks=60)
    ]
    machine, parts = ModelLine(line, setup), []
    state = None
    for _ in range(2):
        for step in run(machine, Controller(line, setup), StillClock(), ticks=30, state=state):
            parts.append(step.commands.values)
        state = step.state
    assert all((a == b).all() for a, b in zip(whole, parts, strict=True))


def test_a_machine_of_another_line_is_refused(line, setup):
    machine = ModelLine(line, setup)
    machine.commands = type("Table", (), {"size": 3})()
    with pytest.raises(ValueError, match="not the same line"):
        next(run(machine, Controller(line, setup), StillClock(), ticks=1))
    assert np.isfinite(machine.time)
