"""Gain, delay in web and lag of a plant, from what was sent and what a gauge read: least squares on a known model.

The reading is that of the web that left the actuator one delay before, plus a straight line of drift. Delay and lag come from a
fit of the whole course, whose noise is whitened by its own autoregression; the gain from what is left when each step has settled,
since drives may go on for seconds after their fast part, which whitened noise would count too little.
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
    """A test, tick by tick: output, reading, and web [m] that has passed."""

    output: Array
    reading: Array
    metres: Array


def identify(record: Record, tick: float, delay: float, gain: float, settling: float) -> Response:
    """Figures of the plant from a `record` with ticks of `tick` [s]; `delay` [line metres] and `gain` that are believed say
    where the search begins; `settling` [s] after a step, when its gain counts.
    """
    u, y, x = record.output - record.output.mean(), record.reading - record.reading.mean(), record.metres
    noise = float(y.std())
    drift = (x - x.mean()) / max(float(np.ptp(x)), 1e-9)

    def lagged(lag: float) -> Array:
        kept = math.exp(-tick / max(lag, 1e-4))
        return np.asarray(lfilter([1.0 - kept], [1.0, -kept], u - u[0]))

    def arrived(way: float, lag: float) -> Array:
        return np.interp(x - way, x, lagged(lag))

    def rest(p: Array, filtered: Array) -> Array:
        error = (y - noise * (p[0] + p[1] * drift) - p[2] * gain * arrived(p[3] * delay, p[4])) / noise
        return np.asarray(lfilter(filtered, [1.0], error))[len(filtered) - 1 :]

    def start(share: float) -> tuple[float, Array]:
        design = np.stack([np.full_like(y, noise), noise * drift, gain * arrived(share * delay, 0.3)], axis=1)
        found, *_ = np.linalg.lstsq(design, y, rcond=None)
        return float(np.sum((y - design @ found) ** 2)), np.array([*found, share, 0.3])

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
    whole, left = figure(both), float(rest(fit.x, np.ones(1)).std() * noise)
    return Response(settled_gain(record, tick, whole.value, settling), figure(delay * one[3]), figure(one[4]), whole, left)


def settled_gain(record: Record, tick: float, delay: float, settling: float) -> Figure:
    """Gain [reading/output] from the ticks whose web left the actuator at least `settling` [s] after a step; `delay` [m]."""
    u, x = record.output, record.metres
    since = np.empty(len(u))
    now = settling
    for n in range(len(u)):
        now = 0.0 if n and u[n] != u[n - 1] else now + tick
        since[n] = now
    arrived, age = np.interp(x - delay, x, u), np.interp(x - delay, x, since)
    used = age >= settling
    span = float(np.ptp(u))
    design = np.stack([np.ones_like(x), (x - x.mean()) / np.ptp(x), arrived / span], axis=1)[used]
    found, *_ = np.linalg.lstsq(design, record.reading[used], rcond=None)
    noise = slow_noise(record.reading[used] - design @ found)
    error = noise * math.sqrt(np.linalg.inv(design.T @ design)[2, 2])
    return Figure(float(found[2] / span), error / span)


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
