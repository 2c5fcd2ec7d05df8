"""`python -m benchmarks`: the yardstick nip on several engines, interleaved, correctness first; then the whole line.

Each engine must reproduce the check values to 1e-9 before it shows a speed. Rounds are interleaved, medians of `--repeat`.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import numba
import numpy as np

from benchmarks.case import Case, no_noise, seeded_noise, start
from benchmarks.peers.compiled_c import CompiledC
from benchmarks.peers.python_engines import NumbaKernel, NumPyLoop

CHECK = {"peak": (99.1943257350e-6, 0.0194803148533e-6, 313.017316906e3)}
"""Last record after 1000 steps without noise at 200 lanes: gap, tilt [m], force [N] (computed from the equations)."""


def gate(engine: Any, case: Case) -> float:
    """Largest relative difference from the check value, or from the NumPy engine where none is tabulated."""
    noise = no_noise(case)
    state = start(case)
    engine.prepare(case, state, noise)
    engine.run(0, 1000)
    got = state.record[999, :3]
    if case.law in CHECK and case.lanes == 200:
        wanted = np.array(CHECK[case.law])
    else:
        reference, other = NumPyLoop(), start(case)
        reference.prepare(case, other, noise)
        reference.run(0, 1000)
        wanted = other.record[999, :3]
    scale = np.array([abs(wanted[0]), 1e-6, abs(wanted[2])])
    return float((np.abs(got - wanted) / scale).max())


def rounds(engines: list[Any], case: Case, repeat: int, seconds: float) -> dict[str, list[float]]:
    """Steps per second of every engine in `repeat` interleaved rounds."""
    sizes: dict[str, int] = {}
    at: dict[str, int] = {}
    speeds: dict[str, list[float]] = {engine.name: [] for engine in engines}
    noise = seeded_noise(case, 1)
    for engine in engines:
        engine.prepare(case, start(case), noise)
        began = time.perf_counter()
        engine.run(0, 200)
        began = time.perf_counter()
        engine.run(200, 200)
        sizes[engine.name] = max(100, int(200 * seconds / max(time.perf_counter() - began, 1e-9)))
        at[engine.name] = 400
    for _ in range(repeat):
        for engine in engines:
            n = sizes[engine.name]
            began = time.perf_counter()
            engine.run(at[engine.name], n)
            speeds[engine.name].append(n / (time.perf_counter() - began))
            at[engine.name] += n
    return speeds


def whole_line(full: bool, seconds: float) -> float:
    """Speed of the default line in steady production, in plant seconds per second: control and gauges on."""
    from dryline.control.controller import Controller
    from dryline.control.loop import run
    from dryline.line.clock import VirtualClock
    from dryline.line.load import load_line
    from dryline.setup.operating_point import set_up
    from dryline.twin.machine import TwinMachine

    loaded = load_line("lfp-cathode")
    setup = set_up(loaded.line, loaded.recipe)
    machine = TwinMachine(loaded.line, loaded.recipe, setup, loaded.disturbances, 1, full=full)
    controller = Controller(loaded.line, setup)
    warm, began, tick = 2000, 0.0, 0
    for tick, _ in enumerate(run(machine, controller, VirtualClock(), ticks=warm + int(10 * seconds))):
        machine.finished_web()
        if tick == warm:
            began = time.perf_counter()
    return (tick - warm) / 10.0 / (time.perf_counter() - began)


def processor() -> str:
    """Model name of the processor."""
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "unknown processor"


def main() -> int:
    """Run the benchmark and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--lanes", default="200", help="lane counts, e.g. 1,50,200,1000")
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--cases", default="nip,line")
    parser.add_argument("--quick", action="store_true", help="one short round each, no line")
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args()
    out: dict[str, Any] = {"processor": processor(), "numpy": np.__version__, "numba": numba.__version__, "nip": [], "line": {}}
    print(f"{out['processor']}; Python {platform.python_version()}, numpy {np.__version__}, numba {numba.__version__}")
    nip_speed, failed = 0.0, 0
    for law in ("peak", "integral"):
        for lanes in (int(text) for text in options.lanes.split(",")):
            case = Case(law, lanes)
            engines: list[Any] = []
            for engine in (NumbaKernel(), CompiledC("fast"), CompiledC("ieee"), NumPyLoop()):
                if missing := engine.available():
                    print(f"  {engine.name}: {missing}")
                    continue
                error = gate(engine, case)
                if error > 1e-8:
                    print(f"  {engine.name}: fails the correctness gate ({error:.1e}): no speed shown")
                    failed = 1
                else:
                    engines.append(engine)
            speeds = rounds(engines, case, 1 if options.quick else options.repeat, 0.1 if options.quick else 0.6)
            base = statistics.median(speeds[NumbaKernel.name])
            if law == "peak" and lanes == 200:
                nip_speed = base / 1000.0
            print(f"{case.name}: closed loop, noise drawn before, steps of 1 ms")
            for engine in engines:
                all_of = speeds[engine.name]
                middle = statistics.median(all_of)
                spread = (max(all_of) - min(all_of)) / middle
                ratio = f"{base / middle:7.2f} times slower" if spread < 0.3 else "spread too large for a ratio"
                print(f"  {engine.name:34s} {middle / 1000.0:8.1f} x real time, {ratio}, spread {100 * spread:.0f} %")
                row = {"case": case.name, "engine": engine.name, "x_real_time": middle / 1000.0, "slower": base / middle}
                out["nip"].append(row)
    print("  SciPy, CasADi, JAX: no adapter yet")
    if "line" in options.cases and not options.quick and nip_speed > 0.0:
        for name, full in (("multi-rate", False), ("full rate", True)):
            speed = whole_line(full, 60.0 if not full else 10.0)
            share = speed * 7.0 / nip_speed
            out["line"][name] = {"x_real_time": speed, "times_N_over_nip": share}
            print(f"whole default line, 7 nips, {name}: {speed:.1f} x real time = {share:.2f}/7 of the yardstick nip")
    if options.json:
        Path(options.json).write_text(json.dumps(out, indent=2), encoding="utf-8")
    return failed


if __name__ == "__main__":
    sys.exit(main())
