"""Tension of a free web span between two driven places.

Source: mass balance of an elastic web at small strain (textbook): L dF2/dt = E A (v2 - v1) + F1 v1 - F2 v2.
"""

from __future__ import annotations

import math

from dryline.kernel import law


@law
def tension_rate(
    tension: float, before: float, speed_in: float, speed_out: float, length: float, stiffness: float
) -> float:
    """Rate of change of a span's tension [N/m/s].

    tension in the span and before it [N/m]; speeds where the web enters and leaves the span [m/s]; length
    [m]; stiffness: modulus times thickness of the web [N/m].
    """
    return (stiffness * (speed_out - speed_in) + before * speed_in - tension * speed_out) / length


@law
def span_step(
    tension: float, before: float, speed_in: float, speed_out: float, length: float, stiffness: float, dt: float
) -> float:
    """Tension of a span [N/m] after dt [s] of `tension_rate`, exact for speeds and entering tension held during dt.

    Standing web too: the tension then winds up by E A (v2 - v1) dt / L, and a span that settles keeps its tension. A web
    cannot push: never below 0 (it then hangs through, and the slack is forgotten).
    """
    x = max(speed_out, 0.0) * dt / length
    passed = -math.expm1(-x) / x if x > 0.0 else 1.0
    entering = (stiffness * (speed_out - speed_in) + before * speed_in) * dt / length
    return max(tension * math.exp(-x) + entering * passed, 0.0)


def steady_tension(before: float, draw: float, stiffness: float) -> float:
    """Tension [N/m] that a span settles to: (E A d_s + F1) / (1 + d_s) with the draw d_s = v2/v1 - 1."""
    return (stiffness * draw + before) / (1.0 + draw)


def draw_for(tension: float, before: float, stiffness: float) -> float:
    """Draw d_s that gives a steady tension [N/m]: (F2 - F1) / (E A - F2); ValueError for more than E A."""
    if tension >= stiffness:
        raise ValueError(f"tension {tension} N/m is not below the web's stiffness {stiffness} N/m")
    return (tension - before) / (stiffness - tension)
