"""Hours of a year that a line makes electrode, stands hot, heats up or stands cold; the same rules for a dry and a wet line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dryline.studies.planning.electrode_line import YEAR, Calendar, Number

HOUR = 3600.0


@dataclass(frozen=True)
class WorkingTime:
    """Working time of a plant.

    planned: hours of a year in which the line is to make electrode [s] (7500 h, assumed, as in published line sizings); oee:
    share of them in which it does, after roll changes, splices, slow running and faults [1] (0.895, assumed: with a yield of
    0.95 it makes good electrode in 85 % of the planned time); heat_ups: heat-ups from cold a year (25, one every other week,
    assumed); heat_up: time of one [s] (2 h, assumed).
    """

    planned: Number = 7500.0 * HOUR
    oee: Number = 0.895
    heat_ups: Number = 25.0
    heat_up: Number = 2.0 * HOUR

    def calendar(self) -> Calendar:
        """Time in each state: t_run = OEE t_planned, t_heat_up by number, the rest of the planned time hot and idle.

        Raises ValueError where planned time is longer than a year, or running and heating up take more than what is planned.
        """
        run = self.planned * self.oee
        heating = self.heat_ups * self.heat_up
        idle = self.planned - run - heating
        if np.any(np.asarray(self.planned) > YEAR) or np.any(np.asarray(self.planned) <= 0.0):
            raise ValueError("planned time must lie above zero and within the 8760 h of a year")
        if np.any(np.asarray(self.oee) <= 0.0) or np.any(np.asarray(idle) < -1e-6 * YEAR):
            raise ValueError("running and heating up take more than the planned time; lower the OEE or the number of heat-ups")
        return Calendar(run=run, idle=np.maximum(idle, 0.0), heat_up=heating, stop=YEAR - self.planned)
