"""Distances along the web in line metres: a span of d metres whose web runs at r times the line speed takes d/r of them; and
where laser pairs stand across it.
"""

from __future__ import annotations

from dryline.line.schema import Line
from dryline.line.setup import SetUp

PAIR_MARGIN = 0.025
"""The outer laser pairs stand this far inside the kept width [m], on narrow webs a quarter of it (assumed)."""


def pair_spacing(kept_width: float) -> float:
    """From the drive-side laser pair to the operator-side one over a kept width [m]."""
    return kept_width - 2.0 * min(PAIR_MARGIN, 0.25 * kept_width)


def nip_paths(line: Line, setup: SetUp) -> dict[str, float]:
    """Line metres from the powder nip of its side to each nip; lamination: the longer side."""
    ratio = {nip.name: nip.speed_ratio for nip in setup.nips}
    paths: dict[str, float] = {}
    ends: dict[str, tuple[float, float]] = {}
    for nip in line.nips:
        if nip.side == "AB":
            paths[nip.name] = max(path + nip.distance / speed for path, speed in ends.values())
        elif nip.side in ends:
            path, speed = ends[nip.side]
            paths[nip.name] = path + nip.distance / speed
        else:
            paths[nip.name] = 0.0
        ends[nip.side] = (paths[nip.name], ratio[nip.name])
    return paths


def last_nip(line: Line, side: str) -> str:
    """Name of the last nip of a side ("A", "B") or of the electrode ("AB")."""
    names: list[str] = [nip.name for nip in line.nips if nip.side == side]
    return names[-1]


def level_nips(line: Line) -> tuple[str, ...]:
    """Names of the nips that hold a gap and have no thickness gauge behind them."""
    gauged = {*(last_nip(line, gauge.side) for gauge in line.of_kind("film_gauge")), last_nip(line, line.end)}
    return tuple(nip.name for nip in line.nips if nip.name not in gauged and nip.mode == "gap" and nip.line_load is None)
