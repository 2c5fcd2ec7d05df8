"""The gap axes of a nip through one step: what its drive believes and commands, how the chocks move, what the rolls add.

The laws of the drive are those of `drives`; here they meet the plant (friction, sensor errors, true run-out).
"""

from __future__ import annotations

import math

import numpy as np

from dryline.drives.gap_servo import bearing_film, force_shift, gap_command, move_axis, servo_command
from dryline.drives.run_out import WANDER, harmonic_part, learn_run_out, lost_sight, turn_with
from dryline.drives.speed import lag_share
from dryline.kernel import law
from dryline.line.tags import TICK
from dryline.twin.guards import acknowledge, fall_open, judge, lift_to_margin, shown
from dryline.twin.state import Record

OPEN = 1e-3
"""Opening of an opened nip [m] (assumed)."""
LOOK, AGAIN = 20, 10
"""Milliseconds between two looks of the run-out observer (`drives.run_out.PERIOD`) and two commands against run-out."""
FILM_FORCE = 0.1
"""Share of the set-up's force above which a film is in the nip."""
SLOWEST, STEADY_SPEED, STEADY_FORCE = 0.05, 0.003, 0.5
"""Run-out is learnt above a surface speed [m/s], which may move by a share, and within a share of the nominal force, in gap
mode (assumed)."""
SPEED_LAG = 2.0
"""Filter of the speed that says whether it is steady [s] (assumed)."""
ROOT_2, TURN = math.sqrt(2.0), 2.0 * math.pi
MOST_RUN_OUT = 8e-6
"""Largest movement against run-out [m] (assumed)."""


@law
def hand_over_references(told: Record, drive: Record, nip: Record) -> None:
    """The references of a tick: how fast they move is what the drive leads them by."""
    acknowledge(told, drive)
    for side in range(2):
        wanted = told.gap + told.correction + (side - 0.5) * told.tilt
        drive.rate[side] = (wanted - drive.wanted[side]) / TICK if drive.wanted[side] > 0.0 else 0.0
        drive.wanted[side] = wanted
    pressed = nip.force > FILM_FORCE * drive.force_nominal and told.opened <= 0.0 and drive.trip <= 0.0
    drive.filming = 1.0 if pressed else 0.0
    drive.mean_speed += lag_share(TICK, SPEED_LAG) * (nip.speed - drive.mean_speed)
    steady = abs(nip.speed - drive.mean_speed) < STEADY_SPEED * drive.mean_speed and nip.speed > SLOWEST
    near = abs(nip.force / drive.force_nominal - 1.0) < STEADY_FORCE
    learning = steady and near and drive.filming > 0.5 and told.force_mode < 0.5
    if learning and drive.learning < 0.5:
        lost_sight(drive.P)
    drive.learning = 1.0 if learning else 0.0


@law
def oppose_run_out(
    step: int, steps_per_ms: float, measured: float, roll: Record, drive: Record, nip: Record, phi: np.ndarray, gain: np.ndarray
) -> None:
    """Learn run-out and command the axes against it, both at their own times; see `drives.run_out`."""
    if drive.filming < 0.5:
        drive.applied, drive.expected = 0.0, 0.0
        return
    ms = int(step / steps_per_ms + 1e-9)
    if ms % AGAIN != 0 or step - ms * steps_per_ms > 1e-6:
        return
    turn_with(nip.angle[0], nip.angle[1], phi)
    drive.expected = harmonic_part(phi, drive.x)
    if ms % LOOK == 0 and drive.learning > 0.5:
        as_gap = drive.as_gap
        noise, wander = roll.force_noise * ROOT_2 * as_gap, WANDER * drive.force_nominal * as_gap
        y = (drive.force_nominal - measured) * as_gap
        learn_run_out(y, drive.cancel * drive.expected, noise, wander, phi, drive.x, drive.P, gain)
    if drive.cancel > 0.0:
        ahead = nip.speed * (2.0 * roll.damping / roll.omega + 0.5e-3 * AGAIN)
        turn_with(nip.angle[0] + ahead / roll.radius[0], nip.angle[1] + ahead / roll.radius[1], phi)
        applied = drive.cancel * harmonic_part(phi, drive.x)
        drive.applied = min(max(applied, -MOST_RUN_OUT), MOST_RUN_OUT)


