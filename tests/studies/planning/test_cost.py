"""Cost of an electrode line: blind to its name, closing in money, mass and energy, and moving as a plant would."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from studies.planning.simple_lines import HOUR, KWH, arrays, dry_cathode, wet_anode, wet_cathode

from dryline.line.load import InputError
from dryline.line.machines_file import load_machines
from dryline.line.price_table import load_prices
from dryline.line.site import expressed, load_site
from dryline.studies.planning.bill import total, yearly
from dryline.studies.planning.cost import BASES, BOUNDARIES, KINDS, capital_recovery, cost, per_kwh, scrap_accounts
from dryline.studies.planning.environment import environment, material_side
from dryline.studies.planning.equipment import MachinePark, PowerLaw, costed, machines_needed, wet_counterpart
from dryline.studies.planning.rest_of_cell import RestOfCell, rest_cost
from dryline.studies.planning.yields import energy_shares, flows, needed, regrind

SITE = expressed(load_site("us"), "USD")
PRICES = load_prices()
LAW = PowerLaw()


def costing(line=None, site=SITE, prices=PRICES, basis="full", law=LAW):
    return cost(costed(wet_cathode() if line is None else line, law, site), site, prices, basis)


@pytest.mark.parametrize("basis", BASES)
def test_identical_figures_cost_the_same_under_any_name_of_process(basis):
    wet = costed(wet_cathode(), LAW, SITE)
    dry = replace(wet, name="dry", process="dry")
    a, b = cost(wet, SITE, PRICES, basis), cost(dry, SITE, PRICES, basis)
    assert a.items == b.items and a.good_energy == b.good_energy
    assert scrap_accounts(wet, a, SITE, PRICES) == scrap_accounts(dry, b, SITE, PRICES)
    assert environment(wet, SITE, PRICES) == environment(dry, SITE, PRICES)


def test_the_equation_of_the_line_by_hand():
    line = costed(wet_cathode(), LAW, SITE)
    by_kind = cost(line, SITE, PRICES).by_kind()
    energy = line.good_energy / KWH
    crew, capital, floor = (sum(getattr(s, name) for s in line.steps) for name in ("operators", "equipment", "floor"))
    labour = crew * 7680.0 * 45.65
    wear = capital / 10.0, floor * 3000.0 / 20.0
    assert by_kind["labour"] == pytest.approx(labour / energy)
    assert by_kind["equipment"] == pytest.approx(wear[0] / energy)
    assert by_kind["floor"] == pytest.approx(wear[1] / energy)
    assert by_kind["maintenance"] == pytest.approx(0.03 * capital / energy)
    assert by_kind["overhead"] == pytest.approx((0.4 * labour + 0.2 * sum(wear)) / energy)
    heat = total(yearly(line), lambda use: use.carrier == "heat")
    rest = total(yearly(line), lambda use: use.carrier != "heat")
    assert by_kind["energy"] == pytest.approx((heat * 0.017 + rest * 0.0806) / KWH / energy)
    assert sum(by_kind.values()) == pytest.approx(cost(line, SITE, PRICES).per_kwh("with_active_material"))


def test_bases_differ_by_what_their_definitions_say():
    line = costed(wet_cathode(), LAW, SITE)
    full, marginal, levelized = (cost(line, SITE, PRICES, basis) for basis in BASES)
    capital = sum(s.equipment for s in line.steps), sum(s.floor for s in line.steps) * SITE.building
    interest = capital[0] * (capital_recovery(0.08, 10.0) - 0.1) + capital[1] * (capital_recovery(0.08, 20.0) - 0.05)
    assert levelized.total() - full.total() == pytest.approx(interest, rel=1e-9)
    gone = sum(full.by_kind()[kind] for kind in ("equipment", "floor", "maintenance", "overhead"))
    assert full.per_kwh("conversion") - marginal.per_kwh("conversion") == pytest.approx(gone, rel=1e-9)
    without = cost(line, SITE, PRICES, "marginal", labour=False)
    assert marginal.total() - without.total() == pytest.approx(full.by_kind()["labour"] * full.good_energy / KWH, rel=1e-9)
    free = replace(SITE, interest=0.0)
    assert cost(line, free, PRICES, "levelized").total() == pytest.approx(full.total(), rel=1e-12)


def test_capital_recovery_factor_is_the_textbook_one():
    assert capital_recovery(0.08, 10.0) == pytest.approx(0.149029, abs=1e-6)
    assert capital_recovery(np.array([0.0, 0.08]), 20.0) == pytest.approx([0.05, 0.101852], abs=1e-6)


def test_results_of_different_bases_sites_or_boundaries_are_not_added():
    full, other = costing(), costing(wet_anode(), basis="levelized")
    with pytest.raises(ValueError, match="bases or currencies"):
        per_kwh((full, other), "conversion")
    with pytest.raises(ValueError, match="bases or currencies"):
        per_kwh((full, costing(wet_anode(), site=expressed(SITE, "EUR"))), "conversion")
    with pytest.raises(ValueError, match="twice"):
        per_kwh((full, full), "conversion")
    with pytest.raises(ValueError, match="cathode, anode and rest"):
        full.per_kwh("cell")
    rest = rest_cost(wet_cathode(), wet_anode(), RestOfCell(), SITE, PRICES)
    with pytest.raises(ValueError, match="not within conversion"):
        per_kwh((full, rest), "conversion")


@pytest.mark.parametrize("make", [wet_cathode, wet_anode, dry_cathode])
def test_mass_closes(make):
    line = make()
    for one in flows(line):
        out = one.good + one.cell_reject + one.thrown + one.intake_loss + one.evaporated
        assert one.bought == pytest.approx(out, rel=1e-9)
        assert one.fed == pytest.approx(one.bought + one.returned, rel=1e-9)
        assert one.good == pytest.approx((one.stuff.group != "solvent") * one.stuff.per_area * line.good_area * 0.95, rel=1e-9)


@pytest.mark.parametrize("make", [wet_cathode, wet_anode, dry_cathode])
@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("sold", [0.0, 0.3])
def test_money_closes_and_scrap_carries_the_value_added_so_far(make, basis, sold):
    site = replace(SITE, scrap_revenue=sold)
    line = costed(make(), LAW, site)
    spent = cost(line, site, PRICES, basis)
    accounts = scrap_accounts(line, spent, site, PRICES)
    added = sum(a.added for a in accounts) - sum(a.recovered for a in accounts)
    assert added == pytest.approx(spent.total(), rel=1e-9)
    assert spent.total() == pytest.approx(accounts[-1].leaves + sum(a.lost for a in accounts), rel=1e-9)
    for a in accounts:
        assert a.enters + a.added == pytest.approx(a.leaves + a.recovered + a.lost, rel=1e-9)
    bought = sum(one.bought * PRICES.price(one.stuff.name, one.stuff.unit, site) for one in flows(line))
    conversion, waste = spent.within("conversion"), spent.total(lambda item: item.kind == "waste")
    sales = sum((one.thrown + one.cell_reject + one.intake_loss) * PRICES.price(one.stuff.name, "kg", site) * sold
                for one in flows(line) if one.stuff.group == "active")  # fmt: skip
    assert spent.total() == pytest.approx(bought + conversion + waste - sales, rel=1e-9)
    worth = [a.leaves / (line.good_area * share) for a, share in zip(accounts[1:], (1.0, 0.95), strict=True)]
    assert worth[0] == pytest.approx(worth[1], rel=1e-9)  # a square metre is worth the same in the cell that passes


def test_energy_closes():
    line = wet_cathode()
    shares = energy_shares(line)
    assert sum(shares) == pytest.approx(total(yearly(line)), rel=1e-9)
    assert shares.good / (shares.good + shares.rejected) == pytest.approx(0.95 * 0.95, rel=1e-9)
    assert shares.standing > 0 and shares.heating > 0


def test_cumulative_downstream_rule():
    assert needed([0.9, 0.8, 0.5]) == pytest.approx((1 / 0.36, 1 / 0.40, 1 / 0.50))
    assert regrind(0.8, 0.1) == pytest.approx(0.72)


def test_dry_trim_that_is_milled_again_saves_powder_and_waste():
    thrown, milled = (cost(costed(dry_cathode(), LAW, SITE), SITE, PRICES) for _ in range(2))
    bare = tuple(stuff._replace(returned=0.0) for stuff in dry_cathode().stuffs)
    thrown = cost(costed(dry_cathode(stuffs=bare), LAW, SITE), SITE, PRICES)
    assert milled.by_kind()["credit"] < 0 == thrown.by_kind()["credit"]
    assert milled.by_kind()["waste"] < thrown.by_kind()["waste"]
    assert milled.by_kind()["materials"] == pytest.approx(thrown.by_kind()["materials"])
    powder = sum(s.per_area * PRICES.price(s.name, "kg", SITE) * 0.7 for s in milled_powder())
    line = dry_cathode()
    saved = powder * line.coated_area * 0.05 / line.good_energy * KWH
    assert -milled.by_kind()["credit"] == pytest.approx(saved, rel=1e-9)


def milled_powder():
    return [stuff for stuff in dry_cathode().stuffs if stuff.returned]


CHANGES = {
    "electricity": lambda x: (wet_cathode(), replace(SITE, electricity=SITE.electricity * x), PRICES),
    "heat": lambda x: (wet_cathode(), replace(SITE, heat=SITE.heat * x), PRICES),
    "wage": lambda x: (wet_cathode(), replace(SITE, wage=SITE.wage * x), PRICES),
    "building": lambda x: (wet_cathode(), replace(SITE, building=SITE.building * x), PRICES),
    "disposal": lambda x: (wet_cathode(), replace(SITE, disposal=SITE.disposal * x), PRICES),
    "maintenance": lambda x: (wet_cathode(), replace(SITE, maintenance=SITE.maintenance * x), PRICES),
    "equipment level": lambda x: (wet_cathode(), replace(SITE, equipment_level=SITE.equipment_level * x), PRICES),
    "binder": lambda x: (wet_cathode(), SITE, PRICES.scaled({"pvdf": x})),
    "foil": lambda x: (wet_cathode(), SITE, PRICES.scaled({"Al foil": x})),
    "yield": lambda x: (wet_cathode(area_yield=0.95 / x), SITE, PRICES),
    "cells lost": lambda x: (wet_cathode(cell_yield=0.95 / x), SITE, PRICES),
    "slower line": lambda x: (wet_cathode(speed=0.95 / x), SITE, PRICES),
}


@pytest.mark.parametrize("what", sorted(CHANGES))
@pytest.mark.parametrize("law", [PowerLaw(), PowerLaw(plant=None), MachinePark(load_machines())])
def test_cost_rises_with_price_wage_loss_and_slowness(what, law):
    found = [costing(*CHANGES[what](x), law=law).per_kwh("with_active_material") for x in (0.97, 1.0, 1.05)]
    if what == "equipment level" and not isinstance(law, PowerLaw):
        assert all(machine.level == "table" for machine in law.machines)
    assert found[0] < found[1] < found[2]


def test_levelized_cost_rises_with_interest_and_others_do_not_know_it():
    dear = replace(SITE, interest=0.12)
    assert costing(site=dear, basis="levelized").total() > costing(basis="levelized").total()
    for basis in ("full", "marginal"):
        assert costing(site=dear, basis=basis).items == costing(basis=basis).items


def test_saving_shrinks_as_the_boundary_widens():
    wet, anode = costed(wet_cathode(), LAW, SITE), costed(wet_anode(), LAW, SITE)
    steps = tuple(replace(s, equipment=0.7 * s.equipment, floor=0.5 * s.floor) for s in wet.steps)
    cheaper = replace(wet, name="cheaper", steps=steps)
    savings = []
    for boundary in BOUNDARIES:
        both = []
        for line in (wet, cheaper):
            parts = [cost(line, SITE, PRICES), cost(anode, SITE, PRICES)]
            if boundary == "cell":
                parts.append(rest_cost(line, anode, RestOfCell(), SITE, PRICES))
            both.append(per_kwh(parts, boundary))
        savings.append(1.0 - both[1] / both[0])
    assert savings[0] > savings[1] > savings[2] > savings[3] > 0.0
    assert savings[0] > 3.0 * savings[2]


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("law", [PowerLaw(), MachinePark(load_machines())])
def test_arrays_equal_loops_over_numbers(basis, law):
    values = arrays(wet_cathode())
    n = len(values["speed"])
    wage = SITE.wage * np.linspace(0.5, 2.0, n)
    factor = np.linspace(0.8, 1.3, n)

    def everything(line, wages, factors):
        site, prices = replace(SITE, wage=wages), PRICES.scaled({"nmc622": factors})
        line = costed(line, law, site)
        spent = cost(line, site, prices, basis)
        around = environment(line, site, prices)
        lost = scrap_accounts(line, spent, site, prices)
        rest = rest_cost(line, wet_anode(), RestOfCell(), site, prices, basis)
        anode = cost(costed(wet_anode(), law, site), site, prices, basis)
        return [spent.per_kwh(b) for b in BOUNDARIES[:3]] + [
            per_kwh((spent, anode, rest), "cell"), around.waste, around.co2_total, lost[1].lost,
            material_side(line, site, prices)[0].share,
        ]  # fmt: skip

    at_once = everything(wet_cathode(**values), wage, factor)
    for k in range(n):
        one = everything(wet_cathode(**{name: float(v[k]) for name, v in values.items()}), float(wage[k]), float(factor[k]))
        for many, single in zip(at_once, one, strict=True):
            assert np.broadcast_to(many, (n,))[k] == pytest.approx(float(single), rel=1e-12)


def test_a_line_of_the_published_plant_has_its_share_of_the_table():
    cathode = wet_cathode(area_yield=1.0, cell_yield=1.0, stuffs=tuple(s._replace(input_yield=1.0) for s in wet_cathode().stuffs))
    found = wet_counterpart(cathode, LAW, SITE)
    share = cathode.good_energy / (50e6 * KWH)
    for name, musd in (("mixing", 200.0), ("coating and drying", 90.0), ("solvent recovery", 36.0), ("calendering", 25.0)):
        assert found[name].equipment / share == pytest.approx(musd * 1e6, rel=0.01)


def test_dry_equipment_is_a_factor_of_the_wet_line_at_equal_capacity():
    dry = costed(dry_cathode(), LAW, SITE)
    wet = wet_counterpart(dry_cathode(), LAW, SITE)
    assert sum(s.equipment for s in dry.steps) == pytest.approx(0.70 * sum(s.equipment for s in wet.values()))
    assert sum(s.floor for s in dry.steps) == pytest.approx(0.50 * sum(s.floor for s in wet.values()))
    assert sum(s.operators for s in dry.steps) == pytest.approx(0.80 * sum(s.labour for s in wet.values()) / SITE.planned_time)
    same = wet_counterpart(wet_cathode(), LAW, SITE)
    for name, step in wet.items():
        assert step.equipment == pytest.approx(same[name].equipment, rel=3e-3)  # 0.1198 for 0.1195 kg NMP
    with pytest.raises(InputError, match="none of the steps"):
        costed(replace(wet_cathode(), process="dry"), LAW, SITE)


def test_a_small_plant_pays_more_per_kilowatt_hour_and_a_large_one_less():
    at = [costing(law=PowerLaw(plant=g * 1e6 * KWH)).per_kwh("conversion") for g in (5.0, 50.0, 500.0)]
    assert at[0] > at[1] > at[2]
    many = costing(law=PowerLaw(plant=np.array([5.0, 50.0]) * 1e6 * KWH)).per_kwh("conversion")
    assert many == pytest.approx(at[:2])


def test_whole_machines_come_in_steps_and_say_how_full_they_are():
    park = MachinePark(load_machines())
    mixers = {v: machines_needed(wet_cathode(speed=v), park)[0] for v in (0.5, 0.52, 0.56)}
    assert [mixers[v].number for v in (0.5, 0.52, 0.56)] == [2.0, 2.0, 3.0]
    assert mixers[0.52].utilisation > mixers[0.5].utilisation > mixers[0.56].utilisation
    flow = 0.52 * (0.25 * 2) / 0.99
    assert mixers[0.52].utilisation * 2 * 500.0 / HOUR == pytest.approx(flow, rel=1e-9)
    assert all(0.0 < m.utilisation <= 1.0 for m in machines_needed(wet_cathode(speed=1.0), park))


def test_machines_for_a_step_that_the_line_lacks_are_refused():
    park = MachinePark(load_machines())
    with pytest.raises(InputError, match="'solvent recovery' is no step of"):
        costed(wet_cathode(steps=wet_cathode().steps[:2] + wet_cathode().steps[3:]), park, SITE)
    with pytest.raises(InputError, match="no machine for a dry cathode line"):
        costed(dry_cathode(), MachinePark(tuple(m for m in load_machines() if m.process == "wet")), SITE)


def test_environment_follows_solvent_scrap_and_grid():
    wet, dry = environment(wet_cathode(), SITE, PRICES), environment(dry_cathode(), SITE, PRICES)
    per_kwh_area = KWH / wet_cathode().good_energy * wet_cathode().coated_area
    assert wet.solvent_evaporated == pytest.approx(0.239 * per_kwh_area)
    assert wet.solvent_emitted == pytest.approx(0.005 * wet.solvent_evaporated)
    assert wet.water == 0.0 and wet.exhaust == pytest.approx(8.0 * per_kwh_area)
    assert dry.solvent_evaporated == dry.solvent_emitted == dry.exhaust == 0.0 and dry.waste < wet.waste
    anode = environment(wet_anode(), SITE, PRICES)
    assert anode.solvent_emitted == pytest.approx(0.0, abs=1e-12) and anode.water > 0.3
    clean = environment(wet_cathode(), replace(SITE, grid_carbon=0.0), PRICES)
    assert clean.co2_total == pytest.approx(wet.co2["heat"]) and clean.co2["electricity"] == 0.0
    assert wet.dust_emitted < 1e-3 * wet.dust_caught


def test_material_side_is_apart_and_adds_up():
    rows = material_side(wet_cathode(), SITE, PRICES)
    spent = costing()
    waste = spent.by_kind()["waste"]
    side = spent.per_kwh("with_active_material") - spent.per_kwh("conversion") - waste
    assert sum(row.money for row in rows) == pytest.approx(side, rel=1e-9)
    assert sum(row.share for row in rows) == pytest.approx(1.0)
    nmp = next(row for row in rows if row.name == "nmp")
    assert nmp.in_cells == 0.0 and 0.0 < nmp.bought < 0.1
    foil = next(row for row in rows if row.group == "foil")
    assert foil.unit == "m2" and foil.in_cells == pytest.approx(1000.0 / 330.0)


def test_breakdown_by_step_adds_up_and_keeps_the_order_of_the_line():
    spent = costing()
    steps = spent.by_step()
    assert list(steps)[:5] == [step.name for step in wet_cathode().steps]
    assert sum(sum(kinds.values()) for kinds in steps.values()) == pytest.approx(spent.per_kwh("with_active_material"))
    assert set().union(*steps.values()) == set(KINDS)


def test_cost_of_a_plant_as_batpac_has_it_is_of_the_published_size():
    """Lechner et al. 2024: personnel 4.9, depreciation 5.9, energy 1.2, all 95.5 USD/kWh for NMC811, as an order of magnitude."""
    cathode, anode = costed(wet_cathode(), LAW, SITE), costed(wet_anode(), LAW, SITE)
    parts = [cost(cathode, SITE, PRICES), cost(anode, SITE, PRICES), rest_cost(cathode, anode, RestOfCell(), SITE, PRICES)]
    kinds = {kind: sum(part.by_kind()[kind] for part in parts) for kind in KINDS}
    assert 1.5 < per_kwh(parts[:2], "conversion") < 8.0
    assert 45.0 < per_kwh(parts, "cell") < 110.0
    assert 4.9 / 3 < kinds["labour"] < 4.9 * 3 and 5.9 / 3 < kinds["equipment"] + kinds["floor"] < 5.9 * 3
    assert 1.2 / 3 < kinds["energy"] < 1.2 * 3
    share = (kinds["materials"] + kinds["scrap"]) / per_kwh(parts, "cell")
    assert 0.6 < share < 0.9
