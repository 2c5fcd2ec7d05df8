"""Operating point of the default lines, and one request for every limit in which exactly that limit binds."""

from __future__ import annotations

import dataclasses
import math

import pytest

from dryline.line.load import load_line
from dryline.line.setup import Infeasible
from dryline.mechanics import housing, rolls
from dryline.process.fibrillation import adiabatic_rise
from dryline.setup.operating_point import set_up, upstream

LINES = ("lfp-cathode", "nmc811-cathode")


def default(name):
    loaded = load_line(name)
    return loaded.line, loaded.recipe


def station(line, *names, **fields):
    """The line with fields of some stations changed."""
    stations = tuple(s.model_copy(update=fields) if s.name in names else s for s in line.stations)
    return line.model_copy(update={"stations": stations})


def limit(line, **fields):
    """The line with machine limits changed."""
    return line.model_copy(update={"limits": line.limits.model_copy(update=fields)})


def powder(recipe, **fields):
    """The recipe with properties of its powder changed."""
    return dataclasses.replace(recipe, powder=dataclasses.replace(recipe.powder, **fields))


@pytest.fixture(scope="module")
def lfp():
    line, recipe = default("lfp-cathode")
    return line, recipe, set_up(line, recipe)


@pytest.mark.parametrize("name", LINES)
def test_default_lines_are_feasible_within_all_limits(name):
    line, recipe = default(name)
    result = set_up(line, recipe)
    assert all(check.satisfied for check in result.checks)
    assert {check.limit for check in result.checks} >= {
        "speed", "feeder range", "hopper", "fibrillator temperature", "nip angle", "bed thickness",
        "elongation", "span tension",
        "gap range", "line load", "peak pressure", "bending residual", "contact margin",
        "drive power",
    }  # fmt: skip
    assert [nip.name for nip in result.nips] == [nip.name for nip in line.nips]
    assert line.speed == pytest.approx(1.0)
    assert (line.web.film_width, line.web.kept_width) == pytest.approx((1.0, 0.95))


@pytest.mark.parametrize("name", LINES)
def test_mass_is_the_same_at_every_nip(name):
    line, recipe = default(name)
    result = set_up(line, recipe)
    per_side = recipe.loading * line.web.film_width * line.speed
    for nip in result.nips:
        films = 2 if nip.side == "AB" else 1
        flow = nip.areal_mass_out * line.web.film_width * nip.surface_speed
        assert flow == pytest.approx(films * per_side, rel=1e-12)
    assert result.powder_flow == pytest.approx(2 * per_side)
    assert sum(result.component_flows.values()) == pytest.approx(result.powder_flow)
    assert result.metering_rate * result.nips[0].surface_speed == pytest.approx(per_side)


@pytest.mark.parametrize("name", LINES)
def test_targets_follow_from_the_recipe(name):
    line, recipe = default(name)
    result = set_up(line, recipe)
    last = result.nips[-1]
    solid = 2 * recipe.loading / recipe.true_density
    foil = line.of_kind("foil_unwinder")[0].thickness
    relaxed = last.thickness_out * (1 + recipe.beta_r)
    assert result.areal_mass == pytest.approx(2 * recipe.loading)
    assert result.porosity == recipe.porosity
    assert solid / relaxed == pytest.approx(1 - recipe.porosity, rel=1e-9)
    assert result.thickness == pytest.approx(relaxed + foil)
    assert last.thickness_out + foil < result.gauge_thickness < result.thickness
    assert result.nips[2].thickness_out < result.film_thickness < 1.03 * result.nips[2].thickness_out


def test_both_sides_are_set_alike_and_the_film_gets_thinner_denser_and_harder(lfp):
    _, _, result = lfp
    for a, b in zip(result.nips[0:3], result.nips[3:6], strict=True):
        assert dataclasses.replace(b, name=a.name, side=a.side) == a
    for before, after in zip(result.nips[0:2], result.nips[1:3], strict=True):
        assert after.thickness_out < before.thickness_out
        assert after.porosity_out < before.porosity_out
        assert after.line_load > before.line_load
        assert after.gap_transfer < before.gap_transfer


