"""One declaration a signal: path, unit, shape, range, access and description of everything at the door of a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from dryline.line.carriers import Carrier
from dryline.line.schema import Line

TICK = 0.1
"""Control tick [s]."""
BOXES = 2
"""Boxes of 50 ms a tick of the scanner."""


FILM_LOST = "film lost"
POWERED = ("treatment", "feeder", "mixer", "granulator", "metering", "foil_unwinder", "winder")
"""Kinds of stations with one electric power; nips and fibrillators have more than that."""
INTERLOCKS = ("none", "rolls would touch", "force", FILM_LOST, "gap sensor", "no commands", "another nip")
"""What a nip's drive may have opened it for, by the code of its reading."""


def _codes(meanings: tuple[str, ...]) -> str:
    return ", ".join(f"{code} {text}" for code, text in enumerate(meanings))


@dataclass(frozen=True)
class Tag:
    """One signal; array tags have a shape, scalars ()."""

    path: str
    unit: str
    shape: tuple[int, ...]
    low: float
    high: float
    access: Literal["read", "write", "truth"]
    description: str
    carrier: Carrier | Literal[""] = ""
    """How the energy of a power is bought; empty for what is no power, or a part of another one."""

    @property
    def size(self) -> int:
        """Number of values."""
        return self.shape[0] if self.shape else 1


class TagTable:
    """Tags in order; all values of a table lie in one flat array, array tags take consecutive entries."""

    def __init__(self, tags: Iterable[Tag]) -> None:
        self.tags = tuple(tags)
        self._places: dict[str, slice] = {}
        size = 0
        for tag in self.tags:
            self._places[tag.path] = slice(size, size + tag.size)
            size += tag.size
        self.size = size

    @property
    def paths(self) -> frozenset[str]:
        """Paths of all tags."""
        return frozenset(self._places)

    def slice(self, path: str) -> slice:
        """Entries of a tag; KeyError if there is none."""
        return self._places[path]

    def index(self, path: str) -> int:
        """First entry of a tag; KeyError if there is none."""
        return int(self._places[path].start)


def _tags(
    access: Literal["read", "write", "truth"], rows: Iterable[tuple[str, str, int, float, float, str]],
    carriers: Mapping[str, Carrier] | None = None,
) -> TagTable:  # fmt: skip
    bought = carriers or {}
    return TagTable(Tag(p, u, (n,) if n else (), low, high, access, text, bought.get(p, "")) for p, u, n, low, high, text in rows)


def segments_of(line: Line, side: str) -> int:
    """Number of distribution segments of a side."""
    metering = next(m for m in line.of_kind("metering") if m.side == side)
    return int(max(1, round(line.web.film_width / metering.segment_width)))


def pixels_of(line: Line, gauge: str) -> int:
    """Number of pixels of a line gauge over the film."""
    return int(max(1, round(line.web.film_width / line.station(gauge).pixel)))


def flooded_side(line: Line, side: str) -> bool:
    """Whether the first nip of a side takes its powder from a hopper bed."""
    return any(nip.side == side and getattr(nip, "feed", "") == "flooded" for nip in line.nips)


