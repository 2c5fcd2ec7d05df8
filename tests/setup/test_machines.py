"""Fibrillators of three kinds on the same line: heat, power, number of machines, work optimum and cold jackets."""

from __future__ import annotations

import math

import numpy as np
import pytest
from powder_case import NOTHING, no_disturbances, run, small_line, small_recipe, small_setup

from dryline.kernel import Arena
from dryline.line.load import DATA, load_line
from dryline.line.setup import Infeasible
from dryline.process.shear_machines import GAS_HEAT, gas_cooling, machines_for_work
from dryline.process.web import film_strength
from dryline.setup.machines import shear_machine, steady_tanks
from dryline.setup.operating_point import set_up
from dryline.twin.powder import advance_powder
from dryline.twin.powder_parameters import powder_parameters
from dryline.twin.powder_start import start_powder
from dryline.twin.powder_state import (
    ELECTRIC,
    JACKET_HEAT,
    MACHINE_TEMPERATURE,
    SHAFT,
    SPEED,
    PowderState,
    powder_fields,
)

LINE = (DATA / "lines" / "lfp-cathode.yaml").read_text()
MACHINES = ("twin_screw", "jet_mill", "high_shear_mixer")
KWH = 3.6e6


def with_machine(folder, machine, more=""):
    path = folder / "line.yaml"
    path.write_text(LINE.replace("name: fibrillator}", f"name: fibrillator, machine: {machine}{more}}}"))
    return load_line(str(path))


def product(found, machines, work, jacket=303.15):
    """Tanks of the steady machine for 0.5 kg/s at 22 degC."""
    machine = shear_machine(found.line, found.recipe, machines)
    tanks = np.empty((found.line.of_kind("fibrillator")[0].tanks, 4))
    steady_tanks(tanks, machine, machine.hold_up / 0.5, 0.5, work, jacket, 295.15, (1.0, 0.0, 5e-4))
    return machine, tanks


@pytest.mark.parametrize("machine", MACHINES)
def test_every_machine_makes_the_default_line_feasible(tmp_path, machine):
    found = with_machine(tmp_path, machine)
    setup = set_up(found.line, found.recipe)
    station = found.line.of_kind("fibrillator")[0]
    needed = machines_for_work(setup.powder_flow, station.work, station.power_max, station.hold_up, station.batch_time)
    assert needed <= setup.fibrillator_machines <= station.machines
    assert setup.fibrillator_temperature <= station.product_temperature_max
    electric = station.work / station.efficiency / KWH
    low, high = {"twin_screw": (0.03, 0.2), "jet_mill": (0.3, 1.5), "high_shear_mixer": (0.02, 0.1)}[machine]
    assert low <= electric <= high


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("jacket", [290.15, 303.15, 323.15])
def test_heat_balance(tmp_path, machine, jacket):
    found = with_machine(tmp_path, machine)
    work = 1.8e5
    numbers, tanks = product(found, 2, work, jacket)
    cooling = numbers.conductance + numbers.gas * 0.5 * work
    taken = cooling * (tanks[:, 0].mean() - jacket)
    carried = 0.5 * numbers.c_p * (tanks[-1, 0] - 295.15)
    assert numbers.heat_share * 0.5 * work == pytest.approx(carried + taken, rel=1e-9, abs=1e-6)


def test_a_jet_mill_stays_near_its_gas_whatever_the_work(tmp_path):
    found = with_machine(tmp_path, "jet_mill")
    for work in (1e5, 3e5, 5e5):
        _, tanks = product(found, 1, work, 310.15)
        assert min(295.15, 310.15) < tanks[-1, 0] < 310.15
    screw = with_machine(tmp_path, "twin_screw")
    assert product(screw, 1, 5e5)[1][-1, 0] > 500.0
    # 0.5 kWh/kg of compressor at 0.085 kWh/kg of gas: 5.9 kg of gas a kilogram of powder
    assert gas_cooling(0.1, 306e3) * 1.8e5 / GAS_HEAT == pytest.approx(5.88, abs=0.01)


