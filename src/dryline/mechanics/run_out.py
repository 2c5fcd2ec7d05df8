"""Run-out of a roll: the gap error of its out-of-round shape as a function of its angle.

Source: harmonics 1 to 3 of the surface, textbook; positive values open the gap.
"""

from __future__ import annotations

import math

from dryline.kernel import law


@law
def run_out(
    angle: float, first: float, second: float, third: float, phase_1: float, phase_2: float, phase_3: float
) -> float:
    """Run-out [m] of one roll at its angle [rad]: sum of first..third [m] times sin(k angle + phase_k)."""
    return (
        first * math.sin(angle + phase_1)
        + second * math.sin(2.0 * angle + phase_2)
        + third * math.sin(3.0 * angle + phase_3)
    )


def largest(amplitudes: tuple[float, ...]) -> float:
    """Bound of the run-out of one roll [m]: the sum of its amplitudes [m]."""
    return sum(abs(amplitude) for amplitude in amplitudes)


def frequency(speed: float, diameter: float) -> float:
    """Rotation frequency [Hz] of a roll of a diameter [m] at a surface speed [m/s]: v / (pi D)."""
    return speed / (math.pi * diameter)
