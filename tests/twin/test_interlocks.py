"""Breaks, failed sensors and lost commands: the rolls keep their distance, whatever control asks, and the line says why."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest

import dryline
from dryline.control.controller import Controller
from dryline.control.sequence import State
from dryline.line.disturbances import SensorFault
from dryline.line.load import InputError
from dryline.line.machine import Commands
from dryline.line.tags import INTERLOCKS
from dryline.twin.machine import TwinMachine

LEAST = 3e-6
BEGIN = 190.0
"""The line has been at its speed for a while [s]."""


@pytest.fixture(scope="module")
def lines():
    names = ("graphite-anode", "lfp-cathode", "nmc811-cathode", "sulfide-separator")
    return {name: dryline.load(name, settings=["web.lanes=20"]) for name in names}


class Shift:
    """A line that runs for a while; what its drives said, its smallest margins and gaps."""

    def __init__(self, loaded, faults=(), seed=1, setup=None, plant=None):
        d = loaded.disturbances.model_copy(update={"faults": tuple(faults)})
        self.setup = setup or dryline.set_up(loaded)
        self.machine = TwinMachine((plant or loaded).line, (plant or loaded).recipe, self.setup, d, seed)
        self.controller = Controller(loaded.line, self.setup)
        self.state = self.controller.start()
        self.nips = [nip.name for nip in loaded.line.nips]
        truth = self.machine.truth_tags
        self.at = np.array([truth.index(f"{nip}/contact_margin") for nip in self.nips])
        self.margin, self.gap, self.events, self.codes = np.full(len(self.nips), 1.0), np.full(len(self.nips), 1.0), [], set()

    def run(self, seconds, commands=None):
        read = self.machine.readings
        for _ in range(round(seconds / 0.1)):
            readings = self.machine.exchange(commands or self.state.commands)
            self.margin = np.minimum(self.margin, self.machine.truth[self.at])
            self.gap = np.minimum(self.gap, self.machine.twin.nips["tick_sum"][:, 3])
            self.codes |= {
                (nip, INTERLOCKS[int(readings.values[read.index(f"{nip}/interlock")])]) for nip in self.nips
            } - {(nip, "none") for nip in self.nips}
            if commands is None:
                self.state, _ = self.controller.decide(self.state, readings)
                self.events += self.state.events
        return self

    def kept_apart(self):
        assert self.margin.min() >= LEAST, dict(zip(self.nips, self.margin * 1e6, strict=True))
        assert self.gap.min() > 0.0
        return True

    @property
    def aborted(self):
        return self.state.sequence.state in (State.ABORTING, State.ABORTED)


@pytest.mark.parametrize("name", ["lfp-cathode", "nmc811-cathode"])
@pytest.mark.parametrize("nip", [1, 2, 6])
def test_a_film_that_tears_is_gone_from_the_nip_and_all_nips_open(lines, name, nip):
    shift = Shift(lines[name]).run(BEGIN)
    assert shift.state.sequence.state is State.EXECUTE and not shift.codes
    shift.machine.breaks.state[0] = nip + 1
    lost = shift.nips[nip]
    force = shift.machine.twin.nips["force"]
    before = float(force[nip])
    shift.run(0.3)
    assert force[nip] < 0.05 * before, "nothing enters the nip any more"
    assert (lost, "film lost") in shift.codes
    assert {other for other, why in shift.codes if why == "another nip"} == set(shift.nips) - {lost}
    assert shift.aborted
    shift.run(20.0)
    positions = shift.machine.twin.nips["axis"][:, :, 0].mean(axis=1)
    chocks = np.array([point.chock_gap for point in shift.setup.nips])
    assert (positions > chocks + 0.9e-3).all(), "all nips stand open"
    assert shift.kept_apart()


def test_a_lost_film_is_seen_at_whatever_moment_of_a_tick_it_goes(lines):
    """While it threads the line needs about a tick for the cell in a nip, and the nips stand at different places in theirs."""
    shift = Shift(lines["lfp-cathode"]).run(140.0)
    assert shift.state.sequence.state is State.STARTING and not shift.codes
    for nip in (1, 2, 4, 5) * 3:
        torn = deepcopy(shift)
        torn.machine.breaks.state[0] = nip + 1
        torn.run(0.6)
        assert (shift.nips[nip], "film lost") in torn.codes
        shift.run(0.1)


@pytest.mark.parametrize(("name", "nip"), [("nmc811-cathode", "thinning_nip_a2"), ("sulfide-separator", "thinning_nip_a3")])
@pytest.mark.parametrize(("kind", "size"), [("stuck", 0.0), ("silent", 0.0), ("jump", 30e-6), ("jump", -30e-6)])
def test_a_gap_sensor_that_fails_opens_its_nip(lines, name, nip, kind, size):
    fault = SensorFault(signal=f"{nip}/position", kind=kind, side="drive", begin=BEGIN, size=size)
    shift = Shift(lines[name], [fault]).run(BEGIN + 10.0)
    assert (nip, "gap sensor") in shift.codes and shift.kept_apart()
    assert any(event.source == nip and "gap sensor" in event.message for event in shift.events)
    assert shift.aborted


@pytest.mark.parametrize("side", ["drive", "operator", None])
@pytest.mark.parametrize("rate", [0.2, -0.2])
def test_a_load_cell_that_drifts_does_not_bring_the_rolls_together(lines, side, rate):
    """By 20 % a minute; the gaugemeter follows it, the gauges correct, the margin holds."""
    fault = SensorFault(signal="thinning_nip_a2/force", kind="drift", side=side, begin=BEGIN, size=rate)
    assert Shift(lines["nmc811-cathode"], [fault]).run(BEGIN + 120.0).kept_apart()


@pytest.mark.parametrize("signal", ["gauge_a/thickness", "thickness_gauge/thickness", "gauge_a/areal_mass"])
@pytest.mark.parametrize("kind", ["stuck", "silent", "drift"])
def test_a_gauge_that_fails_does_not_bring_the_rolls_together(lines, signal, kind):
    size = 3e-6 if "thickness" in signal else 3e-3
    fault = SensorFault(signal=signal, kind=kind, begin=BEGIN, size=size)
    assert Shift(lines["nmc811-cathode"], [fault]).run(BEGIN + 120.0).kept_apart()


@pytest.mark.parametrize(("believed", "true"), [("lfp-cathode", "nmc811-cathode"), ("nmc811-cathode", "lfp-cathode")])
def test_a_wrong_recipe_does_not_bring_the_rolls_together(lines, believed, true):
    """The line is set up for one powder and fed with another."""
    plant = replace(lines[true], line=lines[believed].line)
    assert Shift(lines[believed], plant=plant).run(BEGIN + 60.0).kept_apart()


def test_commands_that_no_longer_move_on_bring_the_line_to_a_stop_and_open_the_nips(lines):
    shift = Shift(lines["nmc811-cathode"]).run(BEGIN)
    shift.run(20.0, commands=shift.state.commands)
    assert float(shift.machine.twin.line["speed"][0]) == 0.0
    assert {why for _, why in shift.codes} == {"no commands"} and len(shift.codes) == len(shift.nips)
    assert shift.kept_apart()
    shift.run(2.0)
    assert shift.aborted, "control that comes back finds the line stopped"
    assert any("no commands" in event.message for event in shift.events)


def test_a_lift_over_a_splice_is_no_film_lost(lines):
    """The lamination opens by the thickness of the tape for the time that this takes to pass."""
    shift = Shift(lines["graphite-anode"]).run(BEGIN)
    shift.machine.rolls.unwinder["left"] = 22.0
    shift.run(30.0)
    assert any(event.kind == "splice" for event in shift.events)
    assert shift.state.sequence.state is State.EXECUTE and not shift.codes and shift.kept_apart()


def test_a_line_whose_commands_never_had_a_number_is_not_watched(lines):
    shift = Shift(lines["nmc811-cathode"])
    shift.run(5.0, commands=Commands(0, shift.state.commands.values))
    assert not shift.codes


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_references_below_the_margin_are_not_followed(lines, seed):
    """Control asks for 100 um less than the set-up at every nip, with no film in the line."""
    shift = Shift(lines["nmc811-cathode"], seed=seed)
    values = shift.state.commands.values.copy()
    table = shift.machine.commands
    for nip, point in zip(shift.nips, shift.setup.nips, strict=True):
        values[table.index(f"{nip}/gap")] = max(point.loaded_gap - 100e-6, 5e-6)
        values[table.index(f"{nip}/open")] = 0.0
    values[table.index("line/speed")] = 0.0
    shift.run(15.0, commands=Commands(0, values))
    assert shift.kept_apart() and (shift.machine.twin.drives["lifted"] > 0.0).any()


def test_a_fault_of_a_signal_that_is_not_there_is_refused(lines):
    fault = SensorFault(signal="thinning_nip_c/position", kind="stuck")
    with pytest.raises(InputError, match="there is no reading 'thinning_nip_c/position'"):
        Shift(lines["lfp-cathode"], [fault])
