"""Areal mass along the web: a filter over the delay line, and the speed ratio that cancels what it expects of the web.

Each piece of film carries what was laid with it, by weighed flow and roll travel. The filter holds three errors a side: of that
mass (scale and laying, a slow random walk), of the line gauge (a slow random walk), and of the piece under the line gauge
(short along the web). The line gauge sees the sum of all three, the scanner the first of both sides: it is the master. What a
gauge does not see in a tick is not a measurement, and the uncertainty grows.

The film gets to the nip that takes it over a known length later. There the ratio of speeds is one over what the filter expects
of that piece: exact cancellation, since the ratio acts at once. The slow error goes to the metering over the closed-loop length,
so that the ratio returns to its set-up.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan, nan

import numpy as np

from dryline.control.alignment import aligned
from dryline.control.delay_line import send, sent
from dryline.control.estimates import handed_over, moved
from dryline.control.kalman import take_in
from dryline.control.mass_flow import laid_factor, true_flow
from dryline.control.rows import Record, Rows
from dryline.kernel import exp, kernel, law, record

_f, _b = np.float64, np.bool_
ERRORS = 3
"""Errors a side in the filter: of the mass, of the line gauge, of the piece under it."""
PITCH = 0.02
"""Cell of the delay lines of areal mass [m]."""
LEAST_TRAVEL = 1e-4
"""Roll travel in a tick below which the web stands [m]."""


@dataclass(frozen=True)
class AlongParameters:
    """What the filter takes for granted, nominal figures and assumed where none is known.

    `mass_error`, `gauge_error` [1]: standard deviations of both slow errors at a start; `mass_walk`, `gauge_walk` [1/sqrt(m)]
    how they wander; `piece_error` [1] and `piece_time` [s] of what the scale cannot see (the powder's spread over the width);
    `metering_error`, `metering_noise` [1] and `metering_time` [s] of the flow stand in their place where it is not read;
    `gauge_noise` [1] of a gauge's mean in a tick; `spot_noise` [1] of what the scanner says of the mean, lanes and all, and
    `foil_noise` [1] of the foil under it, alike over `scanner_length` [m]; `filter_time` [s] of the scale; `drive_lag` [s]
    of the speed drives; `reach` [1] and `ratio_rate` [1/s] of the ratio; `trim_range` [1] and `trim_rate` [1/s] of the
    metering; `plausible` [1]: readings and flows further off are not believed.
    """

    mass_error: float = 0.003
    gauge_error: float = 0.001
    mass_walk: float = 2e-5
    gauge_walk: float = 5e-6
    piece_error: float = 2e-4
    piece_time: float = 10.0
    metering_error: float = 0.02
    metering_noise: float = 0.005
    metering_time: float = 0.7
    gauge_noise: float = 2e-4
    spot_noise: float = 1.2e-3
    foil_noise: float = 0.01
    scanner_length: float = 10.0
    filter_time: float = 1.0
    drive_lag: float = 0.03
    reach: float = 0.03
    ratio_rate: float = 0.1
    trim_range: float = 0.08
    trim_rate: float = 0.01
    plausible: float = 0.2


ALONG = record(  # tuning and what all sides share
    ("mass_error", _f), ("gauge_error", _f), ("mass_walk", _f), ("gauge_walk", _f), ("gauge_noise", _f), ("scanner_noise", _f),
    ("scanner_length", _f), ("filter_time", _f), ("drive_lag", _f), ("ratio_rate", _f), ("trim_range", _f), ("trim_rate", _f),
    ("plausible", _f), ("piece_error", _f), ("piece_time", _f), ("closed_loop_length", _f), ("feed_forward", _b),
    ("line_gauges", _b),
    ("areal_mass", _f),
)  # fmt: skip

SIDE = record(
    ("rate", _f), ("ratio", _f), ("target", _f), ("to_gauge", _f), ("to_draw", _f), ("to_scanner", _f), ("ratio_low", _f),
    ("ratio_high", _f), ("lag", _f), ("flooded", _b),
)  # fmt: skip

SIDE_STATE = record(
    ("place", _f),  # of the web that is laid now [film metres]
    ("drawn", _f),  # of the web at the acting nip [line metres]
    ("flow", _f),  # last reading of the scale [kg/s], not a number where it is missing
    ("speed", _f),  # of the powder nip [m/s]
    ("trim", _f),  # factor on the metering rate [1]
    ("metered", _f),  # the same, behind the lag of the metering [1]
    ("told", _f),  # the same, with what it does against its own noise, and with its lead on the rolls besides [1]
    ("led", _f),
    ("noise", _f),  # by how much more the metering has laid in the last tick than it was told [1]
    ("laid", _f),  # mass of the web that is laid now over that of the set-up, as weighed [1]
    ("ratio", _f),  # factor on the speeds of the film nips that has been reached, and that is asked for [1]
    ("asked", _f),
    ("way", _f),  # to the line gauge over its nominal one, as found [1]
    ("compared", _f),  # web that the way has been looked for in [m]
    ("marked", _f),  # place up to which what the gauge has seen is in the delay line [film metres]
    ("measured", _f),  # areal mass that the gauge's web will have [kg/m2]
    ("handing", _f),  # web over which the ratio is still handed over [film metres]
    ("held", _b),
    ("limited", _b),
    ("manual", _b),  # metering and ratio are left as they are
)


@law
def wander(p: Record, side: int, metres: float, dt: float, x: np.ndarray, P: np.ndarray) -> None:
    """Let the errors of a side drift over `metres` of web and a tick dt [s]."""
    at = ERRORS * side
    kept = exp(-dt / p.piece_time)
    P[at, at] += p.mass_walk * p.mass_walk * metres
    P[at + 1, at + 1] += p.gauge_walk * p.gauge_walk * metres
    x[at + 2] *= kept
    for j in range(x.size):
        P[at + 2, j] *= kept
        P[j, at + 2] *= kept
    P[at + 2, at + 2] += p.piece_error * p.piece_error * (1.0 - kept * kept)


@law
def faded(time: float, speed: float, metres: float) -> float:
    """What is left of a first-order process of a correlation `time` [s] after `metres` at a speed [m/s]."""
    return exp(-min(metres / (time * speed), 600.0))


@law
def lead(wanted: float, reached: float, dt: float, lag: float) -> tuple[float, float]:
    """Order to a first-order drive so that its mean over a tick is `wanted`, and where it will then stand."""
    e = exp(-dt / lag)
    share = lag / dt * (1.0 - e)
    order = (wanted - share * reached) / (1.0 - share)
    return order, order + (reached - order) * e


@law
def led_by(reached: float, asked: float, lag: float, dt: float, drive_lag: float) -> float:
    """Factor on a metering of a `lag` [s] that is geared to rolls on their way from one ratio to another in a tick [1].

    A follower of a first-order lag keeps up with a ramp when it is told v + lag dv/dt (`drives.speed.geared`). The machine's gear
    does so for the line's ramps; what control itself does to the rolls it has to say.
    """
    moved_by = (asked - reached) * (1.0 - exp(-dt / drive_lag))
    return 1.0 + lag * moved_by / (reached * dt)


AHEAD = 1.5
"""Ticks from the middle of the last to the end of the coming one."""


@law
def against(trim: float, noise: float, before: float, metered: float, lag: float, dt: float) -> float:
    """Factor to tell a metering of a `lag` [s] that is to lay `trim` in spite of its own noise at the end of a tick [1].

    noise, before: by how much more than told it has laid in the last tick and in the one before it; the course goes on in a
    straight line. metered: where it stands [1]. For films that no nip draws, and for those without
    a gauge that tells how far it is to the nip that does: what is mended where it is laid needs no way.
    """
    wanted = trim / (1.0 + noise + AHEAD * (noise - before))
    kept = exp(-dt / lag)
    return (wanted - kept * metered) / (1.0 - kept)


@kernel
def along(
    shared: Rows, sides: Rows, last: Rows, now: Rows, film: np.ndarray, web: np.ndarray, x: np.ndarray, P: np.ndarray,
    sums: np.ndarray, profiles: np.ndarray, coating: float, flows: np.ndarray, speeds: np.ndarray, line_metres: float,
    dt: float,
) -> float:  # fmt: skip
    """Advance the areal mass of all sides by one tick; the arrays are those of the new state.

    film (side, laid or seen, cell): factors of the film in the delay line, web (side, cell): of the drawn web; sums (side,
    2, way): see `alignment`; profiles [kg/m2]; coating [kg/m2]; flows [kg/s]; speeds of the powder nips [m/s]; line_metres [m]
    of the tick. Returns the mean factor of both sides that was expected under the scanner.
    """
    p = shared[0]
    count = len(sides)
    H = np.zeros(x.size)
    expected = 0.0
    for k in range(count):
        side, row, before = sides[k], now[k], last[k]
        row.place, row.drawn, row.trim, row.ratio, row.asked = before.place, before.drawn, before.trim, before.ratio, before.asked
        row.limited, row.held, row.measured, row.laid = False, True, nan, before.laid
        row.way, row.compared, row.marked, row.flow = before.way, before.compared, before.marked, flows[k]
        row.told, row.led, row.noise, told = before.trim, before.trim, 0.0, before.told
        row.manual, row.handing = before.manual, p.closed_loop_length if before.manual else before.handing
        row.speed = line_metres / dt * side.ratio * before.ratio if isnan(speeds[k]) else speeds[k]
        row.metered = told + (before.metered - told) * exp(-dt / side.lag)
        reached = before.asked + (before.ratio - before.asked) * exp(-dt / p.drive_lag)
        held = p.drive_lag / dt * (1.0 - exp(-dt / p.drive_lag))
        mean_ratio = before.asked + (before.ratio - before.asked) * held
        row.ratio = reached
        travel = 0.5 * (before.speed / before.ratio + row.speed / reached) * mean_ratio * dt
        if travel < LEAST_TRAVEL or line_metres <= 0.0:
            continue
        laid = row.metered
        if p.feed_forward and not side.flooded and not isnan(flows[k] + before.flow):
            weighed = laid_factor(true_flow(before.flow, row.flow, p.filter_time, dt), travel, side.rate, dt)
            if abs(weighed - 1.0) <= p.plausible:
                laid = weighed
                row.noise = laid / (told + (before.metered - told) * side.lag / dt * (1.0 - exp(-dt / side.lag))) - 1.0
        send(film[k, 0], before.place, travel, laid, PITCH)
        row.place, row.laid = before.place + travel, laid
        to_gauge, to_draw, at = before.way * side.to_gauge, before.way * side.to_draw, ERRORS * k
        seen = before.place - to_gauge
        if not side.flooded:
            wander(p, k, travel, dt, x, P)
        behind = to_gauge > to_draw
        known = sent(film[k, 0], seen, travel, PITCH)
        drawn = mean_ratio
        if behind:
            later = (to_gauge - to_draw) / side.ratio
            drawn = sent(web[k], before.drawn - later, line_metres, PITCH) / known if known > 0.0 else 1.0
        reading = 0.0
        for i in range(profiles.shape[1]):
            reading += profiles[k, i]
        reading /= profiles.shape[1] * side.target
        shown = reading / (drawn if behind else 1.0)
        believed = abs(shown - known) <= p.plausible
        if believed and p.line_gauges and not side.flooded:
            H[:] = 0.0
            H[at], H[at + 1], H[at + 2] = 1.0, 1.0, 1.0
            take_in(x, P, H, p.gauge_noise * p.gauge_noise, shown / known - 1.0 - x[at] - x[at + 1] - x[at + 2])
            row.held = False
            if p.feed_forward:
                row.compared = before.compared + travel
                way, far = side.to_gauge, row.compared
                row.way = aligned(sums[k], film[k, 0], before.place, way, to_gauge, travel, shown, PITCH, far) / way
        if seen + travel > before.marked:
            send(film[k, 1], before.marked, seen + travel - before.marked, x[at + 2], PITCH)
            row.marked = seen + travel
        # the web at the acting nip now, and what the ratio of the last tick made of it
        there = before.place - to_draw
        if behind:
            extra = x[at + 2] * faded(p.piece_time, row.speed, to_gauge - to_draw)
        else:
            extra = sent(film[k, 1], there, travel, PITCH)
        send(web[k], before.drawn, line_metres, sent(film[k, 0], there, travel, PITCH) * (1.0 + extra) * mean_ratio, PITCH)
        row.drawn = before.drawn + line_metres
        expected += sent(web[k], before.drawn - before.way * side.to_scanner, line_metres, PITCH) * (1.0 + x[at]) / count
        if believed:
            own = known * (1.0 + x[at] + x[at + 2])
            to_come = 1.0 if behind else min(max(1.0 / own, side.ratio_low), side.ratio_high)
            row.measured = side.target * reading / (1.0 + x[at + 1]) * to_come
    innovation = coating / p.areal_mass - expected
    if abs(innovation) <= p.plausible and line_metres > 0.0:
        H[:] = 0.0
        for k in range(count):
            H[ERRORS * k] = 1.0 / count
        take_in(x, P, H, p.scanner_noise * p.scanner_noise * max(p.scanner_length / line_metres, 1.0), innovation)
    for k in range(count):
        side, row, before = sides[k], now[k], last[k]
        travel, at = row.place - before.place, ERRORS * k
        if travel <= 0.0 or row.manual:
            continue
        # slow: the metering
        share = 1.0 - exp(-travel / p.closed_loop_length)
        wanted = before.trim * (1.0 + share * (1.0 / (row.laid * (1.0 + x[at])) - 1.0))
        row.trim, row.limited = moved(before.trim, wanted, p.trim_rate * dt, 1.0 - p.trim_range, 1.0 + p.trim_range)
        # at once: the ratio, for the film that gets to the acting nip in the coming tick
        to_gauge, to_draw = row.way * side.to_gauge, row.way * side.to_draw
        coming, behind = row.place - to_draw, to_gauge > to_draw
        factor = sent(film[k, 0], coming, row.speed * dt, PITCH) * (1.0 + x[at])
        if behind:
            factor *= 1.0 + x[at + 2] * faded(p.piece_time, row.speed, to_gauge - to_draw)
        else:
            factor *= 1.0 + sent(film[k, 1], coming, row.speed * dt, PITCH)
        order = 1.0
        if abs(factor - 1.0) <= 2.0 * p.plausible:
            order, _ = lead(min(max(1.0 / factor, side.ratio_low), side.ratio_high), row.ratio, dt, p.drive_lag)
        order, cut = moved(before.asked, order, p.ratio_rate * dt, side.ratio_low, side.ratio_high)
        row.asked, row.limited = handed_over(before.asked, order, travel, before.handing), row.limited or cut
        row.handing = max(before.handing - travel, 0.0)
        row.told = row.trim
        if row.noise != 0.0 and not (p.line_gauges and side.ratio_low < side.ratio_high):
            wanted = against(row.trim, row.noise, before.noise, row.metered, side.lag, dt)
            row.told = min(max(wanted, 1.0 - p.trim_range), 1.0 + p.trim_range)
        row.led = row.told * led_by(row.ratio, row.asked, side.lag, dt, p.drive_lag)
    return expected
