"""Capacity of one line from published figures: loadings, speeds and area ratios give the published GWh, lines and kilograms."""

from __future__ import annotations

import pytest

from dryline.studies.planning.capacity import balance, gwh_per_year
from dryline.studies.planning.electrode_line import Calendar, ElectrodeLine, Product, Stuff
from dryline.studies.planning.equipment import powder_per_area

AH = 3600.0
CHEMISTRIES = {"LFP": (150.0, 3.20, 0.97), "NMC811": (195.0, 3.65, 0.97), "NMC622": (175.0, 3.68, 0.97)}
"""Capacity [Ah/kg], mean voltage [V], active fraction."""


def areal(chemistry, loading):
    """Areal capacity [A s/m2] of a side at a loading [mg/cm2]."""
    q, _, active = CHEMISTRIES[chemistry]
    return 0.01 * loading * active * q * AH


def line_of(chemistry="LFP", loading=20.0, speed=40.0, oee=0.80, area_yield=0.95, electrode="cathode", **changes):
    """A line of 1 m, of which 95 % are coated, all the year [m/min, mg/cm2]."""
    run = oee * 8760.0 * 3600.0
    calendar = Calendar(run, 8760.0 * 3600.0 - run, 0.0, 0.0)
    product = Product(electrode, chemistry, areal(chemistry, loading), CHEMISTRIES[chemistry][1], **changes)
    powder = Stuff("powder", "active", 2.0 * 0.01 * loading)
    return ElectrodeLine("one line", "dry", product, speed / 60.0, 0.95, calendar, area_yield, 1.0, (), (powder,))


def test_lfp_at_40_metres_a_minute_makes_2_8_gwh_a_year():
    line = line_of()
    assert line.product.energy_per_area / 3.6e6 == pytest.approx(0.186, abs=0.0005)
    assert gwh_per_year(line) == pytest.approx(2.8, abs=0.05)


POINTS = [("LFP", 35.0, 80.0), ("NMC811", 16.0, 40.0), ("NMC622", 25.0, 120.0)]


@pytest.mark.parametrize(("chemistry", "loading", "speed"), POINTS)
def test_the_practical_equation_is_the_one_in_si(chemistry, loading, speed):
    q, voltage, active = CHEMISTRIES[chemistry]
    area = 2.0 * 10.0 * loading * active * q * voltage / 1e6
    expected = 0.5256 * speed * 1.0 * 0.95 * 0.80 * 0.95 * area
    assert gwh_per_year(line_of(chemistry, loading, speed)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("oee", "factor"), [(0.70, 0.875), (0.85, 1.0625), (0.50, 0.625)])
def test_capacity_goes_with_oee(oee, factor):
    assert gwh_per_year(line_of(oee=oee)) == pytest.approx(factor * gwh_per_year(line_of()), rel=1e-12)


@pytest.mark.parametrize(
    ("chemistry", "pairs"),
    [("LFP", ((18, 2.62), (20, 2.91), (22, 3.20), (25, 3.64), (30, 4.37), (35, 5.09))),
     ("NMC811", ((16, 3.03), (18, 3.40), (20, 3.78), (22, 4.16), (25, 4.73), (30, 5.67)))],
)  # fmt: skip
def test_areal_capacities_of_the_loadings(chemistry, pairs):
    for loading, expected in pairs:
        assert areal(chemistry, float(loading)) / AH / 10.0 == pytest.approx(expected, abs=0.006)


@pytest.mark.parametrize(("loading", "flow"), [(22.0, 1505.0), (25.0, 1710.0), (30.0, 2052.0)])
def test_powder_at_60_metres_a_minute(loading, flow):
    line = line_of(loading=loading, speed=60.0)
    assert 3600.0 * powder_per_area(line) * line.speed * line.coated_width == pytest.approx(flow, abs=1.0)


def test_three_anode_lines_balance_four_cathode_lines():
    """LEAD, electrive 2025-07-08: 60 and 80 m/min on 1 m; BatPaC 5: 1.04 times the area of anode: 3*80 = 240, 4*60*1.04 = 250."""
    cathode = line_of(speed=60.0)
    anode = line_of(speed=80.0, electrode="anode", area_ratio=1.04)
    target = 3.0 * gwh_per_year(anode)
    found = balance(target, cathode, anode)
    assert (found.cathode_lines, found.anode_lines) == (4, 3) and found.limited_by == "anode"
    assert found.cathode_exact == pytest.approx(240.0 / 250.0 * 4.0, rel=0.002)


def test_five_to_eight_gwh_need_more_than_the_base_line():
    """At 60 m/min and 20 mg/cm2 it is 4.2 GWh of LFP: the claim needs a thick electrode, a fast line, or NMC811."""
    assert gwh_per_year(line_of(speed=60.0)) < 5.0
    assert 5.0 < gwh_per_year(line_of(loading=25.0, speed=60.0)) < 8.0
    assert 5.0 < gwh_per_year(line_of("NMC811", 20.0, 60.0)) < 8.0
