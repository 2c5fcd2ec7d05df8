"""Powder side of the twin: the kernel against a plain reading, start, steps, seeds, events, readings and energy."""

from __future__ import annotations

import dataclasses
import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from powder_case import NOTHING, no_disturbances, run, small_line, small_recipe, small_setup, some_disturbances, started
from tests.twin.powder_reference import ReferencePowder

from dryline.kernel import Arena, fill_uniforms
from dryline.twin.powder import advance_powder
from dryline.twin.powder_parameters import BRIDGING_KEY, FLOW, LOT_START, feeders_of, powder_parameters
from dryline.twin.powder_start import start_powder
from dryline.twin.powder_state import (
    BRIDGE_UNTIL,
    BULK_DENSITY,
    CONTENT,
    DELIVERED,
    EMPTY,
    FED,
    FIBRIL,
    HEAT,
    HUMIDITY,
    JACKET_HEAT,
    JACKET_TEMPERATURE,
    LEVEL,
    LOT_DENSITY,
    MACHINE_TEMPERATURE,
    MIXER,
    NOISE,
    PHASE,
    PIECE,
    PTFE,
    REFILLED,
    REFILLING,
    REFILLS,
    SHAFT,
    SOLIDS,
    SPEED,
    STARVED,
    TAKEN,
    TEMPERATURE,
    UNFIBRILLATED,
    VAPOUR,
    WATER,
    WEIGHT,
    YIELD_PRESSURE,
    C,
    K,
    PowderState,
    powder_fields,
)


def lively(**changes: float) -> Any:
    """Disturbances with lots and refills within 100 s."""
    return some_disturbances(
        **{"lot_mass": 60.0, "bag_mass": 15.0, "ptfe_lot_mass": 0.4, "bridging_per_hour_ptfe": 0.0, "jacket_time": 30.0} | changes
    )


def close(measured: np.ndarray, expected: np.ndarray) -> None:
    scale = float(np.max(np.abs(expected)))
    np.testing.assert_allclose(measured, expected, rtol=1e-12, atol=1e-12 * scale)


@pytest.mark.parametrize("tick", [0.1, 0.05])
def test_kernel_is_the_plain_reading(tick: float) -> None:
    p, s, _ = started(lively(), seed=5, tick=tick, hopper_capacity=1.6, refill_time=1.35)
    reference = ReferencePowder(p, s)
    turning = s.powder_feeder[SPEED].copy()
    for n in range(1000):
        speeds = turning * (1.0 + 0.3 * math.sin(0.01 * n + np.arange(3.0)[0])) * (0.0 if 600 <= n < 640 else 1.0)
        work = 1.8e5 if n < 400 else 1.2e5
        taken = (0.0475 + 0.01 * math.sin(0.05 * n)) * tick / 0.1
        advance_powder(p, s, speeds, work, 318.15, taken, n, NOTHING)
        reference.advance(speeds, work, 318.15, taken, n)
    assert all(reference.refills[i] > 0 for i in (0,)) and reference.piece[0] > 2
    feeder = s.powder_feeder
    for row, expected in (
        (CONTENT, reference.content), (SPEED, reference.speed), (PHASE, reference.phase), (WEIGHT, reference.weight),
        (DELIVERED, reference.delivered), (REFILLED, reference.refilled), (NOISE, reference.noise),
    ):  # fmt: skip
        close(feeder[row, :3], expected)
    assert list(s.powder_count[REFILLS, :3]) == reference.refills
    assert list(s.powder_count[PIECE, :3]) == reference.piece
    close(s.powder_lot, reference.lot)
    for column in range(K):
        close(s.powder_mixer[:, column], reference.mixer[:, column])
        close(s.powder_fibrillator[:, column], reference.machine[:, column])
    close(s.powder_surge, reference.surge)
    close(s.powder_account[[FED, VAPOUR, TAKEN]], np.array([reference.fed, reference.vapour, reference.taken]))
    close(s.powder_power[[SHAFT, JACKET_HEAT]], np.array([reference.shaft, reference.jacket_heat]))


