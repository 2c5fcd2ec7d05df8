"""Slow disturbances of the web twin, each on its own clock and place grid (the powder side has its own).

Every random number is keyed by seed, source name, the source's own time index and its own place index, so that neither
the step nor the lanes nor another station changes a realisation. State lies in the line's arena. Amplitudes are those of
the reference set (`data/disturbances/reference.yaml`), one standard deviation unless said otherwise there.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from dryline.kernel import fill_normals, fill_uniforms, key_of
from dryline.line.disturbances import Disturbances
from dryline.process.distribution import lane_interpolation, segment_correlation
from dryline.twin.state import Array

SEGMENT_GRID = 0.5
"""Time grid of the distribution over the width [s]; values between are interpolated."""
FOIL_GRID = 1.0
"""Place grid of the foil's thickness [m of foil]."""
TENSION_GRID = 0.25
"""Time grid of the web-tension noise [s] (white within 2 Hz)."""


class Wander(NamedTuple):
    """Arrays of the slow random states: views into the arena."""

    roll: Array  # nip x (mean, three cosines), K
    segments: Array  # side x 2 x segment: relative, at the grid time before and after
    foil: Array  # 2: relative thickness at the grid metre before and after
    pair: Array  # gauge x pair: air-gap drift, m
    areal: Array  # gauge: relative drift since the last standardising
    frame: Array  # [lagged hall temperature over its mean, K]


class Draw:
    """One random source of a run: keyed normal and uniform numbers by its own time index."""

    def __init__(self, seed: int, name: str, places: int) -> None:
        self._key = key_of(seed, name)
        self._out = np.zeros((1, places))

    def normal(self, index: int) -> Array:
        """Standard normal numbers of all places at one time index; the array is reused."""
        fill_normals(self._key, index, self._out)
        row: Array = self._out[0]
        return row

    def uniform(self, index: int) -> Array:
        """Uniform numbers in (0, 1) of all places at one time index; the array is reused."""
        fill_uniforms(self._key, index, self._out)
        row: Array = self._out[0]
        return row


def drawn(seed: int, name: str, places: int, uniform: bool = False) -> Array:
    """Numbers drawn once for a machine (hidden truth): normal, or uniform in (-1, 1)."""
    draw = Draw(seed, name, places)
    return 2.0 * draw.uniform(0) - 1.0 if uniform else draw.normal(0).copy()


