r"""Compaction of granulate and film: one virgin curve with plastic memory, and its nip integral in closed form.

Virgin curve (relative density D, porosity eps = 1 - D)::

    p_v(D) = P_y ln(eps_A / (1 - D))           D >= D_J   (Heckel line)
    p_v(D) = p_J (D / D_J)^K                   D <  D_J   (rearrangement, power branch)

joined with equal value and slope. A film remembers the largest density D_max it has seen: released it has
D_rel = D_max / (1 + p_v(D_max)/E_el), and it reloads along p = E_el (D/D_rel - 1) until it meets the virgin curve at
D_max. Over a parabolic gap h(x) = S + x^2/R' the line load q = integral p dx has the closed form programmed below, with
U = x / sqrt(R' S). Units: S, h_s, R' [m], pressures [Pa], q [N/m], dq/dS [N/m2].

A non-integer exponent K = K0 + f blends the two neighbouring integers, (1-f) (D/D_J)^K0 + f (D/D_J)^(K0+1).

Sources: Heckel, Trans. Metall. Soc. AIME 221 (1961) 671 for the line; the memory and the closed forms are derived from
the curve above. Validity: monotone loading in each nip, rates up to 100 m/min without rate effect (assumed).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from dryline.kernel import atan, atan_ratio, atan_series, atan_to_2, from_python, law, log, sqrt

DENSEST = 0.985
"""Relative density above which the law is evaluated as at this density (keeps a Newton step finite)."""

TERMS = 15
"""Number of terms of the power-branch integral: integer exponents up to 15."""


LOOSEST, MOST_EPS = 8.0, 0.7
"""Least exponent of a powder and largest rearrangement porosity of a warm film that the twin works with."""
NO_TABLE = np.zeros((0, 4))
"""In place of the table of a curve that has a closed form."""
NO_TABLE.flags.writeable = False  # as the tables: one type for the compiler


class Virgin(NamedTuple):
    """Virgin curve and elasticity of one granulate at one temperature.

    P_y yield pressure [Pa]; E_el modulus of elastic recovery [Pa]; A = ln(1/eps_A); D_J, p_J density and pressure [Pa]
    where the branches join; K0, f integer part and remainder of the power exponent; beta coefficients of the integral.
    A tabulated curve (see `tabulated`) has K0 = -1, its scale as P_y and its table.
    """

    P_y: float
    E_el: float
    A: float
    D_J: float
    p_J: float
    K0: float
    f: float
    beta: np.ndarray
    table: np.ndarray = NO_TABLE

    @property
    def figures(self) -> np.ndarray:
        """P_y, E_el, A, D_J, p_J, K0, f as an array, as kernels take them."""
        return np.array(self[:7])


@law
def joining_root(eps_A: float, K: float) -> float:
    """Relative density D_J at which the power branch (exponent K) meets the Heckel line with equal slope.

    Root of 1 - e = K e ln(eps_A/e) above eps_A/exp(1); not a number where there is none.
    """
    eps = eps_A
    for _ in range(50):  # Newton from the right on a convex function: every step stays on that side of the root
        slope = K * (1.0 - math.log(eps_A / eps)) - 1.0
        if slope <= 0.0:
            return math.nan
        step = (1.0 - eps - K * eps * math.log(eps_A / eps)) / slope
        eps -= step
        if step <= 1e-15:
            break
    return 1.0 - eps


_root = from_python(joining_root)


def joining_density(eps_A: float, K: float) -> float:
    """`joining_root`; ValueError where the branches do not join."""
    if not (0.0 < eps_A < 1.0 and K > 1.0):
        raise ValueError(f"rearrangement porosity {eps_A} and exponent {K} need 0 < eps_A < 1 and K > 1")
    density = _root(eps_A, K)
    if math.isnan(density):
        raise ValueError(f"rearrangement porosity {eps_A} and exponent {K} give branches that do not join")
    return float(density)


@lru_cache(maxsize=32)
def power_coefficients(K0: int) -> np.ndarray:
    """Coefficients of I_K(u) = beta[0] atan u + u sum_j beta[j] w^j, w = 1/(1+u^2), I_K = integral (1+u^2)^-K du."""
    if not 2 <= K0 <= TERMS:
        raise ValueError(f"power exponent {K0} must lie between 2 and {TERMS}")
    beta = np.zeros(TERMS + 1)
    beta[0] = 1.0
    for k in range(2, K0 + 1):
        beta *= (2 * k - 3) / (2 * k - 2)
        beta[k - 1] = 1.0 / (2 * (k - 1))
    beta.flags.writeable = False
    return beta


def virgin(P_y: float, E_el: float, eps_A: float, K: float) -> Virgin:
    """Virgin curve from yield pressure [Pa], recovery modulus [Pa], rearrangement porosity and power exponent."""
    D_J = joining_density(eps_A, K)
    K0 = math.floor(K + 1e-12)
    p_J = P_y * math.log(eps_A / (1.0 - D_J))
    return Virgin(P_y, E_el, -math.log(eps_A), D_J, p_J, float(K0), max(0.0, K - K0), power_coefficients(K0))


@law
def whole_power(x: float, n: float) -> float:
    """x^n for a whole number n from 0 to 15, by squares."""
    eights = math.floor(n / 8.0)
    fours = math.floor(n / 4.0) - 2.0 * eights
    twos = math.floor(n / 2.0) - 2.0 * math.floor(n / 4.0)
    ones = n - 2.0 * math.floor(n / 2.0)
    square = x * x
    fourth = square * square
    low = (x if ones > 0.5 else 1.0) * (square if twos > 0.5 else 1.0)
    return low * (fourth if fours > 0.5 else 1.0) * (fourth * fourth if eights > 0.5 else 1.0)


@law
def heckel_pressure(D: float, P_y: float, A: float) -> float:
    """Virgin pressure [Pa] at relative density D >= D_J."""
    return P_y * (-log(1.0 - min(D, DENSEST)) - A)


@law
def virgin_pressure(D: float, P_y: float, A: float, D_J: float, p_J: float, K0: float, f: float) -> float:
    """Virgin pressure [Pa] at relative density D: Heckel line at and above D_J, power branch below it."""
    d = min(D, D_J) / D_J
    power = p_J * whole_power(d, K0) * (1.0 - f + f * d)
    heckel = heckel_pressure(D, P_y, A)
    return heckel if D >= D_J else power


@law
def virgin_pressures(D: np.ndarray, v: np.ndarray, out: np.ndarray) -> bool:
    """`virgin_pressure` [Pa] of every lane, v = (P_y, E_el, A, D_J, p_J, K0, f); True where a lane lies below D_J."""
    least = D[0]
    most = D[0]
    for l in range(D.size):
        least = min(least, D[l])
        most = max(most, D[l])
    low = least < v[3]
    if least == most:
        p = virgin_pressure(least, v[0], v[2], v[3], v[4], v[5], v[6])
        for l in range(D.size):
            out[l] = p
    elif low:
        for l in range(D.size):
            out[l] = virgin_pressure(D[l], v[0], v[2], v[3], v[4], v[5], v[6])
    else:
        for l in range(D.size):
            out[l] = heckel_pressure(D[l], v[0], v[2])
    return low


@law
def released_density(D_max: float, p_at_max: float, E_el: float) -> float:
    """Relative density after release from D_max, with p_at_max = p_v(D_max): D_max / (1 + p/E_el)."""
    return D_max / (1.0 + p_at_max / E_el)


@law
def pressed_nip(
    S: float, h_s: float, R_root: float, D_max: float, p_mem: float, P_y: float, E_el: float, A: float
) -> tuple[float, float, float, float]:
    """Line load, slopes and peak pressure of a film with D_max >= D_J in the gap S: the Heckel part with memory.

    Parameters: S loaded film gap [m]; h_s solid thickness [m]; R_root square root of the flattened radius [m^0.5];
    D_max and p_mem = p_v(D_max) [Pa] the film's memory; P_y, E_el [Pa]; A = ln(1/eps_A).
    Returns q [N/m], dq/dS [N/m2], p_max [Pa], -dq/dD_rel [N/m]. Holds for p_max <= 0.17 E_el.
    """
    shared = 1.0 / (S * D_max)
    inv = shared * D_max
    looser = shared * S * (1.0 + p_mem / E_el)
    D = min(h_s * inv, DENSEST)
    arc = R_root * sqrt(S)
    h_rel = D * looser
    rise = max(h_rel - 1.0, 0.0)
    over = D * (shared * S) - 1.0
    U_e = sqrt(rise)
    U_m = sqrt(max(over, 0.0))
    c2 = 1.0 - D
    c = sqrt(c2)
    inv_c = 1.0 / c
    a_m = atan_to_2(U_m)
    a_c = atan_ratio(U_m, c)
    span = h_rel * elastic_arc(U_e, U_m)
    # entry: Heckel part to U_m, elastic part to U_e
    q = P_y * (U_m * (p_mem / P_y) + 2.0 * a_m - 2.0 * c * a_c)
    q += E_el * (span - (U_e - U_m))
    slope = -P_y * (a_c * inv_c - a_m)
    slope -= 0.5 * E_el * (span + U_e - U_m * (1.0 + p_mem / E_el))
    # exit: unloading from the peak along the elastic line
    plastic = over > 0.0
    p = P_y * (-log(c2) - A) if plastic else E_el * rise
    fall = -P_y * D * (inv_c * inv_c) if plastic else (-E_el * h_rel if rise > 0.0 else 0.0)
    q_o, U_a = release(p / E_el)
    slope += 0.5 * E_el * q_o + U_a * fall
    ease = E_el * span + (0.0 if plastic else E_el * h_rel * U_a)
    return arc * (q + E_el * q_o), arc * inv * slope, p, arc * ease * looser


@law
def elastic_arc(U_e: float, U_m: float) -> float:
    """Angle atan U_e - atan U_m of the elastic rise, whose tangent is below 0.41 where p_mem <= 0.17 E_el."""
    t = (U_e - U_m) / (1.0 + U_e * U_m)
    return t * atan_series(t * t)


@law
def release(z: float) -> tuple[float, float]:
    """Exit of a nip for z = p_max/E_el and U_o = sqrt z: (1+z) atan(U_o) - U_o, and atan(U_o)."""
    out = sqrt(max(z, 0.0))
    series = atan_series(min(max(z, 0.0), 0.1715))
    return out * ((1.0 + z) * series - 1.0), out * series


@law
def power_integral(u: float, a: float, w: float, b: Sequence[float] | np.ndarray) -> float:
    """I_K(u) of the power branch from u, a = atan u, w = 1/(1+u^2) and the coefficients of `power_coefficients`."""
    s = b[12] + w * (b[13] + w * (b[14] + w * b[15]))
    s = b[8] + w * (b[9] + w * (b[10] + w * (b[11] + w * s)))
    s = b[4] + w * (b[5] + w * (b[6] + w * (b[7] + w * s)))
    return b[0] * a + u * w * (b[1] + w * (b[2] + w * (b[3] + w * s)))


@law
def bed_nip(
    S: float, h_s: float, R_root: float, D_max: float, p_mem: float, P_y: float, E_el: float, A: float,
    D_J: float, p_J: float, K0: float, f: float, beta: Sequence[float] | np.ndarray,
) -> tuple[float, float, float, float]:  # fmt: skip
    """As `pressed_nip` for any D_max: powder bed (D_max = bed density) or film below D_J, with the power branch."""
    D_1 = max(D_max, D_J)
    shared = 1.0 / (S * h_s * D_max * D_1)
    inv = shared * h_s * D_max * D_1
    inv_m = shared * h_s * S * D_1
    inv_1 = shared * h_s * S * D_max
    inv_D = max(shared * S * S * D_max * D_1, 1.0 / DENSEST)
    looser = inv_m * (1.0 + p_mem / E_el)
    D = min(h_s * inv, DENSEST)
    arc = R_root * sqrt(S)
    h_rel = D * looser
    rise = max(h_rel - 1.0, 0.0)
    over_m = max(D * inv_m - 1.0, 0.0)
    over_1 = max(D * inv_1 - 1.0, 0.0)
    U_e = sqrt(rise)
    U_m = sqrt(over_m)
    U_1 = sqrt(over_1)
    c2 = 1.0 - D
    c = sqrt(c2)
    inv_c = 1.0 / c
    a_1 = atan(U_1)
    a_c = atan_ratio(U_1, c)
    a_m = atan(U_m)
    span = h_rel * elastic_arc(U_e, U_m)
    q = P_y * (U_1 * (max(p_mem, p_J) / P_y) + 2.0 * a_1 - 2.0 * c * a_c)
    slope = -P_y * (a_c * inv_c - a_1)
    # power branch from U_1 to U_m
    d = D / D_J
    end = min(D_max / D_J, 1.0)
    d_K = whole_power(d, K0)
    e_K = min(p_mem, p_J) / (p_J * (1.0 - f + f * end))
    J_0 = power_integral(U_m, a_m, min(D_max * inv_D, 1.0), beta)
    J_0 -= power_integral(U_1, a_1, min(D_1 * inv_D, 1.0), beta)
    J_0 *= d_K
    J_1 = d * ((U_m * e_K - U_1) / (2.0 * K0) + (2.0 * K0 - 1.0) / (2.0 * K0) * J_0)
    q += p_J * ((1.0 - f) * J_0 + f * J_1)
    G_0 = 0.5 * (U_m * e_K - U_1) + (K0 - 0.5) * J_0
    G_1 = 0.5 * (U_m * e_K * end - U_1) + (K0 + 0.5) * J_1
    slope -= p_J * ((1.0 - f) * G_0 + f * G_1)
    # elastic part from U_m to U_e
    q += E_el * (span - (U_e - U_m))
    slope -= 0.5 * E_el * (span + U_e - U_m * (1.0 + p_mem / E_el))
    # exit
    dense = D > D_J
    p_v = P_y * (-log(c2) - A) if dense else p_J * d_K * (1.0 - f + f * d)
    fall_v = P_y * D * (inv_c * inv_c) if dense else p_J * d_K * ((1.0 - f) * K0 + f * d * (K0 + 1.0))
    plastic = D > D_max
    p = p_v if plastic else E_el * rise
    fall = -fall_v if plastic else (-E_el * h_rel if rise > 0.0 else 0.0)
    q_o, U_a = release(p / E_el)
    slope += 0.5 * E_el * q_o + U_a * fall
    ease = E_el * span + (0.0 if plastic else E_el * h_rel * U_a)
    return arc * (q + E_el * q_o), arc * inv * slope, p, arc * ease * looser
