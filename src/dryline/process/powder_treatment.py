"""Treatment of powder before it is fed: opening agglomerates, classification, flow, and the stress in a hopper.

Drying and taking up water follow dX/dt = -k_m (X - X_e) of `process.fibrillation`. All forms here are textbook; none of
their constants is published for dry-electrode powders, so every one is adjustable (assumed).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.polynomial.hermite_e import hermegauss

GRAVITY = 9.80665
"""Standard gravity [m/s2]."""

FLOW_CLASSES = ((1.0, "not flowing"), (2.0, "very cohesive"), (4.0, "cohesive"), (10.0, "easy-flowing"))
"""Upper bounds of ff_c, the ratio of consolidation stress to unconfined strength, of the classes of Jenike (textbook)."""

NODES, WEIGHTS = hermegauss(60)


def opened_size(size: float, smallest: float, rate: float, work: float) -> float:
    """Agglomerate size [m] after a specific work [J/kg]: dd/dw = -k_d (d - d_min), exact; rate k_d [kg/J], d_min [m]."""
    return smallest + (size - smallest) * math.exp(-min(rate * work, 700.0))


def tromp(size: float, cut: float, sharpness: float) -> float:
    """Share of a size d that a classifier sends to the coarse side: 1/(1 + (d_50/d)^n), n = 3-8 (Tromp curve)."""
    return 1.0 / (1.0 + (cut / size) ** sharpness)


def classified(median: float, spread: float, cut: float, sharpness: float) -> tuple[float, float]:
    """Rejected mass share and geometric mean size [m] of what passes, for a log-normal powder.

    Parameters: median [m]; spread, standard deviation of ln d [1]; cut size [m] and sharpness of the Tromp curve.
    """
    sizes = median * np.exp(spread * NODES)
    coarse = np.array([tromp(size, cut, sharpness) for size in sizes])
    weights = WEIGHTS / WEIGHTS.sum()
    rejected = float(weights @ coarse)
    kept = weights * (1.0 - coarse)
    return rejected, float(np.exp(kept @ np.log(sizes) / kept.sum()))


def hausner(tapped: float, bulk: float) -> float:
    """Hausner ratio of tapped to bulk density: 1 flows freely, above 1.4 is cohesive (textbook)."""
    return tapped / bulk


def flow_class(flow_function: float) -> str:
    """Class of flow by the ratio ff_c of consolidation stress to unconfined strength (Jenike)."""
    for bound, name in FLOW_CLASSES:
        if flow_function < bound:
            return name
    return "free-flowing"


def janssen_stress(density: float, diameter: float, friction: float, ratio: float, depth: float) -> float:
    """Vertical stress [Pa] at a depth z [m] in a silo: rho g D/(4 mu k) (1 - exp(-4 mu k z/D)), Janssen.

    Parameters: density [kg/m3]; diameter D [m]; wall friction coefficient mu; lateral stress ratio k. Without friction it
    is that of a liquid, rho g z; deep down it no longer depends on the depth.
    """
    x = 4.0 * friction * ratio * depth / diameter
    return density * GRAVITY * depth * (-math.expm1(-x) / x if x > 1e-12 else 1.0)


def consolidated_density(density: float, stress: float, scale: float, exponent: float) -> float:
    """Bulk density [kg/m3] under a stress [Pa]: rho_b0 (1 + sigma/sigma_0)^beta, beta 0.02-0.15 (textbook)."""
    return float(density * (1.0 + stress / scale) ** exponent)
