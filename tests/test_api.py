"""The Python API: what `import dryline` offers, that it stays light, and that it makes the run of the command."""

from __future__ import annotations

import gc
import json
import math
import subprocess
import sys

import numpy as np
import pytest

import dryline
from dryline.control.sequence import State
from dryline.line.load import dump_line

HEAVY = ("numba", "scipy", "pint", "pyarrow", "numpy", "pydantic", "typer", "yaml")
SMALL = ("web.lanes=10",)


def test_import_is_light():
    script = f"import sys, dryline; dir(dryline); print(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_every_name_is_there_and_says_what_it_is():
    for name in dryline.__all__:
        assert name in dir(dryline)
        assert name == "__version__" or len(getattr(dryline, name).__doc__) > 40
    with pytest.raises(AttributeError, match="no attribute 'lead'"):
        _ = dryline.lead


def test_load_takes_files_names_and_settings(tmp_path):
    loaded = dryline.load("lfp-cathode", settings="speed=50 m/min")
    assert loaded.line.speed == pytest.approx(50 / 60) and loaded.settings == ("speed=50 m/min",)
    path = tmp_path / "mine.yaml"
    path.write_text(dump_line(loaded.line))
    assert dryline.load(path, recipe="lfp-cathode", disturbances="none").line == loaded.line
    with pytest.raises(dryline.InputError, match="did you mean 'lanes'"):
        dryline.load(settings=["web.lane=5"])


def test_set_up_names_the_limit():
    assert all(check.satisfied for check in dryline.set_up("nmc811-cathode").checks)
    with pytest.raises(dryline.Infeasible, match="speed limit binds") as refused:
        dryline.set_up(dryline.load(settings=["speed=200 m/min"]))
    assert refused.value.broken[0] == refused.value.check


@pytest.fixture(scope="module")
def compared():
    return dryline.compare("lfp-cathode", samples=40, seed=3, wet="best_available_2025", known={"hall": 300.0, "oee": "88 %"})


@pytest.mark.e2e
def test_a_comparison_is_that_of_the_command(compared):
    command = [sys.executable, "-m", "dryline", "compare", "lfp-cathode", "--samples", "40", "--seed", "3", "--json"]
    command += ["--wet", "best_available_2025", "--input", "hall=300 W/m**2", "--input", "oee=0.88"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    printed = json.loads(done.stdout)
    del printed["comparisons"]
    assert json.loads(json.dumps(compared.as_json())) == printed


def test_a_comparison_is_a_value_with_a_page(compared):
    with pytest.raises(AttributeError):
        compared.planner = None
    assert isinstance(compared, dryline.DryAgainstWet)
    assert compared.as_json()["capacity"]["oee"] == 0.88 and compared.comparison.priors["estimates"].samples == 40
    assert compared.page().startswith("<!doctype html>") and "best available 2025" in compared.page()
    assert len(compared.verdicts()) == 1 + 3 + 4
    saving = compared.saving("energy", "electrode_production", "best_available_2025", priors="estimates")
    told = compared.as_json()["energy"]["electrode_production"]["best_available_2025"]["estimates"]
    assert told["saving_p50"] == saving.band.p50 and 0.0 < saving.band.p5 < saving.band.p95 < 1.0
    with pytest.raises(KeyError):
        compared.saving("energy", "conversion", "best_available_2025")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"line": "nonsense"}, "no line of this name"), ({"known": {"hal": 1.0}}, "known, hal=1.0: .*did you mean 'hall'"),
     ({"known": {"hall": "300 K"}}, "known, hall: .*wrong dimension"), ({"target": "8"}, "target: '8' has no unit"),
     ({"basis": "cheap"}, "basis: 'cheap' is none of full"), ({"samples": 9}, "samples: 9 is out of range; give 10"),
     ({"jobs": 0}, "jobs: 0 is out of range"), ({"wet": "greet_2018"}, "greet_2019"),
     ({"prices": "nowhere.csv"}, "nowhere.csv")],
)  # fmt: skip
def test_a_wrong_comparison_is_refused(wrong, words):
    with pytest.raises(dryline.InputError, match=words):
        dryline.compare(**wrong)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"length": "5"}, "length: '5' has no unit"), ({"duration": "-1 s"}, "duration: '-1 s' must be above zero"),
     ({"length": "5 m", "duration": "1 h"}, "duration: cannot go with length"), ({"seed": -1}, "seed: -1 is out of range"),
     ({"machine_seed": -2}, "machine_seed: -2 is out of range"),
     ({"line": "nonsense"}, "no line of this name")],
)  # fmt: skip
def test_wrong_use_is_refused(wrong, words):
    with pytest.raises(dryline.InputError, match=words):
        dryline.run(**wrong)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out = tmp_path_factory.mktemp("made") / "run"
    return dryline.run(dryline.load(settings=SMALL), length="15m", seed=4, out=out)


