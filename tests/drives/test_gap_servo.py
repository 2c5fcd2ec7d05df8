"""A gap axis with its drive: friction and backlash are compensated, references are followed, nothing winds up."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dryline.drives import gap_servo
from dryline.kernel import from_python

servo, move, friction = (
    from_python(law) for law in (gap_servo.servo_command, gap_servo.move_axis, gap_servo.friction_lag)
)
DT, TICK, DAMPING = 1e-3, 0.1, 0.7
AXES = {"hydraulic": (12.0, 0.5e-3, 0.3e-6, 0.3), "electromechanical": (2.0, 0.1e-3, 1.5e-6, 1.5)}
"""Natural frequency [Hz], slew [m/s], friction or backlash [m], time after which a step is to be there [s]."""


def followed(kind, reference, seconds, believed=1.0, noise=0.1e-6):
    """Position of an axis and its reference at every millisecond; the reference is given once a tick."""
    frequency, slew, stick, _ = AXES[kind]
    omega, share, random = 2.0 * math.pi * frequency, 1.0 - math.exp(-DT / 3e-3), np.random.default_rng(1)
    x = v = filtered = lag = 0.0
    own = (0.0, 0.0, 0.0, 0.0, believed * stick)
    places, wanted, now = [], [], reference(0.0)
    for n in range(round(seconds / DT)):
        if n % round(TICK / DT) == 0:
            before, now = now, reference(n * DT)
            rate = (now - before) / TICK
        command, *own = servo(now, rate, *own, filtered, omega, DAMPING, slew, believed * stick, DT)
        seen = x + noise * random.normal()
        x, v, filtered, lag = move(command, x, v, filtered, lag, seen, share, omega, DAMPING, slew, stick, DT)
        places.append(x)
        wanted.append(now)
    return np.array(places), np.array(wanted)


@pytest.mark.parametrize("kind", AXES)
@pytest.mark.parametrize("size", [5e-6, -5e-6, 20e-6])
@pytest.mark.parametrize("believed", [0.5, 1.0, 1.5])
def test_a_step_is_there_within_a_micrometre(kind, size, believed):
    """Also where friction is half or half as much again as the drive believes."""
    begin, ready = 2.0, AXES[kind][3]
    places, wanted = followed(kind, lambda t: size if t >= begin - 1e-9 else 0.0, begin + 5.0, believed)
    error = np.abs(places - wanted)[round((begin + ready) / DT) :]
    assert np.mean(error <= 1e-6) >= 0.997


@pytest.mark.parametrize("kind", AXES)
@pytest.mark.parametrize("believed", [0.7, 1.0, 1.4])
def test_a_slow_sine_is_followed_within_a_micrometre(kind, believed):
    """Friction that is not what was believed is learnt in a few turns of the sine."""
    places, wanted = followed(kind, lambda t: 10e-6 * math.sin(2.0 * math.pi * 0.1 * t), 60.0, believed)
    assert np.mean(np.abs(places - wanted)[30000:] <= 1e-6) >= 0.997


def test_without_compensation_backlash_alone_breaks_the_micrometre():
    """What the compensation is for: a drive that knows no backlash and does not integrate stops short by all of it."""
    frequency, slew, stick, _ = AXES["electromechanical"]
    x = v = filtered = lag = 0.0
    for _ in range(5000):
        x, v, filtered, lag = move(5e-6, x, v, filtered, lag, x, 0.28, 2.0 * math.pi * frequency, DAMPING, slew, stick, DT)
    assert 5e-6 - x > 1e-6


def test_a_nip_that_opens_by_a_millimetre_and_closes_again_does_not_wind_up():
    places, wanted = followed("electromechanical", lambda t: 1e-3 if 1.0 <= t < 20.0 else 0.0, 45.0)
    assert np.abs(places - wanted)[-5000:].max() <= 1e-6


@pytest.mark.parametrize("step", [1e-9, 1e-7, 1e-6])
def test_friction_saturates_and_reverses_whatever_the_step(step):
    lag = 0.0
    for _ in range(round(5e-6 / step)):
        lag = friction(lag, step, 0.3e-6)
        assert lag <= 0.3e-6
    assert lag == pytest.approx(0.3e-6, rel=0.05)
    for _ in range(round(5e-6 / step)):
        lag = friction(lag, -step, 0.3e-6)
    assert lag == pytest.approx(-0.3e-6, rel=0.05)
    assert friction(0.2e-6, 1e-6, 0.0) == 0.0
