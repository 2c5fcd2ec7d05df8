"""What bounded each loop while product was made: loops.json of a run folder.

The loops are looked at now and then; of every look it is noted what stood in the way of a better result: the delay between
seeing and acting, the noise of what is measured, the range or the rate of an actuator, nothing seen (held), or an operator
(manual). It is rewritten with every segment, so that a kill loses a minute of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from dryline.records.run_folder import RunFolder, write_json

SCHEMA = "dryline-loops/1"
FILE = "loops.json"
LIMITS = ("delay", "noise", "range", "held", "manual")
"""What can bound a loop. A loop that says nothing of itself follows its set point and is bounded by nothing."""


@dataclass(frozen=True)
class LoopLimits:
    """How often a loop was looked at, and the share of these looks at which each of LIMITS bounded it [1]."""

    name: str
    looks: int
    shares: dict[str, float]

    @property
    def active(self) -> str:
        """What bounded the loop most of the time; empty where nothing did."""
        name, share = max(self.shares.items(), key=lambda item: item[1])
        return name if share > 0.0 else ""


class LoopBook:
    """Counts the looks at the loops of a run."""

    def __init__(self) -> None:
        self._looks: Counter[str] = Counter()
        self._found: dict[str, Counter[str]] = {}

    def note(self, loops: Iterable[tuple[str, str]]) -> None:
        """Note one look: name of every loop, and what bounds it now, one of LIMITS or nothing."""
        for name, limit in loops:
            self._looks[name] += 1
            counts = self._found.setdefault(name, Counter())
            if limit:
                counts[limit] += 1

    def flush(self, folder: RunFolder) -> None:
        """Write what has been noted, if anything was."""
        if self._looks:
            loops = [{"name": name, "looks": self._looks[name], "limits": dict(self._found[name])} for name in self._looks]
            write_json(folder.path / FILE, {"schema": SCHEMA, "loops": loops})


def read(run: RunFolder) -> list[LoopLimits]:
    """Limits of the loops of a recorded run in their order; none where no product was made, or of a run of before."""
    return [
        LoopLimits(str(loop["name"]), int(loop["looks"]), {name: loop["limits"].get(name, 0) / loop["looks"] for name in LIMITS})
        for loop in run.json_or_empty(FILE).get("loops", ())
    ]