def commands_of(line: Line) -> TagTable:
    """Tags that control writes."""
    rows: list[tuple[str, str, int, float, float, str]] = [
        ("line/speed", "m/s", 0, 0.0, line.limits.line_speed_max, "line speed set point"),
        ("line/thread", "1", 0, 0.0, 1.0, "1 while a web that broke is threaded again"),
    ]
    for s in line.stations:
        n = s.name
        if s.kind == "feeder":
            rows.append((f"{n}/screw_speed", "1/s", 0, 0.0, s.max_screw_speed, "screw speed"))
        elif s.kind == "fibrillator":
            rows.append((f"{n}/work", "J/kg", 0, 0.0, 3e6, "specific work set point"))
            rows.append((f"{n}/jacket_temperature", "K", 0, 253.0, 423.0, "jacket temperature set point"))
        elif s.kind == "metering":
            rows.append((f"{n}/rate", "kg/m", 0, 0.0, 10.0, "powder per metre of roll travel"))
            count = segments_of(line, s.side)
            rows.append((f"{n}/segments", "1", count, -s.segment_range, s.segment_range, "trim of the distribution"))
        elif s in line.nips:
            rows += [
                (f"{n}/gap", "m", 0, s.gap_min, s.gap_max, "loaded gap reference, width mean"),
                (f"{n}/lift", "m", 0, 0.0, 1e-3, "added to the gap reference while the tape of a splice passes"),
                (f"{n}/correction", "m", 0, -100e-6, 100e-6, "added to the gap reference: error of its zero"),
                (f"{n}/tilt", "m", 0, -50e-6, 50e-6, "operator minus drive chock"),
                (f"{n}/zero", "1", 0, 0.0, 1.0, "0 to 1 zeroes the open gap, hot and with rolls turning"),
                (f"{n}/bending_force", "N", 0, -s.bending_force_max, s.bending_force_max, "roll bending"),
                (f"{n}/speed_ratio", "1", 0, 0.1, 2.0, "surface speed over line speed"),
                (f"{n}/roll_temperature", "K", 0, 273.0, 573.0, "roll temperature set point"),
                (f"{n}/open", "1", 0, 0.0, 1.0, "1 opens the nip"),
                (f"{n}/mode", "1", 0, 0.0, 1.0, "0 holds the gap, 1 the force"),
                (f"{n}/force", "N", 0, 0.0, s.max_force, "roll force set point"),
            ]
        elif s.kind == "film_trim":
            rows.append((f"{n}/divert", "1", 0, 0.0, 1.0, "1 sends the whole film back, 0 its edges"))
        elif s.kind in ("foil_unwinder", "winder"):
            rows.append((f"{n}/tension", "N/m", 0, 0.0, 2000.0, "web tension set point"))
        if s.kind == "foil_unwinder":
            rows.append((f"{n}/change", "1", 0, 0.0, 1.0, "0 to 1 joins a new roll of foil to the running one"))
        if s.kind == "winder":
            rows.append((f"{n}/roll", "1", 0, 0.0, 1e6, "number of the roll being wound"))
            rows.append((f"{n}/product", "1", 0, 0.0, 1.0, "1 product, 0 scrap"))
    return _tags("write", rows)


