"""What a comparison is about: the cases, boundaries and vintages, the saving under each, and how sure it is.

A saving is one less dry over wet, of energy or of money per energy of good cells. It is never given without its boundary and
its wet reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dryline.studies.planning.electrode_line import Number

Kind = Literal["energy", "cost"]
CASES = {"cathode_only": "dry cathode, wet anode on both sides", "both": "both electrodes dry"}
"""Which electrodes are dry, and how one says it."""
ENERGY_BOUNDARIES = {
    "electrode_line": "the cathode's line: mixing to calender or dry film, with its hall",
    "electrode_production": "the lines of both electrodes",
    "cell_factory": "both electrodes, slitting, drying, assembly, dry room, formation, handling",
}
COST_BOUNDARIES = {
    "conversion": "labour, equipment, floor, maintenance and energy of the lines of both electrodes",
    "without_active_material": "the above with foil, binder, carbon and solvent make-up",
    "with_active_material": "the above with active material",
    "cell": "the whole cell: both electrodes, separator, electrolyte, assembly, formation",
}
ENERGY_CLAIM, COST_CLAIM = 0.35, 0.20
"""Savings that the class of machine claims: more than 35 % energy, about 20 % cost; no boundary is published with them."""
ABOUT = 0.05
""""About" a share is taken to be within so much of it (assumed)."""
CAPACITY_CLAIM = (5.0, 8.0)
"""GWh a year on one line."""


class Key(NamedTuple):
    """What a figure is of."""

    case: str
    kind: Kind
    boundary: str
    vintage: str


class Pair(NamedTuple):
    """Energy [J/J] or money [per J] per energy of good cells, of the dry and of the wet way."""

    dry: Number
    wet: Number

    @property
    def saving(self) -> Number:
        """Share that the dry way saves [1]."""
        return 1.0 - self.dry / self.wet


Figures = Mapping[Key, Pair]
"""Figures of a comparison by what they are of."""


class Spread(NamedTuple):
    """5 %, 50 % and 95 % points of a figure."""

    p5: float
    p50: float
    p95: float


def spread(values: Number) -> Spread:
    """Percentiles of a sample; of a single figure that figure."""
    low, middle, high = np.percentile(np.atleast_1d(np.asarray(values, dtype=float)), (5.0, 50.0, 95.0)).tolist()
    return Spread(low, middle, high)


def share_of(condition: NDArray[np.bool_] | bool) -> float:
    """Share of the samples in which a condition holds: its probability under the priors."""
    return float(np.mean(np.atleast_1d(condition)))


@dataclass(frozen=True)
class Saving:
    """A saving with its band: dry and wet figure at the centre, saving at the centre, its percentiles, the probability of the
    claim (more than 35 % energy; at least 20 % cost), and of a cost saving within 5 points of 20 %, None of energy.
    """

    dry: Spread
    wet: Spread
    saving: float
    band: Spread
    probability: float
    about: float | None


def judged(kind: Kind, centre: Pair, sampled: Pair) -> Saving:
    """Draw up a saving from the figures at the central inputs and over the samples."""
    values = np.atleast_1d(np.asarray(sampled.saving, dtype=float))
    claim = values > ENERGY_CLAIM if kind == "energy" else values >= COST_CLAIM
    about = None if kind == "energy" else share_of(np.abs(values - COST_CLAIM) <= ABOUT)
    return Saving(spread(sampled.dry), spread(sampled.wet), float(np.mean(centre.saving)), spread(values), share_of(claim), about)
