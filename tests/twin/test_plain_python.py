"""The twin without the compiler: the same text as plain Python, slow, for debugging."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = """
from dryline.line.load import load_line
from dryline.line.machine import Commands
from dryline.setup.operating_point import set_up
from dryline.twin.machine import TwinMachine
from tests.twin.held import held

loaded = load_line("lfp-cathode", settings=["web.lanes=4"])
setup = set_up(loaded.line, loaded.recipe)
machine = TwinMachine(loaded.line, loaded.recipe, setup, loaded.disturbances, 1, dt=5e-3)
values = held(machine, loaded, setup)
for n in range(30):
    readings = machine.exchange(Commands(n, values))
for name in ("force", "gap", "speed"):
    print(*machine.twin.nips[name].tolist())
print(*readings.values.tolist())
print(*machine.accounts().stored.tolist())
"""


def printed(**more: str) -> list[np.ndarray]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, env={**os.environ, **more}, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    return [np.array(line.split(), dtype=float) for line in done.stdout.splitlines()]


def test_plain_python_and_compiled_code_agree():
    plain, compiled = printed(NUMBA_DISABLE_JIT="1"), printed()
    assert compiled[0].max() > 1e3, "a film is in the powder nips"
    for one, other in zip(plain, compiled, strict=True):
        assert one == pytest.approx(other, rel=1e-9, abs=1e-12)
