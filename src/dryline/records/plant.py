"""The hidden truths of the machine that was run, as the twin told them at the start: plant.json of a run folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from dryline.line.hidden import HiddenTruth
from dryline.records.run_folder import RunFolder, write_json

PLANT_SCHEMA = "dryline-plant/1"


def write(run: RunFolder, truths: Sequence[HiddenTruth]) -> None:
    """Write plant.json where there are hidden truths to tell."""
    if truths:
        write_json(run.path / "plant.json", {"schema": PLANT_SCHEMA, "truths": [asdict(truth) for truth in truths]})


def read(run: RunFolder) -> list[HiddenTruth]:
    """Hidden truths of a recorded run; none of a real machine or of a run of before."""
    return [HiddenTruth(**truth) for truth in run.json_or_empty("plant.json").get("truths", ())]
