"""Flying splices and the schedule of roll changes."""

from __future__ import annotations

import math

import pytest

from dryline.mechanics.wound_roll import web_length
from dryline.process import winding
from dryline.process.winding import Splice


def test_splice_is_a_step_of_its_length():
    s = Splice()
    steps = [winding.splice_thickness(x, s.thickness, s.length) for x in (-0.01, 0.0, 0.49, 0.51)]
    assert steps == [0.0, s.thickness, s.thickness, 0.0]


def test_transient_fades_within_the_marked_metres():
    s = Splice()
    assert winding.splice_tension(-1.0, s.transient, s.settling) == 1.0
    assert winding.splice_tension(0.0, s.transient, s.settling) == pytest.approx(1.2)
    begin, end = winding.marked_metres(1000.0, s)
    assert begin < 1000.0 < 1000.0 + s.length < end
    left = winding.splice_tension(end - s.margin - 1000.0, s.transient, s.settling) - 1.0
    assert left == pytest.approx(s.transient * math.exp(-3.0))
    long = winding.marked_metres(0.0, s._replace(length=100.0))
    assert long == (-s.margin, 100.0 + s.margin)


def test_rolls_change_when_they_are_used_up():
    on_roll = web_length(0.30, 12e-6, 0.0762)
    assert on_roll == pytest.approx(22e3, rel=0.01)
    changes = winding.roll_changes(1500.0, on_roll, 50e3)
    assert changes == pytest.approx((1500.0, 1500.0 + on_roll, 1500.0 + 2 * on_roll))
    assert winding.roll_changes(1500.0, on_roll, 1000.0) == ()
    with pytest.raises(ValueError, match="never lasts"):
        winding.roll_changes(0.0, 0.0, 1.0)
