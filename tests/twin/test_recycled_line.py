"""Recycling on a whole line: its own edges come back, passes rise to r/(1-r), mass closes, the share has a cap and a limit."""

from __future__ import annotations

import numpy as np
import pytest
from tests.twin.held import held
from typer.testing import CliRunner

from dryline.commands.main import app
from dryline.line.disturbances import Disturbances
from dryline.line.load import load_line
from dryline.line.machine import Commands
from dryline.setup.operating_point import set_up
from dryline.twin.machine import TwinMachine
from dryline.twin.state import COMPONENTS

SHARES = (0.1, 0.2, 0.3)


def trimmed(share):
    """Settings of a line whose edges are the share that its recycle feeder brings."""
    return [
        "web.lanes=10", f"web.kept_width={1000.0 * (1.0 - share)} mm", f"stations.feeder_recycle.share={100.0 * share} %",
        "stations.feeder_recycle.feed_factor=0.05 kg", "stations.feeder_recycle.feed_factor_decay=2 kg",
        "stations.feeder_recycle.hopper_capacity=6 kg", "stations.feeder_recycle.refill_time=4 s",
        "stations.granulator.lag=60 s", "stations.mixer.hold_up=4 kg",
    ]  # fmt: skip


SMALL_SILO = ["stations.regrind_silo.level_low=5 %", "stations.regrind_silo.level_min=1 %"]
FULL = ["stations.regrind_silo.capacity=60 kg", "stations.regrind_silo.initial_level=50 %", *SMALL_SILO]

EMPTY = ["stations.regrind_silo.capacity=60 kg", "stations.regrind_silo.initial_level=0", *SMALL_SILO]


def recycled(share, seconds, silo):
    """Passes of the wound metres, the imbalance of the books and the twin behind them."""
    loaded = load_line("lfp-one-sided", disturbances="none", settings=[*trimmed(share), *silo])
    setup = set_up(loaded.line, loaded.recipe)
    machine = TwinMachine(loaded.line, loaded.recipe, setup, Disturbances.none(), 1)
    values = held(machine, loaded, setup)
    opened, out, passes = machine.accounts(), np.zeros(len(COMPONENTS)), []
    for n in range(round(10 * seconds)):
        machine.exchange(Commands(n, values))
        batch = machine.finished_web()
        if batch is not None:
            out += batch.kept_kg.sum(axis=0) + batch.trim_kg.sum(axis=0)
            passes += batch.passes.tolist()
    closed = machine.accounts()
    fed, lost = closed.fed - opened.fed, closed.lost - opened.lost
    error = fed - (closed.vapour - opened.vapour) - (closed.stored - opened.stored) - lost - out
    return np.array(passes), float(np.abs(error / np.maximum(fed, 1e-12))[fed > 0.0].max()), machine


@pytest.mark.parametrize("share", SHARES)
def test_a_line_that_has_recycled_for_hours_stays_at_its_passes(share):
    passes, imbalance, machine = recycled(share, 120, FULL)
    assert imbalance < 1e-9
    assert passes[20:] == pytest.approx(share / (1.0 - share), rel=0.01)
    recycled_now = machine.truth[machine.truth_tags.index("surge_hopper/recycled")]
    assert recycled_now == pytest.approx(share, rel=0.01)


@pytest.mark.parametrize("share", SHARES)
def test_a_line_that_begins_with_virgin_powder_rises_towards_its_passes(share):
    """The edges of the first film come back first; the silo begins empty, so the mean rises and stays below r/(1-r)."""
    passes, imbalance, _ = recycled(share, 900, EMPTY)
    assert imbalance < 1e-9
    final = share / (1.0 - share)
    means = passes[: passes.size // 6 * 6].reshape(6, -1).mean(axis=1)
    assert passes[:100].max() < 1e-6
    assert (np.diff(means) > 0.0).all()
    assert 0.5 * final < passes[-1] < 1.02 * final


def test_the_set_up_warns_above_the_cap_and_the_run_says_so(tmp_path):
    loaded = load_line("lfp-one-sided", settings=trimmed(0.25))
    (warning,) = set_up(loaded.line, loaded.recipe).warnings
    assert (warning.limit, warning.station, warning.value, warning.bound) == ("recycle", "feeder_recycle", 0.25, 0.2)
    chosen = [word for setting in trimmed(0.25) for word in ("--set", setting)]
    done = CliRunner().invoke(app, ["run", "lfp-one-sided", "--duration", "3s", "--out", str(tmp_path / "run"), *chosen])
    assert done.exit_code == 0, done.stderr
    assert "warning: recycle at feeder_recycle is 0.25 1 against 0.2 1" in done.stderr


def test_a_run_above_the_limit_is_refused_by_name(tmp_path):
    chosen = [word for setting in trimmed(0.35) for word in ("--set", setting)]
    done = CliRunner().invoke(app, ["run", "lfp-one-sided", "--duration", "3s", "--out", str(tmp_path / "run"), *chosen])
    assert done.exit_code == 1
    assert "the recycle limit binds at feeder_recycle: 0.35 1 against 0.3 1" in done.stderr
    assert "recycle_limit" in done.stderr and not (tmp_path / "run").exists()