def test_gap_model_closes(lfp):
    line, _, result = lfp
    for nip in result.nips:
        s = line.station(nip.name)
        flattening = rolls.flattening_stiffness(s.roll_diameter, s.roll_modulus, s.roll_poisson)
        loaded = nip.chock_gap + housing.stretch(nip.force, s.housing_stiffness) + nip.line_load / flattening
        assert loaded == pytest.approx(nip.loaded_gap, rel=1e-12)
        bend = nip.force * rolls.gap_bending_per_force(
            s.roll_diameter, line.pressed_width(s), s.bearing_distance, s.roll_modulus, s.roll_shear_modulus
        )
        taken = nip.crown + nip.bending_force * s.bending_influence
        assert bend - taken == pytest.approx(nip.bending_residual, abs=1e-15)


def test_a_given_crown_is_used_first_and_cylinders_take_the_rest(lfp):
    line, recipe, free = lfp
    crown = free.nips[-1].crown - 3e-6
    changed = station(line, "lamination", crown=crown)
    last = set_up(changed, recipe).nips[-1]
    assert last.crown == crown
    assert last.bending_force * line.station("lamination").bending_influence == pytest.approx(3e-6)
    assert last.bending_residual == pytest.approx(0.0, abs=1e-12)
    # what the cylinders hold stays when the film vanishes, so the margin does not change
    assert last.contact_margin == pytest.approx(free.nips[-1].contact_margin, rel=1e-9)


def test_preloaded_chocks_have_more_margin(lfp):
    line, recipe, free = lfp
    held = station(line, "lamination", preload=2.0 * free.nips[-1].force, wedge_stop=True)
    gained = set_up(held, recipe).nips[-1].contact_margin - free.nips[-1].contact_margin
    stand = line.station("lamination")
    spring = 1.0 / stand.housing_stiffness - 1.0 / (stand.housing_stiffness + stand.wedge_stiffness)
    held_bearings = stand.bearing_clearance
    assert gained == pytest.approx(free.nips[-1].force * spring + held_bearings, rel=1e-9)


def test_areal_mass_and_speed_run_back_through_elongation_and_draw(lfp):
    line, recipe, _ = lfp
    path = [nip for nip in line.nips if nip.side in ("A", "AB")]
    masses, speeds = upstream(path, recipe.loading, line.speed)
    assert masses[-1] == recipe.loading
    stretch = math.prod(nip.elongation * (1 + nip.draw) for nip in path[1:])
    assert masses[0] == pytest.approx(recipe.loading * stretch)
    assert [m * v for m, v in zip(masses, speeds, strict=True)] == pytest.approx(
        [recipe.loading * line.speed] * 4
    )


def test_product_stays_below_the_adiabatic_temperature(lfp):
    line, recipe, result = lfp
    machine = line.of_kind("fibrillator")[0]
    adiabatic = line.hall.temperature + adiabatic_rise(machine.work, recipe.fibrillation.c_p)
    assert result.fibrillator_temperature < max(adiabatic, machine.jacket_temperature)
    assert 1 <= result.fibrillator_machines <= machine.machines


def test_one_sided_line_without_foil_presses_its_last_nip_to_the_relaxed_porosity(lfp):
    line, recipe, two = lfp
    gone = ("metering_b", "powder_nip_b", "thinning_nip_b1", "thinning_nip_b2", "gauge_b", "unwinder")
    kept = tuple(s for s in line.stations if s.name not in gone and s.kind != "lamination_nip")
    single = line.model_copy(update={"stations": kept})
    result = set_up(single, recipe)
    last = result.nips[-1]
    assert result.powder_flow == pytest.approx(0.5 * two.powder_flow)
    assert recipe.loading / recipe.true_density / last.thickness_out == pytest.approx(
        (1 - recipe.porosity) * (1 + recipe.beta_r), rel=1e-6
    )
    # the thinner film is a little warmer behind the same wrap
    assert last.peak_pressure == pytest.approx(two.nips[-1].peak_pressure, rel=1e-3)


