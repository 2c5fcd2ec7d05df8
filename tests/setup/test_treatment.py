"""Treatment station and sulfide electrolyte: at the operating point and through the powder side of the twin."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from bare_line import LINE
from powder_case import NOTHING, no_disturbances, some_disturbances

from dryline.kernel import Arena
from dryline.line.load import DATA, InputError, load_line
from dryline.line.setup import Infeasible
from dryline.process.sulfide import conductivity_left
from dryline.setup.operating_point import set_up
from dryline.setup.powder import powder_point
from dryline.twin.powder import advance_powder
from dryline.twin.powder_parameters import FLOW, powder_parameters
from dryline.twin.powder_start import start_powder
from dryline.twin.powder_state import (
    ELECTROLYTE,
    EXPOSURE,
    FED,
    H2S_SOURCE,
    HALL_H2S,
    PASSED,
    SPEED,
    TAKEN,
    TREATMENT_HEAT,
    TREATMENT_POWER,
    VAPOUR,
    WATER,
    PowderState,
    powder_fields,
    powder_stored,
)

RECIPE = (DATA / "recipes" / "lfp-cathode.yaml").read_text()
FEEDERS = "  - {kind: feeder, name: feeder_active"
CARBON = "  carbon: {material: carbon_black, fraction: 2.5 %}\n"
CARBON_FEEDER = next(row + "\n" for row in LINE.splitlines() if "component: carbon" in row)
RECYCLE = """  - {kind: feeder, name: feeder_recycle, component: recycle, share: 5 %, hopper_capacity: 60 kg, feed_factor: 0.1 kg,
     feed_factor_decay: 10 kg}
  - {kind: granulator, name: granulator}
  - {kind: regrind_silo, name: silo}
