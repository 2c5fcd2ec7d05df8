"""Units in which a process engineer reads a figure that is kept in SI units."""

from __future__ import annotations

from typing import NamedTuple


class Shown(NamedTuple):
    """How a figure is shown: its unit, factor and offset from SI, and decimals."""

    unit: str
    factor: float
    offset: float
    digits: int

    def of(self, value: float) -> float:
        """The figure in this unit."""
        return value * self.factor + self.offset

    def si(self, value: float) -> float:
        """The figure back in SI units."""
        return (value - self.offset) / self.factor


_UNITS: dict[str, tuple[tuple[float, Shown], ...]] = {
    "m": ((0.02, Shown("mm", 1e3, 0.0, 0)), (0.0, Shown("µm", 1e6, 0.0, 1))),
    "m/s": ((0.0, Shown("m/min", 60.0, 0.0, 1)),),
    "kg/m**2": ((0.0, Shown("mg/cm²", 100.0, 0.0, 2)),),
    "K": ((0.0, Shown("°C", 1.0, -273.15, 1)),),
    "Pa": ((1e9, Shown("GPa", 1e-9, 0.0, 2)), (1e5, Shown("MPa", 1e-6, 0.0, 1)), (0.0, Shown("kPa", 1e-3, 0.0, 1))),
    "N": ((0.0, Shown("kN", 1e-3, 0.0, 1)),),
    "N/m": (
        (1e8, Shown("MN/mm", 1e-9, 0.0, 2)), (1e3, Shown("N/mm", 1e-3, 0.0, 1)), (0.0, Shown("N/m", 1.0, 0.0, 2)),
    ),
    "W": ((0.0, Shown("kW", 1e-3, 0.0, 2)),),
    "J/kg": ((0.0, Shown("kJ/kg", 1e-3, 0.0, 1)),),
    "rad": ((0.0, Shown("°", 57.29577951308232, 0.0, 2)),),
    "1/s": ((0.0, Shown("rev/min", 60.0, 0.0, 1)),),
    "kg/m": ((0.0, Shown("g/m", 1e3, 0.0, 1)),),
}  # fmt: skip
"""Ways to show an SI unit, each with the smallest value for which it is taken."""


def shown(unit: str, value: float, name: str = "") -> Shown:
    """How to show figures of an SI unit that are about as large as `value`; a porosity is shown in per cent."""
    if name == "porosity":
        return Shown("%", 100.0, 0.0, 1)
    for least, way in _UNITS.get(unit, ()):
        if abs(value) >= least:
            return way
    return Shown("" if unit == "1" else unit, 1.0, 0.0, 3)
