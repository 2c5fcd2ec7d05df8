"""What a line draws at its operating point, signal by signal, while it runs, stands hot, heats up or stands cold [W].

The same laws as in the twin, whose truth tags with a carrier have the same paths. While the line stands hot and while it
heats up its powder side stays filled and its mixer turns; a line that stands cold keeps its hall dry.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dryline.line.carriers import Carrier, State
from dryline.line.schema import Line
from dryline.line.setup import SetUp
from dryline.materials.recipe import Recipe
from dryline.process.auxiliaries import chiller_power, conveying_work, motor_power
from dryline.process.dry_room import AirHandling, DryRoom, air_handling
from dryline.process.feeding import DRIVE_POWER, METERING_POWER
from dryline.process.winding import WEB_DRIVE_LOSS
from dryline.setup.roll_heat import HotRolls, film_heat, heat_up, hot_loss, hot_rolls


class PathLoad(NamedTuple):
    """Energy bought for one signal in every state [W]: its path, which begins with its station, and its carrier."""

    path: str
    carrier: Carrier
    run: float
    idle: float = 0.0
    heat_up: float = 0.0
    stop: float = 0.0

    @property
    def station(self) -> str:
        """Station of the signal."""
        return self.path.split("/")[0]

    def of(self, state: State) -> float:
        """What is drawn in a state [W]."""
        found: float = getattr(self, state)
        return found


class HeatUp(NamedTuple):
    """Heat-up of all rolls from the temperature of the hall: time [s], and energy bought for it [J]."""

    time: float
    energy: float


def loads(line: Line, recipe: Recipe, setup: SetUp) -> tuple[PathLoad, ...]:
    """Loads of a line at an operating point, in the order of its stations; heat-up means from cold rolls to warm ones."""
    rolls = hot_rolls(line, recipe, setup)
    losses = hot_loss(line)
    return (
        *powder_loads(line, recipe, setup), *nip_loads(line, recipe, setup, rolls, losses), *web_loads(line, setup),
        *utility_loads(line),
    )  # fmt: skip


def powder_loads(line: Line, recipe: Recipe, setup: SetUp) -> list[PathLoad]:
    """Loads of the powder side; its machines stand without powder, but for the mixer and the idling granulator."""
    flows, flow, service = setup.component_flows, setup.powder_flow, line.utilities
    found = []
    for station in line.of_kind("treatment"):
        assert setup.treatment is not None
        heat, energy = setup.treatment.heat, setup.treatment.energy
        treated = sum(m for name, m in flows.items() if name != "recycle" and station.material in ("all", name))
        found.append(PathLoad(f"{station.name}/power", "electricity", (energy - heat) * treated))
        found.append(PathLoad(f"{station.name}/heating_power", "heat", heat * treated / service.heater_efficiency))
    for feeder in line.feeders:
        share = setup.screw_speeds[feeder.name] / feeder.max_screw_speed
        found.append(PathLoad(f"{feeder.name}/power", "electricity", DRIVE_POWER * share))
    for granulator in line.of_kind("granulator"):
        ground = granulator.work * returned_flow(line, flow) * (1.0 - granulator.dust_loss)
        idle = granulator.idle_power
        found.append(PathLoad(f"{granulator.name}/power", "electricity", idle + ground, idle, idle))
    for mixer in line.of_kind("mixer"):
        found.append(PathLoad(f"{mixer.name}/power", "electricity", mixer.power, mixer.power, mixer.power))
    for machine in line.of_kind("fibrillator"):
        jets = machine.machine == "jet_mill"
        shaft = setup.fibrillator_work * flow
        found.append(PathLoad(f"{machine.name}/power", "compressed_air" if jets else "electricity", shaft / machine.efficiency))
        rise = recipe.fibrillation.c_p * (setup.fibrillator_temperature - line.hall.temperature)
        heat = 0.0 if jets else flow * (setup.fibrillator_work - rise)
        chiller = chiller_power(heat, service.chiller_performance)
        found.append(PathLoad(f"{machine.name}/cooling_power", "chilled_water", chiller))
    for metering in line.of_kind("metering"):
        found.append(PathLoad(f"{metering.name}/power", "electricity", METERING_POWER))
    conveyed = conveying_work(service.conveying_air, service.compressor) * flow
    found.append(PathLoad("utilities/compressed_air_power", "compressed_air", conveyed))
    return found


def returned_flow(line: Line, flow: float) -> float:
    """Film [kg/s] that the film knives send back of a flow of powder [kg/s]; 0 on a line that has none."""
    return flow * (1.0 - line.web.kept_width / line.web.film_width) if line.trimmed_film else 0.0


def nip_loads(
    line: Line, recipe: Recipe, setup: SetUp, rolls: Sequence[HotRolls], losses: Sequence[float]
) -> list[PathLoad]:
    """Drives and heating of the nips; losses of their hot rolls [W]."""
    service, heating = line.utilities, line.utilities.roll_heating
    films = film_heat(line, recipe, setup, rolls)
    time, heat = heat_up(line, rolls)
    found = []
    for point, loss, film, warmed in zip(setup.nips, losses, films, heat, strict=True):
        found.append(PathLoad(f"{point.name}/electric_power", "electricity", motor_power(point.power, service.motor_efficiency)))
        run, idle, heated = (watts / heating.bought for watts in (max(loss + film, 0.0), loss, warmed / max(time, 1.0)))
        found.append(PathLoad(f"{point.name}/heating_power", heating.carrier, run, idle, heated))
    return found


def web_loads(line: Line, setup: SetUp) -> list[PathLoad]:
    """Drives of unwinder and winder."""
    winder = line.of_kind("winder")[0]
    pull = winder.tension * line.web.film_width * setup.speed
    unwinders = [PathLoad(f"{u.name}/power", "electricity", WEB_DRIVE_LOSS) for u in line.of_kind("foil_unwinder")]
    return [*unwinders, PathLoad(f"{winder.name}/power", "electricity", WEB_DRIVE_LOSS + pull)]


def utility_loads(line: Line) -> list[PathLoad]:
    """Hall, dust extraction, handling and lamination heater: loads that depend on the state of the line alone."""
    s = line.utilities
    electric, heat, cooling = hall_powers(line)

    def hall(what: str, carrier: Carrier, watts: float) -> PathLoad:
        return PathLoad(f"hall/{what}_power", carrier, watts, watts, watts, s.hall_stopped * watts)

    return [
        PathLoad("utilities/lamination_heater_power", "electricity", s.lamination_heater),
        PathLoad(
            "utilities/dust_power", "electricity",
            *(s.dust * n for n in (1.0, s.dust_idle, s.dust_heat_up, s.dust_stopped)),
        ),
        PathLoad(
            "utilities/handling_power", "electricity",
            *(s.handling * n for n in (1.0, s.handling_idle, s.handling_heat_up, s.handling_stopped)),
        ),
        hall("electric", "electricity", electric), hall("heat", "heat", heat), hall("cooling", "chilled_water", cooling),
    ]  # fmt: skip


def hall_powers(line: Line) -> tuple[float, float, float]:
    """Electricity, heat and chiller power of the conditioned hall [W], as energy bought.

    Its coolers take what hot rolls lose and what handling draws (drives of the nips are small beside them); they do so in every
    state, as a hall is not shut down with its line. With a load a floor given, the law only says how it is divided.
    """
    air = hall_air(line)
    gains = sum(hot_loss(line)) + line.utilities.handling
    service = line.utilities
    powers = (air.fans, air.heat / service.heater_efficiency, (air.cooling + gains) / service.chiller_performance)
    given = service.air_dryer.load
    if given is None:
        return powers
    scale = given * service.floor / sum(powers)
    return (powers[0] * scale, powers[1] * scale, powers[2] * scale)


def hall_air(line: Line) -> AirHandling:
    """Air that keeps the hall of a line at its dew point, and what it takes."""
    hall, dryer = line.hall, line.utilities.air_dryer
    return air_handling(
        DryRoom(
            hall.volume, hall.air_change, dryer.make_up, dryer.water_sources, hall.dew_point,
            hall.dew_point - dryer.supply_depression, dryer.outside_dew_point, dryer.precooled_dew_point, hall.temperature,
            dryer.outside_temperature, dryer.regeneration_temperature, dryer.efficiency, dryer.carry_over,
            dryer.fan_pressure, dryer.fan_efficiency,
        )
    )  # fmt: skip


def roll_heat_up(line: Line, recipe: Recipe, setup: SetUp) -> HeatUp:
    """Time and energy of one heat-up of all rolls."""
    rolls: list[HotRolls] = hot_rolls(line, recipe, setup)
    time, heat = heat_up(line, rolls)
    return HeatUp(time, sum(heat) / line.utilities.roll_heating.bought)
