"""Continuous mixing: a plug delay followed by n equal stirred tanks, stepped exactly.

Each tank empties at the rate 1/tau of its own content (constant residence time: hold-up follows the flow), so the
chain is linear, dM_j/dt = (M_{j-1} - M_j)/tau_j, and every scalar carried by the mass moves with the same matrix.
Validity: residence time fixed by the impeller speed; n 3-10, twin-screw 20-90 s, paddle 60-300 s (process reference
4.1, textbook). White 1-s noise leaves one tank as sigma_1s sqrt(1 s / 2 tau).
"""

from __future__ import annotations

import math

import numpy as np

from dryline.kernel import exp, law


@law
def mean_decay(z: float) -> float:
    """Mean of exp(-z s) over s in [0, 1]: (1 - exp(-z))/z for z >= 0, accurate to 1e-14 down to z = 0."""
    series = 1.0 / 40320.0 - z * (1.0 / 362880.0)
    series = 1.0 / 720.0 - z * (1.0 / 5040.0 - z * series)
    series = 1.0 / 24.0 - z * (1.0 / 120.0 - z * series)
    series = 1.0 - z * (0.5 - z * (1.0 / 6.0 - z * series))
    return series if abs(z) < 0.05 else (1.0 - exp(-min(z, 700.0))) / z


def tank_chain(tanks: int, residence: float, dt: float) -> np.ndarray:
    """Exact transition of n equal tanks over dt for an inflow that is even during dt.

    Parameters
    ----------
    tanks : number n of tanks, >= 1.
    residence : mean residence time of the whole chain [s], > 0.
    dt : step [s].

    Returns the matrix (n + 1, n + 1): columns are what entered during the step and tanks 1..n before it, rows are
    tanks 1..n after it and what left. No entry is negative and every column sums to one, so mass is kept and stays
    positive for any dt. Derived: content of tank i reaches tank j with the Poisson weight of j - i events at rate n/residence.
    """
    if tanks < 1 or residence <= 0.0 or dt <= 0.0:
        raise ValueError(f"{tanks} tanks with residence {residence} s and step {dt} s: all must be positive")
    x = dt * tanks / residence
    events = [math.exp(-x)]
    for k in range(1, tanks):
        events.append(events[-1] * x / k)
    matrix = np.zeros((tanks + 1, tanks + 1))
    for tank in range(tanks):
        matrix[tank, 0] = _beyond(x, tank + 1) / x
        for source in range(tank + 1):
            matrix[tank, source + 1] = events[tank - source]
    for source in range(tanks):
        matrix[tanks, source + 1] = _beyond(x, tanks - source)
    matrix[tanks, 0] = sum(_beyond(x, k) for k in range(tanks + 1, tanks + 200)) / x
    return matrix / matrix.sum(axis=0)


def _beyond(x: float, k: int) -> float:
    """Probability of at least k Poisson events of mean x, without cancellation for small x."""
    if x > k + 30.0:
        return 1.0 - sum(math.exp(n * math.log(x) - x - math.lgamma(n + 1)) for n in range(k))
    term = math.exp(k * math.log(x) - x - math.lgamma(k + 1))
    total, n = 0.0, k
    while term > 1e-20 * total:
        total += term
        n += 1
        term *= x / n
    return total


def delay_slots(delay: float, dt: float) -> tuple[int, float]:
    """Whole steps and remaining part of a step of a plug delay [s]; the part goes into the following slot."""
    steps = delay / dt + 1e-9
    whole = math.floor(steps)
    part = steps - whole
    return whole, part if part > 1e-6 else 0.0
