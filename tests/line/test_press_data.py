"""Press data and the command that makes a recipe of them: units, shapes, bad files, and the way back into a set-up."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import yaml
from typer.testing import CliRunner

from dryline.commands.main import app
from dryline.line.load import DATA, InputError, load_line, load_recipe
from dryline.line.press_data import read_press
from dryline.materials.recipe import Kawakita, Power, Pressed
from dryline.process.press_fit import heckel_density
from dryline.setup.operating_point import set_up

EXAMPLE = Path(__file__).parents[2] / "examples" / "press-lfp.csv"
RECIPE = (DATA / "recipes" / "lfp-cathode.yaml").read_text()
OLD = RECIPE[RECIPE.index("compaction:") : RECIPE.index("sources:")]
P = np.array([1, 5, 20, 50, 80, 120, 160, 200.0])
D = heckel_density(P * 1e6, 300e6, 0.55, 12.0)
BACK = [(150.0, 0.72), (100.0, 0.715), (20.0, 0.71)]


def run(*arguments):
    return CliRunner().invoke(app, ["compaction", *(str(a) for a in arguments)])


def refused(*arguments):
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output and len(result.stderr.strip().splitlines()) == 1
    return result.stderr


def write(path, header, rows, divider=","):
    path.write_text("\n".join([header, *(divider.join(str(x) for x in row) for row in rows)]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("header", "rows", "divider"),
    [
        ("pressure [MPa],relative density", zip(P, D, strict=True), ","),
        ("pressure [bar],porosity [%]", zip(P * 10, 100 * (1 - D), strict=True), ","),
        ("time [s],Pressure [kPa],Density [g/cm3]", zip(P, P * 1e3, 3.5 * D, strict=True), ","),
        ("pressure (Pa);density (kg/m3)", zip(P * 1e6, 3500 * D, strict=True), ";"),
        ("pressure [MPa]\theight [mm]\tareal mass [mg/cm2]", zip(P, 3e3 / (3500 * D), [300] * P.size, strict=True), "\t"),
        ("pressure [MPa];porosity", [[f"{x:.12g}".replace(".", ",") for x in row] for row in zip(P, 1 - D, strict=True)], ";"),
    ],
)  # fmt: skip
def test_columns_are_read_with_their_units(header, rows, divider, tmp_path):
    got = read_press(write(tmp_path / "a.csv", "# a remark\n" + header, list(rows), divider), 3500.0)
    assert got.pressure == pytest.approx(P * 1e6) and got.density == pytest.approx(D)
    assert got.lines[0] == 3 and got.pressure_back.size == 0


def test_rows_behind_the_largest_pressure_are_unloading(tmp_path):
    got = read_press(write(tmp_path / "a.csv", "pressure [MPa],relative density", [*zip(P, D, strict=True), *BACK]), None)
    assert got.pressure.size == P.size and got.pressure_back == pytest.approx([200e6, 150e6, 100e6, 20e6])


GOOD = [(p, d) for p, d in zip(P, D, strict=True)]
HEAD = "pressure [MPa],relative density"
WRONG = {
    "no header": ("1,0.3", GOOD, "header"),
    "no unit": ("pressure,relative density", GOOD, "unit"),
    "wrong unit": ("pressure [kg],relative density", GOOD, "unit"),
    "no pressure": ("force [N],relative density", GOOD, "pressure [MPa]"),
    "no density": ("pressure [MPa],weight [g]", GOOD, "porosity [%]"),
    "twice": ("pressure [MPa],pressure [MPa],relative density", [(p, p, d) for p, d in GOOD], "twice"),
    "too few": (HEAD, GOOD[:4], "too few"),
    "negative": (HEAD, [(-1.0, 0.3), *GOOD], "negative"),
    "not a number": (HEAD, [*GOOD[:3], ("x", 0.5), *GOOD[3:]], "number"),
    "missing cell": (HEAD, [*GOOD[:3], (30,), *GOOD[3:]], "number"),
    "two cycles": (HEAD, [*GOOD, *BACK, *GOOD], "unloading"),
    "wrong way": (HEAD, [(p, 1.1 - d) for p, d in GOOD], "looser"),
    "percent as share": ("pressure [MPa],porosity", [(p, 100 * (1 - d)) for p, d in GOOD], "between 0 and 1"),
    "height alone": ("pressure [MPa],height [mm]", GOOD, "areal mass"),
    "empty": ("", [], "empty"),
}


@pytest.mark.parametrize("case", WRONG)
def test_bad_files_are_refused(case, tmp_path):
    header, rows, remedy = WRONG[case]
    path = write(tmp_path / "press.csv", header, rows)
    message = refused(path, "--true-density", "3.5 g/cm**3")
    assert remedy in message and "press.csv" in message, message
    if case not in ("empty", "too few", "height alone"):
        assert "line " in message, message


def test_wrong_arguments_are_refused(tmp_path):
    assert "--recipe" in refused(EXAMPLE)
    assert "--recipe" in refused(EXAMPLE, "--true-density", "3.5 g/cm**3", "--out", tmp_path / "a.yaml")
    assert "exist" in refused(tmp_path / "none.csv", "--recipe", "lfp-cathode")
    assert "unit" in refused(EXAMPLE, "--true-density", "3.5")
    assert "yaml" in refused(EXAMPLE, "--recipe", "lfp-cathode", "--out", tmp_path / "a.txt")
    (tmp_path / "a.yaml").write_text("mine")
    assert "already" in refused(EXAMPLE, "--recipe", "lfp-cathode", "--out", tmp_path / "a.yaml")
    assert (tmp_path / "a.yaml").read_text() == "mine"
    assert "degC" in refused(EXAMPLE, "--recipe", "lfp-cathode", "--temperature", "400 degC", "--out", tmp_path / "b.yaml")


def test_the_example_gives_back_the_figures_it_was_made_of(tmp_path):
    out = tmp_path / "mine.yaml"
    result = run(EXAMPLE, "--recipe", "lfp-cathode", "--out", out, "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    for name, value in (("P_y", 300e6), ("eps_A", 0.55), ("E_el", 4e9)):
        figure = told["figures"][name]
        assert 0.0 < figure["standard_error"] and figure["value"] == pytest.approx(value, rel=0.02)
        assert abs(figure["value"] - value) < 4 * figure["standard_error"]
    assert told["rms_porosity"] < 5e-4 and told["exponential"]["gamma_c_N_m"] > 1e5
    old, new = load_recipe("lfp-cathode"), load_recipe(str(out))
    assert new.compaction.P_y == pytest.approx((300e6, 225e6), rel=0.01)
    assert new.compaction.eps_A == pytest.approx((0.55, 0.50), abs=1e-3)
    assert new.compaction.E_el == pytest.approx((4e9, 3.2e9), rel=0.02)
    assert (new.components, new.porosity, new.strength) == (old.components, old.porosity, old.strength)
    assert "press-lfp.csv" in yaml.safe_load(out.read_text())["sources"]["compaction"]
    assert out.read_text().startswith("# LFP cathode")


def test_a_test_at_roll_temperature_is_carried_to_the_cold_one(tmp_path):
    out = tmp_path / "hot.yaml"
    assert run(EXAMPLE, "--recipe", "lfp-cathode", "--temperature", "110 degC", "--out", out).exit_code == 0
    assert load_recipe(str(out)).compaction.P_y == pytest.approx((400e6, 300e6), rel=0.01)


@pytest.mark.parametrize("law", ["heckel", "table"])
def test_a_written_recipe_sets_the_line_up_as_the_shipped_one(law, tmp_path):
    """Both recipes with the rearrangement porosity of the warm film, which a table cannot move."""
    still = tmp_path / "still.yaml"
    still.write_text(RECIPE.replace("eps_A: [0.55, 0.50]", "eps_A: [0.50, 0.50]"))
    p = np.geomspace(0.05e6, 400e6, 300)
    rows = zip(p / 1e6, heckel_density(p, 300e6, 0.50, 12.0), strict=True)
    data = write(tmp_path / "press.csv", HEAD, list(rows))
    out = tmp_path / "out.yaml"
    result = run(data, "--recipe", still, "--fit", law, "--out", out)
    assert result.exit_code == 0, result.output
    expected, got = (set_up(load_line("lfp-cathode", r).line, load_recipe(str(r))) for r in (still, out))
    for a, b in zip(expected.nips, got.nips, strict=True):
        assert b.line_load == pytest.approx(a.line_load, rel=0.01), a.name
        assert b.loaded_gap == pytest.approx(a.loaded_gap, rel=2e-3), a.name


def with_law(tmp_path, text):
    path = tmp_path / "mix.yaml"
    path.write_text(RECIPE.replace(OLD, text))
    return path


PLAIN = "compaction:\n  temperature: [25 degC, 110 degC]\n  E_el: [4000 MPa, 3200 MPa]\n"
ROWS = "  density: [0.3, 0.5, 0.6, 0.7]\n  pressure: [1 MPa, 20 MPa, 60 MPa, 150 MPa]\n"


def test_every_law_is_read(tmp_path):
    c = load_recipe(str(with_law(tmp_path, PLAIN + "  law: kawakita\n  a: 0.7\n  b_inverse: [20 MPa, 15 MPa]\n"))).compaction
    assert c.law == Kawakita(0.7, pytest.approx(0.2164, abs=1e-3)) and c.P_y == (20e6, 15e6)
    text = "  law: power\n  exponent: 9\n  reference_density: 0.7\n  reference_pressure: [200 MPa, 150 MPa]\n"
    c = load_recipe(str(with_law(tmp_path, PLAIN + text))).compaction
    assert c.law == Power(9.0, 0.7) and c.P_y == (200e6, 150e6)
    inline = load_recipe(str(with_law(tmp_path, PLAIN + "  law: table\n  factor: [1, 0.75]\n" + ROWS))).compaction
    assert inline.law == Pressed((0.3, 0.5, 0.6, 0.7), pytest.approx((1 / 150, 20 / 150, 60 / 150, 1.0)))
    assert inline.P_y == pytest.approx((150e6, 112.5e6))
    rows = [(1, 0.3), (5, 0.4), (20, 0.5), (60, 0.6), (90, 0.64), (150, 0.7)]
    write(tmp_path / "rows.csv", HEAD, rows)
    beside = load_recipe(str(with_law(tmp_path, PLAIN + "  law: table\n  factor: [1, 0.75]\n  file: rows.csv\n"))).compaction
    assert beside.law.density == (0.3, 0.4, 0.5, 0.6, 0.64, 0.7) and beside.P_y == inline.P_y
    assert load_recipe("lfp-cathode").compaction.law is None


WRONG_LAWS = {
    "unknown law": ("  law: cooper\n", "law"),
    "figure of another law": ("  P_y: [300 MPa, 225 MPa]\n  eps_A: [0.55, 0.5]\n  a: 0.7\n", "compaction.a"),
    "missing": ("  law: kawakita\n  a: 0.7\n", "b_inverse"),
    "no unit": ("  law: kawakita\n  a: 0.7\n  b_inverse: [20, 15]\n", "unit"),
    "out of range": ("  law: kawakita\n  a: 1.7\n  b_inverse: [20 MPa, 15 MPa]\n", "compaction.a"),
    "no rows": ("  law: table\n  factor: [1, 0.75]\n", "file"),
    "unequal rows": ("  law: table\n  factor: [1, 1]\n  density: [0.3, 0.4]\n  pressure: [1 MPa]\n", "as many"),
    "falling rows": ("  law: table\n  factor: [1, 1]\n" + ROWS.replace("20 MPa", "70 MPa"), "rise"),
    "no file": ("  law: table\n  factor: [1, 1]\n  file: none.csv\n", "none.csv"),
}


@pytest.mark.parametrize("case", WRONG_LAWS)
def test_a_wrong_law_is_refused(case, tmp_path):
    text, word = WRONG_LAWS[case]
    path = with_law(tmp_path, PLAIN + text)
    with pytest.raises(InputError) as caught:
        load_recipe(str(path))
    assert word in str(caught.value), caught.value
    if case != "no file":
        assert caught.value.line is not None and "mix.yaml" in str(caught.value)


def test_a_recipe_keeps_no_rows_that_do_not_rise(tmp_path):
    write(tmp_path / "rows.csv", HEAD, [(1, 0.3), (5, 0.4), (20, 0.5), (60, 0.6), (90, 0.599), (150, 0.7)])
    with pytest.raises(InputError, match=r"line 6.*--fit table"):
        load_recipe(str(with_law(tmp_path, PLAIN + "  law: table\n  factor: [1, 0.75]\n  file: rows.csv\n")))