def readings_of(line: Line) -> TagTable:
    """Tags that control reads."""
    rows: list[tuple[str, str, int, float, float, str]] = []
    for s in line.stations:
        n = s.name
        if s.kind == "feeder":
            rows += [
                (f"{n}/weight", "kg", 0, -1.0, 2.0 * s.hopper_capacity, "hopper weight"),
                (f"{n}/screw_speed", "1/s", 0, 0.0, 2.0 * s.max_screw_speed, "screw speed"),
                (f"{n}/refilling", "1", 0, 0.0, 1.0, "1 while refilling"),
            ]
        elif s.kind == "fibrillator":
            rows += [
                (f"{n}/temperature", "K", 0, 253.0, 600.0, "product temperature"),
                (f"{n}/power", "W", 0, 0.0, 1e7, "shaft power of all machines"),
                (f"{n}/jacket_temperature", "K", 0, 253.0, 423.0, "jacket temperature"),
            ]
        elif s.kind in ("surge_hopper", "regrind_silo"):
            rows.append((f"{n}/level", "1", 0, 0.0, 1.5, "level"))
        elif s.kind == "metering":
            rows.append((f"{n}/flow", "kg/s", 0, 0.0, 50.0, "weighed flow"))
            if flooded_side(line, s.side):
                rows.append((f"{n}/bed_level", "1", 0, 0.0, 2.0, "level of the hopper bed on the rolls"))
        elif s in line.nips:
            rows += [
                (f"{n}/position", "m", 2, -1e-3, 5e-3, "chock position, drive and operator side"),
                (f"{n}/force", "N", 2, -1e5, 2e7, "roll force, drive and operator side"),
                (f"{n}/roll_temperature", "K", 0, 250.0, 600.0, "roll temperature"),
                (f"{n}/speed", "m/s", 0, 0.0, 10.0, "surface speed"),
                (f"{n}/power", "W", 0, 0.0, 1e7, "shaft power of the drives"),
                (f"{n}/tension", "N/m", 0, -1e3, 1e4, "tension of the span before the nip"),
                (f"{n}/interlock", "1", 0, 0.0, float(len(INTERLOCKS) - 1), f"what has opened the nip: {_codes(INTERLOCKS)}"),
            ]
        elif s.kind == "film_gauge":
            rows.append((f"{n}/thickness", "m", 3, 0.0, 0.01, "film thickness: drive side, centre, operator side"))
            rows.append((f"{n}/areal_mass", "kg/m**2", pixels_of(line, n), 0.0, 20.0, "areal mass by pixel"))
        elif s.kind == "scanner":
            rows.append((f"{n}/position", "m", 0, -2.0, 2.0, "place of the spot from the middle of the web"))
            rows.append((f"{n}/areal_mass", "kg/m**2", BOXES, 0.0, 20.0, "coating and foil in boxes of 50 ms"))
        elif s.kind == "thickness_gauge":
            rows.append((f"{n}/thickness", "m", 3, 0.0, 0.01, "electrode: drive side, centre, operator side"))
        elif s.kind in ("foil_unwinder", "winder"):
            rows.append((f"{n}/tension", "N/m", 0, -1e3, 1e4, "web tension"))
            rows.append((f"{n}/radius", "m", 0, 0.0, 5.0, "radius of the roll"))
        if s.kind == "foil_unwinder":
            rows.append((f"{n}/left", "m", 0, 0.0, 1e6, "foil left on the roll"))
            rows.append((f"{n}/dancer", "m", 0, -1.0, 1.0, "place of the dancer, positive where it has paid out foil"))
        if s.kind == "winder":
            rows.append((f"{n}/length", "m", 0, 0.0, 1e9, "wound length"))
            rows.append((f"{n}/speed", "m/s", 0, 0.0, 10.0, "web speed"))
    rows.append(("hall/temperature", "K", 0, 250.0, 330.0, "hall temperature"))
    return _tags("read", rows, {path: "electricity" for path, unit, *_ in rows if unit == "W"})


