"""The full stack on the small line, and a line of web that answers it: exact delays, a scale that lags, gauges with noise."""

from __future__ import annotations

from bisect import bisect_right
from math import exp

import numpy as np

from dryline.control.parameters import Parameters
from dryline.control.plan import plan_of
from dryline.control.quality import Sight
from dryline.control.stack import FullStack
from dryline.control.stack_plan import stack_plan

PIXELS, SEGMENTS, TICK = 100, 40, 0.1
FINE = 20
"""Steps of a tick in which drives and meterings move."""


def stack_of(line, setup, **more):
    """Plan, figures and stack of a line."""
    plan = plan_of(line, setup, Parameters().thickness, PIXELS, SEGMENTS)
    figures = stack_plan(line, setup, plan, 0.03, 0.0)
    return plan, figures, FullStack(plan, Parameters(), figures, PIXELS, SEGMENTS, **more)


class WebLine:
    """Two films behind the door of a quality controller. The meterings are geared to their powder nips, `lag` [s] behind what
    control does to these, and keep up with the line's own ramps; `scale` and `gauge` errors [1], metering noise as a function of
    the second, `profile` (segment) of the distribution; speed as a function of time.
    """

    def __init__(self, plan, figures, seed=1, noise=0.0, scale=(0.0, 0.0), gauge=(0.0, 0.0), profile=None, speed=None):
        self.plan, self.figures, self.rng, self.noise = plan, figures, np.random.default_rng(seed), noise
        self.scale, self.gauge = scale, gauge
        self.profile = np.zeros(SEGMENTS) if profile is None else profile
        self.speed = speed or (lambda t: 1.0)
        self.time, self.x = 0.0, [0.0, 0.0]
        self.starts = [[-50.0], [-50.0]]
        self.film = [[(1.0, np.zeros(SEGMENTS))] for _ in range(2)]
        self.drawn_starts, self.drawn = [-50.0], [1.0]
        self.line_x, self.weighed, self.ratio, self.metered = 0.0, [0.0, 0.0], [1.0, 1.0], [1.0, 1.0]
        self.samples = self.rng.normal(size=(2, 5000))
        self.areal = []
        places = (np.arange(PIXELS) + 0.5) / PIXELS * SEGMENTS - 0.5
        self.to_pixels = np.clip(1.0 - np.abs(np.clip(places, 0, SEGMENTS - 1)[:, None] - np.arange(SEGMENTS)), 0.0, None)

    def _at(self, k, place):
        return self.film[k][bisect_right(self.starts[k], place) - 1]

    def step(self, references, blind=False):
        """One tick under the references; what is seen of it."""
        f, dt, v = self.figures, TICK, self.speed(self.time)
        self.time += dt
        second = int(self.time)
        profiles, flows, speeds, mean = [], [], [], 0.0
        for k, side in enumerate(f.sides):
            asked = references.ratios[int(np.flatnonzero(f.side_of_nip == k)[0])]
            start = self.ratio[k]
            self.ratio[k] = asked + (start - asked) * exp(-dt / 0.03)
            ratio = asked + (start - asked) * 0.3 * (1.0 - exp(-dt / 0.03))
            given = 0.0
            for n in range(FINE):
                turning = asked + (start - asked) * exp(-(n + 0.5) * dt / FINE / 0.03)
                self.metered[k] += (1.0 - exp(-dt / FINE / side.lag)) * (references.rates[k] * turning - self.metered[k])
                given += self.metered[k]
            travel = v * side.ratio * ratio * dt
            share = self.time - second
            wave = (1 - share) * self.samples[k, second] + share * self.samples[k, second + 1]
            laid = given / FINE / ratio * (1.0 + self.noise * wave)
            self.starts[k].append(self.x[k])
            self.film[k].append((laid, references.segments[k] + self.profile))
            flow = laid * side.rate * travel / dt
            self.weighed[k] += 0.1 * (flow * (1.0 + self.scale[k]) - self.weighed[k])
            flows.append(self.weighed[k])
            speeds.append(v * side.ratio * self.ratio[k])
            one, across = self._at(k, self.x[k] - side.to_gauge + 0.5 * travel)
            read = side.target * one * (1.0 + self.gauge[k]) * (1.0 + self.to_pixels @ across)
            read = read * (1.0 + (0.001 * self.rng.normal(size=PIXELS) if self.noise else 0.0))
            profiles.append(read[self.plan.profiles[k].kept] * (np.nan if blind else 1.0))
            mean += 0.5 * self._at(k, self.x[k] - side.to_draw + 0.5 * travel)[0] * ratio
            self.x[k] += travel
        self.areal.append(mean)
        self.drawn_starts.append(self.line_x)
        self.drawn.append(mean)
        self.line_x += v * dt
        there = self.drawn[bisect_right(self.drawn_starts, self.line_x - f.sides[0].to_scanner) - 1]
        pairs = np.array([[gap.target] * 3 for gap in self.plan.gaps])
        loads = np.array([gap.force for gap in self.plan.gaps])
        coating = f.areal_mass * there * (1.0 + (0.001 * self.rng.normal() if self.noise else 0.0))
        return Sight(
            np.array(profiles), np.nan if blind else coating, 0.1, pairs, loads, v, v * dt, (None, None), True, True,
            np.array(flows), np.array(speeds),
        )  # fmt: skip


def run(stack, web, ticks, blind=lambda n: False):
    """Close the loop; last state, references and measurement."""
    state, references = stack.start()
    measured = None
    for n in range(ticks):
        state, references, measured = stack.step(state, web.step(references, blind(n)))
    return state, references, measured
