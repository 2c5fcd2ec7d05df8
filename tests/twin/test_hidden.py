"""What a twin tells of itself is what it was built with, and another machine seed is another machine."""

from __future__ import annotations

import pytest

import dryline
from dryline.mechanics.rolls import flattening_stiffness
from dryline.twin.machine import TwinMachine


@pytest.fixture(scope="module")
def build():
    loaded = dryline.load(settings=["web.lanes=10"])
    point = dryline.set_up(loaded)

    def built(seed, machine_seed, disturbances=loaded.disturbances):
        return TwinMachine(loaded.line, loaded.recipe, point, disturbances, seed, machine_seed=machine_seed)

    return built


def values(machine):
    return {(truth.station, truth.name, truth.place): truth for truth in machine.hidden_truths()}


def test_the_machine_seed_draws_the_machine_and_the_seed_the_day(build):
    first, same_machine, other = values(build(1, 7)), values(build(2, 7)), values(build(1, 8))
    assert first == same_machine
    assert first.keys() == other.keys()
    assert all(first[key].value != other[key].value for key in first)
    deviations = [abs(truth.value - other[key].value) / truth.sigma for key, truth in first.items()]
    assert 0.3 < sum(deviations) / len(deviations) < 2.5  # of two draws with a deviation of 1: 1.13 in the mean


def test_figures_are_those_of_the_plant(build):
    machine = build(1, 7)
    found = values(machine)
    nip = machine.line.nips[-1]
    roll = machine.twin.rolls[len(machine.line.nips) - 1]
    assert found[nip.name, "stiffness of the housing", ""].value == pytest.approx(1.0 / roll["inv_housing"])
    assert found[nip.name, "stiffness of the housing", ""].value == pytest.approx(nip.housing_stiffness, rel=0.15)
    flat = flattening_stiffness(nip.roll_diameter, nip.roll_modulus, nip.roll_poisson)
    assert found[nip.name, "stiffness of the flattening", ""].value == pytest.approx(flat, rel=0.15)
    unequal = found[nip.name, "difference of the roll diameters", ""]
    d = machine.d.runout
    assert d.diameter_difference_low <= unequal.value / nip.roll_diameter <= d.diameter_difference_high
    assert abs(found[nip.name, "zero of the gap sensor", "operator side"].value) <= machine.d.gap_sensors.offset
    assert found["hall", "bias of the thermometer", ""].value == machine.hall_bias