@pytest.mark.e2e
def test_a_run_is_that_of_the_command(made, tmp_path):
    command = [sys.executable, "-m", "dryline", "run", "--length", "15m", "--seed", "4", "--out", str(tmp_path / "run")]
    subprocess.run([*command, "--set", *SMALL], capture_output=True, check=True)
    other = dryline.open(tmp_path / "run")
    names = [column.name for column in made.columns()]
    assert names == [column.name for column in other.columns()]
    one, two = made.signals(names), other.signals(names)
    assert all(np.array_equal(one[name], two[name], equal_nan=True) for name in names)
    assert all(np.array_equal(made.rollmap()[name], values, equal_nan=True) for name, values in other.rollmap().items())
    assert made.summary["quality"] == other.summary["quality"]
    assert repr(made.events()) == repr(other.events())


def test_a_run_reads_back(made):
    assert (made.status, made.reason) == ("finished", "") and made.report.exists() and "finished" in repr(made)
    assert made.summary["run"]["good_m"] >= 15.0
    found = made.signals(["truth/*/line_load", "state"])
    assert next(iter(found)) == "time" and len(found) == 2 + 7
    assert {values.shape for values in found.values()} == {found["time"].shape}
    assert list(made.signals("state")) == ["time", "state"]
    assert found["state"][-1] == State.COMPLETED
    web = made.rollmap()
    rows, lanes = web["thickness"].shape
    assert web["good"].shape == (rows,) and web["lane_centres"].shape == (lanes,)
    assert web["length"][web["good"]].sum() == pytest.approx(made.summary["run"]["good_m"])
    assert any(event.kind == "state" and math.isfinite(event.time) for event in made.events())


def test_signals_that_were_not_recorded_are_named(made):
    with pytest.raises(KeyError, match="did you mean 'state'"):
        made.signals("stat")
    with pytest.raises(KeyError, match="nothing"):
        made.signals(["state", "nothing/*"])


@pytest.mark.e2e
def test_without_a_folder_the_run_lives_as_long_as_the_object(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = dryline.run(dryline.load(settings=SMALL, disturbances="none"), duration="20 s")
    path = run.path
    assert path.is_dir() and not list(tmp_path.iterdir())
    assert run.summary["run"]["simulated_s"] >= 20.0
    del run
    gc.collect()
    assert not path.exists()


@pytest.mark.e2e
def test_ctrl_c_closes_the_folder_and_goes_on_up(tmp_path, monkeypatch):
    def pressed(*_args, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr("dryline.control.loop.run", pressed)
    with pytest.raises(KeyboardInterrupt):
        dryline.run(dryline.load(settings=SMALL), out=tmp_path / "run")
    run = dryline.open(tmp_path / "run")
    assert run.status == "interrupted" and run.reason.startswith("interrupted at")
    assert run.columns() == [] and run.signals("state")["state"].size == 0 and run.rollmap()["good"].size == 0
    (run.path / "summary.json").unlink()
    assert dryline.open(str(run.path)).summary["run"]["wound_m"] == 0.0


def test_what_is_no_run_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(dryline.RecordError, match="folder of a run"):
            dryline.open(path)
