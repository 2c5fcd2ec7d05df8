"""Where every measured and commanded value of a line stands in the flat arrays at the door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dryline.control.signals import Signals, signals_of
from dryline.line.distances import last_nip, level_nips
from dryline.line.schema import Line
from dryline.line.setup import SetUp
from dryline.line.tags import TagTable, commands_of, flooded_side, readings_of

NIP_REFERENCES = ("tilt", "bending_force", "correction")
"""What a quality controller asks of a nip that a thickness gauge moves, in this order."""


class FeederPlaces(NamedTuple):
    """Where hopper content, screw speed and refill of a feeder stand in the flat values."""

    weight_at: int
    screw_at: int
    refilling_at: int


@dataclass(frozen=True)
class ReadingPlaces:
    """Readings by station, in the order of the plan (sides as the film gauges, nips in processing order).

    Profiles, laser pairs and what the feeders need stand in the flat values of a frame; all others among its numbers.
    """

    signals: Signals
    profiles: tuple[slice, ...]
    pairs: tuple[slice, ...]
    """Laser pairs behind each gap that is controlled: sides, then lamination."""
    loads: tuple[slice, ...]
    """Forces of the nip in front of each of them in the flat values."""
    scanner_position: int
    scanner_boxes: slice
    metering_flow: NDArray[np.intp]
    powder_nips: NDArray[np.intp]
    """Speed of the first nip of each side in the flat values."""
    bed_levels: tuple[int | None, ...]
    """Level of the hopper bed of each side, None where its nip is starved."""
    feeders: tuple[FeederPlaces, ...]
    level: int
    level_at: int
    """Level of the surge hopper in the flat values."""
    silo_at: int
    """Level of the regrind silo there, -1 where there is none."""
    product_temperature: int
    forces: tuple[slice, ...]
    tensions: tuple[int, ...]
    foil_tension: int | None
    foil_left: int | None
    roll_temperatures: tuple[int, ...]
    interlocks: tuple[int, ...]
    level_forces: NDArray[np.intp]
    """Forces of the nips that are levelled by them (nip, side) in the flat values."""
    first_positions: tuple[slice, ...]
    """Chock positions of the nips that make the films."""
    line_speed: int
    winder_speed: int
    winder_tension: int
    winder_radius: int
    wound: int
    gauge_tags: dict[int, int]
    """Tag number of a gauge and which of the plan's gauge paths it stands at: silent until the film is there.
    """


@dataclass(frozen=True)
class CommandPlaces:
    """Commands by station, in the same order, and the array that holds what never changes in a run."""

    table: TagTable
    base: NDArray[np.float64]
    speed: int
    thread: int
    screws: NDArray[np.intp]
    jacket: int
    rates: NDArray[np.intp]
    segments: NDArray[np.intp]
    """Of the distribution (side, segment)."""
    bed_gaps: tuple[int, ...]
    """Gap of the first nip of each side with a hopper bed."""
    nips: NDArray[np.intp]
    """`NIP_REFERENCES` of every nip that a thickness gauge moves (nip, quantity)."""
    levels: NDArray[np.intp]
    """Tilt of every nip that is levelled by its forces."""
    opens: NDArray[np.intp]
    zeros: NDArray[np.intp]
    ratios: NDArray[np.intp]
    diverts: tuple[int, ...]
    """Film knives that can return the whole film."""
    foil_lifts: tuple[int, ...]
    """Lift of every nip that the foil runs through."""
    foil_change: int | None
    tension: int
    """Of winding."""
    roll: int
    product: int


def reading_places(line: Line, feeders: tuple[str, ...]) -> ReadingPlaces:
    """Places of the readings of `line`; `feeders` in the order of the plan."""
    table = readings_of(line)
    number = {tag.path: n for n, tag in enumerate(table.tags)}
    gauges = line.of_kind("film_gauge")
    profiles = tuple(f"{gauge.name}/areal_mass" for gauge in gauges)
    signals = signals_of(table, profiles)
    metering = {station.side: station.name for station in line.of_kind("metering")}
    thickness, scanner = line.of_kind("thickness_gauge")[0].name, line.of_kind("scanner")[0].name
    winder, hopper = line.of_kind("winder")[0].name, line.of_kind("surge_hopper")[0].name
    unwinder = next((station.name for station in line.of_kind("foil_unwinder")), None)
    nips = [nip.name for nip in line.nips]
    gauged = (*(last_nip(line, gauge.side) for gauge in gauges), last_nip(line, line.end))
    silent = {
        number[f"{gauge.name}/{what}"]: side
        for side, gauge in enumerate(gauges)
        for what in ("thickness", "areal_mass")
    }
    silent[number[f"{thickness}/thickness"]] = len(gauges)
    silent[number[f"{scanner}/areal_mass"]] = len(gauges) + 1

    def each(names: list[str] | tuple[str, ...], what: str) -> tuple[int, ...]:
        return tuple(signals.index(f"{name}/{what}") for name in names)

    return ReadingPlaces(
        signals=signals,
        profiles=tuple(table.slice(path) for path in profiles),
        pairs=tuple(table.slice(f"{name}/thickness") for name in (*(gauge.name for gauge in gauges), thickness)),
        loads=tuple(table.slice(f"{nip}/force") for nip in gauged),
        scanner_position=signals.index(f"{scanner}/position"),
        scanner_boxes=signals.slice(f"{scanner}/areal_mass"),
        bed_levels=tuple(
            signals.index(f"{metering[gauge.side]}/bed_level") if flooded_side(line, gauge.side) else None for gauge in gauges
        ),
        metering_flow=np.array([table.index(f"{metering[gauge.side]}/flow") for gauge in gauges]),
        powder_nips=np.array([table.index(f"{_first(line, gauge.side)}/speed") for gauge in gauges]),
        feeders=tuple(
            FeederPlaces(*(table.index(f"{name}/{what}") for what in ("weight", "screw_speed", "refilling"))) for name in feeders
        ),
        level=signals.index(f"{hopper}/level"),
        level_at=table.index(f"{hopper}/level"),
        silo_at=next((table.index(f"{silo.name}/level") for silo in line.of_kind("regrind_silo")), -1),
        product_temperature=signals.index(f"{line.of_kind('fibrillator')[0].name}/temperature"),
        forces=tuple(signals.slice(f"{nip}/force") for nip in nips),
        tensions=each(nips, "tension"),
        foil_tension=signals.index(f"{unwinder}/tension") if unwinder else None,
        foil_left=signals.index(f"{unwinder}/left") if unwinder else None,
        roll_temperatures=each(nips, "roll_temperature"),
        interlocks=each(nips, "interlock"),
        level_forces=np.array(
            [range(table.size)[table.slice(f"{nip}/force")] for nip in level_nips(line)], dtype=np.intp
        ).reshape(-1, 2),
        first_positions=tuple(signals.slice(f"{name}/position") for name in first_nips(line)),
        line_speed=signals.index(f"{nips[-1]}/speed"),
        winder_speed=signals.index(f"{winder}/speed"),
        winder_tension=signals.index(f"{winder}/tension"),
        winder_radius=signals.index(f"{winder}/radius"),
        wound=signals.index(f"{winder}/length"),
        gauge_tags=silent,
    )


def _first(line: Line, side: str) -> str:
    """Name of the first nip of a side."""
    return next(nip.name for nip in line.nips if nip.side == side)


def first_nips(line: Line) -> tuple[str, ...]:
    """Names of the nips that make the films."""
    return tuple(_first(line, gauge.side) for gauge in line.of_kind("film_gauge"))


def command_places(
    line: Line, setup: SetUp, feeders: tuple[str, ...], gap_nips: tuple[str, ...]
) -> CommandPlaces:
    """Places of the commands of `line`, and the constant part: ratios, temperatures, tensions, work,
    references.
    """
    table = commands_of(line)
    base = np.zeros(table.size)
    gauges = line.of_kind("film_gauge")
    metering = {station.side: station.name for station in line.of_kind("metering")}
    winder = line.of_kind("winder")[0]
    fibrillator = line.of_kind("fibrillator")[0]
    base[table.index(f"{fibrillator.name}/work")] = setup.fibrillator_work
    base[table.index(f"{fibrillator.name}/jacket_temperature")] = fibrillator.jacket_temperature
    for unwinder in line.of_kind("foil_unwinder"):
        base[table.index(f"{unwinder.name}/tension")] = unwinder.tension
    base[table.index(f"{winder.name}/tension")] = winder.tension
    for nip in setup.nips:
        base[table.index(f"{nip.name}/gap")] = nip.loaded_gap
        base[table.index(f"{nip.name}/bending_force")] = nip.bending_force
        base[table.index(f"{nip.name}/speed_ratio")] = nip.speed_ratio
        base[table.index(f"{nip.name}/roll_temperature")] = nip.roll_temperature
        base[table.index(f"{nip.name}/mode")] = float(nip.mode == "force")
        base[table.index(f"{nip.name}/force")] = nip.force
    nips = [nip.name for nip in line.nips]

    def places(path: str) -> range:
        return range(table.size)[table.slice(path)]

    return CommandPlaces(
        table=table,
        base=base,
        speed=table.index("line/speed"),
        thread=table.index("line/thread"),
        screws=np.array([table.index(f"{name}/screw_speed") for name in feeders]),
        jacket=table.index(f"{fibrillator.name}/jacket_temperature"),
        rates=np.array([table.index(f"{metering[gauge.side]}/rate") for gauge in gauges]),
        segments=np.array([places(f"{metering[gauge.side]}/segments") for gauge in gauges]),
        bed_gaps=tuple(
            table.index(f"{_first(line, gauge.side)}/gap") for gauge in gauges if flooded_side(line, gauge.side)
        ),
        nips=np.array(
            [[table.index(f"{nip}/{what}") for what in NIP_REFERENCES] for nip in gap_nips], dtype=np.intp
        ).reshape(-1, len(NIP_REFERENCES)),
        levels=np.array([table.index(f"{nip}/tilt") for nip in level_nips(line)], dtype=np.intp),
        opens=np.array([table.index(f"{nip}/open") for nip in nips]),
        zeros=np.array([table.index(f"{nip}/zero") for nip in nips]),
        ratios=np.array([table.index(f"{nip}/speed_ratio") for nip in nips]),
        diverts=tuple(table.index(f"{knives.name}/divert") for knives in line.of_kind("film_trim")),
        foil_lifts=tuple(table.index(f"{nip.name}/lift") for nip in line.nips if nip.side == "AB"),
        foil_change=next((table.index(f"{one.name}/change") for one in line.of_kind("foil_unwinder")), None),
        tension=table.index(f"{winder.name}/tension"),
        roll=table.index(f"{winder.name}/roll"),
        product=table.index(f"{winder.name}/product"),
    )
