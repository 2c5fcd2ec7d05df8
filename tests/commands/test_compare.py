"""`dryline compare`: what it prints and writes, and exit codes 0, 1 and 2."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from records.schema_check import problems
from typer.testing import CliRunner

import dryline
from dryline.commands.main import app
from dryline.studies.planning import comparison
from dryline.studies.planning.document import compare_schema

DATA = files("dryline").joinpath("data")
LOADED = re.compile(
    r"""(?:<(?:script|img|iframe)[^>]*\ssrc|<link[^>]*\shref)=|@import|url\(\s*["']?(?:https?:)?//""", re.IGNORECASE
)
VINTAGES = ["open_exhaust_2016", "greet_2019", "best_available_2025", "unknown_vintage"]


def call(*arguments):
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, ["compare", *arguments])


def data(name):
    return DATA.joinpath(name).read_text(encoding="utf-8")


@pytest.fixture
def file(tmp_path):
    """A file with a text, as a path."""

    def written(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return written


def site(a, b):
    text = data("sites/china.yaml")
    assert a in text
    return text.replace(a, b, 1)


WRONG = [
    # what is compared
    (["lfp-cathod"], "no line of this name.*did you mean 'lfp-cathode'"),
    (["graphite-anode"], "recipe: is an anode; give the cathode line"),
    (["sulfide-separator"], "makes no electrode on foil"),
    (["sulfide-cathode"], "cathode.slurries: has no slurry of .*add one"),
    (["lfp-cathode", "--anode", "nmc811-cathode"], "is no anode .*graphite-anode"),
    (["lfp-cathode", "--anode", "nothing"], "nothing: no line of this name"),
    (["lfp-cathode", "--recipe", "nonsense"], "nonsense: no recipe of this name"),
    (["lfp-cathode", "--set", "stations.nothing.gap=1 um"], "there is no station 'nothing'"),
    (["lfp-cathode", "--set", "speed=60"], "lfp-cathode.yaml, line 5, speed: 60 has no unit; give e.g."),
    # the site and the wet reference
    (["lfp-cathode", "--site", "chna"], "no site of this name.*did you mean 'china'"),
    (["lfp-cathode", "--wet", "best_2025"], "no wet reference of this name.*did you mean 'best_available_2025'"),
    # hours, target, samples
    (["lfp-cathode", "--target", "8"], "--target: '8' has no unit; give e.g. '8GWh'"),
    (["lfp-cathode", "--target", "8kg"], "--target: .*wrong dimension"),
    (["lfp-cathode", "--target=-8GWh"], "--target: .*above zero"),
    (["lfp-cathode", "--hours", "9000"], "'--hours'.*8760"),
    (["lfp-cathode", "--oee", "0"], "'--oee'"),
    (["lfp-cathode", "--oee", "1"], "--oee: running and heating up take more than the planned time; lower the OEE"),
    (["lfp-cathode", "--samples", "3"], "'--samples'.*10"),
    (["lfp-cathode", "--basis", "ful"], "--basis: 'ful' is none of full, marginal, levelized"),
    # inputs
    (["lfp-cathode", "--input", "hal=300 W/m**2"], "--input, hal=300.*did you mean 'hall'"),
    (["lfp-cathode", "--input", "hall=300"], "--input, hall: '300' has no unit"),
    (["lfp-cathode", "--input", "hall=300 K"], "--input, hall: .*wrong dimension"),
    (["lfp-cathode", "--input", "electrode_yield=1.5"], "--input, electrode_yield: .*cannot exceed 1"),
    (["lfp-cathode", "--input", "primer=-1"], "--input, primer: .*above zero, or zero"),
    (["lfp-cathode", "--input", "heat_recovery=-0.1"], "--input, heat_recovery: .*above zero, or zero"),
    (["lfp-cathode", "--input", "exhaust_solvent=0.02"], "--input, exhaust_solvent: .*cannot exceed 0.0065"),
    (["lfp-cathode", "--inputs", "nothing.csv"], "nothing.csv: cannot be read"),
    # files that are written or read
    (["lfp-cathode", "--out", "page.pdf"], "--out: 'page.pdf' is neither a folder nor a .html, .json, .csv file"),
    (["lfp-cathode", "--run", "nowhere"], "--run: nowhere.manifest.json does not exist"),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG, ids=[" ".join(row[0])[:50] for row in WRONG])
def test_wrong_input_is_refused_with_place_and_remedy(arguments, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = call(*arguments, "--json")
    assert done.exit_code == 2, done.output
    assert re.search(words, " ".join(done.stderr.replace("│", " ").split())), done.stderr
    assert done.stdout == "" and list(tmp_path.iterdir()) == []


FILES = [
    ("--site", "site.yaml", lambda: site("  date: 2024\n", ""), "line 6, electricity.date: is missing"),
    ("--site", "site.yaml", lambda: site("0.2 USD/kg", "0.2"), "disposal.price: '0.2' has no currency"),
    ("--site", "site.yaml", lambda: site("0.088 USD/kWh", "0.088 USD/kg"), "electricity.price"),
    ("--site", "site.yaml", lambda: site("planned_time: 7680 h", "planned_time: 8784 h"), "8760 h of a year"),
    ("--site", "site.yaml", lambda: site("currency: CNY", "currency: GBP"), "line 3, currency"),
    ("--site", "site.yaml", lambda: "name: [\n", "is not valid YAML"),
    ("--wet", "lean.yaml", lambda: data("wet/best_available_2025.yaml").replace("3000 ppm, heat", "9000 ppm, heat"),
     "exhaust_fraction: 9000 ppm are more than half of the lower explosive limit"),
    ("--inputs", "in.csv", lambda: data("planning/inputs.csv").replace("sourced_low", "sourcedlow", 1),
     "line 1, sourced_low: is missing"),
    ("--inputs", "in.csv", lambda: "\n".join(data("planning/inputs.csv").splitlines()[:2]).replace("speed,", "sped,"),
     "line 2, sped: is no input"),
    ("--prices", "prices.csv", lambda: "a,b\n1,2\n", "line 1, a: is not a known column"),
    ("--prices", "prices.csv", lambda: "item,date,price,source\nptfe,,12 USD/kg,quoted\n", "line 2, date"),
    ("--machines", "machines.yaml", lambda: "name: none\nmachines: []\n", "line 2, machines"),
    ("--machines", "machines.yaml", lambda: data("planning/machines.yaml").replace("step: fibrillation", "step: fibrilation"),
     "step: 'fibrilation' is no step of"),
    ("--machines", "machines.yaml", lambda: data("planning/machines.yaml").replace("1.5 MUSD, date: 2025", "1.5 MUSD"),
     "date: is missing; a price needs"),
]  # fmt: skip


@pytest.mark.parametrize(("option", "name", "text", "words"), FILES, ids=[f"{row[0]} {row[3][:30]}" for row in FILES])
def test_wrong_files_are_refused_with_file_place_and_remedy(option, name, text, words, file):
    path = file(name, text())
    done = call("lfp-cathode", option, path, "--samples", "10", "--json")
    assert done.exit_code == 2, done.output
    assert words in done.stderr and name in done.stderr, done.stderr


def test_an_infeasible_line_ends_with_1_and_its_limit():
    done = call("lfp-cathode", "--set", "speed=200 m/min", "--json")
    assert done.exit_code == 1 and done.stdout == ""
    assert done.stderr.startswith("compare: lfp-cathode: not feasible: the speed limit binds") and "lower" in done.stderr


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out = tmp_path_factory.mktemp("compare") / "study"
    return call("lfp-cathode", "nmc811-cathode", "--samples", "40", "--jobs", "1", "--out", str(out)), out


def test_the_terminal_has_tables_verdicts_and_counters(made):
    done, out = made
    assert done.exit_code == 0, done.output
    assert "sourced: 40 samples, set-up model called 2 times (no input that varies moves the set-up), 40 samples" in done.stdout
    assert re.search(r"estimates: 40 samples, set-up model called \d+ times, \d+ samples feasible \(refused: ", done.stdout)
    for words in (
        "lfp-cathode with graphite-anode, site China, money in CNY, cost basis full", "nmc811-cathode with graphite-anode-nmc811",
        "Energy of LFP", "Cost (full) of NMC811", "5 to 8 GWh a year on one line", "Lines for 8 GWh a year", f"page: {out}",
    ):  # fmt: skip
        assert words in done.stdout, words


def test_page_json_and_csv_are_written(made):
    _, out = made
    assert sorted(path.name for path in out.iterdir()) == ["compare.csv", "compare.html", "compare.json"]
    values = json.loads((out / "compare.json").read_text(encoding="utf-8"))
    assert problems(values, compare_schema()) == []
    assert list(values["comparisons"]) == ["lfp-cathode", "nmc811-cathode"] and values["line"] == "lfp-cathode"
    with (out / "compare.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 2 * 7 * 2 * 4
    row = next(r for r in rows if (r["line"], r["case"], r["boundary"], r["vintage"])
               == ("nmc811-cathode", "both", "cell_factory", "greet_2019"))  # fmt: skip
    figure = values["comparisons"]["nmc811-cathode"]["energy"]["cell_factory"]["greet_2019"]
    assert float(row["saving"]) == pytest.approx(figure["saving"], abs=1e-6) and row["unit"] == "kWh/kWh"
    assert float(row["estimates_p95"]) == pytest.approx(figure["estimates"]["saving_p95"], abs=1e-6)


def test_the_page_loads_nothing(made):
    text = (made[1] / "compare.html").read_text(encoding="utf-8")
    assert LOADED.findall(text) == []
    assert "LFP" in text and "NMC811" in text and "<svg" in text


def test_json_has_what_a_reader_relies_on_and_no_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = call("lfp-cathode", "--samples", "20", "--json", "--site", "eu", "--basis", "levelized", "--target", "20 GWh")
    assert done.exit_code == 0, done.output
    values = json.loads(done.stdout)
    assert problems(values, compare_schema()) == [] and list(tmp_path.iterdir()) == []
    assert values["capacity"]["gwh_per_year"] > 4.0 and (values["currency"], values["cost_basis"]) == ("EUR", "levelized")
    assert values["planner"]["target_gwh_per_year"] == pytest.approx(20.0) and values["planner"]["cathode_lines"] >= 3
    for boundary in ("electrode_line", "electrode_production", "cell_factory"):
        assert list(values["energy"][boundary]) == VINTAGES
    for boundary in ("conversion", "without_active_material", "with_active_material", "cell"):
        assert list(values["cost"][boundary]) == VINTAGES


def test_own_site_wet_prices_machines_and_inputs_work_together(file, tmp_path):
    wet = file("our-line.yaml", data("wet/best_available_2025.yaml").replace("3000 ppm, heat", "2500 ppm, heat"))
    prices = file("prices.csv", "item,date,price,areal_mass,source,tag,note\nptfe,2026-05,20 USD/kg,,quotation,P,\n")
    inputs = file("in.csv", f"{data('planning/inputs.csv').splitlines()[0]}\n"
                            "hall,our hall,value,W/m**2,300,250,350,250,350,,P,measured 2026\n")  # fmt: skip
    own = file("site.yaml", site("name: China", "name: Our town"))
    out = tmp_path / "one.json"
    machines = file("machines.yaml", data("planning/machines.yaml"))
    done = call("lfp-cathode", "--wet", wet, "--prices", prices, "--inputs", inputs, "--site", own, "--samples", "20",
                "--machines", machines, "--input", "oee=0.8", "--out", str(out))  # fmt: skip
    assert done.exit_code == 0, done.output
    values = json.loads(out.read_text(encoding="utf-8"))
    assert problems(values, compare_schema()) == [] and sorted(p.name for p in tmp_path.iterdir() if p.suffix == ".html") == []
    assert values["site"] == "Our town" and list(values["energy"]["electrode_line"]) == ["our-line", "unknown_vintage"]
    assert next(one["central"] for one in values["inputs"] if one["name"] == "hall") == 300.0
    assert values["capacity"]["oee"] == 0.8
    ptfe = next(row for row in values["lines"]["dry_cathode"]["materials_per_kwh"] if row["name"] == "ptfe")
    assert ptfe["money"] / ptfe["bought"] == pytest.approx(20.0 * 7.2547, rel=1e-6)


@pytest.mark.parametrize("option", ["--oee", "--hours"])
def test_hours_and_oee_reach_the_figures(option):
    low, high = {"--oee": ("0.6", "0.8"), "--hours": ("6000", "8000")}[option]
    made = [json.loads(call("lfp-cathode", "--samples", "10", "--json", option, value).stdout) for value in (low, high)]
    less, more = (one["capacity"]["gwh_per_year"] for one in made)
    assert more / less == pytest.approx(float(high) / float(low), rel=1e-9)


def test_a_folder_that_cannot_be_written_ends_with_1(file, tmp_path):
    done = call("lfp-cathode", "--samples", "10", "--out", str(Path(file("taken", "")) / "study"))
    assert done.exit_code == 1 and "cannot be written" in done.stderr


def test_ctrl_c_leaves_cleanly(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def pressed(*_args, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr(comparison, "set_ups", pressed)
    done = call("lfp-cathode", "--samples", "20")
    assert done.exit_code == 130 and "Traceback" not in done.output and list(tmp_path.iterdir()) == []


@pytest.mark.e2e
def test_the_installed_command_gives_the_same_table_twice(tmp_path):
    command = [sys.executable, "-W", "error", "-m", "dryline", "compare", "nmc811-cathode", "--samples", "400", "--seed", "5"]
    environment = os.environ | {"PYTHONPATH": str(Path(dryline.__file__).parents[1])}
    texts = []
    for name, jobs in (("one.csv", "1"), ("two.csv", "2")):
        done = [*command, "--jobs", jobs, "--out", name]
        subprocess.run(done, cwd=tmp_path, env=environment, capture_output=True, check=True, timeout=600)
        texts.append((tmp_path / name).read_text(encoding="utf-8"))
    assert texts[0] == texts[1] and len(texts[0].splitlines()) == 1 + 7 * 2 * 4
