"""What a nip's drive refuses and when it lets go, whatever control asks: least gap, trips and quick opening.

The contact margin is the gap to which the rolls would settle if the film vanished now. A drive foresees it from the set-up
and from where its chocks are; it opens a reference that would leave less than the least margin and an allowance (I1), and opens
the nip where the margin itself is gone (I3). It opens as well on too much force, too uneven or too sudden (I2), on a film
that is lost (I4), on a gap sensor that says nothing, sticks or jumps, and when no command comes any more. A trip holds until
control has acknowledged it by ordering the nip open. These functions imitate a drive; they are no safety functions.
Thresholds assumed.
"""

from __future__ import annotations

import math

from dryline.kernel import law

FINE, CONTACT, OVERLOAD, FILM, SENSOR, STREAM, OTHERS = range(7)
"""What has opened a nip, in the order of `line.tags.INTERLOCKS`."""
CONTACT_TIME, FORCE_TIME, FILM_TIME, TENSION_TIME, STUCK_TIME = 0.02, 0.05, 0.15, 1.0, 0.05
"""Time that a condition must last [s]."""
SKEW, SURGE = 0.6, 0.5
"""Share of the nominal force by which the sides may differ, and by which it may rise above its mean of `SURGE_LAG`."""
SURGE_LAG = 0.05
"""Filter that a sudden force is compared with [s]."""
TENSION_LEFT, FORCE_LEFT = 0.2, 0.1
"""Share of the nominal tension, and of the force that a film has had (`film_gone`), below which it has gone; a film may be slack
for a moment."""
SEEN_FORCE = 0.01
"""Share of its limit above which the load cells tell a force from none."""
FILM_LAG = 2.0
"""Filter of the force that a lost film is told from [s]."""
ESTABLISHED = 2.0
"""A film has settled in the nip after so long [s]: before, force comes and goes."""
JUMP = 10e-6
"""A sensor that moves by so much in a millisecond more than the axis can has jumped [m]."""


@law
def margin_left(margin: float, chock: float, drive: float, operator: float, arm: float, grown: float, bent: float) -> float:
    """Contact margin [m] with the chocks at `drive` and `operator` [m].

    margin: at the set-up, whose chock gap is `chock` [m]; arm: gap at the film's edge per difference of the chocks [1]; grown:
    growth of the rolls since the zeroing [m]; bent: gap at the centre that the bending force has taken since the set-up [m].
    """
    return margin + 0.5 * (drive + operator) - chock - abs(arm * (operator - drive)) - grown - max(bent, 0.0)


@law
def lasting(condition: bool, since: float, dt: float) -> float:
    """Time for which a condition has held [s]."""
    return since + dt if condition else 0.0


@law
def sensor_fault(seen: float, last: float, same: float, most: float, noisy: bool, dt: float) -> tuple[bool, float]:
    """Whether a gap sensor has failed, and for how long it has shown one value [s].

    seen, last [m]: not a number is silence; most: movement that the axis can make in dt [m]; a sensor that is noisy cannot
    show one value for long.
    """
    if math.isnan(seen):
        return True, same
    same = lasting(seen == last and noisy, same, dt)
    return same >= STUCK_TIME or abs(seen - last) > most + JUMP, same


@law
def force_fault(drive: float, operator: float, mean: float, nominal: float, limit: float, established: bool) -> bool:
    """Whether the forces of both sides [N] are too large, too uneven, or rise too suddenly over their `mean`."""
    total = drive + operator
    if total > limit:
        return True
    return established and (abs(operator - drive) > SKEW * nominal or total - mean > SURGE * nominal)


@law
def film_gone(total: float, had: float, nominal: float, limit: float) -> bool:
    """Whether the force of a nip [N] has gone with its film: from what it had of late (mean of `FILM_LAG`) or should have.

    had, nominal, limit [N]. A film can be light: where the nip before it presses harder, it comes dense and a tenth of the
    nominal force is all it asks for. A film that is lost takes the force along within a turn of a roll, however little that was,
    as long as the load cells tell it from none.
    """
    compared = min(had, nominal)
    return compared > SEEN_FORCE * limit and total < FORCE_LEFT * compared
