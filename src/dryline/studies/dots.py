"""Pictures of figures by name on a logarithmic scale, one mark a run: a row a name, a shape and a colour a quantity."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dryline.records.report.words import Html, html

WIDTH, LEFT, RIGHT, TOP, ROW = 1000, 400.0, 970.0, 76.0, 24.0
STYLE = (
    "text{font:13px system-ui,'Segoe UI','DejaVu Sans',sans-serif;fill:#1c2126}.soft{fill:#5a646e}.bold{font-weight:600}"
    ".grid{stroke:#e1e5e8;stroke-width:1}.limit{stroke:#a32020;stroke-width:1.6;stroke-dasharray:6 4}"
    ".k0{fill:#1b5fa8}.k1{fill:#b3560a}.k2{fill:#4f7a28}"
)
SHAPES = (
    '<circle class="k0" r="4.6"/>',
    '<path class="k1" d="M0-6L6 0L0 6L-6 0Z"/>',
    '<path class="k2" d="M-5-5H5V5H-5Z"/>',
)
"""Marks of the quantities; they differ in shape too, so that no colour decides alone."""


@dataclass(frozen=True)
class Row:
    """A name and, by quantity, its values."""

    name: str
    values: tuple[tuple[float, ...], ...]


def dots(title: str, unit: str, quantities: Sequence[str], rows: Sequence[Row], limits: Sequence[tuple[str, float]] = ()) -> Html:
    """The picture as an SVG that stands alone or in a page; values that are not above zero are left out."""
    shown = [value for row in rows for own in row.values for value in own if value > 0.0] or [1.0]
    shown += [value for _, value in limits]
    low, high = math.floor(math.log10(0.9 * min(shown))), math.ceil(math.log10(1.1 * max(shown)))
    bottom = TOP + ROW * len(rows) + 6.0

    def across(value: float) -> float:
        return LEFT + (math.log10(value) - low) / (high - low) * (RIGHT - LEFT)

    said = f"{title}: {', '.join(quantities)} of {len(rows)} rows"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom + 52:.0f}" role="img" aria-label="{html(said)}">',
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{bottom + 52:.0f}" fill="#fff"/>',
        f'<text class="bold" x="16" y="24" style="font-size:16px">{html(title)}</text>',
        *_legend(quantities, [name for name, _ in limits]),
    ]
    for decade in range(low, high + 1):
        for step in (1.0, 2.0, 5.0):
            value = step * 10.0**decade
            if value > 10.0**high * 1.001:
                break
            x = across(value)
            parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 12}" y2="{bottom:.1f}"/>')
            parts.append(f'<text class="soft" x="{x:.1f}" y="{bottom + 18:.1f}" text-anchor="middle">{value:g}</text>')
    for n, row in enumerate(rows):
        y = TOP + ROW * (n + 0.5) - 6.0
        parts.append(f'<text x="{LEFT - 12}" y="{y + 4.5:.1f}" text-anchor="end">{html(row.name)}</text>')
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        for k, own in enumerate(row.values):
            parts += [f'<g transform="translate({across(v):.1f} {y:.1f})">{SHAPES[k]}</g>' for v in own if v > 0.0]
    parts += [
        f'<line class="limit" x1="{across(v):.1f}" x2="{across(v):.1f}" y1="{TOP - 12}" y2="{bottom:.1f}"/>' for _, v in limits
    ]
    middle = 0.5 * (LEFT + RIGHT)
    parts.append(f'<text x="{middle}" y="{bottom + 42:.1f}" text-anchor="middle">{html(unit)}</text></svg>')
    return Html("".join(parts))


def _legend(quantities: Sequence[str], limits: Sequence[str]) -> list[str]:
    parts, x = [], LEFT
    for k, name in enumerate(quantities):
        parts.append(f'<g transform="translate({x:.0f} 45)">{SHAPES[k]}</g><text x="{x + 12:.0f}" y="49">{html(name)}</text>')
        x += 34.0 + 7.2 * len(name)
    for name in dict.fromkeys(limits):
        parts.append(f'<path class="limit" d="M{x:.0f} 45h24"/><text x="{x + 30:.0f}" y="49">{html(name)}</text>')
        x += 52.0 + 7.2 * len(name)
    return parts
