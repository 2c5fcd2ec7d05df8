"""The folder of one run: its manifest, atomic writes, and opening it again in whatever state the run left it.

Layout: manifest.json, line.yaml, setup.json, plant.json (of a twin), loops.json, bounds.json, summary.json, signals/*.parquet,
rollmap/*.parquet, accounts.parquet, events.parquet, report.html. Files appear whole or not at all (written aside, then renamed),
so a killed run leaves a folder that opens; it lacks at most the last open segment.
"""

from __future__ import annotations

import contextlib
import errno
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

SCHEMA = "dryline-run/1"
"""Name and version of the layout of a run folder."""

RESERVE_BYTES = 4 * 1024 * 1024
"""Room held free from the start, so that a full disk still takes the manifest, the summary and the report."""

STATUSES = ("running", "finished", "interrupted", "failed")

PACKAGES = ("dryline", "numpy", "scipy", "numba", "pyarrow", "pydantic")
"""Packages whose versions a run names."""


class RecordError(Exception):
    """A run folder cannot be written or read; the message says which file, why, and what is kept."""


class FolderFull(RecordError):
    """No room was left on the disk of the run folder."""


def write_bytes(path: Path, data: bytes) -> None:
    """Write the file whole or not at all: aside with the ending .tmp, then renamed into place."""
    aside = path.with_name(path.name + ".tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(data)
        aside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise FolderFull(
                f"no room left on the disk for {path}; what was written before it is kept"
            ) from error
        raise RecordError(f"cannot write {path}: {error.strerror or error}") from error


def write_json(path: Path, value: Any) -> None:
    """Write JSON whole or not at all; NaN and infinities are refused, they are no JSON."""
    write_bytes(path, (json.dumps(value, indent=2, allow_nan=False, ensure_ascii=False) + "\n").encode())


def read_json(path: Path) -> Any:
    """JSON of a file; RecordError where it is missing or broken."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RecordError(f"{path} does not exist; is {path.parent} the folder of a run?") from None
    except (OSError, ValueError) as error:
        raise RecordError(f"cannot read {path}: {error}") from error


def versions() -> dict[str, str]:
    """Versions of Python and of the packages a run depends on."""
    found = {"python": sys.version.split()[0]}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


@dataclass(frozen=True)
class RunFolder:
    """A run folder and the manifest it was opened with."""

    path: Path
    manifest: dict[str, Any]

    @classmethod
    def create(
        cls,
        path: Path,
        *,
        seed: int,
        command_line: tuple[str, ...],
        inputs: Mapping[str, Any],
        order: Mapping[str, Any],
        truth: bool,
    ) -> RunFolder:
        """Make the folder of a new run; it must not exist, or be empty.

        inputs: what the run was made from, by name (line, recipe, disturbances ...), as JSON values. order:
        what is to be made (`order.Order` as JSON). truth: True where a twin gives true values.
        """
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise RecordError(f"{path} exists already and is not an empty folder; give --out another name")
        manifest = {
            "schema": SCHEMA,
            "status": "running",
            "reason": "",
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
            "wall_s": 0.0,
            "simulated_s": 0.0,
            "seed": seed,
            "command_line": list(command_line),
            "inputs": dict(inputs),
            "versions": versions(),
            "truth": truth,
            "order": dict(order),
        }
        folder = cls(path, manifest)
        write_json(path / "manifest.json", manifest)
        write_bytes(folder.reserve, bytes(RESERVE_BYTES))
        return folder

    @property
    def reserve(self) -> Path:
        """The file whose only content is room on the disk."""
        return self.path / ".reserve"

    def release_reserve(self) -> None:
        """Give the reserved room back to the disk."""
        self.reserve.unlink(missing_ok=True)

    def update(self, **changes: Any) -> None:
        """Change entries of the manifest, in memory and on disk; unknown names are a mistake."""
        if unknown := set(changes) - set(self.manifest):
            raise KeyError(f"the manifest has no entry {sorted(unknown)}")
        self.manifest.update(changes)
        write_json(self.path / "manifest.json", self.manifest)

    @property
    def status(self) -> str:
        """One of running, finished, interrupted, failed; `running` also after a kill."""
        return str(self.manifest["status"])

    def json_or_empty(self, name: str) -> dict[str, Any]:
        """Content of a JSON file of the folder, {} where a run ended before it was written."""
        path = self.path / name
        return dict(read_json(path)) if path.exists() else {}

    def segments(self, kind: str) -> list[Path]:
        """Closed segments of signals or rollmap, in order."""
        return sorted((self.path / kind).glob("*.parquet"))


def open_run(path: Path) -> RunFolder:
    """Open the folder of a run, finished or not; RecordError where it is none or of a newer layout."""
    manifest = read_json(path / "manifest.json")
    schema = manifest.get("schema") if isinstance(manifest, dict) else None
    if schema != SCHEMA:
        raise RecordError(f"{path} is of layout {schema!r}; this version of dryline reads {SCHEMA!r}")
    return RunFolder(path, manifest)
