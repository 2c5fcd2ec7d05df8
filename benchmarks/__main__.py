"""`python -m benchmarks`: the yardstick nip on several engines, interleaved, correctness first; then the whole line.

An engine that fails the gate (gate.py) shows no speed. Rounds are interleaved; medians of `--repeat`; a ratio is refused
where the spread (interquartile range / median) of either engine exceeds 15 %.
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

from benchmarks.case import RECORDS, Case, no_noise, seeded_noise, start
from benchmarks.gate import gate
from benchmarks.peers.casadi_map import CasadiMap
from benchmarks.peers.compiled_c import CompiledC
from benchmarks.peers.jax_scan import JaxScan
from benchmarks.peers.python_engines import NumbaKernel, NumPyLoop
from benchmarks.peers.scipy_rk45 import ScipyRK45
from benchmarks.whole_line import whole_line


def rounds(engines: list[Any], case: Case, repeat: int, seconds: float) -> dict[str, list[float]]:
    """Steps per second of every engine in `repeat` interleaved rounds of about the same time."""
    sizes: dict[str, int] = {}
    at: dict[str, int] = {}
    speeds: dict[str, list[float]] = {engine.name: [] for engine in engines}
    noise = seeded_noise(case, 1)
    for engine in engines:
        first = max(engine.block, 100)
        engine.prepare(case, start(case), noise)
        engine.run(0, first)
        began = time.perf_counter()
        engine.run(first, first)
        blocks = seconds / max(time.perf_counter() - began, 1e-9)
        sizes[engine.name] = first * max(1, round(blocks))
        at[engine.name] = 2 * first
    for _ in range(repeat):
        for engine in engines:
            n = sizes[engine.name]
            began = time.perf_counter()
            engine.run(at[engine.name], n)
            speeds[engine.name].append(n / (time.perf_counter() - began))
            at[engine.name] += n
    return speeds


def spread_of(speeds: list[float]) -> float:
    """Interquartile range over median."""
    low, middle, high = np.percentile(speeds, [25, 50, 75])
    return float((high - low) / middle)


def multirate_error(case: Case, seconds: int) -> tuple[float, float]:
    """Greatest and RMS difference of the centre gap [m] from full rate over a run without noise."""
    gaps = []
    for every in (case.every, 1):
        one = Case(case.law, case.lanes, every)
        state, engine, seen = start(one), NumbaKernel(), []
        engine.prepare(one, state, no_noise(one))
        for k in range(seconds):
            engine.run(RECORDS * k, RECORDS)
            seen.append(state.record[:, 0].copy())
        gaps.append(np.concatenate(seen))
    apart = gaps[0] - gaps[1]
    return float(np.abs(apart).max()), float(np.sqrt(np.mean(apart**2)))


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
    failed = 0
    peers: list[Any] = [NumbaKernel(), CompiledC("fast"), CompiledC("ieee"), NumPyLoop(), JaxScan(), CasadiMap(), ScipyRK45()]
    lanes = [int(n) for n in options.lanes.split(",")] if "nip" in options.cases else []
    cases = [Case(law, n, every) for law in ("peak", "integral") for every in (1, 5) for n in lanes]
    for case in cases:
        print(f"{case.name}: closed loop, noise drawn before, steps of 1 ms")
        engines: list[Any] = []
        for engine in peers:
            if not engine.supports(case):
                continue
            if missing := engine.available():
                print(f"  {engine.name:36s} {missing}")
                continue
            error, passed = gate(engine, case)
            if passed:
                engines.append(engine)
            else:
                print(f"  {engine.name:36s} fails the correctness gate ({error:.1e}): no speed shown")
                failed = 1
        speeds = rounds(engines, case, 3 if options.quick else options.repeat, 0.05 if options.quick else 0.3)
        base = speeds[NumbaKernel.name]
        if case.every > 1:
            greatest, rms = multirate_error(case, 4 if options.quick else 20)
            print(f"  gap against full rate without noise: {1e9 * greatest:.1f} nm greatest, {1e9 * rms:.2f} nm RMS")
            row = {"case": case.name, "gap_error_max": greatest, "gap_error_rms": rms}
            out["nip"].append(row)
        for engine in engines:
            middle = statistics.median(speeds[engine.name])
            spread = spread_of(speeds[engine.name])
            slower = statistics.median(base) / middle
            steady = max(spread, spread_of(base)) <= 0.15
            ratio = f"{slower:8.2f} times slower" if steady else "no ratio: spread above 15 %"
            version = getattr(engine, "version", "")
            print(f"  {engine.name:36s} {middle / 1000.0:9.2f} x real time, {ratio}, spread {100 * spread:.0f} % {version}")
            out["nip"].append(
                {
                    "case": case.name,
                    "engine": engine.name,
                    "x_real_time": middle / 1000.0,
                    "slower": slower if steady else None,
                    "spread": spread,
                }
            )
    if "line" in options.cases and not options.quick:
        out["line"] = whole_line(options.repeat)
        for name, row in out["line"].items():
            print(
                f"whole default line, {row['nips']} nips, {name}: {row['x_real_time']:.1f} x real time = "
                f"{row['times_N_over_nip']:.2f}/{row['nips']} of the yardstick nip ({row['nip_x_real_time']:.0f} x)"
            )
    if options.json:
        Path(options.json).write_text(json.dumps(out, indent=2), encoding="utf-8")
    return failed


if __name__ == "__main__":
    sys.exit(main())
