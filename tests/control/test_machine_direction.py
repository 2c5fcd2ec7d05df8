"""The filter along the web against a Riccati equation, and the order that leads a lagging drive."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import solve_discrete_are
from stack_case import WebLine, run, stack_of

from dryline.control.kalman import take_in
from dryline.control.machine_direction import ERRORS, AlongParameters, against, lead, led_by
from dryline.kernel import from_python

update, order_of = from_python(take_in), from_python(lead)
led, opposed = from_python(led_by), from_python(against)


def test_one_measurement_is_the_textbook_update():
    rng = np.random.default_rng(1)
    A = rng.normal(size=(6, 6))
    P, x, H, R = A @ A.T, rng.normal(size=6), rng.normal(size=6), 0.3
    K = P @ H / (H @ P @ H + R)
    wanted, covariance = x + K * 0.7, P - np.outer(K, H @ P)
    update(x, P, H, R, 0.7)
    assert x == pytest.approx(wanted) and P == pytest.approx(covariance)


def test_the_uncertainty_settles_where_the_riccati_equation_says(line, setup):
    a = AlongParameters()
    plan, figures, stack = stack_of(line, setup)
    state, _, _ = run(stack, WebLine(plan, figures), 40_000)
    travel, kept = 0.1 * 0.86, np.exp(-0.1 / a.piece_time)
    F, Q = np.diag([1.0, 1.0, kept] * 2), np.zeros(6)
    for k in range(2):
        Q[3 * k : 3 * k + 3] = a.mass_walk**2 * travel, a.gauge_walk**2 * travel, a.piece_error**2 * (1.0 - kept**2)
    C = np.zeros((3, 6))
    C[0, :3], C[1, 3:], C[2, ::ERRORS] = 1.0, 1.0, 0.5
    foil = a.foil_noise * figures.foil / figures.areal_mass
    R = np.diag([a.gauge_noise**2, a.gauge_noise**2, (a.spot_noise**2 + foil**2) * a.scanner_length / 0.1])
    before = solve_discrete_are(F.T, C.T, np.diag(Q), R)
    after = before - before @ C.T @ np.linalg.solve(C @ before @ C.T + R, C @ before)
    seen = np.zeros((2, 6))  # what the gauges can tell: the sum of both sides, and each gauge's own sum
    seen[0, ::ERRORS], seen[1, :3] = 0.5, 1.0
    assert seen @ state.covariance @ seen.T == pytest.approx(seen @ after @ seen.T, rel=0.03)


@pytest.mark.parametrize("lag", [0.01, 0.03, 0.1])
def test_the_mean_of_a_tick_is_what_was_wanted(lag):
    reached, fine = 1.0, np.linspace(0.0, 0.1, 20_001)
    for wanted in (1.01, 0.99, 1.0, 1.02):
        order, end = order_of(wanted, reached, 0.1, lag)
        way = order + (reached - order) * np.exp(-fine / lag)
        assert np.trapezoid(way, fine) / 0.1 == pytest.approx(wanted, abs=1e-7)
        assert way[-1] == pytest.approx(end)
        reached = end


def test_a_metering_that_is_led_keeps_up_with_rolls_that_are_told_to_turn_faster():
    """Geared metering of 0.2 s, drive of 30 ms, ratio ordered along a ramp of 1 % a second."""
    lag, drive, dt, fine = 0.2, 0.03, 0.1, 200
    errors = {True: [], False: []}
    for leads, found in errors.items():
        flow, ratio = 1.0, 1.0
        for n in range(60):
            order = 1.0 + 0.001 * n
            told = led(ratio, order, lag, dt, drive) if leads else 1.0
            for _ in range(fine):
                ratio += (order - ratio) * dt / fine / drive
                flow += (told * ratio - flow) * dt / fine / lag
                found.append(flow / ratio - 1.0)
    assert np.mean(errors[False][-2000:]) == pytest.approx(-0.01 * lag, rel=0.1)
    assert abs(np.mean(errors[True][-2000:])) < 0.05 * 0.01 * lag
    assert np.abs(errors[True][-2000:]).max() < 0.25 * 0.01 * lag


def test_a_metering_against_its_own_noise_stands_right_at_the_end_of_the_tick():
    lag, dt, slope = 0.2, 0.1, 0.002
    stands, before, noise = 1.0, 0.0, 0.0
    for n in range(1, 40):
        before, noise = noise, slope * (n - 0.5)
        told = opposed(1.01, noise, before, stands, lag, dt)
        stands = told + (stands - told) * np.exp(-dt / lag)
        if n > 2:
            assert stands * (1.0 + slope * (n + 1)) == pytest.approx(1.01, abs=1e-9)
