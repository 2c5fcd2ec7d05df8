"""The order of a run: what was to be made, on which line, and by what it is judged. It goes into the
manifest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dryline.line.patches import patches_of
from dryline.materials.recipe import COMPONENTS

if TYPE_CHECKING:
    from dryline.line.schema import Line
    from dryline.line.setup import SetUp
    from dryline.materials.recipe import Recipe

Floats = NDArray[np.float64]

COATING_DENSITY_TOLERANCE = 30.0
"""Tolerance of the coating's density [kg/m3], 3 sigma in both directions; it sets that of porosity.
Estimate: 0.03 g/cm3 as a usual electrode specification."""

WATER = "water"


@dataclass(frozen=True)
class Place:
    """A station of the line as the report draws it: its name, kind and side ("A", "B", "AB" or "")."""

    name: str
    kind: str
    side: str


@dataclass(frozen=True)
class Order:
    """Targets, tolerances, lanes and the figures of the recipe that the records need. SI units."""

    line: str
    recipe: str
    chemistry: str
    speed: float
    components: tuple[str, ...]
    areal_mass: float
    side_areal_mass: float
    thickness: float
    porosity: float
    areal_tolerance: float
    thickness_tolerance: float
    porosity_tolerance: float
    kept_width: float
    lane_centres: tuple[float, ...]
    lane_widths: tuple[float, ...]
    active_fraction: float
    active_capacity: float
    voltage: float
    stations: tuple[Place, ...]
    balance: float = 1.0
    """Areal capacity over that of the counter electrode (N/P of an anode)."""
    daughters: tuple[tuple[float, float], ...] = ()
    """Edges (low, high) [m] of the daughter rolls from the middle of the web; none where the web is not slit."""
    substrate: str = "foil"
    """What the film lies on: "foil", "carrier" or "" for a film that is wound as it is."""
    patch_length: float = 0.0
    """Length along the web of the patches on which areal mass is judged [m]; 0 where it is judged on none."""
    patch_edges: tuple[float, ...] = ()
    """Edges of the columns of patches from the middle of the web [m]."""

    @property
    def two_sided(self) -> bool:
        """Whether the web is coated on both sides."""
        return any(place.side == "B" for place in self.stations)

    @property
    def patch_widths(self) -> tuple[float, ...]:
        """Widths of the columns of patches [m]."""
        return tuple(high - low for low, high in pairwise(self.patch_edges))

    def as_json(self) -> dict[str, Any]:
        """The order as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Order:
        """The order read back from a manifest."""
        lists = {name: tuple(values[name]) for name in ("components", "lane_centres", "lane_widths")}
        stations = tuple(Place(**place) for place in values["stations"])
        daughters = tuple((float(low), float(high)) for low, high in values.get("daughters", ()))
        patches = tuple(values.get("patch_edges", ()))
        return cls(**{**values, **lists, "stations": stations, "daughters": daughters, "patch_edges": patches})


def kept_lanes(film_width: float, kept_width: float, lanes: int) -> tuple[Floats, Floats]:
    """Centres and widths [m] of the kept part of every lane that keeps any, centres from the middle of the
    web.

    The film of `film_width` [m] is cut into `lanes` equal lanes; the kept width [m] lies in its middle.
    """
    edges = np.linspace(-film_width / 2.0, film_width / 2.0, lanes + 1)
    low = np.maximum(edges[:-1], -kept_width / 2.0)
    high = np.minimum(edges[1:], kept_width / 2.0)
    kept = high - low > 1e-9 * film_width
    return ((low + high) / 2.0)[kept], (high - low)[kept]


def _substrate(line: Line) -> str:
    unwinders = line.of_kind("foil_unwinder")
    if not unwinders:
        return ""
    return "carrier" if unwinders[0].carrier else "foil"


def order_of(line: Line, recipe: Recipe, set_up: SetUp) -> Order:
    """What a run of `recipe` on `line` at the operating point `set_up` is to make."""
    centres, widths = kept_lanes(line.web.film_width, line.web.kept_width, line.web.lanes)
    patches = patches_of(line.web.kept_width, line.web.patch_length, line.web.patch_width)
    active = next(component for component in recipe.components if component.name == "active")
    return Order(
        line=line.name,
        recipe=recipe.name,
        chemistry=recipe.chemistry,
        speed=set_up.speed,
        components=(*COMPONENTS, WATER),
        areal_mass=set_up.areal_mass,
        side_areal_mass=set_up.side_areal_mass,
        thickness=set_up.thickness,
        porosity=set_up.porosity,
        areal_tolerance=recipe.areal_tolerance,
        thickness_tolerance=recipe.thickness_tolerance,
        porosity_tolerance=COATING_DENSITY_TOLERANCE / recipe.true_density,
        kept_width=line.web.kept_width,
        lane_centres=tuple(centres.tolist()),
        lane_widths=tuple(widths.tolist()),
        active_fraction=active.mass_fraction,
        active_capacity=active.material.capacity / 3600.0,
        voltage=recipe.voltage,
        stations=tuple(
            Place(station.name, station.kind, str(getattr(station, "side", "") or ""))
            for station in line.stations
        ),
        balance=recipe.balance,
        daughters=next((slitter.daughters(line.web.kept_width) for slitter in line.of_kind("slitter")), ()),
        substrate=_substrate(line),
        patch_length=patches.length,
        patch_edges=tuple(patches.edges.tolist()),
    )
