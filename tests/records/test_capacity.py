import dataclasses

import pytest
import synthetic

from dryline.records.capacity import capacity, shown_capacity


@pytest.mark.parametrize(
    ("side", "fraction", "charge", "voltage", "expected"),
    [(0.22, 0.95, 155.0, 3.2, 4.5), (0.25, 0.95, 155.0, 3.2, 5.1), (0.22, 0.96, 192.0, 3.8, 6.7)],
)
def test_published_class_of_the_line(side, fraction, charge, voltage, expected):
    order = dataclasses.replace(
        synthetic.order(),
        side_areal_mass=side,
        areal_mass=2.0 * side,
        active_fraction=fraction,
        active_capacity=charge,
        voltage=voltage,
    )
    assert capacity(order).gwh_per_year == pytest.approx(expected, abs=0.06)


def test_by_hand():
    found = capacity(synthetic.order(), hours=1000.0, eta=0.5)
    # 0.5 kg/m2 x 0.95 x 155 Ah/kg x 3.2 V = 235.6 Wh/m2; 0.95 m x 1 m/s x 3.6e6 s x 0.5 = 1.71e6 m2
    assert found.kwh_per_m2 == pytest.approx(0.2356)
    assert found.gwh_per_year == pytest.approx(0.2356 * 1.71)
    assert found.m2_per_year == pytest.approx(1.71e6)
    assert (found.hours_per_year, found.oee_times_yield) == (1000.0, 0.5)


def test_a_film_without_energy_is_counted_in_area():
    found = capacity(dataclasses.replace(synthetic.order(), active_capacity=0.0))
    assert shown_capacity(found.gwh_per_year, found.m2_per_year) == (found.m2_per_year / 1e6, "million m²/year")
    assert shown_capacity(5.1, 2e7) == (5.1, "GWh/year")
