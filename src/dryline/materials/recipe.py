"""Recipe of an electrode: components, targets, and how its granulate flows, fibrillates, compacts and holds together."""

from __future__ import annotations

from dataclasses import dataclass

COMPONENTS = ("active", "carbon", "ptfe", "electrolyte", "binder")
"""Solid components of a mix: active material, conductive carbon, PTFE, solid electrolyte, co-binder. Not every mix has all."""


@dataclass(frozen=True)
class Material:
    """A powder: true density [kg/m3]; specific capacity [A s/kg] and d50 [m] (0 where they mean nothing)."""

    name: str
    true_density: float
    capacity: float = 0.0
    d50: float = 0.0


@dataclass(frozen=True)
class Component:
    """Share of the mix: name is one of COMPONENTS."""

    name: str
    material: Material
    mass_fraction: float


@dataclass(frozen=True)
class Powder:
    """Granulate: bulk density [kg/m3], compressibility exponent K, friction angles [rad], granule size [m] and density;
    tapped density, ff_c, and scale [Pa] and exponent of the bulk density under stress.
    """

    bulk_density: float
    compressibility: float
    wall_friction: float
    internal_friction: float
    granule_d50: float
    granule_density: float
    tapped_density: float
    flow_function: float
    stress_scale: float
    stress_exponent: float


@dataclass(frozen=True)
class Kawakita:
    """Kawakita's law: a largest volume reduction, loose relative density of the powder without pressure."""

    a: float
    loose: float


@dataclass(frozen=True)
class Power:
    """Power law: exponent, and the relative density at which the pressure is that of the scale."""

    exponent: float
    density: float


@dataclass(frozen=True)
class Pressed:
    """Press data: relative density under load, rising, and its pressure over that of the last row."""

    density: tuple[float, ...]
    pressure: tuple[float, ...]


Law = Kawakita | Power | Pressed
"""Compaction laws other than that of Heckel."""


@dataclass(frozen=True)
class Compaction:
    """Compaction figures at two temperatures [K] (cold, hot): P_y, E_el [Pa], rearrangement porosity eps_A.

    With a law other than that of Heckel (None), P_y is the pressure by which it is scaled, and eps_A means nothing.
    """

    temperature: tuple[float, float]
    P_y: tuple[float, float]
    E_el: tuple[float, float]
    eps_A: tuple[float, float]
    law: Law | None = None


@dataclass(frozen=True)
class Fibrillation:
    """Three-species law: rates [kg/J] at f_T = 1, stresses [Pa], exponents, b_T [1/K]; c_p of the mix [J/(kg K)]."""

    k_10: float
    sigma_1: float
    a: float
    k_20: float
    sigma_2: float
    c: float
    b_T: float
    c_p: float


@dataclass(frozen=True)
class Strength:
    """Strength law sigma = max(sigma_0, k_t phi^n f_F D^l)."""

    k_t: float
    n: float
    l: float
    sigma_0: float


@dataclass(frozen=True)
class Sulfide:
    """Sulfide electrolyte in moist air: k_s and k_w [kg/(m2 s)], exponent n of the water mole fraction, specific surface
    [m2/kg], H2S per water that reacts [kg/kg]; the component that is of sulfide.
    """

    k_s: float
    k_w: float
    order: float
    surface: float
    h2s_yield: float
    component: str = "electrolyte"


@dataclass(frozen=True)
class Recipe:
    """An electrode and its powder. Loading [kg/m2] a side, porosity 24 h relaxed, tolerances, mean voltage [V], N/P; recycle
    share above which a set-up warns (cap) and refuses (limit); figures of a sulfide electrolyte, None without.
    """

    name: str
    chemistry: str
    components: tuple[Component, ...]
    loading: float
    porosity: float
    areal_tolerance: float
    thickness_tolerance: float
    voltage: float
    balance: float
    moisture: float
    powder: Powder
    compaction: Compaction
    beta_r: float
    tau_r: float
    fibrillation: Fibrillation
    strength: Strength
    film_modulus: float
    tortuosity_exponent: float
    recycle_cap: float
    recycle_limit: float
    sulfide: Sulfide | None

    @property
    def true_density(self) -> float:
        """True density of the mix [kg/m3]: 1 / sum(x_i / rho_i)."""
        return 1.0 / sum(c.mass_fraction / c.material.true_density for c in self.components)

    @property
    def ptfe_volume(self) -> float:
        """Volume fraction of PTFE in the solid."""
        ptfe = self.component("ptfe")
        return self.true_density * ptfe.mass_fraction / ptfe.material.true_density

    @property
    def fractions(self) -> tuple[float, ...]:
        """Mass fraction of each of COMPONENTS, 0 for those that the mix lacks."""
        found = {component.name: component.mass_fraction for component in self.components}
        return tuple(found.get(name, 0.0) for name in COMPONENTS)

    def component(self, name: str) -> Component:
        """Component by name; KeyError if there is none."""
        for component in self.components:
            if component.name == name:
                return component
        raise KeyError(name)
