"""Air handling of a dry hall: what the balances say, and in which direction."""

from __future__ import annotations

from itertools import pairwise

import pytest

from dryline.process.dry_room import AIR, AIR_HEAT, EVAPORATION, WATER_HEAT, DryRoom, air_handling, humidity

ROOM = DryRoom(
    volume=2000.0, air_change=10.0 / 3600.0, make_up=0.1, sources=0.5 / 3600.0, dew_point=233.15, supply_dew_point=223.15,
    outside_dew_point=285.15, precooled=281.15, temperature=295.15, outside=293.15, regeneration=413.15, wheel=0.5,
    carry_over=4.0, fan_pressure=1200.0, fan_efficiency=0.6,
)  # fmt: skip


def at(dew_point, **changes):
    return air_handling(ROOM._replace(dew_point=dew_point, supply_dew_point=dew_point - 10.0, **changes))


def test_humidity_of_known_air():
    """At a dew point of 12 degC air holds 8.7 g/kg, at -40 degC 79 mg/kg (tables of moist air)."""
    assert humidity(285.15) == pytest.approx(8.7e-3, rel=0.01)
    assert humidity(233.15) == pytest.approx(79e-6, rel=0.02)
    assert humidity(273.15 - 1e-9) == pytest.approx(humidity(273.15), rel=1e-3)


def test_water_and_heat_by_hand():
    found = air_handling(ROOM)
    air = AIR * 2000.0 * 10.0 / 3600.0
    water = 0.1 * air * (humidity(281.15) - humidity(223.15)) + 0.5 / 3600.0
    assert found.air == pytest.approx(air) and found.water == pytest.approx(water)
    heat = water * (EVAPORATION + WATER_HEAT * 118.0) / 0.5 + air * AIR_HEAT * 4.0
    assert found.heat == pytest.approx(heat)
    cooler = air * AIR_HEAT * 4.0 + 0.1 * air * (AIR_HEAT * 12.0 + EVAPORATION * (humidity(285.15) - humidity(281.15)))
    assert found.cooling == pytest.approx(cooler)
    assert found.fans == pytest.approx(air / AIR * 1200.0 / 0.6)


def test_a_dryer_hall_never_takes_less_and_a_very_dry_one_takes_more_air():
    halls = [at(273.15 - t) for t in (10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 65.0)]
    for wet, dry in pairwise(halls):
        assert dry.water >= wet.water and dry.heat >= wet.heat and dry.air >= wet.air
        assert dry.fans >= wet.fans and dry.cooling >= wet.cooling
    assert halls[0].air == halls[3].air, "the air changes are enough"
    assert halls[5].air > 2.0 * halls[3].air, "the sources need more"
    assert halls[5].heat > halls[3].heat > halls[0].heat


def test_nothing_to_dry_costs_no_regeneration():
    found = air_handling(ROOM._replace(make_up=0.0, sources=0.0, carry_over=0.0))
    assert found.heat == 0.0 and found.water == 0.0
    dry = air_handling(ROOM._replace(outside_dew_point=253.15, outside=263.15, carry_over=0.0))
    assert dry.cooling == 0.0, "air that is cold and dry outside is not pre-cooled"


def test_supply_that_is_no_drier_than_the_hall_is_refused():
    with pytest.raises(ValueError, match="drier"):
        air_handling(ROOM._replace(supply_dew_point=233.15))
