"""Mass of the coating on patches of the wound web: rows of patches are weighed as they are wound, and each metre keeps of its
rows the mean and the scatter of every column of patches, and of the mean over the width.

Moments are taken as each row is complete (Welford, Technometrics 1962, doi 10.1080/00401706.1962.10490022, weighted by the
length of the row): no difference of large sums, so a film without scatter has none here either.
"""

from __future__ import annotations

import numpy as np

from dryline.kernel import law
from dryline.line.patches import patches_of, shares_of_lanes
from dryline.line.schema import Line
from dryline.twin.state import PATCH_PART, Array

MEAN, SQUARE = range(2)
"""What a metre keeps of the rows in it: mean [kg/m2], and sum of length x squared deviation from it [kg2/m3]."""
SIDE_A, SIDE_B, BOTH = range(3)


@law
def weigh_row(
    d: int, row: np.ndarray, parts: np.ndarray, widths: np.ndarray, lanes: np.ndarray, columns: np.ndarray, metres: np.ndarray
) -> None:
    """The open row of patches is complete: add it to the moments of metre d, and open the next.

    row (1): PATCH_ROW; lanes (2, l): mass of the row by layer and lane [kg]; widths (c + 1) of the columns, that of all last;
    columns (2, c + 1): place for their masses; metres (d, 3, 2, c + 1): moments of side A, B and both.
    """
    length = row[0].length
    share = length / (row[0].closed + length)
    rest = (1.0 - share) * length
    last = widths.size - 1
    for layer in range(2):
        for c in range(widths.size):
            columns[layer, c] = 0.0
        for n in range(parts.size):
            m = parts[n].share * lanes[layer, parts[n].lane]
            columns[layer, parts[n].column] += m
            columns[layer, last] += m
        for l in range(lanes.shape[1]):
            lanes[layer, l] = 0.0
    for c in range(widths.size):
        scale = 1.0 / (widths[c] * length)
        a, b = scale * columns[0, c], scale * columns[1, c]
        for side in range(3):
            areal = a if side == 0 else (b if side == 1 else a + b)
            off = areal - metres[d, side, 0, c]
            metres[d, side, 0, c] += share * off
            metres[d, side, 1, c] += rest * off * off
    row[0].closed += length
    row[0].length = 0.0


def parts_of(line: Line) -> tuple[Array, Array, float]:
    """Parts (n) of lanes in columns of patches, widths (c + 1) of the columns with that of all last, and length of a row [m]."""
    web = line.web
    patches = patches_of(web.kept_width, web.patch_length, web.patch_width)
    edges = np.linspace(-0.5 * web.film_width, 0.5 * web.film_width, web.lanes + 1)
    half = 0.5 * web.kept_width
    shares = shares_of_lanes(np.clip(edges[:-1], -half, half), np.clip(edges[1:], -half, half), patches.edges)
    lane, column = np.nonzero(shares)
    parts = np.zeros(lane.size, PATCH_PART)
    parts["lane"], parts["column"], parts["share"] = lane, column, shares[lane, column]
    return parts, np.append(patches.widths, web.kept_width), patches.length
