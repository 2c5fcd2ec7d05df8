"""Areal mass across the web: a Kalman filter for each segment of the distributor, and trims that cancel what it expects.

A segment errs by a static part (slow random walk) and by a part that fades with a correlation time (first order). The filter
works on web: a reading is held against the trims that were in force when that web was laid (delay line), so the trims' own
effect is no news, whatever the delay. Line gauge pixels and the boxes of the scanner are alike to it, one measurement of the
segments under them; what nobody sees is not measured. The static part is cancelled whole, the fading part by what of it is left
after the way from the powder nip to the gauge: the gain follows from amplitude, correlation time and noise, it is not tuned.

A trim reaches its neighbours, since the distributor spreads powder between the middles of its segments. The trims solve the
regularised least squares of that response, so a saw tooth cannot grow between neighbours; their mean is zero, they leave the
areal mass of the side alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dryline.control.delay_line import send_row, sent_row
from dryline.control.estimates import handed_over
from dryline.control.profile import ProfilePlan
from dryline.control.rows import Record, Rows
from dryline.kernel import exp, kernel, law, record

Array = NDArray[np.float64]
_f, _b = np.float64, np.bool_
ROW_PITCH = 0.25
"""Cell of the delay line of the trims [m]."""
STATIC, FADING, P_SS, P_SF, P_FF = range(5)
"""State of a segment: both parts [1] and their covariance."""


@dataclass(frozen=True)
class AcrossParameters:
    """Nominal figures of the distribution and its gauges (assumed).

    `static_error` [1] at a start and `static_walk` [1/sqrt(s)]; `fading_error` [1] and `fading_time` [s]; `pixel_noise` [1] of a
    line gauge pixel, `granule_noise` [1] of a segment in a tick of `granule_length` [m] of web; `spot_noise` [1] of the
    scanner's boxes of a tick, to which foil and what is not known of the mean are added; `blind` [m] of web after which a side
    without its line gauge takes the scanner; `stiffness` [1] of the trims (regularisation); `plausible` [1].
    """

    static_error: float = 0.007
    static_walk: float = 1.5e-5
    fading_error: float = 0.0025
    fading_time: float = 10.0
    pixel_noise: float = 0.001
    granule_noise: float = 5e-4
    granule_length: float = 0.1
    spot_noise: float = 0.001
    blind: float = 10.0
    stiffness: float = 0.01
    plausible: float = 0.3


ACROSS = record(
    ("static_error", _f), ("static_walk", _f), ("fading_error", _f), ("fading_time", _f), ("pixel_noise", _f),
    ("granule_noise", _f), ("granule_length", _f), ("spot_noise", _f), ("blind", _f), ("plausible", _f), ("areal_mass", _f),
    ("spot", _f), ("width", _f), ("closed_loop_length", _f),
)  # fmt: skip

ACROSS_SIDE = record(("to_gauge", _f), ("to_draw", _f), ("to_scanner", _f), ("ratio", _f), ("limit", _f))

ACROSS_STATE = record(
    ("unseen", _f),  # web since the line gauge was believed [m]
    ("spread", _f),  # standard deviation of the last profile that was believed [1]
    ("handing", _f),  # web over which the trims are still handed over [film metres]
    ("held", _b),
    ("limited", _b),
    ("manual", _b),  # the trims are left as they are
)


class AcrossMaps(NamedTuple):
    """Maps of the width, the same for all sides: `first` (segment) kept pixel of each segment and `means` (segment, pixel from
    there) whose rows add up to one, zero for segments out of sight; `noise` (segment) share of a pixel's variance in it;
    `spread` (segment, 3) by how much the trims of a segment and its neighbours show in it, and `level` (segment) in the mean over
    all; `trims` (segment, segment) that cancel errors of one.
    """

    first: NDArray[np.intp]
    means: Array
    noise: Array
    spread: Array
    level: Array
    trims: Array


def across_maps(plan: ProfilePlan, pixels: int, segments: int, stiffness: float) -> AcrossMaps:
    """Maps of a film with so many `pixels` of a line gauge and `segments` of a distributor over its width."""
    edges_p, edges_s = np.linspace(0.0, 1.0, pixels + 1), np.linspace(0.0, 1.0, segments + 1)
    overlap = np.minimum(edges_s[1:, None], edges_p[None, 1:]) - np.maximum(edges_s[:-1, None], edges_p[None, :-1])
    overlap = np.clip(overlap, 0.0, None)[:, plan.kept]
    overlap[overlap < 1e-9] = 0.0
    means = np.where(plan.free[:, None], overlap / np.maximum(overlap.sum(axis=1), 1e-12)[:, None], 0.0)
    places = 0.5 * (edges_p[1:] + edges_p[:-1])[plan.kept] * segments - 0.5
    tents = np.clip(1.0 - np.abs(np.clip(places, 0.0, segments - 1.0)[:, None] - np.arange(segments)), 0.0, None)
    follow = np.zeros((segments, segments))  # segments out of sight follow the nearest one in sight
    follow[np.arange(segments), plan.nearest] = 1.0
    free = np.flatnonzero(plan.free)
    own, level = follow[:, free], tents.mean(axis=0)
    reached = (means @ tents)[free] @ own - level @ own
    solved = -np.linalg.solve(reached.T @ reached + stiffness * np.eye(len(free)), reached.T)
    solved -= level @ own @ solved / (level @ own).sum()
    trims = np.zeros((segments, segments))
    trims[:, free] = own @ solved
    shown, wide = np.pad(means @ tents, ((0, 0), (1, 1))), np.arange(segments)
    spread = np.stack([shown[wide, wide + n] for n in range(3)], axis=1)
    first = np.argmax(means > 0.0, axis=1)
    reach = int((means > 0.0).sum(axis=1).max())
    first = np.minimum(first, means.shape[1] - reach)
    cut = np.stack([means[j, first[j] : first[j] + reach] for j in range(segments)])
    return AcrossMaps(first, cut, (means**2).sum(axis=1), spread, level, trims)


@law
def fade(p: Record, s: np.ndarray, dt: float, kept: float) -> None:
    """Let a segment's errors drift for a tick dt [s], its fading part keeping the share `kept`."""
    s[FADING] *= kept
    s[P_SF] *= kept
    s[P_FF] = s[P_FF] * kept * kept + p.fading_error * p.fading_error * (1.0 - kept * kept)
    s[P_SS] += p.static_walk * p.static_walk * dt


