r"""The exponential calendering law, as a view: what a compaction curve looks like to somebody who calenders coatings.

Coatings that were never pressed (wet-coated electrodes) are described by porosity over line load::

    eps(q) = eps_min + (eps_0 - eps_min) exp(-q / gamma_c)

Such a coating of thickness h_0 enters at zero pressure, so that its Heckel line starts at its own porosity,
p = P_y ln(eps_0/eps), and with rigid rolls of radius R its line load is q = P_y sqrt(R h_0) Phi(eps_0 -> eps, E_el/P_y).
gamma_c and eps_min are fitted to that load up to a density of `DENSE` in the gap; gamma_c grows as sqrt(R h_0) and belongs to
one roll and one coating. A view for comparing with published calendering figures: the film of a dry line remembers its earlier
nips (see `compaction`), which this law forgets. Units: q, gamma_c [N/m], h_0, R [m], pressures [Pa].

Source: Meyer, Bockholt, Haselrieder, Kwade, J. Mater. Process. Technol. 249 (2017) 172 for the law; the load of a
never-pressed coating is derived. Validity: one pass, rigid rolls; the fit is met to 0.8 points of porosity.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq, least_squares

from dryline.kernel import from_python
from dryline.process.compaction import pressed_nip

DENSE = 0.83
"""Relative density in the loaded gap up to which the law is fitted (assumed): the same for every roll and coating."""
POINTS = 60
"""Densities in the gap, equally far apart, at which it is."""


class Exponential(NamedTuple):
    """Exponential calendering law: compaction resistance gamma_c [N/m], porosities, RMS of the fit in porosity."""

    gamma_c: float
    eps_min: float
    eps_0: float
    residual: float

    def porosity(self, q: float | np.ndarray) -> float | np.ndarray:
        """Porosity behind the calender at a line load [N/m]."""
        return self.eps_min + (self.eps_0 - self.eps_min) * np.exp(-np.asarray(q) / self.gamma_c)


class Pass(NamedTuple):
    """One pass of a never-pressed coating: line load [N/m], peak pressure [Pa], porosity behind it."""

    line_load: float
    peak: float
    porosity: float


_nip = from_python(pressed_nip)


def first_pass(dense: float, eps_0: float, P_y: float, E_el: float, R: float, h_0: float) -> Pass:
    """Pass of a coating of porosity eps_0 and thickness h_0 to a relative density in the loaded gap, on rigid rolls."""
    solid = (1.0 - eps_0) * h_0
    q, _, peak, _ = _nip(solid / dense, solid, R**0.5, 1.0 - eps_0, 0.0, P_y, E_el, -np.log(eps_0))
    return Pass(float(q), float(peak), 1.0 - dense / (1.0 + float(peak) / E_el))


def to_porosity(porosity: float, eps_0: float, P_y: float, E_el: float, R: float, h_0: float) -> Pass:
    """Pass that leaves a porosity; ValueError where elastic recovery forbids it."""

    def apart(dense: float) -> float:
        return first_pass(dense, eps_0, P_y, E_el, R, h_0).porosity - porosity

    return first_pass(brentq(apart, 1.0 - eps_0, 0.98, xtol=1e-12), eps_0, P_y, E_el, R, h_0)


def exponential_view(eps_0: float, P_y: float, E_el: float, R: float, h_0: float) -> Exponential:
    """Exponential law of a never-pressed coating of porosity eps_0 and thickness h_0 on rolls of radius R."""
    densities = np.linspace(1.0 - eps_0, DENSE, POINTS + 1)[1:]
    passes = [first_pass(float(dense), eps_0, P_y, E_el, R, h_0) for dense in densities]
    load = np.array([one.line_load for one in passes])
    porosity = np.array([one.porosity for one in passes])
    scale = float(load[-1])

    def apart(x: np.ndarray) -> np.ndarray:
        return x[1] + (eps_0 - x[1]) * np.exp(-load / (x[0] * scale)) - porosity

    found = least_squares(apart, (0.4, 0.4 * eps_0), bounds=((0.01, 0.0), (100.0, eps_0)), xtol=1e-12, ftol=1e-12, gtol=1e-12)
    residual = float(np.sqrt(np.mean(found.fun**2)))
    return Exponential(float(found.x[0]) * scale, float(found.x[1]), eps_0, residual)
