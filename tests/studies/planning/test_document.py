"""The JSON form of a comparison: its schema, its required keys, and that it says what the comparison holds."""

from __future__ import annotations

import copy
import json

import pytest
from records.schema_check import problems
from studies.planning.compared import compared, planned
from typer.testing import CliRunner

from dryline.commands.main import app
from dryline.studies.planning.document import compare_schema, document
from dryline.studies.planning.outcomes import COST_BOUNDARIES, ENERGY_BOUNDARIES, Key

BAND = ("saving_p5", "saving_p50", "saving_p95", "probability_of_claim")


@pytest.fixture(scope="module")
def values():
    one = document(compared(), planned())
    return one | {"comparisons": {one["line"]: one}}


def test_a_comparison_keeps_its_schema(values):
    assert problems(values, compare_schema()) == []
    assert problems(json.loads(json.dumps(values, allow_nan=False)), compare_schema()) == []


def test_the_schema_is_printed():
    done = CliRunner().invoke(app, ["schema", "compare"])
    assert done.exit_code == 0 and json.loads(done.stdout) == compare_schema()


def test_boundaries_of_the_schema_are_those_of_the_figures(values):
    schema = compare_schema()["$defs"]
    assert schema["energy"]["required"] == list(ENERGY_BOUNDARIES) == list(values["energy"])
    assert schema["cost"]["required"] == list(COST_BOUNDARIES) == list(values["cost"])
    assert list(values["energy"]["electrode_line"]) == [
        "open_exhaust_2016", "greet_2019", "best_available_2025", "unknown_vintage",
    ]  # fmt: skip


PLACES = [("capacity", "gwh_per_year")]
PLACES += [("energy", boundary, "greet_2019", key) for boundary in ENERGY_BOUNDARIES for key in BAND]
PLACES += [("cost", boundary, "best_available_2025", key) for boundary in COST_BOUNDARIES for key in BAND]
PLACES += [("energy", "cell_factory"), ("cost", "cell"), ("currency",), ("cost_basis",), ("seed",), ("comparisons",)]
PLACES += [("planner", "cathode_lines"), ("cases", "cathode_only"), ("set_ups", "sourced", "calls")]


@pytest.mark.parametrize("place", PLACES, ids=".".join)
def test_a_document_without_a_required_key_is_refused(values, place):
    broken = copy.deepcopy(values)
    inner = broken
    for key in place[:-1]:
        inner = inner[key]
    del inner[place[-1]]
    assert any(f"{place[-1]} is missing" in problem for problem in problems(broken, compare_schema()))


def test_unknown_keys_and_wrong_types_are_refused(values):
    assert problems({**values, "extra": 1}, compare_schema())
    broken = copy.deepcopy(values)
    broken["energy"]["electrode_line"]["greet_2019"]["saving_p50"] = "half"
    assert problems(broken, compare_schema())


def test_the_document_says_what_the_comparison_holds(values):
    found = compared()
    for kind in ("energy", "cost"):
        for boundary, vintages in values[kind].items():
            for vintage, figure in vintages.items():
                key = Key("both", kind, boundary, vintage)
                one = found.priors["sourced"].savings[key]
                assert figure["saving"] == pytest.approx(float(found.centre[key].saving))
                assert [figure[name] for name in BAND] == pytest.approx([*one.band, one.probability])
                wide = found.priors["estimates"].savings[key]
                assert [figure["estimates"][name] for name in BAND] == pytest.approx([*wide.band, wide.probability])
    assert values["set_ups"]["estimates"]["used"] == found.priors["estimates"].used
    assert values["capacity"]["gwh_per_year"] == pytest.approx(float(found.lines.dry["cathode"].good_energy) / 3.6e12)


def test_energy_of_a_line_adds_up_by_step_and_by_state(values):
    assert len(values["lines"]) == 10
    for name, line in values["lines"].items():
        steps = sum(sum(carriers.values()) for carriers in line["energy_kwh_per_kwh"].values())
        assert steps == pytest.approx(sum(line["energy_by_state_kwh_per_kwh"].values()), rel=1e-12)
        if name.startswith("dry"):
            assert line["environment_per_kwh"]["solvent_evaporated_kg"] == 0.0
    both = sum(
        sum(sum(carriers.values()) for carriers in values["lines"][f"dry_{name}"]["energy_kwh_per_kwh"].values())
        for name in ("cathode", "anode")
    )  # fmt: skip
    assert both == pytest.approx(values["energy"]["electrode_production"]["greet_2019"]["dry_kwh_per_kwh"], rel=1e-12)
