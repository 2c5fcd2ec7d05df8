"""Cross direction: a profile can be taken out only as far as its actuators reach.

With the steady response G of the places to the actuators the best that any controller can leave of a profile d is

    (I - G G^+) d,

the part outside the controllable subspace; with actuator ranges it is the bounded least-squares remainder min |d + G u|. Valid
for the steady state and a profile that stays. Source: VanAntwerp et al., Automatica 43 (2007) 191 (subspace, textbook form).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import lsq_linear

Array = NDArray[np.float64]

WEAK = 1e-9
"""Singular values below this share of the largest one count as no response: an actuator cannot be that strong."""


def uncontrollable(response: Array, weak: float = WEAK) -> Array:
    """Projection I - G G^+ on what the actuators cannot reach, from the response G (place, actuator)."""
    return np.eye(response.shape[0]) - response @ np.linalg.pinv(response, rcond=weak)


def remainder_covariance(response: Array, covariance: Array, weak: float = WEAK) -> Array:
    """Covariance of what is left of profiles with this covariance over the places, actuators without limits."""
    outside = uncontrollable(response, weak)
    return outside @ covariance @ outside.T


def limited_remainders(response: Array, profiles: Array, low: float | Array, high: float | Array) -> Array:
    """What is left of profiles (profile, place), each taken out with actuators between low and high."""
    wanted = -profiles @ np.linalg.pinv(response, rcond=WEAK).T
    for k in np.flatnonzero(((wanted < low) | (wanted > high)).any(axis=1)):
        wanted[k] = lsq_linear(response, -profiles[k], bounds=(low, high), method="bvls", tol=1e-12).x
    left: Array = profiles + wanted @ response.T
    return left


def limited_variance(
    response: Array, covariance: Array, low: float | Array, high: float | Array, draws: int = 200, seed: int = 0
) -> float:
    """Mean variance over the places of what actuators within their ranges leave of profiles of this covariance.

    The mean over `draws` Gaussian profiles, as a limit makes it depend on more than the covariance.
    """
    sizes, vectors = np.linalg.eigh(covariance)
    white = np.random.default_rng(seed).standard_normal((draws, sizes.size))
    profiles = (white * np.sqrt(np.clip(sizes, 0.0, None))) @ vectors.T
    return float((limited_remainders(response, profiles, low, high) ** 2).mean())


def two_cosines(places: Array, peak_to_peak: float, mixtures: int = 180) -> Array:
    """Static profiles (mixture, place) of the two lowest cosines with a peak-to-peak value; places from 0 to 1 across the film.

    Both amplitudes are alike by chance, so their mixture is uniform in angle; each is scaled to the peak-to-peak value.
    """
    fine = np.linspace(0.0, 1.0, 401)
    profiles = np.zeros((mixtures, places.size))
    for k in range(mixtures):
        a, b = math.cos(math.pi * (k + 0.5) / mixtures), math.sin(math.pi * (k + 0.5) / mixtures)
        scale = peak_to_peak / np.ptp(a * np.cos(math.pi * fine) + b * np.cos(2.0 * math.pi * fine))
        profiles[k] = scale * (a * np.cos(math.pi * places) + b * np.cos(2.0 * math.pi * places))
    return profiles
