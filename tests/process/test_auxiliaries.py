"""Motors, chillers and compressors."""

from __future__ import annotations

import pytest

from dryline.process.auxiliaries import chiller_power, conveying_work, motor_power, shaft_power
from dryline.process.thinning import rolling_power


def test_a_nip_of_the_energy_model_by_hand():
    """1 MN with a lever arm of 6 mm on rolls of 0.35 m radius at 60 m/min: 34 kW at the film, 47 kW of electricity."""
    R = 0.35
    reduction = (6e-3 / 0.45) ** 2 / R
    rolling = rolling_power(1e6, R, reduction, 1.0)
    assert rolling == pytest.approx(2.0 * 1e6 * 6e-3 / R)
    assert motor_power(shaft_power(rolling, 0.0, 0.25), 0.92) == pytest.approx(46.6e3, rel=1e-3)
    assert shaft_power(rolling, 1000.0, 0.25) == pytest.approx(1.25 * rolling + 1000.0)
    assert rolling_power(1e6, R, reduction, 0.0) == 0.0


def test_conveying_and_chilling():
    assert conveying_work(0.092, 390e3) == pytest.approx(10.0 * 3600.0, rel=0.01), "10 Wh/kg"
    assert chiller_power(57e3, 3.0) == pytest.approx(19e3) and chiller_power(-1.0, 3.0) == 0.0
