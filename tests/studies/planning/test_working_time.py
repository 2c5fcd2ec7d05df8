"""Hours of a year by state."""

from __future__ import annotations

import numpy as np
import pytest

from dryline.studies.planning.electrode_line import YEAR
from dryline.studies.planning.working_time import HOUR, WorkingTime


def test_states_add_up_to_the_year():
    calendar = WorkingTime(7680.0 * HOUR, 0.895, 25.0, 2.0 * HOUR).calendar()
    assert calendar.run == pytest.approx(7680.0 * 0.895 * HOUR)
    assert calendar.heat_up == 50.0 * HOUR and calendar.stop == pytest.approx(1080.0 * HOUR)
    assert calendar.idle == pytest.approx((7680.0 * 0.105 - 50.0) * HOUR)
    assert calendar.run + calendar.idle + calendar.heat_up + calendar.stop == pytest.approx(YEAR, rel=1e-15)


def test_arrays_give_what_a_loop_gives():
    oee = np.array([0.5, 0.8, 0.95])
    found = WorkingTime(oee=oee).calendar()
    single = [WorkingTime(oee=value).calendar() for value in oee.tolist()]
    assert np.array_equal(found.run, [one.run for one in single])
    assert np.array_equal(found.idle, [one.idle for one in single])


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"planned": 9000.0 * HOUR}, "8760 h"), ({"planned": 0.0}, "above zero"), ({"oee": 1.0}, "lower the OEE"),
     ({"oee": 0.0}, "planned time"), ({"heat_ups": 500.0}, "number of heat-ups"),
     ({"oee": np.array([0.8, 1.2])}, "lower the OEE")],
)  # fmt: skip
def test_hours_that_do_not_suffice_are_refused(changes, words):
    with pytest.raises(ValueError, match=words):
        WorkingTime(**changes).calendar()
