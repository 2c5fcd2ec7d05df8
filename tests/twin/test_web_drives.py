"""Unwinder and winder of the twin on their own: web given is web taken, tension, once a turn, splices."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dryline.kernel import from_python
from dryline.line.disturbances import Disturbances
from dryline.line.load import load_line
from dryline.twin.web_drives import WINDER, WebDrives, load_rolls, unwind, web_drive_fields, wind_up

QUIET = Disturbances.none()
WIDTH = 1.0


def drives(d=QUIET, settings=()):
    line = load_line("lfp-cathode", settings=list(settings)).line
    found = WebDrives(*(np.zeros(shape, dtype) for shape, dtype in web_drive_fields(line).values()))
    load_rolls(line, d, found)
    return line, found


def pull(found, speeds, wanted=100.0, change=lambda n: False):
    """Run the unwinder at the speeds of ticks; rows (tension, dancer, left), tape thickness of every tick."""
    rows, tape = [], []
    for n, speed in enumerate(speeds):
        tape.append(unwind(found.unwinder, wanted, change(n), False, speed))
        row = found.unwinder[0]
        rows.append((row["tension"], row["dancer"], row["left"]))
    return np.array(rows), np.array(tape)


def ramp(ticks, end=1.0, rate=2.5 / 60):
    return np.minimum(rate * 0.1 * np.arange(1, ticks + 1), end)


def test_what_the_roll_gives_is_what_the_line_and_the_dancer_take():
    _, found = drives(Disturbances())
    speeds = ramp(1200)
    rows, _ = pull(found, speeds)
    taken = 0.1 * (0.5 * (speeds + np.concatenate(([0.0], speeds[:-1])))).sum()
    assert 8000.0 - rows[-1, 2] + 2.0 * rows[-1, 1] == pytest.approx(taken, abs=1e-9)


def test_the_tension_is_held_on_ramp_and_at_speed():
    _, found = drives()
    rows, _ = pull(found, ramp(1200))
    assert np.abs(rows[:, 0] - 100.0).max() < 2.0 and np.abs(rows[:, 1]).max() < 0.01
    assert rows[-1, 0] == pytest.approx(100.0, abs=0.01)
    rows, _ = pull(found, np.full(600, 1.0), wanted=60.0)
    assert rows[-1, 0] == pytest.approx(60.0, abs=0.05)


def test_an_out_of_round_roll_swings_the_tension_once_a_turn_of_the_roll():
    _, found = drives(Disturbances())
    pull(found, ramp(900))
    rows, _ = pull(found, np.full(2000, 1.0))
    swing = rows[:, 0] - rows[:, 0].mean()
    spectrum = np.abs(np.fft.rfft(swing * np.hanning(swing.size)))
    turn = 1.0 / (2.0 * math.pi * float(found.unwinder[0]["radius"]))
    assert np.fft.rfftfreq(swing.size, 0.1)[spectrum.argmax()] == pytest.approx(turn, rel=0.02)
    assert 0.0005 < swing.std() / 100.0 < 0.03


def test_the_radius_falls_with_the_foil_left():
    _, found = drives()
    before = float(found.unwinder[0]["radius"])
    pull(found, ramp(1500))
    row = found.unwinder[0]
    assert row["radius"] < before
    assert row["radius"] == pytest.approx(math.sqrt(0.0762**2 + row["left"] * 12e-6 / math.pi), rel=1e-5)


def test_a_splice_is_one_tape_under_the_lamination_and_a_transient_of_tension():
    _, found = drives()
    pull(found, ramp(900))
    rows, tape = pull(found, np.full(600, 1.0), change=lambda n: 10 <= n < 30)
    assert rows[:, 2].argmax() == 10 and rows[10, 2] > 7999.0, "joined once, however long it is told"
    assert set(np.round(tape, 9)) == {0.0, 50e-6}
    assert tape.nonzero()[0][[0, -1]] * 0.1 == pytest.approx([1.0 + 6.0, 1.0 + 6.4], abs=0.15)
    assert 105.0 < rows[:, 0].max() < 130.0 and rows[-1, 0] == pytest.approx(100.0, abs=0.5)


def test_a_broken_foil_has_no_tension_and_its_roll_stands():
    _, found = drives()
    pull(found, ramp(600))
    unwind(found.unwinder, 100.0, False, True, 0.5)
    row = found.unwinder[0]
    assert row["tension"] == 0.0 and row["turning"] == 0.0
    rows, _ = pull(found, ramp(600))
    assert rows[-1, 0] == pytest.approx(100.0, abs=0.05)


wound_up = from_python(wind_up)


def test_the_winder_pulls_the_web_and_turns_its_own_roll():
    row = np.zeros(1, WINDER)[0]
    row["core"], row["radius"], row["speed"] = 0.0762, 0.3, 1.0
    steady = wound_up(row, 120.0, False, 1.0, WIDTH, 2200.0)
    assert steady == pytest.approx(120.0 * WIDTH * 1.0 + 0.05 / 0.3**2)
    faster = wound_up(row, 120.0, False, 1.004, WIDTH, 2200.0)
    inertia = 2.0 + 0.5 * math.pi * 2200.0 * (0.3**4 - 0.0762**4)
    assert faster - steady == pytest.approx(120.0 * WIDTH * 0.004 + inertia * 0.04 / 0.09 * 1.004, rel=1e-3)
    assert wound_up(row, 120.0, True, 1.004, WIDTH, 2200.0) < 1.0 and row["tension"] == 0.0


def test_a_line_without_foil_has_no_unwinder():
    _, found = drives()
    assert unwind(found.unwinder[:0], 100.0, True, False, 1.0) == 0.0
