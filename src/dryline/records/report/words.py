"""Words, numbers and tables of a page: everything that becomes HTML text goes through here and is escaped."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

NOTHING = "–"
"""Shown where there is no figure."""


class Html(str):
    """Text that is HTML already and is not escaped again."""


def html(value: object) -> Html:
    """The value as HTML text."""
    return value if isinstance(value, Html) else Html(escape(str(value)))


def number(value: float | None, digits: int = 2, unit: str = "") -> str:
    """A number with this many decimals, a thin space between thousands, and its unit."""
    if value is None or not math.isfinite(value):
        return NOTHING
    text = f"{round(value, digits) + 0.0:,.{digits}f}".replace(",", "\u202f").replace("-", "\u2212")
    return f"{text}\u00a0{unit}" if unit else text


def signed(value: float | None, digits: int = 2, unit: str = "") -> str:
    """A number that always shows its sign."""
    text = number(value, digits, unit)
    return f"+{text}" if value is not None and math.isfinite(value) and round(value, digits) > 0.0 else text


def spoken(name: str) -> str:
    """A station's name as one says it."""
    return name.replace("_", " ")


def duration(seconds: float) -> str:
    """A time span in the largest units that fit."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{number(seconds, 1)} s"


def mark(good: bool | None) -> Html:
    """A verdict by shape and word, not by colour alone."""
    if good is None:
        return Html(f'<span class="mark none">{NOTHING}</span>')
    return Html('<span class="mark good">✓ yes</span>' if good else '<span class="mark bad">✗ no</span>')


def table(caption: str, head: Sequence[object], rows: Sequence[Sequence[object]], words: int = 1) -> Html:
    """A table with a caption; the first `words` columns are words, the others figures. It scrolls when too
    wide.
    """
    heads = "".join(f'<th scope="col"{_side(i, words)}>{html(cell)}</th>' for i, cell in enumerate(head))
    body = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{html(cell)}</th>' if i == 0 else f"<td{_side(i, words)}>{html(cell)}</td>"
            for i, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return Html(
        f'<div class="scroll" tabindex="0" role="region" aria-label="{html(caption)}"><table>'
        f"<caption>{html(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def bars(caption: str, rows: Sequence[tuple[str, float, str]]) -> Html:
    """Horizontal bars: (name, size, words behind it); a negative size is drawn hatched."""
    scale = 100.0 / (max((abs(size) for _, size, _ in rows), default=0.0) or 1.0)
    lines = "".join(
        f'<tr><th scope="row">{html(name)}</th><td class="bar">'
        f'<div class="{"less" if size < 0.0 else "more"}" style="width:{scale * abs(size):.2f}%"></div>'
        f'</td><td class="figure">{html(words)}</td></tr>'
        for name, size, words in rows
    )
    return Html(f'<table class="bars"><caption>{html(caption)}</caption><tbody>{lines}</tbody></table>')


def _side(column: int, words: int) -> str:
    return "" if column < words else ' class="figure"'
