"""Hydraulic gap servo of a rolling mill: Math. Probl. Eng. 2020, 3467213, table 1."""

from __future__ import annotations

import pytest

from dryline.mechanics import hydraulics
from dryline.twin.layout import AXES

AREA, VOLUME, BULK, MASS = 0.1256, 3.768e-3, 7e8, 1500.0
LOAD, FRICTION = 2.5e9, 2.25e6


def oil():
    return hydraulics.oil_spring(BULK, AREA, VOLUME)


def test_oil_spring_of_the_published_cylinder():
    assert VOLUME / AREA * 1e3 == pytest.approx(30.0, abs=0.05)
    assert oil() == pytest.approx(2.93e9, rel=0.002)


def test_natural_frequencies_and_damping_of_the_published_cylinder():
    assert hydraulics.natural_frequency(oil(), MASS) == pytest.approx(222.0, abs=0.6)
    assert hydraulics.natural_frequency(oil() + LOAD, MASS) == pytest.approx(303.0, abs=0.6)
    assert hydraulics.damping_ratio(FRICTION, oil() + LOAD, MASS) == pytest.approx(0.39, abs=0.005)


def test_hydraulic_axis_stays_a_decade_below_its_oil():
    """A servo of second order is fair as long as the oil's resonance is far above its bandwidth."""
    assert AXES["hydraulic"][0] < 0.1 * hydraulics.natural_frequency(oil(), MASS)
