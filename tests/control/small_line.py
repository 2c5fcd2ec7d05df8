"""A line and its operating point with made-up round numbers, by the names of the line description.

Control reads attributes only, so plain namespaces do; the mechanics are those of `model_line`, no recipe.
"""

from __future__ import annotations

from types import SimpleNamespace as Station

from dryline.line.control import Control

NIP = {
    "bearing_distance": 1.7,
    "face_width": 1.15,
    "bending_force_max": 200e3,
    "bending_influence": 2e-10,
    "max_force": 3e6,
    "max_line_load": 1e6,
    "gap_min": 5e-6,
    "gap_max": 3e-3,
    "mode": "gap",
    "line_load": None,
    "gaugemeter": 0.5,
    "housing_stiffness": 18e9,
}
FEEDERS = (("active", 120.0, 0.2), ("carbon", 10.0, 0.006), ("ptfe", 10.0, 0.006))
FOIL = 12e-6


class SmallLine:
    """Three feeders, two sides of three nips, lamination; stations in the order of the material."""

    def __init__(self) -> None:
        self.web = Station(film_width=1.0, kept_width=0.95, lanes=200, cell=0.005)
        self.limits = Station(line_speed_max=80 / 60, contact_margin_min=3e-6, elongation_max_low=1.15)
        self.speed = 1.0
        self.control = Control(quality="pi_monitor")
        stations = [
            Station(
                kind="feeder",
                name=f"feeder_{component}",
                component=component,
                hopper_capacity=capacity,
                feed_factor=factor,
                feed_factor_min=0.85,
                feed_factor_decay=capacity / 4,
                max_screw_speed=6.0,
                screw_lag=0.5,
                weigh_window=10.0,
                refill_level=0.3,
                refill_time=20.0,
            )
            for component, capacity, factor in FEEDERS
        ]
        stations += [
            Station(kind="mixer", name="mixer"),
            Station(
                kind="fibrillator",
                name="fibrillator",
                jacket_temperature=313.0,
                product_temperature_max=370.0,
            ),
            Station(
                kind="surge_hopper",
                name="surge_hopper",
                capacity=120.0,
                level=0.6,
                level_min=0.1,
                level_max=0.95,
            ),
        ]
        for side in "AB":
            s = side.lower()
            stations += [
                Station(
                    kind="metering",
                    name=f"metering_{s}",
                    side=side,
                    segment_width=0.025,
                    segment_range=0.05,
                    lag=0.3,
                ),
                Station(kind="powder_nip", name=f"powder_nip_{s}", side=side, distance=0.0, **NIP),
                Station(kind="thinning_nip", name=f"thinning_nip_{s}1", side=side, distance=1.2, **NIP),
                Station(kind="thinning_nip", name=f"thinning_nip_{s}2", side=side, distance=1.2, **NIP),
                Station(kind="film_gauge", name=f"gauge_{s}", side=side, distance=0.8, pixel=0.01),
            ]
        stations += [
            Station(
                kind="foil_unwinder",
                name="unwinder",
                thickness=FOIL,
                density=2700.0,
                tension=100.0,
                path=6.0,
                roll_length=8000.0,
                change="flying",
                change_time=60.0,
                splice_length=0.5,
                splice_thickness=50e-6,
            ),
            Station(kind="lamination_nip", name="lamination", side="AB", distance=2.5, **NIP),
            Station(kind="scanner", name="scanner", distance=3.0, spot=0.02),
            Station(kind="thickness_gauge", name="thickness_gauge", distance=3.2),
            Station(kind="trim", name="trim", distance=4.0),
            Station(
                kind="winder",
                name="winder",
                distance=6.0,
                roll_length=2000.0,
                tension=100.0,
                taper=0.3,
                core_radius=0.076,
                change="flying",
                change_time=40.0,
                change_scrap=5.0,
            ),
        ]
        self.stations = tuple(stations)
        self.end = "AB"
        self.nips = tuple(s for s in stations if s.kind.endswith("_nip"))
        self.feeders = tuple(s for s in stations if s.kind == "feeder")

    def of_kind(self, kind: str) -> tuple[Station, ...]:
        return tuple(station for station in self.stations if station.kind == kind)

    def pressed_width(self, _nip: Station) -> float:
        return self.web.film_width

    def station(self, name: str) -> Station:
        return next(station for station in self.stations if station.name == name)


def small_set_up(line: SmallLine) -> Station:
    """Operating point: speed ratio, areal mass [kg/m2], thickness [m] and gap transfer behind each nip."""
    behind = {
        "powder_nip": (0.86, 0.232, 180e-6, 0.8),
        "thinning_1": (0.90, 0.244, 150e-6, 0.5),
        "thinning_2": (0.95, 0.231, 118e-6, 0.5),
        "lamination_nip": (1.0, 0.44, 200e-6, 0.2),
    }
    nips = []
    for nip in line.nips:
        row = f"thinning_{nip.name[-1]}" if nip.kind == "thinning_nip" else nip.kind
        ratio, areal_mass, thickness, transfer = behind[row]
        nips.append(
            Station(
                name=nip.name,
                side=nip.side,
                kind=nip.kind,
                speed_ratio=ratio,
                roll_temperature=353.0,
                areal_mass_out=areal_mass,
                thickness_out=thickness,
                chock_gap=thickness / 1.03 - 30e-6,
                loaded_gap=thickness / 1.03 + (FOIL if nip.side == "AB" else 0.0),
                gap_transfer=transfer,
                film_stiffness=5e9,
                bending_force=10e3,
                crown=15e-6,
                bending_residual=0.0,
                contact_margin=25e-6,
                span_tension=20.0,
                mode="gap",
                force=3e5,
            )
        )
    flow = 0.44
    return Station(
        speed=1.0,
        powder_flow=flow,
        component_flows={"active": 0.96 * flow, "carbon": 0.02 * flow, "ptfe": 0.02 * flow},
        metering_rate=0.256,
        nips=tuple(nips),
        fibrillator_work=1e5,
        fibrillator_temperature=363.0,
        areal_mass=0.44,
        side_areal_mass=0.22,
        thickness=212e-6,
        film_thickness=118e-6,
        gauge_thickness=213e-6,
    )
