"""One compile serves every line: widths, lanes, numbers of nips and topologies from line files alone.

Without disturbances the web must come out as the set-up computes it, whatever the line is made of.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import yaml
from tests.twin.held import held
from tests.twin.line_files import both, line_file

from dryline.control.loop import run
from dryline.line.clock import VirtualClock
from dryline.line.load import DATA, load_line
from dryline.line.machine import Commands
from dryline.process.press_fit import heckel_density
from dryline.session import prepare
from dryline.setup.operating_point import set_up
from dryline.twin.powder_state import DELIVERED, LOST, RETURNED, C
from dryline.twin.state import ALIGNED, COMPONENTS

STARTED = 240.0
"""Plant time [s] after which a controlled line has threaded, ramped up and made some metres at its speed."""


def compiled():
    """Number of compiled versions of every kernel and law that the package has loaded."""
    found = {}
    for name, module in list(sys.modules.items()):
        if name.startswith("dryline"):
            for made in vars(module).values():
                if hasattr(made, "signatures") and hasattr(made, "py_func"):
                    found[f"{made.py_func.__module__}.{made.py_func.__qualname__} {id(made)}"] = len(made.signatures)
    return found


@pytest.fixture(scope="module", autouse=True)
def first():
    """What the first line has compiled; every other test finds that its own line added nothing to it."""
    made(load_line("lfp-cathode", disturbances="none", settings=["web.lanes=20"]), 5)
    made(load_line("lfp-cathode", disturbances="none", settings=["web.lanes=20"]), 5, controlled=True)
    return compiled()


@pytest.fixture(autouse=True)
def nothing_new(first):
    yield
    more = {name: count for name, count in compiled().items() if count > max(first.get(name, 0), 1)}
    assert not more


@dataclass
class Run:
    loaded: Any
    setup: Any
    machine: Any
    readings: Any
    imbalance: float
    web: Any
    """Last finished metres."""

    @property
    def speed(self):
        return float(self.machine.twin.line["speed"][0])

    def reads(self, path):
        return self.readings.values[self.machine.readings.slice(path)]


CLOSING = 30
"""Ticks at rest before a line is brought to its speed."""


def at_its_set_up(machine, loaded, setup, seconds):
    """Readings of every tick under commands that hold the set-up; the nips close before the line moves."""
    values, speed = held(machine, loaded, setup), machine.commands.index("line/speed")
    for n in range(CLOSING + round(10 * seconds)):
        values[speed] = setup.speed if n >= CLOSING else 0.0
        yield machine.exchange(Commands(n, values))


def made(loaded, seconds=50.0, controlled=False):
    """Run a line from standstill, held at its set-up or under control; what it is and made then."""
    setup = set_up(loaded.line, loaded.recipe)
    session = prepare(loaded, setup)
    machine = session.machine
    opened, out, web, last = machine.accounts(), np.zeros(len(COMPONENTS)), None, None
    steps = run(machine, session.controller, VirtualClock(), ticks=round(10 * seconds))
    ticks = (step.readings for step in steps) if controlled else at_its_set_up(machine, loaded, setup, seconds)
    for readings in ticks:
        last, batch = readings, machine.finished_web()
        if batch is not None:
            out += batch.kept_kg.sum(axis=0) + batch.trim_kg.sum(axis=0)
            web = batch
    closed = machine.accounts()
    fed, lost = closed.fed - opened.fed, closed.lost - opened.lost
    error = fed - (closed.vapour - opened.vapour) - (closed.stored - opened.stored) - lost - out
    worst = float(np.abs(error / np.maximum(fed, 1e-12))[fed > 0.0].max())
    return Run(loaded, setup, machine, last, worst, web)


def as_set_up(found):
    """Assert that mass closes and that gauges, nips and wound web are as the set-up says."""
    line, setup, machine = found.loaded.line, found.setup, found.machine
    assert found.imbalance < 1e-9
    assert found.speed == pytest.approx(setup.speed, rel=1e-3) and found.web is not None
    for k, nip in enumerate(setup.nips):
        assert machine.twin.nips["force"][k] == pytest.approx(nip.force, rel=3e-3), nip.name
        foil = sum(unwinder.thickness for unwinder in line.of_kind("foil_unwinder")) if nip.side == "AB" else 0.0
        assert machine.twin.nips["gap"][k] + foil == pytest.approx(nip.loaded_gap, abs=0.05e-6), nip.name
    for gauge in line.of_kind("film_gauge"):
        assert found.reads(f"{gauge.name}/thickness") == pytest.approx(setup.film_thickness, rel=3e-4)
        last = [nip for nip in setup.nips if nip.side == gauge.side][-1]
        mass = found.reads(f"{gauge.name}/areal_mass")
        assert mass == pytest.approx(last.areal_mass_out, rel=5e-4)
    assert found.reads("thickness_gauge/thickness") == pytest.approx(setup.gauge_thickness, rel=3e-4)
    web = found.web
    areal, width = web.areal_mass_a[-1] + web.areal_mass_b[-1], line.web.kept_width
    assert areal == pytest.approx(setup.areal_mass, rel=5e-4)
    assert web.kept_kg[-1].sum() == pytest.approx(setup.areal_mass * width * web.length[-1], rel=5e-4)
    assert (web.areal_mass_b[-1] > 0.0).all() == (len(line.sides) == 2)
    assert web.thickness[-1] == pytest.approx(setup.thickness, rel=3e-4)
    assert web.porosity[-1] == pytest.approx(setup.porosity, abs=3e-4)


WIDTHS = {"300 mm": ("300 mm", "280 mm"), "600 mm": ("600 mm", "560 mm"), "1000 mm": ("1000 mm", "945 mm")}


@pytest.mark.parametrize("width", WIDTHS)
def test_one_recipe_on_lines_of_any_width(width, tmp_path):
    film, kept = WIDTHS[width]
    found = made(load_line(line_file(tmp_path, web={"film_width": film, "kept_width": kept}), disturbances="none"))
    as_set_up(found)
    assert found.setup.nips[2].line_load == pytest.approx(set_up(*lfp()).nips[2].line_load, rel=0.02)


def lfp():
    loaded = load_line("lfp-cathode")
    return loaded.line, loaded.recipe


@pytest.mark.parametrize("lanes", [1, 50, 200, 1000])
def test_any_number_of_lanes_makes_the_same_electrode(lanes):
    found = made(load_line("lfp-cathode", disturbances="none", settings=[f"web.lanes={lanes}"]))
    as_set_up(found)
    assert found.web.areal_mass_a.shape[1] == (1 if lanes == 1 else {50: 48, 200: 190, 1000: 950}[lanes])


STEPS = {0: (), 1: (0.37,), 2: (0.40, 0.35), 3: (0.42, 0.38, 0.34), 4: (0.43, 0.40, 0.37, 0.34)}


@pytest.mark.parametrize("nips", STEPS)
def test_any_number_of_thinning_nips(nips, tmp_path):
    found = made(load_line(line_file(tmp_path, thinning=STEPS[nips]), disturbances="none"))
    as_set_up(found)
    assert len(found.setup.nips) == 2 * (1 + nips) + 1


CARRIER = {"carrier": True, "thickness": "50 um", "density": "1380 kg/m**3", "modulus": "4 GPa"}
LIGHT = {"mode": "force", "line_load": "60 N/mm", "elongation": 1.0}
TOPOLOGIES = {
    "one side": {"sides": "A"},
    "free film": {"sides": "A", "thinning": (0.40, 0.35, 0.31), "laminated": False},
    "film on a carrier": {
        "sides": "A", "thinning": (0.40, 0.35, 0.31),
        "change": {"unwinder": CARRIER, "lamination": LIGHT | {"line_load": "3 N/mm"}},
    },
    "laminate, then densify": {"change": {"lamination": LIGHT}, "calender": (0.3,)},
    "laminate, then densify twice": {"change": {"lamination": LIGHT}, "calender": (0.33, 0.3)},
    "densify, then laminate": {"thinning": (0.40, 0.35, 0.31), "change": {"lamination": LIGHT}},
    "four-high": {"change": {"lamination": {"roll_diameter": "400 mm", "backing_diameter": "900 mm"}}},
    "wedge stop": {"change": {"lamination": {"preload": "1.5 MN", "wedge_stop": True}}},
}  # fmt: skip


@pytest.mark.parametrize("name", TOPOLOGIES)
def test_topologies_are_files(name, tmp_path):
    found = made(load_line(line_file(tmp_path, **TOPOLOGIES[name]), disturbances="none"))
    as_set_up(found)
    loads = {nip.name: nip.line_load for nip in found.setup.nips}
    if name == "densify, then laminate":
        assert loads["thinning_nip_a3"] > 5.0 * loads["lamination"]
    if name.startswith("laminate"):
        assert loads["calender_1"] > 3.0 * loads["lamination"]
    assert (found.web.peel_strength is None) == (name in ("free film", "film on a carrier"))


CONTROLLED = ("free film", "film on a carrier", "laminate, then densify", "densify, then laminate")


@pytest.mark.parametrize("name", CONTROLLED)
def test_control_starts_any_topology(name, tmp_path):
    """Threaded, ramped and on target, as far as the powder that cooled while the line was threaded lets it be."""
    found = made(load_line(line_file(tmp_path, **TOPOLOGIES[name]), disturbances="none"), STARTED, controlled=True)
    setup, web = found.setup, found.web
    assert found.imbalance < 1e-9
    assert found.speed == pytest.approx(setup.speed, rel=1e-3)
    assert web.areal_mass_a[-1] + web.areal_mass_b[-1] == pytest.approx(setup.areal_mass, rel=5e-3)
    assert web.thickness[-1] == pytest.approx(setup.thickness, rel=3e-3)
    assert web.porosity[-1] == pytest.approx(setup.porosity, abs=4e-3)
    assert found.reads("gauge_a/thickness") == pytest.approx(setup.film_thickness, rel=3e-3)


def test_a_wedge_under_preload_makes_the_stand_stiffer(tmp_path):
    plain = load_line(line_file(tmp_path))
    held_up = load_line(line_file(tmp_path, **TOPOLOGIES["wedge stop"]))
    one, two = (set_up(loaded.line, loaded.recipe).nips[-1] for loaded in (plain, held_up))
    assert two.gap_transfer > 1.5 * one.gap_transfer and two.contact_margin > one.contact_margin + 10e-6


def test_a_flooded_line():
    found = made(load_line("lfp-flooded", disturbances="none", settings=["web.lanes=20"]))
    as_set_up(found)
    assert found.reads("metering_a/bed_level")[0] == pytest.approx(0.7, abs=0.15)


def table_recipe(folder):
    """The LFP recipe with a table of Heckel's curve in place of its law."""
    values = yaml.safe_load((DATA / "recipes" / "lfp-cathode.yaml").read_text())
    pressure = np.geomspace(0.05e6, 400e6, 60)
    density = heckel_density(pressure, 300e6, 0.50, 12.0)
    c = values["compaction"]
    values["compaction"] = {
        "law": "table", "temperature": c["temperature"], "E_el": c["E_el"], "factor": [1.0, 0.75],
        "density": [float(x) for x in density], "pressure": [f"{x!r} Pa" for x in pressure.tolist()],
    }  # fmt: skip
    path = folder / "table.yaml"
    path.write_text(yaml.safe_dump(values, sort_keys=False))
    return path


