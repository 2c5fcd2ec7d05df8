r"""Compaction laws other than that of Heckel, as one table of the virgin curve; memory and release as in `compaction`.

A law gives the virgin pressure over a scale pressure P, g(D) = p_v(D)/P. P plays the part of the yield pressure: it carries
temperature, lot and yield factor. The table holds g on `CELLS` equal cells of relative density D from 0 to `DENSEST`, in
each a cubic through the values and slopes at its ends (Hermite, slopes limited so that g never falls; Fritsch & Carlson,
SIAM J. Numer. Anal. 17 (1980) 238): value and slope are continuous. The laws::

    Kawakita   C = (V0 - V)/V0 = a b p / (1 + b p),  C = 1 - D_0/D,  P = 1/b:    g = C / (a - C)
    power      p = P (D / D_ref)^K                                               (slope of log p over log rho; Johanson)
    press data cubic spline of ln p over D through the rows, P the pressure of the last one; where the spline would fall,
               the monotone cubics of Fritsch & Carlson

Below the first row of press data p goes on as a power of D, beyond the last as a Heckel line, both with value and slope of
that end; Kawakita's law, which has a pole, goes on so beyond `NEAR_POLE` of its largest volume reduction (assumed).

Over the parabolic gap the virgin part of the line load, from U = 0 to U_m = sqrt(D/D_max - 1), is a Gauss-Legendre sum of
p_v(D/(1 + U^2)); elastic entry and exit keep their closed forms. The integrand is even in U, so the nodes of the part at
U = 0 are the positive half of a rule twice as long. Units as in `compaction`.

Sources: Kawakita & Luedde, Powder Technol. 4 (1971) 61; Johanson, J. Appl. Mech. 32 (1965) 842. Validity: monotone loading,
a law within its data.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.interpolate import CubicSpline, PchipInterpolator

from dryline.kernel import law, sqrt
from dryline.materials.recipe import Kawakita, Law, Power, Pressed
from dryline.process.compaction import (
    DENSEST,
    Virgin,
    elastic_arc,
    power_coefficients,
    release,
    virgin,
    virgin_pressure,
    virgin_pressures,
)

CELLS = 1024
"""Cells of the table: smooth laws are met to 1e-8, a jump of curvature (a joint of two branches) to 1e-6."""
PER_DENSITY = CELLS / DENSEST
"""Cells per unit of relative density."""
TABULATED = -1.0
"""K0 of a tabulated curve."""
NEAR_POLE = 0.99
"""Share of its largest volume reduction up to which Kawakita's law is taken."""
LOOSER = 0.8
"""Density, over that of the scale pressure, below which a nip sums a smooth law in two parts."""
NODES = 12
"""Nodes of the Gauss-Legendre sum in each part."""
WORK_NODES = 3
"""Nodes in each cell of the table for the work of compaction: exact for the cubic but for the factor 1/D^2 (1e-12)."""

_even, _even_weights = np.polynomial.legendre.leggauss(2 * NODES)
_plain, _plain_weights = np.polynomial.legendre.leggauss(NODES)
_short, _short_weights = np.polynomial.legendre.leggauss(WORK_NODES)
HALF = _even[NODES:].copy()
HALF_WEIGHTS = _even_weights[NODES:].copy()
WHOLE = 0.5 * (1.0 + _plain)
WHOLE_WEIGHTS = 0.5 * _plain_weights
SHORT = 0.5 * (1.0 + _short)
SHORT_WEIGHTS = 0.5 * _short_weights


def cubics(value: np.ndarray, slope: np.ndarray) -> np.ndarray:
    """Coefficients (cell, 4) of monotone cubics from values and slopes against density at the ends of all cells."""
    rise = np.diff(value)
    slope = slope / PER_DENSITY
    most = 3.0 * np.minimum(np.append(rise, np.inf), np.insert(rise, 0, np.inf))
    slope = np.clip(slope, 0.0, most)
    left, right = slope[:-1], slope[1:]
    return np.column_stack((value[:-1], left, 3.0 * rise - 2.0 * left - right, left + right - 2.0 * rise))


def _heckel_on(D: np.ndarray, end: float, value: float, slope: float) -> tuple[np.ndarray, np.ndarray]:
    """Value and slope beyond an end: the Heckel line through value and slope there."""
    return value + slope * (1.0 - end) * np.log((1.0 - end) / (1.0 - D)), slope * (1.0 - end) / (1.0 - D)


