"""`dryline.compare`: a comparison of a dry with a wet way as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dryline.line.load import InputError, LoadedLine
from dryline.studies.planning.comparison import SAMPLES, Comparison
from dryline.studies.planning.comparison import compare as compared
from dryline.studies.planning.cost import BASES, Basis
from dryline.studies.planning.document import document
from dryline.studies.planning.outcomes import Key, Kind, Saving
from dryline.studies.planning.page import page
from dryline.studies.planning.planner import TARGET, Answers, answers
from dryline.studies.planning.points import Workers
from dryline.studies.planning.question import ask, with_known


@dataclass(frozen=True)
class DryAgainstWet:
    """A comparison and a planner's answers, as `compare` gives them."""

    comparison: Comparison
    planner: Answers

    def saving(self, kind: Kind, boundary: str, vintage: str, *, case: str = "both", priors: str = "sourced") -> Saving:
        """A saving with its band and the probability of the claim; KeyError for a boundary or a vintage that is not there.

        kind: energy or cost; case: both or cathode_only; priors: sourced or estimates.
        """
        return self.comparison.priors[priors].savings[Key(case, kind, boundary, vintage)]  # type: ignore[index]

    def as_json(self) -> dict[str, Any]:
        """All of it as JSON values, the form of `dryline compare --json`."""
        return document(self.comparison, self.planner)

    def page(self) -> str:
        """The page as HTML text."""
        return page([(self.comparison, self.planner)])


def compare(
    line: LoadedLine | str | Path = "lfp-cathode", *, anode: str | Path | None = None, wet: Sequence[str] = (),
    site: str | Path = "china", prices: Path | None = None, inputs: Path | None = None, known: Mapping[str, str] | None = None,
    target: float = TARGET, basis: Basis = "full", samples: int = SAMPLES, seed: int = 1, jobs: int = 1,
) -> DryAgainstWet:  # fmt: skip
    """Compare a dry line with a wet one: capacity, energy and cost per boundary, with the probabilities of the three claims.

    Parameters
    ----------
    line : LoadedLine, str or Path
        Cathode line: what `dryline.load` gave, or a name or file.
    anode : str or Path, optional
        Line of the anode, by default the shipped one that matches.
    wet : sequence of str
        Wet references by name or file, by default all shipped ones.
    site, prices, inputs : str or Path
        Site, prices of materials, and uncertain inputs: names or files.
    known : mapping
        Inputs that are known, e.g. {"hall": "300 W/m**2"}: they are no longer uncertain.
    target : float
        Capacity of the plant to plan [GWh/year].
    basis : {"full", "marginal", "levelized"}
        Of the cost.
    samples, seed, jobs : int
        Samples of each set of priors, their seed, and processes at once; with more than one call it under
        ``if __name__ == "__main__"``.

    Raises
    ------
    InputError
        For every wrong name, file or figure.
    Infeasible
        Where a line cannot run at its operating point.
    ValueError
        Where the set-up model refuses all samples.
    """
    if basis not in BASES:
        raise InputError("basis", None, "", f"{basis!r} is none of {', '.join(BASES)}")
    if not 10 <= samples <= 1_000_000:
        raise InputError("samples", None, "", f"{samples} is out of range; give 10 to 1000000")
    if not target > 0.0:
        raise InputError("target", None, "", f"{target} must be above zero; give e.g. 8.0")
    question = ask(line, anode, site=site, prices=prices, inputs=inputs, vintages=tuple(wet))
    question = with_known(question, [f"{name}={value}" for name, value in (known or {}).items()])
    with Workers(jobs) as workers:
        made = compared(question, samples=samples, seed=seed, workers=workers, basis=basis)
    return DryAgainstWet(made, answers(question, made.lines.dry, target))
