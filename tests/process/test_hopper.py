"""Surge hopper: what is taken, and means of what mass carries."""

from __future__ import annotations

import pytest

from dryline.process.hopper import carried_mean, drawn_share


def test_the_hopper_gives_what_is_asked_for_or_what_it_has() -> None:
    assert drawn_share(50.0, 5.0) == (pytest.approx(0.1), 0.0)
    assert drawn_share(5.0, 5.0) == (1.0, 0.0)
    assert drawn_share(4.0, 5.0) == (1.0, 1.0)
    assert drawn_share(0.0, 0.0) == (0.0, 0.0)
    assert drawn_share(0.0, 1.0) == (1.0, 1.0)


def test_a_mean_of_nothing_stays_what_it_was() -> None:
    assert carried_mean(3.0, 2.0, 9.0) == 1.5
    assert carried_mean(0.0, 0.0, 9.0) == 9.0


def test_mixing_averages_by_mass() -> None:
    mass, carried = 0.0, 0.0
    for portion, value in ((1.0, 0.05), (3.0, -0.01)):
        mass, carried = mass + portion, carried + portion * value
    assert carried_mean(carried, mass, 0.0) == pytest.approx(0.005)
