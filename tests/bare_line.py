"""The shipped LFP line without what a line may lack: treatment of its powder and recycling."""

from __future__ import annotations

from dryline.line.load import DATA

MAY_LACK = ("kind: treatment", "component: recycle", "kind: granulator", "kind: regrind_silo")
LINE = "".join(
    row
    for row in (DATA / "lines" / "lfp-cathode.yaml").read_text().splitlines(keepends=True)
    if not any(station in row for station in MAY_LACK)
)
"""Text of the line file."""
