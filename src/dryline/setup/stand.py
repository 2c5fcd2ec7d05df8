"""The stand of a nip, that is its rolls and its frame, as the roll force sees them."""

from __future__ import annotations

from typing import NamedTuple

from dryline.kernel import from_python
from dryline.line.nips import Nip
from dryline.mechanics import four_high, housing, rolls
from dryline.mechanics.preload import frame_compliance

compliance_of_frame = from_python(frame_compliance)


class Stand(NamedTuple):
    """Stiffness of the frame [N/m] and of the flattening of a metre of width [N/m2]; bending of the gap, centre against
    film edge, per newton [m/N].
    """

    frame: float
    flattening: float
    bending: float

    def mill(self, width: float) -> float:
        """Stiffness K_M [N/m] of frame and flattening over a loaded width [m]."""
        return housing.mill_stiffness(self.frame, self.flattening, width)


def stand_of(nip: Nip, width: float, force: float) -> Stand:
    """Stand of a nip under a film of a width [m] and a roll force [N].

    Two-high, or work rolls on backing rolls; chocks on a wedge as long as its preload holds them there.
    """
    preload = nip.preload if nip.wedge_stop else 0.0
    frame = 1.0 / compliance_of_frame(force, preload, nip.housing_stiffness, nip.wedge_stiffness)
    if nip.backing_diameter is None:
        flattening = rolls.flattening_stiffness(nip.roll_diameter, nip.roll_modulus, nip.roll_poisson)
        bending = rolls.gap_bending_per_force(
            nip.roll_diameter, width, nip.bearing_distance, nip.roll_modulus, nip.roll_shear_modulus
        )
        return Stand(frame, flattening, bending)
    stack = four_high.Stack(
        nip.roll_diameter, nip.backing_diameter, nip.face_width, width, nip.bearing_distance, nip.bearing_distance,
        nip.roll_modulus, nip.roll_shear_modulus, nip.roll_poisson,
    )  # fmt: skip
    return Stand(frame, four_high.flattening_stiffness(stack), four_high.opening(stack, 1.0))
