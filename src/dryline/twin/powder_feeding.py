"""One step of a screw feeder of the twin: screw, noise, bridge, refill, and the lot or the regrind that it delivers."""

from __future__ import annotations

import numpy as np

from dryline.kernel import exp, law, normal
from dryline.process.feeding import (
    SCALE_CLOCK,
    blocked_share,
    delivered,
    feed_factor,
    refill_step,
    screw_pulsation,
    screw_step,
    share_of_next_lot,
)
from dryline.twin import powder_parameters as par
from dryline.twin.powder_disturbances import draw_lot, refill_mismatch
from dryline.twin.powder_recycle import draw_regrind, refill_from_silo
from dryline.twin.powder_state import (
    BRIDGE_UNTIL,
    CONTENT,
    CONVEYING,
    DELIVERED,
    DEW_POINT,
    DRIFTED,
    EMPTY,
    FED,
    MISMATCH,
    NOISE,
    PHASE,
    PIECE,
    RECYCLE,
    REFILL_LEFT,
    REFILLED,
    REFILLING,
    REFILLS,
    SILO,
    SPEED,
    TREATMENT_HEAT,
    TREATMENT_POWER,
    WATER,
    WEIGHT,
    K,
)
from dryline.twin.powder_transport import add_powder, solids
from dryline.twin.state import Record


@law
def feed(p: Record, s: Record, lots: np.ndarray, i: int, command: float, tick_index: int, inlet: np.ndarray) -> None:
    """One step of feeder i; the powder at the screw outlet is put into `inlet`.

    The recycle feeder is refilled from the silo, and only when that holds a whole refill (interlock).
    """
    dt = p.tick
    f = p.feeder
    own = s.powder_feeder
    brought = p.component[i]
    command = min(max(command, 0.0), f[par.MAX_SPEED, i])
    own[SPEED, i], turned = screw_step(own[SPEED, i], command, f[par.SCREW_LAG, i], dt)
    pulse, own[PHASE, i] = screw_pulsation(own[PHASE, i], turned * f[par.FLIGHTS, i])
    runs, own[REFILL_LEFT, i], since = refill_step(own[REFILL_LEFT, i], dt)
    refill = (1.0 - f[par.REFILL_LEVEL, i]) * f[par.CAPACITY, i]
    supplied = refill * runs / f[par.REFILL_TIME, i]
    if brought == RECYCLE and supplied > 0.0:
        supplied = refill_from_silo(s, supplied)
    content = own[CONTENT, i] + supplied
    factor = feed_factor(content, f[par.K_MAX, i], f[par.K_MIN, i], f[par.DECAY_MASS, i])
    factor *= (1.0 - blocked_share(own[BRIDGE_UNTIL, i], tick_index * dt, dt)) * (1.0 + own[MISMATCH, i])
    factor *= max((1.0 + own[DRIFTED, i]) * (1.0 + own[NOISE, i] + f[par.PULSATION, i] * pulse), 0.0)
    mass, own[EMPTY, i] = delivered(content, factor * turned)
    own[CONTENT, i] = content - mass
    own[REFILLED, i] += supplied
    own[MISMATCH, i] *= exp(-since / f[par.WEIGH_WINDOW, i])
    if own[REFILL_LEFT, i] <= 0.0 and own[CONTENT, i] < f[par.REFILL_LEVEL, i] * f[par.CAPACITY, i]:
        silo = s.powder_regrind[SILO]
        if brought != RECYCLE or solids(silo) + silo[WATER] >= refill:
            own[REFILL_LEFT, i] = f[par.REFILL_TIME, i]
            s.powder_count[REFILLS, i] += 1
            own[MISMATCH, i] = refill_mismatch(p, i, s.powder_count[REFILLS, i])
    own[REFILLING, i] = 1.0 if own[REFILL_LEFT, i] > 0.0 else 0.0
    reading = int((tick_index + 1) * dt / SCALE_CLOCK + 0.5)
    own[WEIGHT, i] = own[CONTENT, i] + f[par.SCALE_NOISE, i] * normal(p.keys[par.SCALE_KEY, i], reading, 0)
    s.powder_power[i] = p.drive_power * own[SPEED, i] / f[par.MAX_SPEED, i]
    s.powder_power[CONVEYING] += p.conveying_work * mass / dt

    if brought == RECYCLE:
        own[CONTENT, i] = draw_regrind(s, mass, inlet)
        own[DELIVERED, i] += mass
        return
    for k in range(K):
        inlet[k] = 0.0
    before = f[par.LOT_START, i] + own[DELIVERED, i]
    fresh = share_of_next_lot(before, mass, (s.powder_count[PIECE, i] + 1) * f[par.PIECE_MASS, i])
    add_powder(inlet, brought, mass * (1.0 - fresh), lots[i], p.feed_temperature)
    if fresh > 0.0:
        s.powder_count[PIECE, i] = int((before + mass) / f[par.PIECE_MASS, i])
        draw_lot(p, lots, i, s.powder_count[PIECE, i], s.powder_air[DEW_POINT])
        add_powder(inlet, brought, mass * fresh, lots[i], p.feed_temperature)
    own[DELIVERED, i] += mass
    s.powder_account[FED, brought] += inlet[brought]
    s.powder_account[FED, WATER] += inlet[WATER]
    s.powder_power[TREATMENT_POWER] += f[par.TREATMENT_WORK, i] * mass / dt
    s.powder_power[TREATMENT_HEAT] += f[par.TREATMENT_HEAT, i] * mass / dt
