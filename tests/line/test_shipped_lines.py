"""Every shipped line: loaded, feasible, with sources of its figures, matched to its counter electrode, the same after a dump."""

from __future__ import annotations

import json

import pytest
import yaml
from typer.testing import CliRunner

from dryline.commands.main import app
from dryline.line.load import DATA, dump_line, load_line, load_recipe, names
from dryline.records.capacity import capacity
from dryline.records.order import order_of
from dryline.setup.operating_point import set_up

LINES = names("lines")
NAMES = {"kind", "name", "side", "component", "mode", "feed", "machine", "material"}
"""Keys of a station that choose, not measure."""


@pytest.fixture(scope="module")
def made():
    """Every line with its operating point."""
    found = {name: load_line(name) for name in LINES}
    return {name: (one, set_up(one.line, one.recipe)) for name, one in found.items()}


def test_twelve_lines_are_shipped():
    assert len(LINES) == 12
    assert {load_line(name).recipe.chemistry for name in LINES} >= {
        "LFP", "LMFP", "NMC622", "NMC811", "graphite", "SiOx-graphite", "LPSCl",
    }  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_a_line_is_feasible_and_lists_every_limit_of_every_station(name, made):
    loaded, setup = made[name]
    assert all(check.satisfied for check in setup.checks) and not setup.warnings
    checked = {(check.limit, check.station) for check in setup.checks}
    line = loaded.line
    for feeder in line.feeders:
        assert ("feeder range", feeder.name) in checked
    for metering in line.of_kind("metering"):
        assert ("feeder range", metering.name) in checked
    wanted = {"gap range", "line load", "peak pressure", "bending residual", "contact margin", "drive power", "elongation"}
    for nip in line.nips:
        own = {limit for limit, station in checked if station == nip.name}
        assert own >= wanted
        assert bool(own & {"nip angle", "flooded density"})
    free = {nip.name for nip in line.nips if nip.kind == "thinning_nip" and not nip.carried and nip.draw > 0.0}
    assert {station for limit, station in checked if limit == "span tension"} >= free
    assert {"speed", "hopper", "fibrillator machines", "fibrillator temperature", "moisture", "recycle"} <= {
        limit for limit, _ in checked
    }
    assert ("H2S" in {limit for limit, _ in checked}) == (loaded.recipe.sulfide is not None)
    for check in setup.checks:
        assert (check.value <= check.bound) or (check.value >= check.bound)


def figures(values):
    """Keys of a line file below which a figure stands."""
    sections = ("hall", "limits", "utilities")
    found = {"speed", *values["web"], *(key for section in sections for key in values.get(section, {}))}
    for station in values["stations"]:
        found |= {key for key, value in station.items() if key not in NAMES and not isinstance(value, bool)}
    return found


def test_every_figure_of_every_file_says_where_it_comes_from():
    for name in LINES:
        values = yaml.safe_load((DATA / "lines" / f"{name}.yaml").read_text())
        assert figures(values) == set(values["sources"]), name
    for name in names("recipes"):
        values = yaml.safe_load((DATA / "recipes" / f"{name}.yaml").read_text())
        assert set(values) - {"name", "chemistry", "sources"} == set(values["sources"]), name
    for name in names("materials"):
        values = yaml.safe_load((DATA / "materials" / f"{name}.yaml").read_text())
        given = {key for key, value in values.items() if not isinstance(value, bool)}
        assert given - {"name", "sources"} == set(values["sources"]), name


def test_every_default_says_where_it_comes_from():
    """Figures that a file leaves out are those of the schema."""
    from dryline.line.schema import Line

    def described(model):
        for name, field in type(model).model_fields.items():
            value = getattr(model, name)
            if isinstance(value, float):
                assert field.json_schema_extra["x-source"].strip(), (type(model).__name__, name)
            elif hasattr(value, "model_fields_set"):
                described(value)

    for name in LINES:
        line = load_line(name).line
        assert isinstance(line, Line)
        described(line)
        for station in line.stations:
            described(station)


def per_area(recipe) -> float:
    """Areal capacity of one side [mAh/cm2]."""
    active = recipe.component("active")
    return recipe.loading * active.mass_fraction * active.material.capacity / 3.6 / 1e4


@pytest.mark.parametrize("name", ["sulfide-cathode", "sulfide-separator"])
def test_a_sulfide_ages_whatever_its_part_in_the_mix(name, made):
    """The separator is made of it, in the cathode it is the electrolyte: both give off H2S and recycle little."""
    loaded, setup = made[name]
    recipe = loaded.recipe
    assert recipe.sulfide is not None
    assert recipe.component(recipe.sulfide.component).material.name == "lpscl"
    assert (recipe.recycle_cap, recipe.recycle_limit) == (0.05, 0.05)
    assert 0.9 < setup.conductivity_factor < 1.0
    (check,) = [check for check in setup.checks if check.limit == "H2S"]
    assert 0.0 < check.value < check.bound and setup.h2s_rate > 0.0


N_P = 1.1