@law
def learn(s: np.ndarray, weight: float, spread: float, innovation: float) -> None:
    """Kalman update of a segment by a measurement that holds it with a `weight`, and whose whole variance is `spread`."""
    a, b = (s[P_SS] + s[P_SF]) * weight, (s[P_SF] + s[P_FF]) * weight
    s[STATIC] += a / spread * innovation
    s[FADING] += b / spread * innovation
    s[P_SS] -= a * a / spread
    s[P_SF] -= a * b / spread
    s[P_FF] -= b * b / spread


@law
def scanner_way(side: Record) -> float:
    """Film metres from the powder nip of a side to the scanner."""
    return float(side.to_draw + side.to_scanner * side.ratio)


@law
def variance(s: np.ndarray) -> float:
    """Variance of what a segment errs by."""
    return float(s[P_SS] + 2.0 * s[P_SF] + s[P_FF])


@law
def shows(spread: np.ndarray, level: np.ndarray, trims: np.ndarray, out: np.ndarray) -> None:
    """By how much trims show in each segment [1], relative to the mean over the kept width."""
    mean, last = 0.0, trims.size - 1
    for j in range(trims.size):
        mean += level[j] * trims[j]
    for j in range(trims.size):
        out[j] = spread[j, 1] * trims[j] - mean
        out[j] += spread[j, 0] * trims[max(j - 1, 0)] + spread[j, 2] * trims[min(j + 1, last)]


