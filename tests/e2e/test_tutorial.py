"""The commands on the tutorial pages run, in order, in an empty folder.

A ``console`` block holds commands behind ``$ ``; lines without it are output that the command has to print,
where ``...`` stands for anything.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parents[2] / "docs" / "tutorials").glob("*.md"))
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)


def commands_of(page: Path) -> list[tuple[str, list[str]]]:
    """Commands of a page in order, each with the output lines shown below it."""
    found: list[tuple[str, list[str]]] = []
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif line.strip():
                found[-1][1].append(line.strip())
    return found


def test_a_page_without_commands_would_be_noticed() -> None:
    assert PAGES
    assert [page.name for page in PAGES if not commands_of(page)] == []


@pytest.mark.e2e
@pytest.mark.docs
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_tutorial_commands_run(page: Path, tmp_path: Path) -> None:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environment = os.environ | {"PATH": path, "COLUMNS": "120", "NO_COLOR": "1"}
    for command, expected in commands_of(page):
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"
        for line in expected:
            pattern = ".*".join(re.escape(part) for part in line.split("..."))
            assert re.search(pattern, done.stdout), f"$ {command}\nexpected: {line}\n{done.stdout}"
