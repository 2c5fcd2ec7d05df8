"""The package's own kernel and plain NumPy on the yardstick."""

from __future__ import annotations

from benchmarks import numpy_step
from benchmarks.case import Case, Noise, State, parameters, width


class NumbaKernel:
    """The yardstick written with the package's `law` and `kernel`."""

    name = "dryline kernel (numba)"

    block = 1

    def supports(self, case: Case) -> bool:
        """Every case."""
        return True

    def available(self) -> str:
        """Always there."""
        return ""

    def prepare(self, case: Case, state: State, noise: Noise) -> None:
        """Pin the arguments."""
        from benchmarks.yardstick import advance

        self.advance, self.fixed = advance, (parameters(case), width(case), state, noise.lanes, noise.gauge, case.every)

    def run(self, first: int, n: int) -> None:
        """Advance by n steps from step `first`."""
        self.advance(*self.fixed, first, n)


class NumPyLoop:
    """Time loop in Python, lanes in NumPy."""

    name = "NumPy, time loop in Python"

    block = 1

    def supports(self, case: Case) -> bool:
        """Every case."""
        return True

    def available(self) -> str:
        """Always there."""
        return ""

    def prepare(self, case: Case, state: State, noise: Noise) -> None:
        """Pin the arguments."""
        self.fixed = (case, state, noise)

    def run(self, first: int, n: int) -> None:
        """Advance by n steps from step `first`."""
        numpy_step.advance(*self.fixed, first, n)
