"""Last nips: contact margins, the separator on two-high and four-high rolls, and design envelopes of patents.

The tables are derived figures of the process reference (hot rolls, housing 18 MN/mm, 1.05 m, bearings 1.7 m apart), given
to whole micrometres; its bending lies up to 8 % above its own formula for single rolls.
"""

from __future__ import annotations

from itertools import pairwise

import pytest

from dryline.line.disturbances import RunOut
from dryline.mechanics import four_high, housing, preload, rolls, run_out
from dryline.process.compaction import virgin
from dryline.process.thinning import density_in_gap, press

STEEL = rolls.contact_compliance(210e9, 0.3)
FACE, BEARINGS, HOUSING, FLATTENING = 1.05, 1.7, 18e9, 27e9

# true density, P_y, E_el, eps_A, areal mass
LFP = (3470.0, 225e6, 3.2e9, 0.50, 0.22)
NMC = (4510.0, 262e6, 5.0e9, 0.48, 0.22)
GRAPHITE = (2240.0, 102e6, 1.3e9, 0.52, 0.12)
SULFIDE = (3580.0, 170e6, 5.0e9, 0.42, 0.25)
SEPARATOR = (1755.0, 196e6, 6.0e9, 0.43, 0.0474)


def nip(recipe, before, behind, D, nips_left=0):
    """Loaded gap [m], roll force [N] and press of a nip between two porosities."""
    rho, P_y, E_el, eps_A, m = recipe
    v = virgin(P_y, E_el, eps_A, 12.0)
    h_s = m * 1.05**nips_left / rho
    gap = h_s / density_in_gap(1 - behind, v)
    got = press(gap, h_s, h_s / (1 - before), density_in_gap(1 - before, v), 0.5 * D, STEEL, v)
    return gap, got.line_load * FACE, got


MARGINS = [  # recipe, porosities, S um; at D 0.5 and 0.8 m: S - F/K_M, crowned without preload, on the wedge
    (LFP, 0.35, 0.30, 87, (52, 40), (0, 27), (21, 55)),
    (NMC, 0.33, 0.285, 66, (31, 17), (-22, 4), (0, 33)),
    (GRAPHITE, 0.36, 0.30, 73, (58, 53), (35, 47), (44, 59)),
    (SULFIDE, 0.20, 0.15, 79, (15, -11), (-80, -37), (-42, 18)),
]


@pytest.mark.parametrize(("recipe", "before", "behind", "S", "even", "crowned", "wedged"), MARGINS)
def test_contact_margins_of_last_nips(recipe, before, behind, S, even, crowned, wedged):
    for D, *table in zip((0.5, 0.8), even, crowned, wedged, strict=True):
        gap, F, _ = nip(recipe, before, behind, D)
        bend = rolls.gap_bending_per_force(D, FACE, BEARINGS, 210e9, 80e9) * F

        def margin(held, unbending, gap=gap, F=F):
            opening = housing.recovered_opening(F, HOUSING, FLATTENING, FACE, held)
            return housing.contact_margin(gap, opening, unbending, 0.0, 0.0) * 1e6

        # bending of the table: 4 to 8 % above the formula
        slack = 1.5 + 0.09 * bend * 1e6
        assert gap * 1e6 == pytest.approx(S, abs=0.6)
        assert margin(False, 0.0) == pytest.approx(table[0], abs=1.5)
        assert margin(False, bend) == pytest.approx(table[1], abs=slack)
        assert margin(True, bend) == pytest.approx(table[2], abs=slack)


def test_a_stiff_wedge_gives_the_margin_of_a_held_chock():
    gap, F, _ = nip(NMC, 0.33, 0.285, 0.8)
    bend = rolls.gap_bending_per_force(0.8, FACE, BEARINGS, 210e9, 80e9) * F
    opening = preload.frame_stretch(F, 1.2 * F, HOUSING, 50 * HOUSING) + F / (FLATTENING * FACE)
    assert housing.contact_margin(gap, opening, bend, 0.0, 0.0) * 1e6 == pytest.approx(33, abs=2.5)


SMALL_ROLLS = [  # porosity before and behind, nips left; S um, q N/mm, F kN, p MPa, bending of both rolls um
    (0.40, 0.28, 2, (40.7, 91, 96, 92, 189)),
    (0.28, 0.20, 1, (34.4, 208, 218, 174, 430)),
    (0.20, 0.15, 0, (30.4, 392, 411, 262, 811)),
]
STACK = four_high.Stack(0.25, 0.8, 1.15, FACE, 1.6, BEARINGS)


@pytest.mark.parametrize(("before", "behind", "left", "table"), SMALL_ROLLS)
def test_separator_bends_small_rolls_by_far_more_than_its_thickness(before, behind, left, table):
    gap, F, got = nip(SEPARATOR, before, behind, 0.25, left)
    bend = rolls.gap_bending_per_force(0.25, FACE, BEARINGS, 210e9, 80e9) * F
    assert gap * 1e6 == pytest.approx(table[0], abs=0.1)
    assert got.line_load / 1e3 == pytest.approx(table[1], rel=0.02)
    assert F / 1e3 == pytest.approx(table[2], rel=0.02)
    assert got.peak / 1e6 == pytest.approx(table[3], rel=0.01)
    assert bend * 1e6 == pytest.approx(table[4], rel=0.045)
    # four-high: a fiftieth, and with bending cylinders inside their usual 200 kN centre and edge are level
    assert four_high.opening(STACK, F) < bend / 40.0
    push, left_over = four_high.levelling_push(STACK, F, 200e3)
    assert 0.0 < push < 50e3
    assert left_over == pytest.approx(0.0, abs=1e-9)


def test_design_envelopes_of_patents():
    """Gap reduction a stage 0.10-0.65 with three or more rolls (claim of US12199265B2); roll ratio 1.5 or more, work-roll
    indicator reading below 5 um (claims of US20230411588)."""
    lines = ((LFP, (0.47, 0.40, 0.35, 0.30)), (NMC, (0.47, 0.39, 0.33, 0.285)), (GRAPHITE, (0.50, 0.42, 0.36, 0.30)))
    for recipe, first in lines:
        places = zip(pairwise(first), (0.5, 0.6, 0.8), (2, 1, 0), strict=True)
        gaps = [nip(recipe, *porosities, D, left)[0] for porosities, D, left in places]
        for a, b in pairwise(gaps):
            assert 0.10 <= (a - b) / a <= 0.65
    assert STACK.backing_diameter / STACK.work_diameter >= four_high.ROLL_RATIO == 1.5
    shape = RunOut()
    assert 2.0 * run_out.largest((shape.first, shape.second, shape.third)) < 5e-6
