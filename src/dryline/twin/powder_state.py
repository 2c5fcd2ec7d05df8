"""State of the powder side of the twin: one record for what every line has alike, plain arrays for the hold-ups.

A law takes the record as one pointer, however many fields it has; a tuple of as many arrays would be unpacked, packed and
counted at every call, which costs seconds of compilation and 0.3 us an array and call. How many tanks and delay slots there
are is a matter of the line: these arrays stay outside the record, or each line would need kernels of its own.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from dryline.materials.recipe import COMPONENTS
from dryline.process.mixing import delay_slots
from dryline.twin.state import CARRIED, record

SOLIDS = len(COMPONENTS)
ACTIVE, PTFE, ELECTROLYTE = (COMPONENTS.index(name) for name in ("active", "ptfe", "electrolyte"))
"""Number of solid components; columns of those that are looked at."""

RECYCLE = SOLIDS
"""What the recycle feeder brings, in the place of a component."""

MOST_FEEDERS = SOLIDS + 1
"""Columns of everything that is kept by feeder: one for each that a line may have, the first ones in use."""

MOST_PASSES = 4
"""Passes that are told apart: mass that has been through the line at least 1, 2, 3 and 4 times before."""

CARGO = (
    *COMPONENTS, "water", "unfibrillated", "fibril",
    "ptfe_rate", "bulk_density", "d50", "yield_pressure", "wall_friction", "compressibility", "heat",
    *CARRIED,
)  # fmt: skip
"""Columns of every hold-up: masses of the solid components and of water [kg]; U and F of the PTFE [kg]; deviation
of its rate x PTFE [kg]; deviations of the lot x active [kg]; mass x temperature [kg K]; solids that have been
through the line at least 1 to 4 times [kg]; solids x passes [kg], x received shear work [J], x its square [J2/kg];
sulfide x what moisture did to it [kg]."""

(
    WATER, UNFIBRILLATED, FIBRIL, RATE, LOT_DENSITY, LOT_D50, LOT_YIELD, LOT_FRICTION, LOT_COMPRESSIBILITY, HEAT,
    PASSED, _, _, _, PASSES, WORK, WORK_SQUARE, EXPOSURE,
) = range(SOLIDS, len(CARGO))  # fmt: skip
C, K = SOLIDS + 1, len(CARGO)
"""Masses (solids and water) at the head of a row, and its length."""

CONTENT, SPEED, PHASE, REFILL_LEFT, MISMATCH, NOISE, DRIFTED, BRIDGE_UNTIL, DELIVERED, REFILLED = range(10)
"""Rows of `powder_feeder`: hopper [kg], screw [rev/s], pulsation phase [flights], refill time left [s], feed-factor error
of the refill, of the 1-s noise and of the drift, end of a bridge [s], kg at the screw outlet and kg refilled so far."""

WEIGHT, REFILLING, EMPTY = range(10, 13)
"""Further rows of `powder_feeder`: weight reading [kg], flag of a refill, flag of a hopper that ran empty in the tick."""

REFILLS, PIECE, SECOND = range(3)
"""Rows of `powder_count`: refills started, bag or lot in use, whole seconds passed (column 0)."""

LOT_COLUMNS = ("moisture", "ptfe_rate", "bulk_density", "d50", "yield_pressure", "wall_friction", "compressibility")
"""Columns of `powder_lot`: moisture [kg/kg dry], then deviations (relative; wall friction in rad)."""

JACKET, DEW_POINT, CIRCUIT, HALL_H2S, H2S_SOURCE = range(5)
"""Entries of `powder_air`: deviation of jacket and dew point [K], temperature of the jacket circuit [K]; hydrogen sulfide in
the hall [kg] and given off [kg/s]."""

MACHINE_TEMPERATURE, JACKET_TEMPERATURE, LEVEL, STARVED, SILO_LEVEL = range(5)
"""Entries of `powder_reading`: product and jacket [K], surge level [1], flag: more was asked for than it held; silo level."""

BULK_DENSITY, D50, YIELD_PRESSURE, WALL_FRICTION, COMPRESSIBILITY, TEMPERATURE, HUMIDITY = range(7)
"""Entries of `powder_quality`: [kg/m3], [m], factor on the yield pressure, [rad], exponent, [K], [kg/kg dry]."""

FED, VAPOUR, TAKEN, RETURNED, LOST = range(5)
"""Rows of `powder_account` [kg]: virgin powder at the screw outlets, to the air, out of the surge hopper, returned by the
web, and dust and scrap of what was returned."""

GRANULATOR, SILO, HOPPER = range(3)
"""Rows of `powder_regrind`: granulator, silo, hopper of the recycle feeder."""

(
    MIXER, SHAFT, ELECTRIC, JACKET_HEAT, GRANULATOR_POWER, TREATMENT_POWER, TREATMENT_HEAT, CONVEYING,
) = range(MOST_FEEDERS, MOST_FEEDERS + 8)  # fmt: skip
"""Entries of `powder_power` [W] behind those of the feeders: shear work and electric power of the fibrillators, heat that
their jackets remove, electric power and heat of the treatment, compressor of the conveying air."""


_f, _i = np.float64, np.int64

POWDER = record(  # rows and entries in the constants above
    ("powder_feeder", _f, (13, MOST_FEEDERS)),
    ("powder_count", _i, (3, MOST_FEEDERS)),
    ("powder_air", _f, (5,)),
    ("powder_surge", _f, (K,)),
    ("powder_regrind", _f, (3, K)),
    ("powder_stream", _f, (3, K)),  # what moves in a tick: into a hold-up, between, out of the machine
    ("powder_reading", _f, (5,)),
    ("powder_composition", _f, (C,)),  # mass fractions in the surge hopper
    ("powder_fibrils", _f, (3,)),  # f_U, f_F, f_B in the surge hopper
    ("powder_carried", _f, (len(CARRIED),)),  # means CARRIED in the surge hopper
    ("powder_quality", _f, (7,)),
    ("powder_account", _f, (5, C)),
    ("powder_power", _f, (CONVEYING + 1,)),
)


class PowderState(NamedTuple):
    """Arrays of the powder side; hold-ups have a row of CARGO a tank or delay slot. Python finds the record's fields by name."""

    powder: np.ndarray  # 1: POWDER
    powder_lot: np.ndarray  # feeder x LOT_COLUMNS
    powder_chute: np.ndarray  # feeder x slot x K
    powder_plug: np.ndarray  # slot x K
    powder_mixer: np.ndarray  # tank x K
    powder_fibrillator: np.ndarray  # tank x K

    def __getattr__(self, name: str) -> np.ndarray:
        """View of a field of the record."""
        if name not in (POWDER.names or ()):
            raise AttributeError(name)
        return self.powder[name][0]


