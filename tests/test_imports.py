"""Imports point downward, heavy libraries stay where they belong, and the command starts light."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "dryline"
HEAVY = ("numba", "scipy", "pint", "pyarrow", "duckdb", "matplotlib", "asyncua", "fastapi")


def test_import_contracts() -> None:
    script = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", script, "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_module_imports_the_facade() -> None:
    """`import dryline` is for users: inside, it would make the order of imports matter."""
    found = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module == "dryline":
                names += [f"dryline.{alias.name}" for alias in node.names]
                names = ["dryline" for name in names if not _is_module(name)]
            if "dryline" in names:
                found.append(f"{path.relative_to(PACKAGE)}:{node.lineno}")
    assert found == []


def _is_module(name: str) -> bool:
    path = PACKAGE.parent.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or path.is_dir()


@pytest.mark.e2e
@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"]])
def test_help_is_light(arguments: list[str]) -> None:
    script = (
        "import sys\n"
        "from dryline.commands.main import app\n"
        f"sys.argv = ['dryline', *{arguments!r}]\n"
        "try:\n    app()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        f"print('LOADED', *(name for name in {HEAVY!r} if name in sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().splitlines()[-1].split() == ["LOADED"]


def test_locked_ranges_are_those_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    assert set(project["dependencies"]) == _wanted("run")
    assert set(extras["dev"]) | set(extras["docs"]) <= _wanted("dev")


def _wanted(name: str) -> set[str]:
    lines = (ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8").splitlines()
    return {line.strip() for line in lines if line[:1].isalpha()}


@pytest.mark.parametrize("name", ["run", "build", "dev", "bench"])
def test_lock_has_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    rest = re.sub(r"^\s*(#.*|--hash=sha256:[0-9a-f]{64}.*)$", "", text, flags=re.M)
    assert not re.search(r"^\s*-|[/@]", rest, re.M), "options, paths or addresses"
    pins = re.findall(r"^([A-Za-z0-9_.-]+)==\S+(.*?)(?=^\S|\Z)", text, re.M | re.S)
    assert pins
    assert [package for package, rest in pins if "--hash=sha256:" not in rest] == []
