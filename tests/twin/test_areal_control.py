"""Areal mass of the twin under the full stack: what the ratio of the film nips does to web and spans, and how good it gets."""

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

COARSE = ["web.lanes=40"]


@pytest.fixture(scope="module")
def quiet():
    loaded = load_line("lfp-cathode", settings=["web.lanes=10"])
    return loaded, set_up(loaded.line, loaded.recipe)


def test_film_nips_that_turn_slower_together_draw_the_film_at_the_lamination_and_no_span(quiet):
    loaded, setup = quiet
    machine = TwinMachine(loaded.line, loaded.recipe, setup, Disturbances.none(), 1)
    values = held(machine, loaded, setup)
    readings, table = None, machine.readings
    for _ in range(600):
        readings = machine.exchange(Commands(1, values.copy()))
    machine.finished_web()
    nips = [nip for nip in loaded.line.nips if nip.side == "A"]
    for nip in nips:
        values[machine.commands.index(f"{nip.name}/speed_ratio")] *= 0.99
    spans = [table.index(f"{nip.name}/tension") for nip in loaded.line.nips if nip.name.endswith(("1", "2", "lamination"))]
    before, most = readings.values[spans], 0.0
    for _ in range(300):
        readings = machine.exchange(Commands(1, values.copy()))
        most = max(most, np.abs(readings.values[spans] - before).max())
    assert most < 0.02 * before.min(), "the elongation of the nip takes it, not the span"
    web = machine.finished_web()
    a, b = web.areal_mass_a.mean(axis=1), web.areal_mass_b.mean(axis=1)
    assert a[-5:].mean() / a[:3].mean() == pytest.approx(0.99, abs=2e-4)
    assert b[-5:].mean() / b[:3].mean() == pytest.approx(1.0, abs=2e-4)
    winder = loaded.line.of_kind("winder")[0].distance
    turned = int(np.flatnonzero(a / a[:3].mean() < 0.995)[0])
    assert turned == pytest.approx(winder, abs=1.1), "it acts where the film meets the foil, at once"


def test_foil_that_is_threaded_anew_has_no_tape_of_the_one_that_ran_off(quiet):
    loaded, setup = quiet
    machine = TwinMachine(loaded.line, loaded.recipe, setup, Disturbances.none(), 1)
    values = held(machine, loaded, setup, 0.0)
    machine.rolls.unwinder["since"], machine.rolls.unwinder["left"] = 5.9, 0.0
    machine.exchange(Commands(1, values.copy()))
    assert machine.broken == "unwinder" and machine.rolls.unwinder["since"][0] == 5.9
    values[machine.commands.index("line/thread")] = 1.0
    machine.exchange(Commands(2, values))
    assert machine.broken == "" and machine.rolls.unwinder["since"][0] < 0.0 < machine.rolls.unwinder["left"][0]


def areal(settings, ticks=2600, skip=1800, seed=1, name="lfp-cathode"):
    """Relative areal mass of both sides by row and lane behind a start, and the controller's last state."""
    loaded = load_line(name, settings=[*COARSE, *settings])
    setup = set_up(loaded.line, loaded.recipe)
    machine = TwinMachine(loaded.line, loaded.recipe, setup, loaded.disturbances, seed)
    controller = Controller(loaded.line, setup)
    found, state = [], None
    for n, step in enumerate(run(machine, controller, VirtualClock(), ticks=ticks)):
        state = step.state
        if n % 50 == 49 and (web := machine.finished_web()) is not None and n > skip:
            found.append((web.areal_mass_a + web.areal_mass_b) / setup.areal_mass - 1.0)
    return np.concatenate(found), state


@pytest.fixture(scope="module")
def monitored():
    return areal(["control.quality=pi_monitor"])[0]


@pytest.mark.parametrize("settings", [[], ["control.feed_forward=false"], ["control.gauges=scanner"]])
def test_the_full_stack_leaves_a_tenth_of_the_monitor_along_the_web(monitored, settings):
    web, state = areal(settings)
    along, before = web.mean(axis=1), monitored.mean(axis=1)
    assert along.std() < 0.1 * before.std()
    assert web.std() < 0.6 * monitored.std()
    assert abs(along.mean()) < 1e-3
    assert not state.quality.sides["limited"].all()


@pytest.mark.parametrize("error", [-0.2, 0.2])
def test_a_wrong_delay_is_found_and_costs_nothing(monitored, error):
    web, state = areal([f"control.model_delay_error={error}"], skip=2000)
    assert web.mean(axis=1).std() < 0.1 * monitored.mean(axis=1).std()
    assert state.quality.sides["way"] * (1.0 + error) == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("error", [-0.2, 0.2])
def test_a_wrong_delay_that_cannot_be_found_does_no_worse_than_a_monitor_with_the_same(error):
    """The scanner does not tell the way, and what the speeds draw comes half a metre off: the metering mends its own noise."""
    wrong = [f"control.model_delay_error={error}", "control.gauges=scanner"]
    web, _ = areal(wrong)
    monitored, _ = areal([*wrong, "control.quality=pi_monitor"])
    assert web.mean(axis=1).var() < 0.1 * monitored.mean(axis=1).var()


def test_the_first_web_behind_a_start_is_on_target():
    loaded = load_line("lfp-cathode", settings=COARSE)
    setup = set_up(loaded.line, loaded.recipe)
    machine = TwinMachine(loaded.line, loaded.recipe, setup, loaded.disturbances, 2)
    rows = []
    for n, _ in enumerate(run(machine, Controller(loaded.line, setup), VirtualClock(), ticks=1900)):
        if n % 50 == 49 and (web := machine.finished_web()) is not None:
            rows.append((web.areal_mass_a + web.areal_mass_b).mean(axis=1) / setup.areal_mass - 1.0)
    whole = np.concatenate(rows)
    first = int(np.flatnonzero(whole > -0.1)[0])
    assert np.abs(whole[first + 1 :]).max() < 0.003


def test_a_film_that_no_nip_draws_is_held_by_its_metering():
    """The separator is laid on by force; what is weighed has to make the metering fast. A row is three seconds of web."""
    web, state = areal([], ticks=7500, skip=5500, name="sulfide-separator")
    loose, _ = areal(["control.quality=open_loop"], ticks=7500, skip=5500, name="sulfide-separator")
    assert (state.quality.sides["ratio"] == 1.0).all(), "no nip draws it"
    assert web.mean(axis=1).std() < 0.15 * loose.mean(axis=1).std()
