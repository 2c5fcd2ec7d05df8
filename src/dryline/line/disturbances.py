"""The disturbance set of a run: amplitudes (one standard deviation unless said otherwise), times and lengths."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from dryline.line.quantities import Described, quantity

E = "estimate, assumed"
T = "textbook class value"
_MOST = 1e9


def _q(default: float, unit: str, source: str = E) -> Any:
    return quantity(default, unit, 0.0, _MOST, source)


class Feeders(Described):
    """Loss-in-weight feeders (rows 1-5)."""

    white_active: float = _q(0.02, "1", T)
    white_carbon: float = _q(0.03, "1", T)
    white_ptfe: float = _q(0.04, "1", T)
    white_electrolyte: float = _q(0.03, "1")
    white_binder: float = _q(0.03, "1")
    white_recycle: float = _q(0.03, "1", T)
    pulsation: float = _q(0.01, "1", T)
    drift_per_sqrt_hour: float = _q(0.003, "1")
    refill_error: float = _q(0.05, "1", T)
    bridging_per_hour_ptfe: float = _q(0.25, "1")
    bridging_time_min: float = _q(1.0, "s")
    bridging_time_max: float = _q(10.0, "s")
    scale_noise: float = _q(0.002, "kg", "0.5-5 g, estimate")


class Lots(Described):
    """Powder lots and bags (rows 6, 7)."""

    lot_mass: float = _q(5000.0, "kg")
    bag_mass: float = _q(500.0, "kg")
    bag_share: float = _q(1.0 / 3.0, "1")
    bulk_density: float = _q(0.05, "1")
    d50: float = _q(0.07, "1")
    yield_pressure: float = _q(0.05, "1")
    wall_friction: float = _q(0.017453292519943295, "rad")
    compressibility: float = _q(0.03, "1")
    ptfe_lot_mass: float = _q(100.0, "kg")
    ptfe_rate: float = _q(0.10, "1")


class Moisture(Described):
    """Residual moisture and ambient dew point (row 8)."""

    lot: float = _q(0.20, "1")
    dew_point: float = _q(3.0, "delta_degC")
    dew_point_time: float = _q(4 * 3600.0, "s")


class Jacket(Described):
    """Jacket temperature of the fibrillator (row 9)."""

    sigma: float = _q(1.0, "delta_degC")
    time: float = _q(600.0, "s")


class MeteringNoise(Described):
    """Nip metering (row 9b)."""

    white: float = _q(0.005, "1")
    scale_gain: float = _q(0.001, "1")


class Distribution(Described):
    """Distribution over the width (rows 10, 11)."""

    static_peak_to_peak: float = _q(0.02, "1", T)
    segment_sigma: float = _q(0.0025, "1")
    segment_time: float = quantity(10.0, "s", 0.1, 1e5, E)
    segment_correlation: float = quantity(0.05, "m", 1e-3, 10.0, E)
    segment_width: float = quantity(0.025, "m", 1e-3, 1.0, E)


class Granules(Described):
    """Granule shot noise (row 11b)."""

    factor: float = _q(0.7, "1")


class Air(Described):
    """Entrained air (row 12): loss of bulk density per speed."""

    density_loss_per_speed: float = quantity(0.03, "s/m", 0.0, 0.5, "1 % per 20 m/min, estimate")


class RunOut(Described):
    """Run-out of every work roll (row 13): amplitudes of the harmonics."""

    first: float = _q(0.9e-6, "m", "under 5 um published for dry-film mills")
    second: float = _q(0.25e-6, "m", T)
    third: float = _q(0.12e-6, "m", T)
    diameter_difference_low: float = _q(0.0005, "1")
    diameter_difference_high: float = _q(0.001, "1")


class RollTemperature(Described):
    """Roll temperatures and their sensors (rows 14, 15, 15b)."""

    wander: float = _q(0.3, "delta_degC")
    wander_time: float = quantity(1200.0, "s", 1.0, 1e6, E)
    profile: float = _q(0.3, "delta_degC")
    profile_time: float = quantity(1800.0, "s", 1.0, 1e6, E)
    sensor_white: float = _q(0.05, "delta_degC", T)
    sensor_bias: float = _q(0.2, "delta_degC", T)


class Frame(Described):
    """Frame growth with the hall (row 16)."""

    growth: float = _q(2e-6, "m/delta_degC")
    hall_amplitude: float = _q(2.0, "delta_degC")
    hall_period: float = quantity(86400.0, "s", 60.0, 1e7, E)
    lag: float = quantity(7200.0, "s", 1.0, 1e6, E)
    sensor_white: float = _q(0.05, "delta_degC")
    sensor_bias: float = _q(0.2, "delta_degC")


class Bearings(Described):
    """Bearing film and clearance (row 17)."""

    clearance: float = _q(3e-6, "m")
    spread: float = quantity(0.3, "1", 0.0, 0.9, "share by which a bearing film may differ from the nominal one, assumed")
    jump: float = _q(5e-6, "m")


class GapSensors(Described):
    """Chock position sensors (row 18)."""

    white: float = _q(0.1e-6, "m", T)
    resolution: float = _q(0.05e-6, "m", T)
    offset: float = _q(1e-6, "m", T)


class LoadCells(Described):
    """Load cells (row 19), relative to their range."""

    white: float = _q(0.0005, "1", T)
    gain: float = _q(0.002, "1", T)


class Actuators(Described):
    """Gap axes (row 20)."""

    stick_slip: float = _q(0.3e-6, "m", "rig values published for gap control of pole-strip mills")
    backlash: float = _q(1.5e-6, "m", T)
    spread: float = quantity(0.3, "1", 0.0, 0.9, "share by which an axis may differ from what its drive believes, assumed")


class Drives(Described):
    """Speed drives (row 21)."""

    white: float = _q(0.0002, "1", T)
    diameter: float = _q(0.0002, "1", T)


class TensionNoise(Described):
    """Web tension (row 22); `unwinder`: share by which the foil roll is out of round."""

    white: float = _q(0.01, "1", T)
    unwinder: float = _q(0.003, "1", T)


class Foil(Described):
    """Foil and primer (row 23)."""

    thickness: float = _q(0.01, "1", T)
    correlation: float = quantity(5.0, "m", 0.1, 1e4, T)
    primer: float = _q(0.05, "1", T)


class ArealGauge(Described):
    """Areal-density gauges (row 24)."""

    noise: float = _q(0.001, "1", T)
    box: float = quantity(0.05, "s", 0.01, 1.0, T)
    drift_per_hour: float = _q(0.0005, "1", T)
    standardise_every: float = quantity(1800.0, "s", 60.0, 1e6, T)
    standardise_time: float = quantity(10.0, "s", 0.0, 600.0, T)


class LaserPairs(Described):
    """Thickness gauges (row 25)."""

    noise: float = _q(0.3e-6, "m", T)
    sample: float = quantity(0.01, "s", 0.001, 0.1, T)
    drift: float = _q(0.25e-6, "m")
    drift_time: float = quantity(3600.0, "s", 1.0, 1e6, E)
    master_every: float = quantity(1800.0, "s", 60.0, 1e6, E)
    master_residual: float = _q(0.15e-6, "m")


class SpringBack(Described):
    """What control does not know of spring-back (row 25b)."""

    modulus: float = quantity(0.05, "1", 0.0, 0.5, E)


class Plant(Described):
    """Hidden truth, drawn once a machine: relative deviations from the nominal figures."""

    stiffness: float = quantity(0.03, "1", 0.0, 0.2, E)
    yield_pressure: float = quantity(0.03, "1", 0.0, 0.2, E)
    residence: float = quantity(0.05, "1", 0.0, 0.2, E)


class SensorFault(Described):
    """A sensor that fails for a while: it sticks at its last value, jumps by `size`, says nothing, or drifts by `size` a minute.

    signal: a reading such as thinning_nip_a2/position; side: of a nip's sensor, both where none is given; size: in the SI unit
    of the signal, of a force as a share of it.
    """

    signal: str
    kind: Literal["stuck", "jump", "silent", "drift"]
    side: Literal["drive", "operator"] | None = None
    begin: float = quantity(0.0, "s", 0.0, _MOST, "time of the run at which it begins")
    time: float = quantity(_MOST, "s", 0.0, _MOST, "how long it lasts")
    size: float = quantity(0.0, "1", -_MOST, _MOST, "in the SI unit of the signal")


class Breaks(Described):
    """Web breaks (row 26): hazard at a tension equal to the strength, and its exponent."""

    hazard_per_hour: float = _q(2000.0, "1/hour")
    exponent: float = quantity(8.0, "1", 1.0, 20.0, "5-10, estimate")


class Disturbances(Described):
    """All disturbances of a line; a file overrides any of them."""

    name: str = Field(default="reference")
    feeders: Feeders = Feeders()
    lots: Lots = Lots()
    moisture: Moisture = Moisture()
    jacket: Jacket = Jacket()
    metering: MeteringNoise = MeteringNoise()
    distribution: Distribution = Distribution()
    granules: Granules = Granules()
    air: Air = Air()
    runout: RunOut = RunOut()
    roll_temperature: RollTemperature = RollTemperature()
    frame: Frame = Frame()
    bearings: Bearings = Bearings()
    gap_sensors: GapSensors = GapSensors()
    load_cells: LoadCells = LoadCells()
    actuators: Actuators = Actuators()
    drives: Drives = Drives()
    tension: TensionNoise = TensionNoise()
    foil: Foil = Foil()
    areal_gauge: ArealGauge = ArealGauge()
    thickness_gauge: LaserPairs = LaserPairs()
    spring_back: SpringBack = SpringBack()
    plant: Plant = Plant()
    breaks: Breaks = Breaks()
    faults: tuple[SensorFault, ...] = ()

    @staticmethod
    def none() -> Disturbances:
        """The quiet set: every amplitude zero; times, lengths and window figures as they are."""
        kept = {"time", "period", "lag", "correlation", "width", "box", "every", "sample", "exponent", "mass", "max", "min"}
        quiet: dict[str, Any] = {"name": "none"}
        reference = Disturbances()
        for group in type(reference).model_fields:
            if group not in ("name", "faults"):
                model = getattr(reference, group)
                quiet[group] = {
                    field: getattr(model, field) if field.split("_")[-1] in kept else 0.0
                    for field in type(model).model_fields
                }
        quiet["breaks"]["hazard_per_hour"] = 0.0
        return Disturbances.model_validate(quiet)
