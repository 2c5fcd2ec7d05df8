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
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq

from dryline.kernel import atan, exp, law, log, sqrt

DENSEST = 0.985
"""Relative density above which the law is evaluated as at this density (keeps a Newton step finite)."""

TERMS = 15
"""Number of terms of the power-branch integral: integer exponents up to 15."""


class Virgin(NamedTuple):
    """Virgin curve and elasticity of one granulate at one temperature.

    P_y yield pressure [Pa]; E_el modulus of elastic recovery [Pa]; A = ln(1/eps_A); D_J, p_J density and pressure [Pa]
    where the branches join; K0, f integer part and remainder of the power exponent; beta coefficients of the integral.
    """

    P_y: float
    E_el: float
    A: float
    D_J: float
    p_J: float
    K0: float
    f: float
    beta: np.ndarray


def joining_density(eps_A: float, K: float) -> float:
    """Relative density D_J at which the power branch (exponent K) meets the Heckel line with equal slope.

    Root of 1 - e = K e ln(eps_A/e) above eps_A/exp(1); ValueError where there is none.
    """
    if not (0.0 < eps_A < 1.0 and K > 1.0):
        raise ValueError(f"rearrangement porosity {eps_A} and exponent {K} need 0 < eps_A < 1 and K > 1")
    eps = brentq(lambda e: 1.0 - e - K * e * math.log(eps_A / e), eps_A / math.e, eps_A, xtol=1e-15, rtol=1e-14)
    return 1.0 - float(eps)


def power_coefficients(K0: int) -> np.ndarray:
    """Coefficients of I_K(u) = beta[0] atan u + u sum_j beta[j] w^j, w = 1/(1+u^2), I_K = integral (1+u^2)^-K du."""
    if not 2 <= K0 <= TERMS:
        raise ValueError(f"power exponent {K0} must lie between 2 and {TERMS}")
    beta = np.zeros(TERMS + 1)
    beta[0] = 1.0
    for k in range(2, K0 + 1):
        beta *= (2 * k - 3) / (2 * k - 2)
        beta[k - 1] = 1.0 / (2 * (k - 1))
    return beta


def virgin(P_y: float, E_el: float, eps_A: float, K: float) -> Virgin:
    """Virgin curve from yield pressure [Pa], recovery modulus [Pa], rearrangement porosity and power exponent."""
    D_J = joining_density(eps_A, K)
    K0 = math.floor(K + 1e-12)
    p_J = P_y * math.log(eps_A / (1.0 - D_J))
    return Virgin(P_y, E_el, -math.log(eps_A), D_J, p_J, float(K0), max(0.0, K - K0), power_coefficients(K0))


@law
def virgin_pressure(D: float, P_y: float, A: float, D_J: float, p_J: float, K0: float, f: float) -> float:
    """Virgin pressure [Pa] at relative density D: Heckel line at and above D_J, power branch below it."""
    d = min(D, D_J) / D_J
    power = p_J * exp(K0 * log(max(d, 1e-30))) * (1.0 - f + f * d)
    heckel = P_y * (-log(1.0 - min(D, DENSEST)) - A)
    return heckel if D >= D_J else power


@law
def released_density(D_max: float, p_at_max: float, E_el: float) -> float:
    """Relative density after release from D_max, with p_at_max = p_v(D_max): D_max / (1 + p/E_el)."""
    return D_max / (1.0 + p_at_max / E_el)


@law
def pressed_nip(
    S: float, h_s: float, R_root: float, D_max: float, p_mem: float, D_rel: float, P_y: float, E_el: float, A: float
) -> tuple[float, float, float]:
    """Line load, slope and peak pressure of a film with D_max >= D_J in the gap S: the Heckel part with memory.

    Parameters: S loaded film gap [m]; h_s solid thickness [m]; R_root square root of the flattened radius [m^0.5];
    D_max, p_mem = p_v(D_max) [Pa] and D_rel the film's memory; P_y, E_el [Pa]; A = ln(1/eps_A).
    Returns q [N/m], dq/dS [N/m2], p_max [Pa].
    """
    inv = 1.0 / S
    D = min(h_s * inv, DENSEST)
    arc = R_root * sqrt(S)
    rise = D / D_rel - 1.0
    U_e = sqrt(max(rise, 0.0))
    U_m = sqrt(max(D / D_max - 1.0, 0.0))
    c2 = 1.0 - D
    c = sqrt(c2)
    a_m = atan(U_m)
    a_c = atan(U_m / c)
    span = atan((U_e - U_m) / (1.0 + U_e * U_m))
    h_rel = 1.0 + U_e * U_e
    # entry: Heckel part to U_m, elastic part to U_e
    q = P_y * (U_m * (p_mem / P_y) + 2.0 * a_m - 2.0 * c * a_c)
    q += E_el * (h_rel * span - (U_e - U_m))
    slope = -P_y * (a_c / c - a_m)
    slope -= 0.5 * E_el * h_rel * (span + U_e / (1.0 + U_e * U_e) - U_m / (1.0 + U_m * U_m))
    # exit: unloading from the peak along the elastic line
    plastic = D > D_max
    heckel = P_y * (-log(c2) - A)
    p = heckel if plastic else E_el * max(rise, 0.0)
    fall = -P_y * D / c2 if plastic else (-E_el * D / D_rel if rise > 0.0 else 0.0)
    z = p / E_el
    U_o = sqrt(max(z, 0.0))
    q_o = E_el * U_o * release_integral(z)
    slope += 0.5 * q_o + U_o * release_arc(z) * fall
    return arc * (q + q_o), arc * inv * slope, p