@law
def move_chocks(
    step: int, ms: int, k: int, dt: float, position_share: float, force_share: float, told: Record, roll: Record, drive: Record,
    nip: Record, noise: np.ndarray, phi: np.ndarray, gain: np.ndarray,
) -> None:  # fmt: skip
    """One step of both gap axes of nip k, from the force that the last step left."""
    half, skew = 0.5 * nip.force, nip.moment * roll.tilt_arm
    load_drive = (half - skew) * (1.0 + roll.force_gain[0] + told.drift[0]) + roll.force_noise * noise[1, ms, 2 * k]
    load_operator = (half + skew) * (1.0 + roll.force_gain[1] + told.drift[1]) + roll.force_noise * noise[1, ms, 2 * k + 1]
    measured = load_drive + load_operator
    seen_drive = shown(0, nip.axis[0, 0], noise[0, ms, 2 * k], told, roll, drive)
    seen_operator = shown(1, nip.axis[1, 0], noise[0, ms, 2 * k + 1], told, roll, drive)
    judge(seen_drive, seen_operator, load_drive, load_operator, told, roll, drive, nip, dt)
    oppose_run_out(step, 1e-3 / dt, measured, roll, drive, nip, phi, gain)
    turning = (1.0 - drive.cancel) * drive.expected / drive.as_gap
    nip.force_filtered += force_share * (measured + turning - nip.force_filtered)
    chock = gap_command(
        0.0, told.opened, roll.compensation, nip.force_filtered, roll.force_nominal, roll.inv_mill, drive.compliance
    )
    chock += nip.force_shift + drive.thermal - drive.applied - bearing_film(drive.film, nip.speed)
    if told.opened <= 0.0:
        chock = lift_to_margin(chock, told, roll, drive, nip)
    for side in range(2):
        if drive.trip > 0.0:
            fall_open(side, OPEN, roll, drive, nip, dt)
            continue
        axis, own = nip.axis[side], drive.axis[side]
        command, own[0], own[1], own[2], own[3], own[4] = servo_command(
            chock + drive.wanted[side], drive.rate[side], own[0], own[1], own[2], own[3], own[4], axis[2], roll.omega,
            roll.damping, roll.slew, drive.stick, dt,
        )  # fmt: skip
        seen = seen_drive if side == 0 else seen_operator
        axis[0], axis[1], axis[2], axis[3] = move_axis(
            command, axis[0], axis[1], axis[2], axis[3], seen, position_share, roll.omega, roll.damping, roll.slew, roll.stick, dt
        )
    stiffened = 1.0 - roll.compensation * drive.compliance / drive.as_gap
    active = told.force_mode > 0.5 and told.opened <= 0.0 and drive.trip <= 0.0
    nip.force_shift = force_shift(
        nip.force_shift, measured, told.force, active, stiffened * roll.inv_mill, roll.force_time, roll.force_reach, dt
    )


@law
def face_angles(nip: Record, spin: np.ndarray) -> None:
    """Cosine and sine of the angles of both rolls (2, 2), from which `turn_rolls` goes on."""
    for j in range(2):
        spin[j, 0], spin[j, 1] = math.cos(nip.angle[j]), math.sin(nip.angle[j])


@law
def turn_rolls(roll: Record, nip: Record, way: float, spin: np.ndarray) -> tuple[float, float]:
    """Turn both rolls by a way [m], a small part of a turn; run-out of the pair at the drive and the operator side [m].

    The angles are turned by the series of cosine and sine, whose error at 0.01 rad is below 1e-14 a step.
    """
    drive, operator = 0.0, 0.0
    for j in range(2):
        step = way / roll.radius[j]
        turn = nip.angle[j] + step
        nip.angle[j] = turn - TURN if turn >= TURN else turn
        square = step * step
        c = 1.0 - square * (0.5 - square * (1.0 / 24.0 - square / 720.0))
        s = step * (1.0 - square * (1.0 / 6.0 - square / 120.0))
        cosine = spin[j, 0] * c - spin[j, 1] * s
        sine = spin[j, 1] * c + spin[j, 0] * s
        spin[j, 0], spin[j, 1] = cosine, sine
        x = cosine
        y = sine
        for harmonic in range(3):
            wave = roll.runout[j, harmonic]
            drive += wave[0] * x - wave[1] * y
            operator += wave[2] * x - wave[3] * y
            x, y = x * cosine - y * sine, y * cosine + x * sine
    return drive, operator


@law
def follow_heat(drive: Record, temperature: float, dt: float) -> None:
    """Growth that the drive takes out [m]: believed growth times roll temperature over that at the last zeroing, filtered.

    temperature: reading [K]; dt [s]. What the sensor has as a bias is in both and drops out.
    """
    if drive.roll_temperature <= 0.0:
        drive.roll_temperature = temperature
    drive.roll_temperature += lag_share(dt, drive.thermal_lag) * (temperature - drive.roll_temperature)
    if drive.zero_temperature > 0.0:
        drive.thermal = drive.thermal_share * drive.growth * (drive.roll_temperature - drive.zero_temperature)
