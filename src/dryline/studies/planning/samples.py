"""Lines of arrays: samples picked out, and lines joined one after the other; figures that are no arrays stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
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


def joined(lines: Sequence[ElectrodeLine]) -> ElectrodeLine:
    """Lines of arrays one after the other, as one line of longer arrays; all must have the same steps and materials."""
    found: ElectrodeLine = _joined(list(lines))
    return found


def _joined(values: list[Any]) -> Any:
    first = values[0]
    if isinstance(first, np.ndarray):
        return np.concatenate([np.atleast_1d(value) for value in values])
    if isinstance(first, tuple) and hasattr(first, "_fields"):
        return type(first)(*(_joined(list(parts)) for parts in zip(*values, strict=True)))
    if isinstance(first, tuple):
        return tuple(_joined(list(parts)) for parts in zip(*values, strict=True))
    if is_dataclass(first) and not isinstance(first, type):
        return replace(first, **{one.name: _joined([getattr(value, one.name) for value in values]) for one in fields(first)})
    return first
