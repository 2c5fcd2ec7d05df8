"""The examples run, and print what their last comment says; figures may differ from processor to processor."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import dryline

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.py"))
NUMBER = re.compile(r"(?<!\w)[-+]?\d+(?:\.\d+)?(?:e[-+]\d+)?")
HEAD = "# Prints (figures may differ a little):\n"


def words(text: str) -> list[str]:
    """Lines of a text with a sign in place of each number."""
    return [NUMBER.sub("#", line) for line in text.splitlines()]


def test_there_are_examples() -> None:
    assert [path.name[:2] for path in EXAMPLES] == ["01", "02", "03", "04", "05", "06"]


@pytest.mark.e2e
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_prints_what_it_says(path: Path, tmp_path: Path) -> None:
    _, head, comment = path.read_text(encoding="utf-8").partition(HEAD)
    expected = [line.removeprefix("#").removeprefix(" ") for line in comment.splitlines()]
    environment = os.environ | {"PYTHONPATH": str(Path(dryline.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-X", "utf8", str(path)],
        cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert head and words(done.stdout) == words("\n".join(expected))
    assert list(tmp_path.iterdir()) == []
