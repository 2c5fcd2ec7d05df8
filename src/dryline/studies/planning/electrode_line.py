"""An electrode line as a planner sees it, dry or wet: what it makes, its hours, its steps and what they draw and cost.

Figures are numbers or arrays of one length, one value a sample. SI units; area is that of foil coated on its `sides` sides,
never that of its sides added up, unless a name says `single_sided`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Number = float | NDArray[np.float64]
"""A figure, or one a sample."""

YEAR = 8760.0 * 3600.0
"""Calendar time of a year [s]."""

Carrier = Literal["electricity", "heat", "compressed_air", "chilled_water"]
CARRIERS: tuple[Carrier, ...] = ("electricity", "heat", "compressed_air", "chilled_water")
"""How energy reaches a step. All are final energy as a site buys it [J] and so can be added up: electricity; fuel or steam for
heat, with the losses of its heater; the electricity of the compressor for compressed air and of the chiller for chilled water."""

State = Literal["run", "idle", "heat_up", "stop"]
STATES: tuple[State, ...] = ("run", "idle", "heat_up", "stop")
"""What a line does: it makes electrode (good or not), stands hot, heats up, or stands cold."""


@dataclass(frozen=True)
class Product:
    """One electrode of a cell, as any process has to make it.

    chemistry; areal_capacity: of one coated side [A s/m2]; voltage: mean, of the cell [V]; sides: coated ones; balance: areal
    capacity over that of the counter electrode (1 of a cathode, N/P of an anode); area_ratio: area of this electrode over that
    of the cathode in a cell (1 of a cathode, 1.04 of an anode after BatPaC 5).
    """

    electrode: Literal["cathode", "anode"]
    chemistry: str
    areal_capacity: Number
    voltage: Number
    sides: int = 2
    balance: Number = 1.0
    area_ratio: Number = 1.0

    @property
    def energy_per_area(self) -> Number:
        """Energy of the cell that an area of this electrode carries [J/m2 of foil]: sides x areal capacity x U / (N/P x area
        ratio).
        """
        return self.sides * self.areal_capacity * self.voltage / (self.balance * self.area_ratio)


@dataclass(frozen=True)
class Calendar:
    """Time of a year that a line spends in each state [s]; they add up to YEAR."""

    run: Number
    idle: Number
    heat_up: Number
    stop: Number

    def of(self, state: State) -> Number:
        """Time in a state [s/year]."""
        found: Number = getattr(self, state)
        return found


class Load(NamedTuple):
    """What a step draws of a carrier in each state [W], as final energy at the step."""

    carrier: Carrier
    run: Number
    idle: Number = 0.0
    heat_up: Number = 0.0
    stop: Number = 0.0

    def of(self, state: State) -> Number:
        """Draw in a state [W]."""
        found: Number = getattr(self, state)
        return found


@dataclass(frozen=True)
class Step:
    """One step of a line: its loads, and what the cost model adds: equipment [money of the site], floor [m2], operators on
    shift. A model of a process gives loads only.
    """

    name: str
    loads: tuple[Load, ...] = ()
    equipment: Number = 0.0
    floor: Number = 0.0
    operators: Number = 0.0


class Stuff(NamedTuple):
    """A material that a line takes in: per area that it coats [kg/m2 or m2/m2 of foil, before any loss], and its group.

    group: active, binder, carbon, foil, solvent, other; input_yield: share of what is bought that reaches the coated web (mixing,
    slurry left over); returned: share of what the line rejects or cuts off that is used again as it is (regrind of a dry line,
    recovered solvent of a wet one).
    """

    name: str
    group: Literal["active", "carbon", "binder", "electrolyte", "foil", "solvent", "other"]
    per_area: Number
    unit: Literal["kg", "m2"] = "kg"
    input_yield: Number = 1.0
    returned: Number = 0.0


@dataclass(frozen=True)
class ElectrodeLine:
    """A line for one electrode.

    speed [m/s] and coated_width [m] while it runs; area_yield: good area of electrode over area coated while running (start-up,
    off tolerance, slitting); cell_yield: good cells over what their electrodes could have made. solvent: evaporated per area
    coated [kg/m2]; emitted: share of it that leaves with the exhaust; exhaust: air per area [kg/m2].
    """

    name: str
    process: Literal["dry", "wet"]
    product: Product
    speed: Number
    coated_width: Number
    calendar: Calendar
    area_yield: Number
    cell_yield: Number
    steps: tuple[Step, ...]
    stuffs: tuple[Stuff, ...]
    solvent: Number = 0.0
    emitted: Number = 0.0
    exhaust: Number = 0.0
    origin: str = ""
    """Where its figures come from: the set-up of a line, or the vintage of a wet reference."""

    @property
    def coated_area(self) -> Number:
        """Foil coated in a year [m2], good or not."""
        return self.speed * self.coated_width * self.calendar.run

    @property
    def good_area(self) -> Number:
        """Good electrode in a year [m2 of foil]."""
        return self.coated_area * self.area_yield

    @property
    def good_energy(self) -> Number:
        """Energy of the good cells that a year's electrode goes into [J]."""
        return self.good_area * self.cell_yield * self.product.energy_per_area

    def step(self, name: str) -> Step:
        """Step by name; KeyError if there is none."""
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(name)
