"""The twin with a tabulated compaction law: it compiles once for every law, and presses as Heckel's law does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.twin.held import held

from dryline.line.disturbances import Disturbances
from dryline.line.load import load_line
from dryline.line.machine import Commands
from dryline.materials.recipe import Pressed
from dryline.process.press_fit import heckel_density
from dryline.setup.operating_point import set_up
from dryline.twin.kernels import advance_web
from dryline.twin.machine import TwinMachine
from dryline.twin.state import LOAD


def pressed(recipe, loaded):
    setup = set_up(loaded.line, recipe)
    machine = TwinMachine(loaded.line, recipe, setup, Disturbances.none(), 1)
    values = held(machine, loaded, setup)
    for n in range(150):
        readings = machine.exchange(Commands(n, values))
    return machine, readings


def test_a_table_of_heckels_curve_presses_like_it_in_the_same_kernel():
    loaded = load_line("lfp-cathode", settings=["web.lanes=20"])
    c = replace(loaded.recipe.compaction, eps_A=(0.50, 0.50))
    p = np.geomspace(0.05e6, 400e6, 60)
    law = Pressed(tuple(heckel_density(p, 300e6, 0.50, 12.0).tolist()), tuple((p / p[-1]).tolist()))
    table = replace(c, P_y=(float(p[-1]), 0.75 * float(p[-1])), eps_A=(0.0, 0.0), law=law)
    one, read = pressed(replace(loaded.recipe, compaction=c), loaded)
    compiled = len(advance_web.signatures)
    other, read_other = pressed(replace(loaded.recipe, compaction=table), loaded)
    assert len(advance_web.signatures) == compiled == 1
    assert (one.twin.nip_in["virgin"][:, 5] == 12.0).all() and (other.twin.nip_in["virgin"][:, 5] == -1.0).all()
    assert one.twin.nips["force"].min() > 10e3
    assert other.twin.nips["force"] == pytest.approx(one.twin.nips["force"], rel=0.01)
    assert other.twin.across[:, LOAD] == pytest.approx(one.twin.across[:, LOAD], rel=0.015)
    assert other.twin.memory[other.twin.mass > 0.0].max() == pytest.approx(one.twin.memory[one.twin.mass > 0.0].max(), rel=2e-3)
    assert other.twin.nips["residual"].max() < 20e-9 and other.twin.nips["iterations"].max() <= 4
    assert read_other.values == pytest.approx(read.values, rel=0.02, abs=1e-6)
