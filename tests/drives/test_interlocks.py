"""The laws of the interlocks, by hand."""

from __future__ import annotations

import math

import pytest

from dryline.drives import interlocks
from dryline.drives.interlocks import CONTACT, FILM, FINE, JUMP, OTHERS, OVERLOAD, SENSOR, STREAM, STUCK_TIME
from dryline.kernel import from_python
from dryline.line.tags import INTERLOCKS

margin, sensor, force, gone = (
    from_python(law) for law in (interlocks.margin_left, interlocks.sensor_fault, interlocks.force_fault, interlocks.film_gone)
)
MS = 1e-3


def test_codes_are_those_of_the_reading():
    names = {FINE: "none", CONTACT: "rolls would touch", OVERLOAD: "force", FILM: "film lost", SENSOR: "gap sensor"}
    names |= {STREAM: "no commands", OTHERS: "another nip"}
    assert dict(enumerate(INTERLOCKS)) == names


def test_margin_moves_with_the_chocks_and_loses_by_tilt_growth_and_bending():
    at = {"margin": 30e-6, "chock": 100e-6, "arm": 0.3}
    assert margin(**at, drive=100e-6, operator=100e-6, grown=0.0, bent=0.0) == pytest.approx(30e-6)
    assert margin(**at, drive=90e-6, operator=90e-6, grown=0.0, bent=0.0) == pytest.approx(20e-6)
    assert margin(**at, drive=90e-6, operator=110e-6, grown=0.0, bent=0.0) == pytest.approx(24e-6)
    assert margin(**at, drive=110e-6, operator=90e-6, grown=2e-6, bent=1e-6) == pytest.approx(21e-6)
    assert margin(**at, drive=100e-6, operator=100e-6, grown=0.0, bent=-5e-6) == pytest.approx(30e-6), "only closes"


def test_a_sensor_fails_by_silence_by_a_jump_or_by_showing_one_value():
    assert sensor(math.nan, 1e-4, 0.0, 1e-7, True, MS)[0]
    assert not sensor(1e-4 + 0.9 * JUMP, 1e-4, 0.0, 1e-7, True, MS)[0]
    assert sensor(1e-4 + 1.1 * JUMP, 1e-4, 0.0, 1e-7, True, MS)[0]
    same, failed, steps = 0.0, False, 0
    while not failed:
        failed, same = sensor(1e-4, 1e-4, same, 1e-7, True, MS)
        steps += 1
    assert steps == pytest.approx(STUCK_TIME / MS, abs=1)
    assert sensor(1.001e-4, 1e-4, same, 1e-7, True, MS) == (False, 0.0), "it moves again"
    assert not sensor(1e-4, 1e-4, 10.0, 1e-7, False, MS)[0], "one without noise may show one value"


def test_force_trips_by_size_always_and_by_skew_and_surge_once_the_film_is_settled():
    assert force(300e3, 310e3, 600e3, 500e3, 600e3, False)
    assert not force(100e3, 450e3, 550e3, 500e3, 600e3, False)
    assert force(100e3, 450e3, 550e3, 500e3, 600e3, True)
    assert force(280e3, 280e3, 300e3, 500e3, 600e3, True)
    assert not force(280e3, 280e3, 300e3, 500e3, 600e3, False)
    assert not force(260e3, 240e3, 490e3, 500e3, 600e3, True)


def test_a_film_is_lost_when_its_force_goes_not_when_it_has_come_to_be_light():
    assert gone(9e3, 100e3, 100e3, 500e3) and not gone(11e3, 100e3, 100e3, 500e3)
    assert not gone(9e3, 10e3, 100e3, 500e3), "light for a while"
    assert gone(0.5e3, 10e3, 100e3, 500e3), "a light film that goes"
    assert gone(9e3, 200e3, 100e3, 500e3) and not gone(15e3, 200e3, 100e3, 500e3), "a heavy film that has become right"
    assert not gone(0.0, 4e3, 100e3, 500e3), "load cells do not tell this from none"
