"""Section `utilities` of a line file: read with units, and refused with the place and the remedy."""

from __future__ import annotations

import pytest

from dryline.line.carriers import CARRIERS
from dryline.line.load import InputError, load_line
from dryline.line.tags import commands_of, readings_of, truth_of


@pytest.mark.parametrize(("settings", "place", "words"), [
    (["utilities.dust=45"], "utilities.dust", "no unit"),
    (["utilities.dust=45 kWh"], "utilities.dust", "wrong dimension"),
    (["utilities.floor=-1 m**2"], "utilities.floor", "out of range"),
    (["utilities.duust=45 kW"], "utilities.duust", "dust"),
    (["utilities.air_dryer.load=300 W"], "utilities.air_dryer.load", "wrong dimension"),
    (["utilities.air_dryer.efficiency=120 %"], "utilities.air_dryer.efficiency", "out of range"),
    (["utilities.roll_heating.carrier=compressed_air"], "utilities.roll_heating.carrier", "electricity or heat"),
    (["utilities.roll_heating.system=electric", "utilities.roll_heating.carrier=heat"], "carrier", "system: oil"),
    (["utilities.roll_heating.system=steam"], "utilities.roll_heating.system", "oil"),
])  # fmt: skip
def test_wrong_figures_are_refused(settings, place, words):
    with pytest.raises(InputError) as caught:
        load_line("lfp-cathode", settings=settings)
    assert place in str(caught.value) and words in str(caught.value)


@pytest.mark.parametrize("name", ["hall", "utilities", "line"])
def test_a_station_cannot_take_the_name_of_signals_of_the_line(name):
    with pytest.raises(InputError, match=f"{name}.*give the station another one"):
        load_line("lfp-cathode", settings=[f"stations.mixer.name={name}"])


def test_what_is_bought_is_a_power_in_watts():
    line = load_line("lfp-cathode").line
    bought = [tag for table in (commands_of(line), readings_of(line), truth_of(line)) for tag in table.tags if tag.carrier]
    assert all(tag.unit == "W" and tag.path.endswith("power") and tag.access != "write" for tag in bought)
    assert {tag.carrier for tag in truth_of(line).tags if tag.carrier} == set(CARRIERS)
    shaft = [tag for tag in truth_of(line).tags if tag.path == "lamination/power"]
    assert [tag.carrier for tag in shaft] == [""], "its motor's power is bought"
