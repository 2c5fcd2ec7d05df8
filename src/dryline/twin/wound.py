"""Wound web on its way out of the twin: finished metres leave their slots of the kernel and wait to be handed over."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dryline.kernel import from_python
from dryline.line.web_record import MetreBatch
from dryline.mechanics.wound_roll import web_radius
from dryline.twin.patches import BOTH, MEAN, SIDE_A, SIDE_B, SQUARE, weigh_row
from dryline.twin.quality import WebQuality
from dryline.twin.state import COMPONENTS, FILM_LENGTH, MASS_A, MASS_B, METRE, SOLID_LENGTH, Array, Twin

weigh_open_row = from_python(weigh_row)


class Finished(NamedTuple):
    """Metres of a tick as the kernel left them, still to be worked up: rows METRE, kept lanes (n, quantity, L), moments of
    the patches (n, side, moment, column), speed [m/s], roll, product or not.
    """

    rows: Array
    lanes: Array
    patches: Array
    speed: float
    roll: int
    product: bool


class WoundWeb:
    """Metres wound since they were last handed over; `wound` (1) is the length handed out or waiting [m].

    `winder` (1): the roll that they are wound on, which grows with the thickness of the web.
    """

    def __init__(self, quality: WebQuality, twin: Twin, wound: Array, winder: Array) -> None:
        self.quality, self.twin, self.wound, self.winder = quality, twin, wound, winder
        self.kept = np.flatnonzero(twin.keep > 0.0)
        self.area = twin.line_in["lane_width"][0] * twin.keep[self.kept]
        self._roll, self._product = 1, False
        self._waiting: list[Finished] = []

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting = []

    def collect(self, roll: int, product: bool) -> None:
        """Take the finished metres of a tick, wound on a roll as product or scrap; the open metre becomes the first."""
        self._roll, self._product = max(roll, 1), product
        twin, winder = self.twin, self.winder[0]
        n = int(twin.line["metres"][0])
        if self._roll != winder["roll"]:
            winder["roll"], winder["area"], winder["radius"] = self._roll, 0.0, winder["core"]
        if n:
            found = self._finished(n)
            winder["area"] += found.lanes[:, FILM_LENGTH].mean(axis=1).sum() + found.rows["foil"].sum()
            winder["radius"] = web_radius(float(winder["area"]), 1.0, float(winder["core"]))
            twin.metres[0] = twin.metres[n]
            twin.metre_lanes[0] = twin.metre_lanes[n]
            twin.patch_metres[0] = twin.patch_metres[n]
            twin.metres[1:] = np.zeros(1, METRE)
            twin.patch_metres[1:] = 0.0
            twin.metre_lanes[1:] = 0.0
            twin.line["metres"] = 0

    def _finished(self, n: int) -> Finished:
        twin = self.twin
        found = Finished(
            twin.metres[:n].copy(), twin.metre_lanes[:n].take(self.kept, axis=2), twin.patch_metres[:n].copy(),
            float(twin.nips["speed"][-1]), self._roll, self._product,
        )  # fmt: skip
        self._waiting.append(found)
        return found

    def _batch(self, found: list[Finished]) -> MetreBatch:
        """Work up what waits: one look at all metres costs little more than a look at one."""
        rows, lanes = np.concatenate([one.rows for one in found]), np.concatenate([one.lanes for one in found])
        counts = [one.rows.size for one in found]
        speed = np.repeat([one.speed for one in found], counts)
        length = rows["length"].copy()
        area = length[:, None] * self.area
        film, solid = lanes[:, FILM_LENGTH], lanes[:, SOLID_LENGTH]
        coated = film > 0.0
        porosity = np.where(coated, 1.0 - solid / np.where(coated, film, 1.0), 0.0)
        start = self.wound[0] + np.concatenate(([0.0], np.cumsum(length)[:-1]))
        self.wound[0] += length.sum()
        areal_a, areal_b = lanes[:, MASS_A] / area, lanes[:, MASS_B] / area
        columns = self.quality.columns(rows, start, porosity, areal_a + areal_b, film / length[:, None], speed)
        return MetreBatch(
            start=start, length=length, time=rows["time"].copy(), speed=speed,
            roll=np.repeat(np.array([one.roll for one in found], dtype=np.int32), counts),
            product=np.repeat([one.product for one in found], counts), state=np.zeros(length.size, dtype=np.int16),
            areal_mass_a=areal_a, areal_mass_b=areal_b,
            thickness=film / length[:, None] + (rows["foil"] / length)[:, None], porosity=porosity,
            kept_kg=rows["share"].copy(), trim_kg=rows["trim"].copy(), **columns,
            **patch_columns(np.concatenate([one.patches for one in found]), length),
        )  # fmt: skip

    def waiting(self) -> Array:
        """Mass of every component in what waits [kg]."""
        held = np.zeros(len(COMPONENTS))
        for found in self._waiting:
            held += found.rows["share"].sum(axis=0) + found.rows["trim"].sum(axis=0)
        return held

    def hand_over(self, *, last: bool = False) -> MetreBatch | None:
        """What waits, a row a metre; with `last` the open metre too."""
        twin = self.twin
        if last and twin.metres["length"][0] > 1e-9:
            twin.metres["time"][0] = twin.line["clock"][0]
            if twin.patch_row["length"][0] > 0.0:
                weigh_open_row(
                    0, twin.patch_row, twin.patch_parts, twin.patch_widths, twin.patch_lanes, twin.patch_columns,
                    twin.patch_metres,
                )  # fmt: skip
            self._finished(1)
            twin.metres[0] = np.zeros(1, METRE)[0]
            twin.metre_lanes[0], twin.patch_metres[0], twin.patch_row["closed"] = 0.0, 0.0, 0.0
        found, self._waiting = self._waiting, []
        return self._batch(found) if found else None


def patch_columns(moments: Array, length: Array) -> dict[str, Array]:
    """Columns of a `MetreBatch` from the moments (n, side, moment, column) of metres of a length (n) [m]."""
    mean, variance = moments[:, :, MEAN], moments[:, :, SQUARE] / length[:, None, None]
    found = {"patch_mass_a": mean[:, SIDE_A, :-1], "patch_mass_b": mean[:, SIDE_B, :-1]}
    for name, side in (("a", SIDE_A), ("b", SIDE_B), ("both", BOTH)):
        found[f"patch_variance_{name}"], found[f"row_variance_{name}"] = variance[:, side, :-1], variance[:, side, -1]
    return found
