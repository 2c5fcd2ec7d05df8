import json

import numpy as np
import pyarrow.parquet as pq
import pytest
import synthetic

from dryline.records import rollmap
from dryline.records.order import Order
from dryline.records.run import open as open_run
from dryline.records.run_folder import open_run as open_folder
from dryline.records.slitting import daughters_of, slit

EDGES = ((-0.45, -0.15), (-0.15, 0.16), (0.16, 0.45))
"""Three daughter rolls; the knives run through lanes of 25 mm, and 25 mm are left over at each edge."""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    path = tmp_path_factory.mktemp("slit") / "run"
    recorder, _ = synthetic.record(path, 200.0, lanes=40, daughters=EDGES, given=True)
    recorder.close()
    return open_run(path)


@pytest.fixture(scope="module")
def order(run):
    return Order.from_json(json.loads((run.path / "manifest.json").read_text())["order"])


def test_lanes_of_the_daughters_cover_their_width_and_no_more(order):
    assert order.daughters == EDGES
    found = daughters_of(order)
    assert [one.number for one in found] == [1, 2, 3]
    for one, (low, high) in zip(found, EDGES, strict=True):
        widths = np.asarray(one.order.lane_widths)
        assert widths.sum() == pytest.approx(high - low, rel=1e-12) == one.order.kept_width
        assert widths.min() > 0.0 and one.lanes.size == widths.size == len(one.order.lane_centres)
        assert one.order.lane_centres[0] - widths[0] / 2 == pytest.approx(low)
    # the lane from -0.15 to -0.125 begins at the first knife; the second knife at 0.16 cuts one lane in two
    assert found[0].lanes[-1] + 1 == found[1].lanes[0]
    assert found[1].lanes[-1] == found[2].lanes[0]


def test_mass_of_the_daughters_is_that_of_their_lanes(run, order):
    web = rollmap.read(open_folder(run.path))
    parts = [slit(web.batch, one, order) for one in daughters_of(order)]
    areal = web.batch.areal_mass_a + web.batch.areal_mass_b
    centres, widths = np.asarray(order.lane_centres), np.asarray(order.lane_widths)
    inside = np.abs(centres) < 0.45
    by_hand = (areal[:, inside] @ widths[inside]) / (areal @ widths)
    together = sum(part.kept_kg for part in parts)
    np.testing.assert_allclose(together, web.batch.kept_kg * by_hand[:, None], rtol=1e-9)
    assert all(part.trim_kg.sum() == 0.0 for part in parts)
    assert all(part.peel_strength.shape == part.thickness.shape for part in parts)
    assert all(part.passes.shape == (200,) for part in parts)


def test_each_daughter_has_files_of_its_own_beside_the_map_of_the_whole_web(run):
    names = sorted(path.name for path in (run.path / "rollmap" / "daughters").iterdir())
    assert names[:3] == ["roll-0001-d1-00000.parquet", "roll-0001-d1-00001.parquet", "roll-0001-d1-00002.parquet"]
    assert names[-1] == "roll-0002-d3-00001.parquet"
    table = pq.read_table(run.path / "rollmap" / "daughters" / names[0], partitioning=None)
    assert table.schema.field("thickness").type.list_size == daughters_of_run(run)[0].lanes.size
    assert table.schema.metadata[b"schema"] == b"dryline-rollmap/1"
    assert run.rollmap()["length"].sum() == 200.0


def daughters_of_run(run):
    return daughters_of(Order.from_json(json.loads((run.path / "manifest.json").read_text())["order"]))


def test_a_thick_spot_spoils_only_the_daughter_it_lies_in(run, order):
    # the web is 4 % heavy from 100 m to 103 m between -0.175 m and 0.125 m
    good = [run.rollmap(daughter=k)["good"][100:103] for k in (1, 2, 3)]
    assert not good[0].any() and not good[1].any() and good[2].all()
    whole = run.rollmap()
    for k in (1, 2, 3):
        assert (run.rollmap(daughter=k)["good"] >= whole["good"]).all()


def test_the_summary_has_a_row_a_daughter_roll(run, order):
    rows = run.summary["daughters"]
    assert [(row["roll"], row["daughter"]) for row in rows] == [(roll, k) for roll in (1, 2) for k in (1, 2, 3)]
    assert sum(row["wound_m"] for row in rows) == pytest.approx(3 * 200.0)
    for row in rows:
        own = run.rollmap(daughter=row["daughter"])
        mine = (own["roll"] == row["roll"]) & own["product"]
        areal = (own["areal_mass_a"] + own["areal_mass_b"])[mine]
        weights = np.outer(own["length"][mine], own["lane_widths"])
        mean = np.average(areal, weights=weights)
        assert row["areal_density_mean"] == pytest.approx(mean, rel=1e-9)
        sigma = np.sqrt(np.average((areal - mean) ** 2, weights=weights))
        assert row["areal_density_sigma"] == pytest.approx(sigma, rel=1e-6)
        assert row["good_m"] <= row["produced_m"] <= row["wound_m"]


def test_a_daughter_that_was_not_cut_is_named(run):
    with pytest.raises(KeyError, match=r"no daughter roll 4 .* slit into 3"):
        run.rollmap(daughter=4)


def test_an_order_of_before_has_no_daughters(finished):
    values = synthetic.order(20).as_json()
    del values["daughters"]
    assert Order.from_json(values).daughters == ()
    assert open_run(finished[0]).summary["daughters"] == []
    assert not (finished[0] / "rollmap" / "daughters").exists()
