"""Four-high stack against a finite-element beam, balance of forces, and the separator that two-high rolls cannot press."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import trapezoid

from dryline.mechanics import four_high, rolls
from dryline.mechanics.four_high import Stack

STACK = Stack(0.25, 0.8, 1.15, 1.05, 1.6, 1.7)


def beam(stack, force, push, parts=460):
    """Work roll as Hermite beam elements on its contact: (places, deflection)."""
    EI = stack.modulus * math.pi / 64 * stack.work_diameter**4
    k, half = four_high.contact_stiffness(stack), 0.5 * stack.film_width
    bend = four_high.backing_bending(stack, force)
    L = stack.face / parts
    y = np.linspace(-0.5, 0.5, parts + 1) * stack.face
    a, b, c = 6 * L, 4 * L**2, 2 * L**2
    bending = EI / L**3 * np.array([[12, a, -12, a], [a, b, -a, c], [-12, -a, 12, -a], [a, c, -a, b]])
    gauss, weight = np.polynomial.legendre.leggauss(4)
    K, f = np.zeros((2 * parts + 2,) * 2), np.zeros(2 * parts + 2)
    for e in range(parts):
        dofs = slice(2 * e, 2 * e + 4)
        K[dofs, dofs] += bending
        for s, w in zip(0.5 * (gauss + 1), 0.5 * weight * L, strict=True):
            shape = np.array([1 - 3 * s**2 + 2 * s**3, L * (s - 2 * s**2 + s**3), 3 * s**2 - 2 * s**3, L * (s**3 - s**2)])
            at = y[e] + s * L
            load = force / stack.film_width if abs(at) < half else 0.0
            K[dofs, dofs] += w * k * np.outer(shape, shape)
            f[dofs] += w * (load - k * bend * (at / half) ** 2) * shape
    arm = 0.5 * (stack.chock_distance - stack.face)
    f[0] += push
    f[-2] += push
    f[1] -= push * arm
    f[-1] += push * arm
    return y, np.linalg.solve(K, f)[::2]


@pytest.mark.parametrize(("force", "push"), [(411e3, 0.0), (411e3, 30e3), (0.0, 50e3)])
@pytest.mark.parametrize("face", [1.06, 1.15, 1.4])
def test_deflection_is_that_of_a_beam_of_finite_elements(force, push, face):
    stack = STACK._replace(face=face)
    y, u = beam(stack, force, push)
    got = four_high.deflection(stack, force, push, y)
    np.testing.assert_allclose(got, u, atol=2e-4 * np.abs(u).max())


def test_contact_carries_the_roll_force_and_both_chocks():
    y = np.linspace(-0.5, 0.5, 20001) * STACK.face
    u = four_high.deflection(STACK, 400e3, 25e3, y)
    backing = -four_high.backing_bending(STACK, 400e3) * (2 * y / STACK.film_width) ** 2
    carried = four_high.contact_stiffness(STACK) * trapezoid(u - backing, y)
    assert carried == pytest.approx(400e3 + 2 * 25e3, rel=1e-6)


def test_deflection_is_even_and_linear_in_the_forces():
    y = np.array([-0.5, -0.2, 0.2, 0.5])
    u = four_high.deflection(STACK, 3e5, 2e4, y)
    np.testing.assert_allclose(u, u[::-1], rtol=1e-12)
    parts = four_high.deflection(STACK, 3e5, 0.0, y) + four_high.deflection(STACK, 0.0, 2e4, y)
    np.testing.assert_allclose(u, parts, rtol=1e-10)


def test_a_work_roll_without_overhang_lies_between_straight_and_its_backing_roll():
    """With the film over the whole face only the stiffness of the work roll keeps it from following the backing roll."""
    stack = STACK._replace(face=1.05 + 1e-9)
    backing = 2.0 * four_high.backing_bending(stack, 4e5)
    thick, thin = (four_high.opening(stack._replace(work_diameter=D), 4e5) for D in (0.6, 0.12))
    assert 0.0 < thick < thin < backing
    assert thin == pytest.approx(backing, rel=0.25)


def test_edge_term_grows_with_the_overhang():
    assert four_high.opening(STACK._replace(face=1.15), 4e5) > four_high.opening(STACK._replace(face=1.06), 4e5)


def test_bending_cylinders_level_centre_and_edge_within_their_range():
    push, left = four_high.levelling_push(STACK, 411e3, 200e3)
    assert 0.0 < push < 200e3
    assert left == pytest.approx(0.0, abs=1e-12)
    assert four_high.opening(STACK, 411e3, push) == pytest.approx(0.0, abs=1e-10)
    held, rest = four_high.levelling_push(STACK, 411e3, 0.1 * push)
    assert held == pytest.approx(0.1 * push)
    assert 0.0 < rest < four_high.opening(STACK, 411e3)


def test_flattening_of_the_stack_is_softer_than_that_of_two_rolls():
    two_high = rolls.flattening_stiffness(0.25, 210e9, 0.3)
    got = four_high.flattening_stiffness(STACK)
    assert 1.0 / got == pytest.approx(1.0 / two_high + 2.0 / four_high.contact_stiffness(STACK))
    assert 0.3 * two_high < got < 0.6 * two_high


def test_reference_stack_keeps_the_published_ratio():
    assert STACK.backing_diameter / STACK.work_diameter >= four_high.ROLL_RATIO
