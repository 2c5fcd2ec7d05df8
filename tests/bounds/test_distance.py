"""Closed form of the bound over distance: its table, and the Riccati equation that must give the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dryline.bounds.components import Wandering
from dryline.bounds.distance import distance_bound, effective_distance
from dryline.bounds.prediction import prediction_bound

DISTANCES = (0.2, 0.5, 1, 2, 5, 10, 20)
TABLE = {  # correlation length m: sigma / sigma_open at the distances
    2: (0.43, 0.63, 0.80, 0.93, 1.0, 1.0, 1.0),
    5: (0.28, 0.43, 0.57, 0.74, 0.93, 0.99, 1.0),
    10: (0.20, 0.31, 0.43, 0.57, 0.80, 0.93, 0.99),
    30: (0.12, 0.18, 0.25, 0.35, 0.53, 0.70, 0.86),
    100: (0.06, 0.10, 0.14, 0.20, 0.31, 0.43, 0.57),
    300: (0.04, 0.06, 0.08, 0.12, 0.18, 0.25, 0.35),
}
PLACES = [(L_c, L, ratio) for L_c, row in TABLE.items() for L, ratio in zip(DISTANCES, row, strict=True)]


@pytest.mark.parametrize(("L_c", "L", "ratio"), PLACES)
def test_table_of_the_closed_form(L_c, L, ratio):
    assert distance_bound(L, L_c) == pytest.approx(ratio, abs=0.0051)


@pytest.mark.parametrize(("L_c", "L", "ratio"), PLACES)
def test_riccati_equation_gives_the_closed_form(L_c, L, ratio):
    found = prediction_bound([Wandering("bed", 0.25, L_c)], 0.05, round(L / 0.05), 0.0)
    assert found.ratio == pytest.approx(distance_bound(L, L_c), rel=1e-4)


def test_a_little_gauge_noise_stays_within_two_per_cent_of_the_closed_form():
    for L_c, L, _ in PLACES:
        if L >= 0.5:
            found = prediction_bound([Wandering("bed", 0.25, L_c)], 0.05, round(L / 0.05), 0.002)
            assert found.ratio == pytest.approx(distance_bound(L, L_c), rel=0.02)


@given(st.floats(0.0, 100.0), st.floats(0.1, 1e4), st.floats(1.0, 3.0))
def test_monotone_and_never_above_open_loop(L, L_c, more):
    here = distance_bound(L, L_c)
    assert 0.0 <= here <= 1.0
    assert distance_bound(L * more, L_c) >= here
    assert distance_bound(L, L_c * more) <= here


def test_scan_and_lag_add_their_web():
    assert effective_distance(3.0, 1.0) == 3.0
    assert effective_distance(3.0, 4.0 / 3.0, scan_time=3.83, lag=0.2) == pytest.approx(3.0 + 4.03 * 4.0 / 3.0)


@pytest.mark.parametrize(("L", "L_c"), [(-1.0, 5.0), (1.0, 0.0), (1.0, -2.0)])
def test_lengths_must_make_sense(L, L_c):
    with pytest.raises(ValueError, match="must"):
        distance_bound(L, L_c)
