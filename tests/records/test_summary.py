import json

import numpy as np
import pytest
import synthetic
from schema_check import problems

from dryline.records.energy import durations, energy
from dryline.records.run import open as open_value
from dryline.records.run_folder import open_run
from dryline.records.summary import build_summary, summary_schema


def test_a_finished_run_keeps_the_schema(finished):
    path, summary = finished
    assert problems(summary, summary_schema()) == []
    assert json.loads((path / "summary.json").read_text()) == summary


@pytest.mark.parametrize("seconds", [0.0, 20.0])
def test_runs_without_product_keep_the_schema(tmp_path, seconds):
    recorder, _ = synthetic.record(tmp_path / "run", seconds, lanes=20)
    assert problems(recorder.close("interrupted", "early"), summary_schema()) == []


def test_the_validator_finds_mistakes(finished):
    _, summary = finished
    schema = summary_schema()
    assert problems({**summary, "extra": 1}, schema) == ["$: extra is not allowed"]
    assert problems({**summary, "run": {**summary["run"], "good_m": -1.0}}, schema)
    assert problems({**summary, "schema": "dryline-summary/1"}, schema)
    assert problems({k: v for k, v in summary.items() if k != "gap"}, schema) == ["$: gap is missing"]


def test_the_summary_can_be_drawn_up_again_from_the_folder(finished):
    path, summary = finished
    assert build_summary(open_run(path)) == summary


def test_a_summary_of_an_earlier_form_is_drawn_up_anew(tmp_path):
    recorder, _ = synthetic.record(tmp_path / "run", 70.0, lanes=20)
    summary = recorder.close()
    path = tmp_path / "run" / "summary.json"
    old = {k: v for k, v in summary.items() if k not in ("oee", "properties", "defects", "daughters", "footprint")}
    path.write_text(json.dumps({**old, "schema": "dryline-summary/1"}))
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    del manifest["order"]["daughters"]
    (tmp_path / "run" / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "run" / "plant.json").unlink()
    assert open_value(tmp_path / "run").summary == summary
    assert json.loads(path.read_text())["schema"] == "dryline-summary/1"  # reading writes nothing


def test_metres_and_pace(finished):
    run = finished[1]["run"]
    assert (run["wound_m"], run["produced_m"], run["good_m"]) == (130.0, 100.0, 97.0)
    assert run["simulated_s"] == pytest.approx(130.0)
    assert run["realtime_factor"] == pytest.approx(130.0 / run["wall_s"])


def test_gap_figures_agree_with_what_was_put_in(finished):
    nips = {nip["name"]: nip for nip in finished[1]["gap"]["nips"]}
    assert list(nips) == list(synthetic.NIPS)
    lamination = nips["lamination"]
    assert lamination["mean_um"] == pytest.approx(217.0, abs=0.1)
    # noise of 0.25 um: 99.7 % lie within 2.97 sigma; the start-up error has decayed below 0.3 um
    assert 0.65 < lamination["p99_7_abs_error_um"] < 1.0
    assert lamination["min_contact_margin_um"] == pytest.approx(117.0 - 3.2 * 0.5, abs=0.5)


def test_energy_by_hand(finished):
    used = energy(open_run(finished[0]))
    assert used.by_station["mixer"] == pytest.approx(15.0 * 130.0 / 3600.0, rel=1e-6)
    assert sum(used.by_station.values()) == pytest.approx(used.kwh, rel=1e-9)
    assert sum(used.by_state.values()) == pytest.approx(used.kwh, rel=1e-9)
    assert used.by_state["Starting"] / used.kwh == pytest.approx(30.0 / 130.0, rel=0.01)


def test_a_tick_stands_for_the_time_before_it():
    np.testing.assert_allclose(durations(np.array([0.1, 0.2, 0.4])), [0.1, 0.1, 0.2])
    assert durations(np.zeros(0)).size == 0


def test_quality_is_that_of_the_product(finished):
    areal = finished[1]["quality"]["areal_density"]
    parts = [areal[f"sigma_{part}_pct"] ** 2 for part in ("md", "cd", "residual")]
    assert sum(parts) == pytest.approx(areal["sigma_total_pct"] ** 2, rel=1e-9)
    # static profile of 0.3 %, 0.1 % cosines and a tilt; the start-up is scrap and does not count
    assert 0.1 < areal["sigma_cd_pct"] < 0.4
    assert areal["mean"] == pytest.approx(0.5, rel=0.01)