@kernel
def across(
    shared: Rows, sides: Rows, maps: AcrossMaps, last: Rows, now: Rows, along: Rows, before: Rows, line: np.ndarray,
    state: np.ndarray, trims: np.ndarray, profiles: np.ndarray, coating: float, position: float, dt: float,
) -> None:  # fmt: skip
    """Advance the profile of all sides by one tick; line, state and trims are those of the new state.

    along, before: `machine_direction.SIDE_STATE` after and before the tick, for the places of the web and its speed; line
    (side, cell, segment): trims in the delay line; state (side, segment, part); coating under the spot over what was expected
    there [1]; position [m] of the spot from the middle.
    """
    p = shared[0]
    segments = trims.shape[1]
    old, shown, error = np.empty(segments), np.empty(segments), np.empty(segments)
    travels = np.empty(len(sides))
    kept = exp(-dt / p.fading_time)
    for k in range(len(sides)):
        side, row, place = sides[k], now[k], before[k].place
        travel = along[k].place - place
        travels[k] = travel
        row.unseen, row.spread, row.held, row.limited = last[k].unseen + travel, last[k].spread, True, last[k].limited
        row.manual, row.handing = last[k].manual, p.closed_loop_length if last[k].manual else last[k].handing
        for j in range(segments):
            fade(p, state[k, j], dt, kept)
        if travel <= 0.0 or side.limit <= 0.0:
            continue
        send_row(line[k], place, travel, trims[k], ROW_PITCH)
        mean, spread, largest = 0.0, 0.0, 0.0
        for i in range(profiles.shape[1]):
            mean += profiles[k, i] / profiles.shape[1]
        for i in range(profiles.shape[1]):
            relative = abs(profiles[k, i] / mean - 1.0)
            spread += relative * relative / profiles.shape[1]
            largest = max(largest, relative)
        if mean > 0.0 and largest <= p.plausible:
            row.unseen, row.held, row.spread = 0.0, False, spread**0.5
            sent_row(line[k], place - before[k].way * side.to_gauge, travel, ROW_PITCH, old)
            shows(maps.spread, maps.level, old, shown)
            granules = p.granule_noise * p.granule_noise * max(p.granule_length / travel, 1.0)
            for j in range(segments):
                if maps.noise[j] > 0.0:
                    total = 0.0
                    for i in range(maps.means.shape[1]):
                        total += maps.means[j, i] * profiles[k, maps.first[j] + i]
                    one = state[k, j]
                    whole = variance(one) + granules + p.pixel_noise * p.pixel_noise * maps.noise[j]
                    learn(one, 1.0, whole, total / mean - 1.0 - shown[j] - one[STATIC] - one[FADING])
    # the scanner sees the mean of all sides: sides that have no other gauge share what it says by how little they are known
    if not isnan(coating + position):
        low = (position - 0.5 * p.spot) / p.width * segments + 0.5 * segments
        high = (position + 0.5 * p.spot) / p.width * segments + 0.5 * segments
        first, end, share = max(int(low), 0), min(int(high) + 1, segments), 1.0 / len(sides)
        rest, whole = coating - 1.0, p.spot_noise * p.spot_noise
        for k in range(len(sides)):
            sent_row(line[k], before[k].place - before[k].way * scanner_way(sides[k]), travels[k], ROW_PITCH, old)
            shows(maps.spread, maps.level, old, shown)
            for j in range(first, end):
                weight = share * (min(high, j + 1.0) - max(low, float(j))) / (high - low)
                rest -= weight * (state[k, j, STATIC] + state[k, j, FADING] + shown[j])
                whole += weight * weight * variance(state[k, j])
        for k in range(len(sides)):
            blind = travels[k] > 0.0 and sides[k].limit > 0.0 and now[k].unseen > p.blind
            if blind and abs(rest) <= p.plausible:
                now[k].held = False
                for j in range(first, end):
                    if maps.noise[j] > 0.0:
                        learn(state[k, j], share * (min(high, j + 1.0) - max(low, float(j))) / (high - low), whole, rest)
    for k in range(len(sides)):
        side = sides[k]
        if travels[k] <= 0.0 or side.limit <= 0.0:
            continue
        delay = along[k].way * (side.to_gauge if now[k].unseen <= p.blind else scanner_way(side))
        left = exp(-min(delay / (p.fading_time * max(along[k].speed, 1e-3)), 600.0))
        for j in range(segments):
            error[j] = state[k, j, STATIC] + left * state[k, j, FADING]
        now[k].limited = False
        if now[k].manual:
            continue
        now[k].handing = max(last[k].handing - travels[k], 0.0)
        for j in range(segments):
            wanted = 0.0
            for i in range(segments):
                wanted += maps.trims[j, i] * error[i]
            bounded = min(max(wanted, -side.limit), side.limit)
            trims[k, j] = handed_over(trims[k, j], bounded, travels[k], last[k].handing)
            now[k].limited = now[k].limited or bounded != wanted
