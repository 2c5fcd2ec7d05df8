"""Tables of a comparison for the terminal, a page and a CSV file, and what it says to each of the three claims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from dryline.line.load import names
from dryline.line.site import load_site
from dryline.studies.planning.bill import total, yearly
from dryline.studies.planning.comparison import Comparison
from dryline.studies.planning.electrode_line import CARRIERS, Carrier, ElectrodeLine
from dryline.studies.planning.environment import carbon_of, environment, material_side
from dryline.studies.planning.figures import prices_with, site_with
from dryline.studies.planning.outcomes import (
    CAPACITY_CLAIM,
    CASES,
    COST_BOUNDARIES,
    COST_CLAIM,
    ENERGY_BOUNDARIES,
    ENERGY_CLAIM,
    Key,
    Kind,
)  # fmt: skip
from dryline.studies.planning.planner import Answers
from dryline.studies.planning.question import UNKNOWN
from dryline.studies.planning.yields import energy_shares
from dryline.studies.tables import Cell, Table

KINDS: dict[Kind, dict[str, str]] = {"energy": ENERGY_BOUNDARIES, "cost": COST_BOUNDARIES}
SAID_CASE = {"cathode_only": "cathode dry", "both": "both dry"}
LIKELY, UNLIKELY = 0.9, 0.1
"""Probabilities from which a claim is called likely, and below which unlikely, to hold."""


def said(name: str) -> str:
    """A name of a boundary, vintage or input as one says it."""
    return name.replace("_", " ")


def vintages_of(found: Comparison) -> list[str]:
    """Vintages of the wet reference in their order, the unknown one last."""
    return list(dict.fromkeys(key.vintage for key in found.centre))


def keys_of(found: Comparison, kind: Kind, cases: Sequence[str] = tuple(CASES)) -> Iterator[Key]:
    """Keys of a kind in the order of a table: boundary, case, vintage."""
    for boundary in KINDS[kind]:
        for case in cases:
            if boundary == "electrode_line" and case == "cathode_only" and "both" in cases:
                continue
            for vintage in vintages_of(found):
                yield Key(case, kind, boundary, vintage)


def saving_table(found: Comparison, kind: Kind, cases: Sequence[str] = ("both",)) -> Table:
    """Dry and wet figure, saving with its band and the probability of the claim, sourced priors and estimates side by side."""
    unit = "kWh/kWh" if kind == "energy" else f"{found.question.site.currency}/kWh"
    claim = f"> {100 * ENERGY_CLAIM:.0f} %" if kind == "energy" else f">= {100 * COST_CLAIM:.0f} %"
    rows: list[tuple[Cell, ...]] = []
    for key in keys_of(found, kind, cases):
        sourced, wide = (found.priors[name].savings[key] for name in ("sourced", "estimates"))
        pair = found.centre[key]
        case = "cathode" if key.boundary == "electrode_line" else SAID_CASE[key.case]
        rows.append(
            (
                said(key.boundary), case, said(key.vintage), (float(np.mean(pair.dry)), 2), (float(np.mean(pair.wet)), 2),
                (100.0 * sourced.saving, 1), (100.0 * sourced.band.p5, 1), (100.0 * sourced.band.p95, 1),
                (100.0 * sourced.probability, 0), (100.0 * wide.band.p5, 1), (100.0 * wide.band.p50, 1),
                (100.0 * wide.band.p95, 1), (100.0 * wide.probability, 0),
            )
        )  # fmt: skip
    head = (
        "boundary", "dry", "wet reference", f"dry {unit}", f"wet {unit}", "saving %", "sourced P5", "sourced P95",
        f"claim {claim} %", "estimates P5", "estimates P50", "estimates P95", f"claim {claim} % (estimates)",
    )  # fmt: skip
    name = "Energy" if kind == "energy" else f"Cost ({found.basis})"
    return Table(f"{name} of {found.question.chemistry} per kWh of good cells, dry against wet", head, tuple(rows), words=3)


def rows_table(found: Comparison) -> Table:
    """Every figure as a row of a CSV file."""
    rows: list[tuple[Cell, ...]] = []
    for kind in KINDS:
        unit = "kWh/kWh" if kind == "energy" else f"{found.question.site.currency}/kWh"
        for boundary in KINDS[kind]:
            for case in CASES:
                for vintage in vintages_of(found):
                    key = Key(case, kind, boundary, vintage)
                    pair = found.centre[key]
                    bands: list[Cell] = []
                    for name in ("sourced", "estimates"):
                        one = found.priors[name].savings[key]
                        bands += [(one.band.p5, 6), (one.band.p50, 6), (one.band.p95, 6), (one.probability, 6)]
                    rows.append(
                        (
                            found.question.cathode.line.name, case, kind, boundary, vintage, unit, (float(np.mean(pair.dry)), 6),
                            (float(np.mean(pair.wet)), 6), (float(np.mean(pair.saving)), 6), *bands,
                        )
                    )  # fmt: skip
    bands_head = (f"{name}_{what}" for name in ("sourced", "estimates") for what in ("p5", "p50", "p95", "probability_of_claim"))
    head = ("line", "case", "kind", "boundary", "vintage", "unit", "dry", "wet", "saving", *bands_head)
    return Table("Comparison", head, tuple(rows), words=6)


def verdicts(found: Comparison) -> list[str]:
    """What the figures say to the three claims, one sentence a claim and boundary."""
    chemistry = found.question.chemistry
    lines = []
    low, high = CAPACITY_CLAIM
    sourced, wide = (found.priors[name].capacity for name in ("sourced", "estimates"))
    verdict = _judgement(sourced.at_least, wide.at_least)
    is_it = verdict if verdict.endswith(("holds", "hold")) else f"is {verdict}"
    lines.append(
        f"{low:.0f} to {high:.0f} GWh a year on one line {is_it} for {chemistry}: "
        f"{sourced.band.p50:.1f} GWh at its set-up, {wide.band.p5:.1f} to {wide.band.p95:.1f} over the estimates; {low:.0f} or "
        f"more in {100 * wide.at_least:.0f} % of them, within the range in {100 * wide.probability:.0f} %."
    )
    claims: dict[Kind, str] = {
        "energy": f"More than {100 * ENERGY_CLAIM:.0f} % energy", "cost": f"About {100 * COST_CLAIM:.0f} % cost",
    }  # fmt: skip
    for kind, claim in claims.items():
        for boundary, about in KINDS[kind].items():
            parts = []
            for vintage in vintages_of(found):
                if vintage == UNKNOWN:
                    continue
                key = Key("both", kind, boundary, vintage)
                one, other = (found.priors[name].savings[key] for name in ("sourced", "estimates"))
                parts.append(
                    f"{_judgement(one.probability, other.probability)} against {said(vintage)} ({_saved(one.band.p50)}; "
                    f"{100 * one.probability:.0f} % sourced, {100 * other.probability:.0f} % estimates)"
                )
            lines.append(f"{claim}, {said(boundary)} ({about}): " + "; ".join(parts) + ".")
    return lines


def verdict_table(found: Comparison) -> Table:
    """Each claim at each boundary against each wet reference: verdict, median saving and its probability under both priors."""
    vintages = [name for name in vintages_of(found) if name != UNKNOWN]
    words: dict[Kind, str] = {"energy": f"> {100 * ENERGY_CLAIM:.0f} % energy", "cost": f"about {100 * COST_CLAIM:.0f} % cost"}
    rows: list[tuple[Cell, ...]] = []
    for kind, boundaries in KINDS.items():
        for boundary in boundaries:
            for case in ("both",) if boundary == "electrode_line" else tuple(CASES):
                cells = []
                for vintage in vintages:
                    key = Key(case, kind, boundary, vintage)
                    one, other = (found.priors[name].savings[key] for name in ("sourced", "estimates"))
                    cells.append(
                        f"{_judgement(one.probability, other.probability)}: {_saved(one.band.p50)}; "
                        f"{100 * one.probability:.0f} % sourced, {100 * other.probability:.0f} % estimates"
                    )
                dry = "cathode" if boundary == "electrode_line" else SAID_CASE[case]
                rows.append((words[kind], said(boundary), dry, *cells))
    head = ("claim", "boundary", "dry", *(f"against {said(vintage)}" for vintage in vintages))
    caption = f"Does it hold for {found.question.chemistry}? Verdict, median saving, probability of the claim"
    return Table(caption, head, tuple(rows), len(head))


def _saved(share: float) -> str:
    """A saving in words; below zero the dry way takes more."""
    percent = round(100.0 * share)
    return f"{percent} % saved" if percent >= 0 else f"{-percent} % more"


def _judgement(sourced: float, estimates: float) -> str:
    """A verdict that both sets of priors agree on."""
    if min(sourced, estimates) >= LIKELY:
        return "holds"
    if max(sourced, estimates) <= UNLIKELY:
        return "does not hold"
    return "likely" if min(sourced, estimates) >= 0.5 else "open"


def step_rows(line: ElectrodeLine) -> list[tuple[str, dict[Carrier, float]]]:
    """Energy of each step by carrier [kWh per kWh of good cells]."""
    uses = yearly(line)
    good = float(np.mean(line.good_energy))
    rows = []
    for step in dict.fromkeys(use.step for use in uses):
        own = [use for use in uses if use.step == step]
        carriers = [carrier for carrier in CARRIERS if any(use.carrier == carrier for use in own)]
        rows.append((step, {c: float(np.mean(total(use for use in own if use.carrier == c))) / good for c in carriers}))
    return rows


def step_table(name: str, line: ElectrodeLine) -> Table:
    """Energy of a line by step and carrier."""
    rows: list[tuple[Cell, ...]] = []
    for step, parts in step_rows(line):
        rows.append((step, *((parts.get(carrier, 0.0), 3) for carrier in CARRIERS), (sum(parts.values()), 3)))
    sums = [sum(parts.get(carrier, 0.0) for _, parts in step_rows(line)) for carrier in CARRIERS]
    rows.append(("in all", *((value, 3) for value in sums), (sum(sums), 3)))
    head = ("step", *(said(carrier) for carrier in CARRIERS), "in all")
    return Table(f"{name}: final energy by step and carrier [kWh per kWh of good cells]", head, tuple(rows))


def shown_lines(found: Comparison) -> dict[str, ElectrodeLine]:
    """Dry lines and the wet ones of every named vintage, by the name under which they are shown."""
    shown = {f"dry {name}": line for name, line in found.lines.dry.items()}
    for vintage in vintages_of(found):
        if vintage != UNKNOWN:
            shown |= {f"wet {name}, {said(vintage)}": line for name, line in found.lines.wet[vintage].items()}
    return shown


def apart_table(found: Comparison) -> Table:
    """Energy of each line that goes into good cells, into what is rejected, into standing hot and into heating up."""
    rows: list[tuple[Cell, ...]] = []
    for name, line in shown_lines(found).items():
        parts = energy_shares(line)
        good = float(np.mean(line.good_energy))
        figures = [float(np.mean(value)) / good for value in (parts.good, parts.rejected, parts.standing, parts.heating)]
        rows.append((name, *((value, 3) for value in figures), (sum(figures), 3)))
    head = ("line", "good cells", "scrap", "standing", "heating up", "in all")
    return Table("Scrap, standing and heat-up apart: final energy [kWh per kWh of good cells]", head, tuple(rows))


def carbon_table(found: Comparison) -> Table:
    """CO2 of the energy of each line at every shipped site."""
    sites = [load_site(name) for name in names("sites")]
    rows: list[tuple[Cell, ...]] = []
    for name, line in shown_lines(found).items():
        joules = {use: float(np.mean(use.joules)) for use in yearly(line)}
        good = float(np.mean(line.good_energy)) / 3.6e6
        rows.append(
            (
                name,
                *(
                    (sum(spent * float(np.mean(carbon_of(site, use.carrier))) for use, spent in joules.items()) / good, 3)
                    for site in sites
                ),
            )
        )
    return Table("CO2 of the energy by site [kg per kWh of good cells]", ("line", *(site.name for site in sites)), tuple(rows))


def environment_table(found: Comparison) -> Table:
    """What each line gives off per kWh of good cells."""
    site, prices = site_with(found.question, found.values), prices_with(found.question, found.values, found.lines)
    rows: list[tuple[Cell, ...]] = []
    for name, line in shown_lines(found).items():
        one = environment(line, site, prices)
        figures = (
            (one.solvent_evaporated, 3), (1e3 * one.solvent_emitted, 2), (one.exhaust, 1), (one.water, 3),
            (1e3 * one.dust_caught, 2),
            (1e3 * one.dust_emitted, 4), (one.waste, 3), (one.co2_total, 3),
        )  # fmt: skip
        rows.append((name, *((float(np.mean(value)), digits) for value, digits in figures)))
    head = (
        "line", "solvent evaporated kg", "solvent emitted g", "exhaust air kg", "water kg", "dust caught g", "dust emitted g",
        "scrap to waste kg", "CO2 kg",
    )  # fmt: skip
    return Table(f"Surroundings per kWh of good cells, energy of {found.question.site.name}", head, tuple(rows))


def material_table(found: Comparison) -> Table:
    """Materials of each line per kWh of good cells, apart from the making."""
    site, prices = site_with(found.question, found.values), prices_with(found.question, found.values, found.lines)
    shown = {f"dry {name}": line for name, line in found.lines.dry.items()}
    first = next(iter(found.lines.wet))
    shown |= {f"wet {name}": line for name, line in found.lines.wet[first].items()}
    rows: list[tuple[Cell, ...]] = []
    for name, line in shown.items():
        for one in material_side(line, site, prices):
            rows.append(
                (
                    name, said(one.name), one.group, one.unit, (float(np.mean(one.bought)), 4), (float(np.mean(one.in_cells)), 4),
                    (float(np.mean(one.money)), 3), (100.0 * float(np.mean(one.share)), 2),
                )
            )  # fmt: skip
    head = ("line", "material", "group", "unit", "bought", "in good cells", f"{site.currency}", "share %")
    return Table(f"Materials per kWh of good cells (wet: {said(first)})", head, tuple(rows), words=4)


def planner_table(planner: Answers) -> Table:
    """Lines of each electrode for a target, and what one line could do."""
    b = planner.balance
    rows: list[tuple[Cell, ...]] = []
    whole = {"cathode": (b.cathode_exact, b.cathode_lines, b.cathode_used), "anode": (b.anode_exact, b.anode_lines, b.anode_used)}
    for name, (exact, number, used) in whole.items():
        own, need = planner.reach[name], planner.wanted[name]
        refused = need.speed_refused
        rows.append(
            (
                name, (planner.gwh[name], 2), (exact, 2), (float(number), 0), (100.0 * used, 0), (60.0 * own.speed, 0),
                (60.0 * own.beyond, 0), own.bottleneck, (60.0 * need.speed, 0),
                "feasible" if refused is None else f"refused: {refused.limit}",
            )
        )  # fmt: skip
    head = (
        "line", "GWh/year", "lines exact", "lines", "used %", "highest speed m/min", "beyond its rating m/min",
        "bottleneck there", "speed for the target m/min", "one line alone",
    )  # fmt: skip
    return Table(f"Lines for {planner.target:g} GWh a year; the plant is limited by its {b.limited_by} lines", head, tuple(rows))


def loss_table(planner: Answers) -> Table:
    """Where the hours of a year go on each line."""
    rows: list[tuple[Cell, ...]] = []
    for name, losses in planner.losses.items():
        good = 8760.0 - sum(loss.time_s for loss in losses) / 3600.0
        rows.append((name, "", "good electrode in good cells", (good, 0), (100.0 * good / 8760.0, 2)))
        rows += [(name, loss.group, loss.loss, (loss.time_s / 3600.0, 0), (100.0 * loss.share, 2)) for loss in losses]
    return Table("Where the 8760 h of a year go", ("line", "group", "loss", "h", "%"), tuple(rows), words=3)
