"""The one exception of wrong input."""

from __future__ import annotations


class InputError(Exception):
    """Wrong input: where it stands (file, line, key), what is wrong and what to do."""

    def __init__(self, file: str, line: int | None, key: str, problem: str) -> None:
        self.file, self.line, self.key, self.problem = file, line, key, problem
        place = file + (f", line {line}" if line else "") + (f", {key}" if key else "")
        super().__init__(f"{place}: {problem}")
