"""Heat of the rolls: losses, steel that warms, and that no heat is made or lost on the way."""

from __future__ import annotations

import math

import pytest

from dryline.kernel import from_python
from dryline.process.roll_heating import SIGMA, STEEL, roll_loss, rolls_capacity, rolls_surface, share_in, warming

loss, step = from_python(roll_loss), from_python(warming)


def test_losses_are_convection_and_radiation():
    assert loss(383.15, 295.15, 2.0, 15.0, 0.35) == pytest.approx(2.0 * (15.0 * 88.0 + 0.35 * SIGMA * (383.15**4 - 295.15**4)))
    assert loss(295.15, 295.15, 2.0, 15.0, 0.35) == pytest.approx(0.0, abs=1e-6)
    assert loss(403.15, 295.15, 2.0, 15.0, 0.35) > loss(383.15, 295.15, 2.0, 15.0, 0.35)


def test_surface_and_capacity_of_two_cylinders():
    assert rolls_surface(0.8, 1.15) == pytest.approx(2.0 * (math.pi * 0.8 * 1.15 + 2.0 * math.pi * 0.16))
    assert rolls_capacity(0.8, 1.15) == pytest.approx(2.0 * STEEL * math.pi * 0.16 * 1.15)


def warm_up(heater, load=0.0, seconds=4000):
    T = core = 295.15
    heat, shell, inner = 0.0, 1e6, 2e6
    for _ in range(seconds):
        rise, inside, steel = step(T, 383.15, core, share_in(1.0, 200.0), share_in(1.0, 900.0), shell, inner, load, heater, 1.0)
        assert load + steel <= heater * (1.0 + 1e-9) or rise <= 0.0
        T, core, heat = T + rise, core + inside, heat + steel
    return T, core, heat, shell * (T - 295.15) + inner * (core - 295.15)


@pytest.mark.parametrize("heater", [50e3, 100e3, 1e9])
def test_heat_into_the_steel_is_what_it_stores(heater):
    T, core, heat, stored = warm_up(heater)
    assert heat == pytest.approx(stored, rel=1e-9)
    assert T > core > 295.15


def test_a_heater_that_only_makes_up_for_losses_warms_nothing():
    assert warm_up(20e3, load=20e3, seconds=600)[0] == 295.15


def test_a_strong_heater_follows_the_lag():
    T, *_ = warm_up(1e9, seconds=200)
    assert T == pytest.approx(383.15 - 88.0 * math.exp(-1.0), abs=1e-9)


def test_rolls_that_cool_give_heat_back():
    rise, _, steel = step(390.0, 383.15, 390.0, 0.01, 0.001, 1e6, 2e6, 0.0, 1e5, 1.0)
    assert rise == pytest.approx(-0.0685) and steel == pytest.approx(-68.5e3)
