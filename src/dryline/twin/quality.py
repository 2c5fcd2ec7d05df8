"""What the wound web is worth to a cell maker: strength along and across, bond, resistivity, pores, defects, a row a metre."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dryline.kernel import from_python
from dryline.line.disturbances import Disturbances
from dryline.line.schema import Line
from dryline.line.setup import SetUp
from dryline.materials.recipe import Recipe
from dryline.process.defects import Pinholes, pinhole_rate
from dryline.process.lamination import ALUMINIUM, COPPER, Bond, foil_strain, peel_strength
from dryline.process.properties import (
    Cracking,
    Percolation,
    Pores,
    cracked_share,
    resistivity,
    tensile_strengths,
    tortuosity,
)
from dryline.process.web import film_strength
from dryline.twin.disturbances import Draw
from dryline.twin.state import ALIGNED, CRACKS, LOADED, PEAK, WARMTH, Array

CARBON, PTFE = 1, 2
"""Places of components."""
PASSES = 4
"""Place of the mean number of passes in `state.CARRIED`."""
ANISOTROPY = 0.5
"""Constant a of the strength along over that across the machine, (1 + a a_o)/(1 - a a_o) (assumed)."""
PRIMER_LENGTH = 5.0
"""Length of foil over which the weight of its primer is alike [m] (assumed)."""
HEAVY_FOIL = 5000.0
"""Density from which a foil is copper [kg/m3]."""
pinholes_per_area = from_python(pinhole_rate)


class WebQuality:
    """Properties and defects of wound metres of a line and recipe."""

    def __init__(self, line: Line, recipe: Recipe, setup: SetUp, d: Disturbances, seed: int) -> None:
        self.recipe, self.sides, self.kept = recipe, len(line.sides), line.web.kept_width
        self.contact = setup.nips[-1].contact_length
        foils = [foil for foil in line.of_kind("foil_unwinder") if not foil.carrier]
        self.foil = None if not foils else COPPER if foils[0].density > HEAVY_FOIL else ALUMINIUM
        self.pores = Pores(alpha=recipe.tortuosity_exponent)
        self.carbon = self._conducting_carbon()
        self.primer, self.primer_luck = d.foil.primer, Draw(seed, "foil/primer", 1)
        self.pinhole_luck, self.crack_luck = Draw(seed, "web/pinholes", 1), Draw(seed, "web/edge cracks", 1)

    def _conducting_carbon(self) -> float | None:
        """True density [kg/m3] of the carbon that carries the current; None where another component does (graphite)."""
        recipe = self.recipe
        for component in recipe.components:
            share = component.mass_fraction * recipe.true_density / component.material.true_density
            if component.name == "carbon" and share * (1.0 - recipe.porosity) > Percolation().threshold:
                return component.material.true_density
        return None

    def columns(
        self, rows: Array, start: Array, porosity: Array, areal_mass: Array, film: Array, speed: Array
    ) -> dict[str, Array]:
        """Columns of a `MetreBatch` for finished metres.

        rows: `state.METRE` (n); start of each on the web [m]; porosity, areal mass of the coating [kg/m2] and its thickness
        [m] by kept lane (n, L); web speed [m/s] (n).
        """
        kg = rows["fibril"][:, 2]
        per_kg = 1.0 / np.where(kg > 0.0, kg, 1.0)
        state, carried = rows["film"] * per_kg[:, None], rows["carried"] * per_kg[:, None]
        unfibrillated, fibril = rows["fibril"][:, 0] * per_kg, rows["fibril"][:, 1] * per_kg
        dense, coated = 1.0 - porosity, areal_mass > 0.0
        s = self.recipe.strength
        isotropic = film_strength(fibril[:, None], dense, self.recipe.ptfe_volume, s.k_t, s.n, s.l, s.sigma_0)
        along, across = tensile_strengths(isotropic, ANISOTROPY, state[:, ALIGNED, None])
        share = rows["share"] * per_kg[:, None]
        found = {
            "strength": np.where(coated, along, 0.0),
            "strength_cd": np.where(coated, across, 0.0),
            "tortuosity": np.where(coated, tortuosity(np.maximum(porosity, 1e-3), self.pores), 0.0),
            "passes": carried[:, PASSES],
            "moisture": share[:, -1],
            "pinholes": self._pinholes(start, rows["length"], areal_mass, film, share[:, PTFE], unfibrillated),
            "edge_cracks": _poisson(self.crack_luck, start, 2.0 * state[:, CRACKS] * rows["length"]),
        }
        if self.carbon is not None:
            volume = share[:, CARBON, None] * self.recipe.true_density / self.carbon * dense
            cracked = cracked_share(state[:, PEAK], Cracking())
            value = resistivity(volume, state[:, LOADED, None], cracked[:, None], Percolation())
            found["resistivity"] = np.where(coated & np.isfinite(value), value, 0.0)
        if self.foil is not None:
            strain: Any = self.foil
            found["foil_strain"] = np.array([foil_strain(float(peak), *strain) for peak in state[:, PEAK]])
            found["peel_strength"] = self._peel(start, state, speed)
        return found

    def _peel(self, start: Array, state: Array, speed: Array) -> Array:
        """Peel strength [N/m]: bond of the last nip, with the weight of the primer under each metre."""
        dwell = self.contact / np.maximum(speed, 1e-3)
        primer = [1.0 + self.primer * self.primer_luck.normal(math.floor(x / PRIMER_LENGTH))[0] for x in start]
        return np.array(
            [
                peel_strength(float(film[LOADED]), float(film[WARMTH]), float(time), Bond(primer=max(weight, 0.1)))
                for film, weight, time in zip(state, primer, dwell, strict=True)
            ]
        )

    def _pinholes(
        self, start: Array, length: Array, areal_mass: Array, film: Array, ptfe: Array, unfibrillated: Array
    ) -> Array:
        """Pinholes drawn for each metre, both sides."""
        mass, thick = areal_mass.mean(axis=1) / self.sides, film.mean(axis=1) / self.sides
        expected = [
            self.sides * self.kept * metre * pinholes_per_area(m, x, f, max(h, 1e-9), *Pinholes()) if m > 0.0 else 0.0
            for metre, m, x, f, h in zip(length, mass, ptfe, unfibrillated, thick, strict=True)
        ]
        return _poisson(self.pinhole_luck, start, np.array(expected))


def _poisson(luck: Draw, start: Array, expected: Array) -> Array:
    """Number of rare events a metre, each metre with its own keyed number, by the inverse of the Poisson distribution."""
    counts = np.zeros(expected.size)
    for n, (x, mean) in enumerate(zip(start, expected, strict=True)):
        left, p, k = float(luck.uniform(round(float(x)))[0]), math.exp(-mean), 0
        while left > p and k < 1000:
            left -= p
            k += 1
            p *= mean / k
        counts[n] = k
    return counts
