"""Random events of the powder side on their own clocks: seconds of a feeder, refills, lots and bags.

Each number is keyed by seed, source, the source's own time or lot index and its place (the column), so that neither the
step nor another station changes it. A number is some 130 machine instructions, so loops here run to an end that the
compiler does not know: it would write the numbers of all feeders and properties out one by one.
"""

from __future__ import annotations

import numpy as np

from dryline.kernel import law, normal, sqrt, uniforms
from dryline.process.fibrillation import equilibrium_moisture, vapour_pressure
from dryline.twin.powder_parameters import (
    AIR_KEYS,
    BAG_KEY,
    BAG_SHARE,
    BRIDGING,
    BRIDGING_KEY,
    DRIFT,
    DRIFT_KEY,
    DRY_KEEP,
    DRY_TO,
    LOT_KEY,
    MOISTURE,
    MOISTURE_KEY,
    PIECES_PER_LOT,
    REFILL_ERROR,
    REFILL_KEY,
    TRANSFERRED,
    WHITE,
    WHITE_KEY,
)
from dryline.twin.powder_state import BRIDGE_UNTIL, DEW_POINT, DRIFTED, JACKET, NOISE
from dryline.twin.state import Record


@law
def enter_second(p: Record, s: Record, feeders: int, second: int) -> None:
    """Draw what changes with each whole second: white noise, drift, bridges, jacket and dew point."""
    for i in range(feeders):
        s.powder_feeder[NOISE, i] = p.feeder[WHITE, i] * normal(p.keys[WHITE_KEY, i], second, 0)
        s.powder_feeder[DRIFTED, i] += p.feeder[DRIFT, i] * normal(p.keys[DRIFT_KEY, i], second, 0)
        if p.feeder[BRIDGING, i] > 0.0 and second >= s.powder_feeder[BRIDGE_UNTIL, i]:
            chance, length = uniforms(p.keys[BRIDGING_KEY, i], second, 0)
            if chance < p.feeder[BRIDGING, i]:
                s.powder_feeder[BRIDGE_UNTIL, i] = second + p.bridge_min + (p.bridge_max - p.bridge_min) * length
    for a in range(JACKET, DEW_POINT + 1):
        keep = p.air_keep[a]
        fresh = sqrt(1.0 - keep * keep)
        s.powder_air[a] = keep * s.powder_air[a] + p.air_sigma[a] * fresh * normal(p.keys[AIR_KEYS, a], second, 0)


@law
def refill_mismatch(p: Record, i: int, refill: int) -> float:
    """Feed-factor error of one refill: uniform within +-refill_error, keyed by the number of the refill."""
    chance, _ = uniforms(p.keys[REFILL_KEY, i], refill, 0)
    return p.feeder[REFILL_ERROR, i] * (2.0 * chance - 1.0)


@law
def draw_lot(p: Record, lots: np.ndarray, i: int, piece: int, warmer: float) -> None:
    """Moisture and property deviations of the bag or lot `piece` of feeder i, into row i of `lots`.

    sigma (n_lot + share n_bag), n standard normal numbers; a lot changes with a bag. Moisture, the mean as delivered times
    one plus its deviation and never negative, is what dryer and transfer leave of it, the dew point of the hall being
    `warmer` [K] than nominal.
    """
    lot = int(piece / p.feeder[PIECES_PER_LOT, i] + 1e-9)
    for q in range(lots.shape[1]):
        deviation = normal(p.keys[MOISTURE_KEY if q == 0 else LOT_KEY, i], lot, q)
        if q == 0:
            delivered = max(p.feeder[MOISTURE, i] + p.lot_sigma[i, q] * deviation, 0.0)
            dried = p.feeder[DRY_TO, i] + (delivered - p.feeder[DRY_TO, i]) * p.feeder[DRY_KEEP, i]
            hall = equilibrium_moisture(p.feed_temperature, vapour_pressure(p.dew_point + warmer))
            lots[i, q] = hall + (dried - hall) * p.feeder[TRANSFERRED, i] if p.feeder[TRANSFERRED, i] < 1.0 else dried
        else:
            deviation += p.feeder[BAG_SHARE, i] * normal(p.keys[BAG_KEY, i], piece, q)
            lots[i, q] = p.lot_sigma[i, q] * deviation
