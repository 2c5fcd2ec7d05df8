"""Minimum variance from routine data: what part of a loop's variance no feedback could have taken away.

With a delay of k samples and the disturbance written as y_t = sum f_i a_(t-i), a white, feedback cannot reach the first k
terms: sigma_mv^2 = sigma_a^2 sum_(i<k) f_i^2, index eta = sigma_mv^2 / sigma_y^2 (1: minimum variance). The first k terms are
the same in open and in closed loop, so the data of any linear controller will do. Valid for a stationary series that is
sampled evenly. Source: Harris, Can. J. Chem. Eng. 67 (1989) 856; autoregressive fit by Yule-Walker (textbook).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_toeplitz
from scipy.signal import lfilter

Array = NDArray[np.float64]

BLOCKS = 10
"""Blocks that are left out in turn for the standard error."""
FEW = 20
"""Fewest samples per coefficient of the fit (assumed)."""


@dataclass(frozen=True)
class Harris:
    """Index with its standard error by leaving out blocks, variances, order of the fit and how many samples it rests on."""

    index: float
    standard_error: float
    variance: float
    minimum_variance: float
    order: int
    samples: int

    @property
    def trusted(self) -> bool:
        """Whether the index is known to a tenth of its range (two standard errors)."""
        return 2.0 * self.standard_error < 0.1


def harris(series: Array, delay: int, order: int | None = None) -> Harris:
    """Harris index of a series of samples with a delay of so many samples (at least 1).

    order : of the autoregressive fit; None: that of the smallest Bayes information criterion.
    """
    if delay < 1:
        raise ValueError(f"a delay of {delay} samples: what is done now shows one sample later at the earliest, give 1 or more")
    n = series.size
    most = min(n // FEW, 100) if order is None else order
    if most < 1 or n < FEW * most:
        raise ValueError(f"{n} samples are too few for a fit of order {max(most, 1)}: give at least {FEW} for each coefficient")
    if not series.std() > 0.0:
        raise ValueError("the series does not vary: there is no variance to judge")
    products = _block_products(series - series.mean(), most)
    whole = products.sum(axis=0)
    fitted = _best_order(whole, n) if order is None else order
    index, variance, least = _index(whole, fitted, delay, n)
    left_out = np.array([_index(whole - block, fitted, delay, n)[0] for block in products])
    error = float(np.sqrt((BLOCKS - 1.0) / BLOCKS * ((left_out - left_out.mean()) ** 2).sum()))
    return Harris(index, error, variance, least, fitted, n)


def _block_products(series: Array, lags: int) -> Array:
    """Sums of lagged products of each block (block, lag)."""
    edges = np.linspace(0, series.size, BLOCKS + 1).astype(int)
    sums = np.zeros((BLOCKS, lags + 1))
    for lag in range(lags + 1):
        product = series[lag:] * series[: series.size - lag]
        running = np.concatenate(([0.0], np.cumsum(product)))
        at = np.minimum(edges, product.size)
        sums[:, lag] = running[at[1:]] - running[at[:-1]]
    return sums


def _best_order(products: Array, n: int) -> int:
    """Order of the smallest Bayes information criterion n ln sigma^2 + p ln n, by the Levinson recursion."""
    coefficients = np.zeros(0)
    error, best, least = products[0], 0, n * np.log(products[0])
    for p in range(1, products.size):
        reflection = (products[p] - coefficients @ products[p - 1 : 0 : -1]) / error
        coefficients = np.concatenate((coefficients - reflection * coefficients[::-1], [reflection]))
        error *= 1.0 - reflection * reflection
        criterion = n * np.log(error) + p * np.log(n)
        if criterion < least:
            best, least = p, criterion
    return max(best, 1)


def _index(products: Array, order: int, delay: int, n: int) -> tuple[float, float, float]:
    """Index, variance and minimum variance from sums of lagged products."""
    coefficients = solve_toeplitz(products[:order], products[1 : order + 1])
    innovation = products[0] - coefficients @ products[1 : order + 1]
    impulse = np.zeros(delay)
    impulse[0] = 1.0
    weights = lfilter([1.0], np.concatenate(([1.0], -coefficients)), impulse)
    least = float(innovation * (weights @ weights))
    return least / float(products[0]), float(products[0]) / n, least / n
