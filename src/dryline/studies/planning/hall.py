"""The conditioned hall around a line, dry or wet: floor times load, all year."""

from __future__ import annotations

from collections.abc import Mapping

from dryline.studies.planning.electrode_line import Carrier, Load, Number, Step


def hall_step(load: Mapping[Carrier, Number], floor: Number) -> Step:
    """Step "hall" of a line: load [W/m2] by carrier times conditioned floor [m2], in every state, so that slow lines pay more."""
    loads = tuple(Load(carrier, *(4 * (watts * floor,))) for carrier, watts in load.items())
    return Step("hall", loads)