@pytest.mark.parametrize("tick", [0.05, 0.1, 0.2])
def test_start_is_the_steady_state_of_the_operating_point(tick: float) -> None:
    """A tank is looked at behind its reaction, half a step later than in the continuous steady state: first order in dt."""
    p, s, _ = started(no_disturbances(), tick=tick, feed_factor_min=1.0)
    moved = ("powder_mixer", "powder_fibrillator", "powder_surge", "powder_composition", "powder_fibrils", "powder_quality")
    before = {name: getattr(s, name).copy() for name in (*moved, "powder_feeder")}
    run(p, s, round(100.0 / tick))
    for name in moved:
        np.testing.assert_allclose(getattr(s, name), before[name], rtol=0.06 * tick, atol=1e-9, err_msg=name)
    leaving = s.powder_stream[2]
    assert leaving[FIBRIL] / leaving[PTFE] == pytest.approx(before["powder_fibrils"][1], rel=1e-3 * tick)
    np.testing.assert_allclose(s.powder_feeder[SPEED], before["powder_feeder"][SPEED], rtol=1e-12)
    assert s.powder_reading[LEVEL] == pytest.approx(0.6, abs=1e-4)
    assert s.powder_composition.sum() == pytest.approx(1.0, abs=1e-14)


def test_start_has_the_target_composition_and_full_hoppers() -> None:
    _, s, _ = started(no_disturbances())
    dry = s.powder_composition[:SOLIDS] / s.powder_composition[:SOLIDS].sum()
    np.testing.assert_allclose(dry, [0.95, 0.025, 0.025, 0.0, 0.0], rtol=1e-12)
    np.testing.assert_array_equal(s.powder_feeder[CONTENT, :3], [150.0, 12.0, 12.0])
    np.testing.assert_array_equal(s.powder_feeder[WEIGHT, :3], [150.0, 12.0, 12.0])
    assert s.powder_quality[BULK_DENSITY] == pytest.approx(750.0)
    assert s.powder_quality[YIELD_PRESSURE] == pytest.approx(1.0)
    assert s.powder_quality[TEMPERATURE] == pytest.approx(s.powder_reading[MACHINE_TEMPERATURE])
    assert 0.6 < s.powder_fibrils[1] < 0.9
    assert s.powder_fibrils.sum() == pytest.approx(1.0, abs=1e-14)


def held_run(tick: float, seconds: float, disturbances: Any) -> PowderState:
    p, s, _ = started(disturbances, seed=3, tick=tick, hopper_capacity=6.0, refill_time=2.0)
    run(p, s, round(seconds / tick))
    return s


def test_the_step_does_not_change_the_plant() -> None:
    states = [held_run(tick, 120.0, lively(bridging_per_hour_ptfe=60.0)) for tick in (0.05, 0.1, 0.2)]
    fine = states[0]
    for coarse, error in ((states[1], 1.0), (states[2], 3.0)):
        np.testing.assert_array_equal(coarse.powder_feeder[NOISE], fine.powder_feeder[NOISE])
        np.testing.assert_array_equal(coarse.powder_feeder[BRIDGE_UNTIL], fine.powder_feeder[BRIDGE_UNTIL])
        np.testing.assert_array_equal(coarse.powder_count, fine.powder_count)
        np.testing.assert_array_equal(coarse.powder_lot, fine.powder_lot)
        np.testing.assert_allclose(coarse.powder_account[FED], fine.powder_account[FED], rtol=1e-3 * error)
        np.testing.assert_allclose(coarse.powder_fibrils, fine.powder_fibrils, atol=1e-3 * error)
        np.testing.assert_allclose(coarse.powder_quality, fine.powder_quality, rtol=1e-3 * error)
        np.testing.assert_allclose(coarse.powder_reading[:3], fine.powder_reading[:3], rtol=1e-3 * error)


def test_the_step_error_of_the_machine_shrinks_with_the_step() -> None:
    """After a step of the work the fibril state of a coarse step differs by a term that shrinks with dt."""
    ends = []
    for tick in (0.05, 0.1, 0.2):
        p, s, _ = started(no_disturbances(), tick=tick, feed_factor_min=1.0)
        speeds = s.powder_feeder[SPEED].copy()
        for n in range(round(20.0 / tick)):
            advance_powder(p, s, speeds, 0.9e5, 323.15, 0.475 * tick, n, NOTHING)
        ends.append(float(s.powder_fibrillator[-1, FIBRIL] / s.powder_fibrillator[-1, PTFE]))
    assert abs(ends[2] - ends[0]) < 2e-3
    assert abs(ends[1] - ends[0]) < 0.6 * abs(ends[2] - ends[0])


def test_same_seed_same_plant_and_another_seed_another() -> None:
    digests = []
    for seed in (1, 1, 2):
        p, s, arena = started(some_disturbances(), seed=seed)
        run(p, s, 300)
        digests.append(arena.digest())
    assert digests[0] == digests[1] != digests[2]


