"""What a saving hangs on: one input at a time, the share of its variance that each input makes, and where a claim turns."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from dryline.studies.planning.inputs import Input, Priors

Floats = NDArray[np.float64]
STEPS = 24
"""Slices of an input in which the mean of a saving is taken for its share of variance."""
PARTS = 12
"""Parts of a range in which a turning point is looked for."""


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


Asked = Callable[[Mapping[str, float]], float]
"""Saving with some inputs changed from their centre; nan where the set-up refuses it."""


def tornado(inputs: Sequence[Input], asked: Asked, priors: Priors = "estimates") -> list[Swing]:
    """Every input moved alone over its range, the widest swing first."""
    swings = []
    for one in inputs:
        span = one.range(priors)
        if span is not None:
            ends = [asked({one.name: value}) for value in span]
            swings.append(Swing(one.name, one.about, *span, *ends))
    return sorted(swings, key=lambda swing: -swing.width if math.isfinite(swing.width) else 0.0)


def variance_shares(samples: Mapping[str, Floats], saving: Floats) -> dict[str, float]:
    """First-order share of the variance of a saving (n,) that each input (n,) explains, largest first.

    S = Var(E(saving | input)) / Var(saving), the correlation ratio over slices of equal number, less what chance alone gives
    (slices - 1)/(n - slices) of the rest: Sobol's first-order index from a given sample. Validity: independent inputs, some
    thousand samples; below 50 samples a slice the indices are uncertain by some hundredths.
    """
    total = float(np.var(saving))
    count = saving.size
    shares: dict[str, float] = {}
    slices = max(2, min(STEPS, count // 20))
    for name, values in samples.items():
        if total <= 0.0 or count < 40:
            shares[name] = math.nan
            continue
        groups = np.array_split(saving[np.argsort(values, kind="stable")], slices)
        means = np.array([float(group.mean()) for group in groups])
        sizes = np.array([group.size for group in groups])
        between = float(sizes @ (means - saving.mean()) ** 2) / count / total
        shares[name] = max(0.0, between - (1.0 - between) * (slices - 1) / max(count - slices, 1))
    return dict(sorted(shares.items(), key=lambda item: -item[1] if math.isfinite(item[1]) else 0.0))


class Turn(NamedTuple):
    """Value of an input at which a saving reaches a claim, all others at their centre: `above` says whether the claim holds
    above it; nan where the saving does not reach it in the range, and then `always` says whether the claim holds in all of it.
    """

    name: str
    about: str
    value: float
    above: bool
    always: bool


def turning_point(one: Input, asked: Asked, claim: float) -> Turn:
    """Where over the range of the estimate the saving passes a claim; the one nearest to the centre where it does so twice."""
    ends = np.linspace(one.low, one.high, PARTS + 1)
    values = np.array([asked({one.name: float(value)}) - claim for value in ends])
    known = np.isfinite(values)
    centre = one.central if one.central is not None else 0.5 * (one.low + one.high)
    crossings = [k for k in range(PARTS) if known[k] and known[k + 1] and (values[k] < 0.0) != (values[k + 1] < 0.0)]
    if not crossings:
        return Turn(one.name, one.about, math.nan, False, bool(known.any() and (values[known] >= 0.0).all()))
    k = min(crossings, key=lambda i: abs(0.5 * (ends[i] + ends[i + 1]) - centre))

    def off(value: float) -> float:
        return asked({one.name: value}) - claim

    root = float(brentq(off, float(ends[k]), float(ends[k + 1]), rtol=1e-6))
    return Turn(one.name, one.about, root, bool(values[k + 1] >= 0.0), False)
