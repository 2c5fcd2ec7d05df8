"""Recipe and material files: schema with units and ranges, turned into the plain values of `materials.recipe`."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Literal

from pydantic import Field, model_validator

from dryline.line.quantities import Described, quantity, required
from dryline.materials import recipe as plain

E = "estimate, assumed"
FEWEST_ROWS = 4
"""Fewest rows of a table of press data."""

RECYCLE_CAP, RECYCLE_LIMIT, SULFIDE_RECYCLE = 0.2, 0.3, 0.05
"""Recycle share above which a set-up warns and above which it refuses, and both of a mix with sulfide electrolyte, whose
conductivity ages (no published limit is known: assumed, adjustable in the recipe)."""


class MaterialFile(Described):
    """A powder."""

    name: str = Field(min_length=1, max_length=60)
    true_density: float = required("kg/m**3", 100.0, 25000.0)
    capacity: float = quantity(0.0, "A*s/kg", 0.0, 2e7, "given for active materials only")
    d50: float = quantity(0.0, "m", 0.0, 1e-2, "given where known")
    sulfide: bool = False
    """It reacts with moist air, also where it is the active component: a separator is made of it."""
    sources: dict[str, str] = Field(default_factory=dict)


class Share(Described):
    """A component of the mix."""

    material: str = Field(min_length=1, max_length=60)
    fraction: float = required("1", 0.0, 1.0)


class Components(Described):
    """The components of a granulate: active material and PTFE, and what else the mix has."""

    active: Share
    carbon: Share | None = None
    ptfe: Share
    electrolyte: Share | None = None
    binder: Share | None = None

    def shares(self) -> dict[str, Share]:
        """Share of every component that the mix has, in the order of COMPONENTS."""
        found = {name: getattr(self, name) for name in plain.COMPONENTS}
        return {name: share for name, share in found.items() if share is not None}


class PowderFile(Described):
    """Granulate."""

    bulk_density: float = required("kg/m**3", 10.0, 10000.0)
    compressibility: float = quantity(12.0, "1", 3.0, 15.0, "8-15, estimate")
    wall_friction: float = quantity(0.2617993877991494, "rad", 0.01, 1.0, "8-22 deg, estimate")
    internal_friction: float = quantity(0.6981317007977318, "rad", 0.1, 1.4, "35-50 deg, estimate")
    granule_d50: float = required("m", 1e-6, 5e-3)
    granule_density: float = quantity(1500.0, "kg/m**3", 50.0, 10000.0, E)
    tapped_density: float | None = quantity(None, "kg/m**3", 10.0, 10000.0, "1.3 times the bulk density, assumed")
    flow_function: float = quantity(4.0, "1", 0.1, 1000.0, "ff_c, 2-10 of granulates, assumed")
    stress_scale: float = quantity(1000.0, "Pa", 1.0, 1e7, E)
    stress_exponent: float = quantity(0.05, "1", 0.0, 0.5, "0.02-0.15, textbook")


def given(unit: str) -> Any:
    """Field of figures that a file gives where its compaction law needs them."""
    return Field(default=None, json_schema_extra={"x-unit": unit, "x-source": "given in the file"})


NEEDED = {
    "heckel": ("P_y", "eps_A"),
    "kawakita": ("a", "b_inverse"),
    "power": ("exponent", "reference_density", "reference_pressure"),
    "table": ("factor", "density", "pressure", "file"),
}
"""Keys of every compaction law; a table has rows of its own or a file."""
RANGES = {
    "P_y": (1e6, 5e9), "E_el": (1e8, 1e11), "eps_A": (0.2, 0.8), "a": (0.05, 0.95), "b_inverse": (1e3, 5e9),
    "exponent": (1.5, 40.0), "reference_density": (0.05, 0.98), "reference_pressure": (1e3, 5e9), "factor": (0.05, 5.0),
    "density": (0.01, 0.985), "pressure": (1.0, 2e10),
}  # fmt: skip


class CompactionFile(Described):
    """Compaction at two temperatures, cold and hot: Heckel's law, or another one with keys of its own."""

    law: Literal["heckel", "kawakita", "power", "table"] = "heckel"
    temperature: tuple[float, float] = Field(json_schema_extra={"x-unit": "K", "x-source": "given in the file"})
    P_y: tuple[float, float] | None = given("Pa")
    E_el: tuple[float, float] = Field(json_schema_extra={"x-unit": "Pa", "x-source": "given in the file"})
    eps_A: tuple[float, float] | None = given("1")
    a: float | None = given("1")
    b_inverse: tuple[float, float] | None = given("Pa")
    exponent: float | None = given("1")
    reference_density: float | None = given("1")
    reference_pressure: tuple[float, float] | None = given("Pa")
    factor: tuple[float, float] | None = given("1")
    density: tuple[float, ...] | None = given("1")
    pressure: tuple[float, ...] | None = given("Pa")
    file: str | None = Field(default=None, min_length=1, max_length=200)

    @model_validator(mode="after")
    def _sensible(self) -> CompactionFile:
        if not 200.0 < self.temperature[0] < self.temperature[1] < 600.0:
            raise ValueError("temperature@must rise from cold to hot, e.g. [25 degC, 110 degC]")
        for name in (name for names in NEEDED.values() for name in names):
            if getattr(self, name) is not None and name not in NEEDED[self.law]:
                raise ValueError(f"{name}@does not belong to the law {self.law}; give law and figures that fit, or remove it")
        rows = () if self.law != "table" else ("density", "pressure") if self.file is None else ("file",)
        for name in NEEDED[self.law] if self.law != "table" else ("factor", *rows):
            if getattr(self, name) is None:
                hint = " (or file: with the name of a CSV file)" if name in ("density", "pressure") else ""
                raise ValueError(f"{name}@is missing; give it{hint}, the law {self.law} needs it")
        for name, (low, high) in RANGES.items():
            figures = getattr(self, name)
            for value in figures if isinstance(figures, tuple) else (figures,):
                if value is not None and not low <= value <= high:
                    raise ValueError(f"{name}@{value:g} is outside {low:g} .. {high:g} (SI)")
        if self.density is not None and self.pressure is not None:
            if len(self.density) != len(self.pressure) or len(self.density) < FEWEST_ROWS:
                raise ValueError(f"pressure@must have as many values as density; give {FEWEST_ROWS} of each or more")
            for name in ("density", "pressure"):
                if any(b <= a for a, b in pairwise(getattr(self, name))):
                    raise ValueError(f"{name}@must rise from value to value; give it so")
        return self

    def plain(self, loose: float) -> plain.Compaction:
        """The plain figures; loose: relative density of the powder bed."""
        law: plain.Law | None = None
        scale, eps_A = self.P_y, self.eps_A
        if self.law == "kawakita" and self.a is not None:
            law, scale = plain.Kawakita(self.a, loose), self.b_inverse
        elif self.law == "power" and self.exponent is not None and self.reference_density is not None:
            law, scale = plain.Power(self.exponent, self.reference_density), self.reference_pressure
        elif self.density is not None and self.pressure is not None and self.factor is not None:
            last = self.pressure[-1]
            law = plain.Pressed(self.density, tuple(p / last for p in self.pressure))
            scale = last * self.factor[0], last * self.factor[1]
        if scale is None:
            raise ValueError(f"the law {self.law} has no figures")
        return plain.Compaction(self.temperature, scale, self.E_el, eps_A or (0.0, 0.0), law)


