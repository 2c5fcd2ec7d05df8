"""The books: where each kilogram and each kilowatt-hour went, the set-up with its limits, events, inputs."""

from __future__ import annotations

import math
from typing import Any

from dryline.records.energy import STATE_NAMES
from dryline.records.report.figures import Shift
from dryline.records.report.words import NOTHING, Html, bars, html, mark, number, spoken, table

EVENTS_SHOWN = 200
"""Most events on the page; all are in events.parquet."""

NIP_COLUMNS: tuple[tuple[str, str, float, float, int], ...] = (
    ("elongation", "elongation", 1.0, 0.0, 3),
    ("surface_speed", "speed m/min", 60.0, 0.0, 2),
    ("roll_temperature", "roll °C", 1.0, -273.15, 0),
    ("loaded_gap", "loaded gap µm", 1e6, 0.0, 1),
    ("chock_gap", "chock gap µm", 1e6, 0.0, 1),
    ("thickness_out", "film out µm", 1e6, 0.0, 1),
    ("porosity_out", "porosity %", 100.0, 0.0, 1),
    ("line_load", "load N/mm", 1e-3, 0.0, 0),
    ("force", "force kN", 1e-3, 0.0, 0),
    ("peak_pressure", "peak MPa", 1e-6, 0.0, 0),
    ("gap_transfer", "dh/dS", 1.0, 0.0, 2),
    ("crown", "crown µm", 1e6, 0.0, 0),
    ("bending_force", "bending kN", 1e-3, 0.0, 0),
    ("contact_margin", "margin µm", 1e6, 0.0, 0),
    ("span_tension", "tension N/m", 1.0, 0.0, 1),
    ("power", "drive kW", 1e-3, 0.0, 1),
)

WAYS = {
    "product": "product",
    "trim": "edge trim",
    "scrap": "scrap",
    "vapour": "vapour",
    "lost": "dust and scrap of recycling",
    "stored_change": "stored in the line",
}
"""Where mass goes, as the summary and as the page name it."""

ALWAYS = ("product", "scrap", "stored_change")
"""Ways that are shown also where nothing went them."""

RETURNED = Html(
    '<p class="note">Film that the knives cut off or divert goes back through granulator and silo to the recycle feeder: it '
    "stays in the line and is stored, not fed again. Lost is what becomes dust on that way, and film that finds the silo full."
    "</p>"
)

SPENT = {
    "good": "good electrode",
    "scrap": "electrode that is not good",
    "start_stop": "threading and ramps",
    "heat_up": "heat-up",
    "idle": "standing hot",
    "stopped": "stopped",
}
"""What the energy was spent on."""

UNITS = {
    "N/m": (1e-3, "N/mm"),
    "Pa": (1e-6, "MPa"),
    "m": (1e6, "µm"),
    "m/s": (60.0, "m/min"),
    "W": (1e-3, "kW"),
    "rad": (180.0 / math.pi, "°"),
}
"""How limits are shown, by their SI unit; temperatures apart. Web tension stays in N/m."""


def mass(shift: Shift) -> Html:
    """Where each kilogram went."""
    balance = dict(shift.summary["mass_balance"])
    worst = balance.pop("worst_relative_error")
    if not balance:
        return Html("<p>The accounts were not closed, so there is no balance.</p>")
    ways = {key: name for key, name in WAYS.items() if key in ALWAYS or any(row[key] != 0.0 for row in balance.values())}
    total = {key: sum(row[key] for row in balance.values()) for key in next(iter(balance.values()))}
    fed = total["in"] or 1.0
    lines = [
        (name, total[key], f"{number(total[key], 2, 'kg')}, {number(100.0 * total[key] / fed, 2)} %")
        for key, name in ways.items()
    ]
    rows = [
        [component, *(number(row[key], 4) for key in ("in", *ways)), f"{row['relative_error']:.1e}"]
        for component, row in balance.items()
    ]
    head = ("component", "fed kg", *(f"{name} kg" for name in ways.values()), "relative error")
    return Html(
        bars(f"Where {number(total['in'], 1, 'kg')} fed went", lines)
        + table(f"Mass balance from independent accounts; worst relative error {worst:.1e}", head, rows)
        + (RETURNED if any(place.kind == "granulator" for place in shift.order.stations) else "")
    )


