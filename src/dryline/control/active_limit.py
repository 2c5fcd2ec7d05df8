"""What bounds a filter that foresees the web: the delay, or the noise of what it measures.

The variance of a prediction has two parts: what changes on the way from the gauge to the place where it can still be acted on,
which no measurement can tell, and what the filter does not know of the web under the gauge. The larger one is the limit.
"""

from __future__ import annotations

from math import exp

import numpy as np
from numpy.typing import NDArray

from dryline.control.cross_profile import P_FF, P_SF, P_SS

STILL = 1e-3
"""Least speed that counts [m/s]."""


def left_after(metres: float, speed: float, time: float) -> float:
    """What is left of a first-order process of a correlation `time` [s] after `metres` at a speed [m/s]."""
    return exp(-min(metres / (time * max(speed, STILL)), 600.0))


def larger(by_delay: float, by_noise: float) -> str:
    """The name of the larger part of a variance."""
    return "delay" if by_delay > by_noise else "noise"


def along_limit(covariance: NDArray[np.float64], piece: float, left: float) -> str:
    """Limit of a side along the web; `covariance` of its three errors, standard deviation of the `piece` under the gauge [1] and
    what is `left` of it where it is acted on [1].
    """
    P = covariance
    return larger(piece**2 * (1.0 - left**2), P[0, 0] + 2.0 * left * P[0, 2] + left**2 * P[2, 2])


def across_limit(segments: NDArray[np.float64], fading: float, left: float) -> str:
    """Limit of a profile; `segments` (segment, part) of its filter, standard deviation of the `fading` part [1] and what is
    `left` of it after the way to the gauge [1].
    """
    known = segments[:, P_SS] + 2.0 * left * segments[:, P_SF] + left**2 * segments[:, P_FF]
    return larger(fading**2 * (1.0 - left**2), float(known.mean()))
