"""Film and electrode thickness: error of the gap's zero, tilt and bending of the nip in front of each thickness gauge.

The loaded gap is a reference of the set-up and stays there; what control learns is by how much the nip misses it. Three
laser pairs stand behind the last thinning nip of each side and behind lamination. The mean over the width that they tell of
(their own, and what bent and unevenly hot rolls make between them), less the spring-back that
the measured force explains, says where the loaded gap was, and moves the `correction` of the drive; operator side minus
drive side moves the tilt, centre minus edges the bending force (slow). So a film with more powder in it does not open or
close the nip: its force grows, and with it the spring-back that is expected. All are integrals per metre of web in velocity
form. The drive's gaugemeter turns a correction of the *loaded* gap into a move of the chocks of up to 1/gap_transfer times
as much, which is what limits how far control may close a nip.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, isnan, nan, pi, sin

import numpy as np

from dryline.control.estimates import integral_gain, moved, smoothed
from dryline.control.rows import Record, Rows
from dryline.kernel import law, record

_f, _b = np.float64, np.bool_


@dataclass(frozen=True)
class ThicknessParameters:
    """Tuning of the gap loops (assumed).

    `closed_loop` in units of the delay: 2 stands a response 3 times the nominal one. `gap_range` [m] and
    `gap_range_share` [1] of the film bound the correction of the loaded gap, `chock_range` [m] the same at the
    chocks; `gap_rate` [m/s]; `tilt_range` [m], `tilt_rate` [m/s] at the chocks; `tilt_delays`, `bending_delays`:
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
    tilt_range: float = 30e-6
    tilt_rate: float = 2e-6
    tilt_delays: float = 2.0
    bending_delays: float = 6.0
    bending_range: float = 0.9
    smoothing: float = 5.0
    sampling: float = 0.3
    plausible: float = 60e-6
    speed_min: float = 2.0 / 60.0


@dataclass(frozen=True)
class GapPlan:
    """One gauge and the nip in front of it, nominal figures.

    `path` [m of line travel] from nip to gauge; `target` thickness at the gauge [m]; `gap` [m] loaded-gap reference;
    `correction_low`, `correction_high` [m] bounds of its correction; `response` d(thickness)/d(correction) [1] at one
    spring-back; `force` [N] at set-up and `spring` d(thickness)/d(force) [m/N] at one loaded gap; `tilt_response`
    d(operator minus drive reading)/d(tilt reference) [1]; `bending_force` [N] at set-up with bounds,
    and `bending_response` d(centre minus edges)/d(force) [m/N], negative: bending closes the
    centre (0: no bending). `load_response` d(centre minus edges)/d(force of the nip) [m/N]; `bend_mean`, `heat_mean` [1]: mean
    over the kept width less mean of the three pairs, per centre minus edges, of a film that bent rolls and one that unevenly hot
    rolls leave (`beyond_pairs`). `acts` False: the gauge is read, but moves nothing. `mode` of the nip: gap or force.
    """

    nip: str
    path: float
    target: float
    gap: float
    correction_low: float
    correction_high: float
    response: float
    force: float
    spring: float
    tilt_response: float
    bending_force: float
    bending_low: float
    bending_high: float
    bending_response: float
    load_response: float = 0.0
    bend_mean: float = 0.0
    heat_mean: float = 0.0
    acts: bool = True
    mode: str = "gap"


GAP = record(  # plan and tuning of a gauge with its nip
    ("path", _f),
    ("target", _f),
    ("correction_low", _f),
    ("correction_high", _f),
    ("response", _f),
    ("force", _f),
    ("spring", _f),
    ("tilt_response", _f),
    ("bending_low", _f),
    ("bending_high", _f),
    ("bending_response", _f),
    ("bending_force", _f),
    ("load_response", _f),
    ("bend_mean", _f),
    ("heat_mean", _f),
    ("acts", _b),
    ("gain_factor", _f),
    ("closed_loop", _f),
    ("gap_rate", _f),
    ("tilt_range", _f),
    ("tilt_rate", _f),
    ("tilt_delays", _f),
    ("bending_delays", _f),
    ("smoothing", _f),
    ("sampling", _f),
    ("plausible", _f),
    ("speed_min", _f),
)

GAP_STATE = record(
    ("correction", _f),  # of the loaded gap [m]
    ("tilt", _f),  # [m]
    ("bending_force", _f),  # [N]
    ("thickness", _f),  # measured: mean over the width, operator minus drive, centre minus edges [m]
    ("wedge", _f),
    ("bow", _f),
    ("load", _f),  # force, filtered over the path to the gauge [N]
    ("held", _b),
    ("gap_limited", _b),
    ("tilt_limited", _b),
    ("bending_limited", _b),
    ("gap_manual", _b),  # left as they are
    ("tilt_manual", _b),
    ("bending_manual", _b),
)


