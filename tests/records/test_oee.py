import dataclasses

import numpy as np
import pytest
import synthetic
from hypothesis import given, settings
from hypothesis import strategies as st
from test_rollmap import metre

from dryline.commands.run import loss_lines
from dryline.line.web_record import joined
from dryline.records.energy import STATE_NAMES
from dryline.records.events import Event
from dryline.records.oee import oee, tree_rows
from dryline.records.rollmap import RollMapTable, empty_batch, good_metres
from dryline.records.stops import Ticks, threading_ticks

ORDER = synthetic.order(4)
DT = 0.5


def number(name):
    return STATE_NAMES.index(name)


def scripted(script, order=ORDER):
    """Ticks of DT [s] and one row a metre, from (state, seconds, speed from, speed to, wound as product)."""
    states, speeds, product = [], [], []
    for state, seconds, first, last, flag in script:
        n = round(seconds / DT)
        states += [number(state)] * n
        speeds += np.linspace(first, last, n + 1)[1:].tolist()
        product += [flag] * n
    time = DT * np.arange(1, len(states) + 1)
    speed = np.array(speeds, np.float64)
    ticks = Ticks(time, np.array(states, np.int64), speed, speed, np.array(product, np.bool_))
    wound = np.cumsum(speed) * DT
    rows = []
    for i in range(int(wound[-1]) if wound.size else 0):
        at = int(np.searchsorted(wound, i + 1 - 1e-9))
        one = {"start": float(i), "time": time[at], "speed": speed[at]}
        arrays = {name: np.full(1, value) for name, value in one.items()}
        rows.append(metre(order, **arrays, product=np.full(1, product[at])))
    return ticks, joined(rows) if rows else empty_batch(4, 4)


def tree(ticks, batch, events=(), order=ORDER):
    found = oee(ticks, RollMapTable(batch, good_metres(batch, order)), order, events)
    return found, {(loss.group, loss.loss, loss.cause): loss for loss in found.losses}


def closes(found):
    """Every second and every metre is booked once, and the factors multiply to the whole."""
    sums = {group: sum(one.length_m for one in found.losses if one.group == group) for group in
            ("availability", "performance", "quality")}  # fmt: skip
    rated = found.rated_speed
    assert sums["availability"] == pytest.approx(rated * (found.calendar_s - found.running_s), rel=1e-9, abs=1e-9)
    assert sums["performance"] == pytest.approx(rated * found.running_s - found.running_m, rel=1e-9, abs=1e-9)
    assert sums["quality"] == pytest.approx(found.running_m - found.good_m, rel=1e-9, abs=1e-9)
    assert found.rated_m - sum(sums.values()) == pytest.approx(found.good_m, rel=1e-9, abs=1e-9)
    if found.quality is not None and found.performance is not None:
        product = found.availability * found.performance * found.quality
        assert product == pytest.approx(found.good_m / (rated * found.calendar_s), rel=1e-9)
        assert product == pytest.approx(found.oee, rel=1e-9)


def test_a_scripted_shift_by_hand():
    """ISO 22400 factors of a PackML trace: heat-up 60 s, start 50 s, 300 s made with 40 s of scrap, 20 s run-out."""
    script = [
        ("Resetting", 60, 0, 0, False), ("Idle", 10, 0, 0, False), ("Starting", 10, 0, 0.2, False),
        ("Starting", 20, 0.2, 0.2, False), ("Starting", 20, 0.2, 1.0, False), ("Execute", 40, 1, 1, False),
        ("Execute", 260, 1, 1, True), ("Completing", 20, 1, 0, False), ("Completed", 10, 0, 0, False),
    ]  # fmt: skip
    found, losses = tree(*scripted(script))
    closes(found)
    assert (found.calendar_s, found.running_s) == (450.0, 300.0)
    assert found.availability == pytest.approx(300 / 450)
    assert found.performance == pytest.approx(1.0, abs=0.004)  # one row straddles the start of production
    assert found.good_m == pytest.approx(260.0, abs=1.0)
    times = {key[1]: loss.time_s for key, loss in losses.items() if key[0] == "availability"}
    assert times == pytest.approx(
        {"heat-up": 60, "idle": 10, "threading": 30, "ramp": 20, "completing": 20, "stopped": 10}
    )
    assert losses["quality", "start-up", "start of the run"].length_m == pytest.approx(40.0, abs=1.0)
    assert found.outside_m == pytest.approx(1 + 4 + 12 + 10, abs=2.0)


BREAK = [
    ("Execute", 100, 1, 1, True), ("Execute", 6, 1, 1, False), ("Aborting", 5, 1, 0, False), ("Aborted", 300, 0, 0, False),
    ("Clearing", 5, 0, 0, False), ("Stopped", 60, 0, 0, False), ("Resetting", 20, 0, 0, False), ("Idle", 5, 0, 0, False),
    ("Starting", 30, 0.2, 0.2, False), ("Starting", 5, 0.2, 1.0, False), ("Execute", 20, 1, 1, False),
    ("Execute", 50, 1, 1, True),
]  # fmt: skip


