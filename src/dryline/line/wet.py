"""Wet reference lines as data: what a slurry line of a vintage is made of, with units, ranges and sources, read from YAML.

A vintage says how old the technology of the reference is: how much solvent its dryer lets into the exhaust, what heat comes back,
how the solvent is recovered. Tags of sources: P published, D derived, T textbook, E estimate (assumed, yours to change).
"""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import Field, model_validator

from dryline.line.input_error import InputError
from dryline.line.load import load_described
from dryline.line.quantities import Described, quantity, required

E = "E, assumed"
LEL_NMP = 0.013
"""Lower explosive limit of NMP, mole fraction in air (T, textbook)."""


class Slurry(Described):
    """A slurry: mass fractions of the dry coating, solids of the wet one, and what the binder is called."""

    active: float = required("1", 0.5, 1.0, "share of the dry coating")
    carbon: float = required("1", 0.0, 0.5, "share of the dry coating")
    binder: float = required("1", 0.0, 0.5, "share of the dry coating")
    binder_name: str = Field(min_length=1, max_length=60)
    solids: float = required("1", 0.2, 1.0, "mass fraction of solids in the slurry")
    heat: float = quantity(900.0, "J/(kg*K)", 100.0, 3000.0, "E, 700-1000 J/(kg K), assumed", "specific heat of the dry coating")
    input_yield: float = quantity(0.99, "1", 0.5, 1.0, "P, mixing in BatPaC 5", "slurry at the coater over what is bought")

    @model_validator(mode="after")
    def _adds_up(self) -> Slurry:
        total = self.active + self.carbon + self.binder
        if abs(total - 1.0) > 1e-6:
            raise ValueError(f"active@active, carbon and binder add up to {100.0 * total:g} %; make them 100 %")
        return self


class Foil(Described):
    """The current collector."""

    name: str = Field(min_length=1, max_length=60)
    thickness: float = required("m", 1e-6, 1e-3)
    density: float = required("kg/m**3", 500.0, 25000.0)
    heat: float = required("J/(kg*K)", 100.0, 3000.0, "specific heat")


class Dryer(Described):
    """A convective dryer and its fans."""

    heat_recovery: float = quantity(0.0, "1", 0.0, 0.95, "E, 0-0.7", "effectiveness of the heat exchanger in the exhaust")
    fresh_temperature: float = quantity(298.15, "K", 253.0, 333.0, E, "of air and slurry that enter")
    exhaust_temperature: float = quantity(393.15, "K", 323.0, 473.0, "E, 100-130 degC for NMP, 90 degC for water")
    wet_temperature: float = quantity(348.15, "K", 293.0, 423.0, E, "of the film while solvent evaporates")
    losses: float = quantity(0.10, "1", 0.0, 1.0, E, "through walls and openings, over the useful heat")
    heater_efficiency: float = quantity(0.85, "1", 0.3, 1.0, "E, gas or thermal oil")
    nozzle_drop: float = quantity(20.0, "K", 1.0, 100.0, E, "of circulating air at the nozzles")
    circulation_pressure: float = quantity(2500.0, "Pa", 0.0, 2e4, E)
    exhaust_pressure: float = quantity(2000.0, "Pa", 0.0, 2e4, E)
    fan_efficiency: float = quantity(0.6, "1", 0.1, 1.0, E)
    minimum_exhaust: float = quantity(0.3, "1", 0.0, 1.0, E, "least exhaust while running, over that at rated speed")
    idle_exhaust: float = quantity(0.3, "1", 0.0, 1.0, E, "exhaust of a dryer that stands hot, over that at rated speed")
    idle_fans: float = quantity(0.3, "1", 0.0, 1.0, E, "power of the fans while it stands hot, over that while running")
    heat_up_power: float = quantity(1.0, "1", 0.0, 5.0, E, "heat and fans while heating up, over those while running")


class CathodeDryer(Dryer):
    """Dryer of a solvent that burns."""

    exhaust_fraction: float = quantity(1000e-6, "1", 1e-5, 0.0129, "E, 700-3000 ppm", "mole fraction of solvent in the exhaust")

    @model_validator(mode="after")
    def _below_the_explosive_limit(self) -> CathodeDryer:
        if self.exhaust_fraction > 0.5 * LEL_NMP:
            raise ValueError(
                f"exhaust_fraction@{1e6 * self.exhaust_fraction:.0f} ppm are more than half of the lower explosive limit of NMP "
                f"({1e6 * LEL_NMP:.0f} ppm); give at most {0.5e6 * LEL_NMP:.0f} ppm, and at most {0.25e6 * LEL_NMP:.0f} ppm "
                f"without monitoring"
            )
        return self


class AnodeDryer(Dryer):
    """Dryer of water."""

    humidity_gain: float = quantity(0.02, "1", 0.001, 0.1, "E, 0.01-0.03 kg/kg", "water in the exhaust over its air, kg/kg")
    exhaust_temperature: float = quantity(363.15, "K", 313.0, 473.0, E)
    fresh_temperature: float = quantity(293.15, "K", 253.0, 333.0, E)
    wet_temperature: float = quantity(313.15, "K", 283.0, 373.0, E)


