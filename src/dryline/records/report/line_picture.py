"""The line as a picture: its stations in the order of the material, each with its figures.

It is drawn twice, lying for wide pages and standing for narrow ones; the page shows the one that fits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dryline.records.order import Place
from dryline.records.report.glyphs import glyph
from dryline.records.report.words import Html, html, spoken

CELL_WIDTH, CELL_HEIGHT = 120, 128
"""Room of a station in the lying picture."""

ROW_HEIGHT, COLUMN_WIDTH = 74, 180
"""Room of a station in the standing picture."""

Figures = Mapping[str, Sequence[str]]
Point = tuple[float, float]


def line_picture(stations: Sequence[Place], figures: Figures) -> Html:
    """Both pictures of the line; `figures` gives the lines of text of each station by its name."""
    return Html(_lying(stations, figures) + _standing(stations, figures))


def _parts(stations: Sequence[Place]) -> tuple[list[Place], list[list[Place]], list[Place], list[Place]]:
    """Powder stations, the branches of the sides, the foil, and what follows once the sides have met."""
    sides = [[place for place in stations if place.side == side] for side in ("A", "B")]
    first = next((i for i, place in enumerate(stations) if place.side in ("A", "B")), len(stations))
    powder = list(stations[:first])
    after = [place for place in stations[first:] if place.side not in ("A", "B")]
    foil = [place for place in after if place.kind == "foil_unwinder"]
    return powder, [side for side in sides if side], foil, [place for place in after if place not in foil]


def _lying(stations: Sequence[Place], figures: Figures) -> str:
    powder, branches, foil, web = _parts(stations)
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

    paths = [[at[place.name] for place in powder], [at[place.name] for place in web]]
    if powder and branches:
        x, y = paths[0][-1]
        turn = CELL_HEIGHT - 10
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
    cells = [_station(place, at[place.name], figures, beside=False) for place in stations]
    return _svg("lying", width, rows * CELL_HEIGHT, paths, cells)


def _standing(stations: Sequence[Place], figures: Figures) -> str:
    powder, branches, foil, web = _parts(stations)
    longest = max((len(branch) for branch in branches), default=0)
    trunk = COLUMN_WIDTH / 2 + 30.0
    at = {place.name: (trunk, _row(i)) for i, place in enumerate(powder)}
    for column, branch in enumerate(branches):
        x = 30.0 + column * COLUMN_WIDTH if len(branches) > 1 else trunk
        at |= {place.name: (x, _row(len(powder) + i)) for i, place in enumerate(branch)}
    after = [*foil, *web]
    at |= {place.name: (trunk, _row(len(powder) + longest + i)) for i, place in enumerate(after)}
    paths = [[at[place.name] for place in powder], [at[place.name] for place in after]]
    for branch in branches:
        paths.append([at[place.name] for place in branch])
        x = paths[-1][0][0]
        if powder:
            turn = paths[-1][0][1] - ROW_HEIGHT / 2
            paths.append([at[powder[-1].name], (trunk, turn), (x, turn), at[branch[0].name]])
        if web:
            turn = _row(len(powder) + longest) - ROW_HEIGHT / 2
            joint = at[web[0].name][1] - ROW_HEIGHT / 2 + 4.0
            paths.append([at[branch[-1].name], (x, joint), (trunk, joint), at[web[0].name]])
    cells = [_station(place, at[place.name], figures, beside=True) for place in stations]
    height = ROW_HEIGHT * (len(powder) + longest + len(after))
    return _svg("standing", 2 * COLUMN_WIDTH, height, paths, cells)


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
    name: str, width: float, height: float, paths: Sequence[Sequence[Point]], cells: Sequence[str]
) -> str:
    drawn = "".join(
        f'<polyline class="flow" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in path)}"/>'
        for path in paths
        if len(path) > 1
    )
    return (
        f'<svg class="line {name}" viewBox="0 0 {width:.0f} {height:.0f}" role="group" '
        f'aria-label="The line and its stations">{drawn}{"".join(cells)}</svg>'
    )
