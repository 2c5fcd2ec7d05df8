"""Tension and position of a tape drive by LQR: Franklin, Powell & Emami-Naeini, Feedback Control of Dynamic Systems, 7th ed.,
figure 7.19. Time in milliseconds.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import solve_continuous_are

A = np.array(
    [
        [0.0, 2.0, 0.0, 0.0, 0.0],
        [-0.1, -0.35, 0.1, 0.1, 0.75],
        [0.0, 0.0, 0.0, 2.0, 0.0],
        [0.4, 0.4, -0.4, -1.4, 0.0],
        [0.0, -0.03, 0.0, 0.0, -1.0],
    ]
)
B = np.array([[0.0], [0.0], [0.0], [0.0], [1.0]])
HEAD = np.array([[0.5, 0.0, 0.5, 0.0, 0.0]])
TENSION = np.array([[-0.2, -0.2, 0.2, 0.2, 0.0]])


def gain():
    return B.T @ solve_continuous_are(A, B, HEAD.T @ HEAD, np.eye(1))


def test_gain_of_the_tape_servo():
    assert gain()[0] == pytest.approx([0.6526, 2.1667, 0.3474, 0.5976, 1.0616], abs=5e-5)


def test_closed_loop_poles_of_the_tape_servo():
    poles = np.sort_complex(np.linalg.eigvals(A - B @ gain()))
    wanted = np.sort_complex([-1.204, -0.836 - 0.606j, -0.836 + 0.606j, -0.468 - 0.846j, -0.468 + 0.846j])
    assert poles.real == pytest.approx(wanted.real, abs=5.1e-4)
    assert poles.imag == pytest.approx(wanted.imag, abs=5.1e-4)


def test_a_moved_head_changes_the_tension_only_on_the_way():
    """Settled, the tape is as tight as before: both reels have turned alike."""
    moved = np.linalg.solve(A - B @ gain(), -B)
    assert (HEAD @ moved).item() > 0.0
    assert (TENSION @ moved).item() == pytest.approx(0.0, abs=1e-2 * (HEAD @ moved).item())
