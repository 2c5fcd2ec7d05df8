"""Stations that the web passes besides nips: gauges, unwinder, trim, winder (SI units inside)."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal, Self

from pydantic import Field, model_validator

from dryline.line.quantities import quantity
from dryline.line.station import ASSUMED, Station


class FilmGauge(Station):
    """Full-width line gauge and three laser pairs over the film of a side."""

    kind: Literal["film_gauge"]
    side: Literal["A", "B"]
    distance: float = quantity(0.8, "m", 0.01, 50.0, "behind the last nip of its side, assumed")
    pixel: float = quantity(0.01, "m", 0.001, 0.2, "line gauge, assumed")


class FilmTrim(Station):
    """Edge knives of a film before lamination: what they cut can go back to the powder."""

    kind: Literal["film_trim"]
    side: Literal["A", "B"]
    distance: float = quantity(1.2, "m", 0.01, 50.0, "behind the last nip of its side, assumed")


class FoilUnwinder(Station):
    """Unwinder of the current collector, or of a carrier film that takes its place.

    A flying change tapes the new foil to the running one; a change at standstill joins them by hand in `change_time`.
    """

    kind: Literal["foil_unwinder"]
    carrier: bool = False
    thickness: float = quantity(12e-6, "m", 1e-6, 1e-3, "Al 10-15 um, textbook")
    density: float = quantity(2700.0, "kg/m**3", 500.0, 2e4, "aluminium, textbook")
    modulus: float = quantity(70e9, "Pa", 1e8, 1e12, "aluminium, textbook")
    specific_heat: float = quantity(900.0, "J/kg/K", 100.0, 5000.0, "aluminium, textbook")
    tension: float = quantity(100.0, "N/m", 1.0, 2000.0, "50-200 N/m, textbook")
    dancer_stiffness: float = quantity(
        5000.0, "N/m", 100.0, 1e6, "tension per relative speed difference that a dancer leaves, assumed"
    )
    roll_length: float = quantity(8000.0, "m", 200.0, 1e5, ASSUMED)
    core_radius: float = quantity(0.0762, "m", 0.02, 0.5, "6 inch core, textbook")
    path: float = quantity(6.0, "m", 0.5, 50.0, "foil from the splicer to the lamination, assumed")
    change: Literal["flying", "stop"] = "flying"
    change_time: float = quantity(300.0, "s", 0.0, 36000.0, ASSUMED)
    splice_length: float = quantity(0.5, "m", 0.0, 10.0, "tape, assumed")
    splice_thickness: float = quantity(50e-6, "m", 0.0, 1e-3, "tape, assumed")


class Scanner(Station):
    """Traversing areal-density gauge behind lamination."""

    kind: Literal["scanner"]
    distance: float = quantity(3.0, "m", 0.01, 50.0, "behind lamination, assumed")
    scan_speed: float = quantity(0.3, "m/s", 0.01, 5.0, "18 m/min, textbook")
    turn_round: float = quantity(0.5, "s", 0.0, 60.0, "textbook")
    spot: float = quantity(0.02, "m", 0.001, 0.2, "textbook")


class ThicknessGauge(Station):
    """Three laser pairs over the electrode."""

    kind: Literal["thickness_gauge"]
    distance: float = quantity(3.2, "m", 0.01, 50.0, "behind lamination, assumed")


class Trim(Station):
    """Edge knives: cut to the kept width."""

    kind: Literal["trim"]
    distance: float = quantity(4.0, "m", 0.01, 50.0, "behind lamination, assumed")


class Slitter(Station):
    """Circular knives behind the trim: they cut the kept web into daughter rolls, side by side on the winder.

    Either so many `rolls` of equal width or their `widths` [m] from the drive side to the operator side. Together they
    lie in the middle of the kept web; what they leave over at its edges is lost.
    """

    kind: Literal["slitter"]
    distance: float = quantity(5.0, "m", 0.01, 100.0, "behind lamination, assumed")
    rolls: int = Field(default=0, ge=0, le=40)
    widths: tuple[float, ...] = Field(
        default=(), max_length=40, json_schema_extra={"x-unit": "m", "x-source": "given in the file"}
    )

    @model_validator(mode="after")
    def _either(self) -> Self:
        if bool(self.rolls) == bool(self.widths):
            raise ValueError("rolls@give either rolls, the number of equal daughter rolls, or widths, e.g. [300 mm, 300 mm]")
        for width in self.widths:
            if not 0.005 <= width <= 2.0:
                raise ValueError(f"widths@{width:g} m is outside the range 0.005 .. 2 m")
        return self

    def daughters(self, kept_width: float) -> tuple[tuple[float, float], ...]:
        """Edges (low, high) [m] of the daughter rolls from the middle of the web, drive side first."""
        widths = self.widths or (kept_width / self.rolls,) * self.rolls
        edges = [-0.5 * sum(widths)]
        for width in widths:
            edges.append(edges[-1] + width)
        return tuple(pairwise(edges))


class Winder(Station):
    """Winder of the electrode: a turret that changes flying, or a single shaft that is changed at standstill.

    The tension falls from that at the core as the roll grows, by the share `taper` of a winding at constant torque.
    """

    kind: Literal["winder"]
    distance: float = quantity(6.0, "m", 0.01, 100.0, "behind lamination, assumed")
    roll_length: float = quantity(2000.0, "m", 10.0, 1e5, ASSUMED)
    tension: float = quantity(120.0, "N/m", 1.0, 2000.0, "50-200 N/m, textbook")
    taper: float = quantity(0.3, "1", 0.0, 0.7, "0.2-0.5, textbook")
    core_radius: float = quantity(0.0762, "m", 0.02, 0.5, "6 inch core, textbook")
    change: Literal["flying", "stop"] = "flying"
    change_time: float = quantity(180.0, "s", 0.0, 36000.0, ASSUMED)
    change_scrap: float = quantity(5.0, "m", 0.0, 1000.0, "at both ends of a roll, assumed")

    @model_validator(mode="after")
    def _leaves_product(self) -> Self:
        if 2.0 * self.change_scrap >= self.roll_length:
            raise ValueError(
                f"change_scrap@takes {self.change_scrap:g} m off both ends of a roll of {self.roll_length:g} m; give less"
            )
        return self
