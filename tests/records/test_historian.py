import numpy as np
import pyarrow.parquet as pq
import pytest
import synthetic

from dryline.records import signals
from dryline.records.run_folder import open_run


@pytest.fixture
def recorded(tmp_path):
    """A run of 125 s whose recorder was never closed, and the ticks it was given."""
    recorder, plant = synthetic.record(tmp_path / "run", 0.0, lanes=20)
    given = []
    for count in range(1, 1251):
        commands, readings, truth = plant.tick(count)
        commands.values[0] = 1.0 + count * 1e-9
        given.append((commands.values.copy(), readings.values.copy(), truth.copy()))
        recorder.tick(count * synthetic.TICK, commands, readings, truth, 6)
    recorder.close_segment()
    return open_run(tmp_path / "run"), plant, given


def test_segments_hold_one_minute_each(recorded):
    run, _, _ = recorded
    assert [pq.read_metadata(path).num_rows for path in run.segments("signals")] == [600, 600, 50]


def test_commands_and_readings_come_back_bit_for_bit(recorded):
    run, plant, given = recorded
    speed = signals.read(run, ["command/line/speed"])["command/line/speed"]
    np.testing.assert_array_equal(speed, [commands[0] for commands, _, _ in given])
    at = plant.tables.readings.slice("gauge_a/thickness")
    gauge = signals.read(run, ["reading/gauge_a/thickness"])["reading/gauge_a/thickness"]
    np.testing.assert_array_equal(gauge, [readings[at] for _, readings, _ in given])
    gap = signals.read(run, ["truth/lamination/loaded_gap"])["truth/lamination/loaded_gap"]
    at = plant.tables.truth.slice("lamination/loaded_gap")
    np.testing.assert_allclose(gap, [truth[at][0] for _, _, truth in given], rtol=1e-7)


def test_time_and_kept_types(recorded):
    run, _, _ = recorded
    time = signals.read(run, ["time"])["time"]
    np.testing.assert_array_equal(time, [count * synthetic.TICK for count in range(1, 1251)])
    schema = pq.read_schema(run.segments("signals")[0])
    assert str(schema.field("command/line/speed").type) == "double"
    assert str(schema.field("truth/lamination/force").type) == "float"
    assert str(schema.field("reading/gauge_a/thickness").type).startswith("fixed_size_list<")


def test_every_tag_is_a_column_with_its_unit_and_kind(recorded):
    run, plant, _ = recorded
    columns = {column.name: column for column in signals.columns(run)}
    for kind, table in (("command", plant.tables.commands), ("reading", plant.tables.readings)):
        for tag in table.tags:
            column = columns[f"{kind}/{tag.path}"]
            assert (column.kind, column.unit, column.array) == (kind, tag.unit, bool(tag.shape))
            assert column.description == tag.description


def test_a_signal_that_was_not_recorded_is_named(recorded):
    run, _, _ = recorded
    with pytest.raises(KeyError, match="command/line/speeed"):
        signals.read(run, ["command/line/speeed"])
