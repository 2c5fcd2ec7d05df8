"""Thinning of film between rolls: gap density for a porosity, spring-back, elongation, work and power.

Built on the virgin curve with memory of `compaction`. A film leaves with D_rel = D_max / (1 +
p_v(D_max)/E_el) and grows slowly, h(t) = h_out (1 + beta_r (1 - exp(-t / tau_r))); "relaxed" is 24 h later.
Elongation lambda acts at the entry: areal mass and thickness fall together, the density does not change.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from dryline.kernel import from_python, kernel, law, log
from dryline.materials.recipe import Law
from dryline.mechanics.rolls import hitchcock_radius
from dryline.process.compaction import DENSEST, Virgin, bed_nip, pressed_nip, released_density
from dryline.process.tabulated import curve_of, curve_pressure, table_nip, table_work

DAY = 86400.0
"""Age [s] at which porosity and thickness of an electrode are stated: 24 h."""

ARC_STEPS = 60
"""Most steps of the fixed point between line load and flattened arc; five to ten are usual."""

LEVER = 0.45
"""Lever arm of the roll force over the contact length, 0.4 to 0.5 (assumed)."""

Pair = tuple[float, float]
"""A figure at the cold and at the hot temperature."""


class Press(NamedTuple):
    """A nip at work: line load [N/m], film stiffness -dq/dS [N/m2], peak pressure [Pa], arc radius [m]."""

    line_load: float
    stiffness: float
    peak: float
    radius: float


def curve_at(
    temperature: float, temperatures: Pair, P_y: Pair, E_el: Pair, eps_A: Pair, K: float, law: Law | None = None
) -> Virgin:
    """Virgin curve at a film temperature [K]: linear between the cold and the hot figures of a granulate.

    Pairs are (cold, hot). Source: P_y(T) = P_y0 (1 - c_T (T - T0)), c_T 1 to 4e-3 1/K (assumed), likewise for
    E_el and eps_A. Beyond a quarter of the interval on either side the figures stay (assumed).
    """
    share = (temperature - temperatures[0]) / (temperatures[1] - temperatures[0])
    share = min(max(share, -0.25), 1.25)

    def at(pair: Pair) -> float:
        return pair[0] + share * (pair[1] - pair[0])

    return curve_of(law, at(P_y), at(E_el), at(eps_A), K)


def relaxation(age: float, beta: float, tau: float) -> float:
    """Thickness at an age [s] behind the nip over that right behind it: 1 + beta_r (1 - exp(-t / tau_r))."""
    return 1.0 + beta * (1.0 - math.exp(-age / tau))


def sprung_thickness(gap: float, peak: float, E_el: float) -> float:
    """Thickness behind the nip [m] from the loaded gap [m] and peak pressure [Pa]: S (1 + p_max / E_el)."""
    return gap * (1.0 + peak / E_el)


def elongated(areal_mass: float, elongation: float, draw: float = 0.0) -> float:
    """Areal mass [kg/m2] behind a span of draw d_s and a nip of elongation lambda: m / ((1 + d_s) lambda)."""
    return areal_mass / ((1.0 + draw) * elongation)


def spread_width(width: float, before: float, after: float, spread: float) -> float:
    """Width [m] behind a nip, W (1 + beta_W ln(h_in/h_out)); beta_W 0 to 0.15 (assumed)."""
    return width * (1.0 + spread * math.log(before / after))


@kernel
def densest(released: float, v: np.ndarray, table: np.ndarray) -> float:
    """Largest density D_max a film must see to have a released density, as a number; nan where none gives it.

    Root of D / (1 + p_v(D)/E_el) = D_rel by bisection: pressure grows faster than density only near full
    density.
    """
    low = released
    high = released
    reached = False
    while not reached and high < DENSEST:
        low = high
        high = min(high + 0.01, DENSEST)
        reached = released_density(high, curve_pressure(high, v, table), v[1]) >= released
    if not reached:
        return math.nan
    for _ in range(60):
        middle = 0.5 * (low + high)
        if released_density(middle, curve_pressure(middle, v, table), v[1]) < released:
            low = middle
        else:
            high = middle
    return high


def density_in_gap(released: float, v: Virgin) -> float:
    """Relative density in the loaded gap that leaves a released density behind; ValueError if none does."""
    dense = float(densest(released, v.figures, v.table))
    if math.isnan(dense):
        raise ValueError(f"a released density of {released:.4f} lies beyond what elastic recovery allows")
    return dense


def pressure(D: float, v: Virgin) -> float:
    """Virgin pressure [Pa] at relative density D."""
    return float(_pressure(D, v.figures, v.table))


_pressure = from_python(curve_pressure)


@kernel
def _press(
    S: float, h_s: float, R: float, h_in: float, D_max: float, compliance: float, v: np.ndarray, beta: np.ndarray,
    table: np.ndarray,
) -> tuple[float, float, float, float]:  # fmt: skip
    P_y, E_el, A, D_J, p_J, K0, f = v[0], v[1], v[2], v[3], v[4], v[5], v[6]
    p_mem = curve_pressure(D_max, v, table)
    radius = R
    q = 0.0
    slope = 0.0
    peak = 0.0
    for _ in range(ARC_STEPS):
        before = radius
        if K0 < 0.0:
            q, slope, peak, _ = table_nip(S, h_s, math.sqrt(radius), D_max, p_mem, P_y, E_el, D_J, table)
        elif D_max >= D_J:
            q, slope, peak, _ = pressed_nip(S, h_s, math.sqrt(radius), D_max, p_mem, P_y, E_el, A)
        else:
            q, slope, peak, _ = bed_nip(
                S, h_s, math.sqrt(radius), D_max, p_mem, P_y, E_el, A, D_J, p_J, K0, f, beta
            )
        radius = hitchcock_radius(R, q, max(h_in - S, 1e-9), compliance)
        if abs(radius - before) <= 1e-9 * R:
            break
    return q, slope, peak, radius


def press(
    gap: float, h_s: float, h_in: float, D_max: float, radius: float, compliance: float, v: Virgin
) -> Press:
    """Press a film or bed in a loaded gap, on the flattened arc.

    Parameters: loaded film gap, solid thickness and thickness at entry [m]; largest density seen (of a bed:
    its own); roll radius R [m]; compliance of the rolls' contact [1/Pa], 0 for rigid rolls.
    """
    q, slope, peak, arc = _press(
        gap, h_s, radius, h_in, D_max, compliance, v.figures, v.beta, v.table
    )
    return Press(float(q), -float(slope), float(peak), float(arc))


@law
def virgin_work(D: float, P_y: float, A: float, D_J: float, p_J: float, K0: float, f: float) -> float:
    """Work of virgin compaction per solid thickness [J/m3], up to a constant: integral of p_v(D) / D^2 dD.

    Heckel line P_y ((ln(1-D) + A)/D + ln(D/(1-D))); power branch p_J (D/D_J)^K / (D (K - 1)).
    """
    d = min(D, D_J) / D_J
    power = p_J * math.exp((K0 - 1.0) * log(d)) / D_J * ((1.0 - f) / (K0 - 1.0) + f * d / K0)
    c = 1.0 - max(D, D_J)
    heckel = P_y * ((log(c) + A) / (1.0 - c) + log((1.0 - c) / c))
    joint = P_y * ((log(1.0 - D_J) + A) / D_J + log(D_J / (1.0 - D_J)))
    return power + heckel - joint


@law
def elastic_work(D_max: float, D_rel: float, E_el: float) -> float:
    """Elastic work per solid thickness [J/m3], released to densest: integral of E (D/D_rel - 1) / D^2 dD."""
    return E_el * (log(D_max / D_rel) / D_rel + 1.0 / D_max - 1.0 / D_rel)


@kernel
def _work(D_in: float, D_out: float, fresh: bool, v: np.ndarray, table: np.ndarray) -> float:
    P_y, E_el, A, D_J, p_J, K0, f = v[0], v[1], v[2], v[3], v[4], v[5], v[6]
    if K0 < 0.0:
        work = P_y * table_work(D_in, D_out, table)
    else:
        work = virgin_work(D_out, P_y, A, D_J, p_J, K0, f) - virgin_work(D_in, P_y, A, D_J, p_J, K0, f)
    if not fresh:
        p_in = curve_pressure(D_in, v, table)
        work += elastic_work(D_in, released_density(D_in, p_in, E_el), E_el)
    p_out = curve_pressure(D_out, v, table)
    return work - elastic_work(D_out, released_density(D_out, p_out, E_el), E_el)


def net_work(h_s: float, D_in: float, D_out: float, v: Virgin, fresh: bool = False) -> float:
    """Net work of a nip per area of film [J/m2]: integral of p dh, loading from rest and unloading to rest.

    Solid thickness [m]; largest density before and in the nip; fresh: powder, which has no elastic rise. The
    same in total for any number of nips between two states.
    """
    if D_out <= D_in:
        return 0.0
    return h_s * float(_work(D_in, D_out, fresh, v.figures, v.table))


def rolling_power(force: float, radius: float, reduction: float, speed: float) -> float:
    """Power [W] that two rolls give to the film of a nip: 2 F a v / R, without bearings and motors.

    Lever arm a = 0.45 sqrt(R dh); roll force [N], radius [m], reduction in the nip [m], surface speed [m/s].
    Form: roll-drive estimate of the energy model (assumed); an upper figure, since friction in the arc is in the lever.
    """
    lever = LEVER * math.sqrt(radius * max(reduction, 0.0))
    return 2.0 * force * lever * speed / radius
