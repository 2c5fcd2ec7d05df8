"""What a saving hangs on: one input at a time, the share of its variance that each input makes, and where a claim turns."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dryline.studies.planning.inputs import Input, Priors
from dryline.studies.planning.outcomes import Key

Floats = NDArray[np.float64]
STEPS = 24
"""Slices of an input in which the mean of a saving is taken for its share of variance."""
CERTAIN = 0.03
"""A share of variance below it may be chance: three times sqrt(2 (slices - 1))/n, its scatter where there is none, at n = 700."""
PARTS = 200
"""Parts of a range in which a turning point is looked for."""


Moved = Callable[[str, Floats], Mapping[Key, Floats]]
"""Savings of every key at values (n,) of one input, all others at their centre: arrays (n,), nan where the set-up refuses it."""


class Swing(NamedTuple):
    """Saving with one input at its low and at its high end, all others at their centre; nan where the set-up refuses it."""

    name: str
    about: str
    low_input: float
    high_input: float
    low: float
    high: float

    @property
    def width(self) -> float:
        """How far the saving moves."""
        return abs(self.high - self.low)


def tornado(inputs: Sequence[Input], moved: Moved, keys: Sequence[Key], priors: Priors = "estimates") -> dict[Key, list[Swing]]:
    """Every input moved alone over its range, the widest swing first."""
    swings: dict[Key, list[Swing]] = {key: [] for key in keys}
    for one in inputs:
        span = one.range(priors)
        if span is None:
            continue
        savings = moved(one.name, np.array(span))
        for key in keys:
            low, high = savings[key].tolist()
            swings[key].append(Swing(one.name, one.about, *span, low, high))
    for own in swings.values():
        own.sort(key=lambda swing: -swing.width if math.isfinite(swing.width) else 0.0)
    return swings


def variance_shares(samples: Mapping[str, Floats], savings: Mapping[Key, Floats]) -> dict[Key, dict[str, float]]:
    """First-order share of the variance of each saving (n,) that each input (n,) explains, largest first.

    S = Var(E(saving | input)) / Var(saving), the correlation ratio over slices of equal number, less what chance alone gives
    (slices - 1)/(n - slices) of the rest: Sobol's first-order index from a given sample. Validity: independent inputs, some
    thousand samples; below 50 samples a slice the indices are uncertain by some hundredths.
    """
    order = {name: np.argsort(values, kind="stable") for name, values in samples.items()}
    found: dict[Key, dict[str, float]] = {}
    for key, saving in savings.items():
        shares = {name: _share(saving[by], float(np.var(saving))) for name, by in order.items()}
        found[key] = dict(sorted(shares.items(), key=lambda item: -item[1] if math.isfinite(item[1]) else 0.0))
    return found


def _share(saving: Floats, variance: float) -> float:
    """Share of the variance of a saving (n,), sorted by an input, that the input explains; nan of one that does not vary."""
    count = saving.size
    if variance <= 0.0 or count < 40:
        return math.nan
    slices = max(2, min(STEPS, count // 20))
    groups = np.array_split(saving, slices)
    means = np.array([float(group.mean()) for group in groups])
    sizes = np.array([group.size for group in groups])
    between = float(sizes @ (means - saving.mean()) ** 2) / count / variance
    return max(0.0, between - (1.0 - between) * (slices - 1) / max(count - slices, 1))


class Turn(NamedTuple):
    """Value of an input at which a saving reaches a claim, all others at their centre: `above` says whether the claim holds
    above it; nan where the saving does not reach it in the range, and then `always` says whether the claim holds in all of it.
    """

    name: str
    about: str
    value: float
    above: bool
    always: bool


def turning_points(one: Input, moved: Moved, claims: Mapping[Key, float]) -> dict[Key, Turn]:
    """Where over the range of the estimate each saving passes its claim, by straight lines between PARTS points; the crossing
    nearest to the centre where there are several.
    """
    ends = np.linspace(one.low, one.high, PARTS + 1)
    centre = one.central if one.central is not None else 0.5 * (one.low + one.high)
    savings = moved(one.name, ends)
    return {key: _turn(one, ends, savings[key] - claim, centre) for key, claim in claims.items()}


def _turn(one: Input, ends: Floats, over: Floats, centre: float) -> Turn:
    known = np.isfinite(over)
    both = known[:-1] & known[1:]
    crossings = np.flatnonzero(both & ((over[:-1] < 0.0) != (over[1:] < 0.0)))
    if not crossings.size:
        return Turn(one.name, one.about, math.nan, False, bool(known.any() and (over[known] >= 0.0).all()))
    k = int(crossings[np.argmin(np.abs(0.5 * (ends[crossings] + ends[crossings + 1]) - centre))])
    value = ends[k] - over[k] * (ends[k + 1] - ends[k]) / (over[k + 1] - over[k])
    return Turn(one.name, one.about, float(value), bool(over[k + 1] >= 0.0), False)
