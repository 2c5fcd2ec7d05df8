"""Stations that the web passes besides nips: gauges, unwinder, trim, winder (SI units inside)."""

from __future__ import annotations

from typing import Literal

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
    """Unwinder of the current collector, or of a carrier film that takes its place."""

    kind: Literal["foil_unwinder"]
    carrier: bool = False
    thickness: float = quantity(12e-6, "m", 1e-6, 1e-3, "Al 10-15 um, textbook")
    density: float = quantity(2700.0, "kg/m**3", 500.0, 2e4, "aluminium, textbook")
    modulus: float = quantity(70e9, "Pa", 1e8, 1e12, "aluminium, textbook")
    tension: float = quantity(100.0, "N/m", 1.0, 2000.0, "50-200 N/m, textbook")
    dancer_stiffness: float = quantity(
        5000.0, "N/m", 100.0, 1e6, "tension per relative speed difference that a dancer leaves, assumed"
    )


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


class Winder(Station):
    """Winder of the electrode."""

    kind: Literal["winder"]
    distance: float = quantity(6.0, "m", 0.01, 100.0, "behind lamination, assumed")
    roll_length: float = quantity(2000.0, "m", 10.0, 1e5, ASSUMED)
    tension: float = quantity(120.0, "N/m", 1.0, 2000.0, "50-200 N/m, textbook")
