"""Commands that hold a line at its set-up: all nips closed at once, production speed."""

from __future__ import annotations

import numpy as np


def held(machine, loaded, setup, speed=None):
    """Values of all command tags; speed [m/s] in place of that of the set-up."""
    table, values = machine.commands, np.zeros(machine.commands.size)
    values[table.index("line/speed")] = setup.speed if speed is None else speed
    for nip in setup.nips:
        for what in ("bending_force", "speed_ratio", "roll_temperature", "force"):
            values[table.index(f"{nip.name}/{what}")] = getattr(nip, what)
        values[table.index(f"{nip.name}/gap")] = nip.loaded_gap
        values[table.index(f"{nip.name}/mode")] = float(nip.mode == "force")
    for metering in loaded.line.of_kind("metering"):
        values[table.index(f"{metering.name}/rate")] = setup.metering_rate
    for feeder in loaded.line.feeders:
        values[table.index(f"{feeder.name}/screw_speed")] = setup.screw_speeds[feeder.name]
    values[table.index("fibrillator/work")] = setup.fibrillator_work
    values[table.index("fibrillator/jacket_temperature")] = loaded.line.station("fibrillator").jacket_temperature
    return values
