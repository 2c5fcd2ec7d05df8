"""How energy reaches a station, and what a line does while it draws it."""

from __future__ import annotations

from typing import Literal

Carrier = Literal["electricity", "heat", "compressed_air", "chilled_water"]
CARRIERS: tuple[Carrier, ...] = ("electricity", "heat", "compressed_air", "chilled_water")
"""All are final energy as a site buys it [J] and so can be added up: electricity; fuel or steam for heat, with the losses of its
heater; the electricity of the compressor for compressed air and of the chiller for chilled water."""

State = Literal["run", "idle", "heat_up", "stop"]
STATES: tuple[State, ...] = ("run", "idle", "heat_up", "stop")
"""The line runs, stands hot, heats up, or stands cold."""

WARM = 3.0
"""A roll this close to its set point is warm [K], the bound of the start-up sequence (assumed)."""
