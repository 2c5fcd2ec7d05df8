import numpy as np
import pytest
import synthetic

from dryline.records.gap import EXECUTE, followed, low_passed, making, nip_gaps, production
from dryline.records.run_folder import open_run

COMPLETING = 16


def test_a_nip_that_runs_empty_while_the_last_product_is_wound_does_not_count(tmp_path):
    recorder, plant = synthetic.record(tmp_path / "run", 60.0, lanes=20)
    lamination = plant.tables.truth.slice("lamination/loaded_gap")
    for count in range(601, 651):
        commands, readings, truth = plant.tick(count)
        truth[lamination] -= 60e-6
        recorder.tick(count * synthetic.TICK, commands, readings, truth, COMPLETING)
    recorder.close()
    run = open_run(tmp_path / "run")
    assert production(run).sum() - making(run).sum() == 50
    gaps = {gap.name: gap for gap in nip_gaps(run, run.json_or_empty("setup.json"))}
    assert gaps["lamination"].p99_7_abs_error_um < 2.0
    assert [gap.allowed_um for gap in gaps.values()] == [3.0, 3.0, 1.0, 3.0, 3.0, 1.0, 1.0]


def test_a_step_of_the_reference_counts_as_far_as_a_slow_gap_would_follow_it():
    """The reference is low-passed at 0.02 Hz: after 1/(2 pi 0.02 Hz) 63 % of a step count."""
    time = np.arange(0.0, 60.0, 0.1)
    reference = np.where(time >= 10.0, 105e-6, 100e-6)
    slow = low_passed(reference, time)
    assert (slow[time < 10.0] == pytest.approx(100e-6)) and slow[-1] == pytest.approx(105e-6, abs=0.02e-6)
    after = np.searchsorted(time, 10.0 + 1.0 / (2.0 * np.pi * 0.02))
    assert slow[after] == pytest.approx(103.16e-6, abs=0.05e-6)


def test_a_lift_counts_at_once_and_leaves_nothing_behind():
    time = np.arange(0.0, 60.0, 0.1)
    lifted = np.where((time >= 10.0) & (time < 12.0), 50e-6, 0.0)
    reference = np.where(time >= 30.0, 105e-6, 100e-6)
    followed_ = followed(reference + lifted, lifted, time)
    assert followed_ - lifted == pytest.approx(low_passed(reference, time), abs=1e-15)
    assert np.abs(low_passed(reference + lifted, time) - reference)[time == 15.0] > 5e-6, "and without it haunts the gap"


def test_a_nip_that_follows_its_lift_is_within_and_one_that_stays_is_not(tmp_path):
    for name, moved in (("follows", 50e-6), ("stays", 0.0)):
        recorder, plant = synthetic.record(tmp_path / name, 0.0, lanes=20)
        place = plant.tables.truth.slice("lamination/loaded_gap")
        reference = plant.tables.truth.slice("lamination/gap_reference")
        product, lift = (plant.tables.commands.slice(one) for one in ("winder/product", "lamination/lift"))
        for count in range(2000, 2400):
            commands, readings, truth = plant.tick(count)
            up = 2100 <= count < 2120
            commands.values[product], commands.values[lift] = 1.0, 50e-6 if up else 0.0
            truth[place] = truth[reference] + (moved if up else 0.0)
            truth[reference] += 50e-6 if up else 0.0
            recorder.tick(count * synthetic.TICK, commands, readings, truth, EXECUTE)
        recorder.close()
        run = open_run(tmp_path / name)
        lamination = nip_gaps(run, run.json_or_empty("setup.json"))[-1]
        assert lamination.within_pct == pytest.approx(100.0 if moved else 95.0, abs=0.3)


def test_a_gap_that_is_half_the_time_out_and_its_tilt(tmp_path):
    recorder, plant = synthetic.record(tmp_path / "run", 0.0, lanes=20)
    place = plant.tables.truth.slice("lamination/loaded_gap")
    reference = plant.tables.truth.slice("lamination/gap_reference")
    product = plant.tables.commands.slice("winder/product")
    for count in range(2000, 2400):
        commands, readings, truth = plant.tick(count)
        commands.values[product] = 1.0
        truth[place] = truth[reference] + (1.2e-6 if count % 2 else 0.0)
        recorder.tick(count * synthetic.TICK, commands, readings, truth, EXECUTE)
    recorder.close()
    run = open_run(tmp_path / "run")
    lamination = nip_gaps(run, run.json_or_empty("setup.json"))[-1]
    assert lamination.within_pct == pytest.approx(50.0, abs=1.0)
    assert lamination.p99_7_abs_error_um == pytest.approx(1.2, abs=0.1)
    assert lamination.tilt_within_pct is None, "its tilt is not on record"
