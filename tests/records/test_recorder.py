import errno
import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import synthetic

from dryline.records import accounts, events, rollmap, run_folder, signals
from dryline.records.run_folder import FolderFull, open_run
from dryline.records.summary import build_summary


def digests(path):
    return {
        file.relative_to(path).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(path.rglob("*.parquet"))
    }


def without_clock(summary):
    run = {name: value for name, value in summary["run"].items() if name not in ("wall_s", "realtime_factor")}
    return {**summary, "run": run}


def test_the_folder_holds_what_it_promises(finished):
    path, _ = finished
    for name in ("manifest.json", "line.yaml", "setup.json", "summary.json", "report.html"):
        assert (path / name).stat().st_size > 0
    assert (path / "accounts.parquet").exists()
    assert len(list((path / "signals").iterdir())) == 3
    assert not (path / ".reserve").exists()
    assert not list(path.rglob("*.tmp"))
    assert open_run(path).status == "finished"


def test_events_come_back(finished):
    found = events.read(open_run(finished[0]))
    assert [event.kind for event in found] == ["state", "state", "alarm"]
    assert found[2].time == pytest.approx(100.0)
    assert found[2].source == "scanner"
    assert found[2].value == 0.04


def test_same_seed_same_files_and_same_summary(tmp_path):
    made = []
    for name in ("one", "two"):
        recorder, _ = synthetic.record(tmp_path / name, 70.0, seed=5, lanes=20)
        made.append((without_clock(recorder.close()), digests(tmp_path / name)))
    assert made[0] == made[1]
    recorder, _ = synthetic.record(tmp_path / "other", 70.0, seed=6, lanes=20)
    assert without_clock(recorder.close()) != made[0][0]


def test_ctrl_c_leaves_what_was_made_until_then(tmp_path):
    recorder, _ = synthetic.record(tmp_path / "run", 75.0, lanes=20)
    summary = recorder.close("interrupted", "stopped by Ctrl-C at 75.0 s of plant time")
    run = open_run(tmp_path / "run")
    assert (run.status, run.manifest["reason"]) == (
        "interrupted",
        "stopped by Ctrl-C at 75.0 s of plant time",
    )
    assert summary["run"]["wound_m"] == 75.0
    assert summary["run"]["simulated_s"] == 75.0
    assert "stopped by Ctrl-C" in (tmp_path / "run" / "report.html").read_text()


def test_an_abandoned_run_opens_with_its_closed_segments(tmp_path):
    synthetic.record(tmp_path / "run", 75.0, lanes=20)
    run = open_run(tmp_path / "run")
    assert run.status == "running"
    assert run.manifest["simulated_s"] == pytest.approx(60.0)
    assert signals.read(run, ["time"])["time"].size == 600
    assert rollmap.read(run).batch.length.sum() == 60.0
    summary = build_summary(run)
    assert summary["run"]["status"] == "running"
    assert summary["mass_balance"]["worst_relative_error"] < 1e-12


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_a_killed_process_leaves_a_folder_that_opens(tmp_path):
    program = (
        "import sys, os, signal, pathlib, synthetic\n"
        f"synthetic.record(pathlib.Path({str(tmp_path / 'run')!r}), 65.0, lanes=20)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    here = Path(__file__).parent
    paths = os.pathsep.join([str(here), *[path for path in sys.path if path]])
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": paths}, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert build_summary(open_run(tmp_path / "run"))["run"]["wound_m"] == 60.0


def test_a_segment_torn_by_a_crash_of_the_computer_is_skipped(tmp_path, caplog):
    recorder, _ = synthetic.record(tmp_path / "run", 130.0, lanes=20)
    recorder.close()
    run = open_run(tmp_path / "run")
    run.segments("signals")[-1].write_bytes(b"")
    assert signals.read(run, ["time"])["time"].size == 1200
    assert "skipped" in caplog.text


class Disk:
    """A disk that takes no more files of a kind until room is made."""

    def __init__(self, monkeypatch):
        self.full = False
        self.room = Path.write_bytes
        disk = self

        def write(self, data):
            if disk.full and "signals" in self.parts:
                with self.open("wb") as file:
                    file.write(data[:100])
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return disk.room(self, data)

        monkeypatch.setattr(run_folder.Path, "write_bytes", write)


def test_a_full_disk_is_said_clearly_and_earlier_segments_stay(tmp_path, monkeypatch):
    disk = Disk(monkeypatch)
    recorder, plant = synthetic.record(tmp_path / "run", 90.0, lanes=20)
    disk.full = True
    with pytest.raises(FolderFull, match=r"no room left on the disk for .*signals-00001") as raised:
        synthetic.advance(recorder, plant, 900, 1300)
    summary = recorder.close("failed", str(raised.value))
    run = open_run(tmp_path / "run")
    assert run.status == "failed"
    assert "no room left on the disk" in run.manifest["reason"]
    assert summary["run"]["simulated_s"] == pytest.approx(60.0)
    assert summary["run"]["wound_m"] == 60.0
    assert signals.read(run, ["time"])["time"].size == 600
    assert max(found.relative_error for found in accounts.mass_balance_from_parquet(run)) < 1e-12
    assert not list(run.path.rglob("*.tmp"))
    assert "no room left" in (run.path / "report.html").read_text()


def test_a_disk_that_fills_at_the_last_segment_ends_as_failed(tmp_path, monkeypatch):
    disk = Disk(monkeypatch)
    recorder, _ = synthetic.record(tmp_path / "run", 70.0, lanes=20)
    disk.full = True
    summary = recorder.close()
    assert summary["run"]["status"] == "failed"
    assert "no room left" in open_run(tmp_path / "run").manifest["reason"]


def test_a_run_that_ends_before_its_first_tick(tmp_path):
    recorder, _ = synthetic.record(tmp_path / "run", 0.0, lanes=20)
    summary = recorder.close("interrupted", "stopped before the start")
    assert summary["run"]["wound_m"] == 0.0
    assert summary["quality"]["thickness"] is None
    assert summary["energy"]["kWh_per_m2"] is None
    assert "No product was wound" in (tmp_path / "run" / "report.html").read_text()
