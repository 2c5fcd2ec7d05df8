"""Statistics on the footprint from moments a metre are those of all patches, each kept."""

from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest
import synthetic
from schema_check import problems

from dryline.records import rollmap
from dryline.records.footprint import footprint_part, on_footprint, patch_spreads
from dryline.records.order import Order
from dryline.records.rollmap import RollMapTable, daughter_map
from dryline.records.run import open as open_value
from dryline.records.run_folder import open_run
from dryline.records.slitting import daughters_of
from dryline.records.statistics import spread
from dryline.records.summary import build_summary, summary_schema

BOUND = {"sigma_md_pct": 0.2, "sigma_cd_pct": 0.0, "sigma_residual_pct": 0.1, "sigma_total_pct": 0.25}
BOUNDS = {
    "schema": "dryline-bounds/1", "length_m": 0.02, "width_m": 0.02, "reason": "",
    "sets": [{"name": "line gauges", "coatings": {"areal_density": {**BOUND, "open_loop": BOUND}}}],
}  # fmt: skip
EDGES = ((-0.45, -0.15), (-0.15, 0.16), (0.16, 0.165))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("patches") / "run"
    recorder, plant = synthetic.record(path, 90.0, lanes=40, patches=True, daughters=EDGES)
    return path, plant, recorder.close("finished", "", BOUNDS)


def all_patches(plant):
    """(3, rows of all product, columns): every patch."""
    return np.concatenate(plant.patches[30:], axis=1)


@pytest.mark.parametrize(("name", "side"), [("areal_density_a", 0), ("areal_density_b", 1), ("areal_density", 2)])
def test_the_split_is_that_of_every_patch(made, name, side):
    path, plant, summary = made
    patches = all_patches(plant)[side]
    expected = spread(patches, np.full(patches.shape[0], 0.02), np.asarray(plant.order.patch_widths))
    found = patch_spreads(plant.order, rollmap.read(open_run(path)))[name]
    for part in ("variance_md", "variance_cd", "variance_residual", "variance_total", "mean"):
        assert getattr(found, part) == pytest.approx(getattr(expected, part), rel=2e-6), part
    np.testing.assert_allclose(found.profile, expected.profile, rtol=1e-6)
    own, target = summary["footprint"][name], plant.order.areal_mass if side == 2 else plant.order.side_areal_mass
    assert own["target"] == target
    assert own["sigma_md_pct"] == pytest.approx(100.0 * np.sqrt(expected.variance_md) / target, rel=2e-6)
    assert own["three_sigma_pct"] == pytest.approx(300.0 * np.sqrt(expected.variance_total) / target, rel=2e-6)
    assert own["deviation_pct"] == pytest.approx(100.0 * (expected.mean / target - 1.0), abs=1e-4)
    assert own["sigma_md_pct"] > 0.2 and own["sigma_cd_pct"] > 0.1 and own["sigma_residual_pct"] > 0.1


def test_metre_means_alone_would_miss_most_of_it(made):
    path, plant, _ = made
    web = rollmap.read(open_run(path))
    rows = web.batch.product
    both = (web.batch.patch_mass_a + web.batch.patch_mass_b)[rows]
    coarse = spread(both, web.batch.length[rows], np.asarray(plant.order.patch_widths))
    assert coarse.variance_md < 0.2 * patch_spreads(plant.order, web)["areal_density"].variance_md


def test_a_short_last_metre_counts_by_its_length(made):
    path, plant, _ = made
    web = rollmap.read(open_run(path))
    length = web.batch.length.copy()
    length[-1] = 0.26  # 13 rows of patches
    patches = [field[2] for field in plant.patches[30:]]
    cut, widths = patches[-1][:13], np.asarray(plant.order.patch_widths)
    rows = replace(web.batch, length=length)
    rows.patch_mass_a[-1], rows.patch_mass_b[-1] = plant.patches[-1][:2, :13].mean(axis=1)
    rows.patch_variance_both[-1], rows.row_variance_both[-1] = cut.var(axis=0), (cut @ widths / widths.sum()).var()
    every = np.concatenate([*patches[:-1], cut])
    expected = spread(every, np.full(every.shape[0], 0.02), widths)
    found = patch_spreads(plant.order, RollMapTable(rows, web.good))["areal_density"]
    for part in ("variance_md", "variance_cd", "variance_residual", "mean"):
        assert getattr(found, part) == pytest.approx(getattr(expected, part), rel=2e-6), part


def test_an_even_film_has_no_scatter():
    even = spread(np.full((4, 3), 0.5), np.ones(4), np.ones(3))
    found = on_footprint(even, 0.5)
    assert (found.deviation_pct, found.sigma_total_pct, found.three_sigma_pct) == (0.0, 0.0, 0.0)


def test_bounds_stand_beside_the_run(made):
    summary = made[2]
    part = summary["footprint"]
    assert problems(summary, summary_schema()) == []
    assert (part["columns"], part["width_m"], part["without_bounds"]) == (49, 0.02, "")
    (bound,) = part["areal_density"]["bounds"]
    assert bound["name"] == "line gauges" and bound["sigma_total_pct"] == 0.25
    assert bound["total_over_bound"] == pytest.approx(part["areal_density"]["sigma_total_pct"] / 0.25)
    assert bound["md_over_bound"] == pytest.approx(part["areal_density"]["sigma_md_pct"] / 0.2)
    assert bound["cd_over_bound"] is None
    assert part["areal_density_a"]["bounds"] == []


