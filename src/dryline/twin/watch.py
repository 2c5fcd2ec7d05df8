"""The gauges of a line as they stand: places, noise, drift, standardising; readings of a tick by gauge."""

from __future__ import annotations

import math

import numpy as np

from dryline.line.disturbances import Disturbances
from dryline.line.schema import Line
from dryline.line.tags import BOXES, TICK, pixels_of
from dryline.twin.disturbances import Draw, Wander
from dryline.twin.gauges import areal_profile, film_thickness, spot_areal_mass
from dryline.twin.layout import Layout
from dryline.twin.state import Array, Twin

PAIR_MARGIN = 0.025
"""The outer laser pairs stand this far inside the kept width [m] (assumed)."""


class FilmGauge:
    """Line gauge and three laser pairs over one chain; pairs only where `pixels` is 0."""

    def __init__(
        self, name: str, number: int, line: Line, layout: Layout, chain: int, distance: float, pixels: int,
        d: Disturbances, seed: int,
    ) -> None:  # fmt: skip
        self.name, self.number, self.chain = name, number, chain
        self.delay = layout.delay(chain, distance)
        lanes, width = line.web.lanes, line.web.film_width
        inside = 0.5 * line.web.kept_width - PAIR_MARGIN
        at = (np.array([-inside, 0.0, inside]) / width + 0.5) * lanes
        self.at = np.clip(at.astype(np.int64), 0, lanes - 1)
        self.edges = np.linspace(0.0, float(lanes), max(pixels, 1) + 1)
        self.pixels = pixels
        samples = TICK / max(d.thickness_gauge.sample, 1e-3)
        self.pair_noise = d.thickness_gauge.noise / math.sqrt(samples)
        self.areal_noise = d.areal_gauge.noise * math.sqrt(d.areal_gauge.box / TICK)
        self._noise = Draw(seed, f"{name}/noise", 3 + max(pixels, 1))
        self._master = Draw(seed, f"{name}/master", 3)
        self.d = d
        self.profile = np.zeros(max(pixels, 1))
        self.thickness = np.zeros(3)
        self.mastered = np.zeros(3)

    def look(self, tick: int, before: int, virgin: Array, wander: Wander, twin: Twin) -> tuple[bool, bool]:
        """Read the cells of this tick into `profile` and `thickness`; returns whether each reading is good."""
        now, told = int(twin.clocks["ticks"][self.chain]), twin.line_in[0]
        noise = self._noise.normal(tick)
        seconds = tick * TICK
        gauge = self.d.areal_gauge
        blind = seconds >= gauge.standardise_every and seconds % gauge.standardise_every < gauge.standardise_time
        if tick % max(round(self.d.thickness_gauge.master_every / TICK), 1) == 0:
            left = self.d.thickness_gauge.master_residual * self._master.normal(tick)
            self.mastered = wander.pair[self.number] - left
            wander.areal[self.number] = 0.0
        there = film_thickness(
            self.chain, before, now, self.delay, float(twin.line["clock"][0]), self.at, virgin, told["lane_width"],
            told["relax"], told["relax_rate"], twin.chains, twin.mass, twin.memory, twin.cells, self.thickness,
        )  # fmt: skip
        self.thickness += self.pair_noise * noise[:3] + wander.pair[self.number] - self.mastered
        if self.pixels:
            areal_profile(
                self.chain, before, now, self.delay, self.edges, told["lane_width"], twin.chains, twin.mass,
                twin.cells, self.profile,
            )  # fmt: skip
            self.profile *= 1.0 + wander.areal[self.number] + self.areal_noise * noise[3:]
        return there and not blind, there


class ScanningGauge:
    """Traversing areal gauge: place of the spot by time, coating and foil under it in boxes of 50 ms."""

    def __init__(self, name: str, number: int, line: Line, layout: Layout, d: Disturbances, seed: int) -> None:
        scanner = line.of_kind("scanner")[0]
        self.name, self.number, self.d = name, number, d
        self.chain = layout.electrode
        self.delay = layout.delay(self.chain, scanner.distance)
        self.reach = max(0.5 * line.web.kept_width - 0.5 * scanner.spot, 0.0)
        self.traverse = 2.0 * self.reach / scanner.scan_speed
        self.turn, self.spot = scanner.turn_round, scanner.spot
        self.per_metre = line.web.lanes / line.web.film_width
        self.middle = 0.5 * line.web.lanes
        self.foil_density = line.of_kind("foil_unwinder")[0].density
        self._noise = Draw(seed, f"{name}/noise", BOXES)
        self.position = 0.0
        self.boxes = np.zeros(BOXES)

    def place(self, time: float) -> float:
        """Place of the spot [m] from the middle of the web at a time [s]: zig-zag with a stop at each side."""
        phase = time % (2.0 * (self.traverse + self.turn))
        half = self.traverse + self.turn
        way = min(phase % half, self.traverse) / max(self.traverse, 1e-9)
        return float(self.reach * (2.0 * way - 1.0) * (1.0 if phase < half else -1.0))

    def look(self, tick: int, before: int, wander: Wander, twin: Twin) -> bool:
        """Read the boxes of this tick; False where there is no film yet or the head is standardising."""
        now = int(twin.clocks["ticks"][self.chain])
        time = tick * TICK
        noise = self._noise.normal(tick)
        gauge = self.d.areal_gauge
        blind = time >= gauge.standardise_every and time % gauge.standardise_every < gauge.standardise_time
        row = int(twin.chains["base"][self.chain, 0] + max(now - 1 - self.delay, 0) % twin.chains["ring"][self.chain])
        foil = float(twin.cells["foil"][row]) * self.foil_density
        for box in range(BOXES):
            y = self.place(time + (box + 0.5) * TICK / BOXES) * self.per_metre + self.middle
            half = 0.5 * self.spot * self.per_metre
            low, high = before + (now - before) * box // BOXES, before + (now - before) * (box + 1) // BOXES
            coating = spot_areal_mass(
                self.chain, low, max(high, low), self.delay, y - half, y + half, twin.line_in["lane_width"][0],
                twin.chains, twin.mass, twin.cells,
            )  # fmt: skip
            self.boxes[box] = (coating + foil) * (1.0 + wander.areal[self.number] + gauge.noise * noise[box])
        self.position = self.place(time + TICK)
        return now - self.delay > 0 and not blind


def film_gauges(line: Line, layout: Layout, d: Disturbances, seed: int) -> list[FilmGauge]:
    """All gauges with laser pairs in line order: film gauges of the sides, then the electrode's."""
    found: list[FilmGauge] = []
    for gauge in line.of_kind("film_gauge"):
        chain = layout.chain_of_side[gauge.side]
        pixels = pixels_of(line, gauge.name)
        found.append(FilmGauge(gauge.name, len(found), line, layout, chain, gauge.distance, pixels, d, seed))
    gauge = line.of_kind("thickness_gauge")[0]
    found.append(FilmGauge(gauge.name, len(found), line, layout, layout.electrode, gauge.distance, 0, d, seed))
    return found
