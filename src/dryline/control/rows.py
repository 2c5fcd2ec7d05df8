"""Arrays of records, one row a loop: what the compiled loops take as plan and hand back as state.

A row holds numbers only; a measured value that is missing is not a number. A state that was handed out is never written
to: a tick fills new rows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.void]
"""An array of records: `rows[k].name` of one row, `rows["name"]` of all."""
Record = Any
"""A row of an array of records as a law takes it: a pointer to its fields."""


def rows_of(kind: np.dtype[Any], *loops: tuple[object, ...]) -> Rows:
    """One row for each of `loops`, a tuple of objects: a field is an attribute of the first of them that has it."""
    found = np.zeros(len(loops), kind)
    for number, sources in enumerate(loops):
        for name in kind.names or ():
            found[name][number] = next(getattr(source, name) for source in sources if hasattr(source, name))
    return found


def known(value: float) -> float | None:
    """A number of a row; None where it is missing."""
    return None if np.isnan(value) else float(value)
