"""How well each nip held its loaded gap while product was made, and how near its rolls came to touching.

The error of a gap is the true loaded gap, mean over the width, less its reference, low-passed at 0.02 Hz so that a step of the
reference is not held against the nip, and less what the nip has been lifted by for a splice, which it has to follow at once. A
nip in front of a thickness gauge is allowed 1 um and a tilt over the film of 1.5 um, any other 3 um of both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dryline.records import signals
from dryline.records.energy import STATE_NAMES
from dryline.records.run_folder import RunFolder

Floats = NDArray[np.float64]

MICRON = 1e-6
CORNER = 0.02
"""Corner of the filter on the reference [Hz]."""
GAUGED, OTHER = (1.0, 1.5), (3.0, 3.0)
"""Allowed error and tilt [um] of a nip in front of a thickness gauge, and of any other."""

EXECUTE = STATE_NAMES.index("Execute")


@dataclass(frozen=True)
class NipGap:
    """Loaded gap of one nip against its reference, its tilt over the film and its spread over the lanes; None without a true
    gap or production on record. Shares are of the time of production within what is allowed.
    """

    name: str
    mode: str
    mean_um: float | None
    mean_error_um: float | None
    p99_7_abs_error_um: float | None
    min_contact_margin_um: float | None
    allowed_um: float
    within_pct: float | None = None
    tilt_allowed_um: float = 0.0
    mean_tilt_um: float | None = None
    p99_7_abs_tilt_um: float | None = None
    tilt_within_pct: float | None = None
    mean_spread_um: float | None = None


def nip_gaps(run: RunFolder, set_up: dict[str, Any]) -> list[NipGap]:
    """Gaps of every nip of the set-up of a recorded run, in processing order."""
    producing, nips = making(run), set_up.get("nips", [])
    last = {nip["side"]: str(nip["name"]) for nip in nips}
    gauged = {*last.values()} - ({last["AB"]} if "AB" in last else set()) | ({str(nips[-1]["name"])} if nips else set())
    found = []
    for nip in nips:
        name = str(nip["name"])
        found.append(nip_gap(run, name, str(nip["mode"]), producing, GAUGED if name in gauged else OTHER))
    return found


def nip_gap(
    run: RunFolder, name: str, mode: str, producing: NDArray[np.bool_], allowed: tuple[float, float] = OTHER
) -> NipGap:
    """Gap of one nip: error over the ticks of production, contact margin over all with the nip closed; allowed: error and
    tilt [um].
    """
    gap, reference, margin, tilt, spread = (
        f"truth/{name}/{what}" for what in ("loaded_gap", "gap_reference", "contact_margin", "tilt", "gap_spread")
    )
    opened, lift = f"command/{name}/open", f"command/{name}/lift"
    most, most_tilt = allowed
    known = {column.name for column in signals.columns(run)}
    if not {gap, reference} <= known:
        return NipGap(name, mode, None, None, None, None, most, tilt_allowed_um=most_tilt)
    values = signals.read(run, [one for one in ("time", gap, reference, margin, tilt, spread, opened, lift) if one in known])
    closed = values[opened] < 0.5 if opened in known else np.ones(producing.size, np.bool_)
    counted = producing & closed & np.isfinite(values[gap]) & np.isfinite(values[reference])
    least: float | None = None
    if margin in known:
        margins = values[margin][closed & np.isfinite(values[margin])]
        least = float(margins.min()) / MICRON if margins.size else None
    if not counted.any():
        return NipGap(name, mode, None, None, None, least, most, tilt_allowed_um=most_tilt)
    lifted = values[lift] if lift in known else np.zeros(producing.size)
    error = (values[gap] - followed(values[reference], lifted, values["time"]))[counted] / MICRON
    found = NipGap(
        name,
        mode,
        mean_um=float(values[gap][counted].mean()) / MICRON,
        mean_error_um=float(error.mean()),
        p99_7_abs_error_um=float(np.percentile(np.abs(error), 99.7)),
        min_contact_margin_um=least,
        allowed_um=most,
        within_pct=100.0 * float((np.abs(error) <= most).mean()),
        tilt_allowed_um=most_tilt,
    )
    if tilt not in known or not np.isfinite(tilts := values[tilt][counted] / MICRON).all():
        return found
    return replace(
        found,
        mean_tilt_um=float(tilts.mean()),
        p99_7_abs_tilt_um=float(np.percentile(np.abs(tilts), 99.7)),
        tilt_within_pct=100.0 * float((np.abs(tilts) <= most_tilt).mean()),
        mean_spread_um=float(values[spread][counted].mean()) / MICRON if spread in known else None,
    )


def followed(reference: Floats, lifted: Floats, time: Floats) -> Floats:
    """What a nip has to follow [m]: its reference, low-passed but for what it is lifted by (n,) [m] for a splice."""
    return low_passed(reference - lifted, time) + lifted


def low_passed(values: Floats, time: Floats) -> Floats:
    """Values (n,) behind a first-order low-pass of `CORNER`; time (n,) [s] in even steps. It starts at the first value."""
    from scipy.signal import lfilter

    if values.size < 2 or not np.isfinite(values).all():
        return values
    share = 1.0 - math.exp(-2.0 * math.pi * CORNER * float(np.median(np.diff(time))))
    filtered, _ = lfilter([share], [1.0, share - 1.0], values, zi=[values[0] * (1.0 - share)])
    return np.asarray(filtered)


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
