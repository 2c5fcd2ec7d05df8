"""Figures of one arm of the ablation: areal mass on its footprint, loaded gaps, run-out and limits, from what a run has seen.

All web that was wound while the line produced counts, product and scrap alike, so that a bad control cannot hide what it
has thrown away; web without coating (film that went back to the powder) is left out and counted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt, sosfilt_zi

from dryline.line.tags import TICK
from dryline.line.web_record import MetreBatch, joined, picked
from dryline.records.footprint import FIGURES, on_footprint, patch_spreads
from dryline.records.order import Order
from dryline.records.product import targets
from dryline.records.rollmap import RollMapTable, good_metres

Floats = NDArray[np.float64]

LOW_PASS = 0.02
"""Errors of a loaded gap are judged below this frequency [Hz]."""
GAUGED, UNGAUGED, TILTED = 1e-6, 3e-6, 1.5e-6
"""Error that counts as held [m]: in nips with a thickness gauge, in the others, and of the tilt over the film."""
BARE = 0.5
"""Web with less than this share of its coating has none."""
FAR_OFF = 0.1
"""An areal mass further off than this [1] over a long way is unstable."""
TURNS = (1, 2)
"""Harmonics of the rolls that are looked for."""
SHORTEST = 100
"""Fewer ticks of production than this say nothing of a gap."""


def areal_figures(order: Order, batches: Sequence[MetreBatch]) -> dict[str, Any]:
    """Areal mass on its footprint by side ("both", "a", "b") in per cent, and metres by what became of them.

    Raises ValueError where no web with coating was wound.
    """
    if not batches:
        raise ValueError("no web was wound in the time that counts")
    web = joined(batches)
    widths = np.asarray(order.lane_widths)
    mass = (web.areal_mass_a + web.areal_mass_b) @ (widths / widths.sum())
    off = np.abs(mass / order.areal_mass - 1.0)
    coated = mass > BARE * order.areal_mass
    counted = picked(web, coated)
    rows = RollMapTable(replace(counted, product=np.ones(counted.length.size, np.bool_)), np.ones(counted.length.size, np.bool_))
    spreads = patch_spreads(order, rows)
    if not spreads:
        raise ValueError("no coated web was wound in the time that counts")
    goals = targets(order)
    sides = {FIGURES[name]: asdict(on_footprint(found, goals[name][1])) for name, found in spreads.items()}
    for figures in sides.values():
        del figures["target"], figures["mean"]
    return {
        **sides,
        "wound_m": float(web.length.sum()),
        "bare_m": float(web.length[~coated].sum()),
        "product_m": float(web.length[web.product].sum()),
        "good_m": float(web.length[good_metres(web, order)].sum()),
        "longest_far_off_m": longest(off > FAR_OFF, web.length),
    }


def longest(wrong: NDArray[np.bool_], lengths: Floats) -> float:
    """Longest way [m] over which every row is wrong."""
    most = way = 0.0
    for bad, length in zip(wrong.tolist(), lengths.tolist(), strict=True):
        way = way + length if bad else 0.0
        most = max(most, way)
    return most


def gap_figures(error: Floats, tilt: Floats, margin: Floats, counted: NDArray[np.bool_], angles: Floats) -> dict[str, Any]:
    """Loaded gap of a nip.

    error : (n,) true loaded gap less its reference, a tick each [m]; tilt : (n,) over the kept film [m]; margin : (n,) contact
    margin [m], not a number while the nip is open; counted : (n,) ticks of production; angles : (n, 2) of both rolls [rad].
    """
    slow = low_passed(error, counted)
    if slow.size < SHORTEST:
        raise ValueError("the line made no product for long enough to judge its gaps")
    sizes, leaning = np.abs(slow), np.abs(tilt[counted])
    first, second = run_out(error[counted], angles[counted])
    known = margin[np.isfinite(margin)]
    return {
        "mean_error_um": 1e6 * float(slow.mean()),
        "p99_7_error_um": 1e6 * float(np.percentile(sizes, 99.7)),
        "within_1_um": float((sizes <= GAUGED).mean()),
        "within_3_um": float((sizes <= UNGAUGED).mean()),
        "tilt_within": float((leaning <= TILTED).mean()),
        "p99_7_tilt_um": 1e6 * float(np.percentile(leaning, 99.7)),
        "contact_margin_um": 1e6 * float(known.min()) if known.size else None,
        "run_out_1x_um": 1e6 * first,
        "run_out_2x_um": 1e6 * second,
    }


def low_passed(error: Floats, counted: NDArray[np.bool_]) -> Floats:
    """Error below `LOW_PASS` over the counted ticks: a causal Butterworth filter of second order over each stretch of them,
    at rest on the mean of its first time constant.
    """
    sections = butter(2, LOW_PASS, fs=1.0 / TICK, output="sos")
    rest = sosfilt_zi(sections)
    begin = round(1.0 / (2.0 * math.pi * LOW_PASS * TICK))
    edges = np.flatnonzero(np.diff(np.concatenate(([False], counted, [False]))))
    parts = [sosfilt(sections, error[a:b], zi=rest * error[a : min(a + begin, b)].mean())[0] for a, b in edges.reshape(-1, 2)]
    return np.concatenate(parts) if parts else np.zeros(0)


def run_out(error: Floats, angles: Floats) -> tuple[float, float]:
    """Effective value [m] of what turns with the rolls once and twice a turn, by least squares on their angles (n, 2) [rad].

    Rolls of nearly equal diameter are told apart by their beat only, which may last longer than a run; so the sum of both is
    what counts, as it was over these ticks. What the mean over a tick takes off a harmonic is put back.
    """
    steps = np.abs(np.diff(np.unwrap(angles, axis=0), axis=0)).mean(axis=0)
    columns = [np.ones((error.size, 1))]
    for turns in TURNS:
        shares = np.sinc(turns * steps / (2.0 * math.pi))
        columns += [np.cos(turns * angles) * shares, np.sin(turns * angles) * shares]
    fitted = np.split(np.linalg.lstsq(np.hstack(columns), error, rcond=None)[0][1:], 2 * len(TURNS))
    found = []
    for k, turns in enumerate(TURNS):
        course = np.cos(turns * angles) @ fitted[2 * k] + np.sin(turns * angles) @ fitted[2 * k + 1]
        found.append(math.sqrt(float(np.mean(course**2))))
    return found[0], found[1]
