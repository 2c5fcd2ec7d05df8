"""What every station of a line has."""

from __future__ import annotations

from pydantic import Field

from dryline.line.quantities import Described

ASSUMED = "assumed"
"""Source of a figure that nobody has published."""


class Station(Described):
    """A station: its kind and its own name."""

    kind: str
    name: str = Field(min_length=1, max_length=40, pattern=r"^[a-z][a-z0-9_]*$")
