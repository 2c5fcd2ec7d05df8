"""Samples of a line picked out: every array in it indexed, numbers left as they are."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dryline.studies.planning.electrode_line import ElectrodeLine


def picked(line: ElectrodeLine, mask: NDArray[np.bool_]) -> ElectrodeLine:
    """The line at the samples of a mask (n,)."""
    found: ElectrodeLine = _picked(line, mask)
    return found


def _picked(value: Any, mask: NDArray[np.bool_]) -> Any:
    if isinstance(value, np.ndarray):
        return value[mask] if value.ndim else value
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(_picked(part, mask) for part in value))
    if isinstance(value, tuple):
        return tuple(_picked(part, mask) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _picked(getattr(value, one.name), mask) for one in fields(value)})
    return value
