"""Where the hours of a year go, and the first months of a line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from studies.planning.compared import planned, question
from studies.planning.simple_lines import CALENDAR, dry_cathode

from dryline.studies.planning.electrode_line import YEAR
from dryline.studies.planning.ramp_up import HORIZON, hours, planned_losses, ramp_up


@pytest.mark.parametrize("with_line", [True, False])
def test_losses_and_good_time_add_up_to_the_year(with_line):
    made = dry_cathode()
    rows = planned_losses(made, question().cathode.line if with_line else None)
    good = made.calendar.run * made.area_yield * made.cell_yield
    assert sum(row.time_s for row in rows) + good == pytest.approx(YEAR, rel=1e-12)
    assert sum(row.share for row in rows) + good / YEAR == pytest.approx(1.0, rel=1e-12)
    assert all(row.time_s >= 0.0 for row in rows)


def test_losses_of_both_lines_of_a_plant_add_up_too():
    for rows in planned().losses.values():
        named = {row.loss: hours(row.time_s) for row in rows}
        assert named["heat-up"] == pytest.approx(50.0) and named["not planned"] == pytest.approx(1080.0)
        assert named["splices of the foil"] > 0.0 and named["cells that fail"] > 0.0


def test_longer_rolls_lose_less():
    loaded = question().cathode.line
    stations = [
        station.model_copy(update={"roll_length": 2.0 * station.roll_length}) if hasattr(station, "roll_length") else station
        for station in loaded.stations
    ]
    longer = loaded.model_copy(update={"stations": tuple(stations)})
    made = dry_cathode()
    short, long = ({row.loss: row.time_s for row in planned_losses(made, line)} for line in (loaded, longer))
    for loss in ("roll changes: ends of rolls", "splices of the foil"):
        assert long[loss] == pytest.approx(short[loss] / 2.0)


def test_a_plant_ramps_up_to_what_the_line_makes():
    line = dry_cathode()
    oee = CALENDAR.run / (7680.0 * 3600.0)
    found = ramp_up(line, oee)
    assert found.month.size == HORIZON and found.month[0] == 1.0
    assert np.all(np.diff(found.oee) > 0.0) and np.all(np.diff(found.good) > 0.0) and np.all(np.diff(found.energy) > 0.0)
    assert 0.5 < found.oee[0] < 0.53 and 0.75 < found.good[0] < 0.77
    assert found.energy[-1] == pytest.approx(line.good_energy / 12.0, rel=0.02) and found.energy[-1] < line.good_energy / 12.0
    assert found.energy[0] < 0.6 * line.good_energy / 12.0


def test_what_starts_where_it_ends_does_not_ramp_up():
    line = dry_cathode()
    found = ramp_up(line, 0.8, start_oee=0.8, start_scrap=1.0 - line.area_yield * line.cell_yield)
    assert found.energy == pytest.approx(np.full(HORIZON, line.good_energy / 12.0))
    worse = replace(line, area_yield=0.5)
    assert np.all(ramp_up(worse, 0.8).good == pytest.approx(0.5 * line.cell_yield))
    slow, fast = ramp_up(line, 0.8, months=18.0), ramp_up(line, 0.8, months=6.0)
    assert slow.energy.sum() < fast.energy.sum()


def test_a_ramp_up_takes_time():
    with pytest.raises(ValueError, match="above zero"):
        ramp_up(dry_cathode(), 0.8, months=0.0)
