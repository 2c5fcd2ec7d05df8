"""The line as data: web, limits, hall and the stations in the order of the material."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Self

from pydantic import Field, model_validator

from dryline.line.nips import Nip
from dryline.line.powder_stations import RECYCLE_SHARE, Feeder
from dryline.line.quantities import Described, quantity
from dryline.line.stations import AnyStation

ASSUMED = "assumed"


class Web(Described):
    """Widths of film and electrode, lanes and material cells of the model."""

    film_width: float = quantity(1.0, "m", 0.05, 2.0, "up to 1000 mm published for this class of machine")
    kept_width: float = quantity(0.95, "m", 0.02, 2.0, ASSUMED)
    lanes: int = Field(default=200, ge=1, le=2000)
    cell: float = quantity(0.005, "m", 0.0005, 0.05, "contact length of a nip, derived")


class MachineLimits(Described):
    """Limits that the set-up model keeps."""

    line_speed_max: float = quantity(80.0 / 60.0, "m/s", 0.01, 5.0, "80 m/min published for this class of machine")
    contact_margin_min: float = quantity(3e-6, "m", 0.0, 1e-3, ASSUMED)
    span_tension_fraction_max: float = quantity(0.15, "1", 0.01, 1.0, "5-20 % of break, assumed")
    elongation_max_low: float = quantity(1.15, "1", 1.0, 3.0, "below 60 % fibrillated, assumed")
    elongation_max_high: float = quantity(1.3, "1", 1.0, 3.0, ASSUMED)
    bed_granules_min: float = quantity(3.0, "1", 1.0, 20.0, ASSUMED)
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
    stations: tuple[AnyStation, ...] = Field(min_length=1, max_length=100)

    @property
    def nips(self) -> tuple[Nip, ...]:
        """Nips in processing order: side A, side B, common."""
        return tuple(s for s in self.stations if isinstance(s, Nip))

    @property
    def feeders(self) -> tuple[Feeder, ...]:
        """Feeders in line order."""
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
        copy.__dict__.pop("_by_kind", None)
        return copy

    def station(self, name: str) -> Any:
        """Station by name; KeyError if there is none."""
        for station in self.stations:
            if station.name == name:
                return station
        raise KeyError(name)

    @model_validator(mode="after")
    def _fits_together(self) -> Line:
        names = [s.name for s in self.stations]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"stations@the name {name!r} stands twice; give every station its own name")
        if self.web.kept_width > self.web.film_width:
            raise ValueError("web.kept_width@is wider than the film; give at most web.film_width")
        for nip in self.nips:
            if nip.face_width < self.web.film_width:
                raise ValueError(f"stations.{nip.name}.face_width@is narrower than the film; give at least web.film_width")
        for kind in ("mixer", "fibrillator", "surge_hopper", "foil_unwinder", "lamination_nip", "scanner",
                     "thickness_gauge", "trim", "winder"):  # fmt: skip
            if len(self.of_kind(kind)) != 1:
                raise ValueError(f"stations@a line needs exactly one station of kind {kind}; found {len(self.of_kind(kind))}")
        fed = [feeder.component for feeder in self.feeders]
        for component in fed:
            if fed.count(component) > 1:
                raise ValueError(f"stations@two feeders bring {component}; give every component one feeder")
        if len(self.of_kind("treatment")) > 1:
            raise ValueError("stations@a line has at most one station of kind treatment")
        recycling = [fed.count("recycle"), len(self.of_kind("granulator")), len(self.of_kind("regrind_silo"))]
        if recycling not in ([0, 0, 0], [1, 1, 1]):
            raise ValueError("stations@recycling needs one granulator, one regrind_silo and one feeder with component: recycle")
        for side in ("A", "B"):
            kinds = [s.kind for s in self.stations if getattr(s, "side", "") == side]
            thin = len(kinds) - 3
            if thin < 1 or kinds != ["metering", "powder_nip", *["thinning_nip"] * thin, "film_gauge"]:
                raise ValueError(
                    f"stations@side {side} needs metering, powder_nip, one or more thinning_nip and film_gauge, in this order"
                )
        order = [s.kind for s in self.stations]
        last_side = max(n for n, s in enumerate(self.stations) if getattr(s, "side", "") in ("A", "B"))
        if order.index("lamination_nip") < last_side:
            raise ValueError("stations@the lamination_nip must stand behind both sides")
        places = [self.of_kind(kind)[0].distance for kind in ("scanner", "trim", "winder")]
        if not places[1] < places[2]:
            raise ValueError("stations@the trim must stand before the winder: give it the smaller distance")
        return self
