"""Thickness control of a rolling mill by LQG: Grimble's case as published with MATLAB's milldemo.

Per axis the gap is -g H u + g (F_e w_e + F_i w_i) and the force H u + F_e w_e + F_i w_i; only the force is measured. Root mean
squares of the gap by the Lyapunov equation, sensor noise left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.linalg import block_diag, solve_continuous_are, solve_continuous_lyapunov

G_X, G_Y, X_ON_Y, Y_ON_X = 1e-6, 0.5e-6, 0.1, 0.4


@dataclass(frozen=True)
class Mill:
    """x' = A x + B u + W w; gap = C x, force = F x."""

    A: np.ndarray
    B: np.ndarray
    W: np.ndarray
    gap: np.ndarray
    force: np.ndarray


def axis(gain, damping, frequency, entry, entry_damping, entry_frequency, input_gain, g):
    """Hydraulics (2 states), entry-thickness and input disturbance (2 + 1 states) of one axis."""
    A = block_diag(
        [[0.0, 1.0], [-(frequency**2), -damping]], [[0.0, 1.0], [-(entry_frequency**2), -entry_damping]], [[-0.05]]
    )
    B = np.array([[0.0], [1.0], [0.0], [0.0], [0.0]])
    W = np.array([[0.0, 0.0], [0.0, 0.0], [0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    rolled, disturbed = np.array([[gain, 0.0, 0.0, 0.0, 0.0]]), np.array([[0.0, 0.0, 0.0, entry, input_gain]])
    return Mill(A, B, W, g * (disturbed - rolled), rolled + disturbed)


X = axis(2.4e8, 72.0, 90.0, 3e4, 0.125, 6.0, 1e4, G_X)
Y = axis(7.8e8, 71.0, 88.0, 1e5, 0.19, 9.4, 2e4, G_Y)


def both(x, y, coupled):
    """Both axes; coupled, the force of one leaks into gap and force of the other."""
    outputs = np.vstack([block_diag(x.gap, y.gap), block_diag(x.force, y.force)])
    mix = np.eye(4)
    if coupled:
        mix = np.array(
            [[1.0, 0.0, 0.0, Y_ON_X * G_X], [0.0, 1.0, X_ON_Y * G_Y, 0.0], [0.0, 0.0, 1.0, -Y_ON_X], [0.0, 0.0, -X_ON_Y, 1.0]]
        )
    outputs = mix @ outputs
    return Mill(block_diag(x.A, y.A), block_diag(x.B, y.B), block_diag(x.W, y.W), outputs[:2], outputs[2:])


@dataclass(frozen=True)
class Regulator:
    """z' = A z + B force, u = C z."""

    A: np.ndarray
    B: np.ndarray
    C: np.ndarray


def lqg(mill, low_pass, force_noise):
    """Regulator of the (filtered) gap with weights 1 and 1e-4 from the force alone; `low_pass` in rad/s or None."""
    n, axes = mill.A.shape[0], mill.gap.shape[0]
    A, B, C, weighted = mill.A, mill.B, mill.force, mill.gap
    if low_pass is not None:
        A = np.block([[mill.A, np.zeros((n, axes))], [low_pass * mill.gap, -low_pass * np.eye(axes)]])
        B = np.vstack([mill.B, np.zeros((axes, axes))])
        C, weighted = np.hstack([mill.force, np.zeros((axes, axes))]), np.hstack([np.zeros((axes, n)), np.eye(axes)])
    state, control = weighted.T @ weighted + 1e-14 * np.eye(A.shape[0]), 1e-4 * np.eye(B.shape[1])
    K = np.linalg.solve(control, B.T @ solve_continuous_are(A, B, state, control))
    # the gap is no output: the filter knows it from the force through the plant alone
    L = kalman(mill, force_noise)
    if low_pass is not None:
        L = np.vstack([L, np.zeros((axes, L.shape[1]))])
    return Regulator(A - B @ K - L @ C, L, -K)


def kalman(mill, force_noise):
    noise = force_noise * np.eye(mill.force.shape[0])
    P = solve_continuous_are(mill.A.T, mill.force.T, mill.W @ mill.W.T, noise)
    return P @ mill.force.T @ np.linalg.inv(noise)


def gaps(mill, regulator=None):
    """Root mean square of the gaps [mm]."""
    if regulator is None:
        P = solve_continuous_lyapunov(mill.A, -mill.W @ mill.W.T)
        return np.sqrt(np.diag(mill.gap @ P @ mill.gap.T))
    n = mill.A.shape[0]
    A = np.block([[mill.A, mill.B @ regulator.C], [regulator.B @ mill.force, regulator.A]])
    assert np.linalg.eigvals(A).real.max() < 0.0
    W = np.vstack([mill.W, np.zeros((regulator.A.shape[0], mill.W.shape[1]))])
    P = solve_continuous_lyapunov(A, -W @ W.T)[:n, :n]
    return np.sqrt(np.diag(mill.gap @ P @ mill.gap.T))


def side_by_side(a, b):
    return Regulator(block_diag(a.A, b.A), block_diag(a.B, b.B), block_diag(a.C, b.C))


ALONE, COUPLED = both(X, Y, False), both(X, Y, True)
TWO = side_by_side(lqg(X, 30.0, 1e3), lqg(Y, 30.0, 1e3))

CASES = [
    ("uncoupled, open loop", ALONE, None, (0.0678, 0.0871)),
    ("uncoupled, LQG", ALONE, TWO, (0.0078, 0.0060)),
    ("coupled, open loop", COUPLED, None, (0.0972, 0.0871)),
    ("coupled, two controllers of one axis", COUPLED, TWO, (0.2702, 0.0166)),
    ("coupled, one controller of both axes, low-pass", COUPLED, lqg(COUPLED, 30.0, 1e3), (0.0175, 0.0172)),
    ("coupled, one controller of both axes", COUPLED, lqg(COUPLED, None, 1e4), (0.0166, 0.0161)),
]


@pytest.mark.parametrize(("mill", "regulator", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_root_mean_square_gaps_of_the_six_cases(mill, regulator, expected):
    assert gaps(mill, regulator) == pytest.approx(expected, abs=1.05e-4)


def test_one_controller_of_both_axes_passes_the_mark():
    for regulator in (lqg(COUPLED, 30.0, 1e3), lqg(COUPLED, None, 1e4)):
        assert (np.round(gaps(COUPLED, regulator), 4) <= 0.0175).all()


def test_attenuation_is_twenty_decibels_and_coupling_undoes_it():
    decibels = 20.0 * np.log10(gaps(ALONE) / gaps(ALONE, TWO))
    assert decibels == pytest.approx((19.0, 23.0), abs=0.5)
    assert gaps(COUPLED, TWO)[0] > 2.0 * gaps(COUPLED)[0]
