"""Winding: flying splices of foil, and when rolls are full.

Figures of a splice (tape 50 um, half a metre, tension transient of a fifth) assumed. Validity: constant web thickness
within a roll; a splice passes the gap as a short thicker web.
"""

from __future__ import annotations

from typing import NamedTuple

from dryline.kernel import exp, law

WEB_DRIVE_LOSS = 800.0
"""Standing loss of the drive of an unwinder or a winder [W] (assumed)."""


class Splice(NamedTuple):
    """A flying splice of the foil: tape thickness and length [m], tension transient and its web length, marked margin [m].

    All assumed: a tape on both sides, the tension falling or rising by a share when the new roll takes over.
    """

    thickness: float = 50e-6
    length: float = 0.5
    transient: float = 0.2
    settling: float = 5.0
    margin: float = 2.0


@law
def splice_thickness(past: float, thickness: float, length: float) -> float:
    """Extra thickness of the web [m] where its splice began `past` metres ago (negative: still to come)."""
    return thickness if (past >= 0.0) & (past < length) else 0.0


@law
def splice_tension(past: float, transient: float, settling: float) -> float:
    """Tension over its set point after a splice: 1 + a exp(-s/s_0), s web since the new roll took over [m], a either sign."""
    return 1.0 + (transient * exp(-min(past / settling, 700.0)) if past >= 0.0 else 0.0)


def marked_metres(start: float, splice: Splice) -> tuple[float, float]:
    """Web [m] that a splice beginning at `start` spoils: the tape, its tension transient to 5 %, and a margin either side."""
    return start - splice.margin, start + max(splice.length, 3.0 * splice.settling) + splice.margin


def roll_changes(first: float, on_roll: float, end: float) -> tuple[float, ...]:
    """Metres of web at which rolls change: the first after `first`, then every `on_roll` metres, before `end`.

    For an unwinder first is what is left on the running roll; for a winder what it still can take.
    """
    if on_roll <= 0.0:
        raise ValueError(f"a roll of {on_roll:g} m never lasts")
    changes = []
    metre = first
    while metre < end:
        changes.append(metre)
        metre = first + len(changes) * on_roll
    return tuple(changes)
