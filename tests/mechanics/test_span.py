"""Tension of a free span."""

from __future__ import annotations

import pytest
from scipy.integrate import solve_ivp

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


@pytest.mark.parametrize(("speed_in", "speed_out"), [(1.0, 1.0005), (0.2, 0.20005), (1e-6, 2e-6), (0.0, 1e-5), (1.0, 0.9999)])
def test_step_solves_the_rate(speed_in, speed_out):
    def rate(_, F):
        return [span.tension_rate(F[0], 1.5, speed_in, speed_out, 0.3, 14e3)]

    solved = solve_ivp(rate, (0.0, 0.7), [4.0], method="DOP853", rtol=1e-12, atol=1e-13).y[0, -1]
    assert span.span_step(4.0, 1.5, speed_in, speed_out, 0.3, 14e3, 0.7) == pytest.approx(solved, rel=1e-9)


def test_steps_add_up_and_settle_at_the_steady_tension():
    F = 4.0
    for _ in range(20):
        F = span.span_step(F, 1.5, 1.0, 1.0003, 0.3, 14e3, 0.01)
    assert span.span_step(4.0, 1.5, 1.0, 1.0003, 0.3, 14e3, 0.2) == pytest.approx(F, rel=1e-12)
    assert span.span_step(4.0, 1.5, 1.0, 1.0003, 0.3, 14e3, 1e4) == pytest.approx(span.steady_tension(1.5, 3e-4, 14e3))


def test_standing_web_keeps_its_tension_and_a_slack_one_has_none():
    assert span.span_step(4.0, 1.5, 0.0, 0.0, 0.3, 14e3, 100.0) == 4.0
    assert span.span_step(4.0, 0.0, 1.0, 0.99, 0.3, 14e3, 1.0) == 0.0
