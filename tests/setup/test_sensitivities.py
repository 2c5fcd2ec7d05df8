"""The line forward returns its set-up, and its gains follow the laws they are made of and the worked figures of a last nip."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from dryline.line.load import load_line
from dryline.line.nips import ThinningNip
from dryline.mechanics import housing, rolls
from dryline.process.compaction import virgin
from dryline.process.lamination import Stack
from dryline.process.thinning import density_in_gap, press, sprung_thickness
from dryline.setup.forward import NipPoint, forward, set_points, settle
from dryline.setup.operating_point import set_up
from dryline.setup.sensitivities import gains_at, sensitivities
from dryline.setup.stand import stand_of

LINES = ("lfp-cathode", "nmc811-cathode")


class Case:
    """A line with its set-up, set points and gains."""

    def __init__(self, name, *, without=(), **nip_fields):
        loaded = load_line(name)
        stations = [
            s.model_copy(update=nip_fields) if nip_fields and s.kind.endswith("_nip") else s
            for s in loaded.line.stations
            if s.name not in without and getattr(s, "side", "") not in without
        ]
        self.loaded = dataclasses.replace(loaded, line=loaded.line.model_copy(update={"stations": tuple(stations)}))
        self.line, self.recipe = self.loaded.line, self.loaded.recipe
        self.found = set_up(self.line, self.recipe)
        self.points = set_points(self.line, self.found)
        self.gains = gains_at(self.loaded, self.found)

    def forward(self, points):
        return forward(self.line, self.recipe, self.found, points)

    def nip(self, name, **changes):
        """The set points with some of a nip moved by a step."""
        old = self.points.nips[name]
        new = dataclasses.replace(old, **{key: getattr(old, key) + step for key, step in changes.items()})
        return dataclasses.replace(self.points, nips={**self.points.nips, name: new})


@pytest.fixture(scope="module", params=LINES)
def case(request):
    return Case(request.param)


@pytest.fixture(scope="module")
def lfp():
    return Case("lfp-cathode")


def test_forward_returns_the_set_up(case):
    outcome, found = case.forward(case.points), case.found
    assert outcome.areal_mass == pytest.approx(found.areal_mass, rel=1e-12)
    assert outcome.thickness == pytest.approx(np.full(3, found.thickness), rel=1e-9)
    assert outcome.porosity == pytest.approx(found.porosity, rel=1e-9)
    assert outcome.film_thickness == pytest.approx({"A": found.film_thickness, "B": found.film_thickness}, rel=1e-9)
    assert outcome.product_temperature == pytest.approx(found.fibrillator_temperature, rel=1e-12)
    for nip in found.nips:
        got = outcome.nips[nip.name]
        assert got.thickness == pytest.approx(np.full(3, nip.thickness_out), rel=1e-9)
        assert got.porosity == pytest.approx(nip.porosity_out, rel=1e-9)
        assert got.line_load == pytest.approx(nip.line_load, rel=1e-9)
        assert got.contact_margin == pytest.approx(nip.contact_margin, rel=1e-9)


def test_a_settled_nip_closes_the_gap_equation_off_the_set_up(lfp):
    """After a move that is no small one, chock position plus everything the load opens is the gap again."""
    outcome = lfp.forward(lfp.nip("lamination", chock_gap=-8e-6, tilt=3e-6))
    nip, got = lfp.line.station("lamination"), outcome.nips["lamination"]
    flattening = rolls.flattening_stiffness(nip.roll_diameter, nip.roll_modulus, nip.roll_poisson)
    foil = lfp.line.of_kind("foil_unwinder")[0].thickness
    chock = lfp.points.nips["lamination"].chock_gap - 8e-6
    mean = float(got.gap @ np.array([1.0, 4.0, 1.0])) / 6.0
    opened = chock - foil + got.force / nip.housing_stiffness + got.line_load / flattening
    assert mean == pytest.approx(opened, abs=1e-12)
    assert got.gap[2] > got.gap[1] > got.gap[0]


def test_areal_mass_follows_the_metering_alone(case):
    path = [nip for nip in case.line.nips if nip.side in ("A", "AB")][1:]
    stretch = math.prod(nip.elongation * (1.0 + nip.draw) for nip in path)
    expected = 1.0 / (case.line.web.film_width * stretch)
    assert case.gains.gain("metering_a.rate", "areal_mass") == pytest.approx(expected, rel=1e-9)
    for actuator in case.gains.actuators:
        if not actuator.name.endswith((".rate", ".elongation")):
            assert case.gains.gain(actuator.name, "areal_mass") == 0.0


def test_the_sides_answer_alike_and_do_not_touch_each_other_before_the_lamination(case):
    for nip in [nip for nip in case.line.nips if nip.side == "A"]:
        other = nip.name.replace("_a", "_b")
        for what in ("gap", "roll_temperature"):
            own = case.gains.gain(f"{nip.name}.{what}", "film_thickness_a")
            assert case.gains.gain(f"{other}.{what}", "film_thickness_b") == pytest.approx(own, rel=1e-9)
            assert case.gains.gain(f"{other}.{what}", "film_thickness_a") == 0.0
            assert own != 0.0
    assert case.gains.gain("lamination.gap", "film_thickness_a") == 0.0


def gap_gain(case, name):
    """dh/dS at the chocks of a nip, by central differences of its loaded gap."""
    step = 1e-8
    above, below = (case.forward(case.nip(name, chock_gap=s)).nips[name].gap[1] for s in (step, -step))
    return (above - below) / (2.0 * step)


def test_chock_steps_reach_the_gap_as_the_gap_transfer_says(case):
    """dh/dS = K_M / (K_M + Q_f b) with Q_f at a held arc: load and reduction change the arc, which is up to 5 % of it."""
    for nip in case.found.nips:
        assert gap_gain(case, nip.name) == pytest.approx(nip.gap_transfer, rel=0.05), nip.name


def test_on_rolls_that_do_not_flatten_the_gap_transfer_is_exact():
    rigid = Case("lfp-cathode", roll_modulus=1e17, roll_shear_modulus=1e17)
    for nip in rigid.found.nips:
        assert gap_gain(rigid, nip.name) == pytest.approx(nip.gap_transfer, rel=1e-5), nip.name


def test_a_stiffer_mill_passes_on_more_of_a_gap_step_and_less_of_a_mass_error():
    soft, stiff = (Case("lfp-cathode", housing_stiffness=K) for K in (10e9, 40e9))
    assert gap_gain(stiff, "lamination") > gap_gain(soft, "lamination")
    for quality, sign in (("thickness", -1.0), ("porosity", -1.0), ("line_load", 1.0)):
        change = stiff.gains.gain("metering_a.rate", quality) - soft.gains.gain("metering_a.rate", quality)
        assert sign * change > 0.0, quality


def test_later_nips_take_back_most_of_an_earlier_gap_step(case):
    """The film's memory: what the lamination leaves of a step shrinks the earlier it is made."""
    left = [case.gains.gain(f"{name}.gap", "thickness") for name in ("powder_nip_a", "thinning_nip_a1", "thinning_nip_a2")]
    assert 0.0 < left[0] < left[1] < left[2] < case.gains.gain("lamination.gap", "thickness")


