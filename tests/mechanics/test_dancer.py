"""Dancer: exact oscillator, stored web, what it passes on."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from dryline.mechanics import dancer

OMEGA = 2 * math.pi * 1.0


@pytest.mark.parametrize("damping", [0.05, 0.7, 0.95])
def test_step_solves_the_oscillator(damping):
    def rate(_, y):
        return [y[1], OMEGA**2 * (0.02 - y[0]) - 2 * damping * OMEGA * y[1]]

    solved = solve_ivp(rate, (0.0, 0.37), [0.01, -0.3], method="DOP853", rtol=1e-12, atol=1e-14).y[:, -1]
    assert dancer.dancer_step(0.01, -0.3, 0.02, OMEGA, damping, 0.37) == pytest.approx(tuple(solved), rel=1e-9)


def test_rests_where_tension_and_load_balance():
    x, v = 0.0, 0.0
    target = dancer.dancer_push(60.0, 50.0, 0.95, 1e3)
    for _ in range(1000):
        x, v = dancer.dancer_step(x, v, target, OMEGA, 0.7, 0.02)
    assert x == pytest.approx(2 * 0.95 * 10.0 / 1e3)
    assert v == pytest.approx(0.0, abs=1e-9)
    assert dancer.dancer_push(50.0, 50.0, 0.95, 1e3) == 0.0


@pytest.mark.parametrize(("frequency", "least", "most"), [(0.1, 0.9, 1.1), (1.0, 0.65, 0.8), (10.0, 0.0, 0.02)])
def test_follows_slow_tension_and_is_stiff_above_its_frequency(frequency, least, most):
    dt, x, v = 1e-3, 0.0, 0.0
    ways = []
    for n in range(int(20 / dt)):
        x, v = dancer.dancer_step(x, v, 0.01 * math.sin(2 * math.pi * frequency * n * dt), OMEGA, 0.7, dt)
        ways.append(x)
    assert least < np.abs(ways[len(ways) // 2 :]).max() / 0.01 < most


def test_loop_with_a_dancer_keeps_its_tension():
    """Drives that disagree by 0.1 mm: without the dancer the foil feels it all, with it only what the dancer did not give."""
    stiffness, length = 70e9 * 12e-6, 4.0
    stiff = dancer.slack_tension(50.0, stiffness, length, 1e-4)
    given = dancer.stored_web(4e-5)
    soft = dancer.slack_tension(50.0, stiffness, length, 1e-4 - given)
    assert stiff == pytest.approx(50.0 + 21.0)
    assert soft == pytest.approx(50.0 + 0.2 * 21.0)
    assert dancer.slack_tension(50.0, stiffness, length, -1.0) == 0.0


def test_a_driven_dancer_obeys_its_own_equation_and_that_of_the_roll():
    held, width, mass, damping, x, v, pull, give = 100.0, 0.95, 40.0, 0.5, 3e-3, -2e-3, 0.9, 7e-3
    tension = dancer.driven_tension(held, width, mass, OMEGA, damping, x, v, pull, give)
    acceleration = 0.5 * (pull - give * tension)
    load = mass * (acceleration + 2 * damping * OMEGA * v + OMEGA**2 * x)
    assert 2 * width * (tension - held) == pytest.approx(load, rel=1e-12)
    balanced = dancer.driven_tension(held, width, mass, OMEGA, damping, 0.0, 0.0, give * held, give)
    assert balanced == pytest.approx(held, rel=1e-12)
    assert dancer.driven_tension(held, width, mass, OMEGA, damping, -0.2, 0.0, -50.0, give) == 0.0, "web cannot push"
