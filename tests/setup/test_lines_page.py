"""The page of the shipped lines says what the set-up computes."""

from __future__ import annotations

from pathlib import Path

from dryline.line.load import load_line, names
from dryline.records.capacity import capacity, shown_capacity
from dryline.records.order import order_of
from dryline.setup.operating_point import set_up

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "lines.md"
HEAD = "| line | sides |"


def row_of(name: str) -> str:
    """Row of a line in the table of operating points."""
    loaded = load_line(name)
    found = set_up(loaded.line, loaded.recipe)
    made = capacity(order_of(loaded.line, loaded.recipe, found))
    figure, unit = shown_capacity(made.gwh_per_year, made.m2_per_year)
    cells = (
        f"`{name}`", " and ".join(loaded.line.sides), f"{60.0 * found.speed:.0f}", f"{100.0 * found.side_areal_mass:.2f}",
        f"{1e6 * found.thickness:.1f}", f"{100.0 * found.porosity:.1f}", f"{1e-3 * max(nip.line_load for nip in found.nips):.0f}",
        f"{1e-6 * max(nip.peak_pressure for nip in found.nips):.0f}", f"{figure:.1f} {unit}",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def tables() -> tuple[list[str], list[str]]:
    """Rows of the two tables that have a row a line."""
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    first, second = rows.index("| line | what it is for |"), next(i for i, row in enumerate(rows) if row.startswith(HEAD))
    end = next(i for i, row in enumerate(rows) if row.startswith("| part |"))
    return rows[first + 2 : second], rows[second + 2 : end]


def test_every_shipped_line_is_on_the_page_with_what_it_is_for() -> None:
    purposes, points = tables()
    shipped = sorted(names("lines"))
    assert sorted(row.split("`")[1] for row in purposes) == shipped
    assert sorted(row.split("`")[1] for row in points) == shipped


def test_operating_points_on_the_page_are_those_of_the_set_up() -> None:
    _, points = tables()
    assert points == [row_of(row.split("`")[1]) for row in points]
