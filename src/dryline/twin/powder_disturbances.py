"""Random events of the powder side on their own clocks: seconds of a feeder, refills, lots and bags.

Each number is keyed by seed, source, the source's own time or lot index and its place (the column), so that neither the
step nor another station changes it.
"""

from __future__ import annotations

from dryline.kernel import law, normal, sqrt, uniforms
from dryline.twin.powder_parameters import (
    AIR_KEYS,
    BAG_KEY,
    BAG_SHARE,
    BRIDGING,
    BRIDGING_KEY,
    DRIFT,
    DRIFT_KEY,
    LOT_KEY,
    MOISTURE_KEY,
    PIECES_PER_LOT,
    REFILL_ERROR,
    REFILL_KEY,
    WHITE,
    WHITE_KEY,
    PowderParameters,
)
from dryline.twin.powder_state import BRIDGE_UNTIL, DEW_POINT, DRIFTED, JACKET, NOISE, PowderState


@law
def enter_second(p: PowderParameters, s: PowderState, second: int) -> None:
    """Draw what changes with each whole second: white noise, drift, bridges, jacket and dew point."""
    for i in range(3):
        s.powder_feeder[NOISE, i] = p.feeder[WHITE, i] * normal(p.keys[WHITE_KEY, i], second, 0)
        s.powder_feeder[DRIFTED, i] += p.feeder[DRIFT, i] * normal(p.keys[DRIFT_KEY, i], second, 0)
        if p.feeder[BRIDGING, i] > 0.0 and second >= s.powder_feeder[BRIDGE_UNTIL, i]:
            chance, length = uniforms(p.keys[BRIDGING_KEY, i], second, 0)
            if chance < p.feeder[BRIDGING, i]:
                s.powder_feeder[BRIDGE_UNTIL, i] = second + p.bridge_min + (p.bridge_max - p.bridge_min) * length
    jacket, dew = normal(p.keys[AIR_KEYS, 0], second, 0), normal(p.keys[AIR_KEYS, 1], second, 0)
    fresh = sqrt(1.0 - p.jacket_keep * p.jacket_keep)
    s.powder_air[JACKET] = p.jacket_keep * s.powder_air[JACKET] + p.jacket_sigma * fresh * jacket
    fresh = sqrt(1.0 - p.dew_keep * p.dew_keep)
    s.powder_air[DEW_POINT] = p.dew_keep * s.powder_air[DEW_POINT] + p.dew_sigma * fresh * dew


@law
def refill_mismatch(p: PowderParameters, i: int, refill: int) -> float:
    """Feed-factor error of one refill: uniform within +-refill_error, keyed by the number of the refill."""
    chance, _ = uniforms(p.keys[REFILL_KEY, i], refill, 0)
    return p.feeder[REFILL_ERROR, i] * (2.0 * chance - 1.0)


@law
def draw_lot(p: PowderParameters, s: PowderState, i: int, piece: int) -> None:
    """Moisture and property deviations of the bag or lot `piece` of feeder i, into row i of `powder_lot`.

    sigma (n_lot + share n_bag), n standard normal numbers; a lot changes with a bag. Moisture, the recipe's mean times
    one plus its deviation, is never negative.
    """
    lot = int(piece / p.feeder[PIECES_PER_LOT, i] + 1e-9)
    wet = p.moisture + p.lot_sigma[i, 0] * normal(p.keys[MOISTURE_KEY, i], lot, 0)
    s.powder_lot[i, 0] = max(wet, 0.0)
    for q in range(1, 7):
        deviation = normal(p.keys[LOT_KEY, i], lot, q)
        deviation += p.feeder[BAG_SHARE, i] * normal(p.keys[BAG_KEY, i], piece, q)
        s.powder_lot[i, q] = p.lot_sigma[i, q] * deviation