def powder_fields(line: Any, tick: float = 0.1) -> dict[str, tuple[tuple[int, ...], Any]]:
    """Shape and type of every array of the state of a line for a tick [s]."""
    mixer, fibrillator = line.of_kind("mixer")[0], line.of_kind("fibrillator")[0]
    feeders = len(line.feeders)
    chute = max(delay_slots(feeder.dead_time, tick)[0] for feeder in line.feeders) + 2
    plug = delay_slots(mixer.plug_time, tick)[0] + 2
    return {
        "powder": ((1,), POWDER),
        "powder_lot": ((feeders, len(LOT_COLUMNS)), _f),
        "powder_chute": ((feeders, chute, K), _f),
        "powder_plug": ((plug, K), _f),
        "powder_mixer": ((mixer.tanks, K), _f),
        "powder_fibrillator": ((fibrillator.tanks, K), _f),
    }


def powder_stored(s: PowderState) -> np.ndarray:
    """Mass of each component behind the feeder outlets [kg] (C,): all hold-ups from chute to surge hopper, and the regrind."""
    held = s.powder_chute[..., :C].sum(axis=(0, 1)) + s.powder_plug[:, :C].sum(axis=0)
    held += s.powder_mixer[:, :C].sum(axis=0) + s.powder_fibrillator[:, :C].sum(axis=0) + s.powder_surge[:C]
    held += s.powder_regrind[:, :C].sum(axis=0)
    return np.asarray(held, dtype=np.float64)