class SlowDisturbances:
    """Random walks and profiles that change over seconds to hours, advanced by their own clocks."""

    def __init__(
        self, d: Disturbances, seed: int, nips: tuple[str, ...], sides: tuple[str, ...], gauges: tuple[str, ...],
        film_width: float, centres: Array, state: Wander,
    ) -> None:  # fmt: skip
        self.d, self.state, self.sides = d, state, sides
        self.nips = nips
        self.roll = [Draw(seed, f"{nip}/roll temperature", 4) for nip in nips]
        mean, profile = math.exp(-1.0 / d.roll_temperature.wander_time), math.exp(-1.0 / d.roll_temperature.profile_time)
        self.roll_size = np.array([d.roll_temperature.wander] + [d.roll_temperature.profile / math.sqrt(3.0)] * 3)
        self.roll_keep = np.array([mean, profile, profile, profile])
        self.roll_step = self.roll_size * np.sqrt(1.0 - self.roll_keep * self.roll_keep)
        width = d.distribution.segment_width
        count = max(1, round(film_width / width))
        self.segment = [Draw(seed, f"distribution {side}/segments", count) for side in sides]
        self.correlation = segment_correlation(count, width, d.distribution.segment_correlation)
        to_lanes = lane_interpolation((np.arange(count) + 0.5) * film_width / count, centres)
        self.to_lanes = to_lanes - to_lanes.mean(axis=0)
        self.static = np.array([self._static_profile(seed, side, film_width, centres) for side in sides])
        self.foil = Draw(seed, "foil/thickness", 1)
        self.pair = [Draw(seed, f"{gauge}/air gap", 3) for gauge in gauges]
        self.areal_rate = np.array([drawn(seed, f"{gauge}/areal drift", 1)[0] for gauge in gauges])
        self.metering = [Draw(seed, f"metering {side}/flow", 1) for side in sides]
        self.speed = [Draw(seed, f"{nip}/speed", 1) for nip in nips]
        self.tension = Draw(seed, "web/tension", len(nips) + 2)
        self.hall_phase = 2.0 * math.pi * Draw(seed, "hall/phase", 1).uniform(0)[0]
        self.spread = np.zeros((len(sides), 2, centres.size))

    def _static_profile(self, seed: int, side: str, film_width: float, centres: Array) -> Array:
        fine = np.linspace(0.0, 1.0, 401)
        a, b = drawn(seed, f"distribution {side}/static", 2)
        shape = a * np.cos(math.pi * fine) + b * np.cos(2.0 * math.pi * fine)
        size = self.d.distribution.static_peak_to_peak / max(np.ptp(shape), 1e-12)
        profile: Array = size * np.interp(centres / film_width, fine, shape)
        return profile - profile.mean()

    def start(self) -> None:
        """Draw the stationary start of every random walk; index -1 of each source's clock."""
        d, s = self.d, self.state
        for k, draw in enumerate(self.roll):
            s.roll[k] = self.roll_size * draw.normal(-1)
        for c, draw in enumerate(self.segment):
            s.segments[c, 0] = d.distribution.segment_sigma * (self.correlation @ draw.normal(-1))
            s.segments[c, 1] = self._next_segment(c, s.segments[c, 0], 0)
        s.foil[0] = d.foil.thickness * self.foil.normal(-1)[0]
        s.foil[1] = self._next_foil(s.foil[0], 0)
        for g, draw in enumerate(self.pair):
            s.pair[g] = d.thickness_gauge.drift * draw.normal(-1)
        s.frame[0] = self.hall(0.0)
        self._spread()

    def _next_segment(self, c: int, now: Array, index: int) -> Array:
        d = self.d.distribution
        a = math.exp(-SEGMENT_GRID / d.segment_time)
        step = math.sqrt(1.0 - a * a) * d.segment_sigma
        following: Array = a * now + step * (self.correlation @ self.segment[c].normal(index))
        return following

    def _next_foil(self, now: float, index: int) -> float:
        a = math.exp(-FOIL_GRID / max(self.d.foil.correlation, 1e-9))
        return float(a * now + math.sqrt(1.0 - a * a) * self.d.foil.thickness * self.foil.normal(index)[0])

    def refresh(self) -> None:
        """Recompute what follows from the state (after a restore)."""
        self._spread()

    def _spread(self) -> None:
        for c in range(len(self.sides)):
            for m in range(2):
                self.spread[c, m] = self.to_lanes @ self.state.segments[c, m] + self.static[c]

    def hall(self, time: float) -> float:
        """Hall temperature over its mean [K] at a time [s]: a day's sine with a random phase."""
        f = self.d.frame
        return f.hall_amplitude * math.sin(2.0 * math.pi * time / f.hall_period + self.hall_phase)

    def half_second(self, index: int) -> None:
        """Move the distribution over the width to grid interval `index` (from index x 0.5 s on)."""
        s = self.state
        for c in range(len(self.sides)):
            s.segments[c, 0] = s.segments[c, 1]
            s.segments[c, 1] = self._next_segment(c, s.segments[c, 0], index)
            self.spread[c, 0] = self.spread[c, 1]
            self.spread[c, 1] = self.to_lanes @ s.segments[c, 1] + self.static[c]

    def second(self, index: int) -> None:
        """Move roll temperatures, air-gap drifts, gauge drifts and the frame to second `index`."""
        d, s = self.d, self.state
        for k, draw in enumerate(self.roll):
            s.roll[k] = self.roll_keep * s.roll[k] + self.roll_step * draw.normal(index)
        hold = math.exp(-1.0 / d.thickness_gauge.drift_time)
        kick = d.thickness_gauge.drift * math.sqrt(1.0 - hold * hold)
        for g, draw in enumerate(self.pair):
            s.pair[g] = hold * s.pair[g] + kick * draw.normal(index)
        s.areal[:] += d.areal_gauge.drift_per_hour / 3600.0 * self.areal_rate
        s.frame[0] += (self.hall(float(index)) - s.frame[0]) / max(d.frame.lag, 1.0)

    def foil_metre(self, index: int) -> None:
        """Move the foil's thickness to grid metre `index` of foil."""
        self.state.foil[0] = self.state.foil[1]
        self.state.foil[1] = self._next_foil(self.state.foil[0], index)