class FibrillationFile(Described):
    """Three-species law."""

    k_10: float = quantity(6.0e-6, "kg/J", 0.0, 1.0, "f_F 0.5-0.6 after 0.05 kWh/kg, assumed")
    sigma_1: float = quantity(20e3, "Pa", 1.0, 1e8, E)
    a: float = quantity(1.0, "1", 0.1, 5.0, E)
    k_20: float = quantity(4.0e-7, "kg/J", 0.0, 1.0, E)
    sigma_2: float = quantity(40e3, "Pa", 1.0, 1e8, E)
    c: float = quantity(2.0, "1", 0.1, 5.0, E)
    b_T: float = quantity(0.0, "1/delta_degC", -0.1, 0.1, E)
    c_p: float = quantity(800.0, "J/kg/delta_degC", 100.0, 5000.0, "700-900 J/(kg K), estimate")


class StrengthFile(Described):
    """Strength law."""

    k_t: float = quantity(38e6, "Pa", 1e3, 1e10, "0.5-1 MPa at f_F 0.8 and 2.5 wt% PTFE, assumed")
    n: float = quantity(1.0, "1", 0.5, 3.0, "1-1.5, estimate")
    l: float = quantity(2.0, "1", 0.0, 5.0, "about 2, estimate")
    sigma_0: float = quantity(0.0, "Pa", 0.0, 1e7, "0 for oxide cathodes, estimate")


class SulfideFile(Described):
    """Sulfide electrolyte in moist air."""

    k_s: float = quantity(1.1e-5, "kg/m**2/s", 0.0, 1.0, "1 % of conductivity an hour at a dew point of -40 degC, assumed")
    k_w: float = quantity(5.5e-8, "kg/m**2/s", 0.0, 1.0, "water taken up, 1/200 of it, assumed")
    order: float = quantity(1.0, "1", 0.1, 3.0, E)
    surface: float = quantity(2000.0, "m**2/kg", 1.0, 1e6, "spheres of 2 um, derived")
    h2s_yield: float = quantity(1.0, "1", 0.0, 1.9, "at most 1.89, assumed", "H2S per water that reacts, by mass")


