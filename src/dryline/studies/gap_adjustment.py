"""How exactly the gap axes of a line take a step and follow a sine, with the film in the nip and on separated rolls.

An acceptance test as a press maker does it: the line makes film at its rated speed; then all references stand still, the
gaugemeter and the movement against run-out are switched off, so that a reference is a place of the chocks (the
unloaded-equivalent gap: chock gap less housing stretch), and one nip at a time takes a step to and fro and a sine. Friction
or backlash, sensor noise and all disturbances stay on. The error is that of each side's true chock against its reference,
both counted from before the test, at the end of every tick.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dryline.control.controller import Controller
from dryline.control.sequence import State
from dryline.line.load import LoadedLine
from dryline.line.machine import Commands
from dryline.line.setup import SetUp
from dryline.line.tags import TICK
from dryline.twin.machine import TwinMachine

Array = NDArray[np.float64]

WITHIN = 1e-6
"""Error [m] that counts as held."""
MOST_STEP, FILM_SHARE, BARE_STEP = 5e-6, 0.05, 20e-6
"""Step with film: the smaller of a length [m] and a share of the film; on bare rolls [m]. A sine has it as amplitude with film,
and peak to peak on bare rolls."""
SETTLED = {"hydraulic": 0.3, "electromechanical": 1.5}
"""Time after a step from which the error counts [s]."""
STEP_TIME, SINE_TIME, SINE_FREQUENCY = 5.0, 20.0, 0.1
"""A step is looked at for so long [s], a sine so long [s] at its frequency [Hz]."""
REST = 2.0
"""Time before each test from which places are counted [s]."""
TO_OPEN = 15.0
"""Time to open a nip and come to rest [s]."""
RUNNING = 60.0
"""Time at rated speed before the tests [s]."""
MOST_TICKS = 20000
"""A line that has not reached its speed by then is given up."""


@dataclass(frozen=True)
class Adjustment:
    """One test of a nip: `test` is step or sine, with `film` or on bare rolls; `amplitude` [m]; `share` of the samples of both
    sides within `WITHIN` [1], the `largest` error [m] and their `number`.
    """

    line: str
    nip: str
    actuator: str
    film: bool
    test: str
    amplitude: float
    share: float
    largest: float
    number: int


def gap_adjustments(
    loaded: LoadedLine, setup: SetUp, actuator: str, seed: int = 1, *, nips: tuple[str, ...] | None = None, repeats: int = 2
) -> list[Adjustment]:
    """All tests of the `nips` (default: every nip) of a line whose axes are of one kind, each done `repeats` times.

    Raises RuntimeError where the line does not reach its rated speed.
    """
    stations = tuple(s.model_copy(update={"actuator": actuator}) if s in loaded.line.nips else s for s in loaded.line.stations)
    line = loaded.line.model_copy(update={"stations": stations})
    machine = TwinMachine(line, loaded.recipe, setup, loaded.disturbances, seed)
    running = _run_up(machine, Controller(line, setup))
    machine.twin.rolls["compensation"], machine.twin.drives["cancel"] = 0.0, 0.0
    bench = _Bench(machine, running)
    at_speed = machine.snapshot()
    found: list[Adjustment] = []
    for k, nip in enumerate(setup.nips):
        if nips is not None and nip.name not in nips:
            continue
        amplitude = min(MOST_STEP, FILM_SHARE * nip.thickness_out)
        for film, step, swing in ((True, amplitude, amplitude), (False, BARE_STEP, 0.5 * BARE_STEP)):
            for test, size, errors in (("step", step, bench.steps), ("sine", swing, bench.sines)):
                machine.restore(at_speed)
                bench.hold(k, film)
                seen = np.concatenate([error for _ in range(repeats) for error in errors(k, size)])
                share, largest = float((np.abs(seen) <= WITHIN).mean()), float(np.abs(seen).max())
                found.append(Adjustment(line.name, nip.name, actuator, film, test, size, share, largest, seen.size))
    return found


def _run_up(machine: TwinMachine, controller: Controller) -> Commands:
    """Bring the line to its speed; returns the commands that then stand still."""
    state, running = controller.start(), 0.0
    for _ in range(MOST_TICKS):
        readings = machine.exchange(state.commands)
        state, _ = controller.decide(state, readings)
        running += TICK if state.sequence.state is State.EXECUTE else 0.0
        if running >= RUNNING:
            return state.commands
    raise RuntimeError(f"the line {machine.line.name} did not reach its speed in {MOST_TICKS * TICK:.0f} s")


class _Bench:
    """A twin whose references stand still but for the gap of the nip that is tested."""

    def __init__(self, machine: TwinMachine, commands: Commands) -> None:
        self._machine, self._held, self._number = machine, commands, commands.sequence
        self._values = commands.values

    def hold(self, k: int, film: bool) -> None:
        """Settle with nip k closed on its film, or open."""
        name = self._machine.line.nips[k].name
        self._values = self._held.values.copy()
        if not film:
            self._values[self._machine.commands.index(f"{name}/open")] = 1.0
        for _ in range(round(TO_OPEN / TICK)):
            self._tick()

    def steps(self, k: int, size: float) -> Iterator[Array]:
        """Errors [m] of both sides after a step down and after the step back up."""
        settled = SETTLED[self._machine.line.nips[k].actuator]
        for sign in (-1.0, 1.0):
            yield self._test(k, STEP_TIME, settled, lambda _, sign=sign: sign * size)  # type: ignore[misc]

    def sines(self, k: int, size: float) -> Iterator[Array]:
        """Errors [m] of both sides along a sine, its first second left out: the reference starts with a jump of speed."""
        yield self._test(k, SINE_TIME, 1.0, lambda t: size * math.sin(2.0 * math.pi * SINE_FREQUENCY * t))

    def _test(self, k: int, time: float, settled: float, wanted: Callable[[float], float]) -> Array:
        """Errors of both sides against a reference that moves by `wanted`(t) [m]; it stays where it ends."""
        gap = self._machine.commands.index(f"{self._machine.line.nips[k].name}/gap")
        before = self._values[gap]
        axis = self._machine.twin.nips["axis"][k, :, 0]
        rest = np.zeros(2)
        for _ in range(round(REST / TICK)):
            self._tick()
            rest += axis / round(REST / TICK)
        errors = []
        for tick in range(round(time / TICK)):
            moved = wanted((tick + 1) * TICK)
            self._values[gap] = before + moved
            self._tick()
            if (tick + 1) * TICK >= settled - 1e-9:
                errors.append(axis - rest - moved)
        return np.concatenate(errors)

    def _tick(self) -> None:
        self._number += 1
        self._machine.exchange(Commands(self._number, self._values))