def energy(shift: Shift) -> Html:
    """Where the energy went: what it was spent on, by station, by carrier and by state."""
    used = shift.summary["energy"]
    if not used["by_station"]:
        return Html("<p>No powers were recorded.</p>")
    total = used["kWh"] or 1.0
    pages = []
    charged = {SPENT[name]: kwh for name, kwh in used["charged"].items() if kwh}
    for caption, part in (("by station", used["by_station"]), ("by what it was spent on", charged)):
        ordered = sorted(part.items(), key=lambda item: -abs(item[1]))
        lines = [
            (spoken(name), kwh, f"{number(kwh, 2, 'kWh')}, {number(100.0 * kwh / total, 1)} %")
            for name, kwh in ordered
        ]
        pages.append(bars(f"{number(used['kWh'], 2, 'kWh')} {caption}", lines))
    note = (
        f"Good electrode is charged with all of it: {_per(used)}. Production alone, without idling, heat-up, scrap: "
        f"{_per(used['production'])}. Final energy as it is bought: heat with the losses of its heater, compressed air and "
        "chilled water as the electricity of compressor and chiller. Counted is what is recorded; what serves the whole line "
        "stands as hall and utilities."
    )
    return Html(
        f'<div class="pair"><div>{pages[0]}</div><div>{pages[1]}</div></div>{_uses(used)}<p class="note">{html(note)}</p>'
    )


def _per(used: dict[str, Any]) -> str:
    """Energy over area, coating and cells in words."""
    return (
        f"{number(used['kWh_per_m2'], 4, 'kWh')} a m², {number(used['kWh_per_kg'], 3, 'kWh')} a kg of coating, "
        f"{number(used['kWh_per_kWh'], 3, 'kWh')} a kWh of cell"
    )


def _uses(used: dict[str, Any]) -> Html:
    """Table of stations and carriers, a column a state."""
    states = [state for state in STATE_NAMES if state in used["by_state"]]
    cells: dict[tuple[str, str], dict[str, float]] = {}
    for use in used["uses"]:
        cells.setdefault((use["station"], use["carrier"]), {})[use["state"]] = use["kwh"]
    rows = [
        [spoken(station), spoken(carrier), *(number(own.get(s), 3) for s in states), number(sum(own.values()), 3)]
        for (station, carrier), own in cells.items()
    ]
    for carrier, kwh in used["by_carrier"].items():
        of_it = [sum(u["kwh"] for u in used["uses"] if (u["carrier"], u["state"]) == (carrier, s)) for s in states]
        rows.append(["all", spoken(carrier), *(number(one, 3) for one in of_it), number(kwh, 3)])
    rows.append(["all", "all", *(number(used["by_state"][s], 3) for s in states), number(used["kWh"], 3)])
    return table("Energy in kWh by station, carrier and state", ["station", "carrier", *states, "sum"], rows, words=2)


def capacity(shift: Shift) -> Html:
    """Capacity with everything it assumes."""
    found = shift.summary["capacity"]
    a = found["assumptions"]
    areal = "areal mass, each side" if shift.order.two_sided else "areal mass"
    rows = [
        (areal, number(100.0 * a["areal_mass_per_side"], 2, "mg/cm²")),
        ("active material", number(100.0 * a["active_fraction"], 2, "%")),
        ("its capacity", number(a["active_capacity_ah_per_kg"], 1, "mAh/g")),
        ("cell voltage", number(a["voltage"], 2, "V")),
        ("energy of the electrode", number(a["kwh_per_m2"], 4, "kWh/m²")),
        ("coated width", number(1e3 * a["coated_width"], 0, "mm")),
        ("line speed", number(60.0 * a["speed"], 1, "m/min")),
        ("planned hours of production", number(a["hours_per_year"], 0, "h a year")),
        ("OEE times yield (assumed)", number(100.0 * a["oee_times_yield"], 0, "%")),
    ]
    sides = "2 " if shift.order.two_sided else ""
    if found["gwh_per_year"] > 0.0:
        caption = f"{number(found['gwh_per_year'], 2, 'GWh a year')} = {sides}m x q U W v t η, with"
    else:
        caption = f"{number(found['m2_per_year'] / 1e6, 2, 'million m² a year')} = W v t η; the film stores no energy itself"
        rows = [rows[0], *rows[5:]]
    return Html(f'<div class="slim">{table(caption, ("assumption", "value"), rows)}</div>')


