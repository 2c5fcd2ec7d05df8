"""Bump test of a loop: its output is moved a little up, down and back while the line runs, and what the gauges show is held
against the model that control has of the plant.

The line is brought to its rated speed, the loop taken over (the others stay closed), the noise of its gauge looked at for a
while, and then the output moved by a doublet: up, down, back, which leaves the web as it was. All figures come from readings.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dryline.control.controller import Controller
from dryline.control.modes import Loop, ModeError, loop_named
from dryline.control.sequence import State
from dryline.control.state import ControlState
from dryline.line.load import LoadedLine
from dryline.line.setup import SetUp
from dryline.line.tags import TICK
from dryline.studies.step_response import Figure, Record, Response, identify, settled_gain, slow_noise
from dryline.twin.machine import TwinMachine

Array = NDArray[np.float64]
Reader = Callable[[Array], float]

RUNNING = 60.0
"""Time at rated speed before the test [s]."""
MOST_TICKS = 30000
"""A line that has not reached its speed by then is given up."""
STEP_TIME = 60.0
"""Time of each step of the doublet, and of the look at the noise before it [s]."""
SETTLING = 0.25
"""Share of a step after which its gain counts."""
WANTED_ERROR = 0.02
"""Standard error of the gain, over its nominal value, that the size of the steps aims at."""
MOST_ROOM = 0.5
"""Share of the room in the range that a step takes at most."""
CERTAIN = 2.0
"""Standard errors within which two figures agree."""
TESTED = "areal mass of a side, profile, thickness, tilt"


class Compared(NamedTuple):
    """An identified figure beside the one that control is configured with, and whether they agree; None where it does not count
    by itself.
    """

    name: str
    unit: str
    found: Figure
    configured: float
    agrees: bool | None

    @property
    def ratio(self) -> float | None:
        """Identified over configured; None where that is nothing."""
        return self.found.value / self.configured if self.configured else None


@dataclass(frozen=True)
class BumpTest:
    """Result of a bump test: `size` of the steps [`unit`], `noise` of the reading beside its model [`seen`], what the range has
    cut the size by (`cut`), and the figures: gain, delay, lag, delay and lag together, and of a thickness the stiffness of the
    housing.
    """

    line: str
    loop: str
    unit: str
    seen: str
    seed: int
    time: float
    size: float
    cut: bool
    noise: float
    response: Response
    figures: tuple[Compared, ...]


def bump_test(
    loaded: LoadedLine, setup: SetUp, name: str, *, size: float | None = None, seed: int = 1, time: float = STEP_TIME,
    plant: tuple[LoadedLine, SetUp] | None = None,
) -> BumpTest:  # fmt: skip
    """Bump the loop `name` of a line on its twin.

    Parameters
    ----------
    size : float, optional
        Height of the steps in the unit of the output; by default so that the gain comes out within 2 %, as far as there is room.
    time : float
        Length of each step [s].
    plant : LoadedLine and SetUp, optional
        Another line that stands in the hall in place of the one that control has been told of.

    Raises
    ------
    ModeError
        Where there is no such loop, it has no bump test, or a step leaves its range.
    RuntimeError
        Where the line does not reach its rated speed, or stops during the test.
    """
    bench = _Bench(loaded, setup, name, seed, plant or (loaded, setup))
    bench.step(0.0, time)
    quiet = bench.record()
    room, loop = bench.room, bench.loop
    wanted = slow_noise(quiet.reading) * math.sqrt(2.0 * TICK / (4.0 * time)) / (WANTED_ERROR * abs(loop.gain))
    given = min(wanted, MOST_ROOM * room) if size is None else size
    if not 0.0 < given <= room:
        raise ModeError(f"{name}: a step of {given:.4g} {loop.unit} does not fit; give more than 0 and at most {room:.4g}")
    for sign in (1.0, -1.0, 0.0):
        bench.step(sign * given, time)
    record = bench.record()
    found = identify(record, TICK, loop.delay + loop.sampling * bench.speed, loop.gain, SETTLING * time)
    if bench.nip is None:
        figures = _compared(loop, found, bench.speed)
    else:
        found, housing = _at_one_spring_back(bench, bench.nip, record, found, SETTLING * time)
        figures = (*_compared(loop, found, bench.speed), housing)
    cut = size is None and wanted > given
    return BumpTest(loaded.line.name, name, loop.unit, loop.seen, seed, time, given, cut, found.rest, found, figures)


def _compared(loop: Loop, found: Response, speed: float) -> tuple[Compared, ...]:
    """Gain, delay and lag beside those of the loop's model. Delay and lag count together, as a tuning rule takes them; no closer
    than a tick of web.
    """
    per = f"{loop.seen}/({loop.unit})" if "/" in loop.unit else f"{loop.seen}/{loop.unit}"
    dead = loop.delay + loop.sampling * speed
    whole = dead + loop.lag * speed
    return (
        Compared("gain", "1" if loop.seen == loop.unit else per, found.gain, loop.gain, _agree(found.gain, loop.gain, 0.0)),
        Compared("delay", "m", found.delay, dead, None),
        Compared("lag", "s", found.lag, loop.lag, None),
        Compared("delay and lag", "m", found.whole, whole, _agree(found.whole, whole, TICK * speed)),
    )


def _agree(figure: Figure, configured: float, least: float) -> bool:
    return abs(figure.value - configured) <= CERTAIN * figure.error + least


def _at_one_spring_back(
    bench: _Bench, nip: _Nip, record: Record, found: Response, settling: float
) -> tuple[Response, Compared]:
    """Response of a thickness less the spring-back that the force explains, which is what the loop moves; and the stiffness of
    the housing [N/m], force over stretch, which is the loaded gap less that of the chocks.
    """
    chocks, force = (
        settled_gain(Record(record.output, part, record.metres), TICK, 0.0, settling) for part in bench.nip_readings()
    )
    gain = _sum(found.gain, force, -nip.spring)
    stretch = _sum(Figure(gain.value * nip.gap_share, gain.error * nip.gap_share), chocks, -1.0)
    value = force.value / stretch.value
    stiffness = Figure(value, abs(value) * math.hypot(force.error / force.value, stretch.error / stretch.value))
    compared = Compared("housing", "N/m", stiffness, nip.housing, _agree(stiffness, nip.housing, 0.0))
    return found._replace(gain=gain), compared


def _sum(one: Figure, other: Figure, times: float) -> Figure:
    return Figure(one.value + times * other.value, math.hypot(one.error, times * other.error))


class _Nip(NamedTuple):
    """A nip as control knows it: stiffness of its housing [N/m], spring-back [m/N], loaded gap over thickness of the film [1]."""

    housing: float
    spring: float
    gap_share: float


class _Bench:
    """A twin at its rated speed whose loop `loop` is in manual."""

    def __init__(self, loaded: LoadedLine, setup: SetUp, name: str, seed: int, plant: tuple[LoadedLine, SetUp]) -> None:
        self._controller = Controller(loaded.line, setup)
        self.loop = loop_named(self._controller.loops, name)
        self._read = _reader(self._controller, self.loop, loaded.line.control.gauges)
        self.nip: _Nip | None = None
        self._nip_places = slice(0), slice(0)
        if name.endswith(" thickness"):
            self._look_at_nip(name.removesuffix(" thickness"), setup, loaded.line.control.model_stiffness_error)
        self._machine = TwinMachine(plant[0].line, plant[0].recipe, plant[1], plant[0].disturbances, seed)
        state = self._run_up()
        self._state = self._controller.set_mode(state, name, "manual")
        self._rest = np.array(self.loop.output(self._state))
        self.room = min(self.loop.high - self._now(self._rest), self._now(self._rest) - self.loop.low)
        self.speed, self._metres = setup.speed, 0.0
        self._rows: list[tuple[float, float, float]] = []
        self._nips: list[tuple[float, float]] = []

    def _look_at_nip(self, nip: str, setup: SetUp, error: float) -> None:
        point = next(one for one in setup.nips if one.name == nip)
        table = self._controller.readings.signals.table
        gap = next(gap for gap in self._controller.plan.gaps if gap.nip == nip and gap.acts)
        housing = (1.0 + error) * point.force / (point.loaded_gap - point.chock_gap)
        share = 1.0 - gap.spring * point.force / point.thickness_out
        self.nip = _Nip(housing, gap.spring, share)
        self._nip_places = table.slice(f"{nip}/position"), table.slice(f"{nip}/force")

    def _run_up(self) -> ControlState:
        state, running = self._controller.start(), 0.0
        for _ in range(MOST_TICKS):
            state, _ = self._controller.decide(state, self._machine.exchange(state.commands))
            running += TICK if state.sequence.state is State.EXECUTE else 0.0
            if running >= RUNNING:
                return state
        raise RuntimeError(f"the line {self._machine.line.name} did not reach its speed in {MOST_TICKS * TICK:.0f} s")

    def _now(self, output: Array) -> float:
        """The one number that is bumped."""
        return float(output[len(output) // 2] if output.ndim else output)

    def step(self, offset: float, time: float) -> None:
        """Stand `offset` [unit] beside where the output was, for a `time` [s]."""
        wanted = self._rest.copy()
        if wanted.ndim:
            wanted[len(wanted) // 2] += offset
        else:
            wanted += offset
        self._state = self._controller.set_output(self._state, self.loop.name, wanted)
        for _ in range(round(time / TICK)):
            output = self._now(np.asarray(self.loop.output(self._state)))
            readings = self._machine.exchange(self._state.commands)
            self._state, _ = self._controller.decide(self._state, readings)
            if self._state.sequence.state is not State.EXECUTE:
                raise RuntimeError(f"the line stopped during the test: {self._state.sequence.reason or 'see its events'}")
            self._metres += self._state.speed * TICK
            values = readings.values
            self._rows.append((output, self._read(values), self._metres))
            position, force = self._nip_places
            self._nips.append((float(values[position].sum()) / 2.0, float(values[force].sum())))

    def record(self) -> Record:
        """What has been seen so far."""
        return Record(*np.array(self._rows).T)

    def nip_readings(self) -> Array:
        """Gap of the chocks [m] and force [N] of the nip, tick by tick."""
        return np.array(self._nips).T


def _reader(controller: Controller, loop: Loop, gauges: str) -> Reader:
    """The reading [`seen`] that a loop's output acts on; ModeError where none is fit."""
    plan, at, k = controller.plan, controller.readings, loop.mode_at.row or 0
    side = loop.name.startswith(("areal mass ", "profile "))
    if side and gauges == "scanner":
        raise ModeError(f"{loop.name}: a bump test reads the line gauges; set control.gauges to line")
    if loop.name.endswith((" thickness", " tilt")) and loop.output_at is not None:
        pairs = at.pairs[k]
        if loop.name.endswith(" tilt"):
            return lambda values: float(values[pairs][2] - values[pairs][0])
        return lambda values: float(values[pairs].mean())
    if not side or loop.output_at is None or loop.name == "areal mass by scanner":
        raise ModeError(f"{loop.name}: there is no bump test for it; there is one for {TESTED}")
    own, pixels = plan.profiles[k], at.profiles[k]
    kept = slice(pixels.start + own.kept.start, pixels.start + own.kept.stop)
    if loop.name.startswith("areal mass "):
        return lambda values: float(values[kept].mean())
    segments, middle = len(own.nearest), len(own.nearest) // 2
    edges = np.linspace(0.0, segments, pixels.stop - pixels.start + 1)
    inside = np.clip(np.minimum(middle + 1.0, edges[1:]) - np.maximum(float(middle), edges[:-1]), 0.0, None)[own.kept]
    weights = inside / inside.sum() - 1.0 / len(inside)
    return lambda values: float(weights @ values[kept] / values[kept].mean())

