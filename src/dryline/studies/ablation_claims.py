"""What the full stack is asked to show, held against the runs of an ablation: needed, found, held or not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dryline.records.footprint import LEAST_BOUND
from dryline.records.report.words import spoken
from dryline.studies.ablation_tables import FULL, Record, arms_of, bounds, less_run_out, lines_of, runs, sigma
from dryline.studies.arms import GAINS, Arm
from dryline.studies.tables import Table

THREE_SIGMA = {"line": 0.7, "scanner": 1.0}
"""Largest three sigma of both sides [%] by gauges; each side within `SIDE` times that."""
SIDE, MEAN = 1.4, 0.1
MD_OVER_BOUND, CD_OVER_BOUND = 1.15, 1.2
TIMES_LESS = 3.0
KEPT = 0.997
LESS_RUN_OUT = 0.9
CORNER_RATIO = 1.05
FAR_OFF_M, AT_LIMIT = 60.0, 0.2
MARGIN_UM, DECIDE_US = 3.0, 150.0


GROUPS = ("areal", "bound", "monitor", "gaps", "run-out", "corners", "margin", "time")
"""Claims that belong together, in the order of the table."""


@dataclass(frozen=True)
class Claim:
    """One figure against what is asked of it, in one of `GROUPS`; `held` is `found` against `needed`, upwards where `least`."""

    group: str
    line: str
    text: str
    needed: float
    found: float
    unit: str
    least: bool = False

    @property
    def held(self) -> bool:
        """Whether it is held."""
        return self.found >= self.needed if self.least else self.found <= self.needed


def claims(records: Sequence[Record]) -> list[Claim]:
    """Every claim that the runs can judge, group by group and line by line; of several seeds and nips the worst counts."""
    found: list[Claim] = []
    for line in lines_of(records):
        for judge in (_areal, _bound, _against_pi, _gaps, _run_out, _corners, _rest):
            found += judge(records, line)
    return sorted(found, key=lambda one: GROUPS.index(one.group))


def _areal(records: Sequence[Record], line: str) -> list[Claim]:
    found = []
    for gauges, name in (("line", FULL), ("scanner", f"{FULL}/scanner")):
        own = runs(records, line, name)
        if not own:
            continue
        seen = "line gauges" if gauges == "line" else "scanner"
        most = THREE_SIGMA[gauges]
        found.append(Claim("areal", line, f"three sigma of both sides, {seen}", most, _worst(own, "both"), "%"))
        sides = [_worst(own, side) for side in ("a", "b") if side in own[0]["areal"]]
        if len(sides) > 1:
            found.append(Claim("areal", line, f"three sigma of the worse side, {seen}", SIDE * most, max(sides), "%"))
        off = max(abs(one["areal"]["both"]["deviation_pct"]) for one in own)
        found.append(Claim("areal", line, f"error of the mean, {seen}", MEAN, off, "%"))
    return found


def _worst(own: Sequence[Record], side: str) -> float:
    return max(float(one["areal"][side]["three_sigma_pct"]) for one in own)


def _bound(records: Sequence[Record], line: str) -> list[Claim]:
    own, known = runs(records, line, FULL), bounds(records, line)
    if not own or not known:
        return []
    least = known["informed"]["line"]
    found = [Claim("bound", line, "MD over its bound", MD_OVER_BOUND, sigma(own, "md") / least["sigma_md_pct"], "")]
    if least["sigma_cd_pct"] > LEAST_BOUND:
        found.append(Claim("bound", line, "CD over its bound", CD_OVER_BOUND, sigma(own, "cd") / least["sigma_cd_pct"], ""))
    return found


def _against_pi(records: Sequence[Record], line: str) -> list[Claim]:
    found = []
    for gauges in ("line", "scanner"):
        own = runs(records, line, Arm("full_stack", gauges).name)
        rivals = [runs(records, line, Arm("pi_monitor", gauges, gain=gain).name) for gain in GAINS]
        if own and any(rivals):
            best = min(sigma(rival, "md") ** 2 for rival in rivals if rival)
            seen = "line gauges" if gauges == "line" else "scanner"
            text = f"MD variance of the best of {sum(map(bool, rivals))} PI monitors over it, {seen}"
            found.append(Claim("monitor", line, text, TIMES_LESS, best / sigma(own, "md") ** 2, "", least=True))
    return found


def _gaps(records: Sequence[Record], line: str) -> list[Claim]:
    own = runs(records, line, FULL)
    if not own:
        return []
    nips = [nip for one in own for nip in one["nips"].values()]
    found = []
    for gauged, which, allowed in ((True, "nips with a thickness gauge", ("1", "1.5")), (False, "the other nips", ("3", "3"))):
        gap, tilt = allowed
        names = {
            f"loaded gap within ±{gap} µm": f"within_{gap}_um",
            f"tilt within {tilt} µm": f"tilt_within_{tilt.replace('.', '_')}_um",
        }
        judged = [nip for nip in nips if nip["gauged"] == gauged]
        for text, name in names.items() if judged else ():
            share = 100.0 * min(float(nip[name]) for nip in judged)
            found.append(Claim("gaps", line, f"{text}, {which}", 100.0 * KEPT, share, "%", least=True))
    return found


def _run_out(records: Sequence[Record], line: str) -> list[Claim]:
    own, still = runs(records, line, FULL), runs(records, line, f"{FULL}/no-run-out")
    if not own or not still:
        return []
    found = []
    for turns in ("1x", "2x"):
        less = [share for nip in own[0]["nips"] if (share := less_run_out(own, still, nip, turns)) is not None]
        if less:
            text = f"less power of the run-out at {turns}, the worst nip"
            found.append(Claim("run-out", line, text, 100.0 * LESS_RUN_OUT, 100.0 * min(less), "%", least=True))
    return found


def _corners(records: Sequence[Record], line: str) -> list[Claim]:
    worst: list[float] = []
    wrong: list[Record] = []
    for arm in arms_of(records, line):
        if arm.quality != FULL or not (arm.stiffness and arm.delay) or not (arm.feed_forward and arm.oppose_run_out):
            continue
        own = runs(records, line, arm.name)
        wrong += own
        other = runs(records, line, Arm("pi_monitor", arm.gauges, stiffness=arm.stiffness, delay=arm.delay).name)
        if other:
            worst += [(sigma(own, part) / sigma(other, part)) ** 2 for part in ("md", "total")]
    if not wrong:
        return []
    text = "variance over the PI monitor mistuned alike, the worst corner"
    most = max(share for _, share in _limits(wrong))
    contacts = float(sum(one["contact_interlocks"] for one in wrong))
    return [
        *([Claim("corners", line, text, CORNER_RATIO, max(worst), "")] if worst else []),
        Claim("corners", line, "areal mass off by more than 10 %, the worst corner", FAR_OFF_M, _most(wrong, _far), "m"),
        Claim("corners", line, f"time at a limit, the worst corner ({_loop(wrong)})", 100.0 * AT_LIMIT, 100.0 * most, "%"),
        Claim("corners", line, "contact interlocks in all corners", 0.0, contacts, ""),
    ]


def _far(one: Record) -> float:
    return float(one["areal"]["longest_far_off_m"])


def _limits(found: Sequence[Record]) -> list[tuple[str, float]]:
    """Loops and the share of production in which each stood at a limit."""
    return [("none", 0.0), *((name, float(share)) for one in found for name, share in one["limited"].items())]


def _loop(found: Sequence[Record]) -> str:
    return spoken(max(_limits(found), key=lambda own: own[1])[0])


def _most(found: Sequence[Record], figure: Callable[[Record], float]) -> float:
    return max(figure(one) for one in found)


def _rest(records: Sequence[Record], line: str) -> list[Claim]:
    every = [one for arm in arms_of(records, line) for one in runs(records, line, arm.name)]
    own = runs(records, line, FULL)
    margins = [nip["contact_margin_um"] for one in every for nip in one["nips"].values() if nip["contact_margin_um"] is not None]
    found = []
    if margins:
        found.append(Claim("margin", line, "least contact margin of all arms", MARGIN_UM, min(margins), "µm", least=True))
    if own:
        mean = sum(one["decide_us"] for one in own) / len(own)
        found.append(Claim("time", line, "mean time of control a tick", DECIDE_US, mean, "µs"))
    return found


def claim_table(found: Sequence[Claim]) -> Table:
    """All claims as a table."""
    rows = tuple(
        (
            one.line, one.text, "yes" if one.held else "no", "at least" if one.least else "at most", (one.needed, 2),
            (one.found, 2), one.unit,
        )
        for one in found
    )  # fmt: skip
    return Table("What is asked of the full stack", ("line", "figure", "held", "", "needed", "found", "unit"), rows, words=4)
