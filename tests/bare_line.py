"""The text of the default line without powder treatment and recycling, for tests that add their own."""

from __future__ import annotations

from dryline.line.load import DATA

ADDED = ("kind: treatment", "component: recycle", "kind: granulator", "kind: regrind_silo")


def bare_line() -> str:
    """The default line's file without the stations in ADDED."""
    text = (DATA / "lines" / "lfp-cathode.yaml").read_text()
    return "".join(row for row in text.splitlines(keepends=True) if not any(what in row for what in ADDED))
