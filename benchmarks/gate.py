"""Correctness before speed: which engine solves the same case.

Discrete engines have to agree with plain NumPy over the last second of the run, difference / max(|value|, 1) with lengths
in um and force in kN; NumPy itself has to give the check values. Continuous engines are held to 5 nm RMS of the gap.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.case import RECORDS, Array, Case, Noise, no_noise, published_noise, start
from benchmarks.peers.python_engines import NumPyLoop

TOLERANCE = 1e-9
GAP_RMS = 5e-9
SCALE = np.array([1e6, 1e6, 1e-3, 1e6])
"""From m, m, N, m to the units of the check values: um, um, kN, um."""

CHECK: dict[tuple[int, int, bool], tuple[float, float, float, float]] = {
    (200, 1000, False): (99.1943257350, 0.0194803148533, 313.017316906, 105.000000000),
    (200, 4000, False): (98.9816576713, 0.0112671035122, 314.691399089, 106.432990471),
    (200, 10000, False): (99.1658603234, -0.00885785691923, 312.861943131, 105.282028189),
    (50, 4000, False): (98.9816142335, 0.0112493932046, 314.690491907, 106.402597567),
    (1, 4000, False): (98.9367143125, 0.0579659620641, 312.511036542, 105.677194910),
    (200, 4000, True): (98.9897819714, -0.168018444290, 316.045668437, 106.560635841),
}
"""(lanes, steps, noise) -> last record of N1: gap [um], tilt [um], force [kN], gauge [um] (computed from the equations)."""


def last_second(engine: Any, case: Case, noise: Noise, steps: int) -> Array:
    """Record of the last second after a run from the start, in the units of the check values."""
    state = start(case)
    engine.prepare(case, state, noise)
    engine.run(0, steps)
    return np.asarray(state.record * SCALE, dtype=np.float64)


def difference(got: Array, wanted: Array) -> float:
    """Largest difference / max(|value|, 1); infinite where a value is not finite."""
    error = float((np.abs(got - wanted) / np.maximum(np.abs(wanted), 1.0)).max())
    return error if np.isfinite(error) else float("inf")


def check_error(engine: Any, lanes: int, steps: int, noisy: bool) -> float:
    """Difference of an engine's last record from the check value of N1."""
    case = Case("peak", lanes)
    noise = published_noise(case) if noisy else no_noise(case)
    return difference(last_second(engine, case, noise, steps)[-1], np.array(CHECK[lanes, steps, noisy]))


def gate(engine: Any, case: Case) -> tuple[float, bool]:
    """Error of an engine on a case and whether it passes; the reference is NumPy with noise on."""
    noise = published_noise(case)
    if getattr(engine, "continuous", False):
        noise = Noise(noise.lanes, np.zeros_like(noise.gauge))
        steps = 3 * engine.block
        got = last_second(engine, case, noise, steps)[:steps, 0]
        wanted = last_second(NumPyLoop(), case, noise, steps)[:steps, 0]
        rms = float(np.sqrt(np.mean((got - wanted) ** 2))) / SCALE[0]
        return rms, rms <= GAP_RMS
    steps = 4 * RECORDS
    wanted = last_second(NumPyLoop(), case, noise, steps)
    error = difference(last_second(engine, case, noise, steps), wanted)
    if (case.lanes, steps, True) in CHECK and case.law == "peak" and case.every == 1:
        error = max(error, difference(wanted[-1], np.array(CHECK[case.lanes, steps, True])))
    return error, error <= TOLERANCE
