"""Merged films, peel strength and foil strain."""

from __future__ import annotations

import pytest

from dryline.process import lamination
from dryline.process.lamination import Bond, Stack, merged


def test_equal_films_merge_to_twice_the_film():
    film = Stack(63e-6, 0.71, 0.22)
    assert merged([film, film]) == pytest.approx(Stack(126e-6, 0.71, 0.44))
    assert merged([film]) == pytest.approx(film)


def test_unequal_films_add_their_thickness_at_the_largest_density():
    both = merged([Stack(60e-6, 0.66, 0.2), Stack(70e-6, 0.70, 0.24)])
    assert both.solid / both.densest == pytest.approx(60e-6 / 0.66 + 70e-6 / 0.70)
    assert 0.66 < both.densest < 0.70


def test_peel_strength_rises_with_load_warmth_dwell_and_primer():
    bond = Bond()
    base = lamination.peel_strength(500e3, 383.15, 3e-3, bond)
    assert 5.0 < base < 40.0
    assert lamination.peel_strength(100e3, 383.15, 3e-3, bond) < base
    assert lamination.peel_strength(500e3, 333.15, 3e-3, bond) < base
    assert lamination.peel_strength(500e3, 383.15, 1e-3, bond) < base
    assert lamination.peel_strength(500e3, 383.15, 3e-3, bond._replace(primer=0.2)) == pytest.approx(
        0.2 * base
    )


def test_foil():
    assert lamination.foil_strain(140e6, 0.01, 140e6, 2.0) == pytest.approx(0.01)
    assert lamination.corrugation(0.01, 20e-3, 5e-3) == pytest.approx(0.04)
    # 12 um of aluminium weigh 3.2 mg/cm2
    assert lamination.foil_areal_mass(12e-6, 2700.0) == pytest.approx(0.0324)