def test_a_hotter_roll_lowers_load_and_thickness(case):
    for nip in case.line.nips:
        step = 0.5
        hot = case.forward(case.nip(nip.name, roll_temperature=step)).nips[nip.name]
        assert hot.line_load < case.forward(case.points).nips[nip.name].line_load
        assert case.gains.gain(f"{nip.name}.roll_temperature", "line_load") < 0.0
        assert case.gains.gain(f"{nip.name}.roll_temperature", "thickness") < 0.0


def test_work_and_jacket_heat_the_product_and_work_strengthens_the_film(case):
    assert case.gains.gain("fibrillator.work", "product_temperature") > 0.0
    assert 0.0 < case.gains.gain("fibrillator.jacket_temperature", "product_temperature") < 1.0
    assert case.gains.gain("fibrillator.work", "strength_a") > 0.0
    assert case.gains.gain("line.speed", "product_temperature") > 0.0


def test_tilt_and_bending_move_the_profile_and_tilt_nothing_else(case):
    tilt = {q.name: case.gains.gain("lamination.tilt", q.name) for q in case.gains.qualities}
    nip = case.line.station("lamination")
    assert 0.0 < tilt["thickness_tilt"] < case.line.web.film_width / nip.bearing_distance
    for name in ("areal_mass", "thickness", "porosity", "line_load", "thickness_bow"):
        size = next(q.value for q in case.gains.qualities if q.name == name) or 1.0
        assert abs(tilt[name]) * 1e-6 < 1e-9 * abs(size), name
    assert -nip.bending_influence < case.gains.gain("lamination.bending", "thickness_bow") < 0.0


