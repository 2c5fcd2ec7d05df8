import numpy as np
import pytest
import synthetic

from dryline.line.web_record import MetreBatch, joined, picked
from dryline.records import rollmap
from dryline.records.run_folder import open_run


def metre(order, **changes):
    """One good metre of product, exactly on target, with changes."""
    lanes, components = len(order.lane_centres), len(order.components)
    values = {
        **{name: np.zeros(1) for name in ("start", "time")},
        **{name: np.ones(1) for name in ("length", "speed")},
        "roll": np.ones(1, np.int32),
        "product": np.ones(1, np.bool_),
        "state": np.full(1, 6, np.int16),
        "areal_mass_a": np.full((1, lanes), order.side_areal_mass),
        "areal_mass_b": np.full((1, lanes), order.side_areal_mass),
        "thickness": np.full((1, lanes), order.thickness),
        "porosity": np.full((1, lanes), order.porosity),
        "strength": np.full((1, lanes), 1e6),
        "kept_kg": np.full((1, components), 0.1),
        "trim_kg": np.full((1, components), 0.01),
    }
    return MetreBatch(**{**values, **changes})


def one_lane(values, place, value):
    changed = values.copy()
    changed[0, place] = value
    return changed


@pytest.fixture
def order():
    return synthetic.order(20)


def good(order, **changes):
    return bool(rollmap.good_metres(metre(order, **changes), order)[0])


def test_good_needs_both_sides_together_within_tolerance_in_every_lane(order):
    base = metre(order).areal_mass_a
    assert good(order)
    assert good(order, areal_mass_a=one_lane(base, 5, 0.25 + 0.0124))
    assert not good(order, areal_mass_a=one_lane(base, 5, 0.25 + 0.0126))
    assert not good(order, areal_mass_b=one_lane(base, 0, 0.25 - 0.0126))
    # One side heavy and the other light is good: the coating of both sides together counts.
    assert good(order, areal_mass_a=base + 0.02, areal_mass_b=base - 0.02)


def test_good_needs_thickness_within_two_microns_in_every_lane(order):
    base = metre(order).thickness
    assert good(order, thickness=one_lane(base, 3, order.thickness + 1.99e-6))
    assert not good(order, thickness=one_lane(base, 3, order.thickness - 2.01e-6))


def test_scrap_and_unknown_values_are_not_good(order):
    assert not good(order, product=np.zeros(1, np.bool_))
    assert not good(order, thickness=one_lane(metre(order).thickness, 3, np.nan))


def test_rolls_come_back_in_the_order_of_winding(finished):
    run = open_run(finished[0])
    names = [path.name for path in run.segments("rollmap")]
    assert names == [f"roll-0001-{segment:05d}.parquet" for segment in range(3)]
    table = rollmap.read(run)
    np.testing.assert_array_equal(table.batch.start, np.arange(130.0))
    assert table.batch.product.sum() == 100
    assert not table.good[:30].any()


def test_mass_keeps_its_precision_and_lanes_are_single(tmp_path):
    recorder, plant = synthetic.record(tmp_path / "run", 0.0, lanes=20)
    batches = [plant.metre(float(i)) for i in range(1, 4)]
    for batch in batches:
        recorder.web(batch)
    recorder.web(None)
    recorder.close_segment()
    table = rollmap.read(open_run(tmp_path / "run"))
    np.testing.assert_array_equal(table.batch.kept_kg, np.concatenate([batch.kept_kg for batch in batches]))
    np.testing.assert_array_equal(table.batch.trim_kg, np.concatenate([batch.trim_kg for batch in batches]))
    expected = np.concatenate([batch.thickness for batch in batches]).astype(np.float32)
    np.testing.assert_array_equal(table.batch.thickness, expected)


def test_a_batch_of_another_line_is_refused(order):
    book = rollmap.RollMap(synthetic.Path("nowhere"), order)
    with pytest.raises(ValueError, match="38 lanes and 4 components does not fit a roll map of 20 lanes"):
        book.append(metre(synthetic.order(40)))


def test_a_batch_over_two_rolls_is_split(tmp_path, order):
    rows = [metre(order, start=np.array([float(i)]), time=np.array([float(i)])) for i in range(4)]
    batch = joined(
        [
            *rows[:2],
            *(MetreBatch(**{**vars(row), "roll": np.full(1, 2, np.int32)}) for row in rows[2:]),
        ]
    )
    book = rollmap.RollMap(tmp_path, order)
    book.append(batch)
    book.flush()
    book.flush()
    assert sorted(path.name for path in (tmp_path / "rollmap").iterdir()) == [
        "roll-0001-00000.parquet",
        "roll-0002-00000.parquet",
    ]


GIVEN = {
    "peel_strength": np.full((1, 20), 12.0),
    "passes": np.full(1, 0.1),
    "pinholes": np.zeros((1, 20)),
    "edge_cracks": np.full(1, 2.0),
}


def test_columns_that_a_machine_may_leave_out_come_back_where_it_gives_them(tmp_path, order):
    recorder, _ = synthetic.record(tmp_path / "run", 0.0, lanes=20)
    for i in range(3):
        recorder.web(metre(order, time=np.full(1, float(i)), **GIVEN))
    recorder.close_segment()
    run = open_run(tmp_path / "run")
    batch = rollmap.read(run).batch
    assert rollmap.given_columns(batch) == list(GIVEN)
    assert batch.resistivity is None
    for name, values in GIVEN.items():
        np.testing.assert_allclose(getattr(batch, name), np.concatenate([values] * 3), rtol=1e-7)
    import pyarrow.parquet as pq

    schema = pq.read_schema(run.segments("rollmap")[0])
    assert schema.field("peel_strength").metadata[b"unit"] == b"N/m"
    assert "resistivity" not in schema.names


def test_a_column_is_given_by_all_batches_or_by_none(order):
    with pytest.raises(ValueError, match="passes is given by 1 of 2 batches"):
        joined([metre(order), metre(order, passes=np.zeros(1))])
    book = rollmap.RollMap(synthetic.Path("nowhere"), order)
    book.append(metre(order))
    with pytest.raises(ValueError, match=r"a batch gives \['passes'\], those before it none"):
        book.append(metre(order, passes=np.zeros(1)))


def test_a_column_of_another_shape_is_refused(order):
    book = rollmap.RollMap(synthetic.Path("nowhere"), order)
    with pytest.raises(ValueError, match=r"moisture of shape \(1, 3\) fits neither 1 metres nor their 20 lanes"):
        book.append(metre(order, moisture=np.zeros((1, 3))))


def test_rows_are_picked_from_every_given_column(order):
    batch = joined([metre(order, passes=np.full(1, float(i))) for i in range(4)])
    chosen = picked(batch, np.array([False, True, False, True]))
    np.testing.assert_array_equal(chosen.passes, [1.0, 3.0])
    assert chosen.thickness.shape == (2, 20) and chosen.h2s is None