def test_a_run_continues_from_a_snapshot() -> None:
    p, s, arena = started(some_disturbances(), seed=4)
    speeds = s.powder_feeder[SPEED].copy()
    run(p, s, 157, speeds)
    kept = arena.snapshot()
    run(p, s, 200, speeds, first=157)
    whole = arena.digest()
    arena.restore(kept)
    run(p, s, 200, speeds, first=157)
    assert arena.digest() == whole


def test_another_feeder_does_not_change_a_feeder() -> None:
    line = small_line()
    renamed = small_line()
    renamed.feeders[1].name = "other_carbon_feeder"
    noise = []
    for each in (line, renamed):
        p = powder_parameters(each, small_recipe(), small_setup(), some_disturbances(), 1)
        s = Arena(powder_fields(each)).view(PowderState)
        start_powder(p, s)
        run(p, s, 50)
        noise.append(s.powder_feeder[NOISE, :3].copy())
    assert noise[0][1] != noise[1][1]
    np.testing.assert_array_equal(noise[0][[0, 2]], noise[1][[0, 2]])


def test_white_noise_holds_for_its_second_and_has_its_size() -> None:
    p, s, _ = started(some_disturbances(bridging_per_hour_ptfe=0.0), seed=8)
    speeds = np.zeros(3)
    seen = []
    for n in range(20000):
        advance_powder(p, s, speeds, 0.0, 323.15, 0.0, n, NOTHING)
        seen.append(s.powder_feeder[NOISE, :3].copy())
    noise = np.array(seen).reshape(-1, 10, 3)
    np.testing.assert_array_equal(noise, np.broadcast_to(noise[:, :1], noise.shape))
    np.testing.assert_allclose(noise[:, 0].std(axis=0), [0.02, 0.03, 0.04], rtol=0.07)
    assert np.all(np.abs([np.corrcoef(noise[:-1, 0, i], noise[1:, 0, i])[0, 1] for i in range(3)]) < 0.07)


def test_a_refill_fills_during_its_time_and_its_error_decays() -> None:
    disturbances = no_disturbances()
    disturbances.feeders.refill_error = 0.05
    p, s, _ = started(disturbances, feed_factor_min=1.0, hopper_capacity=20.0, refill_time=5.0)
    speeds = s.powder_feeder[SPEED].copy()
    flow, content, flag = [], [], []
    for n in range(800):
        before = s.powder_feeder[DELIVERED, 0]
        advance_powder(p, s, speeds, p.work, p.jacket_temperature, 0.0475, n, NOTHING)
        flow.append(s.powder_feeder[DELIVERED, 0] - before)
        content.append(s.powder_feeder[CONTENT, 0])
        flag.append(s.powder_feeder[REFILLING, 0])
    begin = int(np.argmax(flag))
    assert sum(flag[begin : begin + 60]) == 50
    assert content[begin] < 0.3 * 20.0 <= content[begin - 1]
    assert s.powder_feeder[REFILLED, 0] == pytest.approx(14.0 * s.powder_count[REFILLS, 0])
    error = np.array(flow) / (p.feeder[FLOW, 0] * p.tick) - 1.0
    np.testing.assert_allclose(error[:begin], 0.0, atol=1e-12)
    assert 0.0 < abs(error[begin + 2]) <= 0.05
    np.testing.assert_allclose(error[begin + 1 : begin + 52], error[begin + 2], rtol=1e-9)
    assert error[begin + 151] / error[begin + 51] == pytest.approx(math.exp(-1.0), rel=1e-6)


def test_a_bridge_stops_the_ptfe_feeder_for_one_to_ten_seconds() -> None:
    disturbances = no_disturbances()
    disturbances.feeders.bridging_per_hour_ptfe = 120.0
    disturbances.feeders.bridging_time_min, disturbances.feeders.bridging_time_max = 1.0, 10.0
    p, s, _ = started(disturbances, seed=2)
    speeds = s.powder_feeder[SPEED].copy()
    stopped, lengths, starts = 0, [], 0
    last = 0.0
    for n in range(6000):
        before = s.powder_feeder[DELIVERED].copy()
        advance_powder(p, s, speeds, p.work, p.jacket_temperature, 0.0475, n, NOTHING)
        until = s.powder_feeder[BRIDGE_UNTIL, 2]
        if until != last:
            starts, last = starts + 1, until
            lengths.append(until - math.floor((n + 0.5) * 0.1))
        stopped += int(s.powder_feeder[DELIVERED, 2] == before[2])
        assert s.powder_feeder[DELIVERED, 0] > before[0]
    assert 8 < starts < 30
    assert all(1.0 <= length <= 10.0 for length in lengths)
    assert stopped * 0.1 == pytest.approx(sum(lengths), abs=0.1 * starts + 10.0)
    first = np.empty((600, 1))
    fill_uniforms(p.keys[BRIDGING_KEY, 2], 0, first)
    assert starts <= int((first < 1.0 - math.exp(-120.0 / 3600.0)).sum())