"""


def with_treatment(folder, more="", line=LINE):
    path = folder / "line.yaml"
    path.write_text(line.replace(FEEDERS, f"  - {{kind: treatment, name: dryer{more}}}\n{FEEDERS}", 1))
    return load_line(str(path))


def with_sulfide(folder, dew_point="-40 degC", treatment=True, recycle=False, chemistry=""):
    """The LFP line with 12 % of a sulfide electrolyte in place of active material, in a hall of a dew point."""
    recipe = RECIPE.replace("fraction: 95 %", "fraction: 83 %").replace(
        CARBON, CARBON + "  electrolyte: {material: lpscl, fraction: 12 %}\n"
    )
    (folder / "mix.yaml").write_text(f"{recipe}materials: [{{name: lpscl, true_density: 1750 kg/m**3}}]\n{chemistry}")
    feeder = CARBON_FEEDER.replace("carbon", "electrolyte").replace("0.0062 kg", "0.03 kg")
    feeder = feeder.replace("12 kg", "60 kg, refill_level: 90 %")
    line = LINE.replace(CARBON_FEEDER, CARBON_FEEDER + feeder).replace("recipe: lfp-cathode", "recipe: mix.yaml")
    line = line.replace("hall: {", f"hall: {{dew_point: {dew_point}, ")
    if recycle:
        line = line.replace("  - {kind: mixer, name: mixer}\n", RECYCLE + "  - {kind: mixer, name: mixer}\n")
    if treatment:
        return with_treatment(folder, ", temperature: 60 degC", line)
    (folder / "line.yaml").write_text(line)
    return load_line(str(folder / "line.yaml"))


def started(found, disturbances=None, seed=1):
    setup = set_up(found.line, found.recipe)
    p = powder_parameters(found.line, found.recipe, setup, disturbances or no_disturbances(), seed)
    s = Arena(powder_fields(found.line)).view(PowderState)
    start_powder(p, s)
    return setup, p, s


def advance(p, s, ticks):
    speeds, taken = s.powder_feeder[SPEED].copy(), float(p.feeder[FLOW].sum()) * p.tick
    for n in range(ticks):
        advance_powder(p, s, speeds, p.work, p.jacket_temperature, taken, n, NOTHING)


def test_longer_and_hotter_drying_leaves_less_moisture(tmp_path):
    def moisture(more):
        found = with_treatment(tmp_path, more)
        return set_up(found.line, found.recipe).treatment

    usual, longer, hotter = moisture(""), moisture(", dwell: 4 h"), moisture(", temperature: 140 degC")
    assert usual.dried_moisture < 1e-3
    assert longer.dried_moisture < usual.dried_moisture and hotter.dried_moisture < usual.dried_moisture
    air = moisture(", pressure: 101325 Pa, dew_point: 10 degC")
    assert air.dried_moisture > usual.dried_moisture
    assert moisture(", transfer_time: 0 s").moisture == pytest.approx(usual.dried_moisture)
    assert moisture(", work: 0 J/kg").oversize > usual.oversize
    assert usual.flow_class == "easy-flowing" and usual.hausner == pytest.approx(1.3)
    assert usual.hopper_stress > 0.0 and usual.hopper_density > 750.0


def test_moisture_of_the_feed_and_of_the_twin_are_those_of_the_treatment(tmp_path):
    found = with_treatment(tmp_path)
    setup, p, s = started(found)
    np.testing.assert_allclose(s.powder_lot[:, 0], setup.treatment.moisture, rtol=1e-9)
    advance(p, s, 200)
    fed = s.powder_account[FED]
    assert fed[WATER] / fed[:WATER].sum() == pytest.approx(setup.treatment.moisture, rel=1e-9)
    heat = setup.treatment.heat
    assert s.powder_power[TREATMENT_HEAT] == pytest.approx(heat * 0.5, rel=0.02)
    assert s.powder_power[TREATMENT_POWER] == pytest.approx((setup.treatment.energy - heat) * 0.5, rel=0.02)
    active = with_treatment(tmp_path, ", material: active")
    _, _, s = started(active)
    assert s.powder_lot[0, 0] < 5e-4 == pytest.approx(s.powder_lot[1, 0])


def test_lots_of_treated_powder_differ_less_than_raw_ones(tmp_path):
    found = with_treatment(tmp_path, ", transfer_time: 0 s")
    lots = [started(found, some_disturbances(), seed)[2].powder_lot[0, 0] for seed in range(30)]
    dried = set_up(found.line, found.recipe).treatment.dried_moisture
    assert np.mean(lots) == pytest.approx(dried, rel=0.15)
    raw = 0.2 * 1e-3
    assert 0.0 < np.std(lots) < 0.7 * raw


def test_a_wetter_dew_point_costs_conductivity_and_gives_off_more_h2s(tmp_path):
    found = [with_sulfide(tmp_path, f"{t} degC") for t in (-60, -50, -40, -30)]
    points = [powder_point(each.line, each.recipe, 0.5, []).exposure for each in found]
    conductivity, h2s, fraction = np.array(points).T
    assert np.all(np.diff(conductivity) < 0.0) and np.all(np.diff(h2s) > 0.0)
    np.testing.assert_allclose(fraction / h2s, fraction[0] / h2s[0])
    assert np.all(conductivity > 0.9) and conductivity[0] > 0.999
    # first order: both follow the water mole fraction, 10.7 to 375 ppmv
    assert h2s[3] / h2s[0] == pytest.approx(375 / 10.7, rel=0.01)
    assert np.log(conductivity[3]) / np.log(conductivity[0]) == pytest.approx(375 / 10.7, rel=0.01)


@pytest.mark.parametrize("recycle", [False, True])
def test_the_twin_agrees_with_the_operating_point(tmp_path, recycle):
    setup, p, s = started(with_sulfide(tmp_path, recycle=recycle))
    assert conductivity_left(s.powder_carried[EXPOSURE - PASSED]) == pytest.approx(setup.conductivity_factor, abs=5e-4)
    assert 0.0 < setup.conductivity_factor < 1.0
    assert s.powder_air[H2S_SOURCE] == pytest.approx(setup.h2s_rate, rel=0.1)
    before, gas = s.powder_carried.copy(), s.powder_air[HALL_H2S]
    stored = powder_stored(s)
    advance(p, s, 3000)
    assert s.powder_carried[EXPOSURE - PASSED] == pytest.approx(before[EXPOSURE - PASSED], rel=0.05)
    assert s.powder_air[HALL_H2S] == pytest.approx(gas, rel=0.1)
    account = s.powder_account
    error = account[FED] - account[VAPOUR] - account[TAKEN] - (powder_stored(s) - stored)
    assert np.all(np.abs(error) <= 1e-9 * np.maximum(account[FED], stored))
    assert account[TAKEN, ELECTROLYTE] > 0.0


@pytest.mark.parametrize(("name", "feeder"), [("sulfide-cathode", "electrolyte"), ("sulfide-separator", "active")])
def test_shipped_sulfides_age_in_the_twin_as_at_the_operating_point(name, feeder):
    """The hopper is refilled early, since the twin starts with a full one and the operating point has its mean."""
    setup, p, s = started(load_line(name, settings=[f"stations.feeder_{feeder}.refill_level=90 %"]))
    aged = s.powder_carried[EXPOSURE - PASSED]
    assert aged > 0.0 and 1.0 - conductivity_left(aged) == pytest.approx(1.0 - setup.conductivity_factor, rel=0.05)
    assert s.powder_air[H2S_SOURCE] == pytest.approx(setup.h2s_rate, rel=0.1)
    advance(p, s, 300)
    assert s.powder_air[H2S_SOURCE] == pytest.approx(setup.h2s_rate, rel=0.1)


def test_recycling_ages_the_electrolyte(tmp_path):
    virgin, returned = (set_up(f.line, f.recipe) for f in (with_sulfide(tmp_path), with_sulfide(tmp_path, recycle=True)))
    assert returned.conductivity_factor < virgin.conductivity_factor
    assert returned.warnings == ()


def test_moisture_and_h2s_are_limits(tmp_path):
    wet = with_sulfide(tmp_path, chemistry="sulfide: {k_w: 1.0e-4 kg/m**2/s}\n")
    with pytest.raises(Infeasible) as refusal:
        set_up(wet.line, wet.recipe)
    assert {check.limit for check in refusal.value.broken} == {"H2S"}
    assert refusal.value.station == "hall" and refusal.value.hint
    (tmp_path / "untreated.yaml").write_text(LINE)
    found = load_line(tmp_path / "untreated.yaml")
    with pytest.raises(Infeasible) as refusal:
        set_up(found.line, dataclasses.replace(found.recipe, moisture=0.01))
    assert {check.limit for check in refusal.value.broken} == {"moisture"}


def test_a_mix_without_electrolyte_gives_off_nothing(tmp_path):
    found = with_treatment(tmp_path)
    setup, _, s = started(found)
    assert (setup.conductivity_factor, setup.h2s_rate) == (1.0, 0.0)
    assert s.powder_air[H2S_SOURCE] == 0.0


def test_a_second_treatment_is_refused(tmp_path):
    line = LINE.replace(FEEDERS, f"  - {{kind: treatment, name: one}}\n{FEEDERS}", 1)
    with pytest.raises(InputError, match="at most one station of kind treatment"):
        with_treatment(tmp_path, line=line)
