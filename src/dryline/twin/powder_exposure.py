"""Sulfide electrolyte on its way through the hold-ups: what the moisture of the hall does to it, and the H2S it gives off.

Every hold-up breathes the air of the hall but the machine of a jet mill, which has its own gas. In delays (chutes, plug) and
before the feeder (transfer, hopper) the exposure is added where the powder leaves them (assumed: air as it is then).
"""

from __future__ import annotations

import numpy as np

from dryline.kernel import law
from dryline.process.sulfide import air_step
from dryline.twin import powder_parameters as par
from dryline.twin.powder_state import CONTENT, EXPOSURE, H2S_SOURCE, HALL_H2S
from dryline.twin.state import Record


@law
def expose(p: Record, row: np.ndarray, action: float, time: float) -> float:
    """Expose the electrolyte of a row for a time [s]; its mass times action and time [kg s]."""
    done = row[p.aged] * action * time
    row[EXPOSURE] += p.ageing * done
    return done


@law
def time_before(p: Record, s: Record, i: int) -> float:
    """Time [s] that virgin powder of feeder i has spent in the air from its treatment to the end of its chute."""
    return p.transfer_time + s.powder_feeder[CONTENT, i] / max(p.feeder[par.FLOW, i], 1e-300) + p.feeder_delay[i]


@law
def expose_hold_ups(
    p: Record, s: Record, mixer: np.ndarray, machine: np.ndarray, action: float, inside: float, before: float
) -> None:
    """Expose what is held for a tick, in the machine with its own action `inside`, and give off the H2S of it.

    `before`: mass of electrolyte times action and time of what moved through delays in the tick [kg s].
    """
    done = before
    for j in range(mixer.shape[0]):
        done += expose(p, mixer[j], action, p.tick)
    for j in range(machine.shape[0]):
        done += expose(p, machine[j], inside, p.tick)
    for j in range(3):
        done += expose(p, s.powder_regrind[j], action, p.tick)
    done += expose(p, s.powder_surge, action, p.tick)
    s.powder_air[H2S_SOURCE] = p.h2s * done / p.tick
    s.powder_air[HALL_H2S] = air_step(s.powder_air[HALL_H2S], s.powder_air[H2S_SOURCE], p.air_change, p.tick)