class SolventRecovery(Described):
    """Condenser and distillation."""

    captured: float = quantity(0.99, "1", 0.0, 1.0, "E, of the evaporated solvent", "kept out of the exhaust")
    distilled: float = quantity(0.99, "1", 0.0, 1.0, "E; with the above 0.98, BatPaC 5 has 0.995", "given back")
    temperature: float = quantity(285.15, "K", 243.0, 323.0, "E, 10-15 degC", "of the condenser")
    tower_temperature: float = quantity(308.15, "K", 273.0, 353.0, E, "to which tower water cools the exhaust before the chiller")
    cop: float = quantity(4.0, "1", 1.0, 10.0, E, "of the chiller")
    distillation: float = quantity(1.26e6, "J/kg", 0.0, 1e7, "E, 0.2-0.8 kWh/kg, 0.35 usual", "per solvent captured")
    distillation_heat: float = quantity(1.0, "1", 0.0, 1.0, E, "share of it bought as heat, the rest is electricity")


class Calender(Described):
    """The calender, running at the speed of the line."""

    line_load: float = quantity(1e6, "N/m", 0.0, 1e7, "E, 0.4-1.5 MN/m")
    lever: float = quantity(6e-3, "m", 0.0, 0.1, "E, 3-8 mm", "of the force of the nip")
    nips: int = Field(default=1, ge=0, le=10)
    roll_diameter: float = quantity(0.7, "m", 0.1, 2.0, E)
    face: float = quantity(1.2, "m", 0.1, 3.0, E)
    bearings: float = quantity(0.25, "1", 0.0, 2.0, E, "losses over the work of the nip")
    motor: float = quantity(0.92, "1", 0.3, 1.0, E, "efficiency")
    roll_temperature: float = quantity(353.15, "K", 273.0, 500.0, "E, 25 degC cold to 120 degC")
    film: float = quantity(15.0, "W/(m**2*K)", 0.0, 200.0, E, "heat transfer of the rolls to the hall")
    emissivity: float = quantity(0.35, "1", 0.0, 1.0, E)
    heating: float = quantity(0.85, "1", 0.1, 1.0, E, "efficiency of the roll heating, electric")
    heat_up: float = quantity(7200.0, "s", 60.0, 1e6, E, "time in which its rolls reach their temperature")


class Auxiliaries(Described):
    """Fixed loads and floor of a line, whatever its speed."""

    handling: float = quantity(60e3, "W", 0.0, 1e7, "E, as the dry line", "web handling, gauges, hydraulics, controls")
    idle_handling: float = quantity(0.3, "1", 0.0, 1.0, E, "of it while the line stands hot or heats up")
    stopped_handling: float = quantity(0.05, "1", 0.0, 1.0, E, "of it while the line stands cold")
    floor: float = quantity(800.0, "m**2", 0.0, 1e6, "E, as the dry line", "conditioned hall")
    hall_temperature: float = quantity(298.15, "K", 253.0, 333.0, E)


class WetCathode(Described):
    """What is a cathode's own; slurries by family of chemistry, such as LFP or NMC."""

    slurries: dict[str, Slurry] = Field(min_length=1)
    foil: Foil = Foil(name="aluminium_foil", thickness=12e-6, density=2700.0, heat=900.0)
    dryer: CathodeDryer = CathodeDryer()
    recovery: SolventRecovery = SolventRecovery()
    calender: Calender = Calender()


class WetAnode(Described):
    """What is an anode's own."""

    slurries: dict[str, Slurry] = Field(min_length=1)
    foil: Foil = Foil(name="copper_foil", thickness=8e-6, density=8960.0, heat=385.0)
    dryer: AnodeDryer = AnodeDryer()
    calender: Calender = Calender(line_load=0.5e6)


class WetVintage(Described):
    """A wet reference: lines for a cathode and an anode of the same age."""

    name: str = Field(min_length=1, max_length=60)
    description: str = ""
    mixing: float = quantity(0.16, "1", 0.0, 5.0, "E, 0.08-0.25 kWh/kWh", "of both electrodes, over energy of cells")
    cathode_mixing: float = quantity(0.65, "1", 0.0, 1.0, "P, Degen & Schuette 2022", "share of the cathode in it")
    auxiliaries: Auxiliaries = Auxiliaries()
    cathode: WetCathode
    anode: WetAnode
    sources: dict[str, str] = Field(default_factory=dict)

    def slurry(self, electrode: str, chemistry: str) -> Slurry:
        """Slurry of an electrode for a chemistry: its own, or that of its family (NMC for NMC811).

        Raises InputError where the vintage has none: a sulfide, say, does not bear NMP.
        """
        slurries = self.cathode.slurries if electrode == "cathode" else self.anode.slurries
        for name, slurry in slurries.items():
            if re.fullmatch(rf"{re.escape(name)}\d*", chemistry, re.IGNORECASE):
                return slurry
        problem = f"has no slurry of {chemistry}; it has {', '.join(slurries)}: add one"
        raise InputError(self.name, None, f"{electrode}.slurries", problem)


def load_vintage(vintage: str | Path) -> WetVintage:
    """Wet reference by shipped name or YAML file; InputError, with file, line, key and remedy, for everything that is wrong."""
    return load_described("wet", "wet reference", str(vintage), WetVintage)