def test_a_run_without_bounds_says_why(tmp_path):
    recorder, _ = synthetic.record(tmp_path / "run", 60.0, lanes=20, patches=True)
    summary = recorder.close("finished", "", {**BOUNDS, "reason": "the powder nip is flooded", "sets": []})
    assert summary["footprint"]["without_bounds"] == "the powder nip is flooded"
    assert problems(summary, summary_schema()) == []
    assert "No bounds: the powder nip is flooded." in (tmp_path / "run" / "report.html").read_text()
    (tmp_path / "run" / "bounds.json").unlink()
    assert "ended before" in build_summary(open_run(tmp_path / "run"))["footprint"]["without_bounds"]


def test_one_side(tmp_path):
    recorder, plant = synthetic.record(tmp_path / "run", 60.0, lanes=20, patches=True, one_sided=True)
    summary = recorder.close("finished", "", BOUNDS)
    part = summary["footprint"]
    assert problems(summary, summary_schema()) == []
    assert part["areal_density_b"] is None
    assert part["areal_density"]["sigma_md_pct"] == pytest.approx(part["areal_density_a"]["sigma_md_pct"], rel=1e-6)
    assert "Areal density, side" not in (tmp_path / "run" / "report.html").read_text()
    assert plant.order.areal_mass == 0.25


def test_runs_without_patches_or_product_have_no_section(finished, tmp_path):
    assert finished[1]["footprint"] is None
    assert "Areal mass, 20" not in (finished[0] / "report.html").read_text()
    recorder, plant = synthetic.record(tmp_path / "run", 20.0, lanes=20, patches=True)
    assert recorder.close()["footprint"] is None
    assert plant.patches


def test_the_report_has_every_figure_with_its_bound(made):
    text = (made[0] / "report.html").read_text()
    start = text.index('<section id="footprint"><h2>Areal mass, 20 × 20 mm</h2>')
    section = text[start : text.index("</section>", start)]
    part = made[2]["footprint"]["areal_density"]
    for what in ("md", "cd", "residual", "total"):
        assert f">{part[f'sigma_{what}_pct']:.3f}<" in section
    assert section.count("bound, line gauges") == 1 and ">0.250<" in section
    assert f">{part['bounds'][0]['total_over_bound']:.2f}<" in section


def test_files_name_the_patches_and_daughters_get_those_inside_them(made):
    path, plant, _ = made
    metadata = pq.read_schema(next((path / "rollmap").glob("*.parquet"))).metadata
    edges = [float(word) for word in metadata[b"patch_edges_m"].split()]
    assert edges == list(plant.order.patch_edges) and metadata[b"patch_length_m"] == b"0.02"
    web = rollmap.read(open_run(path))
    order = Order.from_json(open_run(path).manifest["order"])
    assert order == plant.order
    daughters = daughters_of(order)
    for one, (low, high) in zip(daughters, EDGES, strict=True):
        own = daughter_map(web, one, order)
        inside = [n for n in range(49) if edges[n] >= low - 1e-9 and edges[n + 1] <= high + 1e-9]
        assert list(one.patches) == inside and len(one.order.patch_widths) == len(inside)
        assert own.batch.row_variance_both is None
        if inside:
            np.testing.assert_array_equal(own.batch.patch_mass_a, web.batch.patch_mass_a[:, inside])
            np.testing.assert_array_equal(own.batch.patch_variance_both, web.batch.patch_variance_both[:, inside])
        else:
            assert own.batch.patch_mass_a is None
    assert patch_spreads(daughters[0].order, daughter_map(web, daughters[0], order)) == {}
    narrow = pq.read_schema(next((path / "rollmap" / "daughters").glob("*-d3-*.parquet")))
    assert "patch_mass_a" not in narrow.names and b"patch_edges_m" not in narrow.metadata
    run = open_value(path)
    assert run.rollmap(daughter=1)["patch_edges"].size == run.rollmap(daughter=1)["patch_mass_a"].shape[1] + 1
    assert run.rollmap()["patch_edges"].size == 50


def test_patches_of_another_number_are_refused(made):
    path, plant, _ = made
    web = rollmap.read(open_run(path))
    book = rollmap.RollMap(synthetic.Path("nowhere"), replace(plant.order, patch_edges=(-0.475, 0.0, 0.475)))
    with pytest.raises(ValueError, match=r"patch_mass_a of shape \(90, 49\) does not fit 90 metres of 2 columns"):
        book.append(web.batch)


def test_an_order_of_before_knows_no_patches(made):
    values = made[1].order.as_json()
    del values["patch_length"], values["patch_edges"]
    order = Order.from_json(values)
    assert order.patch_widths == () and [one.patches.size for one in daughters_of(order)] == [0, 0, 0]
    empty = RollMapTable(rollmap.empty_batch(40, 4), np.zeros(0, np.bool_))
    assert footprint_part(open_run(made[0]), order, empty) is None
