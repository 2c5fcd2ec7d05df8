"""The shortest bound: a disturbance with a correlation length, and a gauge a distance of web behind the actuator.

A web that was measured a distance L ago tells of the web now only by the correlation left over it. For an Ornstein-Uhlenbeck
disturbance with correlation e^(-x/L_c) the best prediction leaves

    sigma / sigma_open = sqrt(1 - exp(-2 L_eff / L_c)),

whatever the speed and the algorithm. Valid without gauge noise and with that gauge as the only information. Source: minimum
variance of a first-order process (Astrom 1970, textbook), written along the web.
"""

from __future__ import annotations

import math


def distance_bound(effective_distance: float, correlation_length: float) -> float:
    """Ratio sigma / sigma_open [1] for an effective gauge distance L_eff [m] and a correlation length L_c [m]."""
    if effective_distance < 0.0 or not correlation_length > 0.0:
        raise ValueError(f"L_eff {effective_distance} m must not be negative and L_c {correlation_length} m must be positive")
    return math.sqrt(-math.expm1(-2.0 * effective_distance / correlation_length))


def effective_distance(gauge_distance: float, speed: float, scan_time: float = 0.0, lag: float = 0.0) -> float:
    """L_eff [m]: gauge distance [m] + web of a scan [s] + web of the actuator's lag or of a tick [s] at a speed [m/s]."""
    return gauge_distance + (scan_time + lag) * speed
