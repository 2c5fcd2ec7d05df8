"""Bound by segment: modes against the joint filter, the scanner against a simulation, and what more information is worth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from bounds.simulated import simulated_remainder

from dryline.bounds.components import Sampled, model_of
from dryline.bounds.distance import distance_bound
from dryline.bounds.two_dimensional import (
    LineGauge,
    Scanner,
    Weighed,
    common,
    gauges_bound,
    line_gauge_bound,
    segments,
    zig_zag,
)

BED = {"name": "segments", "sigma": 0.25, "length": 10.0, "width": 0.025, "correlation": 0.05}
METERING = Sampled("metering", 0.5, 1.0)


def field(count, even=True):
    return [segments(**BED, count=count, even=even), common(METERING, count)]


def test_segments_add_up_to_nothing_and_neighbours_are_alike():
    spread = segments(**BED, count=40, even=True)
    assert spread.covariance.sum(axis=1) == pytest.approx(np.zeros(40), abs=1e-12)
    free = segments(**BED, count=40, even=False).covariance
    assert np.diag(free) == pytest.approx(np.full(40, 0.0625))
    assert 0.6 < free[20, 21] / free[20, 20] < 0.95
    assert free[20, 30] / free[20, 20] < 0.1


def test_filter_by_mode_is_exact_for_the_line_gauge():
    spreads = field(40)
    modes = line_gauge_bound(spreads, 0.1, LineGauge(0.05, 31))
    together = gauges_bound(spreads, 0.1, [LineGauge(0.05, 31)], phases=None)
    assert modes.covariance == pytest.approx(together.covariance, abs=1e-9)
    assert modes.parts == pytest.approx(together.parts, abs=1e-9)
    assert modes.open_loop == pytest.approx(together.open_loop, abs=1e-12)


def test_modes_that_mix_are_left_to_the_joint_filter():
    spreads = field(12, even=False)
    modes = line_gauge_bound(spreads, 0.1, LineGauge(0.05, 11))
    together = gauges_bound(spreads, 0.1, [LineGauge(0.05, 11)], phases=None)
    assert modes.covariance == pytest.approx(together.covariance, rel=1e-12)


def test_perfect_line_gauge_gives_the_closed_form_for_every_segment():
    left = line_gauge_bound(field(40)[:1], 0.1, LineGauge(0.0, 30))
    ratios = np.sqrt(np.diag(left.covariance) / np.diag(left.open_loop))
    assert ratios == pytest.approx(np.full(40, distance_bound(3.0, 10.0)), rel=1e-4)


def test_segments_out_of_sight_are_known_by_their_neighbours_only():
    seen = np.ones(40, dtype=bool)
    seen[[0, 1, 38, 39]] = False
    left = line_gauge_bound(field(40)[:1], 0.1, LineGauge(0.05, 31, seen))
    whole = line_gauge_bound(field(40)[:1], 0.1, LineGauge(0.05, 31))
    ratio = np.sqrt(np.diag(left.covariance) / np.diag(left.open_loop))
    assert ratio[0] > ratio[1] > ratio[3]
    assert ratio.max() < 1.0
    assert np.diag(left.covariance)[20] == pytest.approx(np.diag(whole.covariance)[20], rel=0.01)


def test_simulated_filter_behind_a_scanner_leaves_the_bound():
    count, noise, delay = 8, 0.1, 12
    spreads = field(count)
    weights = zig_zag(count, 0.2, 0.09, 0.3, 0.1, 0.02, 0.05)
    found = gauges_bound(spreads, 0.05, [Scanner(noise, delay, weights)], phases=None)
    model = model_of(spreads, 0.05, weights.shape[0])
    rows = [
        weights[None, j % len(weights)] @ H if weights[j % len(weights)].any() else None for j, H in enumerate(model.measured)
    ]
    periods = math.ceil(1200 / model.period)
    left, whole = simulated_remainder(model, rows, noise, delay, 400, periods, np.random.default_rng(5))
    assert np.sqrt(left) == pytest.approx(np.sqrt(np.diag(found.covariance)), rel=0.03)
    assert np.sqrt(whole) == pytest.approx(np.sqrt(np.diag(found.open_loop)), rel=0.03)


def test_more_information_never_harms():
    count = 16
    spreads, weights = field(count), zig_zag(count, 0.4, 0.18, 0.3, 0.5, 0.02, 0.05)
    scanner, line, poor = Scanner(0.1, 150, weights), LineGauge(0.05, 62), LineGauge(0.5, 62)
    only = gauges_bound(spreads, 0.05, [scanner])
    told = gauges_bound(spreads, 0.05, [scanner], Weighed("metering", 2))
    near = gauges_bound(spreads, 0.05, [line])
    both = gauges_bound(spreads, 0.05, [scanner, line])
    poorer = gauges_bound(spreads, 0.05, [poor])
    helped = gauges_bound(spreads, 0.05, [scanner, poor])
    assert told.variance < only.variance <= only.open_variance
    assert both.variance <= near.variance * (1.0 + 1e-9)
    assert near.variance < poorer.variance
    assert helped.variance < poorer.variance
    assert both.variance < only.variance


def test_zig_zag_sees_every_segment_both_ways_and_rests_at_the_edges():
    weights = zig_zag(40, 1.0, 0.465, 0.3, 0.5, 0.02, 0.05)
    # 3.1 s across and 0.5 s turning, in boxes of 50 ms
    assert weights.shape == (144, 40)
    assert (~weights.any(axis=1)).sum() == 20
    assert weights[weights.any(axis=1)].sum(axis=1) == pytest.approx(np.ones(124))
    assert (weights[:72].sum(axis=0)[1:-1] > 0.0).all()
    assert weights[72:] == pytest.approx(weights[:72, ::-1])


def test_scanner_leaves_more_than_the_line_gauge():
    line = line_gauge_bound(field(40)[:1], 0.1, LineGauge(0.045, 31))
    scanner = gauges_bound(field(40)[:1], 0.05, [Scanner(0.1, 147, zig_zag(40, 1.0, 0.465, 0.3, 0.5, 0.02, 0.05))])
    assert line.ratio < 0.7
    assert 0.85 < scanner.ratio < 1.0
