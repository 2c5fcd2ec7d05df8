"""Run-out of a roll over its angle."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dryline.mechanics import run_out

AMPLITUDES = (0.9e-6, 0.25e-6, 0.12e-6)
PHASES = (0.3, 1.1, 2.5)


def test_repeats_every_turn_has_no_mean_and_stays_within_its_bound():
    angles = np.linspace(0.0, 2 * math.pi, 400, endpoint=False)
    values = np.array([run_out.run_out(a, *AMPLITUDES, *PHASES) for a in angles])
    again = run_out.run_out(0.7 + 6 * math.pi, *AMPLITUDES, *PHASES)
    assert again == pytest.approx(run_out.run_out(0.7, *AMPLITUDES, *PHASES), rel=1e-9)
    assert abs(values.mean()) < 1e-20
    assert np.abs(values).max() <= run_out.largest(AMPLITUDES)
    assert math.sqrt(2 * float((values**2).mean())) == pytest.approx(math.hypot(*AMPLITUDES), rel=1e-9)


def test_half_metre_roll_turns_at_two_thirds_of_a_hertz_at_sixty_metres_a_minute():
    assert run_out.frequency(1.0, 0.5) == pytest.approx(0.64, abs=0.005)