def truth_of(line: Line) -> TagTable:
    """What only the twin knows: marked as truth in its records, never read by control."""
    rows: list[tuple[str, str, int, float, float, str]] = []
    for nip in line.nips:
        n = nip.name
        rows += [
            (f"{n}/loaded_gap", "m", 0, 0.0, 1.0, "width mean of the loaded gap, mean of the tick"),
            (f"{n}/gap_reference", "m", 0, 0.0, 1.0, "reference of the loaded gap, with what it is lifted by for a splice"),
            (f"{n}/tilt", "m", 0, -1.0, 1.0, "loaded gap over the kept film, operator less drive edge"),
            (f"{n}/contact_margin", "m", 0, -1.0, 1.0, "smallest gap if the film vanished"),
            (f"{n}/force", "N", 0, -1e9, 1e9, "roll force, mean of the tick"),
            (f"{n}/line_load", "N/m", 0, -1e9, 1e9, "force per film width"),
            (f"{n}/peak_pressure", "Pa", 0, 0.0, 1e12, "width mean of the peak pressure"),
            (f"{n}/newton_residual", "m", 0, 0.0, 1.0, "last correction of the nip's solution as a gap"),
            (f"{n}/iterations", "1", 0, 0.0, 100.0, "steps of the nip's last solution"),
            (f"{n}/roll_temperature", "K", 0, 0.0, 1e3, "mean roll temperature"),
            (f"{n}/power", "W", 0, 0.0, 1e9, "shaft power of the drives"),
            (f"{n}/heating_power", "W", 0, 0.0, 1e9, "energy bought to heat the rolls"),
            (f"{n}/gap_spread", "m", 0, 0.0, 1.0, "standard deviation of the loaded gap over the kept lanes"),
            (f"{n}/electric_power", "W", 0, 0.0, 1e9, "electric power of the drives"),
        ]
    for s in line.stations:
        if s.kind in POWERED:
            rows.append((f"{s.name}/power", "W", 0, 0.0, 1e9, "electric power"))
        if s.kind == "treatment":
            rows.append((f"{s.name}/heating_power", "W", 0, 0.0, 1e9, "energy bought to dry the powder"))
        if s.kind == "fibrillator":
            rows.append((f"{s.name}/power", "W", 0, 0.0, 1e9, "electric power, of a jet mill with its compressor"))
            rows.append((f"{s.name}/cooling_power", "W", 0, 0.0, 1e9, "electric power of the chiller"))
        if s.kind == "surge_hopper":
            rows += [
                (f"{s.name}/moisture", "1", 0, 0.0, 1.0, "water over dry powder"),
                (f"{s.name}/conductivity", "1", 0, 0.0, 1.0, "conductivity of the electrolyte over that of fresh one"),
                (f"{s.name}/recycled", "1", 0, 0.0, 1.0, "share of the solids that has been through the line before"),
                (f"{s.name}/passes", "1", 0, 0.0, 1e6, "mean number of earlier passes"),
                (f"{s.name}/received_work", "J/kg", 0, 0.0, 1e12, "mean shear work received in all passes"),
            ]
    rows.append(("hall/h2s", "kg/s", 0, 0.0, 1.0, "hydrogen sulfide given off"))
    rows.append(("hall/h2s_fraction", "1", 0, 0.0, 1.0, "hydrogen sulfide in the air of the hall, mol/mol"))
    rows += [(path, "W", 0, 0.0, 1e9, text) for path, text in UTILITY_POWERS]
    return _tags("truth", rows, carriers_of(line))


UTILITY_POWERS = (
    ("hall/electric_power", "electric power of the fans of the hall"),
    ("hall/heat_power", "energy bought to regenerate the air dryer of the hall"),
    ("hall/cooling_power", "electric power of the chiller of the hall"),
    ("utilities/dust_power", "electric power of dust extraction and vacuum"),
    ("utilities/handling_power", "electric power of gauges, servos, hydraulics and web handling"),
    ("utilities/lamination_heater_power", "electric power of the heater before the lamination"),
    ("utilities/compressed_air_power", "electric power of the compressor of the conveying air"),
)
"""Powers of what serves the whole line."""


def carriers_of(line: Line) -> dict[str, Carrier]:
    """Carrier of every true power that is bought; together they are all that the line uses, each part once."""
    found: dict[str, Carrier] = {}
    for nip in line.nips:
        found[f"{nip.name}/electric_power"] = "electricity"
        found[f"{nip.name}/heating_power"] = line.utilities.roll_heating.carrier
    for s in line.stations:
        if s.kind in POWERED:
            found[f"{s.name}/power"] = "electricity"
        if s.kind == "treatment":
            found[f"{s.name}/heating_power"] = "heat"
        if s.kind == "fibrillator":
            found[f"{s.name}/power"] = "compressed_air" if s.machine == "jet_mill" else "electricity"
            found[f"{s.name}/cooling_power"] = "chilled_water"
    for path, _ in UTILITY_POWERS:
        found[path] = "electricity"
    found["hall/heat_power"], found["hall/cooling_power"] = "heat", "chilled_water"
    found["utilities/compressed_air_power"] = "compressed_air"
    return found