def test_a_table_in_place_of_the_compaction_law(tmp_path):
    found = made(load_line(line_file(tmp_path, recipe=table_recipe(tmp_path).name), disturbances="none"))
    as_set_up(found)
    assert (found.machine.twin.nip_in["virgin"][:, 5] < 0.0).all()


def test_a_speed_differential_shears_the_film(tmp_path):
    """It raises the load-bearing fibrils and their alignment, and with it the strength along over that across the web."""
    fast = both("thinning_nip_1", speed_differential=1.3)
    films = {}
    for name, change in (("even", {}), ("shear", fast)):
        found = films[name] = made(load_line(line_file(tmp_path, change=change), disturbances="none"))
        as_set_up(found)
    (even, _), (sheared, cell) = ((film, wound_cell(film)) for film in films.values())
    fibrils = [wound_cell(film)["fibril"][1] for film in films.values()]
    assert fibrils[1] > fibrils[0] + 0.02
    a_o = cell["film"][ALIGNED]
    assert a_o > wound_cell(even)["film"][ALIGNED] + 0.2
    ratio = sheared.web.strength[-1] / sheared.web.strength_cd[-1]
    assert ratio == pytest.approx((1.0 + 0.5 * a_o) / (1.0 - 0.5 * a_o), rel=1e-3)
    assert (ratio > 1.3 * even.web.strength[-1] / even.web.strength_cd[-1]).all()
    assert (sheared.web.strength[-1] > even.web.strength[-1]).all()
    assert sheared.setup.nips[1].shear_work == pytest.approx(sheared.machine.twin.nip_in["work"][1], rel=0.05)


