import csv
import dataclasses
import io
import json

import numpy as np
import pytest
import synthetic
import typer
from typer.testing import CliRunner

from dryline.commands.report import report
from dryline.records import plant
from dryline.records.compare import MEAN, compare, difference, ranked, signal_tolerance
from dryline.records.report.comparison import as_csv, as_json, comparison_page, headline
from dryline.records.report.difference import decimals, leading, shown, shown_difference
from dryline.records.run_folder import RecordError, open_run, write_json


def made(path, seconds=130.0, **how):
    recorder, _ = synthetic.record(path, seconds, seed=3, **{"lanes": 40, **how})
    recorder.close()
    return open_run(path)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    base = tmp_path_factory.mktemp("twins")
    return made(base / "first"), made(base / "twin", seconds=145.0, machine=1.0)


@pytest.fixture(scope="module")
def found(runs):
    return compare(runs[1], runs[0])


def row(found, group, station, signal, place=""):
    return next(r for r in found.differences if (r.group, r.station, r.signal, r.place) == (group, station, signal, place))


def test_what_was_put_into_the_other_machine_is_found(found):
    thickness = row(found, "web", "web", "thickness", MEAN)
    assert thickness.difference == pytest.approx(1e-6, rel=1e-3)
    assert (thickness.measure, thickness.size) == ("tolerance", pytest.approx(0.5, rel=1e-3))
    edges = [row(found, "web", "web", "thickness", place) for place in ("-462.5 mm", "462.5 mm")]
    assert edges[1].difference - edges[0].difference == pytest.approx(4e-6 * 0.4625 / 0.475, rel=1e-3)
    drive, operator = (row(found, "signal", "thinning_nip_a2", "force", side) for side in ("drive side", "operator side"))
    assert drive.difference == pytest.approx(1300.0, rel=1e-3) and operator.difference == pytest.approx(-1300.0, rel=1e-3)
    assert drive.measure == "scatter" and drive.size == pytest.approx(1300.0 / (130e3 * 0.002), rel=0.1)
    gap = row(found, "truth", "lamination", "loaded_gap")
    assert gap.difference == pytest.approx(1.5e-6, rel=1e-3) and gap.size == pytest.approx(1.5, rel=1e-3)


def test_what_is_the_same_does_not_differ(found):
    put_in = {("web", "thickness"), ("thinning_nip_a2", "force"), ("lamination", "loaded_gap")}
    put_in.add(("lamination", "zero of the gap sensor"))
    others = [r for r in found.differences if (r.station, r.signal) not in put_in]
    assert len(others) > 100
    assert all(r.size == 0.0 for r in others)


def test_truths_stand_apart_and_the_largest_comes_first(found):
    assert {r.column.split("/")[0] for r in found.of("truth")} == {"truth"}
    assert not [r for r in found.of("web", "signal") if r.signal == "loaded_gap"]
    for groups in (("web", "signal"), ("truth",)):
        sizes = [r.size for r in found.of(*groups)]
        assert sizes == sorted(sizes, reverse=True)
    assert headline(found).startswith("Largest difference: thinning nip a2: force, ")


def test_what_was_drawn_once_is_measured_by_machines_of_its_kind(found, runs):
    zero = row(found, "truth", "lamination", "zero of the gap sensor", "drive side")
    assert (zero.difference, zero.size, zero.measure) == (1e-6, pytest.approx(2.0), "scatter")
    assert row(found, "truth", "lamination", "stiffness of the housing").size == 0.0
    assert "zero of the gap sensor, drive side" in comparison_page(found)
    assert len(plant.read(runs[0])) == 2


def test_a_run_without_hidden_truths_has_none_to_compare(runs, tmp_path):
    other = made(tmp_path / "other", seconds=70.0)
    (other.path / "plant.json").unlink()
    assert not [r for r in compare(runs[0], other).differences if r.signal.startswith("zero")]


def test_the_longer_run_is_compared_as_far_as_the_shorter_goes(found):
    assert (found.ticks, found.rows, found.metres) == (1000, 100, 100.0)
    assert found.seconds == pytest.approx(100.0)


