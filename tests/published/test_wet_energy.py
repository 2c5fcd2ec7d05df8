"""Published energies of wet lines: drying per solvent, inventories with their sums, claims; and what the wet reference gives."""

from __future__ import annotations

import numpy as np
import pytest
from studies.planning.wet_case import ANODE, CAPACITY, CATHODES, energy, line_of

from dryline.line.wet import load_vintage
from dryline.process.drying import balance
from dryline.studies.planning.claims import BOUNDARIES, boundary_table, claims_at
from dryline.studies.planning.electrode_line import YEAR, Calendar, Product
from dryline.studies.planning.factory import PRIOR, STUDIES, rest, rest_by_carrier
from dryline.studies.planning.published import energies, steps_of, study, sum_of
from dryline.studies.planning.wet_figures import wet_figures
from dryline.studies.planning.wet_line import coated, dried

KWH = 3.6e6
RUNNING = Calendar(run=YEAR, idle=0.0, heat_up=0.0, stop=0.0)
NO_HALL = {"hall": {"electricity": 0.0}}


def implied(name, step):
    """Published energy per kilogram of solvent [kWh/kg]."""
    return study(name, lambda row: row.step == step)[0].average


def per_solvent(product, vintage, **changes):
    """Heat that a running dryer buys per kilogram of solvent [kWh/kg]."""
    figures = wet_figures(load_vintage(vintage), product.electrode, product.chemistry, **changes)
    web = coated(figures, product, CAPACITY[product.chemistry], 0.95, 0.95)
    return dried(figures, web).running.bought / (web.area * web.solvent) / KWH


@pytest.mark.parametrize("chemistry", CATHODES)
def test_drying_energy_per_nmp_brackets_the_published_values(chemistry):
    """10.0 (Degen & Schuette 2022) and 15.1 kWh/kg NMP (Dai 2019, GREET) lie between 500 and 3250 ppm without heat recovery."""
    published = implied("implied_Degen_Schuette", "cathode_drying"), implied("implied_GREET", "cathode_drying")
    assert published == (10.0, 15.1)
    rich, lean = (per_solvent(CATHODES[chemistry], "open_exhaust_2016", exhaust_fraction=y) for y in (3250e-6, 500e-6))
    assert rich < min(published) / 2.5 and lean > 1.3 * max(published)
    fractions = np.linspace(500e-6, 3250e-6, 400)
    heat = per_solvent(CATHODES[chemistry], "open_exhaust_2016", exhaust_fraction=fractions)
    assert np.all(np.diff(heat) < 0.0)
    meets = [1e6 * float(np.interp(-value, -heat, fractions)) for value in published]
    assert 1000.0 < meets[0] < 1060.0 and 670.0 < meets[1] < 690.0


def test_once_through_air_takes_what_degen_and_schuette_imply():
    for product in CATHODES.values():
        assert per_solvent(product, "open_exhaust_2016") == pytest.approx(10.0, rel=0.05)


def test_the_vintage_of_greet_takes_the_heat_of_its_inventory():
    """15.1 kWh/kg NMP, and 16.7 and 2.45 kWh/kWh where a cell holds the electrodes of the inventory: 0.41 and 0.20 kg/kg."""
    nmc = CATHODES["NMC811"]
    assert per_solvent(nmc, "greet_2019") == pytest.approx(implied("implied_GREET", "cathode_drying"), rel=0.01)
    rows = {(row.step, row.carrier): row.average for row in study("Dai_2019_GREET", lambda row: "kg" in row.unit)}
    solids = {"cathode": 0.68, "anode": 0.52}
    for product, per_kg in ((nmc, 25.865), (ANODE, 7.759)):
        electrode = product.electrode
        assert rows[f"{electrode}_electrode", "heat"] == per_kg
        solvent = (1.0 - solids[electrode]) / solids[electrode]
        assert per_solvent(product, "greet_2019") * solvent * 3.6 == pytest.approx(per_kg, rel=0.015)
    per_kwh = {row.step: row.average for row in steps_of("Dai_2019_GREET") if row.carrier == "heat"}
    for product, share in ((nmc, 0.41), (ANODE, 0.20)):
        kg = share * 5.68
        solvent = kg * (1.0 - solids[product.electrode]) / solids[product.electrode]
        assert per_solvent(product, "greet_2019") * solvent == pytest.approx(per_kwh[f"{product.electrode}_electrode"], rel=0.02)


