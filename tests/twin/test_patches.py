"""Patches of the wound web against the same web put together cell by cell in NumPy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from tests.twin.held import held
from tests.twin.line_files import line_file

from dryline.line.load import load_line
from dryline.line.machine import Commands
from dryline.line.patches import patches_of
from dryline.line.web_record import joined
from dryline.session import prepare
from dryline.setup.operating_point import set_up
from dryline.twin.patches import MEAN, SQUARE, parts_of
from dryline.twin.state import PATCH_ROW
from dryline.twin.wound import weigh_open_row


@dataclass
class Wound:
    """Lanes of every cell as it was wound (side, cell, lane) [kg], lengths of the cells [m], and what was handed over."""

    line: object
    cells: np.ndarray
    lengths: np.ndarray
    web: object

    def by_row(self):
        """Areal mass of A, B and both on every row of patches (3, row, column and all), and lengths of the rows."""
        web = self.line.web
        patches = patches_of(web.kept_width, web.patch_length, web.patch_width)
        along = np.concatenate(([0.0], np.cumsum(self.lengths)))
        count = int(np.ceil(along[-1] / patches.length - 1e-7))
        rows = np.minimum(np.arange(count + 1) * patches.length, along[-1])
        summed = np.concatenate((np.zeros((2, 1, self.cells.shape[2])), np.cumsum(self.cells, axis=1)), axis=1)
        lanes = np.stack([np.diff([np.interp(rows, along, s) for s in side.T], axis=1).T for side in summed])
        # mass left of every edge of the kept width
        half = 0.5 * web.kept_width
        edges = np.clip(np.linspace(-0.5, 0.5, web.lanes + 1) * web.film_width, -half, half)
        left = np.concatenate((np.zeros((2, count, 1)), np.cumsum(lanes, axis=2)), axis=2)
        mass = np.diff([[np.interp(patches.edges, edges, row) for row in side] for side in left], axis=2)
        mass = np.concatenate((mass, mass.sum(axis=2, keepdims=True)), axis=2)
        area = np.diff(rows)[:, None] * np.append(patches.widths, web.kept_width)
        areal = mass / area
        return np.concatenate((areal, areal.sum(axis=0, keepdims=True))), np.diff(rows)


def wound(loaded, seconds=30.0):
    setup = set_up(loaded.line, loaded.recipe)
    machine = prepare(loaded, setup).machine
    values, twin = held(machine, loaded, setup), machine.twin
    chain = twin.chains[machine.layout.electrode]
    clock, batches, cells, lengths, seen = twin.clocks[machine.layout.electrode], [], [], [], 0
    for n in range(round(10 * seconds)):
        machine.exchange(Commands(n, values))
        now = int(clock["ticks"]) - int(chain["wind"])
        for cell in range(seen, now):
            rows = [int(base) + cell % int(chain["ring"]) for base in chain["track"] if base >= 0]
            found = np.zeros((2, twin.mass.shape[1]))
            found[: len(rows)] = twin.mass[rows]
            cells.append(found)
            lengths.append(float(twin.cells[rows[0]]["length"]))
        seen = max(now, seen)
        batch = machine.finished_web()
        batches += [] if batch is None else [batch]
    last = machine.finished_web(last=True)
    batches += [] if last is None else [last]
    assert machine.finished_web(last=True) is None and not twin.patch_lanes.any()
    return Wound(loaded.line, np.moveaxis(np.array(cells), 0, 1), np.array(lengths), joined(batches))


LINES = {
    "reference": {},
    "200 lanes": {"settings": ["web.lanes=200"]},
    "one lane": {"settings": ["web.lanes=1"]},
    "lanes as wide as patches": {"settings": ["web.lanes=50"]},
    "patches of 100 mm by 150 mm": {"settings": ["web.patch_length=100 mm", "web.patch_width=150 mm"]},
    "patches shorter than a cell": {"settings": ["web.patch_length=2 mm", "web.patch_width=2 m"]},
    "one side": {"file": {"sides": "A"}},
    "free film": {"file": {"sides": "A", "thinning": (0.40, 0.35, 0.31), "laminated": False}},
}


def loaded_of(name, folder, disturbances="reference"):
    given = LINES[name]
    source = line_file(folder, **given["file"]) if "file" in given else "lfp-cathode"
    settings = ["web.lanes=40"] if "file" not in given and "settings" not in given else given.get("settings", [])
    return load_line(source, disturbances=disturbances, settings=settings)


@pytest.fixture(scope="module", params=LINES)
def found(request, tmp_path_factory):
    return wound(loaded_of(request.param, tmp_path_factory.mktemp("line")))


def test_moments_are_those_of_the_web_cell_by_cell(found):
    web, (areal, lengths) = found.web, found.by_row()
    per_metre = round(1.0 / found.line.web.patch_length)
    assert web.length.size > 3 and web.length[-1] < 1.0
    assert lengths.sum() == pytest.approx(web.length.sum(), rel=1e-12)
    for n in range(web.length.size):
        rows, weight = areal[:, n * per_metre : (n + 1) * per_metre], lengths[n * per_metre : (n + 1) * per_metre]
        share = weight / weight.sum()
        mean = np.einsum("r,src->sc", share, rows)
        variance = np.einsum("r,src->sc", share, (rows - mean[:, None]) ** 2)
        np.testing.assert_allclose(web.patch_mass_a[n], mean[0, :-1], rtol=1e-9)
        np.testing.assert_allclose(web.patch_mass_b[n], mean[1, :-1], rtol=1e-9)
        for side, own in zip(("a", "b", "both"), variance, strict=True):
            small = 1e-16 * mean[2].max() ** 2
            np.testing.assert_allclose(getattr(web, f"patch_variance_{side}")[n], own[:-1], rtol=1e-6, atol=small)
            np.testing.assert_allclose(getattr(web, f"row_variance_{side}")[n], own[-1], rtol=1e-6, atol=small)
    assert (web.row_variance_both[-4:] > 0.0).all()


def test_the_patches_hold_the_kept_mass(found):
    web, own = found.web, found.line.web
    widths = patches_of(own.kept_width, own.patch_length, own.patch_width).widths
    on_patches = web.length * ((web.patch_mass_a + web.patch_mass_b) @ widths)
    np.testing.assert_allclose(on_patches, web.kept_kg.sum(axis=1), rtol=1e-12)
    assert web.patch_mass_b.any() == (len(found.line.sides) == 2)
    if len(found.line.sides) == 1:
        assert not web.patch_variance_b.any() and not web.row_variance_b.any()
        np.testing.assert_array_equal(web.patch_variance_both, web.patch_variance_a)


def test_a_constant_film_has_no_variance():
    """Rows of any length, the last one cut short; lanes that patches cut through."""
    parts, widths, patch = parts_of(load_line("lfp-cathode", settings=["web.lanes=37"]).line)
    row, columns, metres = np.zeros(1, PATCH_ROW), np.zeros((2, widths.size)), np.zeros((8, 3, 2, widths.size))
    per_lane = np.array([0.2, 0.3])[:, None] * np.clip(np.diff(np.clip(np.linspace(-0.5, 0.5, 38), -0.475, 0.475)), 0.0, None)
    for length in (*np.full(20, patch), *np.full(30, 0.7 * patch), 1e-3 * patch):
        row["length"] = length
        weigh_open_row(2, row, parts, widths, length * per_lane, columns, metres)
    np.testing.assert_allclose(metres[2, :, MEAN], np.array([0.2, 0.3, 0.5])[:, None] * np.ones(widths.size), rtol=1e-12)
    assert row["closed"][0] == pytest.approx((20 + 21 + 1e-3) * patch, rel=1e-12) and row["length"][0] == 0.0
    assert metres[2, :, SQUARE].max() / row["closed"][0] < 1e-28
    assert not metres[[0, 1, 3]].any()


def test_a_film_at_rest_has_next_to_no_variance():
    found = wound(load_line("lfp-cathode", disturbances="none", settings=["web.lanes=30"]), 50.0)
    web = found.web
    late = web.start > web.start[-1] - 4.0
    mean = float((web.patch_mass_a + web.patch_mass_b)[late].mean())
    # what is left is the last of the warming
    assert np.sqrt(web.patch_variance_both[late].max()) < 5e-5 * mean
    assert np.sqrt(web.row_variance_both[late].max()) < 5e-5 * mean
