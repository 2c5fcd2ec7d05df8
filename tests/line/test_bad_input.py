"""Wrong files and arguments: exit code 2, one message with file, line, key and remedy, no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from dryline.commands.main import app
from dryline.line.load import DATA, InputError, dump_line, load_line, load_recipe, read

LINE = (DATA / "lines" / "lfp-cathode.yaml").read_text()
RECIPE = (DATA / "recipes" / "lfp-cathode.yaml").read_text()

WINDER, SLITTER = "{kind: winder, name: winder}", "{kind: slitter, name: slitter"

WRONG_LINES = {
    "unknown key": ("speed: 60 m/min", "sped: 60 m/min", "sped", "speed"),
    "missing unit": ("speed: 60 m/min", "speed: 60", "speed", "unit"),
    "wrong dimension": ("speed: 60 m/min", "speed: 60 kg", "speed", "dimension"),
    "unknown unit": ("speed: 60 m/min", "speed: 60 furlong_x", "speed", "unit"),
    "negative gap": ("roll_diameter: 800 mm", "roll_diameter: 800 mm, gap_min: -5 um", "gap_min", "range"),
    "not a number": ("speed: 60 m/min", "speed: fast", "speed", "e.g."),
    "infinite": ("speed: 60 m/min", "speed: .inf m/min", "speed", "e.g."),
    "huge": ("film_width: 1000 mm", "film_width: 1e9 km", "film_width", "range"),
    "duplicate station": ("name: mixer}", "name: feeder_ptfe}", "stations", "twice"),
    "duplicate key": ("speed: 60 m/min", "speed: 60 m/min\nspeed: 50 m/min", "speed", "twice"),
    "unknown kind": ("{kind: mixer,", "{kind: mixr,", "stations", "mixer"),
    "no lamination": ("kind: lamination_nip", "kind: thinning_nip, side: A", "stations", "lamination_nip"),
    "two mixers": ("{kind: mixer, name: mixer}", "{kind: mixer, name: mixer}\n  - {kind: mixer, name: other}", "stations", "one"),
    "kept wider than film": ("kept_width: 950 mm", "kept_width: 1050 mm", "kept_width", "film"),
    "film wider than face": ("film_width: 1000 mm", "film_width: 1300 mm", "face_width", "film"),
    "scrap eats the roll": (WINDER, "{kind: winder, name: winder, roll_length: 10 m}", "change_scrap", "less"),
    "no such change": (WINDER, "{kind: winder, name: winder, change: turret}", "change", "flying"),
    "no lanes": ("lanes: 200", "lanes: 0", "lanes", "greater"),
    "lanes not whole": ("lanes: 200", "lanes: 20.5", "lanes", "integer"),
    "list for mapping": ("web: {film_width: 1000 mm, kept_width: 950 mm, lanes: 200, cell: 5 mm}", "web: [1, 2]", "web", "valid"),
    "no stations": ("stations:", "statons:", "stations", "missing"),
    "wrong side": ("name: metering_a, side: A", "name: metering_a, side: C", "side", "'A'"),
    "bad name": ("name: mixer}", "name: Mixer!}", "name", "pattern"),
    "yaml tab": ("speed: 60 m/min", "speed:\t60 m/min\n\tx: 1", "", "YAML"),
    "unclosed": ("cell: 5 mm}", "cell: 5 mm", "", "YAML"),
    "unknown component": ("component: carbon", "component: coal", "component", "active"),
    "knives behind lamination": ("name: knives_a, side: A", "name: knives_a, side: A, distance: 9 m", "distance", "lamination"),
    "edges cut twice": (WINDER, f"{{kind: trim, name: trim}}\n  - {WINDER}", "stations", "cut once"),
    "slitter behind winder": (WINDER, f"{WINDER}\n  - {SLITTER}, rolls: 3}}", "stations", "before the winder"),
    "slitter without rolls": (WINDER, f"{SLITTER}}}\n  - {WINDER}", "rolls", "widths"),
    "slitter with both": (WINDER, f"{SLITTER}, rolls: 2, widths: [100 mm]}}\n  - {WINDER}", "rolls", "either"),
    "slit too wide": (WINDER, f"{SLITTER}, widths: [500 mm, 500 mm]}}\n  - {WINDER}", "widths", "kept_width"),
    "slit without unit": (WINDER, f"{SLITTER}, widths: [0.3]}}\n  - {WINDER}", "widths", "unit"),
    "slit too narrow": (WINDER, f"{SLITTER}, widths: [1 mm]}}\n  - {WINDER}", "widths", "range"),
    "two slitters": (
        WINDER, f"{SLITTER}, rolls: 3}}\n  - {SLITTER}2, rolls: 3}}\n  - {WINDER}", "stations", "at most one slitter",
    ),
    "no such control": ("speed: 60 m/min", "speed: 60 m/min\ncontrol: {quality: full_stak}", "control.quality", "full_stack"),
    "no such gauges": ("speed: 60 m/min", "speed: 60 m/min\ncontrol: {gauges: scaner}", "control.gauges", "'scanner'"),
    "unknown control key": ("speed: 60 m/min", "speed: 60 m/min\ncontrol: {qualty: smith_pi}", "qualty", "'quality'"),
    "loop without unit": ("speed: 60 m/min", "speed: 60 m/min\ncontrol: {closed_loop_length: 20}", "closed_loop_length", "unit"),
    "unknown recipe": ("recipe: lfp-cathode", "recipe: lfp-cathod", "", "lfp-cathode"),
}
WRONG_RECIPES = {
    "not 100 %": ("fraction: 95 %", "fraction: 94 %", "components", "100 %"),
    "unknown material": ("material: lfp,", "material: lpf,", "components", "lfp"),
    "porosity above 1": ("porosity: 30 %", "porosity: 130 %", "porosity", "range"),
    "loading in wrong unit": ("loading: 25 mg/cm**2", "loading: 25 mg", "loading", "dimension"),
    "cold above hot": ("[25 degC, 110 degC]", "[110 degC, 25 degC]", "temperature", "rise"),
}


def refused(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    return str(result.stderr)


@pytest.mark.parametrize("case", WRONG_LINES)
def test_a_wrong_line_file_is_refused(case, tmp_path):
    old, new, key, remedy = WRONG_LINES[case]
    assert old in LINE
    path = tmp_path / "my.yaml"
    path.write_text(LINE.replace(old, new, 1))
    message = refused("run", str(path))
    assert remedy in message, message
    assert key in message, message
    if case != "unknown recipe":
        assert "my.yaml" in message and "line " in message, message
    assert len(message.strip().splitlines()) == 1


@pytest.mark.parametrize("case", WRONG_RECIPES)
def test_a_wrong_recipe_file_is_refused(case, tmp_path):
    old, new, key, remedy = WRONG_RECIPES[case]
    assert old in RECIPE
    path = tmp_path / "mix.yaml"
    path.write_text(RECIPE.replace(old, new, 1))
    message = refused("run", "--recipe", str(path))
    assert remedy in message and key in message and "mix.yaml" in message and "line " in message, message


@pytest.mark.parametrize(
    "arguments, word",
    [
        (("run", "lfp-cathod"), "lfp-cathode"),
        (("run", "--recipe", "nmc81"), "nmc811-cathode"),
        (("run", "--length", "500"), "unit"),
        (("run", "--length", "-5m"), "above zero"),
        (("run", "--length", "5 kg"), "dimension"),
        (("run", "--set", "spede=1 m/s"), "speed"),
        (("run", "--set", "nonsense"), "path=value"),
        (("run", "--set", "stations.laminaton.draw=0"), "lamination"),
        (("run", "--disturbances", "refrence"), "reference"),
        (("run", "--seed", "x"), "seed"),
        (("run", "--nonsense"), "nonsense"),
        (("tags", "nothing"), "lfp-cathode"),
    ],
)
def test_wrong_arguments_are_refused(arguments, word):
    assert word in refused(*arguments)


def test_files_that_are_no_files(tmp_path):
    (tmp_path / "empty.yaml").write_text("")
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00\x01")
    (tmp_path / "list.yaml").write_text("- 1\n- 2\n")
    (tmp_path / "folder.yaml").mkdir()
    for name, word in (("empty", "empty"), ("binary", "UTF-8"), ("list", "mapping"), ("folder", "folder"), ("none", "exist")):
        assert word in refused("run", str(tmp_path / f"{name}.yaml"))


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(place=st.integers(0, len(LINE) - 1), how=st.sampled_from("dri"), character=st.characters(codec="utf-8"))
def test_one_character_of_damage_is_read_or_refused(tmp_path_factory, place, how, character):
    damaged = {
        "d": LINE[:place] + LINE[place + 1 :],
        "r": LINE[:place] + character + LINE[place + 1 :],
        "i": LINE[:place] + character + LINE[place:],
    }[how]
    path: Path = tmp_path_factory.mktemp("damage") / "line.yaml"
    path.write_text(damaged, encoding="utf-8")
    try:
        load_line(str(path))
    except InputError as error:
        assert str(error)


def test_dumped_line_loads_back_bit_for_bit(tmp_path):
    line = load_line("nmc811-cathode", settings=["speed=51.7 m/min", "web.lanes=50"]).line
    path = tmp_path / "again.yaml"
    path.write_text(dump_line(line))
    assert load_line(str(path)).line == line


def test_a_users_own_recipe_and_material_need_no_change_of_the_package(tmp_path, monkeypatch):
    (tmp_path / "materials").mkdir()
    (tmp_path / "materials" / "mine.yaml").write_text("name: mine\ntrue_density: 3500 kg/m**3\ncapacity: 150 mA*h/g\n")
    (tmp_path / "mix.yaml").write_text(RECIPE.replace("material: lfp,", "material: mine,"))
    (tmp_path / "line.yaml").write_text(LINE.replace("recipe: lfp-cathode", "recipe: mix.yaml"))
    monkeypatch.chdir("/")
    assert load_line(str(tmp_path / "line.yaml")).recipe.component("active").material.true_density == 3500.0


def test_shipped_figures_have_sources():
    for kind in ("recipes", "materials"):
        for path in (DATA / kind).glob("*.yaml"):
            assert read(path).values["sources"], path
    assert load_recipe("lfp-cathode").true_density == pytest.approx(3470, rel=0.01)
