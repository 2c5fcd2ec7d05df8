"""Treatment laws: Tromp curve, opening of agglomerates, Janssen, flow classes; sulfide and moist air."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dryline.process.fibrillation import vapour_pressure
from dryline.process.powder_treatment import (
    GRAVITY,
    classified,
    consolidated_density,
    flow_class,
    hausner,
    janssen_stress,
    opened_size,
    tromp,
)
from dryline.process.sulfide import air_step, conductivity_left, gas_fraction, moisture_action


def test_tromp_curve() -> None:
    sizes = np.geomspace(1e-6, 1e-2, 50)
    coarse = np.array([tromp(size, 150e-6, 5.0) for size in sizes])
    assert tromp(150e-6, 150e-6, 5.0) == 0.5
    assert np.all(np.diff(coarse) > 0.0)
    assert coarse[0] < 1e-8 and coarse[-1] > 1.0 - 1e-8
    assert tromp(140e-6, 150e-6, 200.0) < 1e-3 < 1.0 - 1e-3 < tromp(160e-6, 150e-6, 200.0)


def test_a_sharp_classifier_cuts_the_size_distribution() -> None:
    median, spread, cut = 100e-6, 0.5, 150e-6
    rejected, passed = classified(median, spread, cut, 50.0)
    beyond = 0.5 * math.erfc(math.log(cut / median) / spread / math.sqrt(2.0))
    assert rejected == pytest.approx(beyond, abs=0.02)
    assert passed < median
    assert classified(median, spread, 1.0, 5.0) == pytest.approx((0.0, median), abs=1e-9)
    cuts = [classified(median, spread, cut, 5.0)[0] for cut in (80e-6, 150e-6, 300e-6)]
    assert cuts == sorted(cuts, reverse=True)


def test_agglomerates_open_to_their_smallest_size() -> None:
    assert opened_size(200e-6, 20e-6, 3e-4, 0.0) == 200e-6
    assert opened_size(200e-6, 20e-6, 3e-4, 1e9) == pytest.approx(20e-6)
    once = opened_size(opened_size(200e-6, 20e-6, 3e-4, 4e3), 20e-6, 3e-4, 6e3)
    assert once == pytest.approx(opened_size(200e-6, 20e-6, 3e-4, 1e4), rel=1e-12)


def test_janssen_between_liquid_and_saturation() -> None:
    rho, D, mu, k = 750.0, 0.7, 0.3, 0.45
    assert janssen_stress(rho, D, 0.0, k, 2.0) == pytest.approx(rho * GRAVITY * 2.0)
    assert janssen_stress(rho, D, mu, k, 1e-4) == pytest.approx(rho * GRAVITY * 1e-4, rel=1e-3)
    assert janssen_stress(rho, D, mu, k, 1e3) == pytest.approx(rho * GRAVITY * D / (4.0 * mu * k))
    depths = [janssen_stress(rho, D, mu, k, z) for z in (0.1, 0.5, 2.0, 10.0)]
    assert depths == sorted(depths)
    assert consolidated_density(rho, 0.0, 1e3, 0.05) == rho
    assert consolidated_density(rho, 1e3, 1e3, 0.05) == pytest.approx(rho * 2.0**0.05)


def test_flow_classes_of_jenike() -> None:
    found = [flow_class(ff) for ff in (0.5, 1.5, 3.0, 7.0, 20.0)]
    assert found == ["not flowing", "very cohesive", "cohesive", "easy-flowing", "free-flowing"]
    assert hausner(1300.0, 1000.0) == pytest.approx(1.3)


def test_moisture_acts_in_proportion_to_its_mole_fraction() -> None:
    """Dew points of -30 to -70 degC are 375, 127, 38.9, 10.7 and 2.6 ppmv at 101.325 kPa (Magnus form over ice)."""
    for dew_point, ppm in ((-30, 375), (-40, 127), (-50, 38.9), (-60, 10.7), (-70, 2.6)):
        pressure = vapour_pressure(dew_point + 273.15)
        assert 1e6 * moisture_action(pressure, 1.0) == pytest.approx(ppm, rel=0.01)
        assert moisture_action(pressure, 0.5) == pytest.approx(math.sqrt(pressure / 101325.0))
    assert conductivity_left(0.0) == 1.0
    assert conductivity_left(0.1) * conductivity_left(0.2) == pytest.approx(conductivity_left(0.3))


def test_gas_in_the_hall_goes_to_source_over_air_change() -> None:
    content = 0.0
    for _ in range(100):
        content = air_step(content, 1e-5, 20.0 / 3600.0, 60.0)
    assert content == pytest.approx(1e-5 * 180.0)
    assert air_step(air_step(1.0, 1e-3, 0.01, 3.0), 1e-3, 0.01, 4.0) == pytest.approx(air_step(1.0, 1e-3, 0.01, 7.0))
    # 1 kg of hydrogen sulfide in 1000 m3 at 20 degC: 29.3 mol in 41570 mol of air
    assert gas_fraction(1.0, 1000.0, 293.15) == pytest.approx(7.06e-4, rel=0.01)