def test_machines_by_power_and_by_batch(tmp_path):
    assert machines_for_work(0.5, 180e3, 200e3, 6.0, 0.0) == 1
    assert machines_for_work(0.5, 180e3, 40e3, 3.0, 0.0) == 3
    assert machines_for_work(0.5, 180e3, 90e3, 200.0, 600.0) == 2
    found = with_machine(tmp_path, "high_shear_mixer", ", machines: 1")
    with pytest.raises(Infeasible) as refusal:
        set_up(found.line, found.recipe)
    assert refusal.value.limit == "fibrillator machines"
    assert (refusal.value.value, refusal.value.bound) == (2, 1)
    found = with_machine(tmp_path, "twin_screw", ", power_max: 10 kW")
    with pytest.raises(Infeasible) as refusal:
        set_up(found.line, found.recipe)
    assert {check.limit for check in refusal.value.broken} == {"fibrillator machines"}
    flow = 2.0 * found.recipe.loading * found.line.web.film_width * found.line.speed
    assert refusal.value.hint and refusal.value.value == math.ceil(flow * 180e3 / 10e3)


@pytest.mark.parametrize("machine", MACHINES)
def test_strength_passes_through_a_maximum_of_the_work(tmp_path, machine):
    found = with_machine(tmp_path, machine)
    works = np.geomspace(2e4, 2e7, 60)
    strengths = []
    for work in works:
        _, tanks = product(found, 200, work)
        strengths.append(film_strength(tanks[-1, 2], 0.7, 0.04, 38e6, 1.0, 2.0, 0.0))
    best = int(np.argmax(strengths))
    assert 0 < best < len(works) - 1
    assert np.all(np.diff(strengths[: best + 1]) > 0.0) and np.all(np.diff(strengths[best:]) < 0.0)
    assert strengths[-1] < 0.5 * strengths[best]


def test_a_jet_mill_breaks_more_fibrils(tmp_path):
    found = with_machine(tmp_path, "jet_mill")
    gentle = with_machine(tmp_path, "jet_mill", ", breakage: 1")
    assert product(found, 4, 4e6)[1][-1, 2] < 0.7 * product(gentle, 4, 4e6)[1][-1, 2]


@pytest.mark.parametrize("machine", MACHINES)
def test_below_19_degrees_nothing_fibrillates(tmp_path, machine):
    """PTFE chains hardly move below the transition: powder that enters and stays cold keeps its PTFE as it is."""
    found = with_machine(tmp_path, machine)
    numbers = shear_machine(found.line, found.recipe, 4000)  # so much cooling that jacket temperature holds
    tanks = np.empty((found.line.of_kind("fibrillator")[0].tanks, 4))
    fibrils = []
    for jacket in (278.15, 285.15, 303.15):
        steady_tanks(tanks, numbers, 40.0, 0.5, 1e5, jacket, jacket, (1.0, 0.0, 5e-4))
        fibrils.append(tanks[-1, 2])
    assert fibrils[0] < 2e-3 * fibrils[2] and fibrils[1] < 0.05 * fibrils[2]


@pytest.mark.parametrize("machine", MACHINES)
def test_the_twin_agrees_with_the_steady_machine(tmp_path, machine):
    station = with_machine(tmp_path, machine).line.of_kind("fibrillator")[0]
    fields = {name: getattr(station, name) for name in type(station).model_fields if name not in ("kind", "name", "jacket_lag")}
    line = small_line(feed_factor_min=1.0)
    for name, value in fields.items():
        setattr(line.of_kind("fibrillator")[0], name, value)
    p = powder_parameters(line, small_recipe(), small_setup(), no_disturbances(), 1)
    s = Arena(powder_fields(line)).view(PowderState)
    start_powder(p, s)
    warm, fibrils = s.powder_reading[MACHINE_TEMPERATURE], s.powder_fibrils.copy()
    run(p, s, 2000)
    assert s.powder_reading[MACHINE_TEMPERATURE] == pytest.approx(warm, abs=0.5)
    np.testing.assert_allclose(s.powder_fibrils, fibrils, atol=6e-3)
    shaft = 1.8e5 * 1710.0 / 3600.0
    assert s.powder_power[SHAFT] == pytest.approx(shaft, rel=1e-3)
    assert s.powder_power[ELECTRIC] == pytest.approx(shaft / station.efficiency, rel=1e-3)
    assert (s.powder_power[JACKET_HEAT] == 0.0) == (machine == "jet_mill")
    for n in range(2000, 14_000):
        advance_powder(p, s, s.powder_feeder[SPEED], 2.0 * p.work, p.jacket_temperature, 0.0475, n, NOTHING)
    hotter = s.powder_reading[MACHINE_TEMPERATURE] - warm
    assert hotter < 3.0 if machine == "jet_mill" else hotter > 30.0