def _kawakita(D: np.ndarray, law: Kawakita) -> tuple[np.ndarray, np.ndarray]:
    end = min(law.loose / (1.0 - NEAR_POLE * law.a), DENSEST)
    inside = np.clip(D, law.loose, end)
    reduction = 1.0 - law.loose / inside
    value = reduction / (law.a - reduction)
    slope = law.a / (law.a - reduction) ** 2 * law.loose / inside**2
    beyond = _heckel_on(np.maximum(D, end), end, value[-1], slope[-1])
    slope = np.where(law.loose > D, 0.0, slope)
    return np.where(end < D, beyond[0], value), np.where(end < D, beyond[1], slope)


def _log_curve(law: Pressed) -> CubicSpline | PchipInterpolator:
    """Logarithm of the pressure over density, rising; ValueError where the rows do not rise."""
    density, log_p = np.array(law.density), np.log(law.pressure)
    if density.size < 4 or (np.diff(density) <= 0.0).any() or (np.diff(log_p) <= 0.0).any():
        raise ValueError("press data need four rows or more, density and pressure rising")
    curve = CubicSpline(density, log_p)
    if curve(np.linspace(density[0], density[-1], CELLS), 1).min() <= 0.0:
        return PchipInterpolator(density, log_p)
    return curve


def _pressed(D: np.ndarray, law: Pressed) -> tuple[np.ndarray, np.ndarray]:
    density, curve = np.array(law.density), _log_curve(law)
    inside = np.clip(D, density[0], density[-1])
    value = np.exp(curve(inside))
    slope = value * curve(inside, 1)
    first, last = float(density[0]), float(density[-1])
    power = max(float(curve(first, 1)) * first, 1.0)
    loose = value[0] * (np.minimum(D, first) / first) ** power
    loose_slope = value[0] * power / first * (np.minimum(D, first) / first) ** (power - 1.0)
    beyond = _heckel_on(np.maximum(D, last), last, value[-1], slope[-1])
    value = np.where(first > D, loose, np.where(last < D, beyond[0], value))
    return value, np.where(first > D, loose_slope, np.where(last < D, beyond[1], slope))


@lru_cache(maxsize=8)
def tabulate(law: Law) -> np.ndarray:
    """Table (cell, 4) of a law; ValueError where press data do not rise."""
    D = np.arange(CELLS + 1) / PER_DENSITY
    if isinstance(law, Kawakita):
        value, slope = _kawakita(D, law)
    elif isinstance(law, Power):
        value = (D / law.density) ** law.exponent
        slope = law.exponent / law.density * (D / law.density) ** (law.exponent - 1.0)
    else:
        value, slope = _pressed(D, law)
    table = cubics(value, slope)
    table.flags.writeable = False
    return table


@lru_cache(maxsize=8)
def joint_of(law: Law) -> float:
    """Density below which a nip sums in two parts: where the curvature of press data changes most, so that it is met."""
    if isinstance(law, Kawakita):
        return LOOSER * law.loose / (1.0 - 0.5 * law.a)
    if isinstance(law, Power):
        return LOOSER * law.density
    density, curve = np.array(law.density), _log_curve(law)
    middle = 0.5 * (density[1:] + density[:-1])
    return float(density[1 + int(np.argmax(np.abs(np.diff(curve(middle, 2)))))])


def tabulated(P: float, E_el: float, table: np.ndarray, joint: float) -> Virgin:
    """Virgin curve from a scale pressure [Pa], recovery modulus [Pa], table and the density below which nips sum apart."""
    return Virgin(P, E_el, 0.0, joint, 0.0, TABULATED, 0.0, power_coefficients(2), table)


def curve_of(law: Law | None, P_y: float, E_el: float, eps_A: float, K: float) -> Virgin:
    """Virgin curve of a law; of Heckel's (None) from rearrangement porosity and power exponent too."""
    return virgin(P_y, E_el, eps_A, K) if law is None else tabulated(P_y, E_el, tabulate(law), joint_of(law))


@law
def table_at(D: float, table: np.ndarray) -> tuple[float, float]:
    """Pressure over scale, and its slope against relative density."""
    x = min(max(D, 0.0), DENSEST) * PER_DENSITY
    cell = max(min(int(x), CELLS - 1), 0)
    t = x - cell
    a, b, c, d = table[cell, 0], table[cell, 1], table[cell, 2], table[cell, 3]
    return a + t * (b + t * (c + t * d)), PER_DENSITY * (b + t * (2.0 * c + t * (3.0 * d)))


