"""Drive and heat losses of calender rolls by hand."""

from __future__ import annotations

import math

import pytest

from dryline.process.roll_energy import nip_drive, roll_surface, surface_loss


def test_drive_of_one_nip():
    """1 MN on 6 mm at 1 m/s and R 0.35 m: 34.3 kW at the rolls, 46.6 kW with 25 % for bearings and a motor of 92 %."""
    assert nip_drive(1e6, 6e-3, 1.0, 0.35, 0.0, 1.0) == pytest.approx(34.29e3, rel=1e-3)
    assert nip_drive(1e6, 6e-3, 1.0, 0.35, 0.25, 0.92) == pytest.approx(46.58e3, rel=1e-3)


def test_surface_is_shell_and_two_ends():
    assert roll_surface(0.7, 1.2) == pytest.approx(math.pi * 0.7 * 1.2 + 2.0 * math.pi * 0.35**2)


def test_a_hot_roll_loses_by_convection_and_radiation():
    """At 120 °C in a hall of 25 °C: 15 x 95 W/m2 and 0.35 x 906 W/m2 of a black body."""
    assert surface_loss(1.0, 393.15, 298.15, 15.0, 0.35) == pytest.approx(1425.0 + 0.35 * 906.5, rel=1e-3)
    assert surface_loss(1.0, 298.15, 298.15, 15.0, 0.35) == 0.0