def test_the_vintage_of_greet_takes_about_the_electricity_of_its_inventory():
    """0.44 kWh/kg of electrode, mixing and calender among it."""
    for product in (CATHODES["NMC811"], ANODE):
        line = line_of(product, "greet_2019", calendar=RUNNING, area_yield=1.0, cell_yield=1.0, **NO_HALL)
        solids = sum(stuff.per_area for stuff in line.stuffs if stuff.group in ("active", "carbon", "binder"))
        electric = energy(line) - energy(line, carrier="heat")
        assert electric * product.energy_per_area / solids / KWH == pytest.approx(0.4406, rel=0.2)


def test_anode_heat_lies_below_what_degen_and_schuette_imply():
    """4.8 kWh/kg water is more than the dryer takes anywhere in the range of its estimates: 1.4 to 3.5."""
    published = implied("implied_Degen_Schuette", "anode_drying")
    wet = per_solvent(ANODE, "open_exhaust_2016", humidity_gain=0.010, heat_recovery=0.0)
    dry = per_solvent(ANODE, "open_exhaust_2016", humidity_gain=0.025, heat_recovery=0.5)
    assert 1.2 < dry < wet < 3.7 < published


def test_best_available_needs_a_tenth_of_the_inventories():
    for product in CATHODES.values():
        assert 1.0 < per_solvent(product, "best_available_2025") < 1.5


def test_both_electrodes_of_an_nmc_cell_beside_degen_and_schuette():
    """10.4 kWh/kWh for coating, drying and solvent of both electrodes; one NMP and one water dryer of 2016 take 12 to 14."""
    published = sum_of(row for row in steps_of("Degen_Schuette_2022") if row.step == "coating_drying")
    assert published == pytest.approx(10.4, abs=0.05)
    nmc = CATHODES["NMC811"]
    anode = Product("anode", "graphite", 1.08 * nmc.areal_capacity, nmc.voltage, balance=1.08, area_ratio=1.04)
    ours = sum(
        energy(line_of(product, "open_exhaust_2016", calendar=RUNNING), step)
        for product in (nmc, anode)
        for step in ("coating and drying", "solvent recovery")
    )
    assert 1.0 < ours / published < 1.35


def test_degen_and_schuette_is_read_back_with_steps_and_sums():
    steps = steps_of("Degen_Schuette_2022")
    assert len({row.step for row in steps}) == 10 and len(steps) == 14
    assert sum_of(steps, "el") == pytest.approx(17.9, abs=0.1)
    assert sum_of(steps, "heat") == pytest.approx(20.4, abs=0.1)
    assert sum_of(steps) == pytest.approx(38.3, abs=0.05)
    totals = {row.step: row.average for row in study("Degen_Schuette_2022") if row.step.startswith("total")}
    assert totals == {"total": 41.48, "total_gas": 21.38}
    assert sum_of(steps, "heat") / totals["total_gas"] == pytest.approx(0.95, abs=0.01)


def test_slips_of_the_source_are_known_and_put_in_order():
    steps = steps_of("Degen_Schuette_2022")
    assert {(row.step, row.carrier) for row in steps if row.slip} == {("material_handling", "el"), ("dry_room", "el")}
    for row in steps:
        low, average, high = row.span
        assert low <= average <= high and average == row.average
    assert {step.name for step in rest() if step.slip} == {"material_handling", "dry_room"}


