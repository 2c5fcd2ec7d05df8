"""`dryline setup` and `dryline lines`: what they print and write, exit codes 0, 1 and 2, and the form of their JSON."""

from __future__ import annotations

import csv
import json
import xml.etree.ElementTree as ET

import pytest
from records.schema_check import problems
from typer.testing import CliRunner

from dryline.commands.main import app
from dryline.line.load import names
from dryline.studies.values import setup_schema

SLOW = ("--set", "speed=200 m/min")


def call(*arguments):
    return CliRunner().invoke(app, ["setup", *arguments])


def printed(*arguments, code=0):
    done = call(*arguments, "--json")
    assert done.exit_code == code, done.output
    values = json.loads(done.stdout)
    assert problems(values, setup_schema()) == []
    return values


def test_the_operating_point_fits_one_screen():
    done = call("nmc811-cathode")
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert len(lines) <= 40 and max(len(line) for line in lines) <= 140
    for words in ("surface speed", "loaded gap", "line load", "peak pressure", "dh/dS", "contact margin", "mAh/cm²"):
        assert words in done.stdout
    assert "side B is set like side A" in done.stdout and "limits hold" in done.stdout


def test_json_keeps_its_schema():
    values = printed("--gains", "--window", "speed,loading", "--points", "4")
    assert values["feasible"] and len(values["set_up"]["nips"]) == 7
    assert len(values["window"]["points"]) == 16
    assert values["areal_capacity"] / 36000.0 == pytest.approx(3.68, abs=0.01)
    assert {"sensitivities", "window"}.isdisjoint(printed())
    assert problems({**values, "extra": 1}, setup_schema())
    assert problems({key: value for key, value in values.items() if key != "limits"}, setup_schema())


def test_the_schema_is_printed():
    done = CliRunner().invoke(app, ["schema", "setup"])
    assert done.exit_code == 0 and json.loads(done.stdout) == setup_schema()


def test_limits_are_listed_with_what_is_left():
    done = call("--limits")
    values = printed()
    assert done.exit_code == 0 and "left %" in done.stdout
    assert done.stdout.count("contact margin ") >= sum(check["limit"] == "contact margin" for check in values["limits"])
    assert all(check["left"] >= 0.0 for check in values["limits"])


def test_gains_name_actuators_moves_and_units():
    done = call("--gains")
    assert done.exit_code == 0
    for words in ("metering a rate", "lamination gap", "lamination tilt", "fibrillator work", "+1\u00a0µm", "mg/cm²", "points"):
        assert words in done.stdout
    assert "thinning nip b2 gap" not in done.stdout


def test_unlike_sides_are_both_shown():
    done = call("--gains", "--set", "stations.thinning_nip_a1.porosity=41 %")
    assert done.exit_code == 0, done.output
    assert "thinning nip b2 gap" in done.stdout and "side B is set like side A" not in done.stdout


def test_settings_and_recipe_are_taken():
    assert printed("--set", "speed=50 m/min")["set_up"]["speed"] == pytest.approx(50 / 60)
    assert printed("lfp-cathode", "--recipe", "nmc811-cathode")["recipe"] == "nmc811-cathode"


def test_a_refused_set_up_names_the_limits_and_what_helps():
    done = call(*SLOW)
    assert done.exit_code == 1 and done.stdout == ""
    assert "the speed limit binds at line" in done.stderr and "lower the line speed" in done.stderr
    assert "feeder range" in done.stderr and "Traceback" not in done.output
    values = printed(*SLOW, code=1)
    assert not values["feasible"] and "set_up" not in values and values["limits"][0]["limit"] == "speed"
    assert all(check["left"] < 0.0 for check in values["limits"])
    assert values["hint"] == "lower the line speed"


def test_a_refused_line_still_has_its_window(tmp_path):
    out = tmp_path / "window.html"
    done = call(*SLOW, "--window", "speed=40:220,loading", "--points", "5", "--out", str(out))
    assert done.exit_code == 1
    assert "% feasible" in done.stdout and "Not feasible" in out.read_text() and "now: speed binds" in out.read_text()


def test_a_refused_line_has_a_page_of_what_binds_and_no_table(tmp_path):
    for name, made in (("page.html", True), ("table.csv", False)):
        assert call(*SLOW, "--out", str(tmp_path / name)).exit_code == 1
        assert (tmp_path / name).exists() == made
    assert "feeder range" in (tmp_path / "page.html").read_text()


