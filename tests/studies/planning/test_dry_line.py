"""A dry line as a planner sees it: every load in one step, materials per coated area, and many lines as one."""

from __future__ import annotations

import numpy as np
import pytest

from dryline.line.carriers import STATES
from dryline.line.load import load_line, names
from dryline.setup.loads import loads
from dryline.setup.operating_point import set_up
from dryline.studies.planning.bill import total, yearly
from dryline.studies.planning.dry_line import STEPS, dry_line, powder_yield, product_of, stacked
from dryline.studies.planning.electrode_line import YEAR, Calendar

HOURS = Calendar(0.80 * YEAR, 0.10 * YEAR, 0.04 * YEAR, 0.06 * YEAR)


def made(name="lfp-cathode", *settings, calendar=HOURS, area_yield=0.95, **more):
    loaded = load_line(name, settings=settings)
    setup = set_up(loaded.line, loaded.recipe)
    line = dry_line(loaded.line, loaded.recipe, setup, calendar, area_yield=area_yield, cell_yield=0.97, **more)
    return line, loaded, setup


def per_cell(line):
    return total(yearly(line)) / line.good_energy


@pytest.mark.parametrize("name", [name for name in names("lines") if name != "sulfide-separator"])
def test_every_load_is_in_one_step(name):
    line, loaded, setup = made(name)
    assert tuple(step.name for step in line.steps) == STEPS
    for state in STATES:
        found = sum(load.of(state) for load in loads(loaded.line, loaded.recipe, setup))
        assert sum(load.of(state) for step in line.steps for load in step.loads) == pytest.approx(found, rel=1e-12)
    assert all(step.loads for step in line.steps)


def test_a_year_of_the_lfp_line_by_hand():
    """60 m/min, 950 mm, two sides of 25 mg/cm2 with 95 % LFP of 160 mAh/g at 3.2 V."""
    line, loaded, _ = made()
    capacity = loaded.recipe.component("active").material.capacity
    assert line.product.energy_per_area == pytest.approx(2.0 * 0.25 * 0.95 * capacity * 3.2)
    assert line.coated_width == pytest.approx(0.95) and line.area_yield == pytest.approx(0.95)
    assert line.good_area == pytest.approx(1.0 * 0.95 * 0.8 * YEAR * 0.95)
    used = sum(load.of(s) * HOURS.of(s) for step in line.steps for load in step.loads for s in STATES)
    assert total(yearly(line)) == pytest.approx(used)
    assert 0.3 < per_cell(line) < 2.0, "kWh a kWh of cell, a cathode line without solvent"


def test_an_anode_is_told_by_its_balance_and_covers_more_than_its_cathode():
    anode, *_ = made("graphite-anode")
    assert anode.product.electrode == "anode" and anode.product.area_ratio == 1.04 and anode.product.balance == 1.1
    assert made("lfp-cathode")[0].product.electrode == "cathode"
    assert made("graphite-anode", area_ratio=1.0)[0].product.area_ratio == 1.0


def test_a_film_that_stores_nothing_is_no_electrode():
    loaded = load_line("sulfide-separator")
    with pytest.raises(ValueError, match="stores no energy"):
        product_of(loaded.line, loaded.recipe)


def test_powder_that_comes_in_is_coated_or_lost_as_dust_or_oversize():
    """The knives cut 5 % off, the feed takes 5 % of regrind, half a per cent of what is ground is dust."""
    line, loaded, setup = made()
    trim = 0.05 * setup.powder_flow
    fresh = setup.powder_flow - trim * 0.995
    coated = sum(stuff.per_area for stuff in line.stuffs if stuff.unit == "kg") * line.speed * line.coated_width
    assert coated == pytest.approx(setup.powder_flow - trim, rel=1e-9)
    assert powder_yield(loaded.line, setup) == pytest.approx(coated / fresh)
    for stuff in line.stuffs[:3]:
        assert stuff.input_yield == pytest.approx(coated / fresh * (1.0 - setup.treatment.oversize))
    assert {stuff.group for stuff in line.stuffs} == {"active", "carbon", "binder", "foil"}
    foil = line.stuffs[-1]
    assert (foil.unit, foil.per_area, foil.input_yield) == ("m2", pytest.approx(1.0 / 0.95), 1.0)


def test_without_recycling_the_edges_are_lost():
    """A share of 1 % of regrind in the feed takes a fifth of what the knives cut off."""
    some, _, setup = made("lfp-cathode", "stations.feeder_recycle.share=1 %")
    assert some.stuffs[0].input_yield < made()[0].stuffs[0].input_yield
    flow = setup.powder_flow
    assert powder_yield(load_line("lfp-cathode").line, setup) == pytest.approx(0.95 * flow / (0.99 * flow))


def test_idling_and_heat_up_are_charged_to_good_cells():
    busy = Calendar(0.9 * YEAR, 0.05 * YEAR, 0.0, 0.05 * YEAR)
    lazy = Calendar(0.6 * YEAR, 0.30 * YEAR, 0.05 * YEAR, 0.05 * YEAR)
    assert per_cell(made(calendar=lazy)[0]) > 1.1 * per_cell(made(calendar=busy)[0])
    assert per_cell(made(area_yield=0.8)[0]) == pytest.approx(per_cell(made(area_yield=0.96)[0]) * 0.96 / 0.8)


def test_a_slower_line_takes_more_for_a_cell():
    assert per_cell(made("lfp-cathode", "speed=30 m/min")[0]) > 1.3 * per_cell(made()[0])


@pytest.mark.parametrize(("setting", "up"), [
    ("stations.fibrillator.efficiency=0.3", True),
    ("utilities.air_dryer.load=400 W/m**2", True),
    ("hall.dew_point=-60 degC", True),
    ("utilities.roll_heating.system=electric", False),
    ("utilities.motor_efficiency=0.98", False),
])  # fmt: skip
def test_energy_moves_where_physics_sends_it(setting, up):
    usual, changed = per_cell(made()[0]), per_cell(made("lfp-cathode", setting)[0])
    assert (changed > usual) is up and changed != usual


def test_many_lines_stacked_are_the_same_as_one_by_one():
    speeds = (40.0, 50.0, 60.0)
    lines = [made("lfp-cathode", f"speed={v} m/min")[0] for v in speeds]
    together = stacked(lines)
    np.testing.assert_allclose(together.speed, np.array(speeds) / 60.0)
    np.testing.assert_allclose(per_cell(together), [per_cell(one) for one in lines], rtol=1e-13)
    np.testing.assert_allclose(together.good_energy, [one.good_energy for one in lines], rtol=1e-13)
    assert together.name == "lfp-cathode" and together.product.sides == 2


def test_lines_of_another_form_are_not_stacked():
    cathode, anode = made()[0], made("graphite-anode")[0]
    with pytest.raises(ValueError, match=r"name differs|not the same length"):
        stacked([cathode, anode])
    with pytest.raises(ValueError, match="at least one"):
        stacked([])
