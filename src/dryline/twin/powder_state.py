"""State of the powder side of the twin: named arrays, all views into the arena of a line.

Few arrays with named rows, because each array of a kernel's arguments costs 0.3 us a call.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from dryline.process.mixing import delay_slots

COMPONENTS = ("active", "carbon", "ptfe")
"""Order of the feeders and of their columns; water is the fourth component of every account."""

CARGO = (
    "active", "carbon", "ptfe", "water", "unfibrillated", "fibril",
    "ptfe_rate", "bulk_density", "d50", "yield_pressure", "wall_friction", "compressibility", "heat",
)  # fmt: skip
"""Columns of every hold-up: four masses [kg]; U and F of the PTFE [kg]; deviation of its rate x PTFE [kg]; deviations
of the lot x active [kg]; mass x temperature [kg K]."""

WATER, UNFIBRILLATED, FIBRIL, RATE, LOT_DENSITY, LOT_D50, LOT_YIELD, LOT_FRICTION, LOT_COMPRESSIBILITY, HEAT = range(3, 13)
C, K = 4, len(CARGO)

CONTENT, SPEED, PHASE, REFILL_LEFT, MISMATCH, NOISE, DRIFTED, BRIDGE_UNTIL, DELIVERED, REFILLED = range(10)
"""Rows of `powder_feeder`: hopper [kg], screw [rev/s], pulsation phase [flights], refill time left [s], feed-factor error
of the refill, of the 1-s noise and of the drift, end of a bridge [s], kg at the screw outlet and kg refilled so far."""

WEIGHT, REFILLING, EMPTY = range(10, 13)
"""Further rows of `powder_feeder`: weight reading [kg], flag of a refill, flag of a hopper that ran empty in the tick."""

REFILLS, PIECE, SECOND = range(3)
"""Rows of `powder_count`: refills started, bag or lot in use, whole seconds passed (column 0)."""

LOT_COLUMNS = ("moisture", "ptfe_rate", "bulk_density", "d50", "yield_pressure", "wall_friction", "compressibility")
"""Columns of `powder_lot`: moisture [kg/kg dry], then deviations (relative; wall friction in rad)."""

JACKET, DEW_POINT, CIRCUIT = range(3)
"""Entries of `powder_air`: deviation of jacket and dew point [K], temperature of the jacket circuit [K]."""

MACHINE_TEMPERATURE, JACKET_TEMPERATURE, LEVEL, STARVED = range(4)
"""Entries of `powder_reading`: product and jacket [K], surge level [1], flag: more was asked for than it held."""

BULK_DENSITY, D50, YIELD_PRESSURE, WALL_FRICTION, COMPRESSIBILITY, TEMPERATURE, HUMIDITY = range(7)
"""Entries of `powder_quality`: [kg/m3], [m], factor on the yield pressure, [rad], exponent, [K], [kg/kg dry]."""

FED, VAPOUR, TAKEN = range(3)
"""Rows of `powder_account` [kg]: at the screw outlets, to the air, out of the surge hopper."""

MIXER, SHAFT, JACKET_HEAT = range(3, 6)
"""Entries of `powder_power` [W] behind the three feeders; the last is the heat that the jacket removes."""


class PowderState(NamedTuple):
    """Arrays of the powder side; shapes in `powder_fields`, rows and entries in the constants above."""

    powder_feeder: np.ndarray
    powder_count: np.ndarray
    powder_lot: np.ndarray
    powder_air: np.ndarray
    powder_chute: np.ndarray
    powder_plug: np.ndarray
    powder_mixer: np.ndarray
    powder_fibrillator: np.ndarray
    powder_surge: np.ndarray
    powder_stream: np.ndarray
    powder_reading: np.ndarray
    powder_composition: np.ndarray
    powder_fibrils: np.ndarray
    powder_quality: np.ndarray
    powder_account: np.ndarray
    powder_power: np.ndarray


def powder_fields(line: Any, tick: float = 0.1) -> dict[str, tuple[tuple[int, ...], Any]]:
    """Shape and type of every array of the state of a line for a tick [s].

    Hold-ups have a row of CARGO a tank or delay slot: chutes (3, slots, K), plug (slots, K), mixer and fibrillator
    (tanks, K), surge hopper (K,). Composition (4,) and fibrils (3,) are fractions of what the surge hopper holds.
    """
    mixer, fibrillator = line.of_kind("mixer")[0], line.of_kind("fibrillator")[0]
    chute = max(delay_slots(feeder.dead_time, tick)[0] for feeder in line.feeders) + 2
    plug = delay_slots(mixer.plug_time, tick)[0] + 2
    shapes: dict[str, tuple[int, ...]] = {
        "powder_feeder": (13, 3),
        "powder_count": (3, 3),
        "powder_lot": (3, len(LOT_COLUMNS)),
        "powder_air": (3,),
        "powder_chute": (3, chute, K),
        "powder_plug": (plug, K),
        "powder_mixer": (mixer.tanks, K),
        "powder_fibrillator": (fibrillator.tanks, K),
        "powder_surge": (K,),
        "powder_stream": (3, K),
        "powder_reading": (4,),
        "powder_composition": (C,),
        "powder_fibrils": (3,),
        "powder_quality": (7,),
        "powder_account": (3, C),
        "powder_power": (6,),
    }
    return {name: (shape, np.int64 if name == "powder_count" else np.float64) for name, shape in shapes.items()}


def powder_stored(s: PowderState) -> np.ndarray:
    """Mass of each component behind the feeder outlets [kg] (4,): the sum over chutes, plug, mixer, machine and hopper."""
    held = s.powder_chute[..., :C].sum(axis=(0, 1)) + s.powder_plug[:, :C].sum(axis=0)
    held += s.powder_mixer[:, :C].sum(axis=0) + s.powder_fibrillator[:, :C].sum(axis=0) + s.powder_surge[:C]
    return np.asarray(held, dtype=np.float64)
