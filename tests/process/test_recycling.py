"""Recycling in closed form against sums over the passes and a loop that is walked."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dryline.process import recycling
from dryline.process.fibrillation import fibril_step

shares = st.floats(0.0, 0.6)
TABLE = [(0.05, 0.053, 0.3), (0.10, 0.11, 1.0), (0.20, 0.25, 4.0), (0.30, 0.43, 9.0)]


@pytest.mark.parametrize(("r", "extra", "twice"), TABLE)
def test_passes_of_the_published_table(r, extra, twice):
    """Process reference 10: mean extra passes and share that has been round twice or more, in percent."""
    assert recycling.mean_passes(r) == pytest.approx(extra, abs=0.005)
    assert 100 * recycling.pass_shares(r, 2)[-1] == pytest.approx(twice, abs=0.051)


@given(shares)
def test_pass_shares_are_a_distribution(r):
    n = np.arange(200)
    P = np.array([recycling.pass_share(r, int(k)) for k in n])
    assert P.sum() == pytest.approx(1.0, abs=1e-12)
    assert P @ n == pytest.approx(recycling.mean_passes(r), abs=1e-9)
    assert P[3:].sum() == pytest.approx(recycling.pass_shares(r, 3)[-1], abs=1e-12)


@pytest.mark.parametrize(("k_1", "k_2"), [(6e-6, 4e-7), (4e-7, 6e-6), (5e-6, 5e-6), (5e-6, 5e-6 * (1 + 1e-8))])
@pytest.mark.parametrize("r", [0.0, 0.15, 0.5])
def test_fibrils_are_the_mean_over_all_passes(r, k_1, k_2):
    sums = np.zeros(2)
    for n in range(120):
        sums += recycling.pass_share(r, n) * np.array(fibril_step(1.0, 0.0, k_1, k_2, 1.8e5 + n * 5e4))
    assert recycling.mean_fibrils(r, k_1, k_2, 1.8e5, 5e4) == pytest.approx(tuple(sums), rel=1e-6)


def test_strength_rises_with_recycling_below_the_optimum_and_falls_beyond_it():
    def fibrils(first, r):
        return recycling.mean_fibrils(r, 6e-6, 4e-7, first, 1e5)[1]

    best = math.log(6e-6 / 4e-7) / (6e-6 - 4e-7)
    assert fibrils(0.3 * best, 0.2) > fibrils(0.3 * best, 0.0)
    assert fibrils(1.2 * best, 0.2) < fibrils(1.2 * best, 0.0)


@given(shares, st.floats(0.0, 0.5))
def test_cracks_add_up_over_the_passes(r, f):
    P = [recycling.pass_share(r, n) for n in range(200)]
    total = sum(p * recycling.cracked_after(f, n + 1) for n, p in enumerate(P))
    assert recycling.mean_cracked(r, f) == pytest.approx(total, abs=1e-9)
    assert recycling.mean_cracked(0.0, f) == pytest.approx(f, abs=1e-15)
    assert recycling.mean_cracked(r, f) >= f - 1e-15


def test_few_cracks_simply_add():
    assert recycling.mean_cracked(0.2, 1e-4) == pytest.approx(1e-4 * 1.25, rel=1e-3)


@given(shares, st.integers(0, 30))
def test_error_grows_turn_by_turn_to_the_gain(r, turns):
    x = 0.0
    for _ in range(turns + 1):
        x = 0.01 + r * x
    assert recycling.error_after(0.01, r, turns) == pytest.approx(x, rel=1e-9)
    assert x <= 0.01 * recycling.feedback_gain(r) * (1 + 1e-12)


def test_slow_errors_grow_and_errors_of_half_a_turn_shrink():
    delay = 1800.0
    assert recycling.feedback_gain(0.3) == pytest.approx(1.0 / 0.7)
    assert recycling.feedback_gain(0.3, 0.5 / delay, delay) == pytest.approx(1.0 / 1.3)
    assert recycling.feedback_gain(0.3, 1.0 / delay, delay) == pytest.approx(1.0 / 0.7)
    assert recycling.feedback_gain(0.0, 1e-3, delay) == 1.0
