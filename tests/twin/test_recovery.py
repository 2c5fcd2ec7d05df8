"""Runs on the twin that meet breaks and roll changes: the line goes on, the books close, the losses are named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import dryline
from dryline.control.controller import Controller
from dryline.control.recovery import RecoveryParameters
from dryline.line.load import load_line
from dryline.records import rollmap
from dryline.records.events import read as read_events
from dryline.records.run_folder import open_run
from dryline.session import goal_of, prepare, record, start_recorder

SETTINGS = ["web.lanes=40", "stations.winder.roll_length=60 m"]
REPAIR = 40.0


def run(path, duration, faults, hazard=0.0, **recovery):
    """Record a run of a duration; faults: second -> what is done to the machine in it. Returns ending, folder and session."""
    loaded = load_line("lfp-cathode", settings=SETTINGS)
    d = loaded.disturbances
    loaded = replace(
        loaded, disturbances=d.model_copy(update={"breaks": d.breaks.model_copy(update={"hazard_per_hour": hazard})})
    )
    session = prepare(loaded, dryline.set_up(loaded), 3)
    p = replace(session.controller.parameters, recovery=RecoveryParameters(repair_time=REPAIR, **recovery))
    session = replace(session, controller=Controller(loaded.line, session.setup, p))
    machine, exchange = session.machine, session.machine.exchange

    def faulty(commands):
        if (fault := faults.get(int(machine._tick[0]) / 10)) is not None:
            fault(machine)
        return exchange(commands)

    machine.exchange = faulty
    ending = record(session, start_recorder(session, path), goal_of(None, duration))
    return ending, open_run(path), session


def tear_film(machine):
    machine.breaks.state[0] = 2


def use_up_foil(machine):
    machine.rolls.unwinder["left"] = 25.0


def hide_what_is_left(machine):
    """The foil runs off before control can splice."""
    machine.rolls.unwinder["left"] = 1e-3


@pytest.fixture(scope="module")
def shift(tmp_path_factory):
    """A break at 250 s, a splice at about 540 s, foil that runs off at 700 s."""
    faults = {250.0: tear_film, 540.0: use_up_foil, 700.0: hide_what_is_left}
    return run(tmp_path_factory.mktemp("shift") / "run", "1000 s", faults)


def test_the_run_goes_on_after_film_and_foil_have_broken(shift):
    ending, folder, _ = shift
    assert ending.status == "finished", ending.reason
    events = read_events(folder)
    broken = [event for event in events if event.kind == "repair"]
    assert ["thinning_nip_a1" in broken[0].message, "unwinder" in broken[1].message] == [True, True]
    restarts = [event.time for event in events if event.kind == "restart"]
    assert np.array(restarts) - [event.time for event in broken] == pytest.approx([REPAIR] * 2, abs=0.2)
    executes = [event.time for event in events if event.message == "Execute"]
    assert len(executes) == 3 and executes[1] < 540.0


def test_mass_closes_across_break_and_restart(shift):
    assert shift[0].summary["mass_balance"]["worst_relative_error"] < 1e-9


def test_nothing_that_stood_in_the_line_is_product(shift):
    _, folder, session = shift
    web = rollmap.read(folder).batch
    events = read_events(folder)
    for aborted in (event.time for event in events if event.message.startswith("Aborting")):
        again = next(event.time for event in events if event.message == "Execute" and event.time > aborted)
        rows = (web.time > aborted + 0.1) & (web.time < again + session.controller.plan.sequence.path)
        assert rows.sum() > 10 and not web.product[rows].any()


def test_rolls_are_in_events_and_roll_map_and_lose_their_ends(shift):
    _, folder, _ = shift
    web = rollmap.read(folder).batch
    begun = [event for event in read_events(folder) if event.kind == "roll"]
    assert len(begun) == web.roll.max() - 1 >= 4
    lengths = [web.length[web.roll == roll].sum() for roll in range(1, int(web.roll.max()))]
    assert lengths == pytest.approx([60.0] * len(lengths), abs=1.1)
    for roll in range(1, int(web.roll.max())):
        rows = np.flatnonzero(web.roll == roll)
        assert not web.product[rows[-4:]].any() and not web.product[rows[:4]].any()


def test_the_splice_is_where_control_said_and_is_scrap(shift):
    _, folder, _ = shift
    table = rollmap.read(folder)
    web = table.batch
    splice = next(event for event in read_events(folder) if event.kind == "splice")
    around = (web.start > splice.value - 1.0) & (web.start < splice.value + 15.0)
    assert around.any() and not web.product[around].any()
    near = np.abs(web.start - splice.value) < 30.0
    taped = web.start[near][web.thickness[near].mean(axis=1).argmax()]
    assert taped == pytest.approx(splice.value, abs=1.5)


def test_the_losses_are_named(shift):
    part = shift[0].summary["oee"]
    losses = {(loss["loss"], loss["cause"]): loss for loss in part["losses"]}
    repair = sum(loss["time_s"] for (name, _), loss in losses.items() if name == "web break and repair")
    assert repair == pytest.approx(2 * (REPAIR + 4.0), abs=4.0)
    assert ("roll change", "roll") in losses and losses["splice", "splice"]["length_m"] > 10.0
    assert any(name == "threading" and cause == "after web break and repair" for name, cause in losses)
    assert part["rated_m"] - sum(loss["length_m"] for loss in part["losses"]) == pytest.approx(part["good_m"], rel=1e-9)


def test_readings_of_both_rolls_are_recorded(shift):
    from dryline.records import signals

    names = ["time", "reading/winder/radius", "reading/unwinder/left", "reading/unwinder/tension", "truth/winder/power"]
    values = signals.read(shift[1], names)
    radius, left = values["reading/winder/radius"], values["reading/unwinder/left"]
    assert np.nanmin(radius) == pytest.approx(0.0762, abs=1e-5)
    assert np.nanmax(radius) == pytest.approx(np.sqrt(0.0762**2 + 60 * 210e-6 / np.pi), rel=0.02)
    assert (np.diff(left) > 7000.0).sum() == 2 and left.max() <= 8000.0
    assert np.nanmax(values["truth/winder/power"]) > 850.0


def test_a_web_that_keeps_breaking_ends_the_run_failed(tmp_path):
    ending, folder, _ = run(tmp_path / "run", "2 h", {}, hazard=1e9, most_per_hour=2)
    assert ending.status == "failed" and "web break" in ending.reason
    kinds = [event.kind for event in read_events(folder) if event.kind in ("repair", "restart", "given up")]
    assert kinds == ["repair", "restart", "repair", "restart", "given up"]
    assert ending.summary["mass_balance"]["worst_relative_error"] < 1e-9
