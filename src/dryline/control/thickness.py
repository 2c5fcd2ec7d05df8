"""Film and electrode thickness: gap, tilt and bending references of the nip in front of each thickness gauge.

Three laser pairs stand behind the last thinning nip of each side and behind lamination. Their mean corrects
the gap reference, operator side minus drive side the tilt, centre minus edges the bending force (slow). All
are integrals per metre of web in velocity form. The reference is of the *loaded* gap: the drive's gaugemeter
turns it into a move of the chocks of 1/gap_transfer times as much, which is what limits how far control may
close a nip.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import NamedTuple

from dryline.control.estimates import integral_gain, moved


@dataclass(frozen=True)
class ThicknessParameters:
    """Tuning of the gap loops (assumed).

    `closed_loop` in units of the delay: 2 stands a response 3 times the nominal one. `gap_range` [m] and
    `gap_range_share` [1] of the film bound the trim of the loaded gap, `chock_range` [m] the same at the
    chocks; `gap_rate` [m/s]; `gaugemeter` [1] is the compensation the drive is assumed to run (the loop
    stands 0 to 1); `tilt_range` [m], `tilt_rate` [m/s] at the chocks; `tilt_delays`, `bending_delays`:
    closed-loop length in units of (path + smoothing); `bending_range` [1] of the largest force; `smoothing`
    [m] of the shape signals (some roll turns: run-out must not look like tilt); `sampling` [s] between a move
    and the first reading that can show it; `plausible` [m] a reading further off target is not believed;
    below `speed_min` [m/s] the loops hold.
    """

    gain_factor: float = 1.0
    closed_loop: float = 2.0
    gap_range: float = 30e-6
    gap_range_share: float = 0.15
    chock_range: float = 120e-6
    gap_rate: float = 1e-6
    gaugemeter: float = 0.5
    tilt_range: float = 30e-6
    tilt_rate: float = 2e-6
    tilt_delays: float = 4.0
    bending_delays: float = 12.0
    bending_range: float = 0.25
    smoothing: float = 5.0
    sampling: float = 0.3
    plausible: float = 60e-6
    speed_min: float = 2.0 / 60.0


@dataclass(frozen=True)
class GapPlan:
    """One gauge and the nip in front of it, nominal figures.

    `path` [m of line travel] from nip to gauge; `target` thickness at the gauge [m]; `gap`, `gap_low`,
    `gap_high` [m] loaded-gap reference at set-up and its bounds; `response` d(thickness)/d(gap reference)
    [1]; `tilt_response` d(operator minus drive reading)/d(tilt reference) [1]; `bending_force` [N] at set-up
    with bounds, and `bending_response` d(centre minus edges)/d(force) [m/N], negative: bending closes the
    centre (0: no bending). `acts` False: the gauge is read, but moves nothing.
    """

    nip: str
    path: float
    target: float
    gap: float
    gap_low: float
    gap_high: float
    response: float
    tilt_response: float
    bending_force: float
    bending_low: float
    bending_high: float
    bending_response: float
    acts: bool = True


class GapState(NamedTuple):
    """References in force and what was measured: mean, operator minus drive, centre minus edges [m]."""

    gap: float
    tilt: float
    bending_force: float
    mean: float | None = None
    wedge: float | None = None
    bow: float | None = None
    held: bool = True
    gap_limited: bool = False
    tilt_limited: bool = False
    bending_limited: bool = False


def gap_bounds(
    p: ThicknessParameters, gap: float, film: float, gap_transfer: float, margin: float, margin_min: float
) -> tuple[float, float]:
    """Lowest and highest loaded-gap reference [m].

    The trim is at most `gap_range`, `gap_range_share` of the film and what moves the chocks by `chock_range`;
    closing also keeps the contact margin. The chocks move `gap_response` / gap_transfer times as much as the reference:
    the loaded gap answers with the response, and the chocks move 1 / gap_transfer times as much as the loaded gap.
    """
    chocks = gap_transfer / gap_response(gap_transfer, p.gaugemeter)
    reach = min(p.gap_range, p.gap_range_share * film, p.chock_range * chocks)
    return gap - min(reach, max(margin - margin_min, 0.0) * chocks), gap + reach


def gap_response(gap_transfer: float, gaugemeter: float) -> float:
    """d(loaded gap)/d(reference) of a nip whose drive compensates the share `gaugemeter` of its stretch [1].

    M/(M+Q) with M/(1 - c_g) in place of M: 1/(1 + (1 - c_g)(1/gap_transfer - 1)); textbook (BISRA).
    """
    return 1.0 / (1.0 + (1.0 - gaugemeter) * (1.0 / gap_transfer - 1.0))


def tilt_response(gap_transfer: float, width: float, bearing_distance: float, spacing: float) -> float:
    """d(operator minus drive thickness over `spacing` [m])/d(tilt of the chocks) [1].

    A film of `width` resists tilt by Q width^2/12, the housings by M bearing_distance^2/4, Q/M =
    1/gap_transfer - 1.
    """
    stiffness = (1.0 / gap_transfer - 1.0) * width**2 / (3.0 * bearing_distance**2)
    return spacing / bearing_distance / (1.0 + stiffness)


def start_gap(plan: GapPlan) -> GapState:
    """Start bumpless from the set-up."""
    return GapState(plan.gap, 0.0, plan.bending_force)


def gap_step(
    p: ThicknessParameters,
    plan: GapPlan,
    state: GapState,
    pairs: tuple[float, float, float] | None,
    speed: float,
    dt: float,
) -> GapState:
    """Advance gap, tilt and bending by one tick with (drive, centre, operator) thickness [m]; None holds."""
    if pairs is None or speed < p.speed_min:
        return state._replace(held=True, gap_limited=False, tilt_limited=False, bending_limited=False)
    drive, centre, operator = pairs
    mean = (drive + centre + operator) / 3.0
    low, high = plan.target - p.plausible, plan.target + p.plausible
    if not (low < drive < high and low < centre < high and low < operator < high):
        return state._replace(held=True, gap_limited=False, tilt_limited=False, bending_limited=False)
    metres = speed * dt
    kept = exp(-metres / p.smoothing)
    wedge, bow = operator - drive, centre - 0.5 * (drive + operator)
    wedge = wedge if state.wedge is None else wedge + (state.wedge - wedge) * kept
    bow = bow if state.bow is None else bow + (state.bow - bow) * kept

    if not plan.acts:
        return state._replace(mean=mean, wedge=wedge, bow=bow, held=False)
    share = p.gain_factor * metres * integral_gain(plan.path + p.sampling * speed, p.closed_loop)
    wanted = state.gap + share * (plan.target - mean) / plan.response
    gap, gap_limited = moved(state.gap, wanted, p.gap_rate * dt, plan.gap_low, plan.gap_high)

    share = p.gain_factor * metres / (plan.path + p.smoothing)
    wanted = state.tilt - share / p.tilt_delays * wedge / plan.tilt_response
    tilt, tilt_limited = moved(state.tilt, wanted, p.tilt_rate * dt, -p.tilt_range, p.tilt_range)

    force, force_limited = state.bending_force, False
    if plan.bending_response != 0.0:
        wanted = force - share / p.bending_delays * bow / plan.bending_response
        span = plan.bending_high - plan.bending_low
        force, force_limited = moved(force, wanted, span, plan.bending_low, plan.bending_high)
    return GapState(gap, tilt, force, mean, wedge, bow, False, gap_limited, tilt_limited, force_limited)
