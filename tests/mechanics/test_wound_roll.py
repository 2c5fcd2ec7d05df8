"""Wound rolls: web and radius, inertia, once-a-turn speed, torque balance."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dryline.mechanics import wound_roll as roll

FOIL = (12e-6, 0.0762)
"""Thickness of the foil and radius of a 6-inch core [m]."""


def test_length_and_radius_are_inverse():
    h, core = FOIL
    for length in (0.0, 1.0, 3000.0):
        assert roll.web_length(roll.roll_radius(length, h, core), h, core) == pytest.approx(length, abs=1e-6)
    assert roll.roll_radius(0.0, h, core) == core


def test_radius_grows_by_a_layer_a_turn():
    h, core = FOIL
    R = roll.roll_radius(3000.0, h, core)
    assert roll.roll_radius(3000.0 + 2 * math.pi * R, h, core) - R == pytest.approx(h, rel=1e-3)


def test_inertia_is_that_of_rings_and_rises_with_the_fourth_power():
    radii = np.linspace(0.08, 0.30, 20001)
    middle = 0.5 * (radii[1:] + radii[:-1])
    rings = np.sum(2700.0 * 1.0 * 2 * math.pi * middle**3 * np.diff(radii))
    assert roll.roll_inertia(0.30, 0.08, 2700.0, 1.0, 0.5) == pytest.approx(0.5 + rings, rel=1e-7)
    empty, full = (roll.roll_inertia(R, 1e-9, 2700.0, 1.0, 0.0) for R in (0.15, 0.30))
    assert full / empty == pytest.approx(16.0)


def test_out_of_round_gives_the_same_web_in_a_turn():
    angles = (np.arange(360) + 0.5) * math.tau / 360
    speeds = [roll.out_of_round(a, 0.003) for a in angles]
    assert np.mean(speeds) == pytest.approx(1.0, abs=1e-12)
    assert max(speeds) - 1.0 == pytest.approx(0.003, rel=1e-3)


def test_holding_torque_keeps_the_tension_on_a_ramp():
    F, R, b, J, a = 120.0, 0.25, 0.4, 12.0, 0.05
    omega = 1.0 / R
    torque = roll.holding_torque(F, R, b, omega, J, a)
    assert roll.roll_acceleration(F, R, torque, b, omega, J) * R == pytest.approx(a, rel=1e-12)
    # a drive that believes in a radius 1 % too large holds 1 % too much at constant speed
    assert roll.holding_torque(F, 1.01 * R, 0.0, omega, J, 0.0) / R == pytest.approx(1.01 * F)


def test_taper_goes_from_constant_tension_to_constant_torque():
    assert roll.taper_tension(0.30, 0.08, 100.0, 0.0) == 100.0
    assert roll.taper_tension(0.08, 0.08, 100.0, 0.4) == 100.0
    torques = [R * roll.taper_tension(R, 0.08, 100.0, 1.0) for R in (0.08, 0.2, 0.3)]
    assert torques == pytest.approx([8.0, 8.0, 8.0])
    outward = [roll.taper_tension(R, 0.08, 100.0, 0.4) for R in (0.08, 0.15, 0.3)]
    assert outward == sorted(outward, reverse=True)
    assert outward[-1] > 60.0
