"""Defects: which way each goes, its limits, and counts of lumps and places."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dryline.process import defects
from dryline.process.defects import EdgeCracks, Pinholes, Sticking
from dryline.process.forming import granule_scatter

FILM = (0.25, 0.025, 0.1, 90e-6)
"""Areal mass [kg/m2], PTFE fraction, unfibrillated share, thickness [m]."""


def test_pinholes_are_the_lumps_larger_than_the_film():
    """Counted: lumps drawn from the size distribution until they hold the clustered mass."""
    p = Pinholes(clustered=1e-4, order=1.0, median=40e-6, width=0.5)
    sizes = np.random.default_rng(5).lognormal(math.log(p.median), p.width, 2_000_000)
    mass = np.mean(math.pi / 6 * p.density * sizes**3)
    m, x, U, h = FILM
    counted = m * x * U * p.clustered * U / mass * np.mean(sizes > h)
    assert defects.pinhole_rate(*FILM, *p) == pytest.approx(counted, rel=0.02)


def test_default_film_has_less_than_one_pinhole_in_a_hundred_square_metres():
    rate = defects.pinhole_rate(*FILM, *Pinholes())
    assert 0.0 < 100 * rate < 1.0
    assert defects.occurs(rate, 100.0) == pytest.approx(1 - math.exp(-100 * rate))


@settings(max_examples=50, deadline=None)
@given(st.floats(0.0, 0.9), st.floats(0.01, 0.1), st.floats(30e-6, 300e-6))
def test_pinholes_rise_with_undispersed_ptfe_and_fall_with_thickness(U, more, h):
    def rate(f, thick):
        return defects.pinhole_rate(0.25, 0.025, f, thick, *Pinholes())

    assert rate(U, h) <= rate(U + more, h)
    assert rate(U + more, 1.2 * h) < rate(U + more, h)
    assert rate(0.0, h) < 1e-20


def test_holes_are_thin_places():
    assert defects.is_hole(0.69, 1.0, defects.THIN)
    assert not defects.is_hole(0.71, 1.0, defects.THIN)
    scatter, area = 0.15, 1e-6
    draws = 1.0 + scatter * np.random.default_rng(6).standard_normal(2_000_000)
    assert defects.hole_rate(scatter, area, 0.7) * area == pytest.approx(np.mean(draws < 0.7), rel=0.02)


def test_fine_granules_make_no_holes_and_coarse_ones_do():
    """On places as large as the film is thick: the rule that the bed be three granules high."""
    area = (340e-6) ** 2
    fine, coarse = (granule_scatter(0.25, d, 1500.0, area, 0.7) for d in (40e-6, 200e-6))
    assert defects.hole_rate(fine, area, 0.7) < 0.01
    assert defects.hole_rate(coarse, area, 0.7) > 100.0
    assert defects.hole_rate(0.0, area, 0.7) == 0.0


def test_edges_crack_with_elongation_and_too_few_fibrils():
    def rate(elongation, fibril):
        return defects.edge_crack_rate(elongation, fibril, *EdgeCracks())

    assert rate(1.0, 0.5) == pytest.approx(0.0, abs=1e-100)
    assert rate(1.15, 0.6) == pytest.approx(0.1)
    assert rate(1.05, 0.7) < 1e-4
    fewer = [rate(1.10, f) for f in (0.9, 0.7, 0.5, 0.3)]
    more = [rate(e, 0.6) for e in (1.02, 1.05, 1.10, 1.3)]
    assert fewer == sorted(fewer) and more == sorted(more)
    assert math.isfinite(rate(1.05, 0.0))


def test_film_sticks_only_above_its_temperature():
    s = Sticking()
    assert defects.sticking_rate(s.temperature, *s) == 0.0
    assert defects.sticking_rate(383.15, *s) == 0.0
    assert 0.0 < defects.sticking_rate(s.temperature + 1.0, *s) < defects.sticking_rate(s.temperature + 20.0, *s) < s.most
    assert defects.sticking_rate(1000.0, *s) == pytest.approx(s.most)


@given(st.floats(0.0, 10.0), st.floats(0.0, 10.0))
@settings(deadline=None)
def test_two_cells_are_as_safe_as_one_of_both(a, b):
    safe = [1.0 - defects.occurs(0.3, size) for size in (a, b, a + b)]
    assert safe[0] * safe[1] == pytest.approx(safe[2], rel=1e-12)
