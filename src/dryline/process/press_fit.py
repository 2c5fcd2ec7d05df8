"""Compaction laws fitted to uniaxial press data: figures with standard errors, residual in porosity, range of validity.

The laws are those of `compaction` and `tabulated`, turned round: porosity at a pressure, because a press sets pressure and
measures height. Least squares on the porosity of all rows of the loading branch, standard errors from the curvature at the
minimum (Gauss-Newton, residual variance). Unloading is a straight line, D = D_rel (1 + p/E_el), which gives E_el. Powder
under rising pressure in a die of fixed width; friction at the die wall and the give of the press are the user's to subtract.
Units: pressures [Pa], densities relative.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.optimize import isotonic_regression, least_squares

from dryline.process.compaction import joining_density

LAWS = ("heckel", "kawakita", "power", "table")
ROWS = 24
"""Most rows of a table."""
FEWEST_LOOSE = 5
"""Rows below the joint of Heckel's line from which on the exponent of the power branch is fitted too."""
EXPONENTS = (3.0, 14.9)
"""Range of the exponent of the power branch."""


class Figure(NamedTuple):
    """A fitted figure and its standard error (0 where it was given, not fitted)."""

    value: float
    error: float


class Fitted(NamedTuple):
    """A law fitted to a loading branch.

    figures by the name of the recipe's key; residual: RMS in porosity; pressure [Pa] and density: range of the data;
    rows: relative density and pressure [Pa] of a table.
    """

    law: str
    figures: dict[str, Figure]
    residual: float
    pressure: tuple[float, float]
    density: tuple[float, float]
    rows: tuple[tuple[float, ...], tuple[float, ...]] = ((), ())


class Recovery(NamedTuple):
    """Unloading branch: modulus of elastic recovery [Pa] and RMS residual in porosity."""

    E_el: Figure
    residual: float


Curve = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Relative density from the fitted numbers and the pressures."""


def _least(curve: Curve, p: np.ndarray, D: np.ndarray, start: list[float], low: list[float], high: list[float]) -> tuple[
    np.ndarray, np.ndarray, float
]:  # fmt: skip
    """Fitted numbers, their standard errors and the RMS residual; ValueError where there is no minimum inside."""
    x_0 = np.clip(start, np.array(low) * 1.001, np.array(high) * 0.999)
    found = least_squares(
        lambda x: curve(x, p) - D, x_0, bounds=(low, high), x_scale=np.abs(x_0), xtol=1e-12, ftol=1e-12, gtol=1e-12
    )
    normal = found.jac.T @ found.jac
    if np.linalg.cond(normal / np.outer(np.sqrt(np.diag(normal)), np.sqrt(np.diag(normal)))) > 1e12:
        raise ValueError("the data do not tell the figures of this law apart; press to higher pressure or fit another law")
    freedom = max(p.size - x_0.size, 1)
    errors = np.sqrt(np.diag(np.linalg.inv(normal)) * float(found.fun @ found.fun) / freedom)
    edge = [n for n in range(x_0.size) if found.x[n] <= low[n] * (1 + 1e-6) or found.x[n] >= high[n] * (1 - 1e-6)]
    if edge:
        raise ValueError("the fit runs to the edge of what is physical for this law; fit another law")
    return found.x, errors, float(np.sqrt(np.mean(found.fun**2)))


def heckel_density(p: np.ndarray, P_y: float, eps_A: float, K: float) -> np.ndarray:
    """Relative density of the virgin curve at pressures [Pa]: power branch, then Heckel's line."""
    D_J = joining_density(eps_A, K)
    p_J = P_y * math.log(eps_A / (1.0 - D_J))
    return np.where(p < p_J, D_J * (p / p_J) ** (1.0 / K), 1.0 - eps_A * np.exp(-np.maximum(p, p_J) / P_y))


