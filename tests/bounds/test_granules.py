"""Shot noise of granules: smearing against a simulation, and what a footprint is worth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dryline.bounds.granules import granule_floor, smeared
from dryline.process.forming import granule_scatter


@pytest.mark.parametrize("ratio", [0.4, 1.0, 4.0 / 3.0, 3.0])
def test_smearing_is_that_of_a_course_linear_between_white_rows(ratio):
    rng = np.random.default_rng(2)
    fine, rows = 60, 4000
    course = np.interp(np.arange((rows - 1) * fine) / fine, np.arange(rows), rng.standard_normal(rows))
    length = round(ratio * fine)
    running = np.concatenate(([0.0], np.cumsum(course)))
    means = (running[length:] - running[:-length]) / length
    white = 1.0 / ratio
    assert (means**2).mean() / white == pytest.approx(smeared(ratio), rel=0.06)


@given(st.floats(0.01, 50.0), st.floats(1.0, 3.0))
def test_smearing_only_takes_away_and_less_so_from_long_footprints(ratio, more):
    assert 0.0 < smeared(ratio) <= smeared(ratio * more) * (1.0 + 1e-12) < 1.0 + 1e-12


def test_pieces_of_the_smearing_join():
    for joint in (1.0, 2.0):
        assert smeared(joint - 1e-9) == pytest.approx(smeared(joint + 1e-9), abs=1e-8)


def test_floor_without_smearing_is_the_law_and_with_it_lower():
    law = granule_scatter(0.255, 80e-6, 1500.0, 4e-4, 0.7)
    assert granule_floor(0.255, 80e-6, 1500.0, 0.7, 0.02, 0.02, 0.0) == pytest.approx(law)
    assert granule_floor(0.255, 80e-6, 1500.0, 0.7, 0.02, 0.02) < law
    assert granule_floor(0.255, 80e-6, 1500.0, 0.7, 0.04, 0.02) < granule_floor(0.255, 80e-6, 1500.0, 0.7, 0.02, 0.02)


def test_reference_figures_on_two_centimetres():
    assert 100 * granule_floor(0.255, 80e-6, 1500.0, 0.7, 0.02, 0.02, 0.0) == pytest.approx(0.14, rel=0.02)
    assert 100 * granule_floor(0.255, 250e-6, 1500.0, 0.7, 0.02, 0.02, 0.0) == pytest.approx(0.77, rel=0.02)


def test_a_footprint_has_a_length():
    with pytest.raises(ValueError, match="longer"):
        smeared(0.0)
