"""Set-ups over samples: each is made, refused ones are counted by their limit, and the outcome knows no processes."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from studies.planning.compared import drawn_up, question
from studies.planning.simple_lines import dry_cathode

from dryline.studies.planning import points
from dryline.studies.planning.points import Point, Workers, at_point, set_ups
from dryline.studies.planning.samples import joined, picked

FAIR = {"area_yield": 1.0, "cell_yield": 0.98}


def nominal(**changes):
    loaded = question().cathode
    return Point(loaded.line.speed, loaded.recipe.loading, 1.0)._replace(**changes)


def made(wanted, **more):
    return set_ups(question().cathode, wanted, question().working.calendar(), **FAIR, **more)


def figures(value):
    """All arrays of a line, in order."""
    if isinstance(value, np.ndarray):
        return [value]
    if isinstance(value, tuple):
        return [one for part in value for one in figures(part)]
    if hasattr(value, "__dataclass_fields__"):
        return [one for field in fields(value) for one in figures(getattr(value, field.name))]
    return []


def test_a_point_moves_speed_loading_and_yield_pressure():
    loaded = question().cathode
    line, recipe = at_point(loaded.line, loaded.recipe, Point(0.9, 0.3, 1.2))
    assert (line.speed, recipe.loading) == (0.9, 0.3)
    assert recipe.compaction.P_y == pytest.approx(tuple(1.2 * value for value in loaded.recipe.compaction.P_y))
    assert at_point(loaded.line, loaded.recipe, nominal()) == (loaded.line, loaded.recipe)


def test_infeasible_points_are_refused_and_counted():
    wanted = [nominal(), nominal(yield_pressure=3.0), nominal(speed=1.1), nominal(speed=3.0), nominal(yield_pressure=3.0)]
    told: list[int] = []
    found = made(wanted, told=told.append)
    assert found.feasible.tolist() == [True, False, True, False, False] and found.calls == 5
    assert found.refused == {"contact margin": 2, "speed": 1} and told == [5]
    assert found.line is not None and found.line.speed.tolist() == [1.0, 1.1]
    alone = drawn_up("lfp-cathode", "cathode", 1.0)
    for one, other in zip(found.line.steps, alone.steps, strict=True):
        assert one.name == other.name
        for load, own in zip(one.loads, other.loads, strict=True):
            assert load.run[0] == pytest.approx(own.run, rel=1e-12) and load.carrier == own.carrier


def test_where_all_are_refused_there_is_no_line():
    found = made([nominal(speed=3.0)] * 3)
    assert found.line is None and not found.feasible.any() and found.refused == {"speed": 3}


def test_two_processes_give_what_one_gives(monkeypatch):
    monkeypatch.setattr(points, "CHUNK", 8)
    rng = np.random.default_rng(7)
    pairs = zip(rng.uniform(0.7, 1.3, 40), rng.uniform(0.7, 1.5, 40), strict=True)
    wanted = [nominal(speed=speed, yield_pressure=pressure) for speed, pressure in pairs]
    with Workers(2) as workers:
        two = made(wanted, workers=workers)
    one = made(wanted)
    assert np.array_equal(one.feasible, two.feasible) and one.refused == two.refused and 0 < one.feasible.sum() < 40
    assert len(figures(one.line)) > 20
    for own, other in zip(figures(one.line), figures(two.line), strict=True):
        assert np.array_equal(own, other)


def test_samples_are_picked_and_joined_again():
    line = dry_cathode(speed=np.array([1.0, 2.0, 3.0]), area_yield=np.array([0.9, 0.8, 0.7]))
    first, rest = picked(line, np.array([True, False, False])), picked(line, np.array([False, True, True]))
    assert first.speed.tolist() == [1.0] and rest.area_yield.tolist() == [0.8, 0.7] and rest.name == line.name
    whole = joined([first, rest])
    assert whole.speed.tolist() == line.speed.tolist() and whole.area_yield.tolist() == line.area_yield.tolist()
    assert whole.steps == line.steps and whole.coated_width == line.coated_width
