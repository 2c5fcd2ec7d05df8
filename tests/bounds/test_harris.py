"""Harris index of series whose minimum variance is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import lfilter

from dryline.bounds.harris import harris


def noise(n, seed=1):
    return np.random.default_rng(seed).standard_normal(n)


@pytest.mark.parametrize(("a", "delay"), [(0.5, 1), (0.9, 5), (0.98, 20)])
def test_index_of_a_first_order_series(a, delay):
    found = harris(lfilter([1.0], [1.0, -a], noise(40_000)), delay)
    assert found.index == pytest.approx(1.0 - a ** (2 * delay), abs=max(3.0 * found.standard_error, 0.01))
    assert found.minimum_variance == pytest.approx((1.0 - a ** (2 * delay)) / (1.0 - a * a), rel=0.05)
    assert found.samples == 40_000
    assert found.trusted


def test_a_loop_at_minimum_variance_has_index_one():
    """y = f_0 a_t + ... + f_(k-1) a_(t-k+1): all that a minimum-variance controller leaves."""
    weights = 0.9 ** np.arange(6)
    found = harris(np.convolve(noise(40_000), weights, mode="valid"), 6)
    assert found.index > 0.97


def test_closed_loop_data_give_the_minimum_variance_of_open_loop_data():
    a, delay, gain = 0.95, 4, 0.05
    shocks = noise(60_000)
    open_loop = lfilter([1.0], [1.0, -a], shocks)
    y, u = np.zeros(shocks.size), 0.0
    moves = np.zeros(shocks.size)
    for t in range(shocks.size):
        y[t] = open_loop[t] + (moves[t - delay] if t >= delay else 0.0)
        u -= gain * y[t]
        moves[t] = u
    one, two = harris(open_loop, delay), harris(y, delay)
    assert y.var() < open_loop.var()
    assert two.minimum_variance == pytest.approx(one.minimum_variance, rel=0.05)
    assert two.index > one.index


def test_fewer_samples_are_less_certain():
    y = lfilter([1.0], [1.0, -0.95], noise(50_000))
    assert harris(y[:1000], 10).standard_error > 2.0 * harris(y, 10).standard_error


def test_what_cannot_be_judged_is_refused():
    with pytest.raises(ValueError, match="delay"):
        harris(noise(1000), 0)
    with pytest.raises(ValueError, match="too few"):
        harris(noise(30), 2, order=10)
    with pytest.raises(ValueError, match="vary"):
        harris(np.ones(1000), 2)
