"""The plant over time: speeds, levels and temperatures, every nip with its gap and its force, and what bounded the loops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from dryline.records.loop_limits import LIMITS, LoopLimits
from dryline.records.report.chart import Band, Limit, Series, chart, spark
from dryline.records.report.figures import KILO_HOUR, Shift
from dryline.records.report.verdict import GAP_PROMISE_UM, HELD_PCT
from dryline.records.report.web import course
from dryline.records.report.words import NOTHING, Html, html, mark, number, signed, spoken, table

Floats = NDArray[np.float64]


def clock(shift: Shift) -> tuple[Floats, str]:
    """Time axis of the signals, in the unit that suits their length, and its name."""
    time = shift.signals["time"]
    if time.size and time[-1] > 3.0 * 3600.0:
        return time / 3600.0, "plant time [h]"
    if time.size and time[-1] > 180.0:
        return time / 60.0, "plant time [min]"
    return time, "plant time [s]"


def trends(shift: Shift) -> Html:
    """Small charts of what an engineer asks for first."""
    return Html(f'<div class="grid">{course(shift)}{"".join(_signals(shift))}</div>')


def _signals(shift: Shift) -> Iterator[str]:
    time, when = clock(shift)
    if not time.size:
        return
    speed = shift.signal("line/speed", ("command",))
    if speed is not None:
        wound = shift.signal("winder/speed", ("reading",))
        series = [Series("set", time, 60.0 * speed)]
        series += [Series("winder", time, 60.0 * wound, 2)] if wound is not None else []
        yield chart("Line speed [m/min]", when, series)
    for place in shift.order.stations:
        if place.kind in ("surge_hopper", "regrind_silo") and (level := shift.signal(f"{place.name}/level")) is not None:
            yield chart(
                f"{spoken(place.name).capitalize()}: level [%]", when, [Series("level", time, 100.0 * level)]
            )
        if place.kind == "fibrillator" and (warm := shift.signal(f"{place.name}/temperature")) is not None:
            title = f"{spoken(place.name).capitalize()}: powder temperature [°C]"
            yield chart(title, when, [Series("temperature", time, warm - 273.15)])
    flows = [(p, shift.signal(f"{p.name}/flow")) for p in shift.order.stations if p.kind == "metering"]
    series = [
        Series(spoken(place.name), time, KILO_HOUR * flow, 1 + i % 3)
        for i, (place, flow) in enumerate(flows)
        if flow is not None
    ]
    if series:
        yield chart("Powder to the nips, weighed [kg/h]", when, series)
    if shift.powers:
        total = np.zeros(time.size)
        for name in shift.powers:
            total += np.nan_to_num(shift.signals[name].reshape(time.size, -1).sum(axis=1))
        yield chart("Power of the stations [kW]", when, [Series("power", time, total / 1e3)])


def nips(shift: Shift) -> Html:
    """Table of every nip with gap, force and their course, and a chart of each gap error."""
    time, when = clock(shift)
    rows, charts = [], []
    planned = {nip["name"]: nip for nip in shift.set_up.get("nips", [])}
    for nip in shift.summary["gap"]["nips"]:
        name = str(nip["name"])
        gap, reference = shift.signal(f"{name}/loaded_gap"), shift.signal(f"{name}/gap_reference")
        force, load = shift.signal(f"{name}/force", ("truth",)), shift.signal(f"{name}/line_load")
        worst = nip["p99_7_abs_error_um"]
        error = 1e6 * (gap - reference) if gap is not None and reference is not None else None
        row: list[object] = [spoken(name), nip["mode"], number(nip["mean_um"], 1)]
        row += [signed(nip["mean_error_um"], 2), number(worst, 2)]
        held = None if nip["within_pct"] is None or nip["mode"] != "gap" else nip["within_pct"] >= HELD_PCT
        row += [number(nip["allowed_um"], 1), number(nip["within_pct"], 2), mark(held)]
        row += [number(nip["p99_7_abs_tilt_um"], 2), number(nip["mean_spread_um"], 2)]
        row.append(number(nip["min_contact_margin_um"], 1))
        row += [number(_mean(shift, force, 1e-3), 1), number(_deviation(shift, force), 2)]
        planned_load = planned.get(name, {}).get("line_load")
        row.append(number(_mean(shift, load, 1e-3), 0))
        row.append(number(None if planned_load is None else planned_load / 1e3, 0))
        row.append(Html("–") if force is None else spark(time, force / 1e3, f"force of {spoken(name)} in kN"))
        rows.append(row)
        if error is not None and time.size and nip["mode"] == "gap":
            charts.append(_gap_chart(spoken(name), time, when, error, _producing(shift, error)))
    if not rows:
        return Html("<p>No nips in the set-up.</p>")
    head = ["nip", "mode", "gap µm", "mean error µm", "99.7 % within ± µm", "allowed ± µm", "time within %", "held"]
    head += ["tilt, 99.7 % within ± µm", "σ over lanes µm", "least margin µm"]
    head += ["force kN", "σ force %", "load N/mm", "planned N/mm", "force over the run"]
    caption = "Loaded gap against its reference and force, while product was made; margin over the whole run"
    return Html(f'{table(caption, head, rows, words=2)}<div class="grid">{"".join(charts)}</div>')


def loops(found: Sequence[LoopLimits]) -> Html:
    """Table of the loops and what stood in the way of a better result."""
    rows = [
        [spoken(one.name), one.active or NOTHING, *(number(100.0 * one.shares[name], 0) for name in LIMITS)] for one in found
    ]
    caption = "What bounded each loop while product was made, share of the time in %"
    note = (
        "Delay: what changes between seeing and acting. Noise: what the readings leave unknown. Range: reach or rate of the "
        "actuator. Held: nothing to go by. A loop without a limit follows its set point."
    )
    return Html(f'{table(caption, ["loop", "mostly", *LIMITS], rows, words=2)}<p class="note">{html(note)}</p>')


def _gap_chart(name: str, time: Floats, when: str, error: Floats, producing: Floats) -> Html:
    settled = np.percentile(np.abs(producing), 98.0) if producing.size else 1.0
    reach = max(1.6 * GAP_PROMISE_UM, 1.5 * float(settled))
    ends = np.array([time[0], time[-1]])
    band = Band("± 1 µm", ends, np.full(2, -GAP_PROMISE_UM), np.full(2, GAP_PROMISE_UM))
    return chart(
        f"{name.capitalize()}: gap error [µm]",
        when,
        [Series("gap error", time, error)],
        bands=[band],
        limits=[Limit("reference", 0.0)],
        y_range=(-reach, reach),
    )


def _producing(shift: Shift, values: Floats) -> Floats:
    chosen = values[shift.producing] if shift.producing.any() else values
    return chosen[np.isfinite(chosen)]


def _mean(shift: Shift, values: Floats | None, factor: float) -> float | None:
    if values is None or not (chosen := _producing(shift, values)).size:
        return None
    return factor * float(chosen.mean())


def _deviation(shift: Shift, values: Floats | None) -> float | None:
    if values is None or not (chosen := _producing(shift, values)).size or chosen.mean() == 0.0:
        return None
    return 100.0 * float(chosen.std() / abs(chosen.mean()))