def correction_bounds(
    p: ThicknessParameters, film: float, gap_transfer: float, gaugemeter: float, margin: float, margin_min: float
) -> tuple[float, float]:
    """Lowest and highest correction of the loaded gap [m].

    It is at most `gap_range`, `gap_range_share` of the film and what moves the chocks by `chock_range`;
    closing also keeps the contact margin. The chocks move `gap_response` / gap_transfer times as much as the reference:
    the loaded gap answers with the response, and the chocks move 1 / gap_transfer times as much as the loaded gap.
    """
    chocks = gap_transfer / gap_response(gap_transfer, gaugemeter)
    reach = min(p.gap_range, p.gap_range_share * film, p.chock_range * chocks)
    return -min(reach, max(margin - margin_min, 0.0) * chocks), reach


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


def beyond_pairs(spacing: float, kept: float, face: float) -> tuple[float, float]:
    """Mean over the kept width less mean of three laser pairs, per centre minus edges [1]: of a film that bent rolls leave, and
    of one that unevenly hot rolls leave.

    The pairs stand in the middle and `spacing` [m] apart on a kept width [m]. Bent rolls leave a parabola (`mechanics.rolls`);
    of the temperature over the face of the rolls [m] one cosine is counted, warmest in the middle or at both ends (assumed).
    When the bending takes away what the heat has made, the pairs show no bow, yet their mean is not that of the width.
    """
    x, turn = spacing / kept, pi * kept / face
    edge = cos(turn * x)
    return 2.0 / 3.0 - 1.0 / (3.0 * x * x), (sin(turn) / turn - (1.0 + 2.0 * edge) / 3.0) / (1.0 - edge)


def start_gaps(plans: tuple[GapPlan, ...]) -> Rows:
    """Start bumpless from the set-up."""
    found = np.zeros(len(plans), GAP_STATE)
    found["load"] = [plan.force for plan in plans]
    found["bending_force"] = [plan.bending_force for plan in plans]
    for name in ("thickness", "wedge", "bow"):
        found[name] = nan
    found["held"] = True
    return found


@law
def gap_step(
    p: Record, last: Record, now: Record, drive: float, centre: float, operator: float, load: float, speed: float, dt: float
) -> None:
    """Advance correction, tilt and bending by one tick with the thickness at the three laser pairs [m] and the measured
    force of the nip [N]; a missing thickness holds, a missing force leaves the last one.
    """
    now.correction, now.tilt, now.bending_force = last.correction, last.tilt, last.bending_force
    now.thickness, now.wedge, now.bow, now.held = last.thickness, last.wedge, last.bow, True
    now.load = last.load
    now.gap_limited, now.tilt_limited, now.bending_limited = False, False, False
    now.gap_manual, now.tilt_manual, now.bending_manual = last.gap_manual, last.tilt_manual, last.bending_manual
    off = max(abs(drive - p.target), abs(centre - p.target), abs(operator - p.target))
    if isnan(drive + centre + operator) or off >= p.plausible or speed < p.speed_min:
        return
    metres = speed * dt
    now.held = False
    now.load = smoothed(last.load, load, metres, p.path)
    now.wedge = smoothed(last.wedge, operator - drive, metres, p.smoothing)
    now.bow = smoothed(last.bow, centre - 0.5 * (drive + operator), metres, p.smoothing)
    bent = p.bending_response * (last.bending_force - p.bending_force) + p.load_response * (now.load - p.force)
    now.thickness = (drive + centre + operator) / 3.0 + p.bend_mean * bent + p.heat_mean * (now.bow - bent)
    if not p.acts:
        return
    if not last.gap_manual:
        share = p.gain_factor * metres * integral_gain(p.path + p.sampling * speed, p.closed_loop)
        error = p.target + p.spring * (now.load - p.force) - now.thickness
        wanted = last.correction + share * error / p.response
        now.correction, now.gap_limited = moved(
            last.correction, wanted, p.gap_rate * dt, p.correction_low, p.correction_high
        )

    share = p.gain_factor * metres / (p.path + p.smoothing)
    if not last.tilt_manual:
        wanted = last.tilt - share / p.tilt_delays * now.wedge / p.tilt_response
        now.tilt, now.tilt_limited = moved(last.tilt, wanted, p.tilt_rate * dt, -p.tilt_range, p.tilt_range)

    if p.bending_response != 0.0 and not last.bending_manual:
        wanted = last.bending_force - share / p.bending_delays * now.bow / p.bending_response
        span = p.bending_high - p.bending_low
        now.bending_force, now.bending_limited = moved(last.bending_force, wanted, span, p.bending_low, p.bending_high)