@pytest.mark.parametrize(
    ("anode", "cathode", "loading", "known"),
    [
        ("graphite-anode", "lfp-cathode", 22.0, 10.4),
        ("graphite-anode", "lfp-cathode", 25.0, 11.8),
        ("graphite-anode-nmc811", "nmc811-cathode", 22.0, 13.6),
        ("siox-anode", "lfp-cathode", 22.0, 8.5),
        ("siox-anode", "lfp-cathode", 25.0, 9.7),
        ("siox-anode", "nmc811-cathode", 22.0, 11.1),
    ],
)
def test_an_anode_holds_a_tenth_more_than_its_cathode(anode, cathode, loading, known):
    """The loading of the anode in mg/cm2 for a loading of the cathode, from formulations and capacities alone."""
    positive, negative = load_recipe(cathode), load_recipe(anode)
    wanted = N_P * per_area(positive) * (0.01 * loading / positive.loading) / (per_area(negative) / negative.loading)
    assert 100.0 * wanted == pytest.approx(known, abs=0.06)


@pytest.mark.parametrize(
    ("anode", "cathode"),
    [("graphite-anode", "lfp-cathode"), ("graphite-anode-nmc811", "nmc811-cathode"), ("siox-anode", "lfp-cathode")],
)
def test_a_shipped_anode_is_matched_to_the_shipped_cathode_it_names(anode, cathode):
    positive, negative = load_recipe(cathode), load_recipe(anode)
    assert per_area(negative) / per_area(positive) == pytest.approx(N_P, rel=6e-3)
    assert negative.balance == N_P


@pytest.mark.parametrize(
    ("line", "loading", "known"),
    [
        ("lfp-cathode", 22.0, 4.5),
        ("lfp-cathode", 25.0, 5.1),
        ("lfp-cathode", 27.0, 5.6),
        ("nmc622-cathode", 22.0, 5.9),
        ("nmc811-cathode", 22.0, 6.7),
    ],
)
def test_capacity_at_60_metres_a_minute(line, loading, known, made):
    loaded, setup = made[line]
    order = order_of(loaded.line, loaded.recipe, setup)
    got = capacity(order).gwh_per_year * 0.01 * loading / loaded.recipe.loading
    assert loaded.line.speed == pytest.approx(1.0) and loaded.line.web.kept_width == pytest.approx(0.95)
    assert got == pytest.approx(known, abs=0.06)


def test_an_anode_line_serves_a_third_more_cathode_lines_than_itself(made):
    def class_of(name):
        loaded, setup = made[name]
        return capacity(order_of(loaded.line, loaded.recipe, setup)).gwh_per_year

    for anode, cathode in (("graphite-anode", "lfp-cathode"), ("graphite-anode-nmc811", "nmc811-cathode")):
        assert class_of(anode) / class_of(cathode) == pytest.approx(80.0 / 60.0, rel=0.01)
    assert class_of("lfp-one-sided") == pytest.approx(0.5 * class_of("lfp-cathode"), rel=1e-12)


FIELDS = {
    "name": str, "description": str, "recipe": str, "chemistry": str, "sides": list, "nips": int, "film_width_m": float,
    "speed_m_s": float, "gwh_per_year": float, "m2_per_year": float, "feasible": bool, "binding_limit": type(None),
}  # fmt: skip


def test_the_command_lists_all_lines_with_all_fields(made):
    done = CliRunner().invoke(app, ["lines", "--json"])
    assert done.exit_code == 0
    rows = json.loads(done.stdout)
    assert [row["name"] for row in rows] == LINES
    for row in rows:
        loaded, setup = made[row["name"]]
        assert {name: type(value) for name, value in row.items()} == FIELDS
        assert row["feasible"] and row["nips"] == len(setup.nips) and row["sides"] == list(loaded.line.sides)
        assert (row["film_width_m"], row["speed_m_s"]) == (loaded.line.web.film_width, loaded.line.speed)
        assert row["recipe"] == loaded.line.recipe and row["chemistry"] == loaded.recipe.chemistry
        stores = loaded.recipe.voltage > 0.0
        assert row["gwh_per_year"] > 0.0 if stores else row["gwh_per_year"] == 0.0
        assert row["m2_per_year"] > 0.0
    plain = CliRunner().invoke(app, ["lines"])
    assert plain.exit_code == 0 and len(plain.stdout.strip().splitlines()) == len(LINES)


@pytest.mark.parametrize("name", LINES)
def test_a_resolved_line_loads_back_to_the_same_values_and_the_same_operating_point(name, tmp_path, made):
    loaded, setup = made[name]
    path = tmp_path / "again.yaml"
    path.write_text(dump_line(loaded.line), encoding="utf-8")
    again = load_line(path)
    assert again.line == loaded.line and hash(again.line) == hash(loaded.line)
    assert again.recipe == loaded.recipe
    assert set_up(again.line, again.recipe) == setup


def test_areal_mass_of_good_web_is_within_one_and_a_half_per_cent_unless_a_recipe_says_otherwise():
    found = {name: load_line(name).recipe.areal_tolerance for name in names("lines")}
    wide = {"lfp-flooded": 0.05, "sulfide-separator": 0.04}
    assert found == {name: wide.get(name, 0.015) for name in found}