@law
def release_integral(z: float) -> float:
    """[(1+z) atan(sqrt z) - sqrt z] / sqrt z as a series in z = p_max/E_el (1e-9 for z <= 0.12)."""
    s = 2.0 / 323.0 - z * (2.0 / 399.0 - z * (2.0 / 483.0))
    s = 2.0 / 143.0 - z * (2.0 / 195.0 - z * (2.0 / 255.0 - z * s))
    s = 2.0 / 35.0 - z * (2.0 / 63.0 - z * (2.0 / 99.0 - z * s))
    return z * (2.0 / 3.0 - z * (2.0 / 15.0 - z * s))


@law
def release_arc(z: float) -> float:
    """Series atan(sqrt z) / sqrt z of z = p_max/E_el (1e-10 for z <= 0.12)."""
    s = 1.0 / 17.0 - z * (1.0 / 19.0 - z * (1.0 / 21.0 - z * (1.0 / 23.0)))
    s = 1.0 / 11.0 - z * (1.0 / 13.0 - z * (1.0 / 15.0 - z * s))
    s = 1.0 / 5.0 - z * (1.0 / 7.0 - z * (1.0 / 9.0 - z * s))
    return 1.0 - z * (1.0 / 3.0 - z * s)


@law
def power_integral(u: float, a: float, b: np.ndarray) -> float:
    """I_K(u) of the power branch from u, a = atan u and the coefficients of `power_coefficients`."""
    w = 1.0 / (1.0 + u * u)
    s = b[12] + w * (b[13] + w * (b[14] + w * b[15]))
    s = b[8] + w * (b[9] + w * (b[10] + w * (b[11] + w * s)))
    s = b[4] + w * (b[5] + w * (b[6] + w * (b[7] + w * s)))
    return b[0] * a + u * w * (b[1] + w * (b[2] + w * (b[3] + w * s)))


@law
def bed_nip(
    S: float, h_s: float, R_root: float, D_max: float, D_rel: float, P_y: float, E_el: float, A: float,
    D_J: float, p_J: float, K0: float, f: float, beta: np.ndarray,
) -> tuple[float, float, float]:  # fmt: skip
    """As `pressed_nip` for any D_max: powder bed (D_max = bed density) or film below D_J, with the power branch."""
    inv = 1.0 / S
    D = min(h_s * inv, DENSEST)
    arc = R_root * sqrt(S)
    rise = D / D_rel - 1.0
    U_e = sqrt(max(rise, 0.0))
    D_1 = max(D_max, D_J)
    U_m = sqrt(max(D / D_max - 1.0, 0.0))
    U_1 = sqrt(max(D / D_1 - 1.0, 0.0))
    c2 = 1.0 - D
    c = sqrt(c2)
    a_1 = atan(U_1)
    a_c = atan(U_1 / c)
    a_m = atan(U_m)
    span = atan((U_e - U_m) / (1.0 + U_e * U_m))
    h_rel = 1.0 + U_e * U_e
    q = P_y * (U_1 * (-log(1.0 - D_1) - A) + 2.0 * a_1 - 2.0 * c * a_c)
    slope = -P_y * (a_c / c - a_1)
    # power branch from U_1 to U_m
    d = D / D_J
    end = min(D_max / D_J, 1.0)
    d_K = exp(K0 * log(d))
    e_K = exp(K0 * log(end))
    J_0 = d_K * (power_integral(U_m, a_m, beta) - power_integral(U_1, a_1, beta))
    J_1 = d * ((U_m * e_K - U_1) / (2.0 * K0) + (2.0 * K0 - 1.0) / (2.0 * K0) * J_0)
    q += p_J * ((1.0 - f) * J_0 + f * J_1)
    G_0 = 0.5 * (U_m * e_K - U_1) + (K0 - 0.5) * J_0
    G_1 = 0.5 * (U_m * e_K * end - U_1) + (K0 + 0.5) * J_1
    slope -= p_J * ((1.0 - f) * G_0 + f * G_1)
    # elastic part from U_m to U_e
    q += E_el * (h_rel * span - (U_e - U_m))
    slope -= 0.5 * E_el * h_rel * (span + U_e / (1.0 + U_e * U_e) - U_m / (1.0 + U_m * U_m))
    # exit
    heckel = P_y * (-log(c2) - A)
    power = p_J * d_K * (1.0 - f + f * d)
    dense = D > D_J
    p_v = heckel if dense else power
    fall_v = P_y * D / c2 if dense else p_J * d_K * ((1.0 - f) * K0 + f * d * (K0 + 1.0))
    plastic = D > D_max
    p = p_v if plastic else E_el * max(rise, 0.0)
    fall = -fall_v if plastic else (-E_el * D / D_rel if rise > 0.0 else 0.0)
    z = p / E_el
    U_o = sqrt(max(z, 0.0))
    q_o = E_el * U_o * release_integral(z)
    slope += 0.5 * q_o + U_o * release_arc(z) * fall
    return arc * (q + q_o), arc * inv * slope, p
