"""The run-out observer on a simulated pair of rolls: what it learns, how it tells two rolls apart, what it leaves alone."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dryline.drives import run_out
from dryline.drives.run_out import PERIOD, STATES
from dryline.kernel import from_python

forget, learn, turn_with, part, lost_sight = (
    from_python(law)
    for law in (run_out.forget_run_out, run_out.learn_run_out, run_out.turn_with, run_out.harmonic_part, run_out.lost_sight)
)
RADII = (0.25, 0.25 * 1.00075)
TRUE = np.zeros(STATES)
TRUE[[1, 2, 3, 7, 8, 10]] = 0.7e-6, -0.5e-6, 0.25e-6, -0.3e-6, 0.8e-6, 0.2e-6
"""First and second harmonic of both rolls, as the observer has them."""


def watched(turns, cancel=1.0, noise=0.1e-6, wander=0.5e-6, scale=1.0, true=TRUE, seed=1):
    """State of the observer and the gap that is left at every look, after some turns at 1 m/s.

    scale: how strongly the force answers over what is believed.
    """
    random = np.random.default_rng(seed)
    x, P, phi, gain = np.zeros(STATES), np.zeros((STATES, STATES)), np.zeros(STATES), np.zeros(STATES)
    forget(x, P)
    slow, left = 0.0, []
    for n in range(round(turns * 2.0 * math.pi * RADII[0] / PERIOD)):
        turn_with(n * PERIOD / RADII[0], n * PERIOD / RADII[1], phi)
        slow += wander * math.sqrt(PERIOD) * random.normal()
        gap = part(phi, true) - cancel * part(phi, x)
        left.append(gap)
        learn(slow + scale * gap + noise * random.normal(), cancel * part(phi, x), noise, wander, phi, x, P, gain)
    return x, np.array(left)


@pytest.mark.parametrize("scale", [0.7, 1.0, 1.3])
def test_ten_turns_take_nine_tenths_of_the_power_off(scale):
    """Also where the stand is 30 % stiffer or softer than is believed."""
    _, left = watched(30, scale=scale)
    after = round(10 * 2.0 * math.pi * RADII[0] / PERIOD)
    _, open_loop = watched(30, cancel=0.0)
    assert (left[after:] ** 2).mean() < 0.1 * (open_loop[after:] ** 2).mean()


def test_rolls_of_nearly_equal_diameter_come_apart_as_they_beat():
    """In a few turns only their sum is known, after a beat of some two thousand metres each roll is."""
    few, many = watched(20)[0], watched(1400)[0]
    both = TRUE[1:3] + TRUE[7:9]
    assert np.abs(few[1:3] + few[7:9] - both).max() < 0.3e-6
    assert np.abs(few[1:3] - TRUE[1:3]).max() > 0.3e-6
    assert np.abs(many[1:] - TRUE[1:]).max() < 0.15e-6


def test_round_rolls_are_left_alone():
    _, left = watched(60, true=np.zeros(STATES))
    assert left[len(left) // 2 :].std() < 0.1e-6


def bumped(size):
    """State of an observer that has watched round rolls for ten turns, after one look that reads `size` [m] too much."""
    x, P, phi, gain = np.zeros(STATES), np.zeros((STATES, STATES)), np.zeros(STATES), np.zeros(STATES)
    forget(x, P)
    for n in range(800):
        turn_with(n * PERIOD / RADII[0], n * PERIOD / RADII[1], phi)
        learn(size if n == 799 else 0.0, 0.0, 0.1e-6, 0.5e-6, phi, x, P, gain)
    return x[1:]


def test_a_bump_of_the_force_is_not_taken_for_run_out():
    """A splice: beyond a few standard deviations a look counts no more, so 1 mm moves as much as 10 um, and that is little."""
    small, large = bumped(0.1e-6), bumped(10e-6)
    assert np.abs(small).max() < np.abs(large).max() < 0.2 * np.abs(100.0 * small).max()
    assert np.abs(large).max() < 0.2 * 0.9e-6, "a fifth of the first harmonic of a roll, the harder the longer it has learnt"
    assert bumped(1e-3) == pytest.approx(large, rel=1e-9)


def test_after_a_pause_the_slow_part_is_anew_and_the_run_out_is_kept():
    x, P, phi, gain = np.zeros(STATES), np.zeros((STATES, STATES)), np.zeros(STATES), np.zeros(STATES)
    forget(x, P)
    for n in range(2000):
        turn_with(n * PERIOD / RADII[0], n * PERIOD / RADII[1], phi)
        learn(part(phi, TRUE), 0.0, 0.1e-6, 0.5e-6, phi, x, P, gain)
    before = x.copy()
    lost_sight(P)
    turn_with(0.3, 0.9, phi)
    learn(5e-6 + part(phi, x), 0.0, 0.1e-6, 0.5e-6, phi, x, P, gain)
    assert x[0] == pytest.approx(5e-6, abs=0.5e-6)
    assert np.abs(x[1:] - before[1:]).max() < 0.1e-6
