"""Nips: two driven rolls with a gap axis a side, with parameters, ranges and sources (SI units inside)."""

from __future__ import annotations

from typing import Literal

from dryline.line.quantities import quantity, required
from dryline.line.station import ASSUMED, Station


class Nip(Station):
    """Two driven rolls with a gap axis a side: what all nips have."""

    side: Literal["A", "B", "AB"]
    roll_diameter: float = required("m", 0.05, 2.0, "of the rolls that press the film")
    backing_diameter: float | None = quantity(None, "m", 0.1, 3.0, "backing rolls of a four-high stack; none: two-high")
    face_width: float = quantity(1.15, "m", 0.05, 3.0, ASSUMED)
    bearing_distance: float = quantity(1.7, "m", 0.1, 5.0, ASSUMED)
    housing_stiffness: float = quantity(18e9, "N/m", 1e8, 1e11, "10-20 MN/mm pre-stressed housing, assumed")
    roll_modulus: float = quantity(210e9, "Pa", 5e10, 7e11, "steel, textbook")
    roll_shear_modulus: float = quantity(80e9, "Pa", 2e10, 3e11, "steel, textbook")
    roll_poisson: float = quantity(0.3, "1", 0.0, 0.49, "steel, textbook")
    roll_temperature: float = quantity(383.15, "K", 273.0, 573.0, "60-140 degC for PTFE films, assumed")
    elongation: float = quantity(1.05, "1", 1.0, 3.0, "nip elongation ratio, assumed")
    speed_differential: float = quantity(1.0, "1", 1.0, 2.5, "fast over slow roll; 10:9 to 10:4 claimed for shear nips")
    film_friction: float = quantity(0.2, "1", 0.0, 2.0, "film on the slower roll, assumed")
    shear_yield: float = quantity(8e6, "Pa", 1e4, 1e9, "of the film in the nip, 5-10 MPa, assumed")
    alignment_rate: float = quantity(0.1, "1", 0.0, 10.0, "alignment of fibrils per shear strain, 0.05-0.3, assumed")
    elongation_alignment: float = quantity(
        2.5, "1", 0.0, 20.0, "alignment per ln of the elongation, so that strength across is 0.3-0.7 of that along, assumed"
    )
    draw: float = quantity(0.0005, "1", 0.0, 0.01, "span draw 0-1 %, assumed")
    distance: float = quantity(1.0, "m", 0.0, 50.0, "web path from the nip before, assumed")
    carried: bool = False
    """The film lies on the roll or on a belt on its way from the nip before: no free span."""
    free_span: float = quantity(0.3, "m", 0.01, 10.0, "unsupported part of the path, assumed")
    porosity: float = quantity(0.30, "1", 0.02, 0.9, "porosity behind the nip, assumed")
    mode: Literal["gap", "force"] = "gap"
    line_load: float | None = quantity(None, "N/m", 1e2, 5e6, "load that is set instead of the porosity behind the nip")
    force_time: float = quantity(0.5, "s", 0.02, 60.0, "closed-loop time of force mode, assumed")
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
    gaugemeter: float = quantity(0.85, "1", 0.0, 0.95, "compensation of the mill's stretch, assumed")
    gaugemeter_lag: float = quantity(0.1, "s", 0.01, 100.0, "force filter, assumed")
    oppose_run_out: bool = True
    """Hydraulic axes move against the run-out that they have learnt."""
    oppose_growth: bool = True
    """The axes take out the growth of the rolls by their temperature, and the bearing film by their speed."""
    run_out: float = quantity(2.6e-6, "m", 0.0, 1e-4, "largest of both rolls together, ground to 1-2 um each, assumed")
    bearing_clearance: float = quantity(5e-6, "m", 0.0, 1e-4, "taken up by the load unless preload holds it, assumed")
    preload: float = quantity(0.0, "N", 0.0, 1e8, ASSUMED)
    wedge_stop: bool = False
    wedge_stiffness: float = quantity(100e9, "N/m", 1e9, 1e13, "of both wedges, stiff against the housing, assumed")
    drive_lag: float = quantity(0.03, "s", 0.001, 10.0, "speed loop of the roll, 10-50 ms, assumed")
    drive_power_max: float = quantity(200e3, "W", 0.0, 1e7, ASSUMED)
    thermal_time: float = quantity(200.0, "s", 1.0, 1e5, "drilled-roll shell about 200 s, assumed")
    wrap: float = quantity(0.3, "m", 0.0, 10.0, "wrap of the film on the hot roll, assumed")
    wrap_contact: float = quantity(1500.0, "W/m**2/K", 1.0, 1e6, ASSUMED)


class PowderNip(Nip):
    """Powder nip: makes the first film, of a metered bed (starved) or of a hopper bed on the rolls (flooded)."""

    kind: Literal["powder_nip"]
    side: Literal["A", "B"]
    feed: Literal["starved", "flooded"] = "starved"
    bed_height: float = quantity(0.1, "m", 0.01, 1.0, "hopper bed of a flooded nip, 50-150 mm, assumed")
    bed_depth: float = quantity(0.06, "m", 0.005, 1.0, "mean depth of the hopper bed along the web, assumed")


class ThinningNip(Nip):
    """Thinning nip of a film."""

    kind: Literal["thinning_nip"]
    side: Literal["A", "B"]


class LaminationNip(Nip):
    """Common nip that presses both films on the foil."""

    kind: Literal["lamination_nip"]
    side: Literal["AB"] = "AB"


class CalenderNip(Nip):
    """Nip behind lamination that densifies the electrode on its foil."""

    kind: Literal["calender_nip"]
    side: Literal["AB"] = "AB"
    elongation: float = quantity(1.0, "1", 1.0, 1.02, "the foil holds the electrode, assumed")
    draw: float = quantity(0.0, "1", 0.0, 0.01, "the foil holds the electrode, assumed")
