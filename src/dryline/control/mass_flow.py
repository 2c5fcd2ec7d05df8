"""Areal mass of a film at the moment it is laid down: weighed flow over roll travel, without delay.

The scale shows the flow behind a first-order filter; what the filter has hidden follows from two of its readings. What is laid
per metre of roll travel is that flow over the speed of the powder nip. It is right up to the gain of the scale, which the gauges
tell.
"""

from __future__ import annotations

from dryline.kernel import law


@law
def true_flow(last: float, now: float, filter_time: float, dt: float) -> float:
    """Mean flow [kg/s] of a tick from the readings of a first-order filter before and after it.

    The filter goes dt/T of the way a tick (at most all of it), so flow = last + (now - last) T/dt.
    """
    return last + (now - last) * max(filter_time / dt, 1.0)


@law
def laid_factor(flow: float, travel: float, rate: float, dt: float) -> float:
    """Mass laid per metre over that of the set-up [1]: flow [kg/s], roll travel of the tick [m], set-up rate [kg/m]."""
    return flow * dt / (travel * rate)
