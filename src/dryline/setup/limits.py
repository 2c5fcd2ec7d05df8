"""Limits of an operating point: each compared with its bound, all listed, and what to change where one is
passed.
"""

from __future__ import annotations

from dryline.line.setup import Infeasible, LimitCheck

HINTS = {
    "speed": "lower the line speed",
    "feeder range": "lower the line speed or the loading, or fit a larger screw",
    "hopper": "fit a larger surge hopper, raise its level set point or lower the line speed",
    "fibrillator temperature": "lower the work or the jacket temperature, or install one more machine",
    "fibrillator machines": "install more machines, or lower the work or the line speed",
    "moisture": "dry the powder longer or hotter, or lower the dew point of the hall",
    "H2S": "lower the dew point of the hall, hold less powder, or change the air more often",
    "recycle": "lower the share of the recycle feeder, or raise recycle_limit of the recipe once its strength is tested",
    "nip angle": "raise the bulk density or the roll diameter, or use rougher rolls",
    "flooded density": "change the roll diameter, the elongations behind or the powder's wall friction",
    "bed thickness": "use finer granules or a higher loading",
    "elongation": "lower the elongation of this nip or fibrillate more",
    "span tension": "lower the draw of this span or fibrillate more",
    "gap range": "lower the porosity behind this nip or raise that of the nip before it",
    "line load": "raise the porosity, the roll temperature or the porosity step before this nip",
    "peak pressure": "raise the porosity behind this nip or the roll temperature",
    "bending residual": "regrind the crown for this load or extend the range of the bending cylinders",
    "contact margin": "preload the chocks against the wedge, use larger rolls or raise the porosity",
    "sticking": "lower the roll temperature or the speed differential of this nip",
    "peel strength": "raise the load or the temperature of the lamination, or lower the line speed",
    "drive power": "lower the line speed or the reduction of this nip",
}
"""What to change when a limit binds."""


def at_most(limit: str, station: str, value: float, bound: float, unit: str) -> LimitCheck:
    """Check of a value that must not exceed its bound (SI units)."""
    return LimitCheck(limit, station, value, bound, unit, value <= bound)


def at_least(limit: str, station: str, value: float, bound: float, unit: str) -> LimitCheck:
    """Check of a value that must reach its bound (SI units)."""
    return LimitCheck(limit, station, value, bound, unit, value >= bound)


def require(checks: list[LimitCheck]) -> tuple[LimitCheck, ...]:
    """Return all checks; raise Infeasible, naming the first one in line order and all others, unless all are
    satisfied.
    """
    broken = [check for check in checks if not check.satisfied]
    if broken:
        raise Infeasible(broken[0], HINTS[broken[0].limit], tuple(broken))
    return tuple(checks)