def test_pages_pictures_and_tables_are_written(tmp_path):
    wanted = ("--window", "speed,loading", "--points", "4")
    for name in ("w.html", "w.svg", "w.csv"):
        done = call(*wanted, "--out", str(tmp_path / name))
        assert done.exit_code == 0, done.output
        assert done.stdout.rstrip().endswith(name)
    assert (tmp_path / "w.html").read_text().startswith("<!doctype html>")
    ET.parse(tmp_path / "w.svg")
    assert len(list(csv.reader((tmp_path / "w.csv").read_text().splitlines()))) == 17


@pytest.mark.parametrize(
    ("options", "head", "rows"), [((), "nip", 18), (("--limits",), "limit", None), (("--gains",), "actuator", 38 * 14)]
)
def test_a_csv_file_holds_what_was_asked_for(options, head, rows, tmp_path):
    out = tmp_path / "table.csv"
    assert call(*options, "--out", str(out)).exit_code == 0
    table = list(csv.reader(out.read_text().splitlines()))
    if rows is None:
        rows = len(json.loads(call("--json").stdout)["limits"])
    assert table[0][0] == head and len(table) == 1 + rows
    assert {len(row) for row in table} == {len(table[0])}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--window", "speed"), "two settings"), (("--window", "speed,loading,work"), "two settings"),
        (("--window", "speed,lodaing"), "not a known value"), (("--window", "speed=9:1,loading"), "must rise"),
        (("--window", "speed,speed"), "twice"), (("--window", "speed,loading", "--points", "1"), "points"),
        (("--out", "x.pdf"), ".html, .svg, .csv"), (("--out", "x.svg"), "--window"),
        (("--out", "nowhere/x.html"), "no folder"), (("no-line",), "no line of this name"),
        (("--set", "sped=1"), "did you mean 'speed'"), (("--recipe", "lfp"), "no recipe"),
    ],
)  # fmt: skip
def test_wrong_use_leaves_with_code_2(arguments, words):
    done = call(*arguments)
    assert done.exit_code == 2, done.output
    assert words in done.stderr and "Traceback" not in done.output


def test_sides_that_do_not_meet_leave_with_code_1():
    done = call("--set", "stations.thinning_nip_a1.elongation=1.08")
    assert done.exit_code == 1 and "both sides" in done.stderr


def test_a_page_goes_without_gains_where_a_line_has_none(tmp_path, monkeypatch):
    from dryline.setup import sensitivities

    def refuse(loaded, found):
        raise ValueError("sides do not join")

    monkeypatch.setattr(sensitivities, "gains_at", refuse)
    done = call("--out", str(tmp_path / "page.html"))
    assert done.exit_code == 0 and "no gains: sides do not join" in done.stderr
    assert "<h2>Gains</h2>" not in (tmp_path / "page.html").read_text()
    done = call("--gains")
    assert done.exit_code == 1 and "sides do not join" in done.stderr


def test_lines_say_what_each_is_and_whether_it_runs():
    done = CliRunner().invoke(app, ["lines", "--json"])
    assert done.exit_code == 0
    rows = json.loads(done.stdout)
    assert [row["name"] for row in rows] == names("lines")
    lfp = next(row for row in rows if row["name"] == "lfp-cathode")
    assert (lfp["recipe"], lfp["chemistry"], lfp["sides"], lfp["nips"]) == ("lfp-cathode", "LFP", ["A", "B"], 7)
    assert (lfp["film_width_m"], lfp["speed_m_s"], lfp["feasible"], lfp["binding_limit"]) == (1.0, 1.0, True, None)
    assert lfp["gwh_per_year"] == pytest.approx(5.1, abs=0.1)
    plain = CliRunner().invoke(app, ["lines"])
    assert plain.exit_code == 0 and "5.1 GWh/year" in plain.stdout


def test_a_line_that_cannot_run_is_listed_with_its_limit(monkeypatch):
    from dryline.line import load

    original = load.load_line
    monkeypatch.setattr(load, "load_line", lambda name: original(name, settings=["speed=100 m/min"]))
    done = CliRunner().invoke(app, ["lines", "--json"])
    assert done.exit_code == 0
    lfp = next(row for row in json.loads(done.stdout) if row["name"] == "lfp-cathode")
    assert (lfp["feasible"], lfp["binding_limit"], lfp["gwh_per_year"]) == (False, "speed at line", None)
    plain = CliRunner().invoke(app, ["lines"])
    assert "not feasible (speed at line)" in plain.stdout
