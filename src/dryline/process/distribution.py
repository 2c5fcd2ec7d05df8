"""Distribution of the powder over the width: how its segments go together, what a lane takes of them, places of granules.

Source: class of such distributors; correlation over neighbouring segments and the smearing of granules are assumed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PARTS = 20
"""Points a lane at which a profile over the width is averaged."""
PLACE = 5e-3
"""Width of a place of granule noise [m]."""
ALONG = 15e-3
"""Length of a place of granule noise [m]: shorter structure is smeared in the bank and the contact of the powder nip
(5 to 10 mm each, assumed); averages over longer webs are those of white noise."""


def segment_correlation(segments: int, width: float, correlation: float) -> Array:
    """Matrix that turns white numbers of segments into numbers of unit variance, correlated over `correlation` [m]."""
    distance = np.abs(np.subtract.outer(np.arange(segments), np.arange(segments))) * width
    weights = np.exp(-distance / max(correlation, 1e-9))
    unit: Array = weights / np.sqrt((weights**2).sum(axis=1, keepdims=True))
    return unit


def lane_interpolation(places: Array, centres: Array) -> Array:
    """Matrix (lane, place): means over the lanes of values interpolated linearly between places, constant beyond the outer ones.

    centres: of lanes of equal width [m]. The mean is taken over PARTS points of every lane, so that it converges with lanes.
    """
    width = centres[1] - centres[0] if centres.size > 1 else 2.0 * centres[0]
    points = centres[:, None] + width * ((np.arange(PARTS) + 0.5) / PARTS - 0.5)
    matrix = np.zeros((centres.size, places.size))
    for column in range(places.size):
        unit = np.zeros(places.size)
        unit[column] = 1.0
        matrix[:, column] = np.interp(points, places, unit).mean(axis=1)
    return matrix
