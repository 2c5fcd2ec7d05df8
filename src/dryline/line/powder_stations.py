"""Stations of the powder side, from feeder to nip metering, with parameters, ranges and sources (SI units inside)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from dryline.line.quantities import quantity, required
from dryline.line.station import ASSUMED, Station


class Treatment(Station):
    """Dryer, de-agglomerator and classifier before the feeders, and the transfer to them."""

    kind: Literal["treatment"]
    material: Literal["active", "all"] = "all"
    raw_moisture: float = quantity(1e-3, "1", 0.0, 0.05, "as delivered, assumed")
    temperature: float = quantity(393.15, "K", 273.0, 573.0, ASSUMED)
    dwell: float = quantity(1800.0, "s", 0.0, 1e6, ASSUMED)
    pressure: float = quantity(5000.0, "Pa", 1.0, 101325.0, "vacuum; 101325 Pa for a dryer with air, assumed")
    dew_point: float = quantity(233.15, "K", 173.0, 313.0, "of the air in it at standard pressure, assumed")
    transfer_time: float = quantity(600.0, "s", 0.0, 1e5, "in the air of the hall, assumed")
    uptake_rate: float = quantity(1e-4, "1/s", 0.0, 1.0, ASSUMED, "k_m while powder takes up water in the hall")
    work: float = quantity(10e3, "J/kg", 0.0, 1e6, ASSUMED, "de-agglomeration")
    efficiency: float = quantity(0.8, "1", 0.05, 1.0, ASSUMED, "work per electric energy")
    agglomerate_d50: float = quantity(200e-6, "m", 1e-7, 1e-2, ASSUMED)
    smallest: float = quantity(20e-6, "m", 1e-8, 1e-2, "size that work cannot open, assumed")
    opening_rate: float = quantity(3e-4, "kg/J", 0.0, 1.0, ASSUMED)
    size_spread: float = quantity(0.5, "1", 0.01, 3.0, ASSUMED, "standard deviation of ln d")
    cut_size: float = quantity(150e-6, "m", 1e-7, 1e-1, ASSUMED)
    sharpness: float = quantity(5.0, "1", 0.5, 50.0, "3-8, textbook")


RECYCLE_SHARE = 0.05
"""Share of the total feed that a recycle feeder brings where the file says nothing (assumed)."""


class Feeder(Station):
    """Loss-in-weight screw feeder; feed factor k_f(M) = k_max - (k_max - k_min) exp(-M/M_c)."""

    kind: Literal["feeder"]
    component: Literal["active", "carbon", "ptfe", "electrolyte", "binder", "recycle"]
    share: float | None = quantity(None, "1", 0.0, 0.9, "5 % of the total feed, assumed", "given for a recycle feeder only")
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

    @model_validator(mode="after")
    def _shares_only_regrind(self) -> Feeder:
        if self.share is not None and self.component != "recycle":
            raise ValueError("share@belongs to a feeder with component: recycle; the recipe gives the others")
        return self


class Mixer(Station):
    """Continuous paddle mixer: plug delay, then equal stirred tanks."""

    kind: Literal["mixer"]
    hold_up: float = quantity(40.0, "kg", 0.1, 5000.0, ASSUMED)
    plug_time: float = quantity(5.0, "s", 0.0, 300.0, ASSUMED)
    tanks: int = Field(default=5, ge=1, le=10)
    power: float = quantity(5500.0, "W", 0.0, 1e6, ASSUMED)


MACHINES: dict[str, dict[str, Any]] = {
    "jet_mill": {
        "hold_up": "3 kg", "tanks": 1, "shear_stress": "60 kPa", "breakage": 2.0, "power_max": "40 kW", "efficiency": 0.1,
        "jacket_temperature": "60 degC",
    },
    "high_shear_mixer": {
        "hold_up": "200 kg", "tanks": 10, "power_max": "90 kW", "efficiency": 0.9, "batch_time": "600 s",
        "heat_transfer": "150 W/m**2/K", "jacket_area": "3 m**2",
    },
}  # fmt: skip
"""What a machine has in place of the figures of the twin screw (assumed): 100-500 L batches of a mixer, an efficiency with
compressor that puts a jet mill at 0.3-1.5 kWh/kg."""


class Fibrillator(Station):
    """Fibrillators in parallel: cooled through their jackets, or (jet mill) by their gas.

    The defaults below are those of the twin screw; MACHINES has those of the others.
    """

    kind: Literal["fibrillator"]
    machine: Literal["twin_screw", "jet_mill", "high_shear_mixer"] = "twin_screw"
    machines: int = Field(default=4, ge=1, le=20)
    hold_up: float = quantity(6.0, "kg", 0.1, 500.0, "per machine, assumed")
    heat_transfer: float = quantity(200.0, "W/m**2/K", 10.0, 2000.0, "100-200 W/(m2 K), 100 mm class, assumed")
    jacket_area: float = quantity(2.5, "m**2", 0.1, 50.0, ASSUMED)
    jacket_temperature: float = quantity(303.15, "K", 253.0, 423.0, ASSUMED, "of the gas in a jet mill")
    jacket_lag: float = quantity(300.0, "s", 1.0, 3600.0, "5-15 min, assumed")
    product_temperature_max: float = quantity(393.15, "K", 293.0, 573.0, ASSUMED)
    work: float = quantity(180e3, "J/kg", 0.0, 3e6, "0.05 kWh/kg; twin screw 0.03-0.2, assumed")
    shear_stress: float = quantity(40e3, "Pa", 0.0, 1e7, ASSUMED)
    breakage: float = quantity(1.0, "1", 0.0, 100.0, ASSUMED, "factor of the machine on the breakage of fibrils")
    tanks: int = Field(default=3, ge=1, le=10)
    power_max: float = quantity(200e3, "W", 100.0, 1e7, ASSUMED, "shaft power of one; shear work of a jet mill")
    efficiency: float = quantity(0.92, "1", 0.005, 1.0, "motor and gear, assumed; jet mill: with compressor")
    batch_time: float = quantity(0.0, "s", 0.0, 7200.0, ASSUMED, "shortest time in the machine, 0 where it runs continuously")
    gas_energy: float = quantity(306e3, "J/kg", 1e4, 5e6, "0.085 kWh/kg at 7 bar, assumed", "compressor, jet mill only")
    gas_dew_point: float = quantity(213.15, "K", 173.0, 293.0, ASSUMED, "of the gas of a jet mill")

    @model_validator(mode="before")
    @classmethod
    def _of_its_machine(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        return MACHINES.get(str(values.get("machine")), {}) | values


class Granulator(Station):
    """Granulator of trimmed and off-specification film, with the conveying to the silo."""

    kind: Literal["granulator"]
    lag: float = quantity(900.0, "s", 60.0, 7200.0, "10-60 min with the silo, assumed")
    work: float = quantity(20e3, "J/kg", 0.0, 1e6, ASSUMED, "shear work of grinding")
    shear_stress: float = quantity(25e3, "Pa", 0.0, 1e7, ASSUMED)
    idle_power: float = quantity(3000.0, "W", 0.0, 1e6, ASSUMED)
    dust_loss: float = quantity(0.005, "1", 0.0, 0.5, "share of the film lost as dust, assumed")


class RegrindSilo(Station):
    """Silo of regrind; between the two levels the recycle share falls to nothing."""

    kind: Literal["regrind_silo"]
    capacity: float = quantity(500.0, "kg", 1.0, 1e5, ASSUMED)
    initial_level: float = quantity(0.5, "1", 0.0, 1.0, ASSUMED)
    level_low: float = quantity(0.25, "1", 0.01, 1.0, "full share above, assumed")
    level_min: float = quantity(0.1, "1", 0.0, 0.9, "no regrind is fed below, assumed")

    @model_validator(mode="after")
    def _in_order(self) -> RegrindSilo:
        if not self.level_min < self.level_low:
            raise ValueError("level_min@must be below level_low, e.g. 10 % and 25 %")
        return self


class SurgeHopper(Station):
    """Hopper between powder side and nip metering."""

    kind: Literal["surge_hopper"]
    capacity: float = quantity(250.0, "kg", 1.0, 1e4, "2-5 min of hold-up, assumed")
    level: float = quantity(0.6, "1", 0.1, 0.9, ASSUMED)
    level_min: float = quantity(0.1, "1", 0.01, 0.8, ASSUMED)
    level_max: float = quantity(0.95, "1", 0.2, 1.0, ASSUMED)
    diameter: float = quantity(0.7, "m", 0.05, 10.0, ASSUMED)
    wall_friction: float = quantity(0.3, "1", 0.0, 2.0, "coefficient, assumed")
    stress_ratio: float = quantity(0.45, "1", 0.05, 1.0, "lateral over vertical, 0.4-0.5, textbook")


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
