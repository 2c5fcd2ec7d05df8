"""The validation page names tests that exist, and every test of published figures."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def functions_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def named() -> set[tuple[str, str]]:
    return set(NAMED.findall((ROOT / "docs" / "validation.md").read_text(encoding="utf-8")))


def test_every_test_named_on_the_page_exists() -> None:
    found = named()
    assert len(found) > 40
    kept = {file: functions_in(ROOT / file) for file, _ in found if (ROOT / file).exists()}
    assert {f"{file}::{name}" for file, name in found if name not in kept.get(file, set())} == set()


def test_every_test_of_a_published_figure_is_on_the_page() -> None:
    kept = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in sorted((ROOT / "tests" / "published").glob("test_*.py"))
        for name in functions_in(path)
    }
    assert {f"{file}::{name}" for file, name in kept - named()} == set()
