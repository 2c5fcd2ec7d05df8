"""Loss-in-weight screw feeders: what the screw delivers from a hopper that empties, is refilled and may bridge.

The feeder is volumetric here: its command is a screw speed. Gravimetric control works on the weight reading elsewhere.
"""

from __future__ import annotations

import math

from dryline.kernel import exp, law
from dryline.process.mixing import mean_decay

WHITE_CLOCK = 1.0
"""Clock of the feeder noise [s]: 1-s samples (process reference 3.1, textbook)."""

SCALE_CLOCK = 0.1
"""Clock of the scale noise [s]: one weight reading per control tick (assumed)."""

DRIVE_POWER = 400.0
"""Electric power of one feeder at full screw speed [W], proportional to speed (assumed)."""

METERING_POWER = 750.0
"""Drive of a metering roll with its distributor [W] (assumed)."""


@law
def feed_factor(content: float, k_max: float, k_min: float, decay: float) -> float:
    """Powder per screw revolution [kg/rev]: k_max - (k_max - k_min) exp(-M/M_c).

    Parameters
    ----------
    content : powder M in the hopper [kg], >= 0.
    k_max, k_min : feed factor of a full and of an emptying hopper [kg/rev].
    decay : feed-factor decay M_c [kg], > 0.

    Source: form after Engisch & Muzzio and Blackshields & Crean (textbook). Validity: free-flowing to cohesive powder
    that fills the screw; bridging is a separate event.
    """
    return k_max - (k_max - k_min) * exp(-min(content / decay, 700.0))


@law
def screw_step(speed: float, command: float, lag: float, dt: float) -> tuple[float, float]:
    """Screw speed [rev/s] after dt and revolutions made in it: lag dN/dt + N = N_command, exact for a held command.

    Parameters: speed, command [rev/s]; lag [s], 0.2-1 s (assumed); dt [s]. The lag of the flow is placed on the speed:
    identical while the feed factor changes slowly against the lag.
    """
    x = dt / lag
    turned = command * dt + (speed - command) * dt * mean_decay(x)
    return command + (speed - command) * exp(-min(x, 700.0)), turned


@law
def screw_pulsation(phase: float, flights_passed: float) -> tuple[float, float]:
    """Mean of sin(2 pi phase) while a number of flights passes, and the phase after it (both in flights, [0, 1)).

    The mean is that of the integral, so the delivered mass does not depend on the step. Source: line at flight
    frequency (flights x screw speed) in the feeder spectrum, process reference 3.1 (textbook).
    """
    half = math.pi * flights_passed
    sinc = math.sin(half) / half if half > 1e-4 else 1.0 - half * half / 6.0
    after = phase + flights_passed
    return math.sin(2.0 * math.pi * phase + half) * sinc, after - math.floor(after)


@law
def refill_step(left: float, dt: float) -> tuple[float, float, float]:
    """Part of a step in which the refill runs [s], refill time left after it [s], and time since its end in the step [s]."""
    runs = min(left, dt)
    rest = left - runs
    return runs, rest if rest > 1e-9 * dt else 0.0, dt - runs


@law
def blocked_share(bridge_until: float, now: float, dt: float) -> float:
    """Share of the step [now, now + dt] in which a bridge that holds until `bridge_until` [s] stops the flow."""
    return min(max((bridge_until - now) / dt, 0.0), 1.0)


@law
def delivered(content: float, wanted: float) -> tuple[float, float]:
    """Mass the screw takes [kg]: what it wants or what is there; the second number is 1 where the hopper ran empty."""
    return min(content, wanted), 1.0 if wanted > content else 0.0


@law
def share_of_next_lot(before: float, mass: float, boundary: float) -> float:
    """Share of `mass` [kg], fed after `before` [kg] of a component, that lies behind the lot `boundary` [kg]."""
    return min(max((before + mass - boundary) / max(mass, 1e-300), 0.0), 1.0)
