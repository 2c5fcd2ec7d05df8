"""Recovery of solvent: nothing is lost on the way, and cooling is what heat exchanger and tower leave."""

from __future__ import annotations

import pytest

from dryline.process.drying import NMP, Dryer
from dryline.process.solvent_recovery import Recovery, account, chiller_power, cooling_duty

DRYER = Dryer(298.15, 393.15, 348.15, 0.0, 0.10, 0.85, 20.0)
RECOVERY = Recovery(0.99, 0.98, 285.15, 308.15, 4.0, 1.26e6)


def test_solvent_is_returned_emitted_or_residue():
    found = account(10.0, RECOVERY)
    assert sum(found) == pytest.approx(10.0, rel=1e-12)
    assert found == pytest.approx((9.702, 0.1, 0.198))


def test_the_chiller_cools_from_the_tower_to_the_condenser():
    """100 kg of air over 23 K, and the latent heat of 0.99 kg."""
    assert cooling_duty(NMP, DRYER, RECOVERY, 100.0, 1.0) == pytest.approx(100.0 * 1006.0 * 23.0 + 0.99 * 530e3)
    assert chiller_power(8e3, 4.0) == 2e3


def test_a_heat_exchanger_that_cools_deeper_than_the_tower_helps():
    deep = DRYER._replace(heat_recovery=0.95)
    assert cooling_duty(NMP, deep, RECOVERY, 100.0, 0.0) == pytest.approx(100.0 * 1006.0 * (393.15 - 0.95 * 95.0 - 285.15))


def test_air_that_is_cold_enough_needs_no_chiller():
    assert cooling_duty(NMP, DRYER, RECOVERY._replace(tower=283.15), 100.0, 0.0) == 0.0
