"""Tables of an ablation: arms beside each other, nips of the full stack, corners, and every run as a flat row."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from dryline.records.footprint import LEAST_BOUND
from dryline.records.report.words import NOTHING, spoken
from dryline.studies.arms import Arm, arms, named
from dryline.studies.tables import Cell, Table

Record = dict[str, Any]
RUN_HEAD = ("line", "arm", "seed", "minutes", "warm_up", "status", "error")
SIDES = ("both", "a", "b")
FULL = "full_stack"
LEAST_RUN_OUT_UM = 0.02
"""A run-out of less than this effective value [um] in the loaded gap is none to reduce (assumed)."""


def runs(records: Iterable[Record], line: str, arm: str) -> list[Record]:
    """Figures of an arm of a line, a seed each."""
    return [one["figures"] for one in records if (one["line"], one["arm"], one["status"]) == (line, arm, "done")]


def bounds(records: Iterable[Record], line: str) -> Record | None:
    """Bounds of a line; None where it has not been asked for them or has none."""
    found = [one for one in runs(records, line, "bounds") if "informed" in one]
    return found[0] if found else None


def lines_of(records: Iterable[Record]) -> list[str]:
    """Lines of a study in its order."""
    return list(dict.fromkeys(one["line"] for one in records))


def arms_of(records: Iterable[Record], line: str) -> list[Arm]:
    """Arms of a line that have run, in the order of the grid."""
    ran = {one["arm"] for one in records if one["line"] == line and one["status"] == "done"} - {"bounds"}
    return list(named(sorted(ran))) if ran else []


def sigma(found: Sequence[Record], part: str, side: str = "both") -> float:
    """Standard deviation [% of target] over all seeds: the mean of their variances."""
    return math.sqrt(float(np.mean([one["areal"][side][f"sigma_{part}_pct"] ** 2 for one in found])))


def over(value: float, bound: float | None) -> Cell:
    """What was reached over its bound; nothing where there is none to divide by."""
    return (value / bound, 2) if bound is not None and bound > LEAST_BOUND else NOTHING


def areal_tables(records: Sequence[Record], line: str) -> tuple[Table, Table | None]:
    """Areal mass of both sides by arm, over all seeds, beside the bound of all means with the gauges of the arm: arms of the
    main grid, and those in which more is combined, where any has run.
    """
    ran, main = arms_of(records, line), arms("main")
    title = f"Areal mass of both sides of {line}, one standard deviation on its footprint"
    combined = [arm for arm in ran if arm not in main]
    return (
        _areal(records, line, [arm for arm in ran if arm in main], title, bounds(records, line)),
        _areal(records, line, combined, f"{title}, several changes at once", None) if combined else None,
    )


def _areal(records: Sequence[Record], line: str, chosen: Sequence[Arm], title: str, shown: Record | None) -> Table:
    """Areal mass by arm, below the bounds where they are shown."""
    known = bounds(records, line)
    rows: list[tuple[Cell, ...]] = []
    if shown:
        for name, own in (("bound, line gauge", shown["informed"]["line"]), ("bound, scanner", shown["informed"]["scanner"]),
                           ("bound, line gauge without scale", shown["gauge"]["line"])):  # fmt: skip
            rows.append((name, NOTHING, *_parts(own), NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING))
    for arm in chosen:
        found = runs(records, line, arm.name)
        own = {f"sigma_{part}_pct": sigma(found, part) for part in ("md", "cd", "residual", "total")}
        least = known["informed"][arm.gauges] if known else {}
        ratios = (over(own[f"sigma_{part}_pct"], least.get(f"sigma_{part}_pct")) for part in ("md", "total"))
        web = [one["areal"] for one in found]
        good = 100.0 * sum(one["good_m"] for one in web) / sum(one["wound_m"] for one in web)
        mean = max((one["both"]["deviation_pct"] for one in web), key=abs)
        most = 100.0 * max((share for one in found for share in one["limited"].values()), default=0.0)
        decide = float(np.mean([one["decide_us"] for one in found]))
        rows.append((arm.name, (float(len(found)), 0), *_parts(own), *ratios, (mean, 3), (good, 1), (most, 1), (decide, 0)))
    head = ("arm", "seeds", "MD %", "CD %", "residual %", "total %", "MD over bound", "total over bound", "worst mean %",
            "good %", "at a limit %", "control µs")  # fmt: skip
    return Table(title, head, tuple(rows))


def _parts(own: Record) -> tuple[Cell, ...]:
    return tuple((own[f"sigma_{part}_pct"], 3) for part in ("md", "cd", "residual", "total"))


def gap_table(records: Sequence[Record], line: str, arm: str = FULL) -> Table | None:
    """Loaded gaps of an arm, the worst seed each; None where it has not run."""
    found = runs(records, line, arm)
    if not found:
        return None
    still = runs(records, line, f"{arm}/no-run-out")
    rows: list[tuple[Cell, ...]] = []
    for nip, own in found[0]["nips"].items():
        seeds = [one["nips"][nip] for one in found]
        turning: list[Cell] = []
        for turns in ("1x", "2x"):
            less = less_run_out(found, still, nip, turns)
            value = math.sqrt(float(np.mean([one[f"run_out_{turns}_um"] ** 2 for one in seeds])))
            turning += [(value, 3), NOTHING if less is None else (100.0 * less, 1)]
        margins = [one["contact_margin_um"] for one in seeds if one["contact_margin_um"] is not None]
        rows.append((
            spoken(nip), "yes" if own["gauged"] else "no", (max((one["mean_error_um"] for one in seeds), key=abs), 2),
            (max(one["p99_7_error_um"] for one in seeds), 2), (100.0 * min(one["within_1_um"] for one in seeds), 1),
            (100.0 * min(one["within_3_um"] for one in seeds), 1), (max(one["p99_7_tilt_um"] for one in seeds), 2),
            (min(margins), 1) if margins else NOTHING, *turning,
        ))  # fmt: skip
    head = ("nip", "gauge", "mean error µm", "99.7 % within µm", "within 1 µm %", "within 3 µm %", "99.7 % of tilt within µm",
            "contact margin µm", "1x µm", "1x less %", "2x µm", "2x less %")  # fmt: skip
    return Table(f"Loaded gaps of {line}, {arm}, the worst seed", head, tuple(rows), words=2)


def less_run_out(found: Sequence[Record], still: Sequence[Record], nip: str, turns: str) -> float | None:
    """Share of the power of a run-out that the compensation takes [1]; None where there is hardly any, or nothing to compare."""
    power, before = (
        float(np.mean([one["nips"][nip][f"run_out_{turns}_um"] ** 2 for one in own])) if own else 0.0 for own in (found, still)
    )
    return 1.0 - power / before if before > LEAST_RUN_OUT_UM**2 else None


def corner_table(records: Sequence[Record], line: str) -> Table | None:
    """The full stack with a wrong model against the PI monitor that is mistuned in the same way; None where neither has run."""
    rows: list[tuple[Cell, ...]] = []
    for arm in arms_of(records, line):
        if arm.quality != FULL or not arm.mistuned or not arm.feed_forward or not arm.oppose_run_out:
            continue
        rival = Arm("pi_monitor", arm.gauges, stiffness=arm.stiffness, delay=arm.delay).name
        own, other = runs(records, line, arm.name), runs(records, line, rival)
        if not other:
            continue
        ratios = [((sigma(own, part) / sigma(other, part)) ** 2, 4) for part in ("md", "total")]
        far = max(one["areal"]["longest_far_off_m"] for one in own)
        most = 100.0 * max((share for one in own for share in one["limited"].values()), default=0.0)
        contacts = float(sum(one["contact_interlocks"] for one in own))
        rows.append((
            arm.name, (sigma(own, "md"), 3), (sigma(other, "md"), 3), (sigma(own, "total"), 3), (sigma(other, "total"), 3),
            *ratios, (far, 0), (most, 1), (contacts, 0),
        ))  # fmt: skip
    head = ("arm", "MD %", "PI: MD %", "total %", "PI: total %", "MD variance ratio", "total variance ratio", "10 % off for m",
            "at a limit %", "contact interlocks")  # fmt: skip
    return Table(f"Wrong models of {line}: full stack against PI monitor", head, tuple(rows)) if rows else None


def study_table(records: Sequence[Record]) -> Table:
    """What has run of each line: arms, seeds, minutes that count and those before them."""
    rows: list[tuple[Cell, ...]] = []
    for line in lines_of(records):
        done = [one for one in records if (one["line"], one["status"]) == (line, "done") and one["arm"] != "bounds"]
        seeds = sorted({one["seed"] for one in done})
        times = (", ".join(f"{time:g}" for time in sorted({one[name] for one in done})) for name in ("minutes", "warm_up"))
        refills = float(np.mean([one["figures"]["refills"] for one in done])) if done else math.nan
        said = (str(len(arms_of(records, line))), ", ".join(map(str, seeds)), *times)
        rows.append((line, *said, (float(len(done)), 0), (refills, 1)))
    head = ("line", "arms", "seeds", "minutes", "warm-up minutes", "runs", "refills a run")
    return Table("What has run", head, tuple(rows), words=5)


def incident_table(records: Sequence[Record]) -> Table | None:
    """Runs that failed or told of an alarm, a restart or a contact interlock; None where there is none."""
    rows: list[tuple[Cell, ...]] = []
    for one in records:
        own = one["figures"] if one["status"] == "done" and one["arm"] != "bounds" else None
        told = [one["error"]] if one["error"] else []
        if own:
            told += [f"{count} x {text}" for text, count in own["alarms"].items()]
            told += [f"{own['restarts']} restarts"] if own["restarts"] else []
            told += [f"{own['contact_interlocks']} contact interlocks"] if own["contact_interlocks"] else []
            told += [f"{own['areal']['bare_m']:.0f} m without coating"] if own["areal"]["bare_m"] else []
        if told:
            rows.append((one["line"], one["arm"], str(one["seed"]), one["status"], "; ".join(told)))
    head = ("line", "arm", "seed", "status", "what")
    return Table("Failures, alarms and restarts", head, tuple(rows), words=5) if rows else None


def flat(records: Sequence[Record]) -> Table:
    """Every run as a row with all its figures, columns by path such as areal.both.sigma_md_pct; bounds are runs of their own."""
    leaves = [_leaves(one["figures"]) if one["figures"] else {} for one in records]
    names = list(dict.fromkeys(name for one in leaves for name in one))
    rows = []
    for one, own in zip(records, leaves, strict=True):
        rows.append((*(str(one[name]) for name in RUN_HEAD), *(_cell(own.get(name)) for name in names)))
    return Table("Runs", (*RUN_HEAD, *names), tuple(rows), words=len(RUN_HEAD))


def _leaves(values: Record, path: str = "") -> Record:
    found: Record = {}
    for name, value in values.items():
        below = isinstance(value, dict)
        found |= _leaves(value, f"{path}{name}.") if below else {f"{path}{name}": value}
    return found


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool | str) else (float(value), 6)
