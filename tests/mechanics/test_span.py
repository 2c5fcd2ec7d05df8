"""Tension of a free span."""

from __future__ import annotations

import pytest

from dryline.mechanics import span


def test_rate_vanishes_at_the_steady_tension():
    draw, stiffness = 3e-4, 14e3
    steady = span.steady_tension(1.5, draw, stiffness)
    assert span.tension_rate(steady, 1.5, 1.0, 1.0 + draw, 0.3, stiffness) == pytest.approx(0.0, abs=1e-9)
    assert span.tension_rate(steady + 1.0, 1.5, 1.0, 1.0 + draw, 0.3, stiffness) < 0.0
    assert span.draw_for(steady, 1.5, stiffness) == pytest.approx(draw, rel=1e-12)


def test_time_constant_is_length_over_speed():
    L, v = 0.3, 1.0
    base = span.tension_rate(5.0, 0.0, v, v, L, 14e3)
    more = span.tension_rate(6.0, 0.0, v, v, L, 14e3)
    assert (base - more) == pytest.approx(v / L)


def test_a_web_cannot_be_drawn_to_a_tension_above_its_stiffness():
    with pytest.raises(ValueError, match="stiffness"):
        span.draw_for(2e4, 0.0, 14e3)
