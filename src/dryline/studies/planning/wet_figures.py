"""Figures of one wet line as plain values: of a vintage, for an electrode and its chemistry; any may be an array over samples."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

import numpy as np

from dryline.line.wet import Calender, SolventRecovery, WetVintage
from dryline.process.drying import NMP, REFUSED, WATCHED, WATER, Dryer, Solvent, explosive_share, humid_fraction
from dryline.process.solvent_recovery import Recovery
from dryline.studies.planning.electrode_line import Number


@dataclass(frozen=True)
class WetFigures:
    """All that a wet line is computed from, in SI units; numbers, or arrays of one length over samples.

    Ranges and sources stand in the schema of the vintage (`dryline.line.wet`), whose names they keep. `mixing` and `calendering`
    are energies over that of the cells, of both electrodes; `mixing_share` and `calendering_share` are what this electrode has of
    them (published: 65 and 50 % of the cathode). Without `calendering` it is computed from the drive and the heat of the rolls.
    """

    vintage: str
    electrode: Literal["cathode", "anode"]
    solvent: Solvent
    binder_name: str
    foil_name: str
    active: Number
    carbon: Number
    binder: Number
    solids: Number
    solids_heat: Number
    input_yield: Number
    foil_mass: Number
    foil_heat: Number
    exhaust_fraction: Number
    heat_recovery: Number
    fresh_temperature: Number
    exhaust_temperature: Number
    wet_temperature: Number
    losses: Number
    heater_efficiency: Number
    nozzle_drop: Number
    circulation_pressure: Number
    exhaust_pressure: Number
    fan_efficiency: Number
    minimum_exhaust: Number
    idle_exhaust: Number
    idle_fans: Number
    heat_up_power: Number
    captured: Number
    distilled: Number
    condenser_temperature: Number
    tower_temperature: Number
    cop: Number
    distillation: Number
    distillation_heat: Number
    line_load: Number
    lever: Number
    nips: Number
    roll_diameter: Number
    face: Number
    bearings: Number
    motor: Number
    roll_temperature: Number
    film: Number
    emissivity: Number
    roll_heating: Number
    roll_heat_up: Number
    mixing: Number
    mixing_share: Number
    handling: Number
    idle_handling: Number
    stopped_handling: Number
    floor: Number
    hall_temperature: Number
    calendering: Number | None = None
    calendering_share: Number = 0.5

    @property
    def dryer(self) -> Dryer:
        """The dryer as its law takes it."""
        return Dryer(
            self.fresh_temperature, self.exhaust_temperature, self.wet_temperature, self.heat_recovery, self.losses,
            self.heater_efficiency, self.nozzle_drop,
        )  # fmt: skip

    @property
    def recovery(self) -> Recovery:
        """The recovery as its law takes it."""
        return Recovery(
            self.captured, self.distilled, self.condenser_temperature, self.tower_temperature, self.cop, self.distillation
        )

    def warnings(self) -> tuple[str, ...]:
        """What is allowed but wants attention: an exhaust that needs monitoring."""
        most = float(np.max(explosive_share(self.exhaust_fraction, self.solvent)))
        if most <= WATCHED * (1.0 + 1e-9):
            return ()
        ppm = 1e6 * most * float(np.max(self.solvent.explosive))
        held = f"the exhaust of the {self.electrode} dryer holds up to {ppm:.0f} ppm of {self.solvent.name}"
        limit = f"{100.0 * most:.0f} % of its lower explosive limit; above {100.0 * WATCHED:.0f} % it needs monitoring"
        return (f"{held}, {limit}",)


def wet_figures(
    vintage: WetVintage, electrode: Literal["cathode", "anode"], chemistry: str, **changes: Number | None
) -> WetFigures:
    """Figures of a vintage for an electrode and a chemistry, some of them changed.

    changes: figures by name, numbers or arrays (n,); `humidity_gain` [kg/kg] may stand for `exhaust_fraction`, and
    `foil_thickness` [m] for `foil_mass`. Raises InputError where the vintage has no slurry for the chemistry, TypeError for an
    unknown name, ValueError for an exhaust above half of the lower explosive limit and for shares that cannot be.
    """
    own = vintage.cathode if electrode == "cathode" else vintage.anode
    slurry, foil, dryer, calender = vintage.slurry(electrode, chemistry), own.foil, own.dryer, own.calender
    solvent = NMP if electrode == "cathode" else WATER
    share = vintage.cathode_mixing
    fraction = (
        vintage.cathode.dryer.exhaust_fraction
        if electrode == "cathode"
        else humid_fraction(vintage.anode.dryer.humidity_gain, solvent.molar_mass)
    )
    found = WetFigures(
        vintage=vintage.name, electrode=electrode, solvent=solvent, binder_name=slurry.binder_name, foil_name=foil.name,
        active=slurry.active, carbon=slurry.carbon, binder=slurry.binder, solids=slurry.solids, solids_heat=slurry.heat,
        input_yield=slurry.input_yield, foil_mass=foil.thickness * foil.density, foil_heat=foil.heat, exhaust_fraction=fraction,
        heat_recovery=dryer.heat_recovery, fresh_temperature=dryer.fresh_temperature, wet_temperature=dryer.wet_temperature,
        exhaust_temperature=dryer.exhaust_temperature, losses=dryer.losses, heater_efficiency=dryer.heater_efficiency,
        nozzle_drop=dryer.nozzle_drop, circulation_pressure=dryer.circulation_pressure, exhaust_pressure=dryer.exhaust_pressure,
        fan_efficiency=dryer.fan_efficiency, minimum_exhaust=dryer.minimum_exhaust, idle_exhaust=dryer.idle_exhaust,
        idle_fans=dryer.idle_fans, heat_up_power=dryer.heat_up_power,
        **_recovery(vintage.cathode.recovery if electrode == "cathode" else None), **_calender(calender),
        mixing=vintage.mixing, mixing_share=share if electrode == "cathode" else 1.0 - share,
        handling=vintage.auxiliaries.handling, idle_handling=vintage.auxiliaries.idle_handling,
        stopped_handling=vintage.auxiliaries.stopped_handling, floor=vintage.auxiliaries.floor,
        hall_temperature=vintage.auxiliaries.hall_temperature,
    )  # fmt: skip
    known: dict[str, Any] = _known(changes, foil.density, solvent)
    return checked(replace(found, **known))


def checked(figures: WetFigures) -> WetFigures:
    """The figures themselves; ValueError where a sample explodes or a share is none."""
    if np.any(np.asarray(explosive_share(figures.exhaust_fraction, figures.solvent)) > REFUSED * (1.0 + 1e-9)):
        limit = 1e6 * REFUSED * float(np.min(figures.solvent.explosive))
        raise ValueError(
            f"exhaust_fraction of {figures.solvent.name} exceeds {limit:.0f} ppm, half of the lower explosive limit; give less"
        )
    for name, low, high in (
        ("solids", 0.0, 1.0), ("active", 0.0, 1.0), ("heat_recovery", 0.0, 1.0), ("heater_efficiency", 0.0, 1.0),
        ("captured", 0.0, 1.0), ("distilled", 0.0, 1.0), ("exhaust_fraction", 0.0, 1.0),
    ):  # fmt: skip
        value = np.asarray(getattr(figures, name))
        least = low if name in ("heat_recovery", "captured", "distilled") else np.nextafter(low, high)
        if not np.all((value >= least) & (value <= high)):
            raise ValueError(f"{name} is outside {low:g} to {high:g}; give a share inside")
    return figures


def _known(changes: dict[str, Number | None], foil_density: float, solvent: Solvent) -> dict[str, Number | None]:
    names = [field.name for field in fields(WetFigures) if str(field.type).startswith("Number")]
    found: dict[str, Number | None] = {}
    for name, value in changes.items():
        if name == "humidity_gain" and value is not None:
            found["exhaust_fraction"] = humid_fraction(value, solvent.molar_mass)
        elif name == "foil_thickness" and value is not None:
            found["foil_mass"] = value * foil_density
        elif name in names:
            found[name] = value
        else:
            near = difflib.get_close_matches(name, [*names, "humidity_gain", "foil_thickness"], 1)
            raise TypeError(f"a wet line has no figure {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    return found


def _recovery(recovery: SolventRecovery | None) -> dict[str, float]:
    """Figures of a recovery; without one all solvent leaves with the exhaust."""
    r = recovery or SolventRecovery(captured=0.0, distilled=0.0, distillation=0.0)
    return {
        "captured": r.captured, "distilled": r.distilled, "condenser_temperature": r.temperature, "cop": r.cop,
        "tower_temperature": r.tower_temperature, "distillation": r.distillation, "distillation_heat": r.distillation_heat,
    }  # fmt: skip


def _calender(c: Calender) -> dict[str, float]:
    return {
        "line_load": c.line_load, "lever": c.lever, "nips": float(c.nips), "roll_diameter": c.roll_diameter, "face": c.face,
        "bearings": c.bearings, "motor": c.motor, "roll_temperature": c.roll_temperature, "film": c.film,
        "emissivity": c.emissivity, "roll_heating": c.heating, "roll_heat_up": c.heat_up,
    }  # fmt: skip
