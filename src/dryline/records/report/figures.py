"""What a report shows of a run, read once from its folder, and the figures at each station."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dryline.records import accounts, events, rollmap, signals
from dryline.records.accounts import AccountRow
from dryline.records.energy import power_columns
from dryline.records.events import Event
from dryline.records.gap import making
from dryline.records.order import Order, Place
from dryline.records.report.words import duration, number
from dryline.records.rollmap import RollMapTable
from dryline.records.run_folder import RunFolder

Floats = NDArray[np.float64]

KILO_HOUR = 3600.0

SHORTEST_STRETCH = 50
"""Ticks without a refill from which the slope of a hopper's weight is a feed."""

Shown = tuple[str, str, float, float, str, int]
"""A figure: word before it, tag below the station, factor, offset, unit, decimals."""

SHOWN: dict[str, tuple[Shown, ...]] = {
    "treatment": (("", "power", 1e-3, 0.0, "kW", 1),),
    "mixer": (("", "power", 1e-3, 0.0, "kW", 1),),
    "granulator": (("", "power", 1e-3, 0.0, "kW", 1),),
    "regrind_silo": (("level", "level", 100.0, 0.0, "%", 0),),
    "fibrillator": (
        ("", "temperature", 1.0, -273.15, "°C", 1),
        ("", "work", 1e-3, 0.0, "kJ/kg", 0),
        ("", "power", 1e-3, 0.0, "kW", 1),
    ),
    "surge_hopper": (("level", "level", 100.0, 0.0, "%", 0),),
    "metering": (("", "flow", KILO_HOUR, 0.0, "kg/h", 0),),
    "powder_nip": (("gap", "loaded_gap", 1e6, 0.0, "µm", 1), ("", "line_load", 1e-3, 0.0, "N/mm", 0)),
    "film_gauge": (("", "thickness", 1e6, 0.0, "µm", 1), ("", "areal_mass", 100.0, 0.0, "mg/cm²", 2)),
    "foil_unwinder": (("", "tension", 1.0, 0.0, "N/m", 0),),
    "scanner": (("", "areal_mass", 100.0, 0.0, "mg/cm²", 2),),
    "thickness_gauge": (("", "thickness", 1e6, 0.0, "µm", 1),),
}
SHOWN["thinning_nip"] = SHOWN["lamination_nip"] = SHOWN["calender_nip"] = (
    *SHOWN["powder_nip"],
    ("margin", "contact_margin", 1e6, 0.0, "µm", 0),
)


@dataclass(frozen=True)
class Shift:
    """A recorded run as the report sees it; `signals` holds only what the report draws, arrays as their mean,
    `producing` the ticks at which product was wound and more of it made.
    """

    run: RunFolder
    summary: dict[str, Any]
    order: Order
    set_up: dict[str, Any]
    web: RollMapTable
    book: list[AccountRow]
    events: list[Event]
    signals: dict[str, Floats]
    powers: list[str]
    producing: NDArray[np.bool_]

    def signal(self, path: str, kinds: tuple[str, ...] = ("truth", "reading", "command")) -> Floats | None:
        """A signal by its tag path, of the first kind that was recorded; array tags as their mean; None
        without.
        """
        return next((self.signals[name] for kind in kinds if (name := f"{kind}/{path}") in self.signals), None)


def load(run: RunFolder, summary: dict[str, Any]) -> Shift:
    """Read what the report shows."""
    order = Order.from_json(run.manifest["order"])
    powers = power_columns(run)
    wanted = {"line/speed", "winder/speed"}
    for place in order.stations:
        wanted |= {f"{place.name}/{shown[1]}" for shown in SHOWN.get(place.kind, ())}
        wanted |= {f"{place.name}/{what}" for what in ("gap_reference", "force")}
        if place.kind == "feeder":
            wanted |= {f"{place.name}/{what}" for what in ("weight", "refilling")}
    names = [c.name for c in signals.columns(run) if c.name.partition("/")[2] in wanted]
    return Shift(
        run=run,
        summary=summary,
        order=order,
        set_up=run.json_or_empty("setup.json"),
        web=rollmap.read(run),
        book=accounts.read(run),
        events=events.read(run),
        signals=signals.read_means(run, ["time", *dict.fromkeys([*names, *powers])]),
        powers=powers,
        producing=making(run),
    )


def mean_of(shift: Shift, path: str) -> float | None:
    """Mean of a signal while product was made, or over the run where none was."""
    values = shift.signal(path)
    if values is None or not values.size:
        return None
    chosen = values[shift.producing] if shift.producing.any() else values
    chosen = chosen[np.isfinite(chosen)]
    return float(chosen.mean()) if chosen.size else None


def station_figures(shift: Shift) -> dict[str, list[str]]:
    """Lines of text at each station of the picture: means while product was made."""
    return {place.name: _figures(shift, place) for place in shift.order.stations}


def _figures(shift: Shift, place: Place) -> list[str]:
    if place.kind == "feeder":
        return _fed(shift, place)
    if place.kind == "trim":
        trimmed = float(shift.web.batch.trim_kg.sum())
        return [f"{number(trimmed, 1)} kg"]
    if place.kind == "slitter":
        return [f"{len(shift.order.daughters)} rolls"]
    if place.kind == "winder":
        run = shift.summary["run"]
        return [f"{number(run['wound_m'], 0)} m in {duration(run['simulated_s'])}", *_wound(shift)]
    lines = []
    for word, tag, factor, offset, unit, digits in SHOWN.get(place.kind, ()):
        value = mean_of(shift, f"{place.name}/{tag}")
        if value is not None:
            lines.append(f"{word} {number(value * factor + offset, digits, unit)}".strip())
    return lines


def _fed(shift: Shift, place: Place) -> list[str]:
    """Mean feed: the slope of the hopper's weight over the stretches of production without a refill."""
    weight, refilling = shift.signal(f"{place.name}/weight"), shift.signal(f"{place.name}/refilling")
    if weight is None or not shift.producing.any():
        return []
    time = shift.signals["time"]
    steady = shift.producing & np.isfinite(weight)
    if refilling is not None:
        steady &= refilling < 0.5
    ends = np.flatnonzero(np.diff(np.concatenate(([0], steady.astype(np.int8), [0]))))
    fed = lasted = 0.0
    for begin, end in zip(ends[::2], ends[1::2], strict=True):
        if end - begin > SHORTEST_STRETCH:
            span = float(time[end - 1] - time[begin])
            fed -= span * float(np.polyfit(time[begin:end] - time[begin], weight[begin:end], 1)[0])
            lasted += span
    return [number(fed / lasted * KILO_HOUR, 1, "kg/h")] if lasted > 0.0 else []


def _wound(shift: Shift) -> list[str]:
    rolls = np.unique(shift.web.batch.roll).size
    return [f"{rolls} roll{'' if rolls == 1 else 's'}"] if rolls else []