REQUESTS = {
    "speed": lambda line, recipe: (limit(line, line_speed_max=0.9 * line.speed), recipe),
    "feeder range": lambda line, recipe: (station(line, "feeder_carbon", max_screw_speed=0.01), recipe),
    "hopper": lambda line, recipe: (station(line, "surge_hopper", capacity=40.0), recipe),
    "fibrillator machines": lambda line, recipe: (station(line, "fibrillator", power_max=15e3), recipe),
    "fibrillator temperature": lambda line, recipe: (station(line, "fibrillator", machines=1), recipe),
    "nip angle": lambda line, recipe: (line, powder(recipe, wall_friction=math.radians(4.0))),
    "bed thickness": lambda line, recipe: (line, powder(recipe, granule_d50=200e-6)),
    "elongation": lambda line, recipe: (limit(line, elongation_max_low=1.02), recipe),
    "span tension": lambda line, recipe: (limit(line, span_tension_fraction_max=0.005), recipe),
    "gap range": lambda line, recipe: (station(line, "thinning_nip_a2", gap_min=300e-6), recipe),
    "line load": lambda line, recipe: (station(line, "lamination", max_line_load=300e3), recipe),
    "peak pressure": lambda line, recipe: (station(line, "lamination", max_peak_pressure=100e6), recipe),
    "bending residual": lambda line, recipe: (
        station(line, "lamination", crown=0.0, bending_force_max=0.0), recipe,
    ),
    "contact margin": lambda line, recipe: (station(line, "lamination", housing_stiffness=3.2e9), recipe),
    "drive power": lambda line, recipe: (station(line, "thinning_nip_b1", drive_power_max=100.0), recipe),
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("binding", REQUESTS)
def test_exactly_one_limit_binds(binding, name):
    line, recipe = REQUESTS[binding](*default(name))
    with pytest.raises(Infeasible) as refusal:
        set_up(line, recipe)
    assert {check.limit for check in refusal.value.broken} == {binding}
    assert refusal.value.limit == binding
    assert refusal.value.hint


def test_several_binding_limits_are_all_listed_the_first_in_line_order_named(lfp):
    line, recipe, _ = lfp
    changed = station(line, "lamination", max_line_load=300e3, max_peak_pressure=100e6)
    changed = station(changed, "feeder_ptfe", max_screw_speed=0.001)
    with pytest.raises(Infeasible) as refusal:
        set_up(changed, recipe)
    assert (refusal.value.limit, refusal.value.station) == ("feeder range", "feeder_ptfe")


def test_a_nip_that_would_not_touch_the_film_is_refused(lfp):
    line, recipe, _ = lfp
    with pytest.raises(Infeasible) as refusal:
        set_up(station(line, "thinning_nip_a2", "thinning_nip_b2", porosity=0.45), recipe)
    assert refusal.value.limit == "gap range"


def test_a_porosity_beyond_elastic_recovery_is_refused(lfp):
    line, recipe, _ = lfp
    with pytest.raises(Infeasible) as refusal:
        set_up(line, dataclasses.replace(recipe, porosity=0.01))
    assert "peak pressure" in str(refusal.value)


def test_cold_nmc_at_27_percent_is_refused():
    """Cold it would need about 900 N/mm and 259 MPa (process reference 13.1): refuse."""
    line, recipe = default("nmc811-cathode")
    names = [nip.name for nip in line.nips]
    with pytest.raises(Infeasible) as refusal:
        set_up(station(line, *names, roll_temperature=298.15), dataclasses.replace(recipe, porosity=0.27))
    assert {"line load", "peak pressure"} <= {check.limit for check in refusal.value.broken}


def test_sides_must_be_alike(lfp):
    line, recipe, _ = lfp
    with pytest.raises(ValueError, match="both sides"):
        set_up(station(line, "thinning_nip_a1", elongation=1.08), recipe)
