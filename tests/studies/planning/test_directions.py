"""No saving is an input: it follows from the process, and moves as a process engineer expects."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from studies.planning.compared import figures_at, lines_at, question, saving

from dryline.studies.planning.bill import total, yearly
from dryline.studies.planning.cost import BASES, cost, scrap_accounts
from dryline.studies.planning.figures import prices_with, site_with
from dryline.studies.planning.outcomes import Key
from dryline.studies.planning.yields import energy_shares, flows

LINES = ("lfp-cathode", "nmc811-cathode")
KWH_KG = 3.6e6
ENERGY = ("electrode_line", "electrode_production", "cell_factory")

FALLS = [
    # less air is heated for each kilogram of solvent, and the wet line comes near the dry one
    ("exhaust_solvent", 700e-6, 3000e-6, "unknown_vintage", ENERGY),
    # heat of the exhaust comes back to the dryer; a dry line has none to recover
    ("heat_recovery", 0.0, 0.7, "unknown_vintage", ENERGY),
    # a thicker slurry brings less solvent to evaporate
    ("solids_cathode", 0.66, 0.68, "best_available_2025", ENERGY),
    ("solids_anode", 0.48, 0.56, "best_available_2025", ENERGY[1:]),
    # moister exhaust of the anode dryer takes less air for the same water
    ("exhaust_humidity", 0.010, 0.025, "best_available_2025", ENERGY[1:]),
    # the dry line alone fibrillates
    ("fibrillation", 0.05 * KWH_KG, 0.8 * KWH_KG, "best_available_2025", ENERGY),
    # the same floor on both sides: what is equal on both sides draws the ratio to one
    ("hall", 80.0, 600.0, "best_available_2025", ENERGY),
    # fixed load of the dry line alone
    ("dust", 20e3, 90e3, "best_available_2025", ENERGY),
    # hot rolls: nine of the dry line against two of the wet calender
    ("roll_loss", 0.67, 1.33, "best_available_2025", ENERGY),
    # the dry line conveys and cleans with compressed air
    ("compressor", 0.769, 1.077, "best_available_2025", ENERGY),
    # the rest is the same on both sides: it dilutes
    ("rest_of_factory", 15.0, 34.0, "best_available_2025", ENERGY[2:]),
]
RISES = [
    # hall, dust extraction, handling and hot rolls stand whatever the speed, and weigh more on a dry line than on a wet one
    ("speed", 0.7, 1.3, "best_available_2025", ENERGY),
    # the same by the hours: idle and stopped loads spread over more electrode
    ("oee", 0.78, 0.95, "best_available_2025", ENERGY[:2]),
    # more good cells from the same dry line
    ("dry_yield", 0.947, 1.02, "best_available_2025", ENERGY),
    # hotter exhaust takes more heat out of the dryer
    ("exhaust_temperature", 373.15, 403.15, "best_available_2025", ENERGY),
    # only a wet line distils, mixes slurry and calenders after drying
    ("distillation", 0.2 * KWH_KG, 0.8 * KWH_KG, "best_available_2025", ENERGY),
    ("mixing", 0.08, 0.25, "best_available_2025", ENERGY),
    ("calendering", 0.15, 0.6, "best_available_2025", ENERGY),
]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize(("name", "low", "high", "vintage", "boundaries"), FALLS, ids=lambda value: str(value)[:20])
def test_the_energy_saving_falls(line, name, low, high, vintage, boundaries):
    for boundary in boundaries:
        assert saving(boundary, vintage, line=line, **{name: low}) > saving(boundary, vintage, line=line, **{name: high}) + 1e-5


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize(("name", "low", "high", "vintage", "boundaries"), RISES, ids=lambda value: str(value)[:20])
def test_the_energy_saving_rises(line, name, low, high, vintage, boundaries):
    for boundary in boundaries:
        assert saving(boundary, vintage, line=line, **{name: low}) < saving(boundary, vintage, line=line, **{name: high}) - 1e-5


def test_a_yield_of_both_leaves_the_saving_of_a_line_and_thins_that_of_the_factory():
    """Both lines pay 1/Y; the rest of the factory does not, so better electrodes leave less to save."""
    for boundary in ENERGY[:2]:
        low, high = (saving(boundary, electrode_yield=value) for value in (0.90, 0.99))
        assert low == pytest.approx(high, rel=1e-12)
    assert saving("cell_factory", electrode_yield=0.90) > saving("cell_factory", electrode_yield=0.99)


def test_what_belongs_to_one_electrode_does_not_move_the_line_of_the_other():
    assert saving("electrode_line", solids_anode=0.48) == saving("electrode_line", solids_anode=0.56)
    base = figures_at()
    for key, pair in figures_at(exhaust_humidity=0.010).items():
        if key.kind == "energy" and key.boundary == "electrode_line":
            assert pair == base[key]


COST_FALLS = [
    # capital of the dry line alone
    ("dry_equipment", 0.5, 1.0, "conversion"), ("dry_equipment", 0.5, 1.0, "cell"),
    # PTFE is bought for the dry electrode alone, and 2 % of it is dear
    ("ptfe_price", 0.6, 2.0, "without_active_material"), ("ptfe_price", 0.6, 2.0, "cell"),
    # a crew of 0.8 is saved less than equipment at 0.7, so wages dilute
    ("wage", 0.33, 1.69, "conversion"),
    # a film bonds to primed foil, a slurry to bare foil
    ("primer", 0.0, 2.0, "without_active_material"), ("primer", 0.0, 2.0, "cell"),
    # the dry line lives on electricity
    ("fibrillation", 0.05 * KWH_KG, 0.8 * KWH_KG, "conversion"),
]  # fmt: skip
COST_RISES = [
    # the wet line buys heat and PVDF
    ("heat_price", 0.6, 1.6, "conversion"), ("heat_price", 0.6, 1.6, "cell"), ("pvdf_price", 0.6, 1.9, "without_active_material"),
    ("pvdf_price", 0.6, 1.9, "cell"),
    # scrap that is not made: of little weight in conversion, of all active material in the cell
    ("dry_yield", 0.947, 1.02, "conversion"), ("dry_yield", 0.947, 1.02, "with_active_material"),
    ("dry_yield", 0.947, 1.02, "cell"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "low", "high", "boundary"), COST_FALLS)
def test_the_cost_saving_falls(name, low, high, boundary):
    less, more = (saving(boundary, kind="cost", **{name: value}) for value in (low, high))
    assert less > more + 1e-5


@pytest.mark.parametrize(("name", "low", "high", "boundary"), COST_RISES)
def test_the_cost_saving_rises(name, low, high, boundary):
    less, more = (saving(boundary, kind="cost", **{name: value}) for value in (low, high))
    assert less < more - 1e-5


@pytest.mark.parametrize("boundary", ["with_active_material", "cell"])
def test_what_both_sides_pay_alike_dilutes_what_is_saved_and_what_is_lost(boundary):
    cheap, dear = (saving(boundary, kind="cost", primer=0.0, active_price=price) for price in (0.6, 1.3))
    assert cheap > dear > 0.0
    cheap, dear = (saving(boundary, kind="cost", primer=6.0, active_price=price) for price in (0.6, 1.3))
    assert cheap < dear < 0.0


def test_a_primer_is_no_part_of_the_conversion_nor_of_the_energy():
    base = figures_at(primer=0.0)
    for key, pair in figures_at(primer=2.0).items():
        if key.kind == "energy" or key.boundary == "conversion":
            assert float(np.mean(pair.saving)) == pytest.approx(float(np.mean(base[key].saving)), rel=1e-12)


def test_prices_do_not_move_energy_and_interest_moves_levelized_cost_alone():
    base = figures_at()
    for name, value in (("electricity_price", 1.4), ("wage", 1.6), ("dry_equipment", 1.0), ("ptfe_price", 2.0)):
        changed = figures_at(**{name: value})
        assert all(changed[key] == pair for key, pair in base.items() if key.kind == "energy")
    for basis, moves in (("full", False), ("marginal", False), ("levelized", True)):
        low, high = (saving("conversion", kind="cost", basis=basis, discount_rate=rate) for rate in (0.06, 0.10))
        assert (low != pytest.approx(high, abs=1e-6)) is moves


@pytest.mark.parametrize("line", LINES)
def test_without_drying_energy_the_saving_turns(line):
    """No solvent, no dryer and no recovery: what is left of the wet line is less than powder, fibrils and hot rolls take."""
    nothing = {"solids_cathode": 1.0, "solids_anode": 1.0}
    lines, _, _ = lines_at(line, **nothing)
    for pair in lines.wet.values():
        for wet in pair.values():
            assert total(yearly(wet), lambda use: use.step in ("coating and drying", "solvent recovery")) == 0.0
    for key, pair in figures_at(line, **nothing).items():
        if key.kind == "energy" and key.case == "both":
            assert np.all(pair.saving < 0.0), key
    for vintage in question().vintages:
        assert saving("electrode_line", vintage, line=line) > 0.2


def test_the_saving_is_that_of_drying_less_what_the_dry_process_adds():
    """Wet less dry = drying and recovery + what else the wet line has - what else the dry line has, to rounding."""
    lines, _, _ = lines_at()
    for vintage, pair in lines.wet.items():
        wet, dry = pair["cathode"], lines.dry["cathode"]
        drying = total(yearly(wet), lambda use: use.step in ("coating and drying", "solvent recovery")) / wet.good_energy
        others = total(yearly(wet), lambda use: use.step not in ("coating and drying", "solvent recovery")) / wet.good_energy
        own = total(yearly(dry)) / dry.good_energy
        found = figures_at()[Key("both", "energy", "electrode_line", vintage)]
        assert found.wet - found.dry == pytest.approx(drying + others - own, rel=1e-9)
        assert drying > others


@pytest.mark.parametrize("basis", BASES)
def test_lines_with_identical_process_figures_cost_the_same(basis):
    """The wet line under the name of a dry one, and the dry under that of a wet one, keep energy and cost to the last digit."""
    lines, asked, values = lines_at()
    site, prices = site_with(asked, values), prices_with(asked, values, lines)
    other = {"dry": "wet", "wet": "dry"}
    for line in (*lines.dry.values(), *lines.wet["greet_2019"].values()):
        renamed = replace(line, name="other", process=other[line.process])
        assert cost(renamed, site, prices, basis).items == cost(line, site, prices, basis).items
        assert yearly(renamed) == yearly(line)


def test_both_ways_make_the_same_electrode_at_the_same_pace():
    lines, _, _ = lines_at()
    for pair in lines.wet.values():
        for name, wet in pair.items():
            dry = lines.dry[name]
            assert wet.product == dry.product and wet.speed == dry.speed and wet.coated_width == dry.coated_width
            assert wet.calendar == dry.calendar and wet.cell_yield == dry.cell_yield
            assert np.asarray(wet.area_yield) == pytest.approx(np.asarray(dry.area_yield), rel=1e-12)
            assert wet.good_energy == pytest.approx(dry.good_energy, rel=1e-12)
            hall = next(step for step in wet.steps if step.name == "hall")
            own = next(step for step in dry.steps if step.name == "hall")
            assert {load.carrier: load.run for load in hall.loads} == pytest.approx({o.carrier: o.run for o in own.loads})


def test_energy_mass_and_money_of_every_line_close():
    lines, asked, values = lines_at()
    site, prices = site_with(asked, values), prices_with(asked, values, lines)
    for line in (*lines.dry.values(), *(wet for pair in lines.wet.values() for wet in pair.values())):
        assert sum(energy_shares(line)) == pytest.approx(total(yearly(line)), rel=1e-9)
        for one in flows(line):
            assert one.bought == pytest.approx(
                one.good + one.cell_reject + one.thrown + one.intake_loss + one.evaporated, rel=1e-9
            )
        spent = cost(line, site, prices)
        accounts = scrap_accounts(line, spent, site, prices)
        assert spent.total() == pytest.approx(accounts[-1].leaves + sum(one.lost for one in accounts), rel=1e-9)
        assert sum(spent.by_kind().values()) == pytest.approx(spent.per_kwh("with_active_material"), rel=1e-9)


@pytest.mark.parametrize("line", LINES)
def test_a_saving_shrinks_as_the_boundary_widens(line):
    """Of the same foil: a primer that the dry line alone buys could turn the sign."""
    for vintage in question().vintages:
        boundaries = ("conversion", "without_active_material", "with_active_material", "cell")
        costs = [saving(boundary, vintage, "cost", line=line, primer=0.0) for boundary in boundaries]
        assert costs[0] > costs[1] > costs[2] > 0.0 and costs[1] > costs[3]
        assert saving("cell_factory", vintage, line=line) < saving("electrode_production", vintage, line=line)
        for boundary in ENERGY[1:]:
            alone = saving(boundary, vintage, case="cathode_only", line=line)
            assert 0.0 < alone < saving(boundary, vintage, line=line)


def test_the_older_the_wet_line_the_larger_the_saving():
    for boundary in ENERGY:
        old, new = (saving(boundary, vintage) for vintage in ("open_exhaust_2016", "best_available_2025"))
        assert old > new


def test_arrays_give_what_single_values_give():
    values = np.array([100.0, 300.0, 500.0])
    found = figures_at(hall=values)
    for n, value in enumerate(values.tolist()):
        for key, pair in figures_at(hall=value).items():
            assert np.broadcast_to(found[key].saving, 3)[n] == pytest.approx(float(pair.saving), rel=1e-12)
