"""Gap axes of a nip as the PLC runs them: gaugemeter command, compensations and position servo, one axis a side.

The servo sees its own chock sensor, not the gap. The axis itself answers as a second-order servo, 12 Hz (hydraulic) or 2 Hz
(electromechanical) with damping 0.7 and slew limits (assumed class values), held back by friction or backlash. The drive
carries a model of the axis without friction; it leads a moving reference by the lag of the axis, adds the friction that
the movement of the model has built up, and integrates what the sensor still lacks to the model. Sources: gaugemeter
(BISRA) relation h = S0 + F/K_M, textbook; friction of Dahl (1968).
"""

from __future__ import annotations

from dryline.kernel import law


@law
def gap_command(
    gap: float, opened: float, compensation: float, force: float, force_nominal: float, inv_mill: float, compliance: float
) -> float:
    """Chock position [m] for a loaded gap [m]: gap - F_0/K_M - c C (F - F_0), plus what it is opened (quick open).

    force: filtered load-cell reading; force_nominal F_0: the set-up's force [N]; inv_mill = 1/K_M of housing and flattening,
    compliance C of the width-mean gap, which bending of the rolls makes larger [m/N], both as believed. A compensation c of 0
    is a plain position loop, 1 a stiff mill.
    """
    return gap - inv_mill * force_nominal - compensation * compliance * (force - force_nominal) + opened


MEAN_BENDING = 2.0 / 3.0
"""Width mean of the bending line 1 - eta^2."""


@law
def width_compliance(inv_mill: float, bending: float) -> float:
    """Width mean of the gap that a force takes [m/N]: 1/K_M + 2/3 B, with the bending B of both rolls at the centre [m/N]."""
    return inv_mill + MEAN_BENDING * bending


@law
def bearing_film(rise: float, speed: float) -> float:
    """Opening of the gap by the bearing film [m]: `rise` [m per m/s] up to a surface speed of 1 m/s, full beyond (assumed)."""
    return rise * min(speed, 1.0)


INTEGRAL_SHARE = 0.05
"""Integral action of the drive, as a share of the axis' natural frequency (assumed)."""
SLOW = 0.2
"""Integral and learning rest while the axis moves faster than this share of its slew rate: what it lacks then is lag of the
axis (assumed)."""
LEARNING, MOST_OFF = 20e-6, 3.0
"""Travel over which friction is learnt [m], and the factor by which it may differ from what was believed (assumed)."""
MOST_INTEGRAL = 5e-6
"""Largest correction of the integral action [m] (assumed)."""


@law
def servo_command(
    reference: float, rate: float, model: float, model_speed: float, lag: float, integral: float, stick: float, seen: float,
    omega: float, damping: float, slew: float, believed: float, dt: float,
) -> tuple[float, float, float, float, float, float]:  # fmt: skip
    """One step of the drive: returns command of the axis [m] and its model: position [m], speed [m/s], friction lag [m],
    integral [m], learnt friction [m].

    r = reference + 2 damping/omega rate; model x_m'' = omega^2 (r - x_m) - 2 damping omega x_m' within the slew rate;
    command = r + lag + integral, lag from `friction_lag` of the model's movement with the `stick` learnt so far. While the
    model moves slowly, integral' = INTEGRAL_SHARE omega (x_m - seen) and stick' = |x_m'| (lag/stick) (x_m - seen)/LEARNING:
    where friction has been built up, what the axis lacks is friction that the drive has not believed. rate: of the reference
    [m/s]; seen: filtered reading of the chock [m]; believed: friction at the start [m], 0 for none.
    """
    wanted = reference + 2.0 * damping / omega * rate
    model_speed += dt * (omega * omega * (wanted - model) - 2.0 * damping * omega * model_speed)
    model_speed = min(max(model_speed, -slew), slew)
    model += dt * model_speed
    lag = friction_lag(lag, dt * model_speed, stick)
    if abs(model_speed) < SLOW * slew:
        lacks = model - seen
        integral += dt * INTEGRAL_SHARE * omega * lacks
        if believed > 0.0:
            stick += dt * abs(model_speed) * lag / stick * lacks / LEARNING
            stick = min(max(stick, believed / MOST_OFF), believed * MOST_OFF)
    integral = min(max(integral, -MOST_INTEGRAL), MOST_INTEGRAL)
    return wanted + lag + integral, model, model_speed, lag, integral, stick


@law
def friction_lag(lag: float, moved: float, stick: float) -> float:
    """Position error [m] that friction holds back after a movement [m]: Dahl's bristle, between -stick and stick.

    d lag / dx = 1 - sign(dx) lag / stick, by an implicit step over the movement, so that any step is stable. A small
    movement is elastic, after a reversal of a few times `stick` the full error is needed to move on.
    """
    if stick <= 0.0:
        return 0.0
    return (lag + moved) / (1.0 + abs(moved) / stick)


@law
def move_axis(
    target: float, x: float, v: float, filtered: float, lag: float, seen: float, filter_share: float,
    omega: float, damping: float, slew: float, stick: float, dt: float,
) -> tuple[float, float, float, float]:  # fmt: skip
    """One step of a position axis: returns position [m], speed [m/s], filtered reading [m], friction lag [m].

    x'' = omega^2 (target - y - lag) - 2 damping omega x', |x'| <= slew; y the sensor reading, filtered
    (filter_share: share of the way in one step); lag of `friction_lag`, `stick` the error it takes to break loose:
    stick-slip of seals, or backlash of a screw. Source of the friction law: Dahl (1968), as in the LuGre model without
    Stribeck effect, which would make the moment of release depend on the last digit of the force.
    """
    filtered += filter_share * (seen - filtered)
    v_next = v + dt * (omega * omega * (target - filtered - lag) - 2.0 * damping * omega * v)
    v_next = min(max(v_next, -slew), slew)
    return x + dt * v_next, v_next, filtered, friction_lag(lag, dt * v_next, stick)


RETURN_TIME = 5.0
"""Time in which an axis gives back what force mode has moved when it goes over to gap mode [s] (assumed)."""


@law
def force_shift(
    shift: float, force: float, wanted: float, active: bool, inv_mill: float, time: float, reach: float, dt: float
) -> float:
    """Shift of a gap axis [m] after a step of force mode: integral of (force - wanted) / (K_M time), within +-reach.

    force measured, wanted set point [N]; inv_mill = 1/K_M as believed [m/N]; time: closed-loop time with a hard film, a
    soft one answers slower [s]. Both changes of mode are bumpless: force mode starts from the gap that is, and gap mode
    takes the shift back in RETURN_TIME.
    """
    if active:
        return min(max(shift + dt / time * inv_mill * (force - wanted), -reach), reach)
    return shift * (1.0 - min(dt / RETURN_TIME, 1.0))
