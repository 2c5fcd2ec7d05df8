"""The wet reference: its directions, its balances, its states, arrays, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from studies.planning.wet_case import ANODE, CALENDAR, CAPACITY, CATHODES, VINTAGES, energy, line_of

from dryline.line.input_error import InputError
from dryline.line.wet import load_vintage
from dryline.process import drying
from dryline.process.drying import NMP
from dryline.studies.planning.electrode_line import Calendar
from dryline.studies.planning.wet_figures import wet_figures
from dryline.studies.planning.wet_line import coated, dried, wet_line

LFP = CATHODES["LFP"]
BOTH = [LFP, ANODE]


def test_steps_have_the_names_of_the_bill():
    cathode = ["mixing", "coating and drying", "solvent recovery", "calendering", "handling", "hall"]
    assert [step.name for step in line_of().steps] == cathode
    assert [step.name for step in line_of(ANODE).steps] == [name for name in cathode if name != "solvent recovery"]


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ({"exhaust_fraction": 3000e-6}, {"exhaust_fraction": 700e-6}),
        ({"heat_recovery": 0.7}, {"heat_recovery": 0.0}),
        ({"solids": 0.68}, {"solids": 0.55}),
        ({"exhaust_temperature": 373.15}, {"exhaust_temperature": 403.15}),
        ({"losses": 0.05}, {"losses": 0.15}),
        ({"heater_efficiency": 0.95}, {"heater_efficiency": 0.8}),
        ({"idle_exhaust": 0.1}, {"idle_exhaust": 0.5}),
        ({"distillation": 0.72e6}, {"distillation": 2.9e6}),
    ],
)
def test_heat_follows_what_physics_says(less, more):
    assert energy(line_of(**less), carrier="heat") < energy(line_of(**more), carrier="heat")


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ({"humidity_gain": 0.025}, {"humidity_gain": 0.010}),
        ({"heat_recovery": 0.5}, {"heat_recovery": 0.0}),
        ({"solids": 0.56}, {"solids": 0.48}),
    ],
)
def test_heat_of_an_anode_follows_its_air_and_its_water(less, more):
    assert energy(line_of(ANODE, **less), carrier="heat") < energy(line_of(ANODE, **more), carrier="heat")


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ({"fan_efficiency": 0.7}, {"fan_efficiency": 0.5}),
        ({"cop": 5.0}, {"cop": 3.0}),
        ({"tower_temperature": 298.15}, {"tower_temperature": 313.15}),
        ({"condenser_temperature": 288.15}, {"condenser_temperature": 283.15}),
        ({"lever": 3e-3}, {"lever": 8e-3}),
        ({"roll_temperature": 298.15}, {"roll_temperature": 373.15}),
        ({"mixing": 0.08}, {"mixing": 0.25}),
        ({"calendering": 0.15}, {"calendering": 0.6}),
        ({"hall": {"electricity": 80.0}}, {"hall": {"electricity": 600.0}}),
        ({"handling": 30e3}, {"handling": 90e3}),
    ],
)
def test_electricity_follows_what_physics_says(less, more):
    def electric(line):
        return energy(line) - energy(line, carrier="heat")

    assert electric(line_of(**less)) < electric(line_of(**more))


@pytest.mark.parametrize("product", BOTH)
def test_a_slow_line_pays_more_for_its_fixed_loads(product):
    slow, fast = line_of(product, speed=0.5), line_of(product, speed=1.0)
    for step in ("handling", "hall", "calendering"):
        assert energy(slow, step) > energy(fast, step)
    assert energy(slow, "mixing") == pytest.approx(energy(fast, "mixing"), rel=1e-12)
    same = line_of(product, speed=0.2, rated_speed=1.0)
    assert energy(same, "coating and drying") > energy(line_of(product, speed=0.2), "coating and drying")


@pytest.mark.parametrize("product", BOTH)
@pytest.mark.parametrize("name", ["area_yield", "cell_yield"])
def test_scrap_and_bad_cells_are_paid_by_good_ones(product, name):
    good, bad = line_of(product, **{name: 0.97}), line_of(product, **{name: 0.90})
    assert energy(bad) == pytest.approx(energy(good) * 0.97 / 0.90, rel=1e-12)


@pytest.mark.parametrize("product", BOTH)
def test_time_hot_and_idle_is_paid_by_good_cells(product):
    running = Calendar(run=CALENDAR.run, idle=0.0, heat_up=0.0, stop=CALENDAR.stop + CALENDAR.idle + CALENDAR.heat_up)
    hot, cold = line_of(product), line_of(product, calendar=running)
    assert energy(hot, "coating and drying") > 1.02 * energy(cold, "coating and drying")
    assert energy(hot, "hall") == pytest.approx(energy(cold, "hall"), rel=1e-12)


@pytest.mark.parametrize("product", BOTH)
def test_without_solvent_there_is_no_drying(product):
    dry = line_of(product, solids=1.0)
    assert dry.solvent == 0.0 and dry.exhaust == 0.0
    assert energy(dry, "coating and drying") == 0.0
    if product.electrode == "cathode":
        assert energy(dry, "solvent recovery") == 0.0
    assert next(stuff for stuff in dry.stuffs if stuff.group == "solvent").per_area == 0.0
    assert energy(dry) > 0.1


@pytest.mark.parametrize("product", BOTH)
@pytest.mark.parametrize("name", VINTAGES)
def test_heat_bought_is_what_leaves_the_dryer(product, name):
    f = wet_figures(load_vintage(name), product.electrode, product.chemistry)
    web = coated(f, product, CAPACITY[product.chemistry], 0.95, 0.95)
    b = dried(f, web).running
    assert b.bought == pytest.approx(b.evaporation + b.web + b.air + b.walls + b.heater, rel=1e-12)
    # the same from the streams: fresh air and wet web at T_in go in; hot air, dry web and vapour come out
    rise, evaporated = f.exhaust_temperature - f.fresh_temperature, web.area * web.solvent
    preheated = f.fresh_temperature + f.heat_recovery * rise
    burner = b.bought * f.heater_efficiency
    air = b.exhaust_air * drying.AIR_HEAT * (f.exhaust_temperature - preheated)
    solid = web.area * (web.solids * f.solids_heat + f.foil_mass * f.foil_heat) * rise
    liquid = evaporated * f.solvent.liquid_heat * (f.wet_temperature - f.fresh_temperature)
    out = air + solid + liquid + evaporated * f.solvent.latent
    assert burner == pytest.approx(out * (1.0 + f.losses), rel=1e-9)
    # concentration in the exhaust is that of the vintage: moles of vapour over moles of air
    moles = (evaporated / f.solvent.molar_mass) / (b.exhaust_air / drying.AIR_MOLAR_MASS)
    assert moles == pytest.approx(f.exhaust_fraction, rel=1e-9)
    assert b.circulating_air >= b.exhaust_air


@pytest.mark.parametrize("name", VINTAGES)
def test_mass_in_is_electrode_and_what_leaves(name):
    line = line_of(vintage=name)
    f = wet_figures(load_vintage(name), "cathode", "LFP")
    stuff = {one.group: one for one in line.stuffs}
    solids = stuff["active"].per_area + stuff["carbon"].per_area + stuff["binder"].per_area
    assert solids / (solids + line.solvent) == pytest.approx(f.solids, rel=1e-9)
    areal = stuff["active"].per_area * CAPACITY["LFP"] / 2.0
    assert areal == pytest.approx(LFP.areal_capacity, rel=1e-9)
    emitted, residue = line.solvent * line.emitted, line.solvent * f.captured * (1.0 - f.distilled)
    assert stuff["solvent"].per_area == pytest.approx(emitted + residue, rel=1e-9)
    assert 0.0 < stuff["solvent"].per_area < 0.05 * line.solvent


def test_water_leaves_with_the_exhaust():
    line = line_of(ANODE)
    assert line.emitted == 1.0
    assert next(stuff for stuff in line.stuffs if stuff.group == "solvent")[:3] == ("water", "solvent", line.solvent)


@pytest.mark.parametrize("product", BOTH)
def test_arrays_give_what_a_loop_gives(product):
    rng = np.random.default_rng(3)
    figures = {
        "solids": (0.5, 0.7), "heat_recovery": (0.0, 0.7), "exhaust_fraction": (700e-6, 3000e-6), "speed": (0.6, 1.4),
        "exhaust_temperature": (373.0, 403.0), "mixing": (0.08, 0.25), "distillation": (0.7e6, 2.9e6), "lever": (3e-3, 8e-3),
        "area_yield": (0.9, 0.98), "minimum_exhaust": (0.1, 0.5), "rated_speed": (0.6, 3.0), "foil_thickness": (6e-6, 15e-6),
    }  # fmt: skip
    drawn = {name: rng.uniform(*span, 25) for name, span in figures.items()}
    at_once = line_of(product, **drawn)
    assert np.shape(energy(at_once)) == (25,)
    for n in range(25):
        one = line_of(product, **{name: float(values[n]) for name, values in drawn.items()})
        for step in one.steps:
            assert energy(at_once, step.name)[n] == pytest.approx(energy(one, step.name), rel=1e-12)
        for got, wanted in zip(at_once.stuffs, one.stuffs, strict=True):
            assert np.broadcast_to(got.per_area, 25)[n] == pytest.approx(wanted.per_area, rel=1e-12)


def test_newer_vintages_need_less_than_older_ones():
    for product in (*CATHODES.values(), ANODE):
        best, *older = (energy(line_of(product, name)) for name in reversed(VINTAGES))
        assert best < (0.3 if product.electrode == "cathode" else 0.7) * min(older)


def test_figures_are_changed_by_their_names():
    vintage = load_vintage("greet_2019")
    figures = wet_figures(vintage, "cathode", "NMC811", solids=0.7)
    assert figures.solids == 0.7 and wet_figures(vintage, "cathode", "NMC622").solids == 0.68
    nmc = CATHODES["NMC811"]
    assert energy(line_of(nmc, figures)) == energy(line_of(nmc, "greet_2019", solids=0.7))
    with pytest.raises(TypeError, match="'heat_recovery'"):
        line_of(heat_recovry=0.5)
    with pytest.raises(TypeError, match="dataclasses"):
        line_of(nmc, figures, solids=0.6)


def test_an_exhaust_near_the_explosive_limit_is_told_and_beyond_refused():
    assert drying.explosive_share(3250e-6, NMP) == pytest.approx(0.25)
    assert "monitoring" not in line_of(exhaust_fraction=3250e-6).origin
    assert "4000 ppm" in line_of(exhaust_fraction=np.array([1000e-6, 4000e-6])).origin
    with pytest.raises(ValueError, match="6500 ppm"):
        line_of(exhaust_fraction=np.array([1000e-6, 6600e-6]))
    assert "monitoring" not in line_of(ANODE, humidity_gain=0.03).origin


@pytest.mark.parametrize(("name", "value"), [("solids", 0.0), ("solids", 1.1), ("heat_recovery", -0.1), ("captured", 1.2)])
def test_shares_that_cannot_be_are_refused(name, value):
    with pytest.raises(ValueError, match=name):
        line_of(**{name: np.array([0.5, value])})


def test_a_sulfide_bears_no_nmp():
    with pytest.raises(InputError, match="NMC811-LPSCl"):
        line_of(replace(LFP, chemistry="NMC811-LPSCl"), capacity=CAPACITY["NMC811"])


def test_the_hall_is_the_callers():
    hall = {"electricity": 100.0, "heat": 50.0}
    line = wet_line(
        LFP, load_vintage("greet_2019"), capacity=CAPACITY["LFP"], speed=1.0, coated_width=0.95, calendar=CALENDAR,
        area_yield=0.97, cell_yield=0.98, hall=hall, floor=500.0,
    )  # fmt: skip
    loads = {load.carrier: load for load in line.step("hall").loads}
    assert loads["electricity"][1:] == (5e4,) * 4 and loads["heat"][1:] == (2.5e4,) * 4
