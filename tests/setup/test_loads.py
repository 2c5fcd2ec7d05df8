"""Loads of a line at its operating point: every signal once, and in the direction that physics says."""

from __future__ import annotations

import pytest

from dryline.line.carriers import CARRIERS, STATES
from dryline.line.load import load_line, names
from dryline.line.tags import truth_of
from dryline.setup.loads import loads, roll_heat_up
from dryline.setup.operating_point import set_up
from dryline.studies.planning import electrode_line


def loads_of(name="lfp-cathode", *settings):
    loaded = load_line(name, settings=settings)
    setup = set_up(loaded.line, loaded.recipe)
    return {load.path: load for load in loads(loaded.line, loaded.recipe, setup)}, setup


def total(found, state="run"):
    return sum(load.of(state) for load in found.values())


def floor_load(name, *settings):
    found, _ = loads_of(name, *settings)
    hall = sum(load.run for load in found.values() if load.station == "hall")
    return hall / load_line(name, settings=settings).line.utilities.floor


@pytest.mark.parametrize("name", names("lines"))
def test_loads_are_the_true_powers_that_are_bought(name):
    """Path by path and carrier by carrier those of the twin, so that nothing is counted twice or left out."""
    found, _ = loads_of(name)
    bought = {tag.path: tag.carrier for tag in truth_of(load_line(name).line).tags if tag.carrier}
    assert {path: load.carrier for path, load in found.items()} == bought
    assert all(load.of(state) >= 0.0 for load in found.values() for state in STATES)
    assert total(found) > total(found, "idle") > total(found, "stop") > 0.0


def test_carriers_and_states_of_line_and_planner_are_the_same():
    assert electrode_line.CARRIERS == CARRIERS and electrode_line.STATES == STATES


def test_a_slower_line_takes_more_for_a_kilogram():
    (fast, at), (slow, at_slow) = loads_of(), loads_of("lfp-cathode", "speed=30 m/min")
    assert at_slow.powder_flow == pytest.approx(0.5 * at.powder_flow)
    assert total(slow) < total(fast)
    assert total(slow) / at_slow.powder_flow > 1.4 * total(fast) / at.powder_flow
    kilogram = [(found["fibrillator/power"].run / setup.powder_flow) for found, setup in ((fast, at), (slow, at_slow))]
    assert kilogram[0] == pytest.approx(kilogram[1]), "work on the powder does not depend on the speed"


def test_drives_and_film_draw_nothing_at_standstill():
    found, _ = loads_of()
    for path, load in found.items():
        if (path.endswith("electric_power") and not path.startswith("hall")) or path.startswith(("fibrillator", "treatment")):
            assert load.run > 0.0 and load.idle == load.heat_up == load.stop == 0.0
        if path.endswith("/heating_power") and not path.startswith("treatment"):
            assert load.heat_up > load.idle > 0.0 == load.stop


def test_a_jet_mill_buys_compressed_air_and_no_chiller():
    found, setup = loads_of("lfp-cathode", "stations.fibrillator.machine=jet_mill", "stations.fibrillator.machines=20")
    mill = found["fibrillator/power"]
    assert mill.carrier == "compressed_air" and found["fibrillator/cooling_power"].run == 0.0
    assert mill.run == pytest.approx(setup.fibrillator_work * setup.powder_flow / 0.1)
    assert 0.3 < mill.run / setup.powder_flow / 3.6e6 < 1.5, "class of jet mills, kWh/kg"


def test_the_hall_is_of_its_class_and_dearer_where_it_is_dryer():
    lfp, nmc, sulfide = (floor_load(name) for name in ("lfp-cathode", "nmc811-cathode", "sulfide-cathode"))
    assert 80.0 < lfp < nmc < sulfide < 600.0, "W/m2, range of uncertainty runs"
    dew_points = [floor_load("nmc811-cathode", f"hall.dew_point=-{t} degC") for t in (20, 40, 50, 60)]
    assert dew_points == sorted(dew_points) and dew_points[-1] > 1.2 * dew_points[0]


