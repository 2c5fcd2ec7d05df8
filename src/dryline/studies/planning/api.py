"""A comparison from Python: what `dryline compare` does, as a value instead of tables and files; offered as `dryline.compare`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dryline.line.load import InputError, LoadedLine
from dryline.line.machines_file import load_machines
from dryline.studies.planning.comparison import SAMPLES, Comparison
from dryline.studies.planning.comparison import compare as compared
from dryline.studies.planning.cost import BASES, Basis
from dryline.studies.planning.equipment import MachinePark
from dryline.studies.planning.inputs import SI_UNITS, Priors
from dryline.studies.planning.outcomes import Key, Kind, Saving
from dryline.studies.planning.planner import Answers, answers, target_gwh
from dryline.studies.planning.points import Workers
from dryline.studies.planning.question import ask, with_known

FEWEST = 10
"""Fewest samples of a set of priors."""


@dataclass(frozen=True)
class DryAgainstWet:
    """A dry line beside a wet one.

    comparison: lines, figures at the centre and over the samples, and what they hang on; planner: what it takes to make the
    target. Both are values for reading, whose parts may change; the document of `as_json` has a versioned schema.
    """

    comparison: Comparison
    planner: Answers

    def saving(self, kind: Kind, boundary: str, vintage: str, *, case: str = "both", priors: Priors = "sourced") -> Saving:
        """A saving with its band and the probability of the claim.

        kind: energy or cost; boundary and vintage by their names in the JSON; case: both or cathode_only; priors: sourced or
        estimates. Raises KeyError where there is no such figure.
        """
        return self.comparison.priors[priors].savings[Key(case, kind, boundary, vintage)]

    def as_json(self) -> dict[str, Any]:
        """The document of `dryline compare --json` for this line: energies in kWh and money per kWh of good cells."""
        from dryline.studies.planning.document import document

        return document(self.comparison, self.planner)

    def page(self) -> str:
        """The page of `dryline compare` for this line: one self-contained HTML text."""
        from dryline.studies.planning.page import page

        return page([(self.comparison, self.planner)])

    def verdicts(self) -> list[str]:
        """What the figures say to the three claims, a sentence a claim and boundary."""
        from dryline.studies.planning.answer_tables import verdicts

        return verdicts(self.comparison)


def compare(
    line: LoadedLine | str | Path = "lfp-cathode", *, anode: str | Path | None = None, site: str | Path = "china",
    prices: str | Path | None = None, machines: str | Path | None = None, inputs: str | Path | None = None,
    wet: str | Path | Sequence[str | Path] = (), known: Mapping[str, float | str] | None = None, target: str = "8 GWh",
    basis: Basis = "full", samples: int = SAMPLES, seed: int = 1, jobs: int = 1,
) -> DryAgainstWet:  # fmt: skip
    """Compare a dry line with a wet one: capacity, energy and cost per boundary, and how sure they are.

    Parameters
    ----------
    line : LoadedLine, str or Path
        Cathode line: what `dryline.load` gave, or the name or file of a line.
    anode : str or Path, optional
        Line of the anode; by default the shipped one that matches.
    site : str or Path
        A shipped site (china, eu, us, korea) or a YAML file.
    prices, machines, inputs : str or Path, optional
        Files of prices of materials (CSV), machines (YAML) and uncertain inputs (CSV), in place of shipped figures.
    wet : str, Path or several
        Wet references: shipped vintages or YAML files; by default all shipped ones.
    known : mapping of str to float or str, optional
        Inputs that are known and so no longer uncertain, in SI units or with their unit, as in
        ``{"hall": "300 W/m**2", "oee": 0.88}``.
    target : str
        What the plant to plan makes in a year, such as "8 GWh".
    basis : {"full", "marginal", "levelized"}
        Of the cost.
    samples : int
        Samples of each set of priors; every one calls the set-up model.
    seed : int
        Of the samples; the same seed gives the same figures, however many processes make them.
    jobs : int
        Processes at once. With more than one, call it in a script below ``if __name__ == "__main__":``.

    Returns
    -------
    DryAgainstWet
        With `saving()`, `as_json()`, `page()` and `verdicts()`.

    Raises
    ------
    InputError
        Where a name, a file or a figure is wrong.
    Infeasible
        Where a line cannot run at its own operating point.
    ValueError
        Where the set-up model refuses all samples.
    """
    gwh = target_gwh(target, "target")
    if basis not in BASES:
        raise InputError("basis", None, "", f"{basis!r} is none of {', '.join(BASES)}")
    for name, value, least in (("samples", samples, FEWEST), ("seed", seed, 0), ("jobs", jobs, 1)):
        if value < least:
            raise InputError(name, None, "", f"{value} is out of range; give {least} or more")
    question = ask(
        line, anode, site=site, prices=_path(prices), inputs=_path(inputs),
        vintages=[str(one) for one in ((wet,) if isinstance(wet, str | Path) else wet)],
        machines=None if machines is None else MachinePark(load_machines(machines)),
    )  # fmt: skip
    question = with_known(question, _texts(known or {}, {one.name: one.unit for one in question.inputs}), "known")
    with Workers(jobs) as workers:
        found = compared(question, samples=samples, seed=seed, workers=workers, basis=basis)
    return DryAgainstWet(found, answers(question, found.lines.dry, gwh))


def _path(path: str | Path | None) -> Path | None:
    return None if path is None else Path(path)


def _texts(known: Mapping[str, float | str], units: Mapping[str, str]) -> list[str]:
    """Known inputs as "name=value", a figure in the SI unit of its input."""
    texts = []
    for name, value in known.items():
        unit = SI_UNITS.get(units.get(name, "1"), "1")
        texts.append(f"{name}={value}" if isinstance(value, str) or unit == "1" else f"{name}={value} {unit}")
    return texts
