"""What a machine hands over of its web and its mass: rows of wound metres, and the accounts of every
component.

Both are plain values, so that whoever makes them (the twin, a real line) and whoever keeps them (the records)
need not know each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class MetreBatch:
    """Web wound since the last batch: n rows of about 1 m (the last one of a roll may be shorter), L kept
    lanes.

    Lanes count from the drive side to the operator side. Lane values are means over the row; an edge lane
    that is partly trimmed carries the kept share only. The mass arrays have one column a component, C in all,
    water last.
    """

    start: Floats
    """(n,) position of the row's start on the web since the start of the run [m]."""
    length: Floats
    """(n,) length of the row [m]."""
    time: Floats
    """(n,) time at which the row's end reached the winder [s]."""
    speed: Floats
    """(n,) winding speed [m/s]."""
    roll: NDArray[np.int32]
    """(n,) number of the wound roll, from 1."""
    product: NDArray[np.bool_]
    """(n,) True where the row was wound as product, False where as scrap."""
    state: NDArray[np.int16]
    """(n,) PackML state number at `time`, 0 where unknown (6 is Execute)."""
    areal_mass_a: Floats
    """(n, L) true areal mass of coating, side A [kg/m2]."""
    areal_mass_b: Floats
    """(n, L) true areal mass of coating, side B [kg/m2]."""
    thickness: Floats
    """(n, L) thickness of the electrode with its foil, relaxed for 24 h [m]."""
    porosity: Floats
    """(n, L) porosity of the coating, mean of the sides, relaxed for 24 h [1]."""
    strength: Floats
    """(n, L) tensile strength of the coating, mean of the sides [Pa]."""
    kept_kg: Floats
    """(n, C) mass of coating in the kept width [kg]."""
    trim_kg: Floats
    """(n, C) mass of coating in the trimmed edges [kg]."""


@dataclass(frozen=True)
class Accounts:
    """Mass of every component at one moment, each from its own source; C components, water last.

    `stored` holds everything between the feeder outlets and the winder, the web not yet handed over included.
    """

    fed: Floats
    """(C,) fed through the feeder outlets since the start [kg]."""
    vapour: Floats
    """(C,) left as vapour since the start [kg]."""
    stored: Floats
    """(C,) held in mixer, fibrillator, hoppers and web now [kg]."""
    lost: Floats
    """(C,) dust and scrap of what was recycled since the start [kg]."""