def test_an_empty_feeder_and_an_empty_surge_hopper_say_so() -> None:
    p, s, _ = started(no_disturbances(), refill_level=0.0, hopper_capacity=1.0)
    run(p, s, 60)
    assert s.powder_feeder[EMPTY, 0] == 1.0
    assert s.powder_feeder[CONTENT, 0] == 0.0
    assert s.powder_reading[STARVED] == 0.0
    run(p, s, 3, taken=200.0, first=60)
    assert s.powder_reading[STARVED] == 1.0
    assert s.powder_reading[LEVEL] < 0.01
    assert np.all(np.isfinite(s.powder_quality))
    assert s.powder_account[TAKEN].sum() < 80.0


def test_a_lot_step_reaches_the_hopper_through_blender_and_hopper() -> None:
    """A step of the active lot arrives filtered: slower than the mixer alone, and as its mass-weighted mean."""
    disturbances = no_disturbances()
    disturbances.lots = SimpleNamespace(**vars(some_disturbances(lot_mass=200.0, bag_mass=0.0).lots))
    p, s, _ = started(disturbances, seed=11, feed_factor_min=1.0)
    old = s.powder_lot[0].copy()
    to_boundary = 200.0 - p.feeder[LOT_START, 0] % 200.0
    ticks = math.ceil(to_boundary / (p.feeder[FLOW, 0] * 0.1))
    run(p, s, ticks + 1)
    new = s.powder_lot[0].copy()
    assert np.all(new[2:] != old[2:])
    assert s.powder_quality[BULK_DENSITY] == pytest.approx(750.0 * (1.0 + old[2]), rel=1e-6)
    speeds, path = s.powder_feeder[SPEED].copy(), []
    for n in range(ticks + 1, ticks + 3001):
        advance_powder(p, s, speeds, p.work, p.jacket_temperature, 0.0475, n, NOTHING)
        path.append((s.powder_quality[BULK_DENSITY] / 750.0 - 1.0 - old[2]) / (new[2] - old[2]))
    arrived = np.array(path)
    assert np.all(np.diff(arrived) > -1e-12)
    assert arrived[100] < 1e-3 < arrived[600] < 0.1 < arrived[-1] < 1.0
    surge = s.powder_surge
    assert surge[LOT_DENSITY] / surge[0] == pytest.approx(old[2] + arrived[-1] * (new[2] - old[2]))


def test_lots_follow_their_spread() -> None:
    disturbances = some_disturbances(lot_mass=4.0, bag_mass=0.4, ptfe_lot_mass=0.1)
    p, s, _ = started(disturbances, seed=6)
    drawn: list[np.ndarray] = []
    ptfe: list[float] = []
    pieces = s.powder_count[PIECE].copy()
    for n in range(8000):
        advance_powder(p, s, s.powder_feeder[SPEED], p.work, p.jacket_temperature, 0.0475, n, NOTHING)
        if s.powder_count[PIECE, 0] != pieces[0]:
            drawn.append(s.powder_lot[0].copy())
        if s.powder_count[PIECE, 2] != pieces[2]:
            ptfe.append(float(s.powder_lot[2, 1]))
        pieces = s.powder_count[PIECE].copy()
    spread = np.std(np.array(drawn)[:, 2:], axis=0)
    expected = np.array([0.05, 0.07, 0.05, 0.01745, 0.03]) * math.sqrt(1.0 + 1.0 / 9.0)
    np.testing.assert_allclose(spread, expected, rtol=0.25)
    assert np.std(ptfe) == pytest.approx(0.10, rel=0.25)


def test_heat_closes_over_the_machine() -> None:
    """Shaft work = heat to the jacket + what the powder carries away, water included, + change of what is stored."""
    p, s, _ = started(some_disturbances(), seed=9)
    speeds = s.powder_feeder[SPEED].copy()
    start = s.powder_fibrillator[:, HEAT].sum()
    work = cooled = entered = left = 0.0
    evaporated = 0.0
    for n in range(2000):
        before = s.powder_account[VAPOUR, WATER]
        advance_powder(p, s, speeds, 1.5e5, 310.15, 0.0475, n, NOTHING)
        work += s.powder_power[SHAFT] * p.tick
        cooled += s.powder_power[JACKET_HEAT] * p.tick
        entered += s.powder_stream[1, HEAT]
        left += s.powder_stream[2, HEAT]
        evaporated += (s.powder_account[VAPOUR, WATER] - before) * s.powder_reading[MACHINE_TEMPERATURE]
    stored = s.powder_fibrillator[:, HEAT].sum() - start
    balance = work - cooled - p.c_p * (left + evaporated - entered + stored)
    assert abs(balance) < 1e-6 * work
    assert cooled > 0.0


