"""Returned film on its way back: granulator, regrind silo and the hopper of the recycle feeder, rows of `CARGO`.

What the web returns is counted, loses dust, gets one pass older and is ground; then it is held in the granulator (a
stirred hold-up with its lag) and in the silo (well mixed), from which the recycle feeder refills its hopper. Assumed:
the granulator makes granules of the recipe's size, density, friction and compressibility again, so deviations of the
lot end here; the yield pressure belongs to the particles and stays, like the rate of the PTFE lot; regrind cools to the
hall's temperature; what does not fit into the silo is scrap.
"""

from __future__ import annotations

import numpy as np

from dryline.kernel import law
from dryline.process.fibrillation import fibril_step, temperature_function
from dryline.process.hopper import carried_mean
from dryline.process.recycling import lagged, shared_supply
from dryline.twin.powder_state import (
    ACTIVE,
    EXPOSURE,
    FIBRIL,
    GRANULATOR,
    GRANULATOR_POWER,
    HEAT,
    HOPPER,
    LOST,
    LOT_COMPRESSIBILITY,
    LOT_D50,
    LOT_DENSITY,
    LOT_FRICTION,
    LOT_YIELD,
    MOST_PASSES,
    PASSED,
    PASSES,
    PTFE,
    RATE,
    RETURNED,
    SILO,
    SILO_LEVEL,
    UNFIBRILLATED,
    WATER,
    C,
    K,
)
from dryline.twin.powder_transport import add_work, solids
from dryline.twin.state import CARRIED, Record


@law
def return_film(
    out: np.ndarray, mass: float, share: np.ndarray, fibrils: np.ndarray, carried: np.ndarray, yield_factor: float, T: float,
    aged: int,
) -> None:  # fmt: skip
    """Add `mass` [kg] of film to a row of `CARGO`, from what a cell of the web carries.

    Parameters: share (C,) mass fractions; fibrils f_U, f_F, f_B; carried, the means CARRIED; yield_factor on the yield
    pressure; T [K]; aged, the component that is of sulfide.
    """
    for c in range(C):
        out[c] += mass * share[c]
    out[UNFIBRILLATED] += mass * share[PTFE] * fibrils[0]
    out[FIBRIL] += mass * share[PTFE] * fibrils[1]
    out[LOT_YIELD] += mass * share[ACTIVE] * (yield_factor - 1.0)
    out[HEAT] += mass * T
    dry = mass * (1.0 - share[WATER])
    for q in range(len(CARRIED) - 1):
        out[PASSED + q] += dry * carried[q]
    out[EXPOSURE] += mass * share[aged] * carried[len(CARRIED) - 1]


@law
def grind(p: Record, row: np.ndarray) -> None:
    """What the granulator makes of a row: one pass older, ground, deviations of the granules gone, hall temperature."""
    dry = solids(row)
    for q in range(MOST_PASSES - 1, 0, -1):
        row[PASSED + q] = row[PASSED + q - 1]
    row[PASSED] = dry
    row[PASSES] += dry
    k_1 = p.grinding_k_1 * temperature_function(p.feed_temperature, p.b_T)
    k_1 *= max(1.0 + carried_mean(row[RATE], row[PTFE], 0.0), 0.0)
    row[UNFIBRILLATED], row[FIBRIL] = fibril_step(row[UNFIBRILLATED], row[FIBRIL], k_1, p.grinding_k_2, p.grinding_work)
    add_work(row, dry, p.grinding_work)
    row[LOT_DENSITY] = row[LOT_D50] = row[LOT_FRICTION] = row[LOT_COMPRESSIBILITY] = 0.0
    row[HEAT] = (dry + row[WATER]) * p.feed_temperature


@law
def take_back(p: Record, s: Record, returned: np.ndarray, row: np.ndarray) -> None:
    """One step of granulator and silo; `row` is room for what moves. Without a granulator all that returns is scrap."""
    for c in range(C):
        s.powder_account[RETURNED, c] += returned[c]
    dust = p.dust if p.recycling > 0 else 1.0
    for c in range(C):
        s.powder_account[LOST, c] += dust * returned[c]
    if p.recycling == 0:
        return
    regrind = s.powder_regrind
    for k in range(K):
        row[k] = (1.0 - dust) * returned[k]
    grind(p, row)
    ground = solids(row)
    through, emptied = lagged(p.tick / p.granulator_lag)
    for k in range(K):
        leaving = through * row[k] + emptied * regrind[GRANULATOR, k]
        regrind[GRANULATOR, k] += row[k] - leaving
        regrind[SILO, k] += leaving
    held = solids(regrind[SILO]) + regrind[SILO, WATER]
    over = max(held - p.silo_capacity, 0.0) / max(held, 1e-300)
    for c in range(C):
        s.powder_account[LOST, c] += over * regrind[SILO, c]
    for k in range(K):
        regrind[SILO, k] -= over * regrind[SILO, k]
    s.powder_reading[SILO_LEVEL] = held * (1.0 - over) / p.silo_capacity
    s.powder_power[GRANULATOR_POWER] = p.granulator_idle + p.grinding_work * ground / p.tick


@law
def refill_from_silo(s: Record, wanted: float) -> float:
    """Move up to `wanted` [kg] from the silo into the hopper of the recycle feeder; what was moved [kg]."""
    regrind = s.powder_regrind
    held = solids(regrind[SILO]) + regrind[SILO, WATER]
    share = shared_supply(wanted, held)
    for k in range(K):
        moved = share * regrind[SILO, k]
        regrind[SILO, k] -= moved
        regrind[HOPPER, k] += moved
    return share * held


@law
def draw_regrind(s: Record, mass: float, out: np.ndarray) -> float:
    """Put `mass` [kg] of the recycle feeder's hopper into `out`; what is left in it [kg]."""
    hopper = s.powder_regrind[HOPPER]
    held = solids(hopper) + hopper[WATER]
    share = shared_supply(mass, held)
    for k in range(K):
        out[k] = share * hopper[k]
        hopper[k] -= out[k]
    return (1.0 - share) * held
