"""Starts and ramps of the line on the twin with all disturbances: the web is good from the first metres on."""

from __future__ import annotations

import numpy as np
import pytest

import dryline
from dryline.control.controller import Controller
from dryline.control.speeds import SpeedParameters
from dryline.records.order import order_of
from dryline.twin.machine import TwinMachine

TOLERANCE = 0.015
THREAD = SpeedParameters().thread


class Ramped:
    """A line under its full stack; the web that it winds, and where the line left its threading speed."""

    def __init__(self, name, seed, ticks, asked=None):
        loaded = dryline.load(name, settings=["web.lanes=40"])
        self.setup = dryline.set_up(loaded)
        self.target = order_of(loaded.line, loaded.recipe, self.setup).areal_mass
        self.machine = TwinMachine(loaded.line, loaded.recipe, self.setup, loaded.disturbances, seed)
        self.controller = Controller(loaded.line, self.setup)
        self.state = self.controller.ask_speed(self.controller.start(), asked)
        self.batches, self.left = [], None
        self.run(ticks)

    @property
    def wound(self):
        return float(self.machine.twin.line["wound"][0])

    def run(self, ticks):
        for _ in range(ticks):
            self.state, _ = self.controller.decide(self.state, self.machine.exchange(self.state.commands))
            if self.left is None and self.state.sequence.speed > 1.001 * THREAD:
                self.left = self.wound
            if (batch := self.machine.finished_web()) is not None:
                self.batches.append(batch)

    def outside(self, since):
        """Metres of web behind a place that lie outside the tolerance in any kept lane, and all of them."""
        mass = np.concatenate([batch.areal_mass_a + batch.areal_mass_b for batch in self.batches])
        start = np.concatenate([batch.start for batch in self.batches])
        bad = (np.abs(mass / self.target - 1.0) > TOLERANCE).any(axis=1)[start >= since]
        return int(bad.sum()), bad.size


@pytest.mark.parametrize(("name", "seed"), [("lfp-cathode", 1), ("graphite-anode", 2)])
def test_a_start_makes_at_most_sixty_metres_outside_tolerance(name, seed):
    ramped = Ramped(name, seed, 3000)
    assert ramped.state.speed == pytest.approx(ramped.setup.speed, rel=0.01)
    bad, all_ = ramped.outside(ramped.left)
    assert all_ > 120 and bad <= 60


@pytest.mark.parametrize(("name", "seed"), [("nmc811-cathode", 1), ("graphite-anode", 3)])
def test_a_ramp_from_a_third_of_the_speed_stays_within_tolerance(name, seed):
    ramped = Ramped(name, seed, 3500, asked=20.0 / 60.0)
    assert ramped.state.speed == pytest.approx(20.0 / 60.0, rel=0.01)
    since = ramped.wound - 10.0
    ramped.state = ramped.controller.ask_speed(ramped.state, None)
    ramped.run(900)
    assert ramped.state.speed == pytest.approx(ramped.setup.speed, rel=0.01)
    bad, all_ = ramped.outside(since)
    assert all_ > 60 and bad == 0


def test_a_speed_at_which_a_line_stands_is_not_asked_for():
    ramped = Ramped("lfp-cathode", 1, 1)
    with pytest.raises(ValueError, match="stop it instead"):
        ramped.controller.ask_speed(ramped.state, 0.0)
