"""Mixes of two to five components: read, matched with the feeders of the line, or refused with a remedy."""

from __future__ import annotations

import pytest
from bare_line import LINE

from dryline.line.load import DATA, InputError, load_line
from dryline.materials.recipe import COMPONENTS
from dryline.setup.operating_point import set_up

RECIPE = (DATA / "recipes" / "lfp-cathode.yaml").read_text()
CARBON = "  carbon: {material: carbon_black, fraction: 2.5 %}\n"
FEEDER = next(row + "\n" for row in LINE.splitlines() if "component: carbon" in row)
SULFIDE = """materials:
  - {name: sulfide, true_density: 1750 kg/m**3}
  - {name: co_binder, true_density: 1600 kg/m**3}
"""


def loaded(folder, line=LINE, recipe=RECIPE):
    (folder / "mix.yaml").write_text(recipe)
    (folder / "line.yaml").write_text(line.replace("recipe: lfp-cathode", "recipe: mix.yaml"))
    return load_line(str(folder / "line.yaml"))


def five(line=LINE, recipe=RECIPE):
    """Line and recipe with a sulfide electrolyte and a co-binder."""
    more = "  electrolyte: {material: sulfide, fraction: 12 %}\n  binder: {material: co_binder, fraction: 1 %}\n"
    recipe = recipe.replace("fraction: 95 %", "fraction: 82 %").replace(CARBON, CARBON + more) + SULFIDE
    line = line.replace(
        FEEDER,
        FEEDER
        + FEEDER.replace("carbon", "electrolyte").replace("0.0062 kg", "0.03 kg")
        + FEEDER.replace("carbon", "binder").replace("0.0062 kg", "0.0025 kg"),
    )
    return line, recipe


def test_a_mix_of_five_components_is_set_up(tmp_path):
    found = loaded(tmp_path, *five())
    assert tuple(component.name for component in found.recipe.components) == COMPONENTS
    assert found.recipe.fractions == pytest.approx((0.82, 0.025, 0.025, 0.12, 0.01))
    setup = set_up(found.line, found.recipe)
    assert {name: flow / setup.powder_flow for name, flow in setup.component_flows.items()} == pytest.approx(
        dict(zip(COMPONENTS, found.recipe.fractions, strict=True))
    )
    assert set(setup.screw_speeds) == {feeder.name for feeder in found.line.feeders}


def test_a_mix_without_carbon_needs_no_carbon_feeder(tmp_path):
    recipe = RECIPE.replace(CARBON, "").replace("fraction: 95 %", "fraction: 97.5 %")
    found = loaded(tmp_path, LINE.replace(FEEDER, ""), recipe)
    assert found.recipe.fractions == pytest.approx((0.975, 0.0, 0.025, 0.0, 0.0))
    with pytest.raises(InputError, match=r"feeder_carbon.*lacks; remove the feeder") as refusal:
        loaded(tmp_path, LINE, recipe)
    assert refusal.value.line and refusal.value.key == "stations.1.component"


def test_a_component_without_feeder_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"has carbon, but no feeder brings it; add a feeder with component: carbon"):
        loaded(tmp_path, LINE.replace(FEEDER, ""))
    with pytest.raises(InputError, match="two feeders bring carbon"):
        loaded(tmp_path, LINE.replace(FEEDER, FEEDER + FEEDER.replace("feeder_carbon", "other")))


def test_a_share_of_nothing_is_refused(tmp_path):
    with pytest.raises(InputError, match="must be above 0 %; leave the component out"):
        loaded(tmp_path, recipe=RECIPE.replace("2.5 %}\n  ptfe", "0 %}\n  ptfe").replace("95 %", "97.5 %"))
