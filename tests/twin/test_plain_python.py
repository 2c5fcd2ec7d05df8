"""The twin without the compiler: the same text as plain Python, slow, for debugging."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

SCRIPT = """
import numpy as np
from dryline.line.load import load_line
from dryline.line.machine import Commands
from dryline.setup.operating_point import set_up
from dryline.twin.machine import TwinMachine

loaded = load_line("lfp-cathode", settings=["web.lanes=4"])
setup = set_up(loaded.line, loaded.recipe)
machine = TwinMachine(loaded.line, loaded.recipe, setup, loaded.disturbances, 1, dt=5e-3)
values = np.zeros(machine.commands.size)
values[machine.commands.index("line/speed")] = 1.0
for nip in setup.nips:
    for what in ("speed_ratio", "roll_temperature"):
        values[machine.commands.index(f"{nip.name}/{what}")] = getattr(nip, what)
    values[machine.commands.index(f"{nip.name}/gap")] = nip.loaded_gap
for side in "ab":
    values[machine.commands.index(f"metering_{side}/rate")] = setup.metering_rate
for n in range(30):
    readings = machine.exchange(Commands(n, values))
for name in ("force", "gap", "speed"):
    print(*machine.twin.nips[name].tolist())
print(*readings.values.tolist())
print(*machine.accounts().stored.tolist())
"""


def printed(**more: str) -> list[np.ndarray]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, env={**os.environ, **more}, check=False
    )
    assert done.returncode == 0, done.stderr
    return [np.array(line.split(), dtype=float) for line in done.stdout.splitlines()]


def test_plain_python_and_compiled_code_agree():
    plain, compiled = printed(NUMBA_DISABLE_JIT="1"), printed()
    assert compiled[0].max() > 1e3, "a film is in the powder nips"
    for one, other in zip(plain, compiled, strict=True):
        assert one == pytest.approx(other, rel=1e-9, abs=1e-12)
