"""Bound in two dimensions: segments across the web that change along it, a course common to all, a line gauge or a scanner.

A disturbance that is local both along and across the web is neither machine direction nor profile: it is what the variance
split calls residual. Here it is followed segment by segment. A line gauge sees all segments all the time: where all are seen
with one noise, the eigenvectors of their covariance (spatial modes) do not mix, and a filter per mode is exact. A scanner sees
one spot on a zig-zag path, so one filter carries all segments through its period. Delays in web metres (samples of the gauge).
Source: separable covariance, textbook; structure of the segments assumed (`process.distribution`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dryline.bounds.components import Component, Model, Spread, Wandering, model_of
from dryline.bounds.filtering import Channel, Remainder, remainder
from dryline.process.distribution import segment_correlation

Array = NDArray[np.float64]

ALIKE = 1e-9
"""Spatial modes mix by less than this share of the variance: a filter per mode is exact."""


@dataclass(frozen=True)
class LineGauge:
    """Full-width gauge: noise of a segment's reading in a sample, samples of delay, and which segments it sees (None: all)."""

    noise: float
    delay: int
    seen: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class Weighed:
    """A common component that is known by itself, without noise, so many samples before it is acted upon."""

    component: str
    delay: int


@dataclass(frozen=True)
class Scanner:
    """Traversing spot: noise of a box, boxes of delay, and the share of each segment under the spot by box of a zig-zag period.

    `weights` (box, segment): a row without weight is blind (turn-round).
    """

    noise: float
    delay: int
    weights: Array


def segments(name: str, sigma: float, length: float, count: int, width: float, correlation: float, even: bool) -> Spread:
    """Segments of a width [m] correlated over a distance [m] across and a length [m] along the web.

    even : their mean over the width is taken out, as shares of a given mass add up to one.
    """
    pattern = segment_correlation(count, width, correlation)
    return Spread(Wandering(name, sigma, length), pattern - pattern.mean(axis=0) if even else pattern)


def common(component: Component, count: int) -> Spread:
    """A component that all segments share."""
    return Spread(component, np.ones((count, 1)))


def zig_zag(
    count: int, film_width: float, reach: float, scan_speed: float, turn_round: float, spot: float, box: float
) -> Array:
    """Share of each segment under the spot of a scanner, by box of one period (box, segment).

    reach : of the spot's middle from the middle of the web [m]; scan_speed [m/s]; turn_round [s]; spot [m]; box [s].
    The period is taken as a whole number of boxes; while the scanner turns it is blind.
    """
    traverse = 2.0 * reach / scan_speed
    half = max(round((traverse + turn_round) / box), 1)
    edges = (np.arange(count + 1) / count - 0.5) * film_width
    weights = np.zeros((2 * half, count))
    for b in range(half):
        time = (b + 0.5) * box
        if time <= traverse:
            y = reach * (2.0 * time / traverse - 1.0)
            under = np.minimum(edges[1:], y + 0.5 * spot) - np.maximum(edges[:-1], y - 0.5 * spot)
            weights[b] = np.clip(under, 0.0, None) / spot
            weights[half + b] = weights[b, ::-1]
    return weights


def line_gauge_bound(
    spreads: Sequence[Spread], pitch: float, gauge: LineGauge, weighed: Weighed | None = None, window: int = 1
) -> Remainder:
    """What is left by segment with a line gauge; by spatial modes where it sees every segment and no modes mix.

    window : samples of the footprint along the web whose mean is judged.
    """
    modes = _modes(spreads) if gauge.seen is None else None
    if modes is None:
        return _together(spreads, pitch, [gauge], weighed, window=window)
    vectors, sizes = modes
    n = vectors.shape[0]
    parts = np.zeros((len(spreads) + 1, n, n))
    open_loop = np.zeros((n, n))
    for i in range(n):
        v, own = vectors[:, i], [k for k in range(len(spreads)) if sizes[k, i] > ALIKE]
        if own:
            one = [Spread(spreads[k].component, np.array([[math.sqrt(sizes[k, i])]])) for k in own]
            left = _together(one, pitch, [LineGauge(gauge.noise, gauge.delay)], weighed, window=window)
            parts[[*own, -1]] += left.parts * np.outer(v, v)
            open_loop += left.open_loop * np.outer(v, v)
    return Remainder(tuple(one.component.name for one in spreads), parts, open_loop)


def gauges_bound(
    spreads: Sequence[Spread], pitch: float, gauges: Sequence[LineGauge | Scanner], weighed: Weighed | None = None,
    phases: int | None = 40,
) -> Remainder:  # fmt: skip
    """What is left by segment with any gauges together; a scanner's boxes are the samples.

    phases : of the scanner's period at which it is worked out.
    """
    return _together(spreads, pitch, gauges, weighed, phases)


def _together(
    spreads: Sequence[Spread], pitch: float, gauges: Sequence[LineGauge | Scanner], weighed: Weighed | None,
    phases: int | None = None, window: int = 1,
) -> Remainder:  # fmt: skip
    repeats = math.lcm(*(gauge.weights.shape[0] for gauge in gauges if isinstance(gauge, Scanner)))
    model = model_of(spreads, pitch, repeats, window)
    channels = [_channel(model, gauge) for gauge in gauges]
    if weighed is not None and weighed.component in model.names:
        rows = tuple(H[:1] for H in model.measured_of(weighed.component))
        channels.append(Channel(rows, 0.0, weighed.delay))
    return remainder(model, channels, phases)


def _channel(model: Model, gauge: LineGauge | Scanner) -> Channel:
    if isinstance(gauge, LineGauge):
        rows = model.measured if gauge.seen is None else tuple(H[gauge.seen] for H in model.measured)
        return Channel(rows, gauge.noise, gauge.delay)
    n = gauge.weights.shape[0]
    looks = [weight[None, :] if weight.any() else None for weight in gauge.weights]
    by_phase = ((looks[j % n], H) for j, H in enumerate(model.measured))
    return Channel(tuple(None if look is None else look @ H for look, H in by_phase), gauge.noise, gauge.delay)


def _modes(spreads: Sequence[Spread]) -> tuple[Array, Array] | None:
    """Eigenvectors common to all components over the segments and the size of each component in them; None where modes mix."""
    shapes = [one.pattern @ one.pattern.T for one in spreads]
    # weights that no two modes share keep apart what has equal size in one component
    whole = sum(((k + 1.0) * math.pi**-k * shape for k, shape in enumerate(shapes)), np.zeros_like(shapes[0]))
    vectors = np.linalg.eigh(whole)[1]
    sizes = np.zeros((len(shapes), vectors.shape[0]))
    for k, shape in enumerate(shapes):
        turned = vectors.T @ shape @ vectors
        sizes[k] = np.clip(np.diag(turned), 0.0, None)
        if np.abs(turned - np.diag(np.diag(turned))).max() > ALIKE * max(np.abs(turned).max(), 1e-300) * 10.0:
            return None
    return vectors, sizes
