"""The acceptance test of the gap axes: steps and sines with the film in the nip and on separated rolls."""

from __future__ import annotations

from dataclasses import replace

import pytest

import dryline
from dryline.studies.gap_adjustment import MOST_STEP, WITHIN, gap_adjustments

NIPS = ("powder_nip_a", "lamination")


@pytest.fixture(scope="module")
def line():
    loaded = dryline.load("lfp-cathode", settings=["web.lanes=20"])
    return loaded, dryline.set_up(loaded)


@pytest.mark.parametrize("actuator", ["hydraulic", "electromechanical"])
def test_steps_and_sines_are_held_within_a_micrometre(line, actuator):
    found = gap_adjustments(*line, actuator, nips=NIPS, repeats=1)
    assert [(one.nip, one.film, one.test) for one in found] == [
        (nip, film, test) for nip in NIPS for film in (True, False) for test in ("step", "sine")
    ]
    assert {one.amplitude for one in found} == {MOST_STEP, 10e-6, 20e-6}
    for one in found:
        assert one.share >= 0.997 and one.number > 100, one
        assert one.largest > 0.02e-6, "friction and noise are on"


def test_a_sensor_that_shakes_the_axes_is_found_out(line):
    loaded, setup = line
    shaky = loaded.disturbances.gap_sensors.model_copy(update={"white": 20e-6})
    worse = replace(loaded, disturbances=loaded.disturbances.model_copy(update={"gap_sensors": shaky}))
    found = gap_adjustments(worse, setup, "electromechanical", nips=NIPS[1:], repeats=1)
    assert min(one.share for one in found) < 0.99
    assert max(one.largest for one in found) > WITHIN
