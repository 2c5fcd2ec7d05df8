"""Returned film: how often a kilogram has been through the line, and the shear work it has received by then.

A share r of the total feed comes from the regrind silo: m_t = m_v + r m_t. In the steady state a kilogram of the feed
has been through n times before with the probability P(n) = (1 - r) r^n, on average r/(1 - r) times (derived: each
kilogram comes back with the probability r, whatever it did before). Every pass adds the work of the fibrillator and of
the granulator, so the work received is a sum of n such amounts; the fibrils follow the create-then-break law with the
work of all passes together. Validity: regrind well mixed, and drawn as a fixed share of the feed.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable

import numpy as np

from dryline.kernel import law
from dryline.process.mixing import mean_decay

State = tuple[float, float, float]
"""U and F [fractions of the PTFE] and moisture [kg/kg dry]."""


def pass_shares(share: float, most: int) -> np.ndarray:
    """Share of the feed that has been through at least 1, 2 ... `most` times: r, r^2 ... (most,), 0 <= r < 1."""
    return np.asarray(share ** np.arange(1.0, most + 1.0))


def pass_share(recycle: float, passes: int) -> float:
    """Share of the feed that has been round exactly n times before: (1 - r) r^n."""
    return (1.0 - recycle) * recycle**passes


def mean_passes(share: float) -> float:
    """Mean number of earlier passes of the feed: r/(1 - r), 0 <= r < 1."""
    return share / (1.0 - share)


def work_moments(share: float, work: float, grinding: float, tanks: int) -> tuple[float, float]:
    """Mean [J/kg] and mean square [J2/kg2] of the work that the steady feed has received in earlier passes.

    Parameters: recycle share r; work w of one pass through a machine of n equal stirred tanks, whose residence times
    and with them its work have the variance w^2/n; grinding work g of each return. With E the mean of the feed,
    E = r (E + w + g), and the mean square follows from the same balance.
    """
    once = work + grinding
    square = work * work * (1.0 + 1.0 / tanks) + 2.0 * work * grinding + grinding * grinding
    mean = share * once / (1.0 - share)
    return mean, share * (2.0 * once * mean + square) / (1.0 - share)


def steady_return(
    share: float, virgin: State, product: Callable[[State], State], grind: Callable[[State], State]
) -> tuple[State, State]:
    """State of the feed and of the regrind when the loop has settled, for a recycle share r < 1.

    `product` gives what leaves the machine for what enters it, `grind` what the granulator makes of it. Repeated until
    nothing changes by 1e-14: the map shrinks differences by r at least, because nothing in it makes them grow.
    """
    regrind = virgin
    feed = virgin
    for _ in range(2000):
        before = feed
        feed = _blend(share, virgin, regrind)
        regrind = grind(product(feed))
        if max(abs(a - b) for a, b in zip(feed, before, strict=True)) < 1e-14 and regrind is not virgin:
            break
    return _blend(share, virgin, regrind), regrind


def _blend(share: float, virgin: State, regrind: State) -> State:
    """Mass-weighted mean of virgin powder and regrind."""
    u, f, x = ((1.0 - share) * v + share * g for v, g in zip(virgin, regrind, strict=True))
    return u, f, x


def mean_fibrils(recycle: float, k_1: float, k_2: float, first: float, each: float) -> tuple[float, float]:
    """Unfibrillated and load-bearing share of the PTFE over all passes, for constant rates [kg/J] and works [J/kg].

    Mean over P(n) of the three-species law at the work first + n each: exp(-k w) averages to exp(-k first) (1 - r) / (1 - r
    exp(-k each)). Virgin PTFE starts unfibrillated.
    """

    def mean_exponential(k: float) -> float:
        return math.exp(-k * first) * (1.0 - recycle) / (1.0 - recycle * math.exp(-k * each))

    U = mean_exponential(k_1)
    if math.isclose(k_1, k_2, rel_tol=1e-9):
        returned = recycle * math.exp(-k_1 * each)
        return U, k_1 * U * (first + each * returned / (1.0 - returned))
    return U, k_1 / (k_1 - k_2) * (mean_exponential(k_2) - U)


def cracked_after(per_pass: float, passes: int) -> float:
    """Cracked share of the active material after a number of passes that each crack a share of what is whole."""
    return float(1.0 - (1.0 - per_pass) ** passes)


def mean_cracked(recycle: float, per_pass: float) -> float:
    """Cracked share behind the line, mean over all passes: 1 - (1 - r)(1 - f) / (1 - r (1 - f)).

    For small f it is f (1 + r/(1-r)): cracks add up, f_cr += k_cr p_max.
    """
    whole = 1.0 - per_pass
    return 1.0 - (1.0 - recycle) * whole / (1.0 - recycle * whole)


def error_after(error: float, recycle: float, turns: int) -> float:
    """Composition error of the mix after a number of turns of the loop: e (1 - r^(n+1)) / (1 - r).

    error: what each new mix adds to that of the returned share, e.g. a feeder that errs by a share of the total.
    """
    return error * (1.0 - recycle ** (turns + 1)) / (1.0 - recycle)


def feedback_gain(recycle: float, frequency: float = 0.0, delay: float = 0.0) -> float:
    """Amplification of a composition error at a frequency [Hz] by a return delay [s]: 1 / |1 - r exp(-j 2 pi f T)|.

    At rest 1 / (1 - r); at half a turn of the loop 1 / (1 + r): the silo makes slow errors larger, others smaller.
    """
    return 1.0 / abs(1.0 - recycle * cmath.exp(-2j * math.pi * frequency * delay))


@law
def lagged(x: float) -> tuple[float, float]:
    """Shares of an even inflow and of the content that leave a stirred hold-up in a step of x = dt/lag.

    Exact for the tank that empties at the rate 1/lag: the content keeps exp(-x), the inflow (1 - exp(-x))/x.
    """
    return 1.0 - mean_decay(x), x * mean_decay(x)


@law
def shared_supply(wanted: float, content: float) -> float:
    """Share of the content [kg] that makes up a supply of `wanted` [kg]: all of it where that is not enough."""
    return min(wanted / max(content, 1e-300), 1.0)
