"""Bound of a scalar quality along the web: gauge noise, delay, several components, feed-forward, and gauges that come by.

What is left of d = sum of components when it is measured as d + noise at samples along the web and can be compensated k samples
later at the earliest: the steady-state prediction variance of `filtering`. Exact for a linear plant; lengths in metres of web.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dryline.bounds.components import Component, Spread, model_of
from dryline.bounds.filtering import Channel, Remainder, remainder


@dataclass(frozen=True)
class FeedForward:
    """A measurement of one component alone, `delay` samples before it is acted upon (0: in time); noise a sample."""

    component: str
    noise: float
    delay: int = 0


def prediction_bound(
    components: Sequence[Component], pitch: float, delay: int, noise: float, seen: Sequence[bool] = (True,),
    feed_forward: Sequence[FeedForward] = (), window: int = 1,
) -> Remainder:  # fmt: skip
    """What is left of a sum of components measured every `pitch` [m] and compensated `delay` samples later.

    noise: standard deviation of a gauge sample, in the unit of the components; seen: which samples of a pattern that repeats
    the gauge sees (a scanner comes by a lane once a traverse, and a gauge that sees none leaves the feed-forward alone);
    window: samples of the footprint whose mean is judged.
    """
    if delay < 0:
        raise ValueError(f"a delay of {delay} samples must not be negative")
    model = model_of([Spread(one, np.ones((1, 1))) for one in components], pitch, len(seen), window)
    rows = tuple(H if seen[j % len(seen)] else None for j, H in enumerate(model.measured))
    channels = [Channel(rows, noise, delay)] if any(seen) else []
    channels += [Channel(model.measured_of(one.component), one.noise, one.delay) for one in feed_forward]
    return remainder(model, channels)
