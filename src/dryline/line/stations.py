"""Stations of a line in the order of the material: every kind that a line file may name."""

from __future__ import annotations

from typing import Annotated, get_args

from pydantic import Field

from dryline.line.nips import CalenderNip, LaminationNip, PowderNip, ThinningNip
from dryline.line.powder_stations import (
    Feeder,
    Fibrillator,
    Granulator,
    Metering,
    Mixer,
    RegrindSilo,
    SurgeHopper,
    Treatment,
)
from dryline.line.web_stations import FilmGauge, FilmTrim, FoilUnwinder, Scanner, Slitter, ThicknessGauge, Trim, Winder

AnyStation = Annotated[
    Treatment | Feeder | Mixer | Fibrillator | Granulator | RegrindSilo | SurgeHopper | Metering | PowderNip
    | ThinningNip | FilmGauge | FilmTrim | FoilUnwinder | LaminationNip | CalenderNip | Scanner | ThicknessGauge
    | Trim | Slitter | Winder,
    Field(discriminator="kind"),
]  # fmt: skip

KINDS = frozenset(station.model_fields["kind"].annotation.__args__[0] for station in get_args(get_args(AnyStation)[0]))
"""Every kind of station that a line file may name."""
