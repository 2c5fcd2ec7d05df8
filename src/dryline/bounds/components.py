"""Disturbances along the web as sums of components, and as one linear model with latent states of unit variance.

A component is a scalar course along the web with a spread over places across it: value (x) = spread f(x). Two kinds of f:

- `Wandering`: Ornstein-Uhlenbeck, correlation e^(-|x|/L_c);
- `Sampled`: white samples on a grid along the web, held or linear in between, with the mean square of the samples.

The model steps from sample to sample of the gauge, x' = A_j x + w, d = H_j x; j is the phase within a period, as a grid coarser
than the samples repeats only with its own pitch. All lengths in metres of web. Source: state-space form, textbook.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LINEAR = math.sqrt(1.5)
"""Gain that gives values linear between white samples the mean square of the samples."""


@dataclass(frozen=True)
class Wandering:
    """First-order component: standard deviation `sigma` and correlation length [m]."""

    name: str
    sigma: float
    length: float


@dataclass(frozen=True)
class Sampled:
    """White component with samples every `pitch` [m] of standard deviation `sigma`, `linear` between them or held."""

    name: str
    sigma: float
    pitch: float
    linear: bool = True


Component = Wandering | Sampled


@dataclass(frozen=True)
class Spread:
    """A component over places: `pattern` (places, factors); the factors are independent courses of unit variance.

    A covariance S over places is given as any pattern with pattern pattern' = S; what is common to all places as a column of
    ones.
    """

    component: Component
    pattern: Array

    @property
    def covariance(self) -> Array:
        """Covariance over places in open loop, mean along the web."""
        found: Array = self.component.sigma**2 * self.pattern @ self.pattern.T
        return found


@dataclass(frozen=True)
class Model:
    """Latent states of all components: transition, driving noise per component and outputs by phase.

    `transition`, `driven`, `measured` and `judged` have an entry a phase: the step into it, the variance of what drives that
    step (component, state), what a gauge sees there and what the web is judged by (place, state). `block`: states of each
    component; `still`: covariance of the states in open loop by component (component, state, state), an entry a phase or one
    for all.
    """

    names: tuple[str, ...]
    period: int
    transition: tuple[Array, ...]
    driven: tuple[Array, ...]
    measured: tuple[Array, ...]
    judged: tuple[Array, ...]
    block: tuple[slice, ...]
    still: tuple[Array, ...]

    def measured_of(self, name: str) -> tuple[Array, ...]:
        """What is seen by phase of one component alone."""
        at = self.block[self.names.index(name)]
        only = np.zeros(self.transition[0].shape[0])
        only[at] = 1.0
        return tuple(matrix * only for matrix in self.measured)

    def open_loop(self, phase: int) -> Array:
        """Covariance of the states without any control at a phase, by component."""
        return self.still[phase % len(self.still)]


def samples_of(pitch: float, grid: float) -> int:
    """Samples of the gauge in an interval of a grid (both [m]), at least one."""
    return max(round(grid / pitch), 1)


def model_of(spreads: Sequence[Spread], pitch: float, repeats: int = 1, window: int = 1) -> Model:
    """Model of a sum of components at gauge samples every `pitch` [m]; its period holds `repeats` samples or a multiple.

    window : samples of the footprint whose mean is judged. A grid is taken as a whole number of samples.
    """
    if not pitch > 0.0:
        raise ValueError(f"a sample pitch of {pitch} m must be positive")
    grids = [samples_of(pitch, s.component.pitch) for s in spreads if isinstance(s.component, Sampled)]
    period = math.lcm(repeats, *grids)
    blocks, n = [], 0
    for one in spreads:
        width = one.pattern.shape[1] * (2 if isinstance(one.component, Sampled) and one.component.linear else 1)
        blocks.append(slice(n, n + width))
        n += width
    start = np.zeros((len(spreads), n, n))
    for k, at in enumerate(blocks):
        start[k][at, at] = np.eye(at.stop - at.start)
    transition, driven, output = [], [], []
    for j in range(period):
        A, Q, H = np.eye(n), np.zeros((len(spreads), n)), np.zeros((spreads[0].pattern.shape[0], n))
        for k, (one, at) in enumerate(zip(spreads, blocks, strict=True)):
            _step(one.component, one.pattern, j, pitch, A[at, at], Q[k, at], H[:, at])
        transition.append(A)
        driven.append(Q)
        output.append(H)
    names = tuple(one.component.name for one in spreads)
    model = Model(names, period, tuple(transition), tuple(driven), tuple(output), tuple(output), tuple(blocks), (start,))
    return model if window == 1 else _averaged(model, window)


def _averaged(model: Model, window: int) -> Model:
    """The model judged by the mean of so many samples: the samples before the last are states of their own."""
    n, places = model.transition[0].shape[0], model.measured[0].shape[0]
    past = (window - 1) * places
    shift = np.eye(past, k=-places)
    transition, judged = [], []
    for j in range(model.period):
        last = np.zeros((past, n))
        last[:places] = model.measured[j - 1]
        transition.append(np.block([[model.transition[j], np.zeros((n, past))], [last, shift]]))
        judged.append(np.hstack([model.measured[j], np.tile(np.eye(places), window - 1)]) / window)
    driven = tuple(np.pad(Q, ((0, 0), (0, past))) for Q in model.driven)
    P = np.pad(model.still[0], ((0, 0), (0, past), (0, past)))
    still = []
    # whole periods until the oldest sample is one of this model, then one to keep
    steps = (math.ceil(window / model.period) + 1) * model.period
    for step in range(steps):
        A = transition[step % model.period]
        P = A @ P @ A.T
        P[:, np.arange(n), np.arange(n)] += driven[step % model.period][:, :n]
        if step >= steps - model.period:
            still.append(P)
    measured = tuple(np.pad(H, ((0, 0), (0, past))) for H in model.measured)
    return Model(
        model.names, model.period, tuple(transition), driven, measured, tuple(judged), model.block, tuple(still)
    )  # fmt: skip


def _step(component: Component, pattern: Array, phase: int, pitch: float, A: Array, Q: Array, H: Array) -> None:
    """Fill in a component's part of the step into a phase and of the output at it."""
    if isinstance(component, Wandering):
        keep = math.exp(-pitch / component.length)
        A *= keep
        Q[:] = 1.0 - keep * keep
        H[:] = component.sigma * pattern
        return
    count = samples_of(pitch, component.pitch)
    factors = pattern.shape[1]
    new = phase % count == 0
    if not component.linear:
        H[:] = component.sigma * pattern
        if new:
            A[:] = 0.0
            Q[:] = 1.0
        return
    later = (phase % count + 0.5) / count
    H[:, :factors] = LINEAR * component.sigma * (1.0 - later) * pattern
    H[:, factors:] = LINEAR * component.sigma * later * pattern
    if new:
        A[:] = np.eye(2 * factors, k=factors)
        Q[factors:] = 1.0
