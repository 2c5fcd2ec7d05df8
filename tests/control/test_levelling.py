"""Levelling against a stand of static stiffness: forces even, whatever the stand is off by."""

from __future__ import annotations

import numpy as np
import pytest

from dryline.control.levelling import Levelling, LevellingParameters, LevelPlan, level_response

FILM, WIDTH, BEARINGS, HOUSING = 8e9, 1.0, 1.7, 18e9
FORCE = 120e3
RESPONSE = level_response(FILM, WIDTH, BEARINGS, HOUSING)


def stand(tilt, off, stiffer=1.0):
    """Forces of drive and operator side of a stand whose gap is `off` [m] wider at the operator edge: the moment balance solved
    for film and housing."""
    slope, moment = 0.0, 0.0
    for _ in range(200):
        slope = (tilt / BEARINGS + off / WIDTH) + moment * 4.0 / (HOUSING * BEARINGS**2)
        moment = 0.5 * (moment - stiffer * FILM * WIDTH * WIDTH**2 / 12.0 * slope)
    skew = 2.0 * moment / BEARINGS
    return np.array([[0.5 * (FORCE - skew), 0.5 * (FORCE + skew)]])


def run(seconds, off, stiffer=1.0, running=True, forces=None):
    level = Levelling((LevelPlan("nip", FORCE, RESPONSE),), LevellingParameters())
    state = level.start()
    for _ in range(round(seconds / 0.1)):
        seen = stand(state["tilt"][0], off, stiffer) if forces is None else forces
        state = level.step(state, seen, running, 0.1)
    return level, state


def test_the_response_is_that_of_the_moment_balance():
    drive, operator = stand(1e-6, 0.0)[0]
    assert operator - drive == pytest.approx(RESPONSE * 1e-6, rel=1e-6)
    assert RESPONSE < 0.0, "a wider operator side carries less"
    assert level_response(FILM, WIDTH, BEARINGS, 1e20) < RESPONSE, "a stiff housing gives way less"


@pytest.mark.parametrize("stiffer", [0.7, 1.0, 1.3])
@pytest.mark.parametrize("off", [3e-6, -5e-6])
def test_forces_become_even_with_a_stand_that_is_not_as_believed(off, stiffer):
    _, state = run(600.0, off, stiffer)
    assert state["tilt"][0] == pytest.approx(-off * BEARINGS / WIDTH, rel=0.01)
    assert abs(state["skew"][0]) < 0.01 * abs(RESPONSE * off)


def test_it_holds_without_film_forces_or_movement():
    nothing, silent = np.array([[2e3, 1e3]]), np.array([[np.nan, 6e4]])
    for forces, running in ((nothing, True), (silent, True), (np.array([[5e4, 7e4]]), False)):
        level, state = run(60.0, 0.0, running=running, forces=forces)
        assert state["tilt"][0] == 0.0 and state["held"][0]
    assert [status.name for status in level.statuses(state)] == ["nip level"]


def test_it_stays_in_its_range():
    _, state = run(600.0, 0.0, forces=np.array([[4e4, 8e4]]))
    assert state["tilt"][0] == pytest.approx(LevellingParameters().tilt_range) and state["limited"][0]