def test_a_comparison_turned_round_changes_its_sign(runs, found):
    back = compare(runs[0], runs[1])
    for a in found.differences:
        b = row(back, a.group, a.station, a.signal, a.place)
        assert b.difference == -a.difference
        assert b.size == pytest.approx(a.size)


def test_a_run_does_not_differ_from_itself(runs):
    same = compare(runs[0], runs[0])
    assert all(r.difference == 0.0 for r in same.differences)
    assert headline(same) == "The runs do not differ in anything that was compared."
    assert "No signal differs" in comparison_page(same)


def test_every_lane_and_every_entry_is_there(found):
    assert sum(r.signal == "areal_mass" and r.group == "web" for r in found.differences) == 38 + 1
    segments = [r for r in found.differences if r.signal == "segments (set)" and r.station == "metering_a"]
    assert {r.place for r in segments} == {MEAN, *(f"{i} of 38" for i in range(1, 39))}
    assert [r.entry for r in segments if r.place in ("1 of 38", "38 of 38")] == [0, 37]
    assert row(found, "signal", "thinning_nip_a2", "force", "operator side").entry == -1
    assert [r.place for r in leading(found.of("web")) if r.signal == "thickness"][1:] == [MEAN]


def test_lanes_of_another_number_are_brought_to_those_of_the_first(runs, tmp_path):
    finer = made(tmp_path / "finer", lanes=80)
    mixed = compare(runs[0], finer)
    thickness = row(mixed, "web", "web", "thickness", MEAN)
    assert abs(thickness.difference) < 0.3e-6
    assert sum(r.signal == "thickness" and r.group == "web" for r in mixed.differences) == 38 + 1


def altered(run, change):
    manifest = json.loads((run.path / "manifest.json").read_text())
    change(manifest)
    write_json(run.path / "manifest.json", manifest)
    return open_run(run.path)


def test_stations_that_only_one_has_are_named(runs, tmp_path):
    other = made(tmp_path / "other", seconds=70.0)

    def change(manifest):
        stations = manifest["order"]["stations"]
        manifest["order"]["stations"] = [p for p in stations if p["name"] != "thinning_nip_b2"]
        manifest["order"]["stations"].append({"name": "laser", "kind": "thickness_gauge", "side": ""})

    less = compare(runs[0], altered(other, change))
    assert (less.only_one, less.only_other) == (("thinning_nip_b2",), ("laser",))
    assert not [r for r in less.differences if r.station == "thinning_nip_b2"]
    page = comparison_page(less)
    assert "Only first has thinning nip b2." in page and "Only other has laser." in page


def test_runs_with_nothing_to_compare_are_refused(runs, tmp_path):
    scrap = made(tmp_path / "scrap", seconds=20.0)
    with pytest.raises(RecordError, match="scrap made no product"):
        compare(runs[0], scrap)

    def renamed(manifest):
        for place in manifest["order"]["stations"]:
            place["name"] = f"x_{place['name']}"

    other = altered(made(tmp_path / "other", seconds=70.0), renamed)
    with pytest.raises(RecordError, match="no station in common"):
        compare(runs[0], other)


def test_constants_are_settings_and_tell_no_size():
    ones = np.ones(5)
    found = difference("signal", "mixer", "speed", "", "1/s", 2.0 * ones, ones, None)
    assert (found.group, found.measure, found.size, found.difference) == ("setting", "constant", None, 1.0)
    assert difference("truth", "mixer", "speed", "", "1/s", 2.0 * ones, ones, None).group == "truth"
    assert difference("signal", "mixer", "speed", "", "1/s", ones, ones * (1 + 1e-12), None).size == 0.0
    assert difference("signal", "mixer", "speed", "", "1/s", ones, np.full(5, np.nan), None) is None
    ends = [found, dataclasses.replace(found, size=0.5), dataclasses.replace(found, size=2.0)]
    assert [r.size for r in ranked(ends)] == [2.0, 0.5, None]