@law
def curve_pressure(D: float, v: np.ndarray, table: np.ndarray) -> float:
    """Virgin pressure [Pa] of any law at relative density D, v = `Virgin.figures`."""
    if v[5] < 0.0:
        p, _ = table_at(D, table)
        return v[0] * p
    return virgin_pressure(D, v[0], v[2], v[3], v[4], v[5], v[6])


@law
def curve_pressures(D: np.ndarray, v: np.ndarray, table: np.ndarray, out: np.ndarray) -> bool:
    """`curve_pressure` [Pa] of every lane; True where a lane lies below D_J."""
    if v[5] < 0.0:
        low = False
        for l in range(D.size):
            p, _ = table_at(D[l], table)
            out[l] = v[0] * p
            low = low or D[l] < v[3]
        return low
    return virgin_pressures(D, v, out)


@law
def part(
    a: float, b: float, D: float, table: np.ndarray, nodes: np.ndarray, weights: np.ndarray
) -> tuple[float, float]:  # fmt: skip
    """Integrals of g and of D g'/(1 + U^2)^2 over U from a to b at the density D/(1 + U^2)."""
    load = 0.0
    ease = 0.0
    for j in range(nodes.size):
        u = a + (b - a) * nodes[j]
        w = 1.0 / (1.0 + u * u)
        p, rise = table_at(D * w, table)
        load += weights[j] * p
        ease += weights[j] * rise * (w * w)
    return (b - a) * load, (b - a) * D * ease


@law
def table_nip(
    S: float, h_s: float, R_root: float, D_max: float, p_mem: float, P: float, E_el: float, D_J: float, table: np.ndarray
) -> tuple[float, float, float, float]:
    """As `compaction.pressed_nip` for a tabulated curve and any D_max; below D_J the virgin part is summed apart.

    Returns q [N/m], dq/dS [N/m2], p_max [Pa], -dq/dD_rel [N/m]. Holds for p_max <= 0.17 E_el.
    """
    inv = 1.0 / S
    looser = (1.0 + p_mem / E_el) / D_max
    D = min(h_s * inv, DENSEST)
    arc = R_root * sqrt(S)
    h_rel = D * looser
    rise = max(h_rel - 1.0, 0.0)
    over = D / D_max - 1.0
    U_e = sqrt(rise)
    U_m = sqrt(max(over, 0.0))
    U_1 = min(sqrt(D / D_J - 1.0), U_m) if D > D_J else U_m
    span = h_rel * elastic_arc(U_e, U_m)
    # entry: virgin part to U_m, elastic part to U_e
    load, ease_v = part(0.0, U_1, D, table, HALF, HALF_WEIGHTS)
    if U_m > U_1:
        more, more_ease = part(U_1, U_m, D, table, WHOLE, WHOLE_WEIGHTS)
        load += more
        ease_v += more_ease
    q = P * load + E_el * (span - (U_e - U_m))
    # the end of the virgin part moves with the gap, but both parts have the same pressure there
    slope = -P * ease_v - 0.5 * E_el * (span + U_e - U_m * (1.0 + p_mem / E_el))
    # exit: unloading from the peak along the elastic line
    plastic = over > 0.0
    top, steep = table_at(D, table)
    p = P * top if plastic else E_el * rise
    fall = -P * steep * D if plastic else (-E_el * h_rel if rise > 0.0 else 0.0)
    q_o, U_a = release(p / E_el)
    slope += 0.5 * E_el * q_o + U_a * fall
    ease = E_el * span + (0.0 if plastic else E_el * h_rel * U_a)
    return arc * (q + E_el * q_o), arc * inv * slope, p, arc * ease * looser


@law
def table_work(D_in: float, D_out: float, table: np.ndarray) -> float:
    """Work of virgin compaction per solid thickness over scale pressure [1]: integral of g/D^2 dD over the cells."""
    first = max(int(D_in * PER_DENSITY), 0)
    last = min(int(D_out * PER_DENSITY), CELLS - 1)
    work = 0.0
    for cell in range(first, last + 1):
        a = max(D_in, cell / PER_DENSITY)
        b = min(D_out, (cell + 1) / PER_DENSITY)
        for j in range(SHORT.size):
            D = a + (b - a) * SHORT[j]
            p, _ = table_at(D, table)
            work += SHORT_WEIGHTS[j] * (b - a) * p / (D * D)
    return work
