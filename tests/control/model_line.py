"""A small machine behind the door for tests of control: static gains, delays in web metres, lags and noise.

It knows nothing of powder mechanics: areal mass follows metering, thickness follows the gap's correction and areal
mass.
"""

from __future__ import annotations

from collections import deque
from math import exp

import numpy as np

from dryline.line.distances import last_nip, nip_paths
from dryline.line.machine import Commands, Readings
from dryline.line.schema import Line
from dryline.line.setup import SetUp
from dryline.line.tags import commands_of, readings_of

DT = 0.1
CELL = 0.05
"""Length of a piece of web [line m]."""


class ModelLine:
    """`metering_error` [1] per side, `gap_error` [m] per gauge, `profile` (pixels,) [1], `noise` on or off.

    `faults` maps a path to a function of (time, values) that overwrites readings in place and returns a
    quality.
    """

    def __init__(self, line: Line, setup: SetUp, seed: int = 1, noise: float = 1.0) -> None:
        self.line, self.setup, self.noise = line, setup, noise
        self.commands, self.readings = commands_of(line), readings_of(line)
        self.rng = np.random.default_rng(seed)
        self.paths, self.nips = nip_paths(line, setup), {nip.name: nip for nip in setup.nips}
        self.gauges = line.of_kind("film_gauge")
        self.metering = {m.side: m.name for m in line.of_kind("metering")}
        self.before = [last_nip(line, gauge.side) for gauge in self.gauges] + [last_nip(line, "AB")]
        self.time, self.sequence, self.speed, self.x, self.wound = 0.0, 0, 0.0, 0.0, 0.0
        self.front = 0.0
        self.metering_error, self.gap_error = [-0.02, 0.015], [1.5e-6, -1.0e-6, 2.0e-6]
        self.wedge = [1e-6, -1e-6, 1.5e-6]
        pixels = self.readings.slice(f"{self.gauges[0].name}/areal_mass")
        y = (np.arange(pixels.stop - pixels.start) + 0.5) / (pixels.stop - pixels.start)
        self.profile = 0.008 * np.cos(np.pi * y)
        self.web: list[deque] = [deque() for _ in self.gauges]
        self.film: list[deque] = [deque() for _ in self.before]
        self.mass = np.array([f.hopper_capacity for f in line.feeders])
        self.screw, self.refill = np.zeros(len(line.feeders)), np.zeros(len(line.feeders))
        self.fed = np.zeros(len(line.feeders))
        self.pipe = deque([setup.powder_flow] * 900)
        hopper = line.of_kind("surge_hopper")[0]
        self.level, self.capacity = hopper.level, hopper.capacity
        self.temperature = setup.fibrillator_temperature + 1.0
        self.faults: dict = {}
        self.broken = False
        self.foil_left = line.of_kind("foil_unwinder")[0].roll_length
        self.changing = False

    def exchange(self, commands: Commands) -> Readings:
        """One tick."""
        c, line = commands.values, self.line
        assert np.isfinite(c).all(), "commands must be numbers"
        at = self.commands.index
        self.time += DT
        self.speed += (1 - exp(-DT / 0.3)) * (c[at("line/speed")] - self.speed)
        self.speed = self.speed if self.speed > 1e-4 else 0.0
        step = self.speed * DT
        self.x += step
        opened = [c[at(f"{nip.name}/open")] > 0.5 for nip in line.nips]
        self.front = 0.0 if opened[0] else self.front + step
        values = np.zeros(self.readings.size)
        quality = np.zeros(len(self.readings.tags), np.uint8)
        number = {tag.path: n for n, tag in enumerate(self.readings.tags)}

        def put(path: str, value, good: bool = True) -> None:
            values[self.readings.slice(path)] = value
            quality[number[path]] = 0 if good else 2

        self._powder(c, put)
        rel = [self._metering(k, c, put) for k in range(len(self.gauges))]
        self._thickness(c, rel, put)
        for nip in line.nips:
            s = self.nips[nip.name]
            film = self.front > self.paths[nip.name] and not self.broken
            put(f"{nip.name}/force", 0.5 * s.force if film else 0.0)
            put(f"{nip.name}/position", s.loaded_gap)
            put(f"{nip.name}/roll_temperature", s.roll_temperature)
            put(f"{nip.name}/speed", self.speed * s.speed_ratio)
            put(f"{nip.name}/tension", s.span_tension if film else 0.0)
        self.wound += step
        put("winder/length", self.wound)
        put("winder/speed", self.speed)
        put("winder/radius", np.sqrt(0.076**2 + self.wound * 212e-6 / np.pi))
        self.broken = self.broken and c[at("line/thread")] < 0.5
        change = c[at("unwinder/change")] > 0.5
        if change and not self.changing:
            self.foil_left = line.of_kind("foil_unwinder")[0].roll_length
        self.changing = change
        self.foil_left -= step
        put("unwinder/left", self.foil_left)
        put("unwinder/tension", line.of_kind("foil_unwinder")[0].tension)
        put("winder/tension", 0.0 if self.broken else line.of_kind("winder")[0].tension)
        stamp = np.full(len(self.readings.tags), self.time)
        for path, fault in self.faults.items():
            quality[number[path]] = fault(self.time, values[self.readings.slice(path)])
        self.sequence += 1
        return Readings(self.sequence, self.time, values, quality, stamp)

    def _powder(self, c: np.ndarray, put) -> None:
        """Feeders with a feed factor 3 % off, a pipe of 90 s, the surge hopper."""
        for k, f in enumerate(self.line.feeders):
            command = c[self.commands.index(f"{f.name}/screw_speed")]
            self.screw[k] += (1 - exp(-DT / f.screw_lag)) * (command - self.screw[k])
            low = f.feed_factor * f.feed_factor_min
            factor = f.feed_factor - (f.feed_factor - low) * exp(-self.mass[k] / f.feed_factor_decay)
            self.fed[k] = factor * 0.97 * self.screw[k] * (1 + 0.02 * self.noise * self.rng.standard_normal())
            self.mass[k] -= self.fed[k] * DT
            if self.refill[k] > 0:
                self.refill[k] -= DT
                self.mass[k] += (1 - f.refill_level) * f.hopper_capacity * DT / f.refill_time
            elif self.mass[k] < f.refill_level * f.hopper_capacity:
                self.refill[k] = f.refill_time
            put(
                f"{f.name}/weight",
                self.mass[k] + 2e-5 * f.hopper_capacity * self.noise * self.rng.standard_normal(),
            )
            put(f"{f.name}/screw_speed", self.screw[k])
            put(f"{f.name}/refilling", float(self.refill[k] > 0))
        self.pipe.append(self.fed.sum())
        taken = sum(c[self.commands.index(f"{m}/rate")] for m in self.metering.values()) * self.roll_speed()
        self.level += (self.pipe.popleft() - taken) * DT / self.capacity
        put("surge_hopper/level", self.level)
        jacket = c[self.commands.index("fibrillator/jacket_temperature")]
        start = self.line.of_kind("fibrillator")[0].jacket_temperature
        settled = self.setup.fibrillator_temperature + 1.0 + 0.5 * (jacket - start)
        self.temperature += DT / 120.0 * (settled - self.temperature)
        put("fibrillator/temperature", self.temperature)

    def roll_speed(self) -> float:
        """Surface speed of the powder nips [m/s]."""
        return self.speed * self.setup.nips[0].speed_ratio

    def _metering(self, k: int, c: np.ndarray, put) -> float:
        """Lay down web of side k, read its line gauge; returns the relative areal mass at the last nip."""
        gauge, nominal = self.gauges[k], self.setup.metering_rate
        name = self.metering[gauge.side]
        rate = c[self.commands.index(f"{name}/rate")]
        trims = (
            np.repeat(c[self.commands.slice(f"{name}/segments")], 25)
            .reshape(len(self.profile), -1)
            .mean(axis=1)
        )
        rel = rate / nominal * (1 + self.metering_error[k]) - 1 if rate > 0 else -1.0
        web = self.web[k]
        if not web or self.x - web[-1][0] >= CELL or rel == -1.0:
            web.append((self.x, rel, self.profile + trims))
        last = self.nips[self.before[k]]
        path = self.paths[last.name] + gauge.distance / last.speed_ratio
        while len(web) > 1 and web[1][0] <= self.x - path:
            web.popleft()
        shot = 0.002 * self.noise * self.rng.standard_normal(len(self.profile))
        there = self.front > path
        put(f"{gauge.name}/areal_mass", last.areal_mass_out * (1 + web[0][1]) * (1 + web[0][2] + shot), there)
        put(f"{name}/flow", rate * (1 + self.metering_error[k]) * self.roll_speed())
        return web[0][1]

    def _thickness(self, c: np.ndarray, rel: list[float], put) -> None:
        """Film and electrode thickness and the scanner."""
        stands = [(g.name, g.distance) for g in self.gauges]
        gauge, scanner = self.line.of_kind("thickness_gauge")[0], self.line.of_kind("scanner")[0]
        stands.append((gauge.name, gauge.distance))
        targets = [self.setup.film_thickness] * len(self.gauges) + [self.setup.gauge_thickness]
        for k, (name, distance) in enumerate(stands):
            nip = self.nips[self.before[k]]
            gap = c[self.commands.index(f"{nip.name}/gap")] - nip.loaded_gap + c[self.commands.index(f"{nip.name}/correction")]
            tilt = c[self.commands.index(f"{nip.name}/tilt")]
            rest = rel[k] if k < len(rel) else float(np.mean(rel))
            mean = targets[k] + self.gap_error[k] + 0.6 * gap + 0.3 * nip.thickness_out * max(rest, -0.1)
            wedge = self.wedge[k] + 0.3 * tilt
            film = self.film[k]
            film.append((self.x, mean, wedge))
            path = distance / nip.speed_ratio
            while len(film) > 1 and film[1][0] <= self.x - path:
                film.popleft()
            _, mean, wedge = film[0]
            shot = 0.1e-6 * self.noise * self.rng.standard_normal(3)
            there = self.front > self.paths[nip.name] + path and not self.broken
            put(f"{name}/thickness", mean + wedge * np.array([-0.5, 0.0, 0.5]) + shot, there)
        reach = 0.5 * self.line.web.film_width - 0.5 * scanner.spot
        sweep = (self.time * 0.3) % (4 * reach)
        put(f"{scanner.name}/position", sweep - reach if sweep < 2 * reach else 3 * reach - sweep)
        foil = self.line.of_kind("foil_unwinder")[0]
        coating = self.setup.areal_mass * (1 + float(np.mean(rel)) + 0.003)
        shot = 0.001 * self.setup.areal_mass * self.noise * self.rng.standard_normal(2)
        there = self.front > self.paths[self.before[-1]] + scanner.distance
        put(f"{scanner.name}/areal_mass", coating + foil.thickness * foil.density + shot, there)