def test_tolerances_are_those_of_the_order():
    order = synthetic.order(20)
    assert signal_tolerance(order, "lamination_nip", "lamination", "position") == 1e-6
    assert signal_tolerance(order, "film_gauge", "gauge_a", "areal_mass") == pytest.approx(0.00625)
    assert signal_tolerance(order, "scanner", "scanner", "areal_mass") == pytest.approx(0.0125)
    assert signal_tolerance(order, "thickness_gauge", "thickness_gauge", "thickness") == 2e-6
    assert signal_tolerance(order, "scanner", "scanner", "position") is None
    assert signal_tolerance(order, "film_gauge", "gauge_a", "thickness") is None


def test_figures_show_what_differs(found):
    assert [decimals(size, 3) for size in (0.0, 1234.0, 12.34, 0.01234)] == [2, 0, 1, 4]
    thickness = row(found, "web", "web", "thickness", MEAN)
    assert shown_difference(thickness) == "+1.00\u00a0µm"
    assert shown(thickness, 218.26e-6) == "218.3\u00a0µm"
    roll = difference("signal", "lamination", "roll_temperature", "", "K", np.full(2, 383.15), np.full(2, 383.65), None)
    assert (shown(roll, 383.15), shown_difference(roll)) == ("110.00\u00a0°C", "\u22120.500\u00a0K")
    bias = difference("truth", "lamination", "bias", "", "K", np.full(2, 0.1), np.full(2, -0.1), None)
    assert shown(bias, 0.1) == "0.10\u00a0K"
    for size, words in ((120.0, "120.0\u00a0N/m"), (5e5, "500.0\u00a0N/mm"), (18e9, "18.0\u00a0MN/mm")):
        load = difference("signal", "lamination", "load", "", "N/m", np.full(2, size), np.full(2, 0.9 * size), None)
        assert shown(load, size).startswith(words.split(".")[0]) and shown(load, size).endswith(words.split("\u00a0")[1])


def test_json_and_csv_hold_every_difference(found):
    values = as_json(found)
    assert json.loads(json.dumps(values, allow_nan=False)) == values
    assert values["schema"] == "dryline-comparison/1"
    assert values["inputs"] == {"machine_seed": {"one": 1, "other": 0}}
    rows = list(csv.DictReader(io.StringIO(as_csv(found))))
    assert len(rows) == len(found.differences) == len(values["differences"])
    assert float(rows[0]["difference"]) == found.differences[0].difference


@pytest.fixture
def command():
    app = typer.Typer()
    app.command()(report)
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_command_writes_a_page_and_figures_and_leaves_the_runs_alone(runs, tmp_path, command):
    before = sorted(path.name for path in runs[1].path.iterdir())
    done = command(runs[1].path, "--against", runs[0].path, "--out", tmp_path / "out.html")
    assert done.exit_code == 0, done.output
    assert "Largest difference: thinning nip a2: force" in done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "out.html"]
    assert sorted(path.name for path in runs[1].path.iterdir()) == before
    page = (tmp_path / "out.html").read_text()
    assert page.count("<section") == page.count("</section>") == 8
    assert "machine seed" in page and "nan" not in page
    done = command(runs[1].path, "--against", runs[0].path, "--json")
    assert json.loads(done.stdout)["compared"]["metres"] == 100.0
    assert (runs[1].path / "against-first.html").exists() and (runs[1].path / "against-first.csv").exists()


def test_wrong_use_of_the_command_is_refused(runs, tmp_path, command):
    for arguments, code, words in (
        ((runs[0].path, "--out", tmp_path / "x.html"), 2, "--out goes with --against"),
        ((runs[0].path, "--against", runs[1].path, "--out", tmp_path / "x.pdf"), 2, "must end in .html"),
        ((runs[0].path, "--against", tmp_path), 2, "the folder of a run"),
        ((tmp_path, "--against", runs[0].path), 2, "the folder of a run"),
    ):
        done = command(*arguments)
        assert done.exit_code == code, done.output
        assert words in done.output
