"""The acceptance test of the gap axes: steps and sines with the film in the nip and on separated rolls."""

from __future__ import annotations

import pytest

import dryline
from dryline.studies import gap_adjustment
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


def test_an_axis_that_is_too_slow_is_found_out(line, monkeypatch):
    """Electromechanical axes asked for the time of hydraulic ones."""
    monkeypatch.setitem(gap_adjustment.SETTLED, "electromechanical", 0.1)
    found = gap_adjustments(*line, "electromechanical", nips=NIPS[1:], repeats=1)
    steps = [one for one in found if one.test == "step"]
    assert all(one.share < 0.997 and one.largest > WITHIN for one in steps)
