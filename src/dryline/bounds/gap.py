"""How well anybody can know the mean loaded gap from what a line measures: error of the best linear estimate, before any servo.

    film:   thickness = gap + spring-back error + air-gap drift of the lasers
    chocks: position  = gap + zeroing offset + growth per kelvin x (temperature bias + wander) + growth of the frame

Nothing is assumed of the gap itself. The difference of both tells drift and chock errors apart as far as they move at different
paces; mastering the lasers tells their drift, roll sensors the wander. A filter over these errors, started from what is known
before the run, gives the error of the gap at any time; the figure is its root mean square over the run. Without a film gauge the
chock errors remain, as they are. Valid while all errors are small and independent. Source: Kalman 1960; sizes of the errors are
those of the disturbance set (textbook or assumed).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from dryline.line.distances import last_nip
from dryline.line.disturbances import Disturbances
from dryline.line.schema import Line
from dryline.line.setup import SetUp
from dryline.mechanics.thermal import growth

Array = NDArray[np.float64]

STEP = 10.0
"""Step of the estimate [s]: far below all its times."""
UNSEEN_HALL = 6.0 * 3600.0
"""Time over which an unseen hall temperature changes [s]: a quarter of its day."""
RUN = 2.0 * 3600.0
"""Run over which the gap is estimated [s]."""
UNIFORM = 1.0 / math.sqrt(3.0)
"""Standard deviation of a figure uniform in (-1, 1)."""


@dataclass(frozen=True)
class GapErrors:
    """What the estimate must do without, in SI units; `uniform` figures are half-widths, all others one standard deviation.

    drift of the mean of the laser pairs [m] over drift_time [s], taken out every master_every [s] (0: never) but for
    master_left [m]; white noise of the difference film less chock in a second [m]; spring_back [m]; chock_offset, uniform [m];
    per_kelvin, growth of the rolls [m/K]; sensor_bias, uniform, and sensor_white in a second, of the roll temperature [K];
    wander [K] over wander_time [s]; hall, growth of the frame that nobody measures [m], and hall_time over which it changes [s]
    (infinite: constant).
    """

    drift: float
    drift_time: float
    master_every: float
    master_left: float
    white: float
    spring_back: float
    chock_offset: float
    per_kelvin: float
    sensor_bias: float
    sensor_white: float
    wander: float
    wander_time: float
    hall: float
    hall_time: float


@dataclass(frozen=True)
class GapBound:
    """Error of the best estimate of the mean loaded gap: root mean square [m] and share of the time within `within` [m]."""

    sigma: float
    share: float
    within: float


def errors_of(d: Disturbances, roll_diameter: float, released: float, hall_measured: bool = True) -> GapErrors:
    """Errors at a nip by a disturbance set.

    released : by how much the film is thicker than the gap [m]; its share known to `spring_back.modulus` is uniform.
    """
    lasers, roll, frame = d.thickness_gauge, d.roll_temperature, d.frame
    pairs = math.sqrt(3.0)
    seen = frame.growth * frame.sensor_bias * UNIFORM
    unseen = frame.growth * frame.hall_amplitude / math.sqrt(2.0)
    return GapErrors(
        drift=lasers.drift / pairs,
        drift_time=lasers.drift_time,
        master_every=lasers.master_every,
        master_left=lasers.master_residual / pairs,
        white=math.hypot(lasers.noise * math.sqrt(lasers.sample) / pairs, d.gap_sensors.white / math.sqrt(2.0 * 1000.0)),
        spring_back=d.spring_back.modulus * UNIFORM * released,
        chock_offset=d.gap_sensors.offset,
        per_kelvin=growth(roll_diameter, 1.0),
        sensor_bias=roll.sensor_bias,
        sensor_white=roll.sensor_white,
        wander=roll.wander,
        wander_time=roll.wander_time,
        hall=seen if hall_measured else unseen,
        hall_time=math.inf if hall_measured else UNSEEN_HALL,
    )


def with_film_gauge(errors: GapErrors, duration: float, within: float = 1e-6) -> GapBound:
    """Bound over a run of some duration [s] that begins with a mastering, behind a nip with laser pairs on its film."""
    sizes, keep = _sources(errors)
    P = np.diag(sizes**2)
    driven = np.diag(sizes**2 * (1.0 - keep**2))
    difference = np.array([1.0, 1.0, -1.0, -1.0, -1.0, -1.0])
    variances = np.empty(max(round(duration / STEP), 1))
    for k in range(variances.size):
        if k > 0:
            P = keep[:, None] * P * keep + driven
        if errors.master_every > 0.0 and (k * STEP) % errors.master_every < STEP:
            P = _known(P, np.eye(6)[0], errors.master_left**2)
        P = _known(P, np.eye(6)[5], (errors.per_kelvin * errors.sensor_white) ** 2 / STEP)
        P = _known(P, difference, errors.white**2 / STEP)
        variances[k] = P[0, 0] + 2.0 * P[0, 1] + P[1, 1]
    return _bound(variances, within)


def without_film_gauge(errors: GapErrors, within: float = 3e-6) -> GapBound:
    """Bound at a nip that only its chock gauges and roll temperatures tell of; the wander is followed, biases stay."""
    sizes, _ = _sources(replace(errors, wander=0.0))
    return _bound(np.array([(sizes[2:] ** 2).sum()]), within)


def gap_bounds(line: Line, setup: SetUp, disturbances: Disturbances, run: float = RUN) -> dict[str, GapBound]:
    """Error of the best estimate of the mean loaded gap of every nip; three laser pairs stand behind the last of each path."""
    watched = {last_nip(line, side) for side in (*line.sides, line.end)}
    foil = sum(one.thickness for one in line.of_kind("foil_unwinder"))
    found = {}
    for nip in setup.nips:
        released = nip.thickness_out - nip.loaded_gap + (foil if nip.side == "AB" else 0.0)
        errors = errors_of(disturbances, line.station(nip.name).roll_diameter, max(released, 0.0))
        found[nip.name] = with_film_gauge(errors, run) if nip.name in watched else without_film_gauge(errors)
    return found


def _sources(e: GapErrors) -> tuple[Array, Array]:
    """Sizes [m] and share kept over a step: drift, spring-back, chock offset, temperature bias, frame, wander."""
    sizes = [
        e.drift, e.spring_back, UNIFORM * e.chock_offset, UNIFORM * e.per_kelvin * e.sensor_bias, e.hall, e.per_kelvin * e.wander
    ]  # fmt: skip
    rates = [1.0 / e.drift_time, 0.0, 0.0, 0.0, 1.0 / e.hall_time, 1.0 / e.wander_time]
    return np.array(sizes), np.exp(-STEP * np.array(rates))


def _known(P: Array, row: Array, variance: float) -> Array:
    """Covariance after a reading of row x with a variance."""
    seen = P @ row
    total = float(row @ seen) + variance
    return P - np.outer(seen, seen) / total if total > 0.0 else P


def _bound(variances: Array, within: float) -> GapBound:
    sigma = np.sqrt(np.maximum(variances, 1e-30))
    share = float(erf(within / (sigma * math.sqrt(2.0))).mean())
    return GapBound(float(np.sqrt(variances.mean())), share, within)
