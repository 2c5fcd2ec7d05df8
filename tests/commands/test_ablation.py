"""`dryline ablation`: what it prints and writes, exit codes 0, 1 and 2."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from dryline.commands.main import app
from dryline.studies import ablation

NIP = {
    "gauged": True, "mean_error_um": 0.1, "p99_7_error_um": 0.5, "within_1_um": 1.0, "within_3_um": 1.0, "p99_7_tilt_um": 0.5,
    "tilt_within_1_5_um": 1.0, "tilt_within_3_um": 1.0, "contact_margin_um": 30.0, "run_out_1x_um": 0.1, "run_out_2x_um": 0.02,
}  # fmt: skip
SIDE = {
    "deviation_pct": 0.01, "sigma_md_pct": 0.02, "sigma_cd_pct": 0.01, "sigma_residual_pct": 0.1, "sigma_total_pct": 0.1,
    "three_sigma_pct": 0.3,
}  # fmt: skip
WEB = {"wound_m": 240.0, "bare_m": 0.0, "product_m": 240.0, "good_m": 200.0, "longest_far_off_m": 0.0}


def call(*arguments):
    return CliRunner().invoke(app, ["ablation", *arguments])


@pytest.fixture
def told(monkeypatch):
    """Runs that take no time, and what was asked of them; `told.fails` are qualities that break down."""

    class Told(list):
        fails: tuple[str, ...] = ()

    seen = Told()

    def run(loaded, seed, minutes, warm_up, stopped=None):
        seen.append((loaded.line.name, loaded.line.web.lanes, loaded.line.control.quality, seed, minutes, warm_up))
        if loaded.line.control.quality in seen.fails:
            raise RuntimeError("the line did not come to produce")
        return {
            "areal": {"both": SIDE, "a": SIDE, "b": SIDE, **WEB}, "nips": {"lamination": NIP}, "limited": {}, "alarms": {},
            "restarts": 0, "contact_interlocks": 0, "refills": 1, "decide_us": 100.0,
        }  # fmt: skip

    monkeypatch.setattr(ablation, "run_arm", run)
    split = {"sigma_md_pct": 0.01, "sigma_cd_pct": 0.0, "sigma_residual_pct": 0.1, "sigma_total_pct": 0.1}
    both = {"line": split, "scanner": split}
    monkeypatch.setattr(ablation, "bounds_figures", lambda loaded: {"informed": both, "gauge": both, "open_loop": split})
    return seen


def test_quick_runs_three_arms_and_says_where_the_page_is(told, tmp_path):
    done = call("--quick", "--jobs", "1", "--out", str(tmp_path / "study"))
    assert done.exit_code == 0, done.output
    assert told == [("lfp-cathode", 20, kind, 1, 4.0, 2.0) for kind in ("open_loop", "pi_monitor", "full_stack")]
    assert "three sigma of both sides" in done.stdout and f"page: {tmp_path / 'study' / 'ablation.html'}" in done.stdout
    assert "4/4 lfp-cathode full_stack, seed 1" in done.stderr
    values = json.loads((tmp_path / "study" / "ablation.json").read_text(encoding="utf-8"))
    assert [one["arm"] for one in values["runs"]] == ["bounds", "open_loop", "pi_monitor", "full_stack"]
    again = call("--quick", "--jobs", "1", "--out", str(tmp_path / "study"))
    assert again.exit_code == 0 and len(told) == 3 and again.stderr.count("was there") == 4


def test_lines_seeds_arms_and_settings_are_taken(told, tmp_path):
    options = ("--seeds", "2,5", "--minutes", "3", "--warm-up", "0", "--arms", "full_stack", "--set", "web.lanes=12")
    done = call("lfp-cathode", "graphite-anode", *options, "--jobs", "1", "--out", str(tmp_path))
    assert done.exit_code == 0, done.output
    assert told == [(line, 12, "full_stack", seed, 3.0, 0.0) for seed in (2, 5) for line in ("lfp-cathode", "graphite-anode")]


def test_a_failing_arm_is_named_and_the_others_are_shown(told, tmp_path):
    told.fails = ("pi_monitor",)
    done = call("--quick", "--jobs", "1", "--out", str(tmp_path))
    assert done.exit_code == 1
    assert "ablation: lfp-cathode pi_monitor, seed 1: RuntimeError: the line did not come to produce" in done.stderr
    assert "full_stack" in done.stdout and (tmp_path / "ablation.html").exists()


def test_arms_are_listed():
    done = call("--list")
    assert done.exit_code == 0 and "full_stack/stiffness-30/delay+20" in done.stdout.splitlines()
    assert len(call("--list", "--full").stdout.splitlines()) > 100


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--arms", "full_stak"), "did you mean 'full_stack'"),
        (("--seeds", "1,x"), "no list of seeds"),
        (("--seeds", "99999999999999999999"), "no list of seeds"),
        (("--seeds", ""), "no list of seeds"),
        (("no-such-line",), "no-such-line"),
        (("--set", "web.lanez=3"), "lanez"),
        (("--quick", "--full"), "give one of them"),
        (("--minutes", "0"), "minutes"),
        (("--jobs", "0"), "jobs"),
    ],
)
def test_wrong_use_is_refused(told, tmp_path, arguments, words):
    done = call(*arguments, "--out", str(tmp_path / "study"))
    assert done.exit_code == 2 and words in done.stderr, done.output
    assert told == [] and not (tmp_path / "study").exists()


def test_a_folder_that_cannot_be_written_is_said(told, tmp_path):
    (tmp_path / "file").write_text("")
    done = call("--quick", "--jobs", "1", "--out", str(tmp_path / "file" / "study"))
    assert done.exit_code == 1 and "cannot be written" in done.stderr
