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

from dryline.line.tags import TICK
from dryline.line.web_record import MetreBatch, joined, picked
from dryline.records.footprint import FIGURES, on_footprint, patch_spreads
from dryline.records.gap import followed
from dryline.records.order import Order
from dryline.records.product import targets
from dryline.records.rollmap import RollMapTable, good_metres

Floats = NDArray[np.float64]

GAUGED, OTHER = (1e-6, 1.5e-6), (3e-6, 3e-6)
"""Error of the gap and tilt over the film that count as held [m]: in nips with a thickness gauge, in the others."""
BARE = 0.5
"""Web with less than this share of its coating has none."""
FAR_OFF = 0.1
"""An areal mass further off than this [1] over a long way is unstable."""
TURNS = (1, 2)
"""Harmonics of the rolls that are looked for."""
BESIDE = 0.15
"""So many harmonics above and below one stands what would be there without it."""
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


def gap_figures(
    gap: Floats, reference: Floats, lifted: Floats, tilt: Floats, margin: Floats, counted: NDArray[np.bool_], angles: Floats
) -> dict[str, Any]:
    """Loaded gap of a nip, a value a tick: true gap, width mean, and its reference [m], which is low-passed as in the records but
    for what it is lifted by for a splice [m]; tilt over the film [m]; contact margin [m], not a number while the nip is open;
    ticks of production that are counted; angles (n, 2) of both rolls [rad].
    """
    if counted.sum() < SHORTEST:
        raise ValueError("the line made no product for long enough to judge its gaps")
    time: Floats = TICK * np.arange(gap.size, dtype=np.float64)
    error = (gap - followed(reference, lifted, time))[counted]
    sizes, leaning = np.abs(error), np.abs(tilt[counted])
    first, second = run_out(error, angles[counted])
    known = margin[np.isfinite(margin)]
    return {
        "mean_error_um": 1e6 * float(error.mean()),
        "p99_7_error_um": 1e6 * float(np.percentile(sizes, 99.7)),
        "within_1_um": float((sizes <= GAUGED[0]).mean()),
        "within_3_um": float((sizes <= OTHER[0]).mean()),
        "p99_7_tilt_um": 1e6 * float(np.percentile(leaning, 99.7)),
        "tilt_within_1_5_um": float((leaning <= GAUGED[1]).mean()),
        "tilt_within_3_um": float((leaning <= OTHER[1]).mean()),
        "contact_margin_um": 1e6 * float(known.min()) if known.size else None,
        "run_out_1x_um": 1e6 * first,
        "run_out_2x_um": 1e6 * second,
    }


def run_out(error: Floats, angles: Floats) -> tuple[float, float]:
    """Effective value [m] of what turns with the rolls (n, 2) [rad] once and twice a turn, less what is found beside it.

    Rolls of nearly equal diameter are told apart by their beat only, which may last longer than a run; so the sum of both is
    what counts, as it was over these ticks. What the mean over a tick takes off a harmonic is put back.
    """
    turned, own = np.unwrap(angles, axis=0), error - error.mean()
    found = []
    for turns in TURNS:
        beside = 0.5 * (_power(own, (turns - BESIDE) * turned) + _power(own, (turns + BESIDE) * turned))
        found.append(math.sqrt(max(_power(own, turns * turned) - beside, 0.0)))
    return found[0], found[1]


def _power(error: Floats, phases: Floats) -> float:
    """Mean square [m2] of the best sum of a sine of each phase (n, 2) [rad]."""
    shares = np.sinc(np.abs(np.diff(phases, axis=0)).mean(axis=0) / (2.0 * math.pi))
    waves = np.hstack((np.cos(phases), np.sin(phases)))
    fitted = np.linalg.lstsq(waves * np.tile(shares, 2), error, rcond=None)[0]
    return float(np.mean((waves @ fitted) ** 2))
