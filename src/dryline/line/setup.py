"""The operating point of a line as a plain value: what the set-up model computes and control receives. SI units."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class LimitCheck:
    """One limit of the operating point: its name, the station, value and bound in `unit`, and whether it holds."""

    limit: str
    station: str
    value: float
    bound: float
    unit: str
    satisfied: bool

    def worded(self) -> str:
        """The limit against its bound in words."""
        return f"{self.limit} at {self.station} is {self.value:.4g} {self.unit} against {self.bound:.4g} {self.unit}"


@dataclass(frozen=True)
class NipSetUp:
    """Set-up of one nip."""

    name: str
    side: str
    kind: str
    mode: str
    elongation: float
    draw: float
    surface_speed: float
    speed_ratio: float
    roll_temperature: float
    areal_mass_out: float
    thickness_in: float
    thickness_out: float
    loaded_gap: float
    chock_gap: float
    porosity_out: float
    line_load: float
    force: float
    peak_pressure: float
    bite_angle: float
    contact_radius: float
    film_stiffness: float
    gap_transfer: float
    crown: float
    bending_force: float
    bending_residual: float
    contact_margin: float
    span_tension: float
    power: float
    contact_length: float = 0.0
    shear_work: float = 0.0
    reduction: float = 0.0
    """Of the thickness in the nip, from film at rest to the loaded gap [m]."""


@dataclass(frozen=True)
class TreatmentSetUp:
    """Powder behind its treatment: moisture of the dryer and behind the transfer [kg/kg dry], agglomerate size [m], share
    rejected as oversize [1], Hausner ratio, class of flow; stress [Pa] and bulk density [kg/m3] in the surge hopper; energy
    of the treatment and the part of it that is heat [J/kg].
    """

    dried_moisture: float
    moisture: float
    agglomerate_d50: float
    oversize: float
    hausner: float
    flow_class: str
    hopper_stress: float
    hopper_density: float
    energy: float
    heat: float = 0.0


@dataclass(frozen=True)
class SetUp:
    """Operating point of a line for a recipe at rated speed."""

    line: str
    recipe: str
    speed: float
    powder_flow: float
    component_flows: dict[str, float]
    screw_speeds: dict[str, float]
    metering_rate: float
    nips: tuple[NipSetUp, ...]
    fibrillator_work: float
    fibrillator_temperature: float
    fibrillator_machines: int
    areal_mass: float
    side_areal_mass: float
    thickness: float
    porosity: float
    film_thickness: float
    gauge_thickness: float
    checks: tuple[LimitCheck, ...]
    recycle_share: float = 0.0
    warnings: tuple[LimitCheck, ...] = ()
    """What is allowed but beyond what is advised."""
    treatment: TreatmentSetUp | None = None
    moisture: float = 0.0
    """Of the granulate [kg/kg dry]."""
    conductivity_factor: float = 1.0
    """Conductivity of the electrolyte at the film over that of fresh one."""
    h2s_rate: float = 0.0
    """Given off into the hall [kg/s]."""
    h2s_fraction: float = 0.0
    """In the air of the hall [mol/mol]."""

    def as_json(self) -> dict[str, Any]:
        """The set-up as JSON values."""
        return asdict(self)


class Infeasible(Exception):
    """The wanted operating point passes a limit: `check` is the first in line order, `broken` lists all."""

    def __init__(self, check: LimitCheck, hint: str, broken: tuple[LimitCheck, ...]) -> None:
        self.check, self.hint, self.broken = check, hint, broken
        self.limit, self.station, self.value, self.bound, self.unit = (
            check.limit, check.station, check.value, check.bound, check.unit,
        )  # fmt: skip
        over = abs(check.value - check.bound)
        more = f" ({len(broken) - 1} more limits bind)" if len(broken) > 1 else ""
        super().__init__(
            f"not feasible: the {check.limit} limit binds at {check.station}: {check.value:.4g} {check.unit} against "
            f"{check.bound:.4g} {check.unit}, by {over:.4g} {check.unit}{more}; {hint}"
        )
