"""The whole default line as one more engine: twin, disturbances, gauges, basic control and records, in steady production."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.case import Case, seeded_noise, start
from benchmarks.peers.python_engines import NumbaKernel

START_UP = 2000
"""Ticks until the line makes electrode at rated speed."""
BOOKS = 50
"""Web and accounts are handed to the records every so many ticks, as in `dryline run`."""


class WholeLine:
    """`lfp-cathode` recorded into a folder that is thrown away; `run(n)` advances it by n ticks of 0.1 s."""

    def __init__(self, full: bool) -> None:
        self.name = "full rate" if full else "multi-rate"
        self.full = full
        self.folder = Path(tempfile.mkdtemp(prefix="dryline-bench-"))
        self._ticks = self._loop()
        self.run(START_UP)

    def _loop(self) -> Iterator[Any]:
        from dryline.control.controller import Controller
        from dryline.control.loop import run
        from dryline.line.clock import VirtualClock
        from dryline.line.load import dump_line, load_line
        from dryline.records.historian import Tables
        from dryline.records.order import order_of
        from dryline.records.recorder import Recorder
        from dryline.setup.operating_point import set_up
        from dryline.twin.machine import TwinMachine

        loaded = load_line("lfp-cathode")
        setup = set_up(loaded.line, loaded.recipe)
        machine = TwinMachine(loaded.line, loaded.recipe, setup, loaded.disturbances, 1, full=self.full)
        self.nips = len(loaded.line.nips)
        recorder = Recorder.start(
            self.folder / "run", order=order_of(loaded.line, loaded.recipe, setup), set_up=setup, seed=1,
            tables=Tables(machine.commands, machine.readings, machine.truth_tags), line_yaml=dump_line(loaded.line),
        )  # fmt: skip
        recorder.accounts(0.0, machine.accounts())
        for n, step in enumerate(run(machine, Controller(loaded.line, setup), VirtualClock())):
            state = int(step.state.sequence.state)
            recorder.tick(step.readings.time, step.commands, step.readings, machine.truth, state)
            for event in step.state.events:
                recorder.event(*event)
            if n % BOOKS == BOOKS - 1:
                recorder.web(machine.finished_web())
                recorder.accounts(step.readings.time, machine.accounts())
            yield step

    def run(self, n: int) -> None:
        """Advance by n ticks."""
        for _ in range(n):
            next(self._ticks)

    def close(self) -> None:
        """Throw the records away."""
        self._ticks = iter(())
        shutil.rmtree(self.folder, ignore_errors=True)


def whole_line(repeat: int) -> dict[str, dict[str, Any]]:
    """Speed of the whole line at both rates and of the yardstick nip N1, interleaved: plant seconds per second, medians."""
    nip, case = NumbaKernel(), Case("peak", 200, 1)
    nip.prepare(case, start(case), seeded_noise(case, 1))
    nip.run(0, 4000)
    lines = [WholeLine(full) for full in (False, True)]
    blocks = {"N1": 400, "multi-rate": 600, "full rate": 150}  # units of 1000 steps, ticks (a minute: one segment), ticks
    seen: dict[str, list[float]] = {name: [] for name in blocks}
    try:
        for round_ in range(repeat):
            began = time.perf_counter()
            nip.run(4000 + round_ * blocks["N1"] * 1000, blocks["N1"] * 1000)
            seen["N1"].append(blocks["N1"] / (time.perf_counter() - began))
            for line in lines:
                began = time.perf_counter()
                line.run(blocks[line.name])
                seen[line.name].append(0.1 * blocks[line.name] / (time.perf_counter() - began))
    finally:
        for line in lines:
            line.close()
    middle = {name: statistics.median(values) for name, values in seen.items()}
    return {
        line.name: {
            "x_real_time": middle[line.name],
            "nip_x_real_time": middle["N1"],
            "times_N_over_nip": middle[line.name] * line.nips / middle["N1"],
            "nips": line.nips,
        }
        for line in lines
    }
