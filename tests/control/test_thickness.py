"""The gap loops against a nip with a static gain and a delay in web metres."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import numpy as np
import pytest

from dryline.control import thickness
from dryline.control.plan import plan_of
from dryline.control.rows import rows_of
from dryline.control.thickness import (
    GAP,
    GAP_STATE,
    GapPlan,
    ThicknessParameters,
    beyond_pairs,
    correction_bounds,
    gap_response,
    start_gaps,
    tilt_response,
)
from dryline.kernel import from_python
from dryline.line.distances import pair_spacing
from dryline.line.load import load_line
from dryline.setup.operating_point import set_up

P = ThicknessParameters()
TRANSFER, GAUGEMETER = 0.2, 0.5
PLAN = GapPlan(
    nip="thinning_nip_a2",
    path=0.8,
    target=105e-6,
    gap=100e-6,
    correction_low=-5e-6,
    correction_high=5e-6,
    response=gap_response(TRANSFER, GAUGEMETER),
    force=300e3,
    spring=5e-6 / 300e3,
    tilt_response=tilt_response(TRANSFER, 1.0, 1.7, 0.9),
    bending_force=20e3,
    bending_low=-30e3,
    bending_high=70e3,
    bending_response=-2e-10,
)

gap_law = from_python(thickness.gap_step)


def gap_step(p, plan, last, pairs, speed, dt, load=300e3):
    """One gauge, one tick."""
    now = np.empty(1, GAP_STATE)
    gap_law(rows_of(GAP, (plan, p))[0], last, now[0], *pairs, load, speed, dt)
    return now[0]


def run(metres, gaugemeter, offset=0.0, wedge=0.0, bow=0.0, plan=PLAN, speed=1.0, path=0.8, load=300e3):
    state = start_gaps((plan,))[0]
    web: deque[tuple[float, float, float]] = deque([(plan.target + offset,) * 3] * int(path / (speed * 0.1)))
    for _ in range(int(metres / (speed * 0.1))):
        mean = plan.target + offset + gap_response(TRANSFER, gaugemeter) * state.correction
        tilt = wedge + plan.tilt_response * state.tilt
        centre = bow + plan.bending_response * (state.bending_force - plan.bending_force)
        web.append((mean - 0.5 * tilt - centre / 3, mean + 2 * centre / 3, mean + 0.5 * tilt - centre / 3))
        state = gap_step(P, plan, state, web.popleft(), speed, 0.1, load)
    return state


@pytest.mark.parametrize("gaugemeter", [0.0, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("speed", [0.1, 1.0])
def test_thickness_settles_whatever_the_drive_compensates(gaugemeter, speed):
    state = run(60, gaugemeter, offset=0.8e-6, speed=speed)
    assert state.thickness == pytest.approx(PLAN.target, abs=0.02e-6)
    assert state.correction < 0.0, "too thick must close the nip"


def test_spring_back_that_the_force_explains_moves_nothing():
    """5 % more force springs back 0.25 um more: a film that is just that much thicker was pressed in the right gap."""
    state = run(60, 0.5, offset=0.25e-6, load=315e3)
    assert abs(state.correction) < 0.01e-6
    assert state.load == pytest.approx(315e3)
    assert run(60, 0.5, offset=0.25e-6).correction < -0.2e-6, "without the force it is taken for the gap"
    blind = run(60, 0.5, offset=0.25e-6, load=np.nan)
    assert blind.load == 300e3 and blind.correction < -0.2e-6, "a force that is missing counts as that of the set-up"


def test_wedge_and_bow_are_taken_out_in_the_right_direction():
    state = run(400, 0.5, wedge=2e-6, bow=3e-6)
    assert state.tilt < 0.0 and state.bending_force > PLAN.bending_force
    assert abs(state.wedge) < 0.1e-6 and abs(state.bow) < 0.3e-6


def test_the_gap_stays_within_its_bounds_and_does_not_wind_up():
    state = run(200, 0.0, offset=30e-6)
    assert state.correction == PLAN.correction_low and state.gap_limited
    back = gap_step(P, PLAN, state, (PLAN.target - 5e-6,) * 3, 1.0, 0.1)
    assert back.correction > PLAN.correction_low


def test_bounds_respect_film_chocks_and_contact_margin():
    low, high = correction_bounds(P, 100e-6, 0.5, 0.5, margin=60e-6, margin_min=3e-6)
    reach = min(P.gap_range, P.gap_range_share * 100e-6, P.chock_range * 0.5 / gap_response(0.5, 0.5))
    assert (low, high) == pytest.approx((-reach, reach))
    low, high = correction_bounds(P, 100e-6, 0.2, 0.5, margin=5e-6, margin_min=3e-6)
    moved = 2e-6 * 0.2 / gap_response(0.2, 0.5)
    assert low == pytest.approx(-moved), "the chocks may take 2 um of margin"
    low, _ = correction_bounds(P, 100e-6, 0.2, 1.0, margin=5e-6, margin_min=3e-6)
    assert low == pytest.approx(-0.4e-6), "of a stiff mill the chocks move five times as much as the gap"
    low, _ = correction_bounds(P, 100e-6, 0.2, 0.5, margin=1e-6, margin_min=3e-6)
    assert low == 0.0


def test_it_holds_without_readings_at_standstill_and_on_garbage():
    state = run(20, 0.5, offset=1e-6)
    blind, half_blind = (np.nan,) * 3, (105e-6, np.nan, 105e-6)
    for pairs, speed in ((blind, 1.0), (half_blind, 1.0), ((105e-6,) * 3, 0.0), ((0.0, 105e-6, 105e-6), 1.0)):
        held = gap_step(P, PLAN, state, pairs, speed, 0.1)
        assert held.held and held.correction == state.correction and held.tilt == state.tilt


def test_responses_lie_between_position_control_and_a_stiff_mill():
    assert gap_response(0.2, 0.0) == pytest.approx(0.2)
    assert gap_response(0.2, 1.0) == pytest.approx(1.0)
    assert tilt_response(1.0, 1.0, 1.7, 0.9) == pytest.approx(0.9 / 1.7)


KEPT, SPACING, FACE = 0.95, 0.9, 1.15
SHAPES = {"bend": lambda y: 1.0 - (2.0 * y / KEPT) ** 2, "heat": lambda y: np.cos(2.0 * np.pi * y / FACE)}


def seen(shape):
    """Mean over the kept width, reading of the three pairs [m] and centre minus edges of a shape over the width."""
    y = (np.arange(20_000) + 0.5) / 20_000 * KEPT - 0.5 * KEPT
    pairs = shape(np.array([-0.5 * SPACING, 0.0, 0.5 * SPACING]))
    return shape(y).mean(), pairs, pairs[1] - 0.5 * (pairs[0] + pairs[2])


@pytest.mark.parametrize("which", [0, 1])
def test_what_lies_between_the_pairs_is_that_of_the_shape(which):
    mean, pairs, bow = seen(list(SHAPES.values())[which])
    assert (mean - pairs.mean()) / bow == pytest.approx(beyond_pairs(SPACING, KEPT, FACE)[which], abs=1e-6)


def test_bending_that_takes_away_what_heat_has_made_does_not_move_the_gap():
    """Rolls grow 5 um in the middle, the cylinders bend them back until the pairs see no bow: the mean of the width counts."""
    bend_mean, heat_mean = beyond_pairs(SPACING, KEPT, FACE)
    plan = replace(PLAN, bend_mean=bend_mean, heat_mean=heat_mean, load_response=2e-11)
    bent, hot = seen(SHAPES["bend"]), seen(SHAPES["heat"])
    force = 15e3  # of the nip, more than at the set-up: it bends the rolls as well
    mech = 3e-6
    bending = plan.bending_force + (mech - plan.load_response * force) / plan.bending_response
    film = mech / bent[2] * bent[1] - mech / hot[2] * hot[1]
    mean = mech * bent[0] / bent[2] - mech * hot[0] / hot[2] + plan.spring * force
    last = start_gaps((plan,))[0]
    last.bending_force = bending
    now = gap_step(P, plan, last, tuple(plan.target + plan.spring * force + film), 1.0, 0.1, plan.force + force)
    for _ in range(400):
        last = now
        last.bending_force = bending
        now = gap_step(P, plan, last, tuple(plan.target + plan.spring * force + film), 1.0, 0.1, plan.force + force)
    assert abs(now.bow) < 1e-9
    assert now.thickness - plan.target == pytest.approx(mean, abs=2e-9) and abs(mean - plan.spring * force) > 0.1e-6


@pytest.mark.parametrize("kept_mm", [40, 50, 100])
def test_laser_pairs_of_a_narrow_web_stand_apart(kept_mm):
    """Twenty-five millimetres inside each edge would put them in one place, or past each other."""
    kept = 1e-3 * kept_mm
    loaded = load_line("pilot-300mm", None, "none", ["web.film_width=110 mm", f"web.kept_width={kept_mm} mm"])
    plan = plan_of(loaded.line, set_up(loaded.line, loaded.recipe), P, 10, 10)
    assert 0.5 * kept <= pair_spacing(kept) < kept
    for gap in plan.gaps:
        assert gap.tilt_response > 0.0
        face = loaded.line.station(gap.nip).face_width
        assert (gap.bend_mean, gap.heat_mean) == pytest.approx(beyond_pairs(pair_spacing(kept), kept, face))
        assert abs(gap.heat_mean - gap.bend_mean) < 0.2 * abs(gap.bend_mean), "a narrow web sees one bow, whatever makes it"
