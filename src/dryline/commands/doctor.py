"""`dryline doctor`: what this computer has and whether Dryline can work on it."""

from __future__ import annotations

import os
import platform
import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import typer


def doctor() -> None:
    """Print versions, cores, disk and the folder of the compiled kernels."""
    try:
        own = version("dryline")
    except PackageNotFoundError:
        own = "(not installed, run from its sources)"
    typer.echo(f"dryline {own}, Python {platform.python_version()}, {platform.platform()}")
    for name in ("numpy", "scipy", "numba", "pydantic", "pint", "pyarrow"):
        typer.echo(f"{name} {version(name)}")
    typer.echo(f"cores: {os.cpu_count()}, free disk here: {shutil.disk_usage(Path.cwd()).free / 1e9:.1f} GB")
    from dryline.kernel import cache_folder

    folder = cache_folder()
    typer.echo(f"compiled kernels: {folder}" if folder else "compiled kernels: not kept (no writable cache folder)")