def test_moves_superpose(lfp):
    """Gains are derivatives: two small moves together do what each does alone."""
    both = dataclasses.replace(lfp.nip("lamination", chock_gap=1e-7), metering={
        **lfp.points.metering, "A": lfp.points.metering["A"] * 1.0005})  # fmt: skip
    change = lfp.forward(both).thickness[1] - lfp.found.thickness
    expected = lfp.gains.gain("lamination.gap", "thickness") * 1e-7
    expected += lfp.gains.gain("metering_a.rate", "thickness") * 0.0005 * lfp.points.metering["A"]
    assert change == pytest.approx(expected, rel=2e-3)


MIXES = {  # rho kg/m3, P_y, E_el Pa, eps_A, m kg/m2; cold, with the line load N/mm of a last nip from 36 to 30 %
    "NMC": (4510.0, 350e6, 6.0e9, 0.50, 0.22, 553),
    "LFP": (3470.0, 300e6, 4.0e9, 0.55, 0.25, 758),
    "graphite": (2240.0, 120e6, 1.5e9, 0.55, 0.12, 222),
}
TABLE = {  # K_M MN/mm: dh/dS, thickness % and porosity points per +1 % areal mass, for NMC, LFP and graphite
    1: ((0.018, 0.022, 0.053), (1.01, 1.02, 1.01), (0.0, 0.0, 0.0)),
    2: ((0.035, 0.042, 0.10), (1.00, 1.00, 0.97), (0.0, 0.0, -0.02)),
    5: ((0.083, 0.10, 0.22), (0.96, 0.96, 0.87), (-0.03, -0.03, -0.09)),
    10: ((0.15, 0.18, 0.36), (0.90, 0.89, 0.75), (-0.07, -0.08, -0.17)),
    20: ((0.27, 0.31, 0.53), (0.80, 0.78, 0.61), (-0.14, -0.15, -0.27)),
}


def last_nip(mix, K_M):
    """A last nip of rolls of 0.5 m on a mill of a stiffness, 1 m wide: what it makes of a mass, and its transfer."""
    rho, P_y, E_el, eps_A, mass, _ = mix
    curve, flattening = virgin(P_y, E_el, eps_A, 12.0), rolls.flattening_stiffness(0.5, 210e9, 0.3)
    nip = ThinningNip(kind="thinning_nip", name="last", side="A", roll_diameter=0.5)
    nip = nip.model_copy(update={"housing_stiffness": 1.0 / (1.0 / K_M - 1.0 / flattening)})
    before, gap = density_in_gap(0.64, curve), mass / rho / density_in_gap(0.70, curve)
    got = press(gap, mass / rho, mass / rho / 0.64, before, 0.25, rolls.contact_compliance(210e9, 0.3), curve)
    chock = housing.chock_gap(gap, got.line_load, nip.housing_stiffness, flattening, 1.0)

    def made(share):
        stack = Stack(mass * share / rho, before, mass * share)
        point = NipPoint(chock, 0.0, 0.0, 300.0, 1.0)
        gaps, pressed = settle(nip, stand_of(nip, 1.0, 1e5), 1.0, point, [stack] * 3, curve, 0.0, gap)
        thickness = sprung_thickness(gaps[1], pressed[1].peak, curve.E_el)
        return thickness, 1.0 - stack.solid / thickness

    return made, got, housing.gap_transfer(K_M, got.stiffness, 1.0)


