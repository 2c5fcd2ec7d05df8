"""The areal-density loop against a delay in web metres with unit gain."""

from __future__ import annotations

from collections import deque

import numpy as np
import pytest

from dryline.control import areal_density
from dryline.control.areal_density import (
    AREAL,
    AREAL_STATE,
    SCANNER,
    SCANNER_STATE,
    ArealParameters,
    ArealSide,
    HopperBed,
    ScannerParameters,
    ScannerPlan,
)
from dryline.control.rows import rows_of
from dryline.kernel import from_python

DT = 0.1
SIDE = ArealSide("A", path=3.0, lag=0.3, rate=0.23, target=0.22)

areal_law = from_python(areal_density.areal_step)
scanner_law = from_python(areal_density.scanner_step)


def start(trim=0.0):
    state = np.zeros(1, AREAL_STATE)[0]
    state.trim, state.error, state.measured, state.held = trim, np.nan, np.nan, True
    return state


def areal_step(p, side, last, measured, target_factor, speed, dt):
    """One side, one tick."""
    now = np.empty(1, AREAL_STATE)
    areal_law(rows_of(AREAL, (side.hopper_bed, side, p))[0], last, now[0], measured, target_factor, speed, dt)
    return now[0]


def scanner_step(p, last, coating, target, metres, settled):
    now = np.empty(1, SCANNER_STATE)
    scanner_law(rows_of(SCANNER, (ScannerPlan(target), p))[0], last, now[0], coating, metres, settled)
    return now[0]


class Film:
    """Metering lag, then a delay of `path` metres: what a line gauge sees of a relative trim and a
    disturbance.
    """

    def __init__(self, path: float, gain: float = 1.0) -> None:
        self.path, self.gain, self.lagged, self.x = path, gain, 0.0, 0.0
        self.web: deque[tuple[float, float]] = deque([(-1e9, 0.0)])

    def advance(self, trim: float, disturbance: float, speed: float) -> float:
        self.lagged += (1.0 - np.exp(-DT / 0.3)) * (trim - self.lagged)
        self.x += speed * DT
        self.web.append((self.x, self.gain * self.lagged + disturbance))
        while len(self.web) > 1 and self.web[1][0] <= self.x - self.path:
            self.web.popleft()
        return SIDE.target * (1.0 + self.web[0][1])


def run(p, speeds, disturbance, film=None, state=None, noise=0.0, blind=lambda n: False):
    film, state = film or Film(SIDE.path), start() if state is None else state
    rng = np.random.default_rng(1)
    trims, seen = [], []
    for n, speed in enumerate(speeds):
        w = film.advance(state.trim, disturbance(n), speed) + SIDE.target * noise * rng.standard_normal()
        state = areal_step(p, SIDE, state, np.nan if blind(n) else w, 1.0, speed, DT)
        trims.append(state.trim)
        seen.append(w / SIDE.target - 1.0)
    return state, np.array(trims), np.array(seen), film


def test_a_step_is_removed_without_offset_and_without_much_overshoot():
    _, trims, seen, _ = run(ArealParameters(), [1.0] * 600, lambda n: -0.03)
    assert abs(seen[-100:]).max() < 2e-4
    assert trims.max() < 0.033
    assert trims[40] > 0.0, "too little mass must ask for more powder"


@pytest.mark.parametrize("gain", [0.7, 1.3])
@pytest.mark.parametrize("path", [2.4, 3.6])
def test_it_stands_wrong_gain_and_delay(gain, path):
    _, _, seen, _ = run(ArealParameters(), [1.0] * 900, lambda n: 0.02, Film(path, gain))
    assert abs(seen[-100:]).max() < 1e-3


def test_the_tuning_belongs_to_the_web_not_to_the_clock():
    """The same web disturbance at half the speed is removed over the same length of web."""
    p = ArealParameters(sampling=0.0)
    side_free = ArealSide("A", SIDE.path, 0.0, SIDE.rate, SIDE.target)
    ends = []
    for speed, ticks in ((1.0, 300), (0.5, 600)):
        state, film = start(), Film(SIDE.path)
        for _ in range(ticks):
            w = film.advance(0.0, -0.01, speed)
            state = areal_step(p, side_free, state, w, 1.0, speed, DT)
        ends.append(state.trim)
    assert ends[0] == pytest.approx(ends[1], rel=0.02)


def test_a_speed_ramp_leaves_the_loop_settled():
    ramp = [*np.full(1500, 0.2), *np.linspace(0.2, 1.2, 240), *np.full(300, 1.2)]
    _, _, seen, _ = run(ArealParameters(), ramp, lambda n: 0.02)
    assert abs(seen[1400:]).max() < 2e-3


def test_nothing_winds_up_at_the_limit():
    p = ArealParameters(trim_range=0.02)
    _, trims, _, _ = run(p, [1.0] * 1200, lambda n: -0.05 if n < 600 else 0.0)
    assert trims[500] == pytest.approx(0.02)
    assert trims[600 + 60] < 0.02, "the trim leaves its limit as soon as the gauge sees the change"
    assert abs(trims[-1]) < 1e-3


def test_it_holds_on_missing_readings_and_comes_back_without_a_bump():
    state, trims, _, _ = run(
        ArealParameters(), [1.0] * 400, lambda n: -0.02 if n < 200 else -0.03, blind=lambda n: 200 <= n < 300
    )
    assert np.ptp(trims[200:300]) == 0.0
    assert abs(trims[300] - trims[299]) < 1e-3
    assert not state.held


def test_it_holds_below_the_lowest_speed_and_on_implausible_readings():
    before = start(trim=0.01)
    assert areal_step(ArealParameters(), SIDE, before, SIDE.target * 0.99, 1.0, 0.01, DT).trim == 0.01
    far = areal_step(ArealParameters(), SIDE, before, SIDE.target * 0.2, 1.0, 1.0, DT)
    assert far.trim == 0.01 and far.held


def test_open_loop_is_a_gain_of_zero():
    _, trims, _, _ = run(ArealParameters(gain_factor=0.0), [1.0] * 50, lambda n: 0.02)
    assert not trims.any()


def test_noise_is_not_amplified():
    _, _, seen, _ = run(ArealParameters(), [1.0] * 4000, lambda n: 0.0, noise=0.002)
    assert seen[500:].std() < 1.1 * 0.002


def test_the_scanner_trims_both_sides_towards_the_sum():
    p, first = ScannerParameters(), np.zeros(1, SCANNER_STATE)[0]
    first.coating, state = np.nan, first
    for _ in range(10000):
        state = scanner_step(p, state, 0.44 * (1.0 + state.trim - 0.004), 0.44, 0.1, True)
    assert state.trim == pytest.approx(0.004, abs=2e-5)
    held = scanner_step(p, state, np.nan, 0.44, 0.1, True)
    assert held.held and held.trim == state.trim
    waits = scanner_step(p, first, 0.40, 0.44, 0.1, False)
    assert waits.trim == 0.0


def test_a_hopper_bed_has_its_own_range_and_plausibility():
    side = ArealSide("A", 3.0, 0.3, 0.23, 0.22, HopperBed(gap=2e-3, bed=4e-3, gap_low=1e-3, gap_high=3e-3))
    state = start()
    for _ in range(5000):
        state = areal_step(ArealParameters(), side, state, SIDE.target * 0.5, 1.0, 1.0, DT)
    assert not start().limited and state.limited and state.trim == side.hopper_bed.trim_range
