"""Stations by kind: the lookup is kept, yet a line stays a plain frozen value."""

from __future__ import annotations

import copy
import pickle
from itertools import pairwise

import numpy as np
import pytest

from dryline.line.load import DATA, dump_line, load_line
from dryline.line.schema import Line


@pytest.fixture(scope="module")
def line() -> Line:
    return load_line("lfp-cathode").line


def test_kinds_are_found_in_line_order(line):
    for kind in {station.kind for station in line.stations}:
        assert line.of_kind(kind) == tuple(station for station in line.stations if station.kind == kind)
    assert [gauge.side for gauge in line.of_kind("film_gauge")] == ["A", "B"] and line.of_kind("press") == ()


def test_the_lookup_changes_nothing_else(line):
    fresh = Line.model_construct(**{name: getattr(line, name) for name in Line.model_fields})
    assert line.of_kind("winder") and "_by_kind" in vars(line) and "_by_kind" not in vars(fresh)
    assert line == fresh and fresh == line and hash(line) == hash(fresh) and repr(line) == repr(fresh)
    assert line.model_dump() == fresh.model_dump() and line.model_dump_json() == fresh.model_dump_json()
    assert dict(line) == dict(fresh)
    for again in (pickle.loads(pickle.dumps(line)), copy.copy(line), copy.deepcopy(line)):
        assert again == line and again.of_kind("winder") == line.of_kind("winder")


@pytest.mark.parametrize("deep", [False, True])
def test_a_copy_with_other_stations_finds_those(line, deep):
    assert line.of_kind("winder")
    slower = tuple(s.model_copy(update={"tension": 99.0}) if s.kind == "winder" else s for s in line.stations)
    copied = line.model_copy(update={"stations": slower}, deep=deep)
    assert copied.of_kind("winder")[0].tension == 99.0 != line.of_kind("winder")[0].tension


def slit(tmp_path, text):
    path = tmp_path / "slit.yaml"
    winder = "{kind: winder, name: winder}"
    text = f"{{kind: slitter, name: slitter, {text}}}\n  - {winder}"
    path.write_text((DATA / "lines" / "lfp-cathode.yaml").read_text().replace(winder, text))
    return load_line(str(path)).line


def test_a_slitter_cuts_equal_daughter_rolls_out_of_the_kept_web(tmp_path):
    line = slit(tmp_path, "rolls: 5")
    edges = line.station("slitter").daughters(line.web.kept_width)
    np.testing.assert_allclose(np.diff(edges), 0.19, rtol=1e-12)
    assert edges[0][0] == pytest.approx(-0.475) and edges[-1][1] == pytest.approx(0.475)
    assert all(left[1] == right[0] for left, right in pairwise(edges))


def test_a_slitter_with_widths_lies_in_the_middle_and_survives_a_dump(tmp_path):
    line = slit(tmp_path, "widths: [300 mm, 200 mm, 300 mm]")
    edges = line.station("slitter").daughters(line.web.kept_width)
    np.testing.assert_allclose(edges, [(-0.4, -0.1), (-0.1, 0.1), (0.1, 0.4)], atol=1e-12)
    path = tmp_path / "again.yaml"
    path.write_text(dump_line(line))
    assert load_line(str(path)).line == line
