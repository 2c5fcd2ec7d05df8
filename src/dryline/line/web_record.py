"""What a machine hands over of its web and its mass: rows of wound metres, and the accounts of every
component.

Both are plain values, so that whoever makes them (the twin, a real line) and whoever keeps them (the records)
need not know each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

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
    peel_strength: Floats | None = None
    """Peel strength of the coating on its foil [N/m]. This and all below: (n,) or (n, L), None where not given."""
    resistivity: Floats | None = None
    """Electronic resistivity of the coating [ohm m]."""
    tortuosity: Floats | None = None
    """Tortuosity of the pores [1]."""
    strength_cd: Floats | None = None
    """Tensile strength of the coating in cross direction [Pa]; `strength` is that along the web."""
    foil_strain: Floats | None = None
    """Permanent strain of the foil along the web [1]."""
    moisture: Floats | None = None
    """Moisture of the coating [kg/kg]."""
    h2s: Floats | None = None
    """Hydrogen sulfide that the coating has given off so far [kg/kg]."""
    passes: Floats | None = None
    """Mean number of earlier passes of the material through the line [1]; 0 is virgin."""
    pinholes: Floats | None = None
    """Pinholes found [1/m]; (n, L): those of each lane."""
    edge_cracks: Floats | None = None
    """Cracks that begin at an edge [1/m]."""
    patch_mass_a: Floats | None = None
    """(n, P) true areal mass of coating by column of patches (`line.patches`), side A, mean over the row [kg/m2]."""
    patch_mass_b: Floats | None = None
    """(n, P) the same of side B [kg/m2]."""
    patch_variance_a: Floats | None = None
    """(n, P) variance of the patches of each column along the web within the row, side A [(kg/m2)2]."""
    patch_variance_b: Floats | None = None
    """(n, P) the same of side B [(kg/m2)2]."""
    patch_variance_both: Floats | None = None
    """(n, P) the same of both sides together [(kg/m2)2]."""
    row_variance_a: Floats | None = None
    """(n,) variance within the row of the mean over the kept width of a row of patches, side A [(kg/m2)2]."""
    row_variance_b: Floats | None = None
    """(n,) the same of side B [(kg/m2)2]."""
    row_variance_both: Floats | None = None
    """(n,) the same of both sides together [(kg/m2)2]."""


GIVEN_UNITS = {
    "peel_strength": "N/m",
    "resistivity": "ohm m",
    "tortuosity": "1",
    "strength_cd": "Pa",
    "foil_strain": "1",
    "moisture": "kg/kg",
    "h2s": "kg/kg",
    "passes": "1",
    "pinholes": "1/m",
    "edge_cracks": "1/m",
}
"""Columns of a batch that a machine may give or leave out, with their units."""
PATCH_UNITS = {
    "patch_mass_a": "kg/m2",
    "patch_mass_b": "kg/m2",
    "patch_variance_a": "kg2/m4",
    "patch_variance_b": "kg2/m4",
    "patch_variance_both": "kg2/m4",
}
"""Columns (n, P) of patches, with their units; given all or none."""
ROW_UNITS = {"row_variance_a": "kg2/m4", "row_variance_b": "kg2/m4", "row_variance_both": "kg2/m4"}
"""Columns (n,) of rows of patches over the whole kept width, with their units; given all or none."""


def joined(batches: Sequence[MetreBatch]) -> MetreBatch:
    """One batch with the rows of all, at least one. ValueError where a column is given by some of them only."""
    return MetreBatch(**{field.name: _joined(field.name, batches) for field in fields(MetreBatch)})


def _joined(name: str, batches: Sequence[MetreBatch]) -> Any:
    given = [values for batch in batches if (values := getattr(batch, name)) is not None]
    if len(given) not in (0, len(batches)):
        raise ValueError(f"{name} is given by {len(given)} of {len(batches)} batches; give it in all or in none")
    return np.concatenate(given) if given else None


def picked(batch: MetreBatch, rows: NDArray[Any]) -> MetreBatch:
    """The chosen rows (mask or indices) of a batch."""
    return MetreBatch(**{field.name: _picked(getattr(batch, field.name), rows) for field in fields(MetreBatch)})


def _picked(values: Any, rows: NDArray[Any]) -> Any:
    return None if values is None else values[rows]


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
