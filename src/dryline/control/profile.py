"""Areal density across the web: slow integral correction of the distribution segments from the line gauge
profile.

The profile is summed pixel by pixel and looked at once per `every` metres; the error is mapped to the
segments by overlap, smoothed over neighbours (so that no saw tooth can build up, "picketing") and integrated
per metre of web.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ProfileParameters:
    """Tuning of the profile loop (assumed).

    `every` [m] between two looks; `smoothing` [m] of the profile along the web; `delays` is the closed-loop
    length in units of (path + smoothing); a pixel more than `plausible` [1] off the mean spoils the look.
    """

    gain_factor: float = 1.0
    every: float = 2.0
    smoothing: float = 3.0
    delays: float = 8.0
    plausible: float = 0.3


@dataclass(frozen=True)
class ProfilePlan:
    """Geometry of a side: which pixels are kept, how a pixel error maps to segments, which segments are free.

    `path` [m of line travel] from powder nip to gauge; `to_segments` (segments, kept pixels) rows sum to one;
    `nearest` (segments,) is the segment each one follows (itself if its place is measured); `limit` [1].
    """

    path: float
    kept: slice
    to_segments: Array
    nearest: NDArray[np.intp]
    free: NDArray[np.bool_]
    limit: float


class ProfileState(NamedTuple):
    """Sum of profiles since the last look and its metres; smoothed error; segment trims; flags."""

    total: Array
    metres: float
    error: Array
    trims: Array
    held: bool = True
    limited: bool = False


def kept_pixels(pixels: int, film_width: float, kept_width: float) -> slice:
    """Pixels of a full-width gauge that lie entirely within the kept width (both widths [m])."""
    pitch = film_width / pixels
    centres = (np.arange(pixels) + 0.5) * pitch - 0.5 * film_width
    kept = np.flatnonzero(np.abs(centres) + 0.5 * pitch <= 0.5 * kept_width + 1e-9)
    return slice(int(kept[0]), int(kept[-1]) + 1)


def profile_plan(
    pixels: int, segments: int, film_width: float, kept_width: float, path: float, limit: float
) -> ProfilePlan:
    """Overlap of kept pixels with segments, smoothed 1-2-1 over neighbours; segments out of sight follow."""
    kept = kept_pixels(pixels, film_width, kept_width)
    edges_p = np.linspace(-0.5, 0.5, pixels + 1) * film_width
    edges_s = np.linspace(-0.5, 0.5, segments + 1) * film_width
    overlap = np.minimum(edges_s[1:, None], edges_p[None, 1:]) - np.maximum(
        edges_s[:-1, None], edges_p[None, :-1]
    )
    overlap = np.clip(overlap, 0.0, None)[:, kept]
    free = overlap.sum(axis=1) > 0.5 * film_width / segments
    places = np.flatnonzero(free)
    nearest = places[np.abs(np.arange(segments)[:, None] - places[None, :]).argmin(axis=1)]
    means = overlap / np.where(free, overlap.sum(axis=1), 1.0)[:, None]
    means = means[nearest]
    before, after = np.roll(means, 1, axis=0), np.roll(means, -1, axis=0)
    before[0], after[-1] = means[0], means[-1]
    return ProfilePlan(path, kept, 0.25 * before + 0.5 * means + 0.25 * after, nearest, free, limit)


def start_profile(plan: ProfilePlan) -> ProfileState:
    """Start bumpless: no trim, nothing seen."""
    pixels, segments = plan.to_segments.shape[1], len(plan.nearest)
    return ProfileState(np.zeros(pixels), 0.0, np.zeros(pixels), np.zeros(segments))


def profile_step(
    p: ProfileParameters, plan: ProfilePlan, state: ProfileState, profile: Array | None, metres: float
) -> ProfileState:
    """Advance by `metres` of web with the kept pixels of this tick's `profile` [kg/m2] (None holds).

    Every `every` metres: trims -= g * to_segments @ (profile/mean - 1), g = metres / (delays (path +
    smoothing)). The trims of measured segments have zero mean and stay within the limit.
    """
    total, seen, error, trims, _, limited = state
    if profile is None or metres <= 0.0:
        return ProfileState(total, seen, error, trims, True, limited)
    total, seen = total + profile, seen + metres
    if seen < p.every:
        return ProfileState(total, seen, error, trims, False, limited)
    mean = float(total.mean())
    fresh = total / mean - 1.0 if mean > 0.0 else np.full_like(total, np.inf)
    empty = np.zeros_like(total)
    if not np.abs(fresh).max() <= p.plausible:
        return ProfileState(empty, 0.0, error, trims, True, limited)
    error = fresh + (error - fresh) * np.exp(-seen / p.smoothing)
    gain = p.gain_factor * seen / (p.delays * (plan.path + p.smoothing))
    wanted = trims - gain * (plan.to_segments @ error)
    wanted = (wanted - wanted[plan.free].mean())[plan.nearest]
    trims = np.clip(wanted, -plan.limit, plan.limit)
    return ProfileState(empty, 0.0, error, trims, False, bool((trims != wanted).any()))
