"""The rolls of a nip as the film feels them: two-high, or thin work rolls on backing rolls (four-high)."""

from __future__ import annotations

from typing import NamedTuple

from dryline.mechanics.rolls import flattening_stiffness, gap_bending_per_force


class RollStack(NamedTuple):
    """Bending of the gap, centre against edge, per newton [m/N]; flattening stiffness of a metre of width [N/m2]."""

    bending: float
    flattening: float


def roll_stack(
    work: float, backing: float | None, width: float, bearing_distance: float, modulus: float, shear_modulus: float,
    poisson: float,
) -> RollStack:  # fmt: skip
    """Stack of rolls of a diameter [m] on backing rolls of another, or none; loaded width and bearing distance [m].

    Four-high: the backing rolls bend in place of the work rolls, which follow them, and the two contacts between work and
    backing rolls flatten too, with the equivalent diameter D_w D_b / (D_w + D_b) in the line-contact form of `rolls`
    (the edge term of the work rolls is taken by the bending cylinders; derived, form textbook).
    """
    bends = work if backing is None else backing
    compliance = 1.0 / flattening_stiffness(work, modulus, poisson)
    if backing is not None:
        compliance += 2.0 / flattening_stiffness(work * backing / (work + backing), modulus, poisson)
    return RollStack(
        gap_bending_per_force(bends, width, bearing_distance, modulus, shear_modulus), 1.0 / compliance
    )
