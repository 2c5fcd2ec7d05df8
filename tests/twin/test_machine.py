"""The twin of a whole line behind the door: mass, repeatability, snapshot, rates, and what a lost cell does."""

from __future__ import annotations

import numpy as np
import pytest
from tests.twin.held import held

from dryline.control.controller import Controller
from dryline.control.loop import run
from dryline.line.clock import VirtualClock
from dryline.line.disturbances import Disturbances
from dryline.line.load import load_line
from dryline.line.machine import Commands
from dryline.setup.operating_point import set_up
from dryline.twin.machine import TwinMachine
from dryline.twin.state import COMPONENTS, MASSES

SMALL = ["web.lanes=40"]


@pytest.fixture(scope="module")
def order():
    loaded = load_line("lfp-cathode", settings=SMALL)
    return loaded, set_up(loaded.line, loaded.recipe)


def twin(order, seed=1, disturbances=None, **more):
    loaded, setup = order
    return TwinMachine(loaded.line, loaded.recipe, setup, disturbances or loaded.disturbances, seed, **more)


def produced(machine, order, ticks):
    """Run the line from standstill for some ticks; kept and trimmed kg by component."""
    loaded, setup = order
    out = np.zeros(MASSES)
    for _ in run(machine, Controller(loaded.line, setup), VirtualClock(), ticks=ticks):
        batch = machine.finished_web()
        if batch is not None:
            out += batch.kept_kg.sum(axis=0) + batch.trim_kg.sum(axis=0)
    return out


def imbalance(machine, opened, out):
    closed = machine.accounts()
    fed = closed.fed - opened.fed
    stored = closed.stored - opened.stored
    lost = closed.lost - opened.lost
    return np.abs(fed - (closed.vapour - opened.vapour) - lost - stored - out) / np.maximum(fed, 1e-12)


def steady(machine, order, ticks, speed=None):
    """Commands of the set-up held for some ticks, all nips closed at once."""
    loaded, setup = order
    values = held(machine, loaded, setup, speed)
    readings = None
    for n in range(ticks):
        readings = machine.exchange(Commands(n, values))
    return readings


@pytest.fixture(scope="module")
def started(order):
    """A line that has run for 230 s: threaded, ramped and making electrode."""
    machine = twin(order)
    opened = machine.accounts()
    out = produced(machine, order, 2300)
    return machine, opened, out


def test_mass_of_every_component_closes_while_running(started):
    machine, opened, out = started
    assert [name for name, mass in zip(COMPONENTS, out, strict=True) if mass > 0.0] == ["active", "carbon", "ptfe", "water"]
    assert imbalance(machine, opened, out).max() < 1e-9


def test_a_cell_that_loses_a_millionth_shows_in_the_audit(started):
    machine, opened, out = started
    held = machine.snapshot()
    row = int(machine.twin.chains["track"][2, 0] + (machine.twin.clocks["ticks"][2] - 100) % machine.twin.chains["ring"][2])
    lost = machine.twin.mass[row].sum()
    machine.twin.mass[row] *= 1.0 - 1e-6
    fed = (machine.accounts().fed - opened.fed)[0]
    assert imbalance(machine, opened, out)[0] > 0.5 * 1e-6 * lost * 0.95 / fed
    assert imbalance(machine, opened, out)[0] > 100.0 * imbalance_after(machine, held, opened, out)


def imbalance_after(machine, held, opened, out):
    machine.restore(held)
    return float(imbalance(machine, opened, out)[0])


def test_mass_closes_after_an_early_stop(order):
    machine = twin(order, seed=3)
    opened = machine.accounts()
    steady(machine, order, 100)
    steady(machine, order, 80, speed=0.0)
    assert machine.twin.nips["speed"].max() == 0.0
    assert imbalance(machine, opened, np.zeros(MASSES)).max() < 1e-9


def test_a_stop_really_stops(order):
    machine = twin(order)
    steady(machine, order, 100)
    steady(machine, order, 80, speed=0.0)
    ticks, angle = machine.twin.clocks["ticks"].copy(), machine.twin.nips["angle"].copy()
    steady(machine, order, 20, speed=0.0)
    assert (machine.twin.clocks["ticks"] == ticks).all()
    assert (machine.twin.nips["angle"] == angle).all()


def test_same_seed_same_state_another_seed_differs(order):
    digests = []
    for seed in (5, 5, 6):
        machine = twin(order, seed=seed)
        steady(machine, order, 60)
        digests.append(machine.arena.digest())
    assert digests[0] == digests[1] != digests[2]


def test_a_snapshot_restored_half_way_ends_the_same(order):
    machine = twin(order, seed=5)
    steady(machine, order, 40)
    held = machine.snapshot()
    steady(machine, order, 40)
    end = machine.arena.digest()
    machine.restore(held)
    steady(machine, order, 40)
    assert machine.arena.digest() == end


def test_garbage_commands_keep_the_last_value(order):
    machine = twin(order)
    steady(machine, order, 5)
    gap = machine.twin.nip_in["gap"].copy()
    machine.exchange(Commands(9, np.full(machine.commands.size, np.nan)))
    assert (machine.twin.nip_in["gap"] == gap).all()
    with pytest.raises(ValueError, match="command values"):
        machine.exchange(Commands(9, np.zeros(3)))


def test_a_quiet_symmetric_machine_makes_a_symmetric_profile(order):
    machine = twin(order, disturbances=Disturbances.none())
    steady(machine, order, 120)
    h = machine.twin.across[:, 0]
    assert np.abs(h - h[:, ::-1]).max() < 1e-12 * h.max() + 1e-16
    sides = machine.twin.nips["force"]
    assert sides[:3] == pytest.approx(sides[3:6], rel=1e-9)


def test_closing_a_gap_never_thickens_the_film(order):
    machine = twin(order, disturbances=Disturbances.none())
    setup = order[1]
    steady(machine, order, 120)
    before = machine.twin.nips["gap"][2]
    tighter = setup.nips[2].loaded_gap
    values = machine._command.copy()
    values[machine.commands.index("thinning_nip_a2/gap")] = tighter - 3e-6
    for n in range(30):
        machine.exchange(Commands(n, values))
    assert machine.twin.nips["gap"][2] < before
    assert machine.twin.nips["force"][2] > setup.nips[2].force * 0.5


def test_areal_mass_of_a_starved_nip_does_not_depend_on_its_gap(order):
    masses = []
    for move in (0.0, 8e-6):
        machine = twin(order, disturbances=Disturbances.none())
        steady(machine, order, 60)
        values = machine._command.copy()
        values[machine.commands.index("powder_nip_a/gap")] += move
        for n in range(40):
            machine.exchange(Commands(n, values))
        row = int(machine.twin.chains["track"][0, 0] + (machine.twin.clocks["ticks"][0] - 5) % machine.twin.chains["ring"][0])
        masses.append(machine.twin.mass[row].sum())
    assert masses[0] == pytest.approx(masses[1], rel=1e-12)
