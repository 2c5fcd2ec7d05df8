"""GWh a year, lines for a target, and what limits the speed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from studies.planning.compared import planned, question
from studies.planning.simple_lines import dry_cathode, wet_anode, wet_cathode

from dryline.line.setup import Infeasible
from dryline.setup.operating_point import set_up
from dryline.studies.planning.capacity import GWH, balance, gwh_per_year, lines_needed, point_for, reach, tightest
from dryline.studies.tables import left


def test_capacity_is_linear_in_all_that_makes_it():
    line = dry_cathode()
    base = gwh_per_year(line)
    longer = replace(line.calendar, run=2.0 * line.calendar.run)
    thicker = replace(line.product, areal_capacity=2.0 * line.product.areal_capacity)
    for change in (
        {"speed": 2.0 * line.speed}, {"coated_width": 2.0 * line.coated_width}, {"calendar": longer}, {"product": thicker},
        {"product": replace(line.product, sides=4)}, {"product": replace(line.product, voltage=2.0 * line.product.voltage)},
    ):  # fmt: skip
        assert gwh_per_year(replace(line, **change)) == pytest.approx(2.0 * base, rel=1e-12)
    assert gwh_per_year(replace(line, area_yield=0.9 * line.area_yield)) == pytest.approx(0.9 * base, rel=1e-12)
    assert gwh_per_year(replace(line, cell_yield=0.9 * line.cell_yield)) == pytest.approx(0.9 * base, rel=1e-12)


def test_one_coated_side_carries_half():
    assert gwh_per_year(dry_cathode(product=replace(dry_cathode().product, sides=1))) == pytest.approx(
        gwh_per_year(dry_cathode()) / 2.0, rel=1e-12
    )


def test_an_anode_counts_the_cells_that_it_serves():
    cathode, anode = wet_cathode(), wet_anode()
    assert gwh_per_year(anode) == pytest.approx(gwh_per_year(cathode) / 1.04, rel=1e-12)
    richer = replace(anode.product, balance=1.1, areal_capacity=1.1 * anode.product.areal_capacity)
    assert gwh_per_year(replace(anode, product=richer)) == pytest.approx(gwh_per_year(anode), rel=1e-12)


def test_lines_for_a_target_are_whole_and_enough():
    cathode, anode = wet_cathode(), wet_anode()
    own = gwh_per_year(cathode)
    found = balance(2.5 * own, cathode, anode)
    assert (found.cathode_lines, found.anode_lines) == (3, 3) and found.limited_by == "anode"
    assert found.cathode_exact == pytest.approx(2.5) == pytest.approx(lines_needed(2.5 * own, cathode))
    assert found.anode_exact == pytest.approx(2.5 * 1.04)
    assert found.cathode_used == pytest.approx(2.5 / 3.0) and found.anode_used == pytest.approx(2.6 / 3.0)
    assert balance(2.0 * own, cathode, anode).cathode_lines == 2


@pytest.mark.parametrize("target", [0.0, -1.0, float("nan"), float("inf")])
def test_no_target_is_refused(target):
    with pytest.raises(ValueError, match="above zero"):
        balance(target, wet_cathode(), wet_anode())


@pytest.mark.parametrize("electrode", ["cathode", "anode"])
def test_the_highest_speed_is_feasible_and_what_binds_above_it_is_named(electrode):
    loaded = question().cathode if electrode == "cathode" else question().anode
    found = reach(loaded)
    rated = loaded.line.limits.line_speed_max
    assert found.speed == pytest.approx(rated) and found.beyond > rated
    free = loaded.line.model_copy(update={"limits": loaded.line.limits.model_copy(update={"line_speed_max": 100.0})})
    set_up(free.model_copy(update={"speed": found.beyond}), loaded.recipe)
    with pytest.raises(Infeasible) as refused:
        set_up(free.model_copy(update={"speed": found.beyond * 1.001}), loaded.recipe)
    assert found.limit is not None and refused.value.check.limit == found.limit.limit
    assert found.bottleneck == {"cathode": "feeders", "anode": "lamination"}[electrode]


def test_a_line_that_cannot_run_at_all_has_no_reach():
    loaded = question().cathode
    with pytest.raises(Infeasible):
        reach(replace(loaded, line=loaded.line.model_copy(update={"speed": 5.0})))


def test_the_tightest_limits_come_first_and_once():
    loaded = question().cathode
    checks = tightest(set_up(loaded.line, loaded.recipe))
    assert [left(check) for check in checks] == sorted(left(check) for check in checks)
    assert len({check.limit for check in checks}) == len(checks) == 6


def test_speed_or_loading_for_a_target_would_make_it():
    line = dry_cathode()
    loaded = question().cathode
    speed, loading = point_for(loaded, line, 2.0 * gwh_per_year(line))
    assert speed == pytest.approx(2.0 * loaded.line.speed) and loading == pytest.approx(2.0 * loaded.recipe.loading)


def test_a_target_beyond_one_line_is_said_to_be_refused():
    found = planned()
    wanted = found.wanted["cathode"]
    assert found.target == 8.0 and found.gwh["cathode"] < 8.0
    assert wanted.speed_refused is not None and wanted.speed_refused.limit == "speed"
    assert wanted.speed == pytest.approx(question().cathode.line.speed * 8.0 / found.gwh["cathode"])
    assert found.balance.cathode_lines * found.gwh["cathode"] >= 8.0
    assert (found.balance.cathode_lines - 1) * found.gwh["cathode"] < 8.0


def test_arrays_of_lines_have_arrays_of_capacity():
    speed = np.array([0.5, 1.0])
    assert gwh_per_year(dry_cathode(speed=speed)) == pytest.approx(speed * gwh_per_year(dry_cathode()))
    assert lines_needed(1.0, dry_cathode(speed=np.array([1.0, 1.0]))) == pytest.approx(GWH / dry_cathode().good_energy)
