"""The C limit: yardstick.c built in the run with gcc; the fast build reorders sums, the other keeps IEEE rules."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.case import Case, Noise, State, parameters, width

SOURCE = Path(__file__).with_name("yardstick.c")
FLAGS = {"fast": ["-O3", "-march=native", "-ffast-math"], "ieee": ["-O3", "-march=native"]}


class CompiledC:
    """One build of the C yardstick."""

    def __init__(self, build: str) -> None:
        self.flags = FLAGS[build]
        self.name = f"C {' '.join(self.flags)}"

    block = 1

    def supports(self, case: Case) -> bool:
        """Every case."""
        return True

    def available(self) -> str:
        """Empty where gcc is installed, otherwise what is missing."""
        return "" if shutil.which("gcc") else "gcc is not installed"

    def prepare(self, case: Case, state: State, noise: Noise) -> None:
        """Build the library and pin the arguments.

        Linked without -ffast-math: gcc would add start-up code that flushes subnormal numbers in the whole process.
        """
        folder = Path(tempfile.mkdtemp(prefix="dryline-bench-"))
        library = folder / "yardstick.so"
        compiled = folder / "yardstick.o"
        subprocess.run(["gcc", *self.flags, "-fPIC", "-c", str(SOURCE), "-o", str(compiled)], check=True)
        subprocess.run(["gcc", "-shared", str(compiled), "-o", str(library), "-lm"], check=True)
        self.call = ctypes.CDLL(str(library)).advance
        self.call.restype = None
        w = width(case)
        self.kept = (np.array(parameters(case)), w.eta, w.crown, state, noise)
        pointers = [self.kept[0], w.eta, w.crown, state.x, state.m, state.n, state.z, state.delayed, state.record,
                    noise.lanes, noise.gauge]  # fmt: skip
        self.pointers = [ctypes.c_void_p(array.ctypes.data) for array in pointers]
        self.lanes, self.every = ctypes.c_int64(case.lanes), ctypes.c_int64(case.every)

    def run(self, first: int, n: int) -> None:
        """Advance by n steps from step `first`."""
        self.call(self.pointers[0], self.lanes, *self.pointers[1:], self.every, ctypes.c_int64(first), ctypes.c_int64(n))
