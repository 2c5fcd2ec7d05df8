"""Rolls under load: bending, shear, flattening, the flattened arc and un-bending.

Validity: solid cylindrical rolls, load uniform over the loaded width, deflections small. Sources: beam with
uniform load (the 18.8 form of rolling practice), Hitchcock (1935) for the arc, line-contact flattening in
Johnson's form.
"""

from __future__ import annotations

import math

from dryline.kernel import law

CONTACT_HALF_LENGTH = 2e-3
"""Half contact length [m] in the flattening formula; enters only through its logarithm (assumed)."""


def bending_per_force(diameter: float, width: float, bearing_distance: float, modulus: float) -> float:
    """Bending of one roll, centre against edge of the loaded width, per newton of roll force [m/N].

    b^2 (12 L_b - 7 b) / (6 pi E D^4); diameter D, loaded width b, bearing distance L_b [m], Young's modulus E
    [Pa].
    """
    return width**2 * (12.0 * bearing_distance - 7.0 * width) / (6.0 * math.pi * modulus * diameter**4)


def shear_per_force(diameter: float, width: float, shear_modulus: float) -> float:
    """Shear deflection of one roll, centre against edge, per newton [m/N]: b / (2 pi G_s D^2)."""
    return width / (2.0 * math.pi * shear_modulus * diameter**2)


def gap_bending_per_force(
    diameter: float, width: float, bearing_distance: float, modulus: float, shear_modulus: float
) -> float:
    """Opening of the gap's centre against its edge by both rolls, per newton [m/N]: 2 (bending + shear)."""
    bending = bending_per_force(diameter, width, bearing_distance, modulus)
    return 2.0 * (bending + shear_per_force(diameter, width, shear_modulus))


def flattening_stiffness(diameter: float, modulus: float, poisson: float) -> float:
    """Flattening stiffness K_fl of both rolls per metre of width [N/m2].

    One roll flattens by (2 q (1 - nu^2) / (pi E)) (ln(2 D / l_c) + 0.41), l_c = 2 mm; diameter [m], modulus
    [Pa]. 25 to 28 MN/mm per metre for steel rolls of 0.4 to 0.9 m.
    """
    one = (
        2.0
        * (1.0 - poisson**2)
        / (math.pi * modulus)
        * (math.log(2.0 * diameter / CONTACT_HALF_LENGTH) + 0.41)
    )
    return 1.0 / (2.0 * one)


def contact_compliance(modulus: float, poisson: float) -> float:
    """Compliance 16 (1 - nu^2) / (pi E) [1/Pa] of two equal rolls in Hitchcock's arc; modulus E [Pa]."""
    return 16.0 * (1.0 - poisson**2) / (math.pi * modulus)


@law
def hitchcock_radius(radius: float, line_load: float, reduction: float, compliance: float) -> float:
    """Radius of the flattened arc R' [m]: R (1 + 16 (1 - nu^2) q / (pi E dh)).

    radius R [m], line load q [N/m], reduction dh from entry to gap [m], `contact_compliance` [1/Pa].
    """
    return radius * (1.0 + compliance * line_load / reduction)


def unbending(eta: float, crown: float, bending: float) -> float:
    """Closing [m] at eta = 2 y / b when the load vanishes: rolls crowned to be parallel under load become
    convex again.

    (C + J) (1 - eta^2): crown C [m] of both rolls and the gap J [m] that bending cylinders hold at the centre
    (negative where they work against the crown), both of which stay when the load goes.
    """
    return (crown + bending) * (1.0 - eta**2)


def bending_share(needed: float, crown: float, influence: float, force_max: float) -> tuple[float, float]:
    """Force of the bending cylinders [N] and the bending [m] that stays uncancelled at the centre.

    needed: bending of both rolls at the nominal force [m]; crown [m]; influence [m/N]; the force stays within
    +-force_max [N].
    """
    if influence <= 0.0 or force_max <= 0.0:
        return 0.0, needed - crown
    force = min(max((needed - crown) / influence, -force_max), force_max)
    return force, needed - crown - force * influence
