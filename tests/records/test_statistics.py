import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dryline.records.statistics import cpk, quality, spread


def test_parts_of_the_variance_by_hand():
    # Metres 1, 2 (lengths 1) by lanes 1, 2 (widths 1): means 2 and 5 along, 3 and 4 across, overall 3.5.
    field = np.array([[1.0, 3.0], [5.0, 5.0]])
    found = spread(field, np.ones(2), np.ones(2))
    assert found.mean == 3.5
    assert found.variance_md == pytest.approx(2.25)  # (1.5^2 + 1.5^2) / 2
    assert found.variance_cd == pytest.approx(0.25)  # (0.5^2 + 0.5^2) / 2
    assert found.variance_residual == pytest.approx(0.25)  # each cell is off by 0.5
    assert found.variance_total == pytest.approx(np.var(field))


def test_lengths_and_widths_weigh_like_repeated_metres_and_lanes():
    rng = np.random.default_rng(1)
    field = rng.normal(1.0, 0.1, (4, 3))
    lengths, widths = np.array([1.0, 2.0, 1.0, 3.0]), np.array([2.0, 1.0, 1.0])
    repeated = np.repeat(np.repeat(field, lengths.astype(int), axis=0), widths.astype(int), axis=1)
    weighted = spread(field, lengths, widths)
    plain = spread(repeated, np.ones(7), np.ones(4))
    for name in ("mean", "variance_md", "variance_cd", "variance_residual"):
        assert getattr(weighted, name) == pytest.approx(getattr(plain, name), rel=1e-12)


@given(st.integers(1, 8), st.integers(1, 8), st.integers(0, 2**32 - 1))
def test_parts_add_up_to_the_total(metres, lanes, seed):
    rng = np.random.default_rng(seed)
    field = rng.normal(0.5, 0.01, (metres, lanes))
    lengths, widths = rng.uniform(0.1, 1.0, metres), rng.uniform(0.1, 1.0, lanes)
    found = spread(field, lengths, widths)
    weights = np.outer(lengths, widths) / (lengths.sum() * widths.sum())
    mean = (weights * field).sum()
    assert found.mean == pytest.approx(mean, rel=1e-12)
    assert found.variance_total == pytest.approx((weights * (field - mean) ** 2).sum(), rel=1e-9, abs=1e-18)


def test_a_pure_profile_is_cd_and_a_pure_course_is_md():
    along, across = np.array([0.0, 1.0, 2.0])[:, None], np.array([5.0, 6.0])[None, :]
    profile = spread(0.0 * along + across, np.ones(3), np.ones(2))
    course = spread(along + 0.0 * across, np.ones(3), np.ones(2))
    assert (profile.variance_md, profile.variance_residual) == pytest.approx((0.0, 0.0))
    assert profile.variance_cd == pytest.approx(0.25)
    assert (course.variance_cd, course.variance_residual) == pytest.approx((0.0, 0.0))
    assert course.variance_md == pytest.approx(2.0 / 3.0)


@pytest.mark.parametrize(("sigma", "index"), [(0.2, 1.67), (0.25, 1.33), (0.33, 1.01)])
def test_cpk_of_a_centred_process_at_one_per_cent(sigma, index):
    assert cpk(100.0, sigma, 99.0, 101.0) == pytest.approx(index, abs=0.005)


def test_cpk_counts_the_nearer_limit_and_knows_no_index_without_spread():
    assert cpk(100.5, 0.25, 99.0, 101.0) == pytest.approx(0.5 / 0.75)
    assert cpk(101.5, 0.25, 99.0, 101.0) < 0.0
    assert cpk(100.0, 0.0, 99.0, 101.0) is None


def test_quality_gives_sigmas_in_per_cent_of_the_target():
    field = np.array([[0.49, 0.51], [0.49, 0.51]])
    found = quality(spread(field, np.ones(2), np.ones(2)), "kg/m2", 0.5, 0.0125)
    assert found.sigma_cd_pct == pytest.approx(2.0)
    assert found.sigma_total_pct == pytest.approx(2.0)
    assert found.peak_to_peak_cd_pct == pytest.approx(4.0)
    assert (found.cpk, found.cp) == pytest.approx((0.0125 / 0.03, 0.0125 / 0.03))
    assert (found.low, found.high) == (0.4875, 0.5125)
