"""Profiles: what a response reaches, ranges, and the static profile of the distribution."""

from __future__ import annotations

import numpy as np
import pytest

from dryline.bounds.cross_direction import (
    limited_remainders,
    limited_variance,
    remainder_covariance,
    two_cosines,
    uncontrollable,
)

PLACES = (np.arange(47) + 0.5) / 47
BUMPS = np.exp(-(((PLACES[:, None] - (np.arange(12) + 0.5) / 12) / 0.06) ** 2))


def test_projection_takes_out_what_actuators_reach_and_nothing_else():
    outside = uncontrollable(BUMPS)
    assert outside @ BUMPS == pytest.approx(np.zeros_like(BUMPS), abs=1e-9)
    assert outside @ outside == pytest.approx(outside, abs=1e-9)
    assert np.trace(outside) == pytest.approx(47 - 12)


def test_remainder_is_never_above_the_profile_and_falls_with_actuators():
    profiles = two_cosines(PLACES, 0.02)
    covariance = profiles.T @ profiles / len(profiles)
    left = [np.trace(remainder_covariance(BUMPS[:, :n], covariance)) for n in (1, 4, 8, 12)]
    assert np.trace(covariance) > left[0] > left[1] > left[2] > left[3] > 0.0


def test_ranges_only_leave_more_and_wide_ones_nothing_more():
    profiles = two_cosines(PLACES, 0.02)
    covariance = profiles.T @ profiles / len(profiles)
    free = np.trace(remainder_covariance(BUMPS, covariance)) / len(PLACES)
    wide, narrow, none = (limited_variance(BUMPS, covariance, -r, r, draws=150) for r in (1.0, 0.004, 1e-9))
    assert wide == pytest.approx(free, rel=0.2)
    assert wide < narrow < none
    assert none == pytest.approx(np.trace(covariance) / len(PLACES), rel=0.2)


def test_bounded_least_squares_is_optimal():
    profile = two_cosines(PLACES, 0.02)[30]
    left = limited_remainders(BUMPS, profile[None, :], -0.005, 0.005)[0]
    assert (left**2).sum() < (profile**2).sum()
    # no single move within the range lowers the sum of squares: gradient points outwards where a limit binds
    u = np.linalg.lstsq(BUMPS, left - profile, rcond=None)[0]
    gradient = BUMPS.T @ left
    free = np.abs(u) < 0.005 - 1e-6
    assert 0 < free.sum() < 12
    assert gradient[free] == pytest.approx(np.zeros(free.sum()), abs=1e-8)
    assert (gradient[~free] * np.sign(u[~free]) <= 1e-9).all()


def test_static_profiles_have_their_peak_to_peak_value():
    fine = np.linspace(0.0, 1.0, 401)
    assert np.ptp(two_cosines(fine, 0.02), axis=1) == pytest.approx(np.full(180, 0.02), rel=1e-9)