@pytest.mark.parametrize("kind", ["alarm", "break"])
def test_a_web_break_keeps_its_cause_until_the_line_is_reset(kind):
    at = 106.5
    events = [
        Event(3.0, "alarm", "scanner", "no believable value for too long", np.nan),
        Event(at, kind, "thinning_nip_a2", "web break: tension has collapsed", np.nan),
        Event(at, "state", "line", "Aborting", 8.0),
    ]
    found, losses = tree(*scripted(BREAK), events)
    closes(found)
    cause = "thinning_nip_a2: web break: tension has collapsed"
    assert losses["availability", "web break and repair", cause].time_s == pytest.approx(370.0)
    assert losses["availability", "heat-up", "after web break and repair"].time_s == pytest.approx(20.0)
    assert losses["availability", "threading", "after web break and repair"].time_s == pytest.approx(30.0)
    assert losses["quality", "break tail", "web break"].length_m == pytest.approx(6.0, abs=1.0)
    assert losses["quality", "start-up", "after web break and repair"].length_m == pytest.approx(20.0, abs=1.0)
    assert "ramp" in {key[1] for key in losses}


@pytest.mark.parametrize(
    ("events", "loss", "cause"),
    [
        ([Event(100.5, "alarm", "surge_hopper", "surge hopper empty", np.nan)], "stop by alarm",
         "surge_hopper: surge hopper empty"),
        ([Event(100.5, "roll", "winder", "roll 2 begins", np.nan)], "roll change", "stop"),
        ([Event(100.5, "change", "unwinder", "the line stops for a new roll of foil", np.nan)], "roll change",
         "unwinder: the line stops for a new roll of foil"),
        ([Event(80.0, "alarm", "scanner", "long before", np.nan)], "hold", "operator"),
        ([], "hold", "operator"),
    ],
)  # fmt: skip
def test_a_hold_is_booked_on_what_stood_in_the_events_when_it_began(events, loss, cause):
    script = [("Execute", 100, 1, 1, True), ("Holding", 10, 1, 0, False), ("Held", 90, 0, 0, False),
              ("Unholding", 10, 0, 1, False), ("Execute", 50, 1, 1, True)]  # fmt: skip
    found, losses = tree(*scripted(script), events)
    closes(found)
    assert losses["availability", loss, cause].time_s == pytest.approx(100.0)
    assert ("availability", "threading", f"after {loss}") in losses


def test_slow_running_and_changes_of_speed_are_performance():
    script = [("Execute", 100, 1, 1, True), ("Execute", 10, 1, 0.6, True), ("Execute", 50, 0.6, 0.6, True)]
    found, losses = tree(*scripted(script))
    closes(found)
    assert losses["performance", "slow running", "set below rated speed"].length_m == pytest.approx(20.0)
    assert losses["performance", "ramp in production", "speed was changed"].length_m == pytest.approx(2.0, abs=0.2)
    rest = losses.get(("performance", "small deviations", "speed, draw and rounding"))
    assert rest is None or abs(rest.length_m) < 1.0
    assert found.availability == 1.0 and found.quality == pytest.approx(1.0)


def test_product_that_is_wound_on_the_way_down_is_made_in_production():
    script = [("Execute", 100, 1, 1, True), ("Completing", 4, 1, 0.9, True), ("Completing", 36, 0.9, 0, False)]
    found, losses = tree(*scripted(script))
    closes(found)
    assert (found.running_s, found.calendar_s) == (104.0, 140.0)
    assert losses["availability", "completing", "completing"].time_s == pytest.approx(36.0)
    assert found.performance < 1.0 and found.good_m == pytest.approx(104.0, abs=1.0)


def spoilt(batch, rows, **changes):
    arrays = {name: getattr(batch, name).copy() for name in changes}
    for name, value in changes.items():
        arrays[name][rows] = value
    return dataclasses.replace(batch, **arrays)


def test_each_bad_metre_is_booked_on_one_reason():
    ticks, batch = scripted([("Execute", 20, 1, 1, False), ("Execute", 280, 1, 1, True)])
    batch = spoilt(batch, slice(40, 43), areal_mass_a=0.28)
    batch = spoilt(batch, slice(42, 46), thickness=ORDER.thickness - 3e-6)  # one metre is both: areal density comes first
    batch = spoilt(batch, slice(60, 62), product=False)
    batch = spoilt(batch, slice(80, 83), product=False)
    batch = dataclasses.replace(batch, pinholes=np.where((batch.start >= 80) & (batch.start < 83), 2.0, 0.0))
    batch = spoilt(batch, slice(100, 101), porosity=0.2, thickness=np.nan)
    batch = spoilt(batch, slice(150, 158), product=False)
    batch = spoilt(batch, slice(200, 204), product=False)
    events = [
        Event(160.0, "splice", "unwinder", "splice", 153.0), Event(201.0, "roll", "winder", "roll 2 begins", np.nan),
    ]  # fmt: skip
    found, losses = tree(ticks, batch, events)
    closes(found)
    metres = {(key[1], key[2]): loss.length_m for key, loss in losses.items() if key[0] == "quality"}
    assert metres == pytest.approx({
        ("start-up", "start of the run"): 20.0, ("areal density", "too heavy"): 3.0, ("thickness", "too thin"): 3.0,
        ("scrapped within tolerance", "control"): 2.0, ("defects", "pinholes"): 3.0, ("splice", "splice"): 8.0,
        ("roll change", "roll"): 4.0, ("not known", "no number in a lane"): 1.0,
    })  # fmt: skip