def test_shaft_power_is_work_times_flow() -> None:
    p, s, _ = started(no_disturbances(), feed_factor_min=1.0)
    run(p, s, 100)
    flow = p.feeder[FLOW].sum()
    assert s.powder_power[SHAFT] == pytest.approx(1.8e5 * flow, rel=2e-4)
    assert s.powder_power[MIXER] == pytest.approx(60e3, rel=1e-4)
    assert s.powder_reading[JACKET_TEMPERATURE] == pytest.approx(p.jacket_temperature)


def test_the_jacket_follows_its_set_point_and_cools_the_powder() -> None:
    p, s, _ = started(no_disturbances(), feed_factor_min=1.0)
    warm = s.powder_reading[MACHINE_TEMPERATURE]
    speeds = s.powder_feeder[SPEED].copy()
    for n in range(6000):
        advance_powder(p, s, speeds, p.work, p.jacket_temperature - 20.0, 0.0475, n, NOTHING)
    jacket = p.jacket_temperature - 20.0 * (1.0 - math.exp(-1.0))
    assert s.powder_reading[JACKET_TEMPERATURE] == pytest.approx(jacket, abs=1e-6)
    assert s.powder_reading[MACHINE_TEMPERATURE] < warm - 4.0


def test_a_cold_machine_makes_no_fibrils() -> None:
    line = small_line(jacket_temperature=281.15, work=2e3, heat_transfer=2000.0)
    line.hall.temperature = 283.15
    setup = small_setup()
    setup.fibrillator_work = 2e3
    p = powder_parameters(line, small_recipe(), setup, no_disturbances(), 1)
    s = Arena(powder_fields(line)).view(PowderState)
    start_powder(p, s)
    run(p, s, 200)
    assert s.powder_reading[MACHINE_TEMPERATURE] < 285.0
    assert s.powder_fibrils[1] < 1e-3


def test_the_machine_dries_the_powder() -> None:
    p, s, _ = started(no_disturbances())
    run(p, s, 100)
    assert 0.0 < s.powder_quality[HUMIDITY] < p.moisture
    assert s.powder_account[VAPOUR, WATER] > 0.0
    assert np.all(s.powder_account[VAPOUR, : C - 1] == 0.0)


def test_nothing_is_ever_negative_and_fractions_add_up() -> None:
    p, s, _ = started(lively(white_ptfe=0.5), seed=7, hopper_capacity=2.0, refill_time=1.0)
    rng = np.random.default_rng(1)
    speeds = np.zeros(3)
    for n in range(3000):
        if n % 50 == 0:
            speeds = rng.uniform(-1.0, 4.0, 3)
        advance_powder(p, s, speeds, rng.uniform(-1e5, 1e6), rng.uniform(250.0, 400.0), rng.uniform(0.0, 0.3), n, NOTHING)
        for hold_up in (s.powder_chute, s.powder_plug, s.powder_mixer, s.powder_fibrillator, s.powder_surge):
            assert np.all(hold_up[..., : FIBRIL + 1] >= 0.0)
            assert np.all(hold_up[..., PTFE] * (1.0 + 1e-14) >= hold_up[..., UNFIBRILLATED] + hold_up[..., FIBRIL])
        assert np.all(s.powder_feeder[CONTENT] >= 0.0)
        assert s.powder_fibrils.sum() == pytest.approx(1.0, abs=1e-14)


def test_a_line_needs_one_feeder_of_each_component() -> None:
    line = small_line()
    line.feeders = (line.feeders[0], line.feeders[0], line.feeders[2])
    with pytest.raises(ValueError, match="one feeder a component"):
        feeders_of(line)


def test_feeders_are_found_in_any_order() -> None:
    line = small_line()
    line.feeders = line.feeders[::-1]
    assert [feeder.component for feeder in feeders_of(line)] == ["active", "carbon", "ptfe"]


def test_setup_values_may_be_frozen_dataclasses() -> None:
    frozen = dataclasses.make_dataclass("Frozen", ["component_flows", "fibrillator_work", "fibrillator_machines"], frozen=True)(
        **vars(small_setup())
    )
    p = powder_parameters(small_line(), small_recipe(), frozen, some_disturbances(), 1)
    assert p.work == 1.8e5
