"""Recycling in closed form: how often material has been round, what it has suffered, how errors come back.

With a recycle share r of the total feed in steady state the number of passes before the present one is geometric,
P(n) = (1 - r) r^n. Each pass adds shear work and cracks particles. For set-up and tests; the twin follows the material
itself.

Sources: derived from the mass balance. No allowable share is published; 10 to 20 % blended back, at most 30 %, none to 5 %
for sulfides (assumed). Validity: recycled material leaves at random, steady state, the same work in every pass.
"""

from __future__ import annotations

import cmath
import math


def total_feed(virgin: float, recycle: float) -> float:
    """Total feed [kg/s] of a virgin feed [kg/s] at a recycle share r of the total: m_v / (1 - r)."""
    return virgin / (1.0 - recycle)


def pass_share(recycle: float, passes: int) -> float:
    """Share of the feed that has been round exactly n times before: (1 - r) r^n."""
    return (1.0 - recycle) * recycle**passes


def share_with_at_least(recycle: float, passes: int) -> float:
    """Share of the feed that has been round n times or more: r^n."""
    return float(recycle**passes)


def mean_extra_passes(recycle: float) -> float:
    """Mean number of passes before the present one: r / (1 - r)."""
    return recycle / (1.0 - recycle)


def work_moments(recycle: float, first: float, each: float) -> tuple[float, float]:
    """Mean and variance of the work a kilogram of the mix has received [J/kg], [J2/kg2].

    first: work of the present pass; each: work of every pass before, with its nips and its grinding [J/kg]. First + each
    r/(1-r) and each^2 r/(1-r)^2.
    """
    return first + each * mean_extra_passes(recycle), each**2 * recycle / (1.0 - recycle) ** 2


def mean_fibrils(recycle: float, k_1: float, k_2: float, first: float, each: float) -> tuple[float, float]:
    """Unfibrillated and load-bearing share of the PTFE over all passes, for constant rates [kg/J] and works [J/kg].

    Mean over P(n) of the three-species law at the work first + n each: exp(-k w) averages to exp(-k first) (1 - r) / (1 - r
    exp(-k each)). Virgin PTFE starts unfibrillated.
    """

    def mean_exponential(k: float) -> float:
        return math.exp(-k * first) * (1.0 - recycle) / (1.0 - recycle * math.exp(-k * each))

    U = mean_exponential(k_1)
    if math.isclose(k_1, k_2, rel_tol=1e-9):
        returned = recycle * math.exp(-k_1 * each)
        return U, k_1 * U * (first + each * returned / (1.0 - returned))
    return U, k_1 / (k_1 - k_2) * (mean_exponential(k_2) - U)


def cracked_after(per_pass: float, passes: int) -> float:
    """Cracked share of the active material after a number of passes that each crack a share of what is whole."""
    return float(1.0 - (1.0 - per_pass) ** passes)


def mean_cracked(recycle: float, per_pass: float) -> float:
    """Cracked share behind the line, mean over all passes: 1 - (1 - r)(1 - f) / (1 - r (1 - f)).

    For small f it is f (1 + r/(1-r)): cracks add up, f_cr += k_cr p_max.
    """
    whole = 1.0 - per_pass
    return 1.0 - (1.0 - recycle) * whole / (1.0 - recycle * whole)


def error_after(error: float, recycle: float, turns: int) -> float:
    """Composition error of the mix after a number of turns of the loop: e (1 - r^(n+1)) / (1 - r).

    error: what each new mix adds to that of the returned share, e.g. a feeder that errs by a share of the total.
    """
    return error * (1.0 - recycle ** (turns + 1)) / (1.0 - recycle)


def feedback_gain(recycle: float, frequency: float = 0.0, delay: float = 0.0) -> float:
    """Amplification of a composition error at a frequency [Hz] by a return delay [s]: 1 / |1 - r exp(-j 2 pi f T)|.

    At rest 1 / (1 - r); at half a turn of the loop 1 / (1 + r): the silo makes slow errors larger, others smaller.
    """
    return 1.0 / abs(1.0 - recycle * cmath.exp(-2j * math.pi * frequency * delay))
