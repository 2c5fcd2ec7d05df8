"""The twin buys what the set-up says: in production, while rolls heat up, while the line stands.

In the first minutes of Execute the powder side still works off what the start has left in the surge hopper, so the flow
through the fibrillator is not that of the web; the window begins when the hopper is level again.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.twin.held import held

from dryline.control.controller import Controller
from dryline.control.loop import run
from dryline.control.sequence import State
from dryline.line.carriers import WARM
from dryline.line.clock import VirtualClock
from dryline.line.load import load_line
from dryline.line.machine import Commands
from dryline.setup.loads import loads, roll_heat_up
from dryline.setup.operating_point import set_up
from dryline.twin.machine import TwinMachine

SETTLED, UNTIL = 1200.0, 1500.0
LARGE = 5e3
"""A load that counts [W]."""


def started(name, *settings, cold=False, disturbances="reference"):
    loaded = load_line(name, disturbances=disturbances, settings=["web.lanes=20", *settings])
    setup = set_up(loaded.line, loaded.recipe)
    machine = TwinMachine(loaded.line, loaded.recipe, setup, loaded.disturbances, 1, cold=cold)
    wanted = loads(loaded.line, loaded.recipe, setup)
    return loaded, setup, machine, wanted, [machine.truth_tags.index(load.path) for load in wanted]


def compared(wanted, joules, expected):
    """Lines of a table: path, power at the operating point, difference in per cent."""
    rows = zip(wanted, joules, expected, strict=True)
    return "\n".join(
        f"{load.path:34s} {load.run / 1e3:8.2f} kW {100.0 * (got / point - 1.0):+7.2f} %" for load, got, point in rows if point
    )


@pytest.mark.parametrize(("name", "disturbances", "margin"), [
    ("lfp-cathode", "none", 0.03),
    ("lfp-cathode", "reference", 0.10),
    ("nmc811-cathode", "reference", 0.10),
    ("graphite-anode", "reference", 0.10),
])  # fmt: skip
def test_energy_of_production_is_that_of_the_operating_point(name, disturbances, margin):
    """In all within 1 %. With disturbances the drive of one nip may differ more: powder and film of this plant are not as hard
    as the recipe says, a hidden truth, and at the gap that makes the thickness the force is another one.
    """
    loaded, setup, machine, wanted, places = started(name, disturbances=disturbances)
    joules, time = np.zeros(len(places)), 0.0
    for step in run(machine, Controller(loaded.line, setup), VirtualClock()):
        if step.readings.time > SETTLED:
            assert step.state.sequence.state is State.EXECUTE
            joules += 0.1 * machine.truth[places]
            time += 0.1
        if step.readings.time >= UNTIL:
            break
    expected = np.array([load.run for load in wanted]) * time
    table = compared(wanted, joules, expected)
    for load, got, point in zip(wanted, joules, expected, strict=True):
        if load.run > LARGE:
            assert got == pytest.approx(point, rel=margin), table
    assert joules.sum() == pytest.approx(expected.sum(), rel=0.01), table


@pytest.mark.parametrize("name", ["lfp-cathode", "graphite-anode"])
def test_rolls_heat_up_as_the_planner_says(name):
    loaded, setup, machine, wanted, places = started(name, cold=True, disturbances="none")
    values = held(machine, loaded, setup, speed=0.0)
    for nip in setup.nips:
        values[machine.commands.index(f"{nip.name}/open")] = 1.0
    heating = [place for load, place in zip(wanted, places, strict=True) if load.heat_up > load.idle > 0.0]
    targets = np.array([nip.roll_temperature for nip in setup.nips])
    expected = roll_heat_up(loaded.line, loaded.recipe, setup)
    joules, n = 0.0, 0
    while (targets - machine.heat.reached).max() > WARM:
        assert n < 20.0 * expected.time, "never warm"
        machine.exchange(Commands(n, values))
        joules += 0.1 * float(machine.truth[heating].sum())
        n += 1
        if n == 50:
            for load, place in zip(wanted, places, strict=True):
                if load.path.startswith(("hall", "utilities/dust", "utilities/handling")):
                    assert machine.truth[place] == pytest.approx(load.heat_up), load.path
    assert 0.1 * n == pytest.approx(expected.time, abs=2.0)
    assert joules == pytest.approx(expected.energy, rel=0.005)


def test_a_line_that_stands_hot_or_cold_buys_what_the_set_up_says():
    loaded, setup, machine, wanted, places = started("lfp-cathode", disturbances="none")
    values = held(machine, loaded, setup, speed=0.0)
    for nip in setup.nips:
        values[machine.commands.index(f"{nip.name}/open")] = 1.0
    for feeder in loaded.line.feeders:
        values[machine.commands.index(f"{feeder.name}/screw_speed")] = 0.0
    for n in range(6000):
        machine.exchange(Commands(n, values))
    for load, place in zip(wanted, places, strict=True):
        margin = 30.0 if load.station in ("mixer", "fibrillator") else 1.0
        if load.station != "mixer":  # it runs empty, which the set-up does not know of
            assert machine.truth[place] == pytest.approx(load.idle, rel=1e-3, abs=margin), load.path
    for nip in setup.nips:
        values[machine.commands.index(f"{nip.name}/roll_temperature")] = loaded.line.hall.temperature
    for n in range(6000, 18000):
        machine.exchange(Commands(n, values))
    for load, place in zip(wanted, places, strict=True):
        assert machine.truth[place] == pytest.approx(load.stop, rel=1e-6, abs=1.0), load.path


def test_the_film_is_warmed_only_where_there_is_one():
    """An open nip at speed loses heat to the hall alone."""
    loaded, setup, machine, wanted, places = started("lfp-cathode", disturbances="none")
    values = held(machine, loaded, setup)
    for nip in setup.nips:
        values[machine.commands.index(f"{nip.name}/open")] = 1.0
    for n in range(100):
        machine.exchange(Commands(n, values))
    for load, place in zip(wanted, places, strict=True):
        if load.path.startswith(("lamination/heat", "powder_nip_a/heat")):
            assert machine.truth[place] == pytest.approx(load.idle, rel=1e-3), load.path


def test_a_restored_machine_buys_the_same():
    loaded, setup, machine, _, places = started("lfp-cathode")
    values = held(machine, loaded, setup)
    for n in range(55):
        machine.exchange(Commands(n, values))
    snapshot = machine.snapshot()

    def ahead():
        found = []
        for n in range(55, 95):
            machine.exchange(Commands(n, values))
            found.append(machine.truth[places].copy())
        return np.array(found)

    before = ahead()
    machine.restore(snapshot)
    np.testing.assert_array_equal(ahead(), before)
