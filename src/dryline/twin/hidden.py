"""The hidden truths of a twin, read back from the arrays they were drawn into.

The standard deviation of a figure that is drawn evenly in +-w is w/sqrt(3). The phases of the run-out are left
out: as numbers they cannot be compared.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from dryline.line.disturbances import Disturbances
from dryline.line.hidden import HiddenTruth
from dryline.line.schema import Line
from dryline.twin.readings import Sensors
from dryline.twin.state import Array

SIDES = ("drive side", "operator side")
EVENLY = 1.0 / math.sqrt(3.0)
"""Standard deviation of a number drawn evenly in -1 ... 1."""


def hidden_truths(
    line: Line, d: Disturbances, rolls: Array, sensors: Sensors, film: Array, hall_bias: float
) -> tuple[HiddenTruth, ...]:
    """Hidden truths of a machine in the order of its stations, those of the whole plant last."""
    found = [truth for k, nip in enumerate(line.nips) for truth in _of_nip(nip.name, d, rolls[k], sensors.nip_sensors[k])]
    for side, meter in zip(line.of_kind("metering"), sensors.meters, strict=True):
        found.append(HiddenTruth(side.name, "gain of the scale", "", "1", float(meter["gain"]), d.metering.scale_gain))
    found += [
        HiddenTruth("plant", "yield pressure over nominal", "", "1", float(film["yield_truth"]), d.plant.yield_pressure),
        HiddenTruth(
            "plant", "recovery modulus over nominal", "", "1", float(film["modulus_truth"]), d.spring_back.modulus * EVENLY
        ),
        HiddenTruth("hall", "bias of the thermometer", "", "K", hall_bias, d.frame.sensor_bias * EVENLY),
    ]
    return tuple(found)


def _of_nip(name: str, d: Disturbances, roll: Array, sensor: Array) -> Iterator[HiddenTruth]:
    housing, flattening = 1.0 / float(roll["inv_housing"]), 1.0 / float(roll["inv_flattening"])
    yield HiddenTruth(name, "stiffness of the housing", "", "N/m", housing, housing * d.plant.stiffness)
    yield HiddenTruth(name, "stiffness of the flattening", "", "N/m**2", flattening, flattening * d.plant.stiffness)
    radii = roll["radius"]
    spread = 0.5 * (d.runout.diameter_difference_high - d.runout.diameter_difference_low) * EVENLY
    unequal = 2.0 * float(radii[1] - radii[0])
    yield HiddenTruth(name, "difference of the roll diameters", "", "m", unequal, spread * float(radii[0] + radii[1]))
    yield HiddenTruth(name, "error of the surface speed", "", "1", float(roll["ratio_error"]), d.drives.diameter)
    stick = float(roll["stick"])
    yield HiddenTruth(name, "friction or backlash of the axes", "", "m", stick, stick * d.actuators.spread * EVENLY)
    for place, offset, gain in zip(SIDES, roll["position_offset"], roll["force_gain"], strict=True):
        yield HiddenTruth(name, "zero of the gap sensor", place, "m", float(offset), d.gap_sensors.offset * EVENLY)
        yield HiddenTruth(name, "gain error of the load cell", place, "1", float(gain), d.load_cells.gain)
    bias = float(sensor["roll_bias"])
    yield HiddenTruth(name, "bias of the roll thermometer", "", "K", bias, d.roll_temperature.sensor_bias * EVENLY)
