"""The interlocks of a nip's drive in the twin: what its sensors show, what it makes of them, and how a tripped nip opens."""

from __future__ import annotations

import math

import numpy as np

from dryline.drives.gap_servo import bearing_film
from dryline.drives.interlocks import (
    CONTACT,
    CONTACT_TIME,
    ESTABLISHED,
    FILM,
    FILM_LAG,
    FILM_TIME,
    FINE,
    FORCE_TIME,
    OTHERS,
    OVERLOAD,
    SEEN_FORCE,
    SENSOR,
    SURGE_LAG,
    TENSION_LEFT,
    TENSION_TIME,
    film_gone,
    force_fault,
    lasting,
    margin_left,
    sensor_fault,
)
from dryline.drives.speed import lag_share
from dryline.kernel import law
from dryline.line.tags import TICK
from dryline.twin.state import Record

SLOWEST = 0.05
"""Surface speed above which a film counts as running [m/s] (assumed)."""


@law
def shown(side: int, true: float, noise: float, told: Record, roll: Record, drive: Record) -> float:
    """What the gap sensor of a side shows [m] of the chock at `true`, with the faults it has been given."""
    if told.stuck[side] > 0.5:
        return drive.last_seen[side]
    return true + roll.position_offset[side] + roll.position_noise * noise + told.jumped[side]


@law
def predicted(drive: Record, roll: Record, told: Record, speed: float, chock_drive: float, chock_operator: float) -> float:
    """Contact margin with the chocks at two places [m] and at a surface speed [m/s], as the drive of a nip believes."""
    bent = drive.bending_influence * (told.bending - drive.bending)
    grown = drive.thermal - bearing_film(drive.film, speed)
    return margin_left(drive.margin, drive.chock, chock_drive, chock_operator, roll.tilt_arm, grown, bent)


@law
def judge(
    seen_drive: float, seen_operator: float, load_drive: float, load_operator: float, told: Record, roll: Record, drive: Record,
    nip: Record, dt: float,
) -> None:  # fmt: skip
    """Trip the drive of a nip on what its sensors show [m], [N] in a step; a nip that control holds open is not watched."""
    failed = False
    for side in range(2):
        seen = seen_drive if side == 0 else seen_operator
        bad, drive.same[side] = sensor_fault(
            seen, drive.last_seen[side], drive.same[side], roll.slew * dt, roll.position_noise > 0.0, dt
        )
        failed = failed or (bad and drive.seeing > 0.5)
        if not math.isnan(seen):
            drive.last_seen[side] = seen
    drive.seeing = 1.0
    total = load_drive + load_operator
    settled = drive.filmed > ESTABLISHED and told.opened <= 0.0
    established = settled and nip.speed > SLOWEST
    drive.load_mean += lag_share(dt, SURGE_LAG) * (total - drive.load_mean)
    tells = established and drive.force_nominal > SEEN_FORCE * drive.force_limit
    forced = force_fault(load_drive, load_operator, drive.load_mean, drive.force_nominal, drive.force_limit, tells)
    drive.since[0] = lasting(forced, drive.since[0], dt)
    gone = settled and film_gone(total, drive.film_mean, drive.force_nominal, drive.force_limit)
    drive.film_mean += lag_share(dt, FILM_LAG) * (total - drive.film_mean)
    drive.since[1] = lasting(gone, drive.since[1], dt)
    slack = told.tension > 0.0 and nip.tension < TENSION_LEFT * told.tension
    drive.since[3] = lasting(established and slack, drive.since[3], dt)
    near = predicted(drive, roll, told, nip.speed, seen_drive, seen_operator) < drive.margin_least
    drive.since[2] = lasting(near and told.opened <= 0.0, drive.since[2], dt)
    if drive.trip != FINE:
        return
    if failed:
        drive.trip = SENSOR
    elif drive.since[2] >= CONTACT_TIME:
        drive.trip = CONTACT
    elif drive.since[0] >= FORCE_TIME:
        drive.trip = OVERLOAD
    elif drive.since[1] >= FILM_TIME or drive.since[3] >= TENSION_TIME:
        drive.trip = FILM


@law
def lift_to_margin(chock: float, told: Record, roll: Record, drive: Record, nip: Record) -> float:
    """Chock command [m], opened as far as the references of both sides need it to keep the least margin and its allowance."""
    left = predicted(drive, roll, told, nip.speed, chock + drive.wanted[0], chock + drive.wanted[1])
    drive.lifted = max(drive.margin_kept - left, 0.0)
    return chock + drive.lifted


@law
def fall_open(side: int, opened: float, roll: Record, drive: Record, nip: Record, dt: float) -> None:
    """One step of an axis whose drive has tripped: it opens as fast as it can, whatever its sensor shows; the model follows."""
    axis, own = nip.axis[side], drive.axis[side]
    end = drive.chock + opened
    axis[1] = roll.slew if axis[0] < end else 0.0
    axis[0] = max(min(axis[0] + axis[1] * dt, end), axis[0])
    axis[2] = axis[0] + roll.position_offset[side]
    own[0], own[1], own[3] = axis[2], 0.0, 0.0


@law
def all_open_on_break(nips: np.ndarray, nip_in: np.ndarray, drives: np.ndarray) -> None:
    """Where one drive has lost its film all others open too (I4)."""
    lost = False
    for k in range(nips.size):
        lost = lost or drives[k].trip == FILM
    if lost:
        for k in range(nips.size):
            if drives[k].trip == FINE and nip_in[k].opened <= 0.0:
                drives[k].trip = OTHERS


@law
def acknowledge(told: Record, drive: Record) -> None:
    """A nip that control has ordered open may close again; time for which a film has been in it. A force that goes does not end
    that time, or the loss of a film would hide itself: opening, a lift and a film that is sent back do.
    """
    if told.opened > 0.0:
        drive.trip = FINE
        drive.since[:] = 0.0
    if told.opened > 0.0 or drive.trip != FINE:
        drive.filmed = 0.0
    elif drive.filming > 0.5:
        drive.filmed += TICK
