"""Growth of the rolls and zeroing of the gaps: warm rolls close a gap, the drive takes it out, a zero holds what was then."""

from __future__ import annotations

import numpy as np
import pytest
from tests.twin.held import held

from dryline.line.load import load_line
from dryline.line.machine import Commands
from dryline.mechanics.thermal import growth
from dryline.setup.operating_point import set_up
from dryline.twin.machine import TwinMachine

PLAIN = ["web.lanes=10", "stations.lamination.gaugemeter=0", "stations.lamination.thermal_time=5 s",
         "utilities.roll_heating.power=10 MW"]  # fmt: skip
LAST = -1


class Ran:
    """An LFP line without disturbances (but those that are left) that has run at its set-up for half a minute."""

    def __init__(self, *settings, d=None, seconds=30.0, **commands):
        loaded = load_line("lfp-cathode", disturbances="none", settings=[*PLAIN, *settings])
        setup = set_up(loaded.line, loaded.recipe)
        self.line = loaded.line
        self.machine = TwinMachine(loaded.line, loaded.recipe, setup, d or loaded.disturbances, 1)
        self.values = held(self.machine, loaded, setup)
        self.go(seconds, **commands)

    def go(self, seconds, **commands):
        for name, value in commands.items():
            self.values[self.machine.commands.index(f"lamination/{name}")] = value
        for n in range(round(10 * seconds)):
            self.machine.exchange(Commands(n, self.values))
            self.machine.finished_web()
        return self

    @property
    def chock(self):
        return float(self.machine.twin.nips["axis"][LAST, :, 0].mean())

    @property
    def grown(self):
        return float(self.machine.heat.grown()[LAST])


@pytest.mark.parametrize("warmer", [4.0, -4.0])
def test_warm_rolls_close_the_gap_and_cold_ones_open_it(warmer):
    """With the nip open and the chocks still, the gap that the mechanics settle to moves by -alpha D dT."""
    ran = Ran("stations.lamination.oppose_growth=false", open=1.0)
    before, chock = float(ran.machine.twin.base[LAST].mean()), ran.chock
    index = ran.machine.commands.index("lamination/roll_temperature")
    ran.go(40.0, roll_temperature=ran.values[index] + warmer)
    moved = float(ran.machine.twin.base[LAST].mean()) - before
    assert moved == pytest.approx(-growth(ran.line.nips[LAST].roll_diameter, warmer), rel=0.01)
    assert ran.chock == pytest.approx(chock, abs=1e-9)


@pytest.mark.parametrize(("opposes", "left"), [("true", 0.02), ("false", 1.0)])
def test_the_drive_takes_growth_out_by_the_temperature_of_the_rolls(opposes, left):
    ran = Ran(f"stations.lamination.oppose_growth={opposes}", open=1.0)
    chock, index = ran.chock, ran.machine.commands.index("lamination/roll_temperature")
    ran.go(200.0, roll_temperature=ran.values[index] + 4.0)
    assert ran.grown - (ran.chock - chock) == pytest.approx(left * ran.grown, abs=0.02 * ran.grown)


def test_zeroing_takes_growth_into_the_zero_and_draws_a_new_error():
    d = load_line("lfp-cathode").disturbances
    quiet = load_line("lfp-cathode", disturbances="none").disturbances
    ran = Ran("stations.lamination.oppose_growth=false", d=quiet.model_copy(update={"gap_sensors": d.gap_sensors}), open=1.0)
    index, twin = ran.machine.commands.index("lamination/roll_temperature"), ran.machine.twin
    ran.go(40.0, roll_temperature=ran.values[index] + 4.0)
    before = twin.rolls["position_offset"][LAST].copy()
    assert ran.grown > 5e-6 and twin.nip_in["lift"][LAST] == pytest.approx(0.0, abs=1e-12)
    ran.go(1.0, zero=1.0)
    after = twin.rolls["position_offset"][LAST].copy()
    assert np.abs(after - before).min() > 0.0 and np.abs(after).max() <= d.gap_sensors.offset
    assert twin.nip_in["lift"][LAST] == pytest.approx(ran.grown, rel=1e-3)
    ran.go(1.0)
    assert twin.rolls["position_offset"][LAST] == pytest.approx(after), "zeroed once, however long it is told"
    ran.go(1.0, zero=0.0).go(1.0, zero=1.0)
    assert np.abs(twin.rolls["position_offset"][LAST] - after).min() > 0.0


def test_a_nip_that_is_not_open_keeps_its_zero():
    ran = Ran(seconds=5.0)
    ran.go(1.0, zero=1.0)
    assert ran.machine._zero.state["count"][LAST] == 0


def test_a_restored_machine_takes_the_next_zeroing():
    ran = Ran(seconds=2.0, open=1.0)
    ran.go(0.2, zero=1.0)
    snapshot = ran.machine.snapshot()
    ran.go(0.5, zero=0.0)
    ran.machine.restore(snapshot)
    ran.go(0.2, zero=0.0).go(0.2, zero=1.0)
    assert ran.machine._zero.state["count"][LAST] == 2
