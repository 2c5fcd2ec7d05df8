"""How well each nip held its loaded gap while product was made, and how near its rolls came to touching."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dryline.records import signals
from dryline.records.energy import STATE_NAMES
from dryline.records.run_folder import RunFolder

Floats = NDArray[np.float64]

MICRON = 1e-6

EXECUTE = STATE_NAMES.index("Execute")


@dataclass(frozen=True)
class NipGap:
    """Loaded gap of one nip against its reference; None without a true gap or production on record."""

    name: str
    mode: str
    mean_um: float | None
    mean_error_um: float | None
    p99_7_abs_error_um: float | None
    min_contact_margin_um: float | None


def nip_gaps(run: RunFolder, set_up: dict[str, Any]) -> list[NipGap]:
    """Gaps of every nip of the set-up of a recorded run, in processing order."""
    producing = making(run)
    return [nip_gap(run, str(nip["name"]), str(nip["mode"]), producing) for nip in set_up.get("nips", [])]


def nip_gap(run: RunFolder, name: str, mode: str, producing: NDArray[np.bool_]) -> NipGap:
    """Gap of one nip: error over the ticks of production, contact margin over all with the nip closed."""
    gap, reference, margin = (
        f"truth/{name}/{what}" for what in ("loaded_gap", "gap_reference", "contact_margin")
    )
    opened = f"command/{name}/open"
    known = {column.name for column in signals.columns(run)}
    if not {gap, reference} <= known:
        return NipGap(name, mode, None, None, None, None)
    values = signals.read(run, [column for column in (gap, reference, margin, opened) if column in known])
    closed = values[opened] < 0.5 if opened in known else np.ones(producing.size, np.bool_)
    counted = producing & closed & np.isfinite(values[gap]) & np.isfinite(values[reference])
    least: float | None = None
    if margin in known:
        margins = values[margin][closed & np.isfinite(values[margin])]
        least = float(margins.min()) / MICRON if margins.size else None
    if not counted.any():
        return NipGap(name, mode, None, None, None, least)
    error = values[gap][counted] - values[reference][counted]
    return NipGap(
        name,
        mode,
        mean_um=float(values[gap][counted].mean()) / MICRON,
        mean_error_um=float(error.mean()) / MICRON,
        p99_7_abs_error_um=float(np.percentile(np.abs(error), 99.7)) / MICRON,
        min_contact_margin_um=least,
    )


def making(run: RunFolder) -> NDArray[np.bool_]:
    """True at every recorded tick at which product was wound and more of it was made: while the line completes, product still
    reaches the winder, but the nips before it run empty.
    """
    state = signals.read(run, ["state"])["state"]
    return np.asarray(production(run) & (state == EXECUTE))


def production(run: RunFolder) -> NDArray[np.bool_]:
    """True at every recorded tick at which the winder was told to wind product."""
    names = [f"command/{place['name']}/product" for place in run.manifest["order"]["stations"]]
    known = {column.name for column in signals.columns(run)}
    found = [name for name in names if name in known]
    values = signals.read(run, ["time", *found])
    producing = np.zeros(values["time"].size, np.bool_)
    for name in found:
        producing |= values[name] > 0.5
    return producing
