"""The profile filter: segments against a Riccati equation, trims against the response, drop-outs, limits, scanner alone."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import solve_discrete_are
from stack_case import PIXELS, SEGMENTS, WebLine, run, stack_of

from dryline.control.cross_profile import P_FF, P_SF, P_SS, AcrossParameters, across_maps, shows
from dryline.kernel import from_python

STATIC = 0.006 * np.cos(np.pi * (np.arange(SEGMENTS) + 0.5) / SEGMENTS)
show = from_python(shows)


def left(web, state):
    """Spread of the web that is laid now, by pixel within the kept width, mean taken off."""
    found = (web.to_pixels @ (web.profile + state.trims[0]))[web.plan.profiles[0].kept]
    return found - found.mean()


def test_a_static_profile_is_cancelled_and_the_mean_left_alone(line, setup):
    plan, figures, stack = stack_of(line, setup)
    web = WebLine(plan, figures, profile=STATIC)
    state, _, _ = run(stack, web, 3000)
    kept = plan.profiles[0].kept
    assert np.abs(left(web, state)).max() < 0.04 * np.ptp(STATIC)
    assert (web.to_pixels @ state.trims[0])[kept].mean() == pytest.approx(0.0, abs=1e-12)


def test_a_saw_tooth_between_neighbours_is_not_answered_by_a_larger_one(line, setup):
    plan, figures, stack = stack_of(line, setup)
    saw = 0.003 * (-1.0) ** np.arange(SEGMENTS)
    web = WebLine(plan, figures, profile=saw)
    state, _, _ = run(stack, web, 4000)
    assert np.abs(state.trims[0]).max() < 1.3 * 0.003
    assert left(web, state).std() < 0.35 * (web.to_pixels @ saw).std()


def test_trims_keep_their_range_and_say_so(line, setup):
    plan, figures, stack = stack_of(line, setup)
    web = WebLine(plan, figures, profile=0.2 * np.cos(np.pi * (np.arange(SEGMENTS) + 0.5) / SEGMENTS))
    state, references, _ = run(stack, web, 1200)
    assert np.abs(references.segments).max() == plan.profiles[0].limit == 0.05
    assert state.profiles["limited"].all()
    status = {one.name: one for one in stack.statuses(state)}["profile A"]
    assert status.limited and not status.held and status.output == 0.05


def test_blind_gauges_hold_the_static_trim_and_let_the_fading_part_fade(line, setup):
    plan, figures, stack = stack_of(line, setup)
    web = WebLine(plan, figures, profile=STATIC, noise=0.005)
    state, references, _ = run(stack, web, 1500)
    before = state.segments.copy()
    for _ in range(300):
        state, references, _ = stack.step(state, web.step(references, blind=True))
    assert state.segments[..., 0] == pytest.approx(before[..., 0]), "static"
    assert np.abs(state.segments[..., 1]).max() < 0.06 * np.abs(before[..., 1]).max(), "fading"
    assert np.abs(left(web, state)).max() < 0.1 * np.ptp(STATIC)


def test_the_uncertainty_of_a_segment_settles_where_the_riccati_equation_says(line, setup):
    c = AcrossParameters()
    plan, figures, stack = stack_of(line, setup)
    state, _, _ = run(stack, WebLine(plan, figures), 20_000)
    kept, travel = np.exp(-0.1 / c.fading_time), 0.1 * 0.86
    noise = across_maps(plan.profiles[0], PIXELS, SEGMENTS, c.stiffness).noise[SEGMENTS // 2]
    R = c.pixel_noise**2 * noise + c.granule_noise**2 * max(c.granule_length / travel, 1.0)
    F, Q = np.diag([1.0, kept]), np.diag([c.static_walk**2 * 0.1, c.fading_error**2 * (1.0 - kept**2)])
    H = np.ones((1, 2))
    before = solve_discrete_are(F.T, H.T, Q, np.array([[R]]))
    after = before - before @ H.T @ H @ before / ((H @ before @ H.T).item() + R)
    s = state.segments[0, SEGMENTS // 2]
    found = np.array([[s[P_SS], s[P_SF]], [s[P_SF], s[P_FF]]])
    assert found.sum() == pytest.approx(after.sum(), rel=0.01)
    assert found == pytest.approx(after, rel=0.15)


def test_the_scanner_alone_flattens_the_profile_more_slowly(line, setup):
    plan, figures, stack = stack_of(line, setup, line_gauges=False)
    web = WebLine(plan, figures, profile=STATIC)
    state, references = stack.start()
    for n in range(4000):
        seen = web.step(references)
        place = 0.46 * np.sin(0.05 * n)
        then = web.film[0][-min(n + 1, 95)][1], web.film[1][-min(n + 1, 95)][1]
        at = (0.5 + place) * SEGMENTS - 0.5
        shown = np.mean([np.interp(at, np.arange(SEGMENTS), one) for one in then])
        state, references, _ = stack.step(state, seen._replace(coating=seen.coating * (1.0 + shown), position=place))
    assert state.profiles["unseen"].min() > 300.0
    assert np.abs(left(web, state)).std() < 0.15 * STATIC.std()
    assert state.trims[0] == pytest.approx(state.trims[1]), "it sees the sum and treats the sides alike"


def test_what_trims_show_is_relative_and_reaches_the_neighbours(line, setup):
    plan, _, _ = stack_of(line, setup)
    maps = across_maps(plan.profiles[0], PIXELS, SEGMENTS, 0.01)
    trims, out = np.zeros(SEGMENTS), np.empty(SEGMENTS)
    show(maps.spread, maps.level, np.full(SEGMENTS, 0.01), out)
    inside = plan.profiles[0].free
    assert np.abs(out[inside]).max() < 1e-12, "the same everywhere is no profile"
    trims[20] = 0.01
    show(maps.spread, maps.level, trims, out)
    assert out[20] > 0.006 and 0.0005 < out[19] == pytest.approx(out[21], rel=0.5) and out[18] < 0.0
