"""The ablation: its arms and their settings, figures of known courses, going on where it ended, an arm that fails, its tables."""

from __future__ import annotations

import csv
import json
import math
import multiprocessing
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from dryline.line.load import InputError, load_line
from dryline.records.footprint import FIGURES
from dryline.studies import ablation
from dryline.studies.ablation import FILE, Task, kept, run_all, study, tasks, with_companions
from dryline.studies.ablation_claims import claims
from dryline.studies.ablation_page import write
from dryline.studies.ablation_tables import areal_tables, corner_table, gap_table, incident_table, sigma
from dryline.studies.arm_figures import gap_figures, longest, run_out
from dryline.studies.arm_run import Stopped, line_of_arm
from dryline.studies.arms import CORNERS, Arm, arms, named

LANES = ("web.lanes=20",)


def table_of(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_an_arm_is_its_settings():
    arm = Arm("full_stack", "scanner", False, False, 0.3, -0.2)
    assert arm.name == "full_stack/scanner/no-scale/no-run-out/stiffness+30/delay-20"
    control = (
        "control.quality=full_stack", "control.gauges=scanner", "control.feed_forward=false", "control.monitor_gain=1",
        "control.model_stiffness_error=0.3", "control.model_delay_error=-0.2",
    )  # fmt: skip
    assert arm.settings(("lamination",)) == (*control, "stations.lamination.oppose_run_out=false")
    line = line_of_arm("lfp-cathode", arm, LANES).line
    own = line.control
    assert (own.quality, own.gauges, own.feed_forward, own.monitor_gain) == ("full_stack", "scanner", False, 1.0)
    assert (own.model_stiffness_error, own.model_delay_error) == (0.3, -0.2)
    assert line.web.lanes == 20 and not any(nip.oppose_run_out for nip in line.nips)


def test_an_arm_does_not_inherit_the_control_of_its_line():
    changed = line_of_arm("lfp-cathode", Arm("pi_monitor"), ("control.gauges=scanner", "control.model_delay_error=0.5"))
    assert changed.line.control == load_line("lfp-cathode", settings=["control.quality=pi_monitor"]).line.control


def test_grids_hold_what_is_asked_and_nothing_twice():
    quick, main, full = (arms(grid) for grid in ("quick", "main", "full"))
    assert [arm.name for arm in quick] == ["open_loop", "pi_monitor", "full_stack"]
    assert set(quick) < set(main) < set(full)
    for grid in (main, full):
        assert len({arm.name for arm in grid}) == len(grid)
    for kind in ("full_stack", "pi_monitor"):
        assert {(arm.stiffness, arm.delay) for arm in main if arm.quality == kind and arm.mistuned} == set(CORNERS)
    assert {arm.gain for arm in main if arm.quality == "pi_monitor" and not arm.mistuned} == {0.5, 1.0, 2.0}
    stack = [arm for arm in full if arm.quality == "full_stack"]
    assert len(stack) == 2 * 2 * 2 * (1 + len(CORNERS))
    assert not [arm for arm in full if arm.quality == "open_loop" and (arm.mistuned or arm.gauges == "scanner")]


def test_arms_are_found_by_name():
    assert named(["full_stack"]) == (Arm("full_stack"),)
    assert {arm.gain for arm in named(["pi_monitor/gain*"])} == {0.5, 2.0}
    with pytest.raises(InputError, match="did you mean 'full_stack'"):
        named(["full_stak"])


def test_gap_figures_of_a_known_course():
    """A step of the reference is filtered; what turns with the rolls is found, once and twice a turn."""
    t = 0.1 * np.arange(9000)
    angles = np.column_stack((3.3 * t, 3.301 * t)) % (2.0 * math.pi)
    turning = 0.8e-6 * np.sin(angles[:, 0]) + 0.2e-6 * np.cos(2.0 * angles[:, 1])
    reference = np.where(t < 450.0, 100e-6, 104e-6)
    gap = reference + 1.5e-6 + turning
    margin = np.where(t < 1.0, np.nan, 40e-6 + t * 1e-9)
    flat = np.zeros(t.size)
    found = gap_figures(gap, np.full(t.size, 100e-6), flat, np.where(t < 450.0, 1e-6, 2e-6), margin, t < 450.0, angles)
    assert found["mean_error_um"] == pytest.approx(1.5, abs=0.01)
    assert found["within_3_um"] == 1.0 and 0.1 < found["within_1_um"] < 0.4
    assert (found["tilt_within_1_5_um"], found["tilt_within_3_um"]) == (1.0, 1.0)
    assert found["contact_margin_um"] == pytest.approx(40.001, abs=0.001)
    assert found["run_out_1x_um"] == pytest.approx(0.8 / math.sqrt(2.0), rel=0.03)
    assert found["run_out_2x_um"] == pytest.approx(0.2 / math.sqrt(2.0), rel=0.05)
    stepped = gap_figures(gap, reference, flat, np.where(t < 450.0, 1e-6, 2e-6), margin, t > 0.0, angles)
    assert stepped["tilt_within_1_5_um"] == pytest.approx(0.5, abs=0.001) and stepped["within_3_um"] > 0.98
    assert stepped["p99_7_error_um"] == pytest.approx(4.6, abs=0.8), "the gap has moved, its filtered reference not yet"


def test_rolls_that_do_not_beat_in_time_are_not_blown_up():
    """Two rolls that stay in step for the whole run: only their sum can be known."""
    t = 0.1 * np.arange(1200)
    angles = np.column_stack((3.3 * t, 3.3002 * t + 0.4))
    noise = 0.3e-6 * np.random.default_rng(1).standard_normal(t.size)
    first, second = run_out(0.5e-6 * np.cos(angles[:, 0]) + noise, angles)
    assert first == pytest.approx(0.5e-6 / math.sqrt(2.0), rel=0.1) and second < 0.03e-6


def test_the_longest_way_off_is_found():
    assert longest(np.array([True, True, False, True, True, True]), np.array([1.0, 1.0, 1.0, 2.0, 1.0, 0.5])) == 3.5
    assert longest(np.zeros(3, bool), np.ones(3)) == 0.0


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Full stack, its shadow without run-out compensation and open loop on 20 lanes, 2 min; bounds besides."""
    folder = tmp_path_factory.mktemp("ablation")
    chosen = [Arm("open_loop"), Arm("full_stack"), Arm("full_stack", oppose_run_out=False)]
    wanted = tasks(["lfp-cathode"], chosen, [1], 2.0, 1.0, LANES)
    records, interrupted = study(wanted, folder, 1)
    assert not interrupted and [one["error"] for one in records] == [""] * 4
    return wanted, folder, records


def test_the_full_stack_beats_open_loop_along_the_web(small):
    _, _, records = small
    plain, own = ([one["figures"] for one in records if one["arm"] == arm] for arm in ("open_loop", "full_stack"))
    assert sigma(own, "md") < 0.2 * sigma(plain, "md")
    assert own[0]["areal"]["wound_m"] == pytest.approx(120.0, abs=2.0)
    assert set(own[0]["areal"]) >= set(FIGURES.values()) and own[0]["areal"]["bare_m"] == 0.0
    assert [nip for nip, one in own[0]["nips"].items() if one["gauged"]] == ["thinning_nip_a2", "thinning_nip_b2", "lamination"]
    assert all(one["contact_margin_um"] > 3.0 for one in own[0]["nips"].values())
    assert own[0]["decide_us"] > 0.0 and own[0]["contact_interlocks"] == 0


def test_without_its_compensation_a_nip_turns_with_its_rolls(small):
    _, _, records = small
    nips = {one["arm"]: one["figures"]["nips"]["lamination"] for one in records if one["arm"] != "bounds"}
    assert nips["full_stack"]["run_out_1x_um"] < 0.5 * nips["full_stack/no-run-out"]["run_out_1x_um"]


def test_a_study_goes_on_where_it_ended(small, monkeypatch):
    wanted, folder, records = small
    monkeypatch.setattr(ablation, "carried_out", lambda *_: pytest.fail("a run was repeated"))
    heard = []
    again, _ = study(wanted, folder, 1, lambda record, kept: heard.append(kept))
    assert again == records and heard == [True] * 4
    one = wanted[1]
    others = {task.key() for task in (replace(one, seed=2), replace(one, minutes=3.0), replace(one, settings=()))}
    assert len(others | {one.key()}) == 4


def test_a_page_takes_in_what_other_calls_left_in_the_folder(small, tmp_path):
    _, folder, records = small
    assert with_companions(records[:2], folder) == [*records[:2], *records[2:]]
    longer = [{**one, "minutes": 3.0} for one in records[1:2]]
    assert with_companions(longer, folder) == longer


def test_a_line_that_was_cut_off_is_left_out(small, tmp_path):
    text = (small[1] / FILE).read_text(encoding="utf-8")
    (tmp_path / FILE).write_text(text + text[:100], encoding="utf-8")
    assert kept(tmp_path / FILE) == small[2]


def test_a_failing_arm_is_told_and_tried_again(small, tmp_path, monkeypatch):
    real = small[2][1]["figures"]

    def run(loaded, *_):
        if loaded.line.control.quality == "open_loop":
            raise RuntimeError("the film was lost")
        return real

    monkeypatch.setattr(ablation, "run_arm", run)
    wanted = tasks(["lfp-cathode"], [Arm("open_loop"), Arm("full_stack")], [1], 2.0, 1.0, LANES)[1:]
    records, _ = study(wanted, tmp_path, 1)
    assert [(one["status"], one["error"]) for one in records] == [("failed", "RuntimeError: the film was lost"), ("done", "")]
    assert "the film was lost" in incident_table(records).text()
    monkeypatch.setattr(ablation, "run_arm", lambda *_: real)
    assert [one["status"] for one in study(wanted, tmp_path, 1)[0]] == ["done", "done"]


def test_ctrl_c_leaves_what_is_done(small, tmp_path, monkeypatch):
    def run(loaded, *_):
        if loaded.line.control.quality == "full_stack":
            raise KeyboardInterrupt
        return small[2][1]["figures"]

    monkeypatch.setattr(ablation, "run_arm", run)
    wanted = tasks(["lfp-cathode"], [Arm("open_loop"), Arm("full_stack")], [1], 2.0, 1.0, LANES)[1:]
    records, interrupted = study(wanted, tmp_path, 1)
    assert interrupted and [one["arm"] for one in records] == ["open_loop"] == [one["arm"] for one in kept(tmp_path / FILE)]


def test_a_worker_that_is_told_to_stop_leaves_no_record():
    task = Task("lfp-cathode", Arm("open_loop"), 1, 2.0, 1.0, LANES)
    with pytest.raises(Stopped):
        ablation.carried_out(task, lambda: True)


def test_processes_give_the_figures_of_this_one(small):
    """A run that cannot be set up and a real one, in processes of their own."""
    wanted, _, records = small
    found = {one["status"]: one for one in run_all([wanted[1], replace(wanted[1], settings=("speed=200 m/min",))], 2)}
    own = dict(found["done"]["figures"])
    del own["decide_us"]
    assert own == {name: value for name, value in records[1]["figures"].items() if name != "decide_us"}
    assert found["failed"]["error"].startswith("Infeasible: ")
    assert multiprocessing.active_children() == []


def test_files_agree_with_each_other(small, tmp_path):
    _, _, records = small
    names = [path.name for path in write(records, tmp_path)]
    assert names[:4] == ["ablation.html", "ablation.csv", "ablation.json", "claims.csv"]
    rows = table_of(tmp_path / "ablation.csv")
    values = json.loads((tmp_path / "ablation.json").read_text(encoding="utf-8"))
    assert values["runs"] == records and len(rows) == len(records)
    for row, record in zip(rows[1:], records[1:], strict=True):
        assert (row["arm"], row["seed"], row["status"]) == (record["arm"], "1", "done")
        assert float(row["areal.both.sigma_md_pct"]) == record["figures"]["areal"]["both"]["sigma_md_pct"]
        assert float(row["nips.lamination.within_1_um"]) == record["figures"]["nips"]["lamination"]["within_1_um"]
    table = table_of(tmp_path / "areal-lfp-cathode.csv")
    full = next(row for row in table if row["arm"] == "full_stack")
    assert float(full["MD %"]) == pytest.approx(records[2]["figures"]["areal"]["both"]["sigma_md_pct"], abs=5e-4)
    asked = table_of(tmp_path / "claims.csv")
    assert [row["figure"] for row in asked] == [one["figure"] for one in values["claims"]]
    assert [list(row.values())[:6] for row in table_of(tmp_path / "study.csv")] == [["lfp-cathode", "3", "1", "2", "1", "3"]]
    for name in names:
        if name.endswith(".svg"):
            assert ElementTree.parse(tmp_path / name).getroot().tag.endswith("svg")
    page = (tmp_path / "ablation.html").read_text(encoding="utf-8")
    assert page.count("<svg xmlns") == 2 and "full_stack/no-run-out" in page


def test_claims_follow_the_figures(small):
    records = json.loads(json.dumps(small[2]))
    held = {one.text: one for one in claims(records)}
    assert held["three sigma of both sides, line gauges"].held
    assert held["less power of the run-out at 1x, the worst nip"].found < 100.0
    records[2]["figures"]["areal"]["both"]["three_sigma_pct"] = 0.71
    records[2]["figures"]["nips"]["lamination"]["within_1_um"] = 0.996
    broken = {one.text for one in claims(records) if not one.held}
    assert {"three sigma of both sides, line gauges", "loaded gap within ±1 µm, nips with a thickness gauge"} <= broken


def test_corners_are_held_against_the_monitor_that_is_wrong_alike(small):
    records = json.loads(json.dumps(small[2]))
    assert corner_table(records, "lfp-cathode") is None
    for stiffness, delay in CORNERS:
        for base, kind in ((records[2], "full_stack"), (records[1], "pi_monitor")):
            records.append({**base, "arm": Arm(kind, stiffness=stiffness, delay=delay).name})
    table = corner_table(records, "lfp-cathode")
    assert len(table.rows) == 4 and all(row[5][0] < 0.05 for row in table.rows)
    worst = next(one for one in claims(records) if "mistuned alike" in one.text)
    assert worst.held and worst.found == max(row[6][0] for row in table.rows)
    assert gap_table(records, "lfp-cathode", "smith_pi") is None


def test_combined_changes_have_a_table_of_their_own(small):
    both = {**small[2][2], "arm": "full_stack/scanner/no-run-out"}
    main, combined = areal_tables([*small[2], both], "lfp-cathode")
    assert [row[0] for row in main.rows] == [
        "bound, line gauge", "bound, scanner", "bound, line gauge without scale", "open_loop", "full_stack",
        "full_stack/no-run-out",
    ]  # fmt: skip
    assert [row[0] for row in combined.rows] == ["full_stack/scanner/no-run-out"]
    assert areal_tables(small[2], "lfp-cathode")[1] is None
