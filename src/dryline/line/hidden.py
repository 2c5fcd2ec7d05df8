"""What is true of one machine and not known to its control: a plain value that a twin can tell its records."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HiddenTruth:
    """A figure drawn once for a machine: its station and name, place ("", "drive side" ...), unit, value, and the
    standard deviation with which machines of the same drawing differ in it.
    """

    station: str
    name: str
    place: str
    unit: str
    value: float
    sigma: float
