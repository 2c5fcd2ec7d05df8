"""What bounded the loops: counted look by look, written with every segment, shown in the report."""

from __future__ import annotations

import pytest

from dryline.records import loop_limits
from dryline.records.loop_limits import LIMITS, LoopBook
from dryline.records.report.plant import loops
from dryline.records.run_folder import RunFolder


@pytest.fixture
def folder(tmp_path):
    return RunFolder.create(tmp_path / "run", seed=1, command_line=(), inputs={}, order={}, truth=False)


def test_shares_are_those_of_the_looks_at_each_loop(folder):
    book = LoopBook()
    for k in range(10):
        book.note([("areal mass A", "delay" if k < 6 else "noise"), ("line speed", "range" if k == 0 else "")])
    book.note([("areal mass A", "held")])
    book.flush(folder)
    areal, speed = loop_limits.read(folder)
    assert (areal.name, areal.looks, areal.active) == ("areal mass A", 11, "delay")
    assert [areal.shares[name] for name in LIMITS] == pytest.approx([6 / 11, 4 / 11, 0.0, 1 / 11, 0.0])
    assert speed.looks == 10 and speed.shares["range"] == pytest.approx(0.1) and speed.active == "range"


def test_a_loop_that_nothing_bounds_says_so_and_a_run_without_looks_has_no_file(folder):
    LoopBook().flush(folder)
    assert not (folder.path / loop_limits.FILE).exists() and loop_limits.read(folder) == []
    book = LoopBook()
    book.note([("jacket", "")])
    book.flush(folder)
    assert loop_limits.read(folder)[0].active == ""
    page = loops(loop_limits.read(folder))
    assert "jacket" in page and "What bounded each loop" in page


def test_a_later_flush_replaces_the_earlier_one(folder):
    book = LoopBook()
    for _ in range(3):
        book.note([("tilt", "noise")])
        book.flush(folder)
    assert [one.looks for one in loop_limits.read(folder)] == [3]
