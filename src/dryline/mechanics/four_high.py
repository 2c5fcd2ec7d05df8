"""Four-high stack: small work rolls carried by large backing rolls, for films that large rolls cannot thin.

Each work roll is a beam (E I_w) on the elastic contact between it and its backing roll (k_c per metre), whose own line
bends under the load. With u(y) the way of the work roll's axis off the film, w_b(y) that of the backing roll::

    E I_w u'''' + k_c (u - w_b) = q(y)        q = F / b for |y| < b / 2, else 0
    w_b = -delta_b eta^2 + const,  eta = 2 y / b
    free ends at the face:  E I_w u'' = M,  E I_w u''' = -P   (P, M of the bending cylinders at the chocks)

The opening of the gap at its centre against its edge is 2 (u(0) - u(b/2)), both stacks. Where the face is wider than the
film the work roll is pushed towards the film by the backing roll beyond its edge: the edge term of four-high mills. In a
two-high nip the same load bends the small roll itself.

Sources: beam on an elastic foundation, Hetenyi (1946); line contact of two cylinders in Johnson's form with the
equivalent diameter D_w D_b / (D_w + D_b). Validity: linear contact (its stiffness changes with the logarithm of the load
only), backing roll bent by a load that is even over the film, shear of the work roll left out.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from dryline.mechanics import rolls

ROLL_RATIO = 1.5
"""Smallest ratio of backing to work roll diameter of a design (claim of US20230411588)."""


class Stack(NamedTuple):
    """Work roll and backing roll of one side: diameters, face, loaded film width [m], distances of bearings [m], steel [Pa].

    face: length over which work and backing roll touch; chock_distance: of the work roll's chocks, where the bending
    cylinders push; bearing_distance: of the backing roll.
    """

    work_diameter: float
    backing_diameter: float
    face: float
    film_width: float
    chock_distance: float
    bearing_distance: float
    modulus: float = 210e9
    shear_modulus: float = 80e9
    poisson: float = 0.3


def contact_stiffness(stack: Stack) -> float:
    """Stiffness k_c [N/m2] of the contact between work and backing roll, both flattening, per metre of face."""
    equivalent = stack.work_diameter * stack.backing_diameter / (stack.work_diameter + stack.backing_diameter)
    return rolls.flattening_stiffness(equivalent, stack.modulus, stack.poisson)


def flattening_stiffness(stack: Stack) -> float:
    """Flattening stiffness [N/m2] of the whole stack per metre: both work rolls on the film, then both inner contacts."""
    film = rolls.flattening_stiffness(stack.work_diameter, stack.modulus, stack.poisson)
    return 1.0 / (1.0 / film + 2.0 / contact_stiffness(stack))


def backing_bending(stack: Stack, force: float) -> float:
    """Bending and shear of one backing roll [m], centre against film edge, under the roll force [N]."""
    per_force = rolls.bending_per_force(
        stack.backing_diameter, stack.film_width, stack.bearing_distance, stack.modulus
    ) + rolls.shear_per_force(stack.backing_diameter, stack.film_width, stack.shear_modulus)
    return per_force * force


def deflection(stack: Stack, force: float, push: float, places: np.ndarray) -> np.ndarray:
    """Way of the work roll off the film [m] at places y [m] from the centre, |y| <= face/2.

    roll force [N]; push: force of the bending cylinders on each chock of this work roll [N], positive away from the film,
    which opens the edges. Linear in both forces.
    """
    stiffness = stack.modulus * math.pi / 64.0 * stack.work_diameter**4
    k = contact_stiffness(stack)
    z = (0.25 * k / stiffness) ** 0.25 * (1.0 + 1.0j)
    half, end = 0.5 * stack.film_width, 0.5 * stack.face
    lifted = force / stack.film_width / k
    curve = backing_bending(stack, force) / half**2

    # a row a derivative, two columns a complex solution; every solution is scaled by its largest value
    def inside(y: float) -> np.ndarray:
        even, odd = np.cosh(z * y) / np.cosh(z * half), np.sinh(z * y) / np.cosh(z * half)
        return _real_rows(np.array([[z**n * (odd if n % 2 else even)] for n in range(4)]))

    def outside(y: float) -> np.ndarray:
        falling, rising = np.exp(-z * (y - half)), np.exp(-z * (end - y))
        return _real_rows(np.array([[(-z) ** n * falling, z**n * rising] for n in range(4)]))

    system, right = np.zeros((6, 6)), np.zeros(6)
    system[:4, :2], system[:4, 2:] = inside(half), -outside(half)
    right[0] = -lifted
    system[4:, 2:] = outside(end)[2:]
    right[4] = 0.5 * (stack.chock_distance - stack.face) * push / stiffness + 2.0 * curve
    right[5] = -push / stiffness
    scale = abs(z) ** np.array([0, 1, 2, 3, 2, 3])
    found = np.linalg.solve(system / scale[:, None], right / scale)

    def at(y: float) -> float:
        own = inside(y)[0] @ found[:2] + lifted if y <= half else outside(y)[0] @ found[2:]
        return float(own) - curve * y**2

    return np.array([at(abs(float(y))) for y in places])


def _real_rows(values: np.ndarray) -> np.ndarray:
    """Real and imaginary part of every complex column as columns of their own."""
    return np.stack([values.real, values.imag], axis=-1).reshape(len(values), -1)


def opening(stack: Stack, force: float, push: float = 0.0) -> float:
    """Opening of the gap at its centre against the film edge by both stacks [m]; forces [N] as for `deflection`."""
    centre, edge = deflection(stack, force, push, np.array([0.0, 0.5 * stack.film_width]))
    return float(2.0 * (centre - edge))


def levelling_push(stack: Stack, force: float, push_max: float) -> tuple[float, float]:
    """Force of the bending cylinders [N] that makes centre and edge alike, within +-push_max [N], and the opening left [m]."""
    free, per_newton = opening(stack, force), opening(stack, 0.0, 1.0)
    push = min(max(-free / per_newton, -push_max), push_max)
    return push, free + push * per_newton