def set_up(shift: Shift) -> Html:
    """The operating point of every nip, and what limits it."""
    nips = shift.set_up.get("nips", [])
    if not nips:
        return Html("<p>The set-up was not recorded.</p>")
    columns = [column for column in NIP_COLUMNS if any(nip.get(column[0]) is not None for nip in nips)]
    rows = [
        [spoken(nip["name"]), *(_scaled(nip.get(key), a, b, digits) for key, _, a, b, digits in columns)]
        for nip in nips
    ]
    caption = f"Set-up for {shift.order.recipe} at {number(60.0 * shift.order.speed, 1, 'm/min')}"
    page = table(caption, ("nip", *(column[1] for column in columns)), rows)
    checks = shift.set_up.get("checks", [])
    if checks:
        head = ("limit", "station", "value", "bound", "unit", "satisfied")
        page = Html(page + table("Limits of the set-up", head, [_check(check) for check in checks], words=2))
    return page


def _check(check: dict[str, Any]) -> list[object]:
    factor, unit, offset = 1.0, str(check["unit"]), 0.0
    if unit == "K":
        unit, offset = "°C", -273.15
    elif unit in UNITS and "tension" not in check["limit"]:
        factor, unit = UNITS[unit]
    figures = [_scaled(check[key], factor, offset, 2) for key in ("value", "bound")]
    return [check["limit"], spoken(check["station"]), *figures, NOTHING if unit == "1" else unit, mark(check["satisfied"])]


def _scaled(value: float | None, factor: float, offset: float, digits: int) -> str:
    return number(None if value is None else value * factor + offset, digits)


def events(shift: Shift) -> Html:
    """What happened, in order."""
    if not shift.events:
        return Html("<p>None.</p>")
    rows = [
        [number(event.time, 1), event.kind, spoken(event.source), event.message, number(event.value, 3)]
        for event in shift.events[:EVENTS_SHOWN]
    ]
    more = len(shift.events) - EVENTS_SHOWN
    note = Html(f'<p class="note">{more} more are in events.parquet.</p>') if more > 0 else ""
    head = ("time s", "kind", "source", "what", "value")
    return Html(table(f"Events of the run, {len(shift.events)} in all", head, rows, words=4) + note)


def inputs(shift: Shift) -> Html:
    """What the run was made from, and with what."""
    manifest = shift.run.manifest
    rows: list[tuple[str, str]] = [
        ("line", shift.order.line),
        ("recipe", shift.order.recipe),
        ("seed", str(manifest["seed"])),
        ("started", str(manifest["started"])),
        ("command", " ".join(manifest["command_line"]) or "–"),
        ("true values", "from the twin" if manifest["truth"] else "none: measured values only"),
        ("layout of the folder", str(manifest["schema"])),
        ("summary", str(shift.summary["schema"])),
    ]
    rows += [(f"input: {name}", _plain(value)) for name, value in manifest["inputs"].items()]
    versions = list(manifest["versions"].items())
    made_from = table("Inputs", ("what", "value"), rows, words=2)
    made_with = table("Versions", ("package", "version"), versions, words=2)
    return Html(f'<div class="pair"><div>{made_from}</div><div>{made_with}</div></div>')


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(item)}" for key, item in value.items()) or "–"
    return str(value)
