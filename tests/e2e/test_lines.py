"""Every shipped line through the command: about thirty good metres, on target, in a folder that validates."""

from __future__ import annotations

import json

import pytest
from tests.e2e.test_run import dryline
from tests.records.schema_check import problems

from dryline.line.load import names
from dryline.records.run_folder import open_run
from dryline.records.summary import summary_schema

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("name", names("lines"))
def test_a_shipped_line_makes_thirty_good_metres(name, tmp_path):
    out = tmp_path / "run"
    done = dryline("run", name, "--length", "30m", "--seed", "2", "--out", str(out), "--set", "web.lanes=20")
    assert done.returncode == 0, done.stderr
    summary = json.loads((out / "summary.json").read_text())
    assert problems(summary, summary_schema()) == []
    assert open_run(out).status == "finished" and (out / "report.html").exists()
    assert summary["run"]["line"] == name and summary["run"]["good_m"] >= 30.0
    assert summary["mass_balance"]["worst_relative_error"] < 1e-9
    areal = summary["quality"]["areal_density"]
    assert areal["mean"] == pytest.approx(areal["target"], rel=0.01)