STATES = [name for name in STATE_NAMES if name != "Unknown"]
PIECE = st.tuples(
    st.sampled_from([*STATES, *["Execute"] * 6]), st.integers(1, 40), st.floats(0, 1.3), st.floats(0, 1.3), st.booleans()
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(PIECE, min_size=1, max_size=8),
    st.lists(st.tuples(st.floats(0, 200), st.sampled_from(["alarm", "roll", "break", "splice"])), max_size=4),
    st.integers(0, 2**32 - 1),
)
def test_whatever_happens_every_second_and_metre_is_booked_once(script, happened, seed):
    ticks, batch = scripted(script)
    rng = np.random.default_rng(seed)
    off = 1.0 + 0.02 * rng.standard_normal(batch.areal_mass_a.shape)
    batch = dataclasses.replace(
        batch, areal_mass_a=batch.areal_mass_a * off, thickness=batch.thickness + 1.5e-6 * rng.standard_normal(off.shape)
    )
    events = [Event(time, kind, "somewhere", "something", np.nan) for time, kind in happened]
    found, _ = tree(ticks, batch, events)
    closes(found)
    assert all(loss.length_m > 0.0 for loss in found.losses if loss.group != "performance")


def test_nothing_recorded_has_no_factors():
    none = np.zeros(0)
    found, losses = tree(Ticks(none, none.astype(np.int64), none, none, none.astype(np.bool_)), empty_batch(4, 4))
    assert losses == {} and found.oee is found.availability is found.quality is found.material.yield_of_good is None


def test_threading_ends_where_the_speed_held_longest_is_left():
    assert threading_ticks(np.array([0.1, 0.2, 0.2, 0.2, 0.6, 1.0, 1.0])) == 4
    assert threading_ticks(np.linspace(0.1, 1.0, 5)) == 5
    assert threading_ticks(np.full(3, np.nan)) == 3


def test_trim_and_slitter_edges_are_material_not_oee():
    ticks, batch = scripted([("Execute", 100, 1, 1, True)])
    whole, _ = tree(ticks, batch)
    order = dataclasses.replace(ORDER, daughters=((-0.38, 0.0), (0.0, 0.38)))
    cut, _ = tree(ticks, batch, order=order)
    assert whole.oee == cut.oee
    m = whole.material
    assert m.wound_kg == pytest.approx(m.good_kg + m.trim_kg + m.scrap_kg + m.off_tolerance_kg, rel=1e-12)
    assert m.yield_of_good == pytest.approx(0.4 / 0.44)
    assert cut.material.slitter_edges_kg == pytest.approx(m.good_kg * (1 - 0.76 / 0.95), rel=1e-9)
    assert cut.material.good_kg + cut.material.slitter_edges_kg == pytest.approx(m.good_kg, rel=1e-12)


def test_the_made_up_run_closes_from_its_files(finished):
    part = finished[1]["oee"]
    assert part["good_m"] == finished[1]["run"]["good_m"] == 97.0
    assert part["availability"] * part["performance"] * part["quality"] == pytest.approx(part["oee"], rel=1e-9)
    assert part["oee"] == pytest.approx(97.0 / 130.0, rel=1e-6)
    lost = sum(loss["length_m"] for loss in part["losses"])
    assert part["rated_m"] - lost == pytest.approx(97.0, rel=1e-9)


def test_the_rows_of_the_tree_run_from_calendar_time_down_to_good_web():
    found, _ = tree(*scripted(BREAK))
    rows = tree_rows(dataclasses.asdict(found))
    totals = [row for row in rows if row.depth == 0]
    assert [row.name for row in totals] == ["calendar time", "time in production", "wound in production", "good web"]
    assert [row.length_m for row in totals] == pytest.approx(
        [found.rated_m, found.rated_speed * found.running_s, found.running_m, found.good_m]
    )
    assert totals[-1].share == pytest.approx(found.oee)
    for group in (row for row in rows if row.depth == 1):
        own = rows[rows.index(group) + 1 :]
        own = own[: next(i for i, row in enumerate(own) if row.depth < 2)]
        assert sum(row.share for row in own) == pytest.approx(group.share)
        assert own[-1].begin == pytest.approx(group.begin)
    lines = loss_lines(dataclasses.asdict(found))
    assert lines[0].startswith("OEE 2") and "availability 29.0 %" in lines[0]
    assert len(lines) == 2 + len(rows) and all(len(line) <= 80 for line in lines[1:])
    assert loss_lines({"oee": None}) == []
