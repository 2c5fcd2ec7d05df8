"""Delay lines in metres of web: exact at any speed, and what they forget."""

from __future__ import annotations

import numpy as np
import pytest

from dryline.control.delay_line import cells_for, send, send_row, sent, sent_row
from dryline.kernel import from_python

put, take, put_row, take_row = (from_python(law) for law in (send, sent, send_row, sent_row))
PITCH = 0.02


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_reading_finds_what_was_sent_with_its_web_whatever_the_speeds(seed):
    rng = np.random.default_rng(seed)
    ring = np.ones(cells_for(3.0, PITCH))
    begin = place = len(ring) * PITCH
    edges, values, found = [place], [], 0
    for _ in range(2000):
        metres = rng.uniform(0.001, 0.13) if rng.random() > 0.1 else 0.0
        if metres > 0.0:
            values.append(1.0 + 0.01 * rng.normal())
            put(ring, place, metres, values[-1], PITCH)
            place += metres
            edges.append(place)
        start = PITCH * int((place - 2.5) / PITCH)
        if start > begin:
            inside = np.clip(edges, start, start + 5 * PITCH)
            mean = np.diff(inside) @ values / (5 * PITCH)
            assert take(ring, start, 5 * PITCH, PITCH) == pytest.approx(mean, rel=1e-9)
            found += 1
    assert found > 1000


def test_whole_cells_are_kept_to_the_last_digit():
    ring = np.zeros(50)
    values = np.random.default_rng(4).normal(size=120)
    for n, value in enumerate(values):
        put(ring, n * 0.5, 0.25, value, 0.5)
        put(ring, n * 0.5 + 0.25, 0.25, value, 0.5)
    for n in range(80, 120):
        assert take(ring, n * 0.5, 0.5, 0.5) == pytest.approx(values[n], rel=1e-12)
        assert take(ring, n * 0.5 + 0.1, 0.0, 0.5) == pytest.approx(values[n], rel=1e-12)
    assert take(ring, 59.0, 1.0, 0.5) == pytest.approx(values[118:120].mean(), rel=1e-12)


def test_rows_are_many_lines_at_once():
    rng = np.random.default_rng(5)
    rows, single, place = np.zeros((40, 3)), np.zeros((3, 40)), 40 * 0.25
    out = np.empty(3)
    for _ in range(200):
        metres, values = rng.uniform(0.01, 0.4), rng.normal(size=3)
        put_row(rows, place, metres, values, 0.25)
        for n in range(3):
            put(single[n], place, metres, values[n], 0.25)
        place += metres
        take_row(rows, place - 6.1, 0.3, 0.25, out)
        assert out == pytest.approx([take(single[n], place - 6.1, 0.3, 0.25) for n in range(3)], rel=1e-12)


def test_a_ring_holds_its_reach_and_not_much_more():
    ring = np.zeros(cells_for(2.0, 0.1))
    for n in range(400):
        put(ring, n * 0.1, 0.1, float(n), 0.1)
    assert take(ring, 39.9 - 2.0, 0.1, 0.1) == pytest.approx(379.0, rel=1e-9)
    assert len(ring) == 24