def test_a_load_that_is_given_is_that_of_the_hall_in_the_shares_of_the_law():
    given, own = (
        [load for load in loads_of("lfp-cathode", *more)[0].values() if load.station == "hall"]
        for more in (["utilities.air_dryer.load=300 W/m**2"], [])
    )
    assert all(load.run == load.idle == load.heat_up == load.stop for load in given), "counted over calendar time"
    given, own = ([load.run for load in hall] for hall in (given, own))
    assert sum(given) == pytest.approx(300.0 * 800.0)
    assert [one / sum(given) for one in given] == pytest.approx([one / sum(own) for one in own])


@pytest.mark.parametrize(("setting", "factor", "ends", "stations"), [
    ("utilities.roll_heating.system=electric", 0.75 / 0.95, "heating_power", ("powder_nip", "thinning_nip", "lamination")),
    ("utilities.motor_efficiency=0.46", 2.0, "electric_power", ("powder_nip", "thinning_nip", "lamination")),
    ("utilities.chiller_performance=6", 0.5, "cooling_power", ("fibrillator", "hall")),
    ("utilities.conveying_air=0.184 m**3/kg", 2.0, "compressed_air_power", ("utilities",)),
    ("utilities.heater_efficiency=42.5 %", 2.0, ("/heating_power", "/heat_power"), ("treatment", "hall")),
    ("utilities.dust=90 kW", 2.0, "dust_power", ("utilities",)),
])  # fmt: skip
def test_figures_of_the_line_file_reach_their_loads_and_no_others(setting, factor, ends, stations):
    usual, changed = loads_of()[0], loads_of("lfp-cathode", setting)[0]
    meant = [path for path in usual if path.endswith(ends) and path.startswith(stations)]
    assert meant
    for path, load in usual.items():
        assert changed[path].run == pytest.approx((factor if path in meant else 1.0) * load.run), path


def test_oil_can_burn_gas():
    found, _ = loads_of("lfp-cathode", "utilities.roll_heating.carrier=heat")
    assert {found[p].carrier for p in found if p.startswith("lamination/heat")} == {"heat"}


def test_heat_up_is_what_the_steel_stores_and_what_is_lost_meanwhile():
    loaded = load_line("lfp-cathode")
    setup = set_up(loaded.line, loaded.recipe)
    found = roll_heat_up(loaded.line, loaded.recipe, setup)
    assert 600.0 < found.time < 7200.0
    # all steel to within the core's lag: between its shell alone and all of it with the losses of hot rolls
    steel = sum(7850.0 * 460.0 * 0.5 * 3.14159 * n.roll_diameter**2 * n.face_width * 88.0 for n in loaded.line.nips)
    loss = sum(load.idle for load in loads(loaded.line, loaded.recipe, setup) if load.path.endswith("/heating_power"))
    assert 0.3 * steel / 0.75 < found.energy < steel / 0.75 + loss * found.time
    weak = load_line("lfp-cathode", settings=["utilities.roll_heating.power=50 kW"])
    assert roll_heat_up(weak.line, weak.recipe, setup).time > 1.5 * found.time


def test_the_hall_is_cooled_of_what_its_machines_give_it():
    """Handling and the losses of hot rolls come back as heat that a chiller takes away."""
    usual, more, cold = (
        loads_of("lfp-cathode", *settings)[0]["hall/cooling_power"].run
        for settings in ([], ["utilities.handling=90 kW"], ["utilities.roll_heating.heat_transfer=0 W/m**2/K",
                                                            "utilities.roll_heating.emissivity=0"])
    )  # fmt: skip
    assert more - usual == pytest.approx(30e3 / 3.0)
    hot = sum(load.idle for path, load in loads_of()[0].items() if path.endswith("/heating_power")) * 0.75
    assert usual - cold == pytest.approx(hot / 3.0)
