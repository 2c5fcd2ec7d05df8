"""Roll changes: when they are ordered, what they spoil, and how the line gets by."""

from __future__ import annotations

from types import SimpleNamespace as Station

import pytest
from model_line import ModelLine
from small_line import SmallLine
from test_controller import drive

from dryline.control.controller import Controller
from dryline.control.rolls import (
    FoilPlan,
    RollParameters,
    RollPlan,
    RollState,
    WinderPlan,
    rolls_step,
    spoiled,
    tape_passes,
    winding_tension,
)
from dryline.control.sequence import Order, State

P = RollParameters()
FOIL = FoilPlan("unwinder", True, 60.0, 0.5, 50e-6, 6.0, 8.0)
WINDER = WinderPlan("winder", True, 100.0, 30.0, 5.0, 120.0, 0.3, 0.08)
PLAN = RollPlan(FOIL, WINDER)


def wind(plan, ticks, state=None, left=1000.0, wound=0.0, speed=1.0):
    """Run at speed; the line obeys at once and the unwinder takes a new roll when told. Rows (state, wound, left, request)."""
    state, now, rows, events = state or RollState(), State.EXECUTE, [], []
    for n in range(ticks):
        state, request, told = rolls_step(P, plan, state, left, wound, 0.1, now, speed, 0.04, 0.1 * n, 0.1)
        events += told
        if request is not None:
            now, speed = (State.HELD, 0.0) if request[0] is Order.HOLD else (State.EXECUTE, 1.0)
        left = 500.0 if state.change and left < 100.0 else left - 0.1 * speed
        wound += 0.1 * speed
        rows.append((state, wound, left, request))
    return rows, events


def test_flying_rolls_change_at_their_length_and_lose_their_ends():
    rows, events = wind(PLAN, 2600)
    assert [(event.kind, event.message) for event in events] == [("roll", "roll 2 begins"), ("roll", "roll 3 begins")]
    lost = [wound for state, wound, _, _ in rows if spoiled(P, PLAN, state, wound) == "roll change"]
    assert sum(1 for x in lost if 90 < x < 110) == pytest.approx(100, abs=2)
    assert not [x for x in lost if x < 94 or 106 < x < 194 or x > 206]


def test_the_counter_may_restart():
    rows, _ = wind(PLAN, 10, RollState(roll=2, roll_start=100.0), wound=0.1)
    assert rows[-1][0].roll == 2 and rows[-1][0].roll_start == pytest.approx(0.1)
    blind, request, told = rolls_step(P, PLAN, RollState(), None, None, None, State.EXECUTE, 1.0, 0.04, 0.0, 0.1)
    assert request is None and told == [] and blind.roll == 1 and not blind.change


def test_a_flying_splice_is_ordered_at_the_reserve_once_and_marks_its_web():
    rows, events = wind(PLAN, 900, left=30.0)
    (splice,) = [event for event in events if event.kind == "splice"]
    assert splice.time == pytest.approx(10.0, abs=0.11) and splice.value == pytest.approx(10.0 + 14.0, abs=0.2)
    assert sum(state.change for state, *_ in rows) in (1, 2)
    there = [wound for state, wound, _, _ in rows if tape_passes(PLAN, state, 0.0, 0.0)]
    assert (there[0], there[-1]) == (pytest.approx(16.1, abs=0.25), pytest.approx(16.6, abs=0.25))
    marked = [wound for state, wound, _, _ in rows if spoiled(P, PLAN, state, wound) == "splice"]
    assert marked[0] == pytest.approx(splice.value - P.margin, abs=0.25)
    assert marked[-1] == pytest.approx(splice.value + P.settling + P.margin, abs=0.25)


@pytest.mark.parametrize("station", ["unwinder", "winder"])
def test_a_change_at_standstill_holds_waits_and_goes_on(station):
    plan = RollPlan(FOIL._replace(flying=station != "unwinder"), WINDER._replace(flying=station != "winder"))
    rows, events = wind(plan, 800, left=40.0 if station == "unwinder" else 900.0, wound=60.0)
    holds = [n for n, row in enumerate(rows) if row[3] is not None]
    assert [rows[n][3][0] for n in holds] == [Order.HOLD, Order.UNHOLD]
    assert (holds[1] - holds[0]) * 0.1 == pytest.approx(60.0 if station == "unwinder" else 30.0, abs=0.3)
    kinds = [event.kind for event in events if event.source == station]
    assert kinds == (["change", "splice"] if station == "unwinder" else ["change", "roll"])
    braking = 1.0 / (2 * 0.04)
    if station == "winder":
        assert rows[holds[0]][1] - 0.0 == pytest.approx(100.0 - braking, abs=0.3)
    else:
        assert rows[holds[0]][2] == pytest.approx(P.reserve + braking, abs=0.3)


def test_the_tension_tapers_with_the_radius():
    assert winding_tension(PLAN, RollState()) == 120.0
    assert winding_tension(PLAN, RollState(radius=0.16)) == pytest.approx(120.0 * (1 - 0.3 * 0.5))


def test_no_foil_no_splice():
    rows, events = wind(RollPlan(None, WINDER), 300, left=5.0)
    assert not [event for event in events if event.kind == "splice"] and not any(row[0].change for row in rows)


def test_a_splice_runs_through_a_line_in_production(line, setup):
    controller, machine = Controller(line, setup), ModelLine(line, setup)
    state, _ = drive(controller, machine, 2500)
    assert state.product.flag
    machine.foil_left = 25.0
    gap, lift = (controller.commands.table.index(f"lamination/{what}") for what in ("gap", "lift"))
    product, gaps, lifts = [], [], []

    def watch(now, _) -> None:
        product.append(now.product.flag)
        gaps.append(now.commands.values[gap])
        lifts.append(now.commands.values[lift])

    state, events = drive(controller, machine, 700, state, watch)
    assert state.sequence.state is State.EXECUTE and machine.foil_left > 7000.0
    told = [event.message for event in events if event.kind in ("splice", "product")]
    assert told[1:] == ["scrap reaches the winder: splice", "product reaches the winder"]
    assert product.count(False) * 0.1 == pytest.approx(P.margin + P.settling + P.margin, abs=0.5)
    lifted = [n for n, value in enumerate(lifts) if value > 0.0]
    assert {lifts[n] for n in lifted} == {controller.plan.rolls.foil.thickness}
    assert len(lifted) * 0.1 == pytest.approx(0.5 + 2 * P.lift, abs=0.25)
    assert max(gaps) - min(gaps) < 1e-6, "the gap loop does not see the tape"


def test_a_roll_is_changed_at_standstill(setup):
    line = SmallLine()
    stations = [s for s in line.stations if s.kind != "winder"]
    winder = Station(**{**vars(line.of_kind("winder")[0]), "change": "stop", "roll_length": 150.0})
    line.stations = (*stations, winder)
    controller, machine = Controller(line, setup), ModelLine(line, setup)
    state, events = drive(controller, machine, 6000)
    told = [event.message.split(":")[0] for event in events if event.kind in ("state", "roll", "change")]
    assert told[4:] == [
        "the line stops for roll 2", "Holding", "Held", "roll 2 begins", "Unholding", "Execute",
    ]  # fmt: skip
    assert state.rolls.roll == 2 and state.rolls.roll_start == pytest.approx(150.0, abs=1.0)
    assert not state.recovery.restarts, "a roll change is no recovery"
