"""`dryline run` as a user meets it: repeatable files, early stops, refusals, and a folder that always opens."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from dryline.records.accounts import mass_balance_from_parquet
from dryline.records.run_folder import open_run

pytestmark = pytest.mark.e2e
SMALL = ("--set", "web.lanes=40")


def dryline(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dryline", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, check=False)


def tables(folder: Path) -> dict[str, object]:
    return {str(p.relative_to(folder)): pq.read_table(p) for p in sorted(folder.rglob("*.parquet"))}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """One short run for each way of slicing it, all of the same seed, and one of another."""
    base = tmp_path_factory.mktemp("runs")
    ways = {"one": ("1", "1"), "seven": ("7", "1"), "hundred": ("100", "2")}
    for name, (chunk, threads) in ways.items():
        got = dryline("run", "--length", "15m", "--seed", "4", "--chunk", chunk, "--out", str(base / name), *SMALL,
                      NUMBA_NUM_THREADS=threads, OMP_NUM_THREADS=threads)  # fmt: skip
        assert got.returncode == 0, got.stderr
    got = dryline("run", "--length", "15m", "--seed", "5", "--out", str(base / "other"), *SMALL)
    assert got.returncode == 0, got.stderr
    return base


def test_chunks_and_threads_do_not_change_the_result(made):
    first = tables(made / "one")
    assert any(name.startswith("rollmap") for name in first)
    for name in ("seven", "hundred"):
        other = tables(made / name)
        assert first.keys() == other.keys()
        for key in first:
            assert repr(first[key].to_pydict()) == repr(other[key].to_pydict()), key


def test_same_seed_same_summary_another_differs(made):
    def summary(name):
        values = json.loads((made / name / "summary.json").read_text())
        for varying in ("wall_s", "realtime_factor"):
            values["run"].pop(varying)
        return values

    assert summary("one") == summary("seven") == summary("hundred")
    assert summary("one")["quality"] != summary("other")["quality"]


def test_a_run_that_compiles_its_kernels_makes_the_same(made, tmp_path):
    got = dryline("run", "--length", "15m", "--seed", "4", "--out", str(tmp_path / "cold"), *SMALL,
                  XDG_CACHE_HOME=str(tmp_path / "cache"))  # fmt: skip
    assert got.returncode == 0, got.stderr
    first, other = tables(made / "one"), tables(tmp_path / "cold")
    assert all(repr(first[key].to_pydict()) == repr(other[key].to_pydict()) for key in first)


def test_a_run_is_on_target_and_its_mass_closes(tmp_path):
    got = dryline("run", "--length", "150m", "--seed", "4", "--out", str(tmp_path / "run"), *SMALL)
    assert got.returncode == 0, got.stderr
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert summary["run"]["good_m"] >= 150.0
    assert summary["mass_balance"]["worst_relative_error"] < 1e-9
    quality = summary["quality"]
    assert quality["areal_density"]["mean"] == pytest.approx(quality["areal_density"]["target"], rel=0.005)
    assert quality["porosity"]["mean"] == pytest.approx(quality["porosity"]["target"], abs=0.01)
    areal = summary["footprint"]["areal_density"]
    assert areal["deviation_pct"] == pytest.approx(100.0 * (quality["areal_density"]["mean"] / areal["target"] - 1.0), abs=1e-4)
    assert areal["sigma_total_pct"] > quality["areal_density"]["sigma_total_pct"]
    assert [bound["name"] for bound in areal["bounds"]] == ["line gauges", "line gauges, scale, last film nip"]
    assert areal["bounds"][1]["total_over_bound"] > 0.8, "coarse lanes show less scatter than there is"
    assert 5.0 <= summary["capacity"]["gwh_per_year"] <= 8.0


def test_the_parquet_files_alone_give_the_balance(made):
    assert max(row.relative_error for row in mass_balance_from_parquet(open_run(made / "one"))) < 1e-6


def test_every_recorded_value_is_finite(made):
    for name, table in tables(made / "one").items():
        for column in table.column_names:
            if column.startswith(("truth/", "command/")):
                values = table[column].combine_chunks()
                flat = values.flatten() if hasattr(values, "flatten") and "list" in str(values.type) else values
                assert np.isfinite(np.asarray(flat, dtype=float)).all(), (name, column)


def test_an_infeasible_request_names_its_limit(tmp_path):
    got = dryline("run", "--set", "speed=79 m/min", "--set", "limits.line_speed_max=70 m/min", "--out", str(tmp_path / "x"))
    assert got.returncode == 1
    assert "speed limit binds" in got.stderr and "Traceback" not in got.stderr
    assert not (tmp_path / "x").exists()


def test_a_folder_with_content_is_not_overwritten(tmp_path):
    (tmp_path / "note.txt").write_text("mine")
    got = dryline("run", "--length", "15m", "--out", str(tmp_path), *SMALL)
    assert got.returncode == 2 and "--out" in got.stderr and "Traceback" not in got.stderr


def test_ctrl_c_leaves_a_folder_that_opens(tmp_path):
    out = tmp_path / "run"
    command = [sys.executable, "-m", "dryline", "run", "--length", "5km", "--out", str(out), *SMALL]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for _ in range(1200):
        if list(out.glob("signals/*.parquet")):
            break
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, words = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "interrupted" in words and "Traceback" not in words
    run = open_run(out)
    assert run.status == "interrupted"
    assert (out / "report.html").exists()
    assert max(row.relative_error for row in mass_balance_from_parquet(run)) < 1e-6


def test_an_edited_law_changes_the_result_at_once(tmp_path):
    """The kernel cache of a copy of the package is keyed by its sources."""
    import shutil

    import dryline

    package = tmp_path / "dryline"
    shutil.copytree(Path(dryline.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    code = "from dryline.process.thinning import relaxation; print(relaxation(1e9, 0.5, 1.0))"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}

    def value() -> float:
        got = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
        return float(got.stdout)

    assert value() == pytest.approx(1.5)
    law = package / "process" / "thinning.py"
    text = law.read_text()
    assert "1.0 + beta" in text
    law.write_text(text.replace("1.0 + beta", "2.0 + beta", 1))
    assert value() == pytest.approx(2.5)


def test_a_user_without_a_writable_home_can_run(tmp_path):
    got = dryline("doctor", HOME="/nonexistent", XDG_CACHE_HOME="/proc/nowhere")
    assert got.returncode == 0 and "no writable cache" in got.stdout + got.stderr


def test_a_line_that_still_warms_up_can_be_ended(tmp_path):
    """Complete means nothing to a line that is not making electrode: it is stopped."""
    got = dryline("run", "--duration", "20s", "--cold", "--out", str(tmp_path / "run"), *SMALL)
    assert got.returncode == 0, got.stderr
    assert json.loads((tmp_path / "run" / "summary.json").read_text())["run"]["simulated_s"] < 60.0


def test_a_run_that_makes_no_good_web_ends_and_says_why(tmp_path):
    uneven = tmp_path / "uneven.yaml"
    uneven.write_text("name: uneven\ndistribution: {static_peak_to_peak: 30 %}\n")
    more = ("--disturbances", str(uneven), "--set", "web.lanes=20")
    got = dryline("run", "--length", "400m", "--out", str(tmp_path / "run"), *more)
    assert got.returncode == 1
    assert "of 400 m good" in got.stderr and "Traceback" not in got.stderr
    made = json.loads((tmp_path / "run" / "summary.json").read_text())["run"]
    assert 1200.0 <= made["wound_m"] < 1350.0
