"""Recycling at the operating point: flows, caps of the recipe, and what the line file must have."""

from __future__ import annotations

import dataclasses

import pytest
from bare_line import LINE

from dryline.line.load import InputError, load_line
from dryline.line.setup import Infeasible
from dryline.setup.operating_point import set_up

MIXER = "  - {kind: mixer, name: mixer}\n"
FEEDER = (
    "  - {kind: feeder, name: feeder_recycle, component: recycle, hopper_capacity: 60 kg, feed_factor: 0.1 kg, "
    "feed_factor_decay: 10 kg%s}\n"
)
RETURN = "  - {kind: granulator, name: granulator}\n  - {kind: regrind_silo, name: silo}\n"


def recycling(folder, share=", share: 20 %", stations=RETURN):
    path = folder / "line.yaml"
    path.write_text(LINE.replace(MIXER, FEEDER % share + MIXER + stations))
    return load_line(str(path))


@pytest.mark.parametrize("share", [0.0, 0.1, 0.2])
def test_virgin_components_keep_their_shares_of_what_they_supply(tmp_path, share):
    found = recycling(tmp_path, f", share: {100 * share} %")
    setup = set_up(found.line, found.recipe)
    assert setup.recycle_share == pytest.approx(share)
    assert sum(setup.component_flows.values()) == pytest.approx(setup.powder_flow)
    assert setup.component_flows.get("recycle", 0.0) == pytest.approx(share * setup.powder_flow)
    virgin = (1.0 - share) * setup.powder_flow
    for component in found.recipe.components:
        assert setup.component_flows[component.name] == pytest.approx(component.mass_fraction * virgin)
    assert setup.warnings == ()


def test_the_share_is_5_percent_where_the_file_says_nothing(tmp_path):
    found = recycling(tmp_path, "")
    assert set_up(found.line, found.recipe).recycle_share == pytest.approx(0.05)


def test_above_the_cap_it_warns_and_above_the_limit_it_refuses(tmp_path):
    found = recycling(tmp_path, ", share: 25 %")
    setup = set_up(found.line, found.recipe)
    (warning,) = setup.warnings
    assert (warning.limit, warning.station, warning.value, warning.bound) == ("recycle", "feeder_recycle", 0.25, 0.2)
    assert "recycle at feeder_recycle is 0.25 1 against 0.2 1" in warning.worded()
    found = recycling(tmp_path, ", share: 31 %")
    with pytest.raises(Infeasible) as refusal:
        set_up(found.line, found.recipe)
    assert {check.limit for check in refusal.value.broken} == {"recycle"}
    assert refusal.value.hint
    strict = dataclasses.replace(found.recipe, recycle_limit=0.4, recycle_cap=0.4)
    assert set_up(found.line, strict).warnings == ()


def test_a_sulfide_mix_recycles_5_percent_at_most():
    recipe = load_line("lfp-cathode").recipe
    assert (recipe.recycle_cap, recipe.recycle_limit) == (0.2, 0.3)
    from dryline.line.recipes import MaterialFile, RecipeFile, recipe_of

    materials = {name: MaterialFile(name=name, true_density=2000.0, capacity=6e5) for name in ("am", "se", "ptfe")}
    file = RecipeFile.model_validate(
        {
            "name": "sulfide", "chemistry": "sulfide", "loading": 0.25, "porosity": 0.18, "voltage": 3.6,
            "components": {
                "active": {"material": "am", "fraction": 0.8},
                "electrolyte": {"material": "se", "fraction": 0.195},
                "ptfe": {"material": "ptfe", "fraction": 0.005},
            },
            "powder": {"bulk_density": 1200.0, "granule_d50": 70e-6},
            "compaction": {
                "temperature": (298.15, 353.15), "P_y": (170e6, 170e6), "E_el": (5e9, 5e9), "eps_A": (0.42, 0.42),
            },
        }
    )  # fmt: skip
    mix = recipe_of(file, materials)
    assert (mix.recycle_cap, mix.recycle_limit) == (0.05, 0.05)


@pytest.mark.parametrize(
    ("share", "stations", "problem"),
    [
        ("", "  - {kind: granulator, name: granulator}\n", "recycling needs one granulator, one regrind_silo"),
        (", share: 95 %", RETURN, "out of range"),
        ("", RETURN.replace("name: silo", "name: silo, level_min: 30 %"), "must be below level_low"),
    ],
)
def test_a_line_that_cannot_recycle_is_refused(tmp_path, share, stations, problem):
    with pytest.raises(InputError, match=problem):
        recycling(tmp_path, share, stations)


def test_only_a_recycle_feeder_has_a_share(tmp_path):
    path = tmp_path / "line.yaml"
    path.write_text(LINE.replace("component: carbon,", "component: carbon, share: 5 %,"))
    with pytest.raises(InputError, match="belongs to a feeder with component: recycle"):
        load_line(str(path))


def test_regrind_that_has_passed_the_optimum_makes_a_weaker_film(tmp_path):
    """The work of all passes adds up: beyond the optimum every share of regrind costs load-bearing fibrils."""
    from dryline.setup.powder import powder_point

    def fibrils(share: float, work: float) -> float:
        found = recycling(tmp_path, f", share: {100 * share} %")
        machines = [station.model_copy(update={"work": work, "machines": 20}) if station.kind == "fibrillator" else station
                    for station in found.line.stations]  # fmt: skip
        line = found.line.model_copy(update={"stations": tuple(machines)})
        return powder_point(line, found.recipe, 0.5, []).fibril

    assert fibrils(0.0, 1e5) < fibrils(0.1, 1e5) < fibrils(0.2, 1e5)
    assert fibrils(0.0, 2e6) > fibrils(0.1, 2e6) > fibrils(0.2, 2e6)
