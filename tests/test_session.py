"""What a session hands on: the seeds of a run, and what its folder says it was made from."""

from __future__ import annotations

import pytest

import dryline
from dryline.line.hidden import HiddenTruth
from dryline.records.plant import read as read_plant
from dryline.session import prepare, start_recorder


@pytest.mark.parametrize(("given", "expected"), [(None, 4), (9, 9), (0, 0)])
def test_the_machine_has_the_seed_of_the_run_or_its_own(given, expected, tmp_path, monkeypatch):
    from dryline.line.tags import commands_of, readings_of, truth_of

    class Machine:
        def __init__(self, line, recipe, setup, disturbances, seed, *, machine_seed, **_more):
            self.seeds = seed, machine_seed
            self.commands, self.readings, self.truth_tags = commands_of(line), readings_of(line), truth_of(line)

        def hidden_truths(self):
            return (HiddenTruth("hall", "bias of the thermometer", "", "K", 0.1, 0.2),)

    monkeypatch.setattr("dryline.twin.machine.TwinMachine", Machine)
    loaded = dryline.load()
    session = prepare(loaded, dryline.set_up(loaded), 4, machine_seed=given)
    assert session.machine.seeds == (4, expected)
    recorder = start_recorder(session, tmp_path / "run")
    assert recorder.folder.manifest["seed"] == 4
    assert recorder.folder.manifest["inputs"]["machine_seed"] == expected
    assert read_plant(recorder.folder) == list(session.machine.hidden_truths())


def test_ctrl_c_leaves_the_bounds_out_and_keeps_the_report(tmp_path, monkeypatch):
    """The key is pressed while the run is made, and again while its bounds are computed."""
    import json

    from dryline.records.run_folder import open_run
    from dryline.session import goal_of, record

    def pressed(*_, **_more):
        raise KeyboardInterrupt

    loaded = dryline.load("lfp-cathode", settings=["web.lanes=10"])
    session = prepare(loaded, dryline.set_up(loaded))
    monkeypatch.setattr("dryline.control.loop.run", pressed)
    monkeypatch.setattr("dryline.studies.footprint_bounds.footprint_bounds", pressed)
    ending = record(session, start_recorder(session, tmp_path / "run"), goal_of("20 m", None))
    assert ending.status == open_run(tmp_path / "run").status == "interrupted"
    assert (tmp_path / "run" / "report.html").exists()
    bounds = json.loads((tmp_path / "run" / "bounds.json").read_text())
    assert bounds["sets"] == [] and "interrupted" in bounds["reason"]