class RecipeFile(Described):
    """A recipe file."""

    name: str = Field(min_length=1, max_length=60)
    chemistry: str = Field(min_length=1, max_length=60)
    components: Components
    materials: tuple[MaterialFile, ...] = ()
    loading: float = required("kg/m**2", 0.01, 1.0, "areal mass of one side")
    porosity: float = required("1", 0.02, 0.7, "24 h after the last nip")
    areal_tolerance: float = quantity(0.015, "1", 1e-4, 0.5, "required of good web, decided by the project")
    thickness_tolerance: float = quantity(2e-6, "m", 1e-7, 1e-4, "1.5-2 um usual specification, estimate")
    voltage: float = required("V", 0.0, 6.0, "mean discharge voltage of the cell; 0 for a film that stores no energy")
    balance: float = quantity(1.0, "1", 1.0, 2.0, "areal capacity over that of the counter electrode: N/P of an anode")
    recycle_cap: float | None = quantity(None, "1", 0.0, 0.9, "warns above: 20 %, sulfide mixes 5 %, assumed")
    recycle_limit: float | None = quantity(None, "1", 0.0, 0.9, "refused above: 30 %, sulfide mixes 5 %, assumed")
    moisture: float = quantity(3e-4, "1", 0.0, 0.05, "300-800 ppm targets, estimate")
    powder: PowderFile
    compaction: CompactionFile
    relaxation: float = quantity(0.015, "1", 0.0, 0.2, "0.5-3 %, estimate")
    relaxation_time: float = quantity(600.0, "s", 1.0, 1e5, "10 s - 1 h, estimate")
    fibrillation: FibrillationFile = FibrillationFile()
    strength: StrengthFile = StrengthFile()
    tortuosity_exponent: float = quantity(
        0.65, "1", 0.1, 3.0, "alpha of tau = eps^-alpha: NMC 0.5-0.7, LFP 0.5-0.8, graphite 0.8-1.5, textbook"
    )
    sulfide: SulfideFile = SulfideFile()
    film_modulus: float = quantity(60e6, "Pa", 1e5, 1e10, "50-500 MPa, estimate")
    sources: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _adds_up(self) -> RecipeFile:
        shares = self.components.shares()
        total = sum(share.fraction for share in shares.values())
        if abs(total - 1.0) > 1e-6:
            raise ValueError(f"components@the fractions add up to {100 * total:.4g} %; make them 100 %")
        for name, share in shares.items():
            if share.fraction <= 0.0:
                remedy = "" if name in ("active", "ptfe") else "; leave the component out"
                raise ValueError(f"components.{name}.fraction@must be above 0 %{remedy}")
        return self

    def with_rows(self, density: tuple[float, ...], pressure: tuple[float, ...]) -> RecipeFile:
        """The recipe with the rows of its table in place of the name of their file."""
        rows = {"file": None, "density": density, "pressure": pressure}
        return self.model_copy(update={"compaction": self.compaction.model_copy(update=rows)})


def mixed_density(file: RecipeFile, materials: dict[str, MaterialFile]) -> float:
    """True density of the mix [kg/m3]; KeyError names a missing material."""
    shares = file.components.shares().values()
    return 1.0 / sum(share.fraction / materials[share.material].true_density for share in shares)


def recipe_of(file: RecipeFile, materials: dict[str, MaterialFile]) -> plain.Recipe:
    """The plain recipe from a checked file and the materials it names; KeyError names a missing one."""

    def component(name: str, share: Share) -> plain.Component:
        m = materials[share.material]
        return plain.Component(name, plain.Material(m.name, m.true_density, m.capacity, m.d50), share.fraction)

    shares = file.components.shares()
    sulfides = [name for name, share in shares.items() if name == "electrolyte" or materials[share.material].sulfide]
    aged = bool(sulfides)
    cap = (SULFIDE_RECYCLE if aged else RECYCLE_CAP) if file.recycle_cap is None else file.recycle_cap
    limit = (SULFIDE_RECYCLE if aged else RECYCLE_LIMIT) if file.recycle_limit is None else file.recycle_limit
    f, s, c, p, w = file.fibrillation, file.strength, file.compaction, file.powder, file.sulfide
    return plain.Recipe(
        file.name, file.chemistry, tuple(component(*pair) for pair in shares.items()),
        file.loading, file.porosity, file.areal_tolerance, file.thickness_tolerance, file.voltage, file.balance, file.moisture,
        plain.Powder(
            p.bulk_density, p.compressibility, p.wall_friction, p.internal_friction, p.granule_d50, p.granule_density,
            1.3 * p.bulk_density if p.tapped_density is None else p.tapped_density, p.flow_function, p.stress_scale,
            p.stress_exponent,
        ),
        c.plain(p.bulk_density / mixed_density(file, materials)), file.relaxation, file.relaxation_time,
        plain.Fibrillation(f.k_10, f.sigma_1, f.a, f.k_20, f.sigma_2, f.c, f.b_T, f.c_p),
        plain.Strength(s.k_t, s.n, s.l, s.sigma_0), file.film_modulus, file.tortuosity_exponent, cap, limit,
        plain.Sulfide(w.k_s, w.k_w, w.order, w.surface, w.h2s_yield, sulfides[-1]) if aged else None,
    )  # fmt: skip
