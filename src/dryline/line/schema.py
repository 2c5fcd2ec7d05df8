"""The line as data: web, limits, hall and the stations in the order of the material."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Self

from pydantic import Field, model_validator

from dryline.line.control import Control
from dryline.line.nips import Nip
from dryline.line.patches import LENGTH, WIDTH, rows_in_a_metre
from dryline.line.powder_stations import RECYCLE_SHARE, Feeder
from dryline.line.quantities import Described, quantity
from dryline.line.stations import AnyStation
from dryline.line.topology import misplaced
from dryline.line.utilities import Utilities

ASSUMED = "assumed"
RESERVED = ("line", "hall", "utilities")
"""Where signals lie that belong to no station."""


class Web(Described):
    """Widths of film and electrode, lanes and material cells of the model."""

    film_width: float = quantity(1.0, "m", 0.05, 2.0, "up to 1000 mm published for this class of machine")
    kept_width: float = quantity(0.95, "m", 0.02, 2.0, ASSUMED)
    lanes: int = Field(default=200, ge=1, le=2000)
    cell: float = quantity(0.005, "m", 0.0005, 0.05, "contact length of a nip, derived")
    patch_length: float = quantity(LENGTH, "m", 0.001, 1.0, "footprint of the areal mass, required", "of areal mass, along")
    patch_width: float = quantity(WIDTH, "m", 0.001, 2.0, "footprint of the areal mass, required", "of areal mass, across")

    @model_validator(mode="after")
    def _fills_a_metre(self) -> Self:
        try:
            rows_in_a_metre(self.patch_length)
        except ValueError as error:
            raise ValueError(f"patch_length@{error}") from None
        return self


class MachineLimits(Described):
    """Limits that the set-up model keeps."""

    line_speed_max: float = quantity(80.0 / 60.0, "m/s", 0.01, 5.0, "80 m/min published for this class of machine")
    contact_margin_min: float = quantity(3e-6, "m", 0.0, 1e-3, ASSUMED)
    contact_allowance: float = quantity(
        5e-6, "m", 0.0, 1e-3, "beyond the least margin: zero of the gap 1 um, growth over time and width unseen 4 um, assumed"
    )
    span_tension_fraction_max: float = quantity(0.15, "1", 0.01, 1.0, "5-20 % of break, assumed")
    elongation_max_low: float = quantity(1.15, "1", 1.0, 3.0, "below 60 % fibrillated, assumed")
    elongation_max_high: float = quantity(1.3, "1", 1.0, 3.0, ASSUMED)
    bed_granules_min: float = quantity(3.0, "1", 1.0, 20.0, ASSUMED)
    peel_strength_min: float = quantity(8.0, "N/m", 0.0, 1e3, "5-40 N/m usual, assumed")
    film_temperature_max: float = quantity(413.15, "K", 300.0, 600.0, "film sticks to the rolls from here, assumed")
    moisture_max: float = quantity(1e-3, "1", 0.0, 0.1, "of the granulate; range of the isotherm, assumed")
    h2s_max: float = quantity(5e-6, "1", 0.0, 1e-3, "occupational limit of 5 ppm in the European Union")


class Hall(Described):
    """The hall around the line."""

    temperature: float = quantity(295.15, "K", 263.0, 323.0, ASSUMED)
    dew_point: float = quantity(233.15, "K", 193.0, 313.0, "conventional dry room -30 to -40 degC, textbook")
    volume: float = quantity(2000.0, "m**3", 1.0, 1e6, ASSUMED)
    air_change: float = quantity(20.0 / 3600.0, "1/s", 1e-6, 1.0, "20 an hour, assumed", "air renewed per time")


class Line(Described):
    """A dry-electrode line."""

    name: str = Field(min_length=1, max_length=60)
    description: str = ""
    recipe: str = Field(min_length=1, max_length=300)
    speed: float = quantity(1.0, "m/s", 0.01, 5.0, "60 m/min published for cathodes on this class of machine")
    web: Web = Web()
    limits: MachineLimits = MachineLimits()
    hall: Hall = Hall()
    utilities: Utilities = Utilities()
    control: Control = Control()
    stations: tuple[AnyStation, ...] = Field(min_length=1, max_length=100)
    sources: dict[str, str] = Field(default_factory=dict)
    """Where the figures of the file come from, by the name of their key."""

    def __hash__(self) -> int:
        """Hash of what the line is made of; equal lines have equal hashes."""
        return hash(tuple(getattr(self, name) for name in type(self).model_fields if name != "sources"))

    @property
    def nips(self) -> tuple[Nip, ...]:
        """Nips in processing order: side A, side B, common."""
        return self._nips

    @cached_property
    def _nips(self) -> tuple[Nip, ...]:
        return tuple(sorted((s for s in self.stations if isinstance(s, Nip)), key=lambda nip: ("A", "B", "AB").index(nip.side)))

    @property
    def feeders(self) -> tuple[Feeder, ...]:
        """Feeders in line order."""
        return self._feeders

    @cached_property
    def _feeders(self) -> tuple[Feeder, ...]:
        return tuple(s for s in self.stations if isinstance(s, Feeder))

    @property
    def recycle_share(self) -> float:
        """Share of the total feed that is regrind; 0 on a line without a recycle feeder."""
        shares = [feeder.share for feeder in self.feeders if feeder.component == "recycle"]
        return (RECYCLE_SHARE if shares[0] is None else shares[0]) if shares else 0.0

    def of_kind(self, kind: str) -> tuple[Any, ...]:
        """Stations of a kind in line order."""
        return self._by_kind.get(kind, ())

    @cached_property
    def _by_kind(self) -> dict[str, tuple[Any, ...]]:
        kinds = dict.fromkeys(s.kind for s in self.stations)
        return {kind: tuple(s for s in self.stations if s.kind == kind) for kind in kinds}

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy with other stations finds its own kinds, not those of the original."""
        copy = super().model_copy(update=update, deep=deep)
        if update is None or "stations" in update:
            for found in ("_by_kind", "_nips", "_feeders"):
                copy.__dict__.pop(found, None)
        return copy

    def station(self, name: str) -> Any:
        """Station by name; KeyError if there is none."""
        for station in self.stations:
            if station.name == name:
                return station
        raise KeyError(name)

    @property
    def sides(self) -> tuple[str, ...]:
        """Sides that make a film, in line order: ("A",) or ("A", "B")."""
        return tuple(dict.fromkeys(nip.side for nip in self.nips if nip.side != "AB"))

    @property
    def end(self) -> str:
        """Side of the nips in front of the winder: "AB" where films meet, else the side of the only film."""
        return "AB" if any(nip.side == "AB" for nip in self.nips) else self.sides[-1]

    @property
    def trimmed_film(self) -> bool:
        """Whether the films are cut to the kept width before they are laminated."""
        return bool(self.of_kind("film_trim"))

    def pressed_width(self, nip: Nip) -> float:
        """Width of film in a nip [m]: behind film knives the kept width."""
        return self.web.kept_width if nip.side == "AB" and self.trimmed_film else self.web.film_width

    @model_validator(mode="after")
    def _fits_together(self) -> Line:
        names = [s.name for s in self.stations]
        for name in names:
            if name in RESERVED:
                raise ValueError(f"stations@the name {name!r} is that of signals of the whole line; give the station another one")
            if names.count(name) > 1:
                raise ValueError(f"stations@the name {name!r} stands twice; give every station its own name")
        if self.web.kept_width > self.web.film_width:
            raise ValueError("web.kept_width@is wider than the film; give at most web.film_width")
        for nip in self.nips:
            if nip.face_width < self.web.film_width:
                raise ValueError(f"stations.{nip.name}.face_width@is narrower than the film; give at least web.film_width")
            if nip.backing_diameter is not None and nip.backing_diameter < nip.roll_diameter:
                raise ValueError(
                    f"stations.{nip.name}.backing_diameter@is smaller than the work roll; give at least roll_diameter"
                )
        fed = [feeder.component for feeder in self.feeders]
        for component in fed:
            if fed.count(component) > 1:
                raise ValueError(f"stations@two feeders bring {component}; give every component one feeder")
        if len(self.of_kind("treatment")) > 1:
            raise ValueError("stations@a line has at most one station of kind treatment")
        recycling = [fed.count("recycle"), len(self.of_kind("granulator")), len(self.of_kind("regrind_silo"))]
        if recycling not in ([0, 0, 0], [1, 1, 1]):
            raise ValueError("stations@recycling needs one granulator, one regrind_silo and one feeder with component: recycle")
        wrong = misplaced([(s.kind, str(getattr(s, "side", ""))) for s in self.stations])
        if wrong:
            raise ValueError(f"stations@{wrong}")
        knives, winder = self.of_kind("trim"), self.of_kind("winder")[0]
        if knives and not knives[0].distance < winder.distance:
            raise ValueError("stations@the trim must stand before the winder: give it the smaller distance")
        meet = [nip.distance for nip in self.nips if nip.side == "AB"][:1]
        for film in self.of_kind("film_trim"):
            if film.distance >= meet[0]:
                raise ValueError(
                    f"stations.{film.name}.distance@lies behind the lamination; give less than its distance of {meet[0]:g} m"
                )
        self._slits()
        return self

    def _slits(self) -> None:
        slitters = self.of_kind("slitter")
        if len(slitters) > 1:
            raise ValueError(f"stations@a line has at most one slitter; found {len(slitters)}")
        for slitter in slitters:
            behind = [knives.distance for knives in self.of_kind("trim")]
            kinds = [s.kind for s in self.stations if s.kind in ("trim", "slitter", "winder")]
            order = [*(["trim"] if behind else []), "slitter", "winder"]
            if kinds != order or not max(behind, default=0.0) < slitter.distance < self.of_kind("winder")[0].distance:
                raise ValueError("stations@the slitter must stand behind the trim and before the winder, also by distance")
            if sum(slitter.widths) > self.web.kept_width * (1.0 + 1e-9):
                raise ValueError(
                    f"stations.{slitter.name}.widths@together are {sum(slitter.widths):g} m, wider than the kept web; "
                    f"give at most web.kept_width, {self.web.kept_width:g} m"
                )
