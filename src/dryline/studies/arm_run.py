"""One arm of the ablation, run: a twin and its controller in this process, without a run folder."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dryline.bounds.of_line import bounds_of
from dryline.bounds.result import Means
from dryline.control.sequence import State
from dryline.control.state import ControlState
from dryline.control.status import loop_statuses
from dryline.line.load import LoadedLine, load_line
from dryline.line.machine import Readings
from dryline.line.setup import SetUp
from dryline.line.tags import INTERLOCKS, TICK
from dryline.line.web_record import MetreBatch, picked
from dryline.records.order import order_of
from dryline.setup.operating_point import set_up
from dryline.studies.arm_figures import areal_figures, gap_figures
from dryline.studies.arms import Arm
from dryline.studies.footprint_bounds import split_percent
from dryline.studies.judged import judged_controller
from dryline.twin.machine import TwinMachine

BOOKS = 50
"""Finished web is taken over every so many ticks."""
LOOK = 10
"""Loops are asked for their limits every so many ticks."""
LONGEST_START = 1800.0
"""A line that does not produce by then [s] is given up."""
CONTACT = INTERLOCKS.index("rolls would touch")
RAMPS = ("line speed", "surge hopper level")
"""Loops whose limit is a ramp or a stock, no actuator of quality."""
INFORMED = {"line": Means("line", scale=True, elongation=True), "scanner": Means("scanner", scale=True, elongation=True)}
"""All that control may know and move, by the gauges it sees."""
GAUGE_ALONE = {"line": Means("line"), "scanner": Means("scanner")}


class Stopped(Exception):
    """The study was told to stop."""


def line_of_arm(line: str, arm: Arm, settings: Sequence[str] = ()) -> LoadedLine:
    """A line with the settings of the user, then those of an arm."""
    nips = [nip.name for nip in load_line(line, settings=tuple(settings)).line.nips]
    return load_line(line, settings=(*settings, *arm.settings(nips)))


def run_arm(
    loaded: LoadedLine, seed: int, minutes: float, warm_up: float, stopped: Callable[[], bool] | None = None
) -> dict[str, Any]:
    """Run a line from hot rolls and return its figures: `warm_up` minutes of production that do not count, then `minutes`.

    Raises RuntimeError where the line does not come to produce, ValueError where it made nothing to judge, Infeasible where
    it cannot be set up, Stopped where `stopped` says so.
    """
    setup = set_up(loaded.line, loaded.recipe)
    return _Watched(loaded, setup, seed).over(60.0 * warm_up, 60.0 * minutes, stopped or (lambda: False))


def bounds_figures(loaded: LoadedLine) -> dict[str, Any]:
    """Bounds and open loop of a line on its footprint [% of target] by gauges: with the gauge alone, and with all means."""
    web = loaded.line.web
    footprint = web.patch_length, min(web.patch_width, web.kept_width)
    setup, share = set_up(loaded.line, loaded.recipe), footprint[1] / web.kept_width
    found: dict[str, Any] = {}
    for name, sets in (("informed", INFORMED), ("gauge", GAUGE_ALONE)):
        for gauge, means in sets.items():
            bounds = bounds_of(loaded.line, loaded.recipe, setup, loaded.disturbances, means, footprint)
            found.setdefault(name, {})[gauge] = split_percent(bounds.whole.bound, share)
            found["open_loop"] = split_percent(bounds.whole.open_loop, share)
    return found


class _Watched:
    """A line under its control, and all that is looked at."""

    def __init__(self, loaded: LoadedLine, setup: SetUp, seed: int) -> None:
        self.order = order_of(loaded.line, loaded.recipe, setup)
        self.machine = TwinMachine(loaded.line, loaded.recipe, setup, loaded.disturbances, seed)
        self.controller = judged_controller(loaded.line, setup, self.order)
        self.nips = [nip.name for nip in loaded.line.nips]
        truth, readings, commands = self.machine.truth_tags, self.machine.readings, self.machine.commands
        whats = ("loaded_gap", "gap_reference", "tilt", "contact_margin")
        self._truth = np.array([[truth.index(f"{nip}/{what}") for nip in self.nips] for what in whats])
        self._lift = np.array([commands.index(f"{nip}/lift") for nip in self.nips])
        self._open = np.array([commands.index(f"{nip}/open") for nip in self.nips])
        self._product = commands.index(f"{loaded.line.of_kind('winder')[0].name}/product")
        self._interlock = np.array([readings.index(f"{nip}/interlock") for nip in self.nips])
        self._refill = np.array([readings.index(f"{feeder.name}/refilling") for feeder in loaded.line.feeders])
        self._web: list[MetreBatch] = []
        self._seen: list[np.ndarray] = []
        self._angles: list[np.ndarray] = []
        self._counted: list[bool] = []
        self._limited: Counter[str] = Counter()
        self._looks = self._refills = self._contacts = 0
        self._alarms: Counter[str] = Counter()
        self._deciding: list[float] = []
        self._last = np.zeros(0, np.bool_)

    def over(self, warm_up: float, wanted: float, stopped: Callable[[], bool]) -> dict[str, Any]:
        """Figures over `wanted` seconds from `warm_up` seconds after production began."""
        state, begin = self.controller.start(), np.inf
        for tick in range(round((LONGEST_START + warm_up + wanted) / TICK)):
            readings = self.machine.exchange(state.commands)
            started = time.perf_counter()
            following, _ = self.controller.decide(state, readings)
            took = time.perf_counter() - started
            if begin == np.inf and following.sequence.state is State.EXECUTE:
                begin = readings.time + warm_up
            if readings.time > begin:
                self._look(tick, state, following, readings)
                self._deciding.append(took)
            state = following
            if (tick + 1) % BOOKS == 0:
                self._books(begin, state)
                if stopped():
                    raise Stopped
            if readings.time >= begin + wanted:
                break
            if begin == np.inf and readings.time >= LONGEST_START:
                raise RuntimeError(f"the line did not come to produce in {LONGEST_START:.0f} s; see its run for the alarms")
        self._books(begin, state)
        return self._figures()

    def _look(self, tick: int, before: ControlState, state: ControlState, readings: Readings) -> None:
        commands, values = before.commands.values, readings.values
        seen = np.vstack((self.machine.truth[self._truth], commands[self._lift]))
        seen[3, commands[self._open] >= 0.5] = np.nan
        producing = state.sequence.state is State.EXECUTE
        self._seen.append(seen)
        self._angles.append(self.machine.twin.nips["angle"].copy())
        self._counted.append(producing and commands[self._product] > 0.5)
        watched = np.concatenate((values[self._refill] > 0.5, values[self._interlock] == CONTACT))
        if self._last.size:
            risen = watched > self._last
            self._refills += int(risen[: self._refill.size].sum())
            self._contacts += int(risen[self._refill.size :].sum())
        self._last = watched
        self._alarms.update(f"{event.source}: {event.message}" for event in state.events if event.kind == "alarm")
        self._alarms.update(event.kind for event in state.events if event.kind in ("restart", "given up"))
        if producing and tick % LOOK == 0:
            self._looks += 1
            loops = loop_statuses(self.controller, state)
            self._limited.update({loop.name for loop in loops if loop.limited and loop.name not in RAMPS})

    def _books(self, begin: float, state: ControlState) -> None:
        batch = self.machine.finished_web()
        if batch is None or state.sequence.state is not State.EXECUTE:
            return
        rows = batch.time > begin
        if rows.any():
            self._web.append(picked(batch, rows))

    def _figures(self) -> dict[str, Any]:
        if not self._seen:
            raise ValueError("nothing was produced after the warm-up; give more minutes")
        seen, angles, counted = np.stack(self._seen), np.stack(self._angles), np.array(self._counted, np.bool_)
        gauged = {gap.nip for gap in self.controller.plan.gaps}
        nips = {}
        for k, name in enumerate(self.nips):
            gap, reference, tilt, margin, lifted = seen[:, :, k].T
            own = gap_figures(gap, reference, lifted, tilt, margin, counted, angles[:, k])
            nips[name] = {"gauged": name in gauged, **own}
        alarms = {text: count for text, count in sorted(self._alarms.items()) if text not in ("restart", "given up")}
        return {
            "areal": areal_figures(self.order, self._web),
            "nips": nips,
            "limited": {name: count / self._looks for name, count in sorted(self._limited.items())},
            "alarms": alarms,
            "restarts": self._alarms["restart"],
            "contact_interlocks": self._contacts,
            "refills": self._refills,
            "decide_us": 1e6 * float(np.mean(self._deciding)),
        }
