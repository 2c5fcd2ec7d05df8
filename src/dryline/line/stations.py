"""Stations of a line in the order of the material, with their parameters, ranges and sources (SI units inside)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from dryline.line.quantities import Described, quantity, required

ASSUMED = "assumed"
BIG = 1e12


class Station(Described):
    """What every station has."""

    kind: str
    name: str = Field(min_length=1, max_length=40, pattern=r"^[a-z][a-z0-9_]*$")


class Feeder(Station):
    """Loss-in-weight screw feeder; feed factor k_f(M) = k_max - (k_max - k_min) exp(-M/M_c)."""

    kind: Literal["feeder"]
    component: Literal["active", "carbon", "ptfe"]
    hopper_capacity: float = required("kg", 0.1, 1e4, "content of the full hopper")
    feed_factor: float = required("kg", 1e-6, 10.0, "mass per screw turn of the full hopper")
    feed_factor_min: float = quantity(0.85, "1", 0.1, 1.0, ASSUMED, "share of the feed factor left when empty")
    feed_factor_decay: float = required("kg", 0.01, 1e4, "content over which the feed factor decays")
    max_screw_speed: float = quantity(5.0, "1/s", 0.01, 50.0, ASSUMED)
    refill_level: float = quantity(0.3, "1", 0.05, 0.9, "20-40 % usual, assumed")
    refill_time: float = quantity(20.0, "s", 1.0, 600.0, "10-40 s usual, assumed")
    flights: int = Field(default=2, ge=1, le=8)
    screw_lag: float = quantity(0.5, "s", 0.01, 10.0, "0.2-1 s, assumed")
    dead_time: float = quantity(0.8, "s", 0.0, 30.0, "0.3-2 s, assumed")
    weigh_window: float = quantity(10.0, "s", 1.0, 60.0, "2-20 s, assumed")


class Mixer(Station):
    """Continuous paddle mixer: plug delay, then equal stirred tanks."""

    kind: Literal["mixer"]
    hold_up: float = quantity(40.0, "kg", 0.1, 5000.0, ASSUMED)
    plug_time: float = quantity(5.0, "s", 0.0, 300.0, ASSUMED)
    tanks: int = Field(default=5, ge=1, le=10)
    power: float = quantity(5500.0, "W", 0.0, 1e6, ASSUMED)


class Fibrillator(Station):
    """Twin-screw fibrillators in parallel, cooled through their jackets."""

    kind: Literal["fibrillator"]
    machine: Literal["twin_screw"] = "twin_screw"
    machines: int = Field(default=4, ge=1, le=20)
    hold_up: float = quantity(6.0, "kg", 0.1, 500.0, "per machine, assumed")
    heat_transfer: float = quantity(200.0, "W/m**2/K", 10.0, 2000.0, "100-200 W/(m2 K), 100 mm class, assumed")
    jacket_area: float = quantity(2.5, "m**2", 0.1, 50.0, ASSUMED)
    jacket_temperature: float = quantity(303.15, "K", 253.0, 423.0, ASSUMED)
    jacket_lag: float = quantity(300.0, "s", 1.0, 3600.0, "5-15 min, assumed")
    product_temperature_max: float = quantity(393.15, "K", 293.0, 573.0, ASSUMED)
    work: float = quantity(180e3, "J/kg", 0.0, 3e6, "0.05 kWh/kg; twin screw 0.03-0.2, assumed")
    shear_stress: float = quantity(40e3, "Pa", 0.0, 1e7, ASSUMED)
    tanks: int = Field(default=3, ge=1, le=10)


class SurgeHopper(Station):
    """Hopper between powder side and nip metering."""

    kind: Literal["surge_hopper"]
    capacity: float = quantity(250.0, "kg", 1.0, 1e4, "2-5 min of hold-up, assumed")
    level: float = quantity(0.6, "1", 0.1, 0.9, ASSUMED)
    level_min: float = quantity(0.1, "1", 0.01, 0.8, ASSUMED)
    level_max: float = quantity(0.95, "1", 0.2, 1.0, ASSUMED)


class Metering(Station):
    """Weighed nip metering roll of one side with distribution over the width."""

    kind: Literal["metering"]
    side: Literal["A", "B"]
    swept_volume: float = quantity(4e-4, "m**3", 1e-6, 0.1, "volume per turn, assumed")
    max_speed: float = quantity(3.0, "1/s", 0.01, 50.0, ASSUMED)
    weigh_window: float = quantity(10.0, "s", 1.0, 60.0, "5-20 s, assumed")
    segment_width: float = quantity(0.025, "m", 0.005, 0.5, "25-50 mm pitch, assumed")
    segment_range: float = quantity(0.05, "1", 0.0, 0.5, ASSUMED)
    lag: float = quantity(0.2, "s", 0.01, 10.0, ASSUMED)


class Nip(Station):
    """Two driven rolls with a gap axis a side: what all nips have."""

    side: Literal["A", "B", "AB"]
    roll_diameter: float = required("m", 0.05, 2.0)
    face_width: float = quantity(1.15, "m", 0.05, 3.0, ASSUMED)
    bearing_distance: float = quantity(1.7, "m", 0.1, 5.0, ASSUMED)
    housing_stiffness: float = quantity(18e9, "N/m", 1e8, 1e11, "10-20 MN/mm pre-stressed housing, assumed")
    roll_modulus: float = quantity(210e9, "Pa", 5e10, 7e11, "steel, textbook")
    roll_shear_modulus: float = quantity(80e9, "Pa", 2e10, 3e11, "steel, textbook")
    roll_poisson: float = quantity(0.3, "1", 0.0, 0.49, "steel, textbook")
    roll_temperature: float = quantity(383.15, "K", 273.0, 573.0, "60-140 degC for PTFE films, assumed")
    elongation: float = quantity(1.05, "1", 1.0, 3.0, "nip elongation ratio, assumed")
    draw: float = quantity(0.0005, "1", 0.0, 0.01, "span draw 0-1 %, assumed")
    distance: float = quantity(1.0, "m", 0.0, 50.0, "web path from the nip before, assumed")
    free_span: float = quantity(0.3, "m", 0.01, 10.0, "unsupported part of the path, assumed")
    porosity: float = quantity(0.30, "1", 0.02, 0.9, "porosity behind the nip, assumed")
    max_line_load: float = quantity(1.0e6, "N/m", 1e3, 1e7, ASSUMED)
    max_peak_pressure: float = quantity(250e6, "Pa", 1e5, 2e9, "cracking of active material 250-500 MPa, assumed")
    max_force: float = quantity(1.2e6, "N", 1e3, 2e7, ASSUMED)
    gap_min: float = quantity(5e-6, "m", 1e-6, 5e-3, ASSUMED)
    gap_max: float = quantity(3e-3, "m", 1e-5, 0.05, ASSUMED)
    crown: float | None = quantity(None, "m", 0.0, 1e-3, "both rolls at the centre; none: ground for the load")
    bending_force_max: float = quantity(200e3, "N", 0.0, 1e7, "0-200 kN, textbook")
    bending_influence: float = quantity(5e-11, "m/N", 0.0, 1e-8, "gap at the centre per N, assumed")
    bending_residual_max: float = quantity(2e-6, "m", 0.0, 1e-3, ASSUMED)
    actuator: Literal["hydraulic", "electromechanical"] = "hydraulic"
    gaugemeter: float = quantity(0.5, "1", 0.0, 0.95, "fixed compensation, assumed")
    gaugemeter_lag: float = quantity(2.0, "s", 0.01, 100.0, "force filter, assumed")
    preload: float = quantity(0.0, "N", 0.0, 1e8, ASSUMED)
    wedge_stop: bool = False
    drive_power_max: float = quantity(200e3, "W", 0.0, 1e7, ASSUMED)
    thermal_time: float = quantity(200.0, "s", 1.0, 1e5, "drilled-roll shell about 200 s, assumed")
    wrap: float = quantity(0.3, "m", 0.0, 10.0, "wrap of the film on the hot roll, assumed")
    wrap_contact: float = quantity(1500.0, "W/m**2/K", 1.0, 1e6, ASSUMED)


class PowderNip(Nip):
    """Starved powder nip: makes the first film."""

    kind: Literal["powder_nip"]
    side: Literal["A", "B"]


class ThinningNip(Nip):
    """Thinning nip of a film."""

    kind: Literal["thinning_nip"]
    side: Literal["A", "B"]


class LaminationNip(Nip):
    """Common nip that presses both films on the foil."""

    kind: Literal["lamination_nip"]
    side: Literal["AB"] = "AB"


class FilmGauge(Station):
    """Full-width line gauge and three laser pairs over the film of a side."""

    kind: Literal["film_gauge"]
    side: Literal["A", "B"]
    distance: float = quantity(0.8, "m", 0.01, 50.0, "behind the last nip of its side, assumed")
    pixel: float = quantity(0.01, "m", 0.001, 0.2, "line gauge, assumed")


class FoilUnwinder(Station):
    """Unwinder of the current collector."""

    kind: Literal["foil_unwinder"]
    thickness: float = quantity(12e-6, "m", 1e-6, 1e-3, "Al 10-15 um, textbook")
    density: float = quantity(2700.0, "kg/m**3", 500.0, 2e4, "aluminium, textbook")
    modulus: float = quantity(70e9, "Pa", 1e8, 1e12, "aluminium, textbook")
    tension: float = quantity(100.0, "N/m", 1.0, 2000.0, "50-200 N/m, textbook")


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


AnyStation = Annotated[
    Feeder | Mixer | Fibrillator | SurgeHopper | Metering | PowderNip | ThinningNip | LaminationNip | FilmGauge
    | FoilUnwinder | Scanner | ThicknessGauge | Trim | Winder,
    Field(discriminator="kind"),
]  # fmt: skip
