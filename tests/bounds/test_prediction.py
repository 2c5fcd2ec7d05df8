"""Prediction bound: against a simulation of the optimal filter, against brute force, and the laws that it must keep."""

from __future__ import annotations

import numpy as np
import pytest
from bounds.simulated import simulated_remainder
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import toeplitz

from dryline.bounds.components import Sampled, Spread, Wandering, model_of
from dryline.bounds.distance import distance_bound
from dryline.bounds.filtering import Channel, remainder
from dryline.bounds.prediction import FeedForward, prediction_bound

SLOW, FAST = Wandering("slow", 0.3, 40.0), Wandering("fast", 0.2, 4.0)
METERING = Sampled("metering", 0.5, 1.0)


def one(component):
    return Spread(component, np.ones((1, 1)))


@pytest.mark.parametrize(
    ("components", "delay", "noise", "seen"),
    [
        ([SLOW, FAST], 20, 0.2, (True,)),
        ([SLOW, METERING], 6, 0.1, (True,)),
        ([FAST, Sampled("held", 0.5, 0.5, linear=False)], 3, 0.1, (True,)),
        ([SLOW, FAST], 5, 0.1, (True, True, *[False] * 14)),
    ],
)
def test_simulated_optimal_filter_leaves_the_bound(components, delay, noise, seen):
    found = prediction_bound(components, 0.1, delay, noise, seen)
    model = model_of([one(c) for c in components], 0.1, len(seen))
    rows = [H if seen[j % len(seen)] else None for j, H in enumerate(model.measured)]
    periods = max(1600 // model.period, 1)
    left, whole = simulated_remainder(model, rows, noise, delay, 600, periods, np.random.default_rng(3))
    assert np.sqrt(left[0]) == pytest.approx(np.sqrt(found.variance), rel=0.03)
    assert np.sqrt(whole[0]) == pytest.approx(np.sqrt(found.open_variance), rel=0.03)


@pytest.mark.parametrize("delay", [4, 20])
def test_simulated_filter_of_a_mean_over_a_footprint_leaves_the_bound(delay):
    components = [FAST, METERING]
    found = prediction_bound(components, 0.1, delay, 0.1, window=10)
    model = model_of([one(c) for c in components], 0.1, window=10)
    left, whole = simulated_remainder(model, model.measured, 0.1, delay, 600, 160, np.random.default_rng(4))
    assert np.sqrt(left[0]) == pytest.approx(np.sqrt(found.variance), rel=0.03)
    assert np.sqrt(whole[0]) == pytest.approx(np.sqrt(found.open_variance), rel=0.03)


def test_longer_footprints_even_out_what_is_white():
    at = [prediction_bound([METERING], 0.1, 31, 0.1, window=w) for w in (1, 5, 10, 20)]
    assert at[0].open_variance > at[1].open_variance > at[2].open_variance > at[3].open_variance
    # over one interval of the grid 0.825 of the mean square is left: 3/2 of the cubic spline's 0.55
    assert at[2].open_variance == pytest.approx(0.825 * 0.25, rel=0.01)
    slow = [prediction_bound([SLOW], 0.1, 31, 0.01, window=w).ratio for w in (1, 10)]
    assert slow[1] == pytest.approx(slow[0], rel=0.1)
    assert slow[1] < slow[0]


def autocovariance(components, pitch, lags):
    """Of Ornstein-Uhlenbeck components at lags of a pitch."""
    return sum(c.sigma**2 * np.exp(-np.arange(lags) * pitch / c.length) for c in components)


@pytest.mark.parametrize(
    ("components", "delay", "noise", "lag"), [([SLOW], 10, 0.0, 0.0), ([SLOW, FAST], 8, 0.15, 0.6), ([FAST, SLOW], 25, 0.4, 0.85)]
)
def test_no_linear_controller_found_by_brute_force_does_better(components, delay, noise, lag):
    """All stable linear controllers of a stable plant: u = Q (d + noise), Q any filter (Youla); the best Q of 200 terms."""
    pitch, terms, tail = 0.1, 200, 60
    found = prediction_bound(components, pitch, delay, noise)
    r = autocovariance(components, pitch, 500)
    plant = (1.0 - lag) * lag ** np.arange(tail) if lag > 0.0 else np.eye(1, tail)[0]
    # what is left: d_t - sum_j h_j s_(t - delay - j), s = d + noise, h = plant * Q
    response = toeplitz(np.concatenate((plant, np.zeros(terms - 1))), np.zeros(terms))
    length = response.shape[0]
    seen = toeplitz(r[:length]) + noise**2 * np.eye(length)
    ahead = r[delay : delay + length]
    Q = np.linalg.solve(response.T @ seen @ response, response.T @ ahead)
    h = response @ Q
    least = r[0] - 2.0 * ahead @ h + h @ seen @ h
    assert least >= found.variance * (1.0 - 1e-6)
    assert least == pytest.approx(found.variance, rel=0.01)


def test_one_riccati_equation_and_the_periodic_recursion_agree():
    model = model_of([one(SLOW), one(FAST)], 0.1)
    twice = model_of([one(SLOW), one(FAST)], 0.1, 4)
    a = remainder(model, [Channel(model.measured, 0.1, 7)])
    b = remainder(twice, [Channel(twice.measured, 0.1, 7)])
    assert (model.period, twice.period) == (1, 4)
    assert b.parts == pytest.approx(a.parts, rel=1e-4, abs=1e-12)


def test_variance_adds_up_by_source():
    found = prediction_bound([SLOW, FAST, METERING], 0.1, 12, 0.2)
    shares = found.by_source()
    assert set(shares) == {"slow", "fast", "metering", "gauge noise"}
    assert min(shares.values()) > 0.0
    assert sum(shares.values()) == pytest.approx(found.variance, rel=1e-12)


component = st.one_of(
    st.builds(Wandering, st.just("a"), st.floats(0.05, 1.0), st.floats(0.5, 100.0)),
    st.builds(Sampled, st.just("a"), st.floats(0.05, 1.0), st.sampled_from([0.2, 0.4, 1.0]), st.booleans()),
)


@settings(max_examples=40, deadline=None)
@given(component, st.floats(1.0, 50.0), st.floats(0.02, 0.5), st.integers(1, 30))
def test_never_above_open_loop_and_monotone_in_delay_noise_and_correlation(first, length, noise, delay):
    def at(L=length, k=delay, n=noise):
        return prediction_bound([first, Wandering("b", 0.3, L)], 0.1, k, n)

    here = at()
    assert here.variance <= here.open_variance * (1.0 + 1e-9)
    assert at(k=delay + 4).variance >= here.variance * (1.0 - 1e-5)
    assert at(n=1.5 * noise).variance >= here.variance * (1.0 - 1e-5)


@given(st.floats(1.0, 50.0), st.floats(1.0, 4.0), st.integers(1, 30))
@settings(max_examples=30, deadline=None)
def test_a_longer_correlation_leaves_less(length, more, delay):
    here = prediction_bound([Wandering("b", 0.3, length)], 0.1, delay, 0.1).variance
    assert prediction_bound([Wandering("b", 0.3, length * more)], 0.1, delay, 0.1).variance <= here * (1.0 + 1e-7)


def test_feed_forward_takes_its_component_out():
    without = prediction_bound([SLOW, METERING], 0.1, 31, 0.1)
    told = prediction_bound([SLOW, METERING], 0.1, 31, 0.1, feed_forward=[FeedForward("metering", 0.0)])
    alone = prediction_bound([SLOW], 0.1, 31, 0.1)
    assert told.variance == pytest.approx(alone.variance, rel=1e-3)
    assert told.variance < without.variance
    late = [
        prediction_bound([SLOW, METERING], 0.1, 31, 0.1, feed_forward=[FeedForward("metering", 0.05, k)]).variance
        for k in (0, 1, 3, 9)
    ]
    assert told.variance < late[0] < late[1] < late[2] < late[3] < without.variance


def test_feed_forward_alone_needs_no_gauge():
    told = prediction_bound([SLOW, METERING], 0.1, 0, 0.0, (False,), [FeedForward("metering", 0.0)])
    assert told.variance == pytest.approx(SLOW.sigma**2, rel=1e-6)
    assert prediction_bound([SLOW], 0.1, 5, 0.0, (False,)).ratio == 1.0


def test_a_lane_that_is_seen_once_a_traverse_waits_for_the_scanner():
    """Without noise a lane is known when the spot passes; averaged over the traverse, its variance is that of the closed form."""
    period, pitch, L_c = 50, 0.1, 20.0
    found = prediction_bound([Wandering("bed", 1.0, L_c)], pitch, 10, 0.0, (True, *[False] * (period - 1)))
    expected = np.mean([distance_bound((10 + k) * pitch, L_c) ** 2 for k in range(period)])
    assert found.variance == pytest.approx(expected, rel=1e-4)


def test_white_samples_cannot_be_foreseen_beyond_their_grid():
    held = Sampled("held", 0.5, 1.0, linear=False)
    assert prediction_bound([held], 0.1, 10, 0.0).ratio == pytest.approx(1.0, rel=1e-6)
    assert prediction_bound([METERING], 0.1, 20, 0.0).ratio == pytest.approx(1.0, rel=1e-6)
    assert prediction_bound([METERING], 0.1, 5, 0.0).ratio < 0.8


def test_grid_components_have_the_mean_square_of_their_samples():
    # sampled at the middle of ten steps a grid interval: within half a per cent of the mean over the course
    for linear in (True, False):
        found = prediction_bound([Sampled("white", 0.5, 1.0, linear)], 0.1, 1, 0.1)
        assert found.open_variance == pytest.approx(0.25, rel=0.005)


def test_figures_must_make_sense():
    with pytest.raises(ValueError, match="delay"):
        prediction_bound([SLOW], 0.1, -1, 0.1)
    with pytest.raises(ValueError, match="pitch"):
        prediction_bound([SLOW], 0.0, 1, 0.1)