def test_greet_is_read_back_and_closes():
    """170 MJ/kWh: 140 of steam and 30 of electricity; the split into electrodes and rest adds up to it."""
    steps = steps_of("Dai_2019_GREET")
    assert sum_of(steps) == pytest.approx(47.2, abs=0.1)
    totals = study("Dai_2019_GREET", lambda row: row.step == "total")
    assert sum(row.average for row in totals) == 170.0
    assert sum_of(totals) == pytest.approx(sum_of(steps), rel=0.005)
    assert sum_of(totals, "heat") / sum_of(totals, "el") == pytest.approx(sum_of(steps, "heat") / sum_of(steps, "el"), rel=0.02)


@pytest.mark.parametrize("name", STUDIES)
def test_the_rest_of_the_factory_is_what_electrode_lines_leave(name):
    total = sum(rest_by_carrier(study=name).values())
    assert PRIOR[0] < total < PRIOR[1]
    electrode = sum_of(row for row in steps_of(name) if row.step not in {step.name for step in rest(name)})
    assert total + electrode == pytest.approx(sum_of(steps_of(name)), rel=1e-12)
    scaled = rest_by_carrier(np.array([15.0, 34.0]), name)
    assert sum(scaled.values()) == pytest.approx([15.0, 34.0], rel=1e-12)


def test_every_row_has_source_and_tag():
    assert len(energies()) == 43 and {row.tag for row in energies()} <= set("PDTE")
    assert all(row.source for row in energies())


def test_claims_stand_in_the_boundary_table():
    found = {(held.claim.who, held.claim.quantity): held for held in boundary_table()}
    machine = found["LEAD", "energy_saving"]
    assert machine.claim.low == 35.0 and machine.claim.high is None and not machine.stated and machine.said.endswith("unknown")
    assert machine.boundaries == BOUNDARIES["energy"]
    cost = found["LEAD", "cost_saving"]
    assert cost.claim.low == 20.0 and not cost.stated and cost.boundaries == BOUNDARIES["cost"]
    assert (found["machine_class", "capacity"].claim.low, found["machine_class", "capacity"].claim.high) == (5.0, 8.0)
    power = found["PowerCo", "energy_saving"]
    assert power.claim.low == 30.0 and power.boundaries == ("cell_factory",) and power.stated
    lges = found["LGES", "electrode_processing_cost"]
    assert lges.claim.low == 17.0 and lges.boundaries == ("conversion",)
    assert (found["LGES", "manufacturing_cost_saving"].claim.low, found["LGES", "capex_saving"].claim.low) == (17.0, 30.0)
    assert not found["LEAD", "electric_vs_oil_roll_heating"].boundaries


def test_claims_are_found_by_boundary():
    who = {held.claim.who for held in claims_at("energy", "cell_factory")}
    assert who == {"LEAD", "PowerCo", "Fraunhofer_IWS"}
    assert {held.claim.who for held in claims_at("cost", "conversion")} == {"LEAD", "LGES"}
    known = {name for names in BOUNDARIES.values() for name in names}
    assert all(set(held.boundaries) <= known for held in boundary_table())
    with pytest.raises(KeyError):
        claims_at("energy", "conversion")


def test_water_takes_less_heat_than_nmp():
    """Susarla et al. 2018 give about a tenth per kilogram for water; without heat recovery it is a quarter to a sixth here."""
    ratio = per_solvent(ANODE, "greet_2019") / per_solvent(CATHODES["NMC811"], "greet_2019")
    assert 1.0 / 7.0 < ratio < 1.0 / 4.0


def test_latent_heat_is_a_small_part_of_what_a_dryer_takes():
    """Ahmed et al. 2016: about 45 times the latent heat of NMP, once 10 kWh/kg are taken for 1000 ppm or so."""
    figures = wet_figures(load_vintage("open_exhaust_2016"), "cathode", "NMC811")
    web = coated(figures, CATHODES["NMC811"], CAPACITY["NMC811"], 0.95, 0.95)
    running = dried(figures, web).running
    assert running == balance(figures.solvent, figures.dryer, web.area * web.solvent, running.web / 95.0, running.exhaust_air)
    assert 40.0 < running.bought / (web.area * web.solvent * figures.solvent.latent) < 80.0
