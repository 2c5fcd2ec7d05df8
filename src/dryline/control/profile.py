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

from dryline.control.rows import Record, Rows, rows_of
from dryline.kernel import exp, law, record

Array = NDArray[np.float64]
_f, _b = np.float64, np.bool_


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


PROFILE = record(  # plan and tuning of a side; the maps stand in arrays of their own
    ("path", _f),
    ("limit", _f),
    ("gain_factor", _f),
    ("every", _f),
    ("smoothing", _f),
    ("delays", _f),
    ("plausible", _f),
)

PROFILE_STATE = record(
    ("metres", _f),  # web since the last look [m]
    ("held", _b),
    ("limited", _b),
    ("manual", _b),  # the trims are left as they are
)


class ProfileMaps(NamedTuple):
    """Rows of the sides (`PROFILE`), their pixel-to-segment maps (side, segment, kept pixel) and which segment each one
    follows (side, segment).
    """

    rows: Rows
    to_segments: Array
    nearest: NDArray[np.intp]


class ProfileState(NamedTuple):
    """Rows of the sides (`PROFILE_STATE`); sum of profiles since the last look [kg/m2] and smoothed error [1] (side, kept
    pixel); trims [1] (side, segment).
    """

    rows: Rows
    total: Array
    error: Array
    trims: Array


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


def profile_maps(p: ProfileParameters, plans: tuple[ProfilePlan, ...]) -> ProfileMaps:
    """Plans of all sides, which have the same number of pixels and of segments, as arrays."""
    return ProfileMaps(
        rows_of(PROFILE, *((plan, p) for plan in plans)),
        np.stack([plan.to_segments for plan in plans]),
        np.stack([plan.nearest for plan in plans]),
    )


def start_profiles(maps: ProfileMaps) -> ProfileState:
    """Start bumpless: no trim, nothing seen."""
    sides, segments, pixels = maps.to_segments.shape
    found = unfilled_profiles(maps)
    found.rows["held"], found.rows["limited"], found.rows["manual"], found.rows["metres"] = True, False, False, 0.0
    return ProfileState(found.rows, np.zeros((sides, pixels)), np.zeros((sides, pixels)), np.zeros((sides, segments)))


def unfilled_profiles(maps: ProfileMaps) -> ProfileState:
    """Room for the state of a tick."""
    sides, segments, pixels = maps.to_segments.shape
    shape = sides, pixels
    return ProfileState(np.empty(sides, PROFILE_STATE), np.empty(shape), np.empty(shape), np.empty((sides, segments)))


@law
def profile_step(
    p: Record, last: Record, now: Record, to_segments: Array, nearest: NDArray[np.intp], total: Array, error: Array,
    trims: Array, profile: Array, believed: bool, metres: float,
) -> None:  # fmt: skip
    """Advance a side by `metres` of web with the kept pixels of this tick's `profile` [kg/m2]; held if not `believed`.

    Every `every` metres: trims -= g * to_segments @ (profile/mean - 1), g = metres / (delays (path +
    smoothing)). The trims of measured segments have zero mean and stay within the limit. `total`, `error` and `trims`
    hold those of the last tick and are advanced.
    """
    now.metres, now.held, now.limited, now.manual = last.metres, True, last.limited, last.manual
    if not believed or metres <= 0.0:
        return
    total += profile
    now.metres, now.held = last.metres + metres, False
    if now.metres < p.every:
        return
    seen, now.metres = now.metres, 0.0
    mean, largest = 0.0, 0.0
    for i in range(len(total)):
        mean += total[i] / len(total)
    for i in range(len(total)):
        total[i] = total[i] / mean - 1.0
        largest = max(largest, abs(total[i]))
    if not (mean > 0.0 and largest <= p.plausible):
        total[:], now.held = 0.0, True
        return
    kept = exp(-seen / p.smoothing)
    for i in range(len(total)):
        error[i] = total[i] + (error[i] - total[i]) * kept
        total[i] = 0.0
    if last.manual:
        now.limited = False
        return
    gain = p.gain_factor * seen / (p.delays * (p.path + p.smoothing))
    middle, measured = 0.0, 0
    for j in range(len(trims)):
        if nearest[j] == j:
            for i in range(len(error)):
                trims[j] -= gain * to_segments[j, i] * error[i]
            middle += trims[j]
            measured += 1
    now.limited = False
    for j in range(len(trims)):
        if nearest[j] == j:
            wanted = trims[j] - middle / measured
            trims[j] = min(max(wanted, -p.limit), p.limit)
            now.limited = now.limited or trims[j] != wanted
    for j in range(len(trims)):
        trims[j] = trims[nearest[j]]
