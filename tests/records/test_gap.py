import synthetic

from dryline.records.gap import making, nip_gaps, production
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