@pytest.mark.parametrize("K_M", TABLE)
@pytest.mark.parametrize(("n", "name"), list(enumerate(MIXES)))
def test_mass_errors_through_a_mill_as_worked_out_for_last_nips(K_M, n, name):
    transfers, thicknesses, porosities = TABLE[K_M]
    made, got, transfer = last_nip(MIXES[name], K_M * 1e9)
    (h_above, e_above), (h_below, e_below) = made(1.001), made(0.999)
    assert got.line_load / 1e3 == pytest.approx(MIXES[name][5], rel=0.012)
    assert transfer == pytest.approx(transfers[n], rel=0.07, abs=0.0015)
    assert (h_above / h_below - 1.0) / 0.002 == pytest.approx(thicknesses[n], abs=0.015)
    assert 100.0 * (e_above - e_below) / 0.2 == pytest.approx(porosities[n], abs=0.02)


@pytest.mark.parametrize("name", MIXES)
def test_one_per_cent_of_areal_mass_is_six_to_seven_of_force_at_constant_gap(name):
    rho, P_y, E_el, eps_A, mass, _ = MIXES[name]
    curve = virgin(P_y, E_el, eps_A, 12.0)
    before, gap = density_in_gap(0.64, curve), mass / rho / density_in_gap(0.70, curve)
    compliance = rolls.contact_compliance(210e9, 0.3)
    light, heavy = (
        press(gap, m / rho, m / rho / 0.64, before, 0.25, compliance, curve).line_load for m in (0.999 * mass, 1.001 * mass)
    )
    assert 6.0 <= (heavy / light - 1.0) / 0.002 <= 7.05


def test_units_and_values_are_labelled(case):
    values = case.gains.as_json()
    assert len(values["gains"]) == case.gains.gains.size == len(values["actuators"]) * len(values["qualities"])
    units = {(g["actuator"], g["quality"]): g["unit"] for g in values["gains"]}
    assert units["lamination.gap", "porosity"] == "(1)/(m)"
    assert units["metering_a.rate", "line_load"] == "(N/m)/(kg/m)"
    by_name = {actuator.name: actuator for actuator in case.gains.actuators}
    assert by_name["lamination.gap"].value == case.found.nips[-1].chock_gap
    assert {"line.speed", "fibrillator.work", "metering_b.rate", "thinning_nip_b2.elongation"} <= set(by_name)
    assert "powder_nip_a.elongation" not in by_name  # the first nip sets the speed of the metering, it elongates nothing
    with pytest.raises(KeyError):
        case.gains.gain("lamination.gape", "porosity")


@pytest.mark.parametrize("without", [("B",), ("B", "lamination", "unwinder")], ids=["foil", "film alone"])
def test_a_one_sided_line_has_its_gains_too(without):
    one = Case("lfp-cathode", without=without)
    outcome = one.forward(one.points)
    assert outcome.thickness == pytest.approx(np.full(3, one.found.thickness), rel=1e-9)
    assert outcome.porosity == pytest.approx(one.found.porosity, rel=1e-9)
    assert not any(q.side == "B" for q in one.gains.qualities)
    last = one.found.nips[-1].name
    assert one.gains.gain(f"{last}.gap", "thickness") > 0.0 > one.gains.gain(f"{last}.gap", "line_load")


def test_a_set_up_of_another_line_is_refused(lfp):
    wrong = dataclasses.replace(lfp.found, thickness=1.01 * lfp.found.thickness)
    with pytest.raises(ValueError, match="the thickness of the line forward"):
        gains_at(lfp.loaded, wrong)


def test_the_python_function_takes_a_name():
    found = sensitivities("lfp-cathode")
    assert (found.line, found.recipe) == ("lfp-cathode", "lfp-cathode")
