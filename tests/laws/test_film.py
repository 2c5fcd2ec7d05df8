"""Film stiffness and what the film does with errors of gap and mass (process reference 7.1)."""

from __future__ import annotations

from itertools import pairwise

import pytest

from dryline.mechanics.housing import gap_transfer
from dryline.mechanics.rolls import contact_compliance
from dryline.process.compaction import virgin
from dryline.process.thinning import density_in_gap, press, relaxation

STEEL = contact_compliance(210e9, 0.3)

COLD = [  # P_y, E_el, eps_A, areal mass, density; Q_f MN/mm per m, q N/mm
    (350e6, 6.0e9, 0.50, 0.22, 4510.0, 55, 553),
    (300e6, 4.0e9, 0.55, 0.25, 3470.0, 45, 758),
    (120e6, 1.5e9, 0.55, 0.12, 2240.0, 18, 222),
]


def last_nip(P_y, E_el, eps_A, m, rho, scale=1.0):
    v = virgin(P_y, E_el, eps_A, 12.0)
    h_s = m / rho * scale
    S = m / rho / density_in_gap(0.70, v)
    return press(S, h_s, h_s / 0.64, density_in_gap(0.64, v), 0.25, STEEL, v)


@pytest.mark.parametrize("case", COLD)
def test_film_stiffness_of_a_last_nip(case):
    got = last_nip(*case[:5])
    assert got.stiffness / 1e9 == pytest.approx(case[5], rel=0.04)
    assert got.line_load / 1e3 == pytest.approx(case[6], rel=0.02)


@pytest.mark.parametrize(
    ("mill", "shares"),
    [
        (1, (0.018, 0.022, 0.053)),
        (2, (0.035, 0.042, 0.10)),
        (5, (0.083, 0.10, 0.22)),
        (10, (0.15, 0.18, 0.36)),
        (20, (0.27, 0.31, 0.53)),
    ],
)
def test_gap_transfer_by_mill_stiffness(mill, shares):
    for case, share in zip(COLD, shares, strict=True):
        transfer = gap_transfer(mill * 1e9, last_nip(*case[:5]).stiffness, 1.0)
        assert transfer == pytest.approx(share, rel=0.04)


def test_film_is_stiffer_the_harder_it_yields():
    # NMC at 150 / 250 / 350 / 500 MPa: 15 / 32 / 55 / 113 MN/mm per m with E_el fixed
    for P_y, expected in ((150e6, 15), (250e6, 32), (350e6, 55), (500e6, 113)):
        assert last_nip(P_y, 6e9, 0.50, 0.22, 4510.0).stiffness / 1e9 == pytest.approx(expected, rel=0.06)


def test_more_density_needs_more_load_and_gives_a_stiffer_film():
    v = virgin(225e6, 3.2e9, 0.50, 12.0)
    h_s, D_in = 63e-6, density_in_gap(0.64, v)
    passes = [
        press(h_s / density_in_gap(r, v), h_s, h_s / 0.64, D_in, 0.4, STEEL, v)
        for r in (0.66, 0.68, 0.70, 0.72)
    ]
    for less, more in pairwise(passes):
        assert more.line_load > less.line_load
        assert more.stiffness > less.stiffness
        assert more.peak > less.peak


def test_relaxation_only_adds_thickness():
    ages = [relaxation(t, 0.01, 600.0) for t in (0.0, 0.8, 3.2, 60.0, 600.0, 86400.0)]
    assert ages == sorted(ages)
    assert ages[0] == 1.0
    assert ages[-1] <= 1.01