def _heckel(p: np.ndarray, D: np.ndarray, exponent: float) -> tuple[dict[str, Figure], float]:
    steep = max(p.size // 3, 3)
    slope, cut = np.polyfit(p[-steep:], -np.log(1.0 - D[-steep:]), 1)
    start = [1.0 / max(float(slope), 1e-10), min(max(math.exp(-float(cut)), 0.25), 0.75)]
    low, high = [1e6, 0.2], [5e9, 0.8]
    x, errors, residual = _least(lambda x, p: heckel_density(p, x[0], x[1], exponent), p, D, start, low, high)
    K = Figure(exponent, 0.0)
    if (D < joining_density(float(x[1]), exponent)).sum() >= FEWEST_LOOSE:
        x, errors, residual = _least(
            lambda x, p: heckel_density(p, x[0], x[1], x[2]), p, D, [*x, exponent], [*low, EXPONENTS[0]], [*high, EXPONENTS[1]]
        )
        K = Figure(float(x[2]), float(errors[2]))
    return {
        "P_y": Figure(float(x[0]), float(errors[0])), "eps_A": Figure(float(x[1]), float(errors[1])), "compressibility": K,
    }, residual  # fmt: skip


def _kawakita(p: np.ndarray, D: np.ndarray, loose: float | None) -> tuple[dict[str, Figure], float]:
    def curve(x: np.ndarray, p: np.ndarray) -> np.ndarray:
        return (x[2] if loose is None else loose) / (1.0 - x[0] * p / (x[1] + p))

    start, low, high = [0.6, float(np.median(p))], [0.05, 1e3], [0.95, 5e9]
    if loose is None:
        start, low, high = [*start, 0.9 * float(D.min())], [*low, 0.01], [*high, float(D.max())]
    x, errors, residual = _least(curve, p, D, start, low, high)
    bed = Figure(loose, 0.0) if loose is not None else Figure(float(x[2]), float(errors[2]))
    return {
        "a": Figure(float(x[0]), float(errors[0])), "b_inverse": Figure(float(x[1]), float(errors[1])), "loose": bed,
    }, residual  # fmt: skip


def _power(p: np.ndarray, D: np.ndarray) -> tuple[dict[str, Figure], float]:
    density = round(float(D.max()), 2)
    steep = float(np.polyfit(np.log(D), np.log(p), 1)[0])
    x, errors, residual = _least(
        lambda x, p: density * (p / x[1]) ** (1.0 / x[0]), p, D, [steep, float(p.max())], [1.5, 1e3], [40.0, 5e9]
    )
    return {
        "exponent": Figure(float(x[0]), float(errors[0])), "reference_density": Figure(density, 0.0),
        "reference_pressure": Figure(float(x[1]), float(errors[1])),
    }, residual  # fmt: skip


def _table(p: np.ndarray, D: np.ndarray) -> tuple[tuple[tuple[float, ...], tuple[float, ...]], float]:
    """Rows of means between equal steps of log p, made to rise."""
    order = np.argsort(p, kind="stable")
    p, D = p[order], D[order]
    rising = isotonic_regression(D).x
    edges = np.linspace(math.log(p[0]), math.log(p[-1]), min(ROWS, p.size) + 1)[1:-1]
    group = np.searchsorted(edges, np.log(p))
    rows = [(float(rising[group == n].mean()), float(np.exp(np.log(p[group == n]).mean()))) for n in np.unique(group)]
    kept = [rows[0]]
    for row in rows[1:]:
        if row[0] > kept[-1][0] + 1e-6 and row[1] > kept[-1][1] * (1.0 + 1e-9):
            kept.append(row)
    if len(kept) < 4:
        raise ValueError("fewer than four rows rise in pressure and density; press to higher pressure")
    density, pressure = zip(*kept, strict=True)
    back = PchipInterpolator(np.log(pressure), density)
    inside = (p >= pressure[0]) & (p <= pressure[-1])
    return (density, pressure), float(np.sqrt(np.mean((back(np.log(p[inside])) - D[inside]) ** 2)))


def fit(law: str, p: np.ndarray, D: np.ndarray, *, exponent: float = 12.0, loose: float | None = None) -> Fitted:
    """Fit a law to a loading branch; ValueError where the data do not determine it.

    exponent: of the power branch below Heckel's line where too few rows tell it; loose: relative density of the bed, fitted
    with Kawakita's law where it is None.
    """
    rows: tuple[tuple[float, ...], tuple[float, ...]] = ((), ())
    figures: dict[str, Figure] = {}
    pressure, density = (float(p.min()), float(p.max())), (float(D.min()), float(D.max()))
    if law == "heckel":
        figures, residual = _heckel(p, D, exponent)
    elif law == "kawakita":
        figures, residual = _kawakita(p, D, loose)
    elif law == "power":
        figures, residual = _power(p, D)
    else:
        rows, residual = _table(p, D)
        density, pressure = ((column[0], column[-1]) for column in rows)
    return Fitted(law, figures, residual, pressure, density, rows)


def recovery(p: np.ndarray, D: np.ndarray) -> Recovery:
    """Modulus of elastic recovery from an unloading branch; ValueError where the powder does not spring back."""
    most = float(p.max())
    A = np.column_stack((np.ones(p.size), p / most))
    x, *_ = np.linalg.lstsq(A, D, rcond=None)
    released, rise = float(x[0]), float(x[1])
    if rise <= 0.0 or released <= 0.0:
        raise ValueError("the density of the unloading branch does not fall with the pressure; remove the branch or correct it")
    apart = A @ x - D
    covariance = np.linalg.inv(A.T @ A) * float(apart @ apart) / max(p.size - 2, 1)
    gradient = np.array([most / rise, -most * released / rise**2])
    error = float(np.sqrt(gradient @ covariance @ gradient))
    return Recovery(Figure(most * released / rise, error), float(np.sqrt(np.mean(apart**2))))