def wound_cell(found):
    """The cell that is wound just now."""
    twin, c = found.machine.twin, found.machine.layout.electrode
    chain = twin.chains[c]
    n = int(twin.clocks["ticks"][c]) - 2 - int(chain["wind"])
    return twin.cells[int(chain["track"][0]) + n % int(chain["ring"])]


@pytest.mark.parametrize("kept", [950, 800])
def test_film_knives_return_what_they_cut(kept):
    """At rest the share beyond the kept width goes back, less dust; granulator, silo and feeder account for all of it."""
    settings = ["web.lanes=20", f"web.kept_width={kept} mm", "stations.feeder_recycle.share=5 %"]
    loaded = load_line("lfp-cathode", disturbances="none", settings=settings)
    setup = set_up(loaded.line, loaded.recipe)
    machine = prepare(loaded, setup).machine
    values = held(machine, loaded, setup)
    at = next(n for n, feeder in enumerate(loaded.line.feeders) if feeder.component == "recycle")

    def books():
        powder = machine.powder
        sums = powder.powder_account[:, :C].sum(axis=1)
        return sums, powder.powder_regrind[:, :C].sum(), powder.powder_feeder[DELIVERED, at]

    for n in range(300):
        machine.exchange(Commands(n, values))
    before, stored, given = books()
    ran = 200
    for n in range(ran):
        machine.exchange(Commands(n, values))
    after, now, out = books()
    returned, lost = (after - before)[[RETURNED, LOST]]
    flow = setup.areal_mass * loaded.line.web.film_width * setup.speed * 0.1 * ran
    assert returned == pytest.approx((1.0 - kept / 1000.0) * flow, rel=1e-3)
    assert lost == pytest.approx(loaded.line.station("granulator").dust_loss * returned, rel=1e-9)
    assert now - stored == pytest.approx(returned - lost - (out - given), rel=1e-9, abs=1e-9)
    machine.finished_web()
