"""Where every signal of a line lies in the flat arrays of commands, readings and true values: looked up once."""

from __future__ import annotations

import numpy as np

from dryline.line.schema import Line
from dryline.line.tags import TagTable, segments_of
from dryline.process.distribution import lane_interpolation
from dryline.twin import powder_state as ps
from dryline.twin.orders import Orders
from dryline.twin.powder_parameters import feeders_of
from dryline.twin.state import Array

NIP_COMMANDS = (
    "gap", "tilt", "bending_force", "speed_ratio", "roll_temperature", "open", "mode", "force", "correction", "zero", "lift",
)  # fmt: skip


FEEDER_READINGS = (("weight", ps.WEIGHT), ("screw_speed", ps.SPEED), ("refilling", ps.REFILLING))


class Places:
    """Indices by use; arrays of indices where several stations are served at once."""

    def __init__(
        self, line: Line, sides: tuple[str, ...], centres: Array, c: TagTable, r: TagTable, truth: TagTable
    ) -> None:
        feeders = [feeder.name for feeder in feeders_of(line)]
        meterings = [next(m for m in line.of_kind("metering") if m.side == side).name for side in sides]
        machine, mixer = line.of_kind("fibrillator")[0].name, line.of_kind("mixer")[0].name
        winder, unwinders = line.of_kind("winder")[0], [station.name for station in line.of_kind("foil_unwinder")]
        knives = {station.side: station.name for station in line.of_kind("film_trim")}
        nips = [nip.name for nip in line.nips]

        # commands
        self.speed = c.index("line/speed")
        self.nips = {what: _places(c, nips, what) for what in NIP_COMMANDS}
        trims = [_trim(line, side, centres) for side in sides]
        most = max(trim.shape[1] for trim in trims)
        self.orders = Orders(
            np.stack([self.nips[what] for what in NIP_COMMANDS], axis=1), _places(c, meterings, "rate"),
            _places(c, meterings, "segments"),
            np.array([c.index(f"{knives[side]}/divert") if side in knives else -1 for side in sides]),
            np.stack([np.pad(t, ((0, 0), (0, most - t.shape[1]))) for t in trims]),
        )  # fmt: skip
        self.screws = _places(c, feeders, "screw_speed")
        self.work, self.jacket = c.index(f"{machine}/work"), c.index(f"{machine}/jacket_temperature")
        self.roll, self.product = c.index(f"{winder.name}/roll"), c.index(f"{winder.name}/product")
        self.tensions = _places(c, [winder.name, *unwinders], "tension")
        self.thread = c.index("line/thread")
        self.foil_change = _places(c, unwinders, "change")

        # readings
        surge = line.of_kind("surge_hopper")[0].name
        held: list[tuple[str, str, int, int]] = [
            *((f"{name}/{what}", "powder_feeder", row, n) for n, name in enumerate(feeders) for what, row in FEEDER_READINGS),
            (f"{machine}/temperature", "powder_reading", ps.MACHINE_TEMPERATURE, 0),
            (f"{machine}/power", "powder_power", ps.SHAFT, 0),
            (f"{machine}/jacket_temperature", "powder_reading", ps.JACKET_TEMPERATURE, 0),
            (f"{surge}/level", "powder_reading", ps.LEVEL, 0),
            *((f"{silo.name}/level", "powder_reading", ps.SILO_LEVEL, 0) for silo in line.of_kind("regrind_silo")),
        ]
        self.powder_readings = np.array([r.index(path) for path, *_ in held])
        self.powder_sources = np.array([_entry(*source[1:]) for source in held])
        """Readings of the powder side, and where they lie in its record."""
        self.hall = r.index("hall/temperature")
        levels = [f"{name}/bed_level" for name in meterings]
        self.bed_levels = [(n, r.index(path)) for n, path in enumerate(levels) if path in r.paths]
        """Chain and reading of every hopper bed."""

        # true values
        self.heating = _places(truth, nips, "heating_power")
        treatments = [treatment.name for treatment in line.of_kind("treatment")]
        granulators = [granulator.name for granulator in line.of_kind("granulator")]
        entries = [
            *range(len(feeders)), ps.MIXER, ps.ELECTRIC, *[ps.GRANULATOR_POWER] * len(granulators),
            *[ps.TREATMENT_POWER] * len(treatments), *[ps.TREATMENT_HEAT] * len(treatments), ps.CONVEYING,
        ]  # fmt: skip
        self.powered = [
            *(f"{name}/power" for name in [*feeders, mixer, machine, *granulators, *treatments]),
            *(f"{name}/heating_power" for name in treatments), "utilities/compressed_air_power",
        ]  # fmt: skip
        """Paths of what the powder side uses."""
        self.powder_power = np.array([truth.index(path) for path in self.powered])
        self.power_sources = np.array([_entry("powder_power", n, 0) for n in entries])
        self.h2s = [truth.index(f"hall/{what}") for what in ("h2s", "h2s_fraction")]
        known = ("moisture", "conductivity", "recycled", "passes", "received_work")
        self.powder = [truth.index(f"{surge}/{what}") for what in known]
        self.jacket_heat = _entry("powder_power", ps.JACKET_HEAT, 0)
        self.cooling = truth.index(f"{machine}/cooling_power")
        self.metering_power = _places(truth, meterings, "power")
        rolls = [r.index(f"{winder.name}/radius"), truth.index(f"{winder.name}/power")]
        for name in unwinders:
            rolls += [r.index(f"{name}/{what}") for what in ("left", "radius", "dancer")] + [truth.index(f"{name}/power")]
        self.rolls = np.array(rolls)
        """Readings and true power of the winder and of every unwinder, as `web_drives.wind` takes them."""


def _entry(field: str, row: int, column: int) -> int:
    """Place of a figure of the powder side among the numbers of its record."""
    fields = ps.POWDER.fields
    assert fields is not None
    kind, offset = fields[field][:2]
    width = kind.shape[1] if len(kind.shape) > 1 else 1
    return int(offset) // 8 + row * width + column


def _places(table: TagTable, stations: list[str], what: str) -> Array:
    return np.array([table.index(f"{name}/{what}") for name in stations], dtype=np.int64)


def _trim(line: Line, side: str, centres: Array) -> Array:
    """Matrix (lane, segment) from trims of the distribution to relative changes of the lanes, which leave the sum alone."""
    count = segments_of(line, side)
    lanes = lane_interpolation((np.arange(count) + 0.5) * line.web.film_width / count, centres)
    matrix: Array = lanes - lanes.mean(axis=0)
    return matrix
