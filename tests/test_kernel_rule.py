"""A kernel never calls a kernel: its machine code would then differ between a fresh compile and the cache."""

from __future__ import annotations

import ast
from pathlib import Path

import dryline

PACKAGE = Path(dryline.__file__).parent


def functions(decorator: str) -> dict[str, ast.FunctionDef]:
    found = {}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                names = {d.id for d in node.decorator_list if isinstance(d, ast.Name)}
                if decorator in names:
                    found[node.name] = node
    return found


def test_no_compiled_function_calls_a_kernel():
    kernels, laws = functions("kernel"), functions("law")
    assert len(kernels) > 5 and len(laws) > 20
    broken = {
        (outer, call.func.id)
        for outer, node in {**kernels, **laws}.items()
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in kernels
    }
    assert not broken, broken
