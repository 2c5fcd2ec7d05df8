"""The head of the report: what came out, whether it is on target, and the line with its figures."""

from __future__ import annotations

from typing import Any

from dryline.records.capacity import shown_capacity
from dryline.records.report.figures import Shift, station_figures
from dryline.records.report.line_picture import line_picture
from dryline.records.report.web import names_of
from dryline.records.report.words import NOTHING, Html, duration, html, number, signed, spoken

CAPABLE = 1.33
"""Capability index from which a process is called capable."""

GAP_PROMISE_UM = 1.0
"""Roll gap adjustment that the line promises [um]."""

HELD_PCT = 99.7
"""Share of the time in which a gap must be held [%]."""

MARGIN_UM = 3.0
"""Least contact margin that is asked for [um]."""

ENDINGS = {
    "finished": "Finished",
    "interrupted": "Interrupted",
    "failed": "Failed",
    "running": "Not closed: still running, or killed without a last word",
}


def verdict(shift: Shift) -> Html:
    """Headline and the six figures that decide."""
    run = shift.summary["run"]
    ending = ENDINGS[shift.run.status]
    reason = str(shift.run.manifest["reason"])
    tone = "" if shift.run.status == "finished" else ' class="warning"'
    words = f"{ending}{': ' + reason if reason else ''}. {_pace(run)}"
    return Html(
        f'<p class="headline">{html(headline(shift))}</p><p{tone}>{html(words)}</p>'
        f'<ul class="cards">{"".join(_cards(shift))}</ul>'
    )


def headline(shift: Shift) -> str:
    """The result of the run in one sentence."""
    run = shift.summary["run"]
    if run["produced_m"] <= 0.0:
        return f"No product was wound; {number(run['wound_m'], 0)} m of web were scrap."
    share = 100.0 * run["good_m"] / run["produced_m"]
    return (
        f"{number(run['good_m'], 0)} m good of {number(run['produced_m'], 0)} m wound as product "
        f"({number(share, 2, '%')}), {number(run['wound_m'] - run['produced_m'], 0)} m scrap."
    )


def _pace(run: dict[str, Any]) -> str:
    factor = run["realtime_factor"]
    pace = f", {number(factor, 1)} times as fast as the plant" if factor else ""
    return f"{duration(run['simulated_s'])} of plant time in {duration(run['wall_s'])}{pace}."


def _cards(shift: Shift) -> list[str]:
    summary = shift.summary
    cards = [
        _quality_card(names_of(shift.order)["areal_density"], summary["quality"]["areal_density"], 100.0, "mg/cm²", 2)
    ]
    cards.append(_quality_card("Thickness", summary["quality"]["thickness"], 1e6, "µm", 2))
    nips = [nip for nip in summary["gap"]["nips"] if nip["mode"] == "gap" and nip["p99_7_abs_error_um"] is not None]
    worst = max(nips, key=lambda nip: nip["p99_7_abs_error_um"] / nip["allowed_um"], default=None)
    if worst is None:
        cards.append(_card("Roll gap", NOTHING, "no true gap of a nip that holds one on record", None))
    else:
        margin = min(
            (n["min_contact_margin_um"] for n in nips if n["min_contact_margin_um"] is not None), default=None
        )
        kept = all(nip["within_pct"] >= HELD_PCT for nip in nips)
        held = kept and (margin is None or margin >= MARGIN_UM)
        cards.append(
            _card(
                "Roll gap, worst nip",
                f"±{number(worst['p99_7_abs_error_um'], 2, 'µm')}",
                f"99.7 % of the time, {spoken(worst['name'])}, allowed {number(worst['allowed_um'], 0, 'µm')}; "
                f"least margin {number(margin, 0, 'µm')}",
                held,
            )
        )
    error = summary["mass_balance"]["worst_relative_error"]
    closes = None if error is None else error <= 1e-6
    cards.append(
        _card("Mass balance", NOTHING if error is None else f"{error:.1e}", "worst relative error", closes)
    )
    energy = summary["energy"]
    per_m2 = energy["kWh_per_m2"]
    cards.append(
        _card("Energy", number(energy["kWh"], 1, "kWh"), f"{number(per_m2, 3, 'kWh')} a m² of good electrode", None)
    )
    capacity = summary["capacity"]
    figure, unit = shown_capacity(capacity["gwh_per_year"], capacity["m2_per_year"])
    hours, share = (capacity["assumptions"][name] for name in ("hours_per_year", "oee_times_yield"))
    cards.append(
        _card(
            "Capacity at this speed",
            number(figure, 1, unit),
            f"{number(hours, 0)} h a year, {number(100 * share, 0)} % OEE times yield",
            None,
        )
    )
    return cards


def _quality_card(name: str, found: dict[str, Any] | None, factor: float, unit: str, digits: int) -> str:
    if found is None:
        return _card(name, NOTHING, "no product", None)
    off = 100.0 * (found["mean"] / found["target"] - 1.0)
    sigma = number(found["sigma_total_pct"], 2, "%")
    note = f"{signed(off, 2)} % of target, σ {sigma}, Cpk {number(found['cpk'], 2)}"
    capable = None if found["cpk"] is None else found["cpk"] >= CAPABLE
    return _card(name, number(found["mean"] * factor, digits, unit), note, capable)


def _card(name: str, figure: str, note: str, good: bool | None) -> str:
    sign = {True: '<span class="mark good">✓</span>', False: '<span class="mark bad">✗</span>', None: ""}[
        good
    ]
    kind = {True: "good", False: "bad", None: "plain"}[good]
    said = {True: "as promised: ", False: "not as promised: ", None: ""}[good]
    return (
        f'<li class="{kind}"><h3>{html(name)}{sign}</h3>'
        f'<p class="big"><span class="said">{said}</span>{html(figure)}</p><p>{html(note)}</p></li>'
    )


def line_section(shift: Shift) -> Html:
    """The line as a picture."""
    return Html(
        line_picture(shift.order.stations, station_figures(shift))
        + f'<p class="note">Means while product was made. Gap: true loaded gap; margin: the gap that would be '
        f"left if the film vanished.{_behind(shift)}{_returned(shift)}</p>"
    )


def _behind(shift: Shift) -> str:
    base = shift.order.substrate
    return f" Behind lamination the gauges read coating and {base}." if base else ""


def _returned(shift: Shift) -> str:
    if not any(place.kind == "granulator" for place in shift.order.stations):
        return ""
    return " Broken line: film that goes back, from the knives to the recycle feeder."
