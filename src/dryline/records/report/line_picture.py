"""The line as a picture: its stations in the order of the material, each with its figures.

Granulator and regrind silo stand against that order: a broken line leads from the knives through them back to the recycle
feeder. It is drawn twice, lying for wide pages and standing for narrow ones; the page shows the one that fits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dryline.records.order import Place
from dryline.records.report.glyphs import glyph
from dryline.records.report.words import Html, html, spoken

CELL_WIDTH, CELL_HEIGHT = 120, 132
"""Room of a station in the lying picture."""

ROW_HEIGHT, COLUMN_WIDTH = 74, 180
"""Room of a station in the standing picture."""

RETURNING = ("granulator", "regrind_silo")
"""Stations through which film goes back, in its order."""

MARGIN = 28
"""Room at the left of the standing picture for the film that goes back."""

Figures = Mapping[str, Sequence[str]]
Point = tuple[float, float]


def line_picture(stations: Sequence[Place], figures: Figures) -> Html:
    """Both pictures of the line; `figures` gives the lines of text of each station by its name."""
    return Html(_lying(stations, figures) + _standing(stations, figures))


@dataclass(frozen=True)
class Parts:
    """Stations of a line by their place in the picture, and what film goes back between."""

    powder: list[Place]
    branches: list[list[Place]]
    foil: list[Place]
    web: list[Place]
    returning: list[Place]
    knives: list[Place]
    recycle: list[Place]


def _parts(stations: Sequence[Place]) -> Parts:
    """Powder stations, the branches of the sides, the foil, what follows once the sides have met, and what goes back."""
    returning = [place for kind in RETURNING for place in stations if place.kind == kind]
    forward = [place for place in stations if place not in returning]
    sides = [[place for place in forward if place.side == side] for side in ("A", "B")]
    first = next((i for i, place in enumerate(forward) if place.side in ("A", "B")), len(forward))
    after = [place for place in forward[first:] if place.side not in ("A", "B")]
    foil = [place for place in after if place.kind == "foil_unwinder"]
    powder = list(forward[:first])
    feeders = [place for place in powder if place.kind == "feeder" and "recycle" in place.name]
    return Parts(
        powder=powder,
        branches=[side for side in sides if side],
        foil=foil,
        web=[place for place in after if place not in foil],
        returning=returning,
        knives=[place for place in forward if place.kind == "film_trim"],
        recycle=feeders or [place for place in powder if place.kind == "mixer"],
    )


def _lying(stations: Sequence[Place], figures: Figures) -> str:
    parts = _parts(stations)
    powder, branches, foil, web = parts.powder, parts.branches, parts.foil, parts.web
    longest = max((len(branch) for branch in branches), default=0)
    meeting = max(len(powder), 1 + longest)
    width = CELL_WIDTH * max(meeting + len(web), len(powder) + len(foil))
    rows = 1 + max(1, len(branches))
    at: dict[str, Point] = {place.name: _cell(i, 0) for i, place in enumerate(powder)}
    at |= {place.name: _cell(meeting + i, 0) for i, place in enumerate(foil)}
    for row, branch in enumerate(branches):
        at |= {place.name: _cell(meeting - len(branch) + i, 1 + row) for i, place in enumerate(branch)}
    middle = 1 + (max(1, len(branches)) - 1) / 2
    at |= {place.name: _cell(meeting + i, middle) for i, place in enumerate(web)}
    at |= {place.name: _cell(meeting - 2 - i, rows) for i, place in enumerate(parts.returning)}

    paths = [[at[place.name] for place in powder], [at[place.name] for place in web]]
    if powder and branches:
        x, y = paths[0][-1]
        turn = CELL_HEIGHT - 6
        down = x + CELL_WIDTH / 2 - 2
        for branch in branches:
            start = at[branch[0].name]
            paths.append(
                [(x, y), (down, y), (down, turn), (_cell(0, 0)[0], turn), (_cell(0, 0)[0], start[1]), start]
            )
    for branch in branches:
        paths.append([at[place.name] for place in branch])
        if web:
            end, goal = paths[-1][-1], at[web[0].name]
            joint = goal[0] - CELL_WIDTH / 2 + 4.0
            paths.append([end, (joint, end[1]), (joint, goal[1]), goal])
    paths += [[at[place.name], at[web[0].name]] for place in foil if web]
    back = _lying_back(parts, at)
    height = (rows + (1 if parts.returning else 0)) * CELL_HEIGHT
    cells = [_station(place, at[place.name], figures, beside=place in foil) for place in stations]
    return _svg("lying", (0.0, width, height), paths, back, cells)


def _lying_back(parts: Parts, at: Mapping[str, Point]) -> list[list[Point]]:
    """The way back: from the knives down into the granulator, past the silo, round the left edge and into the feeder."""
    if not parts.returning:
        return []
    chain = [at[place.name] for place in parts.returning]
    beside = CELL_WIDTH / 2 - 14.0
    paths = [
        [(x, y), (x + beside, y), (x + beside, chain[0][1]), chain[0]] for x, y in (at[place.name] for place in parts.knives)
    ]
    edge, top = 6.0, 4.0
    for x, y in (at[place.name] for place in parts.recycle):
        paths.append([*chain, (edge, chain[-1][1]), (edge, top), (x, top), (x, y)])
    return paths


def _standing(stations: Sequence[Place], figures: Figures) -> str:
    parts = _parts(stations)
    powder, branches = parts.powder, parts.branches
    longest = max((len(branch) for branch in branches), default=0)
    trunk = COLUMN_WIDTH / 2 + 30.0
    at = {place.name: (trunk, _row(i)) for i, place in enumerate(powder)}
    for column, branch in enumerate(branches):
        x = 30.0 + column * COLUMN_WIDTH if len(branches) > 1 else trunk
        at |= {place.name: (x, _row(len(powder) + i)) for i, place in enumerate(branch)}
    after = [*parts.foil, *parts.web]
    last = len(powder) + longest + len(after)
    at |= {place.name: (trunk, _row(len(powder) + longest + i)) for i, place in enumerate(after)}
    at |= {place.name: (trunk, _row(last + i)) for i, place in enumerate(parts.returning)}
    paths = [[at[place.name] for place in powder], [at[place.name] for place in after]]
    for branch in branches:
        paths.append([at[place.name] for place in branch])
        x = paths[-1][0][0]
        if powder:
            turn = paths[-1][0][1] - ROW_HEIGHT / 2
            paths.append([at[powder[-1].name], (trunk, turn), (x, turn), at[branch[0].name]])
        if after:
            turn = at[after[0].name][1] - ROW_HEIGHT / 2
            paths.append([at[branch[-1].name], (x, turn), (trunk, turn), at[after[0].name]])
    back = _standing_back(parts, at)
    cells = [_station(place, at[place.name], figures, beside=True) for place in stations]
    height = ROW_HEIGHT * (last + len(parts.returning))
    room = float(MARGIN if parts.returning else 0)
    return _svg("standing", (-room, 2 * COLUMN_WIDTH + room, height), paths, back, cells)


def _standing_back(parts: Parts, at: Mapping[str, Point]) -> list[list[Point]]:
    """The way back along the left edge: the knives' film down to the granulator, the silo's up to the feeder."""
    if not parts.returning:
        return []
    chain = [at[place.name] for place in parts.returning]
    paths = []
    for x, y in (at[place.name] for place in parts.knives):
        below = y + ROW_HEIGHT / 2 - 8.0
        paths.append([(x, y), (x, below), (-10.0, below), (-10.0, chain[0][1]), chain[0]])
    for goal in (at[place.name] for place in parts.recycle):
        paths.append([*chain, (-20.0, chain[-1][1]), (-20.0, goal[1]), goal])
    return paths


def _cell(column: float, row: float) -> Point:
    return CELL_WIDTH * (column + 0.5), CELL_HEIGHT * row + 30.0


def _row(row: float) -> float:
    return ROW_HEIGHT * (row + 0.5)


def _station(place: Place, at: Point, figures: Figures, beside: bool) -> str:
    lines = [*figures.get(place.name, ())]
    x, y = at
    if beside:
        dx, first, anchor = 28.0, -8.0 - 5.0 * (len(lines) - 1), "start"
    else:
        dx, first, anchor = 0.0, 39.0, "middle"
    words = [
        f'<text class="name" x="{dx}" y="{first}" text-anchor="{anchor}">{html(spoken(place.name))}</text>'
    ]
    words += [
        f'<text x="{dx}" y="{first + 15.0 * (i + 1)}" text-anchor="{anchor}">{html(line)}</text>'
        for i, line in enumerate(lines)
    ]
    said = f"{spoken(place.name)}: {', '.join(lines)}" if lines else spoken(place.name)
    return (
        f'<g class="station" transform="translate({x:.1f} {y:.1f})"><title>{html(said)}</title>'
        f"{glyph(place.kind)}{''.join(words)}</g>"
    )


def _svg(
    name: str,
    box: tuple[float, float, float],
    paths: Sequence[Sequence[Point]],
    back: Sequence[Sequence[Point]],
    cells: Sequence[str],
) -> str:
    """The picture; `box` is its left edge, width and height."""
    left, width, height = box
    drawn = "".join(_flow("flow", path) for path in paths if len(path) > 1)
    drawn += "".join(_flow("flow back", path) for path in back)
    return (
        f'<svg class="line {name}" viewBox="{left:.0f} 0 {width:.0f} {height:.0f}" role="group" '
        f'aria-label="The line and its stations">{drawn}{"".join(cells)}</svg>'
    )


def _flow(kind: str, path: Sequence[Point]) -> str:
    return f'<polyline class="{kind}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in path)}"/>'
