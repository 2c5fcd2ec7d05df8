"""Drying of a coated web: figures worked by hand, limits, and arrays."""

from __future__ import annotations

import numpy as np
import pytest

from dryline.process.drying import (
    NMP,
    WATER,
    Dryer,
    air_per_solvent,
    balance,
    evaporation_heat,
    exhaust_heat,
    explosive_share,
    fan_power,
    hot_standby,
    humid_fraction,
    solvent_per_area,
)

DRYER = Dryer(298.15, 393.15, 348.15, 0.0, 0.10, 0.85, 20.0)


def test_solvent_of_a_slurry():
    """0.25 kg/m2 of solids at 62.5 % carry 0.15 kg/m2 of solvent; none where there is nothing but solids."""
    assert solvent_per_area(0.25, 0.625) == pytest.approx(0.15)
    assert solvent_per_area(0.25, 1.0) == 0.0


def test_air_that_a_kilogram_of_nmp_takes_along():
    """A mole fraction of 1000 ppm is 0.0991/0.02897 times 1e-3 by mass: 292 kg of air."""
    assert air_per_solvent(1000e-6, NMP.molar_mass) == pytest.approx(292.3, abs=0.1)
    assert air_per_solvent(humid_fraction(0.02), WATER.molar_mass) == pytest.approx(50.0, rel=1e-12)


def test_heat_of_evaporation_and_of_exhaust_air():
    """530 + 1.8 x 50 kJ/kg for NMP; 292 kg of air over 95 K carry 27.9 MJ, of which a heat exchanger gives back its share."""
    assert evaporation_heat(NMP, 298.15, 348.15) == pytest.approx(620e3)
    assert exhaust_heat(292.3, DRYER) == pytest.approx(27.94e6, rel=1e-3)
    assert exhaust_heat(292.3, DRYER._replace(heat_recovery=0.7)) == pytest.approx(0.3 * 27.94e6, rel=1e-3)


def test_explosive_limit():
    assert explosive_share(3250e-6, NMP) == pytest.approx(0.25)
    assert explosive_share(0.05, WATER) == 0.0


def test_a_kilogram_a_second_by_hand():
    b = balance(NMP, DRYER, 1.0, 1500.0, 292.3)
    assert (b.evaporation, float(b.web)) == pytest.approx((620e3, 142.5e3))
    useful = 620e3 + 142.5e3 + 292.3 * 1006.0 * 95.0
    assert b.bought == pytest.approx(useful * 1.1 / 0.85, rel=1e-12)
    assert b.heater == pytest.approx(0.15 * b.bought, rel=1e-12)


def test_air_circulates_for_what_the_web_takes_but_never_less_than_leaves():
    lean, rich = (balance(NMP, DRYER, 1.0, 1500.0, air) for air in (292.3, 20.0))
    assert lean.circulating_air == 292.3
    assert rich.circulating_air == pytest.approx((rich.evaporation + rich.web + rich.walls) / (1006.0 * 20.0)) and 20.0 < (
        rich.circulating_air
    )


def test_a_dry_web_takes_no_heat():
    assert balance(NMP, DRYER, 0.0, 1500.0, 0.0).bought == 0.0


def test_standby_pays_for_walls_and_air():
    assert hot_standby(DRYER, 8.5e3, 0.0) == pytest.approx(10e3)
    assert hot_standby(DRYER, 0.0, 1.0) == pytest.approx(1006.0 * 95.0 / 0.85)


def test_hot_air_costs_a_fan_more():
    """1.2 kg/s at 293 K are 1 m3/s: 2500 Pa and 60 % make 4.17 kW, and in proportion to the temperature more."""
    assert fan_power(1.2, 293.15, 2500.0, 0.6) == pytest.approx(2500.0 / 0.6)
    assert fan_power(1.2, 393.15, 2500.0, 0.6) == pytest.approx(2500.0 / 0.6 * 393.15 / 293.15)


def test_arrays_give_what_numbers_give():
    air = np.array([20.0, 292.3])
    at_once = balance(NMP, DRYER, np.array([1.0, 0.0]), 1500.0, air)
    for n, evaporated in enumerate((1.0, 0.0)):
        one = balance(NMP, DRYER, evaporated, 1500.0, float(air[n]))
        assert [np.broadcast_to(part, 2)[n] for part in at_once] == pytest.approx([float(part) for part in one])
