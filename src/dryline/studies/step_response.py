"""Gain, delay in web and lag of a plant, from what was sent and what a gauge read: least squares on a known model.

The reading is that of the web that left the actuator one delay before, plus a straight line of drift; noise that hangs together
from tick to tick is whitened by its own autoregression, without which the standard errors would be far too small.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_toeplitz
from scipy.optimize import least_squares
from scipy.signal import lfilter

Array = NDArray[np.float64]
ORDER = 15
"""Ticks over which noise is taken to hang together (decided)."""
SEARCHED = np.linspace(0.3, 2.5, 111)
"""Delays over the one believed, among which the search begins."""
MOST_LAG = 3.0
"""Longest lag that is looked for [s]."""


class Figure(NamedTuple):
    """An identified figure and its standard error, in the same unit."""

    value: float
    error: float


class Response(NamedTuple):
    """Gain [reading/output], delay [line metres], lag [s], delay and lag together as web at the speed of the test [line metres],
    and standard deviation of what is left of the reading.
    """

    gain: Figure
    delay: Figure
    lag: Figure
    whole: Figure
    rest: float


class Record(NamedTuple):
    """A test, tick by tick: output, reading, web [m] that has passed, and what else is known to act on the web where the output
    does, in the unit of the reading.
    """

    output: Array
    reading: Array
    metres: Array
    other: Array


def identify(record: Record, tick: float, delay: float, gain: float) -> Response:
    """Figures of the plant from a `record` with ticks of `tick` [s]; `delay` [line metres] and `gain` that are believed say
    where the search begins.
    """
    u, y, x, other = (part - part.mean() for part in record)
    x = record.metres
    noise = float(y.std())
    drift = (x - x.mean()) / max(float(np.ptp(x)), 1e-9)

    def lagged(lag: float) -> Array:
        kept = math.exp(-tick / max(lag, 1e-4))
        return np.asarray(lfilter([1.0 - kept], [1.0, -kept], u - u[0]))

    def columns(way: float, lag: float) -> tuple[Array, Array]:
        return np.interp(x - way, x, lagged(lag)), np.interp(x - way, x, other)

    def rest(p: Array, filtered: Array) -> Array:
        moved, known = columns(p[3] * delay, p[4])
        error = (y - known - noise * (p[0] + p[1] * drift) - p[2] * gain * moved) / noise
        return np.asarray(lfilter(filtered, [1.0], error))[len(filtered) - 1 :]

    def start(share: float) -> tuple[float, Array]:
        moved, known = columns(share * delay, 0.3)
        design = np.stack([np.full_like(y, noise), noise * drift, gain * moved], axis=1)
        found, *_ = np.linalg.lstsq(design, y - known, rcond=None)
        return float(np.sum((y - known - design @ found) ** 2)), np.array([*found, share, 0.3])

    best = min((start(share) for share in SEARCHED), key=lambda one: one[0])[1]
    bounds = np.array([(-np.inf, np.inf)] * 3 + [(0.05, 4.0), (0.0, MOST_LAG)]).T
    white = np.ones(1)
    fit = least_squares(rest, best, bounds=bounds, x_scale=[1, 1, 1, 0.05, 0.1], args=(white,))
    for _ in range(2):
        white = whitening(rest(fit.x, np.ones(1)))
        fit = least_squares(rest, fit.x, bounds=bounds, x_scale=[1, 1, 1, 0.05, 0.1], args=(white,))
    variance = 2.0 * fit.cost / (len(fit.fun) - len(fit.x))
    spread = np.linalg.pinv(fit.jac.T @ fit.jac) * variance
    speed = float(x[-1] - x[0]) / (tick * (len(x) - 1))
    both = np.array([0.0, 0.0, 0.0, delay, speed])

    def figure(weights: Array) -> Figure:
        return Figure(float(weights @ fit.x), float(np.sqrt(weights @ spread @ weights)))

    one = np.eye(5)
    return Response(
        figure(gain * one[2]), figure(delay * one[3]), figure(one[4]), figure(both), float(rest(fit.x, np.ones(1)).std() * noise)
    )


def whitening(noise: Array, order: int = ORDER) -> Array:
    """Filter that makes `noise` white: its autoregression by Yule and Walker."""
    centred = noise - noise.mean()
    own = np.array([centred[: len(centred) - k] @ centred[k:] for k in range(order + 1)]) / len(centred)
    own[0] *= 1.0 + 1e-9
    return np.concatenate([[1.0], -solve_toeplitz(own[:-1], own[1:])])


def slow_noise(reading: Array) -> float:
    """Noise of a reading that a mean over many ticks is left with: its standard deviation times the root of their number."""
    white = whitening(reading)
    made = lfilter(white, [1.0], reading - reading.mean())[len(white) :]
    return float(made.std() / max(abs(white.sum()), 1e-3))
