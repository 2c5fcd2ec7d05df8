"""Electrode properties: units, limits, which way they go, and their published ranges."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dryline.process import properties as p
from dryline.process.fibrillation import vapour_pressure
from dryline.process.lamination import Bond, peel_strength
from dryline.process.web import anisotropy

MAH_PER_CM2 = 36e3
OHM_CM2 = 1e-4


def test_areal_capacity_in_the_units_of_cell_makers():
    # 22 mg/cm2 x 0.96 x 200 mAh/g = 4.22 mAh/cm2
    assert p.areal_capacity(0.22, 0.96, 200.0 * 3600.0) / MAH_PER_CM2 == pytest.approx(4.224)
    assert p.areal_capacity(np.array([0.1, 0.2]), 0.95, 5e5)[1] == pytest.approx(0.2 * 0.95 * 5e5)


def test_strengths_share_their_mean_and_have_the_published_ratio():
    along, across = p.tensile_strengths(0.6e6, 0.5, 0.8)
    assert along / across == pytest.approx((1 + 0.4) / (1 - 0.4))
    assert 0.5 * (along + across) == pytest.approx(0.6e6)
    assert along == pytest.approx(0.6e6 * anisotropy(0.5, 0.8))
    assert across == pytest.approx(0.6e6 * anisotropy(0.5, 0.8, along=False))
    assert p.tensile_strengths(0.6e6, 0.5, 0.0) == (0.6e6, 0.6e6)
    shares = [np.divide(*p.tensile_strengths(1.0, 0.5, a)[::-1]) for a in (0.4, 0.6, 1.0)]
    assert 0.3 <= min(shares) and max(shares) <= 0.7  # across 0.3 to 0.7 of along


def test_resistivity_percolates():
    law = p.Percolation()
    assert p.resistivity(law.threshold, 0.0, 0.0, law) == math.inf
    near = p.resistivity(np.array([0.011, 0.02, 0.04]), 5e5, 0.0, law)
    assert np.all(np.diff(near) < 0.0)
    above = [p.resistivity(law.threshold + d, 5e5, 0.0, law) for d in (0.01, 0.02)]
    assert above[0] / above[1] == pytest.approx(2.0**law.exponent)


def test_calendering_lowers_resistivity_two_to_ten_times_until_particles_crack():
    law = p.Percolation()
    loads = np.linspace(0.0, 1.5e6, 200)
    pressed = p.resistivity(0.04, loads, 0.0, law)
    assert np.all(np.diff(pressed) < 0.0)
    assert 2.0 <= pressed[0] / pressed[-1] <= 10.0
    # peak pressure rises with the load: the minimum lies inside
    cracked = p.cracked_share(loads / 1.5e6 * 500e6, p.Cracking())
    least = int(np.argmin(p.resistivity(0.04, loads, cracked, law)))
    assert 0 < least < len(loads) - 1


@pytest.mark.parametrize("pores", [p.NMC_PORES, p.LFP_PORES, p.GRAPHITE_PORES, p.Pores()])
def test_tortuosity_is_that_of_binder_in_free_space_and_rises_with_pressing(pores):
    assert p.tortuosity(1.0, pores) == pytest.approx(pores.binder * pores.gamma)
    eps = np.linspace(0.15, 0.6, 50)
    assert np.all(np.diff(p.tortuosity(eps, pores)) < 0.0)
    np.testing.assert_allclose(p.macmullin(eps, pores) * eps, p.tortuosity(eps, pores))
    assert 1.35 <= pores.binder <= 1.81


def test_platelets_are_the_most_tortuous_and_bruggeman_is_the_plain_form():
    assert p.tortuosity(0.3, p.GRAPHITE_PORES) > p.tortuosity(0.3, p.NMC_PORES)
    assert p.tortuosity(0.25, p.Pores(binder=1.0)) == pytest.approx(2.0)
    # quoted 1.5-2 uncompressed to more than 4 over-pressed
    assert 1.5 < p.tortuosity(0.55, p.NMC_PORES) < 2.4
    assert p.tortuosity(0.15, p.NMC_PORES) > 4.0


def test_cracking_runs_from_none_to_all():
    c = p.Cracking()
    assert p.cracked_share(0.0, c) == 0.0
    assert p.cracked_share(c.pressure, c) == pytest.approx(1.0 - math.exp(-1.0))
    assert p.cracked_share(1e10, c) == pytest.approx(1.0)
    assert np.all(np.diff(p.cracked_share(np.linspace(0.0, 8e8, 100), c)) > 0.0)
    assert p.cracked_share(159e6, c) < 0.1  # last NMC nip of the worked set-ups
    assert p.cracked_share(420e6, c) > 0.5  # the same film pressed 10 um too far


def test_sulfide_conducts_better_the_denser_and_worse_the_wetter():
    s = p.SulfideConduction()
    assert p.sulfide_conductivity(s.density, 1.0, s) == pytest.approx(s.cold_pressed)
    assert np.all(np.diff(p.sulfide_conductivity(np.linspace(0.6, 0.98, 20), 1.0, s)) > 0.0)
    assert 0.1 <= s.cold_pressed <= 0.6  # 1 to 6 mS/cm
    assert p.sulfide_conductivity(s.density, 0.5, s) == pytest.approx(0.5 * s.cold_pressed)


def test_moisture_loss_adds_up_over_time_and_rises_with_the_dew_point():
    m = p.Moisture()

    def left(dew_point, hours):
        return p.conductivity_left(vapour_pressure(dew_point + 273.15) / 101325.0, 5000.0, 3600.0 * hours, m)

    assert left(-50.0, 1.0) == pytest.approx(0.98, abs=2e-3)
    assert left(-50.0, 1.0) * left(-50.0, 2.0) == pytest.approx(left(-50.0, 3.0))
    assert left(-40.0, 1.0) < left(-50.0, 1.0) < left(-60.0, 1.0) < 1.0
    assert p.conductivity_left(0.0, 5000.0, 1e6, m) == 1.0


def test_interface_resistance_spans_its_range_and_falls_with_the_bond():
    i = p.Interface()
    assert p.interface_resistance(0.0, i) == pytest.approx(i.bare)
    assert p.interface_resistance(1.0, i) == pytest.approx(i.bonded)
    assert i.bonded == pytest.approx(0.1 * OHM_CM2) and i.bare == pytest.approx(10.0 * OHM_CM2)
    falling = p.interface_resistance(np.linspace(0.0, 1.0, 20), i)
    assert np.all(np.diff(falling) < 0.0)
    bond = Bond()
    hot = peel_strength(500e3, 383.15, 3e-3, bond) / bond.full
    assert p.interface_resistance(hot, i) < 0.5 * OHM_CM2
