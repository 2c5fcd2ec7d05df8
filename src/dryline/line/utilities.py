"""What serves a line beside its stations: hall, dust extraction, compressed air, roll heating, chiller (SI units inside)."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from dryline.line.carriers import Carrier
from dryline.line.quantities import Described, quantity

ASSUMED = "assumed"
HEATING = {"oil": 0.75, "electric": 0.95}
"""Heat into the rolls over energy bought: thermal oil with its unit and pipes, heaters in the rolls (assumed)."""


class AirDryer(Described):
    """Desiccant wheel of the hall with its coolers and fans; the load of the hall follows from it, unless one is given."""

    load: float | None = quantity(
        None, "W/m**2", 0.0, 5e3, "80-600 W/m2 of floor in uncertainty runs, assumed", "energy bought per floor; none: by the law"
    )
    make_up: float = quantity(0.1, "1", 0.0, 1.0, "keeps the pressure, assumed", "outside air over supply air")
    water_sources: float = quantity(0.5 / 3600.0, "kg/s", 0.0, 1.0, "crew of five at 0.1 kg/h each, assumed")
    supply_depression: float = quantity(10.0, "K", 1.0, 40.0, ASSUMED, "dew point of the supply air below that of the hall")
    outside_temperature: float = quantity(293.15, "K", 230.0, 330.0, "mean of a year on site, assumed")
    outside_dew_point: float = quantity(285.15, "K", 230.0, 310.0, "mean of a year on site, assumed")
    precooled_dew_point: float = quantity(281.15, "K", 273.15, 300.0, "chilled water of 6 degC, textbook")
    regeneration_temperature: float = quantity(413.15, "K", 330.0, 520.0, "120-150 degC, textbook")
    efficiency: float = quantity(0.5, "1", 0.05, 1.0, ASSUMED, "heat that drives out water over heat of regeneration")
    carry_over: float = quantity(4.0, "K", 0.0, 30.0, ASSUMED, "heat that the wheel carries into the supply air")
    fan_pressure: float = quantity(1200.0, "Pa", 0.0, 1e4, "filters, wheel, coils and ducts, assumed")
    fan_efficiency: float = quantity(0.6, "1", 0.05, 1.0, "assumed, as for dryer fans")


class RollHeating(Described):
    """Heating of the rolls: thermal oil through drilled rolls, or heaters in the rolls."""

    system: Literal["oil", "electric"] = "oil"
    carrier: Carrier = "electricity"
    """What the heater of the oil burns: electricity or heat (fuel, steam)."""
    efficiency: float | None = quantity(
        None, "1", 0.1, 1.0, "oil 0.75, electric 0.95, assumed", "heat into the rolls over energy bought; none: of the system"
    )
    power: float = quantity(100e3, "W", 1e3, 1e7, ASSUMED, "the most that the heater of a nip gives to its rolls")
    heat_transfer: float = quantity(15.0, "W/m**2/K", 0.0, 200.0, "convection of turning rolls, assumed")
    emissivity: float = quantity(0.35, "1", 0.0, 1.0, "machined steel, assumed")
    shell: float = quantity(0.3, "1", 0.01, 1.0, ASSUMED, "share of the steel that follows the heating, the rest is core")

    @model_validator(mode="after")
    def _burns_what_it_can(self) -> Self:
        if self.carrier not in ("electricity", "heat"):
            raise ValueError("carrier@rolls are heated by electricity or heat; give one of them")
        if self.system == "electric" and self.carrier != "electricity":
            raise ValueError("carrier@electric heaters take electricity; give system: oil or leave the carrier away")
        return self

    @property
    def bought(self) -> float:
        """Heat into the rolls over energy bought."""
        return HEATING[self.system] if self.efficiency is None else self.efficiency


class Utilities(Described):
    """What serves a line; shares say what of a load is left in a state without production."""

    floor: float = quantity(800.0, "m**2", 1.0, 1e5, "of the conditioned hall, assumed")
    air_dryer: AirDryer = AirDryer()
    hall_stopped: float = quantity(1.0, "1", 0.0, 1.0, "a dry hall is kept dry, assumed", "share while the line stands cold")
    roll_heating: RollHeating = RollHeating()
    heater_efficiency: float = quantity(0.85, "1", 0.1, 1.0, "gas or steam, assumed", "of dryers and of the air dryer")
    chiller_performance: float = quantity(3.0, "1", 0.5, 20.0, ASSUMED, "heat removed per electric energy")
    motor_efficiency: float = quantity(0.92, "1", 0.1, 1.0, ASSUMED, "of nip drives")
    bearing_share: float = quantity(0.25, "1", 0.0, 3.0, ASSUMED, "bearings over what rolls the film")
    lamination_heater: float = quantity(0.0, "W", 0.0, 1e6, "none on this class of machine, assumed", "electric, while film runs")
    dust: float = quantity(45e3, "W", 0.0, 1e7, "20-90 kW, assumed", "dust extraction and vacuum")
    dust_idle: float = quantity(0.5, "1", 0.0, 1.0, ASSUMED, "share while the line stands hot")
    dust_heat_up: float = quantity(0.2, "1", 0.0, 1.0, ASSUMED, "share while rolls heat up")
    dust_stopped: float = quantity(0.0, "1", 0.0, 1.0, ASSUMED, "share while the line stands cold")
    handling: float = quantity(60e3, "W", 0.0, 1e7, ASSUMED, "gauges, servos, hydraulics, web handling; winders apart")
    handling_idle: float = quantity(0.5, "1", 0.0, 1.0, ASSUMED, "share while the line stands hot")
    handling_heat_up: float = quantity(0.5, "1", 0.0, 1.0, ASSUMED, "share while rolls heat up")
    handling_stopped: float = quantity(0.05, "1", 0.0, 1.0, ASSUMED, "share while the line stands cold")
    conveying_air: float = quantity(0.092, "m**3/kg", 0.0, 10.0, "5-15 Wh/kg, assumed", "free air per powder, dense phase")
    compressor: float = quantity(
        390e3, "J/m**3", 1e4, 2e6, "6.4-6.6 kW/(m3/min) at 7 bar, vendor figure", "energy per free air"
    )
