import numpy as np
import pytest
import synthetic
from schema_check import problems

from dryline.records import rollmap
from dryline.records.properties import defects, properties, recycled_share
from dryline.records.run_folder import open_run
from dryline.records.summary import summary_schema


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    path = tmp_path_factory.mktemp("given") / "run"
    recorder, plant = synthetic.record(path, 130.0, lanes=40, given=True)
    recorder.close()
    return plant.order, rollmap.read(open_run(path))


def test_properties_are_those_of_the_product(given):
    order, web = given
    found = properties(order, web)
    assert list(found) == ["strength", "peel_strength", "resistivity", "tortuosity", "strength_cd", "foil_strain",
                           "moisture", "passes"]  # fmt: skip
    product = web.batch.product
    peel = web.batch.peel_strength[product]
    widths = np.asarray(order.lane_widths)
    assert found["peel_strength"].mean == pytest.approx(np.average(peel.mean(axis=0), weights=widths), rel=1e-9)
    assert (found["peel_strength"].low, found["peel_strength"].high) == (peel.min(), peel.max())
    assert found["peel_strength"].sigma_cd > 0.0 == found["moisture"].sigma_cd
    assert found["moisture"].mean == pytest.approx(3e-4, rel=1e-6)
    assert found["foil_strain"].unit == "1" and found["peel_strength"].unit == "N/m"


def test_defects_are_counted_once_in_the_product(given):
    order, web = given
    found = defects(order, web)
    # one hole each at 32, 57, 82 and 107 m; one crack a metre from 40 to 44 m; product from 30 to 130 m
    assert found["pinholes"].count == pytest.approx(4.0)
    assert found["pinholes"].per_100_m == pytest.approx(4.0)
    assert found["pinholes"].per_100_m2 == pytest.approx(4.0 / 0.95)
    assert (found["edge_cracks"].count, found["edge_cracks"].metres) == (4.0, 4.0)


def test_a_machine_that_gives_nothing_has_neither(finished):
    path, summary = finished
    assert (summary["properties"], summary["defects"]) == ({}, {})
    web = rollmap.read(open_run(path))
    assert properties(synthetic.order(40), web) == defects(synthetic.order(40), web) == {}


@pytest.mark.parametrize("share", [0.0, 0.05, 0.1, 0.2, 0.3])
def test_share_of_returned_material_from_the_mean_of_its_passes(share):
    passes = sum(n * (1.0 - share) * share**n for n in range(400))
    assert recycled_share(passes) == pytest.approx(share, abs=1e-12)


def test_a_run_with_all_of_it_keeps_the_schema(tmp_path):
    edges = ((-0.4, 0.0), (0.0, 0.4))
    recorder, _ = synthetic.record(tmp_path / "run", 70.0, lanes=20, given=True, daughters=edges)
    summary = recorder.close()
    assert problems(summary, summary_schema()) == []
    assert len(summary["properties"]) == 8 and len(summary["defects"]) == 2 and len(summary["daughters"]) == 2
