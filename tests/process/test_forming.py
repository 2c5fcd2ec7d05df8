"""Powder nip: bed, bite, nip angle, granule noise."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dryline.process import forming


def test_nip_angle_equals_the_two_gradients_written_out_anew():
    wall, internal, K, ratio = map(float, (math.radians(12), math.radians(40), 12, 1e-3))
    alpha = forming.nip_angle(wall, internal, K, ratio)
    nu = (math.pi - math.asin(math.sin(wall) / math.sin(internal)) - wall) / 2
    mu = math.pi / 4 - internal / 2
    A = (alpha + nu + math.pi / 2) / 2
    slip = 4 * (math.pi / 2 - alpha - nu) * math.tan(internal) / (1 / math.tan(A - mu) - 1 / math.tan(A + mu))
    nip = K * (2 * math.cos(alpha) - 1 - ratio) * math.tan(alpha) / math.cos(alpha)
    assert slip == pytest.approx(nip, rel=1e-9)


def test_nip_angle_grows_with_wall_friction_and_falls_with_stiffer_powder():
    def at(wall, K):
        return forming.nip_angle(math.radians(wall), math.radians(40), K, 1e-3)

    assert at(12, 12) < at(15, 12) < at(18, 12)
    assert at(15, 12) < at(15, 8) < at(15, 6)


@pytest.mark.parametrize(("wall", "internal"), [(0.0, 0.6), (0.7, 0.6), (0.2, 1.6)])
def test_friction_angles_must_be_ordered(wall, internal):
    with pytest.raises(ValueError, match="friction"):
        forming.nip_angle(wall, internal, 8.0, 1e-3)


def test_bite_is_where_the_parabolic_gap_has_the_thickness_of_the_bed():
    h, S, R = 340e-6, 145e-6, 0.125
    theta = forming.bite_angle(h, S, R)
    assert S + R * theta**2 == pytest.approx(h)
    assert forming.bite_angle(100e-6, S, R) == 0.0


def test_bed_and_metering():
    assert forming.bed_thickness(0.255, 750.0) == pytest.approx(340e-6)
    assert forming.metering_rate(0.255, 1.0) == pytest.approx(0.255)
    assert forming.bed_density(750.0, 0.03, 0.0) == 750.0
    assert forming.bed_density(750.0, 0.03, 1.0) == pytest.approx(0.97 * 750.0)


def test_granule_scatter_is_that_of_counted_granules():
    m, d, rho, area = 0.255, 200e-6, 1500.0, 4e-4
    mass = math.pi / 6 * d**3 * rho
    counts = np.random.default_rng(4).poisson(m * area / mass, 200_000)
    assert forming.granule_scatter(m, d, rho, area, 1.0) == pytest.approx(
        counts.std() / counts.mean(), rel=0.01
    )
