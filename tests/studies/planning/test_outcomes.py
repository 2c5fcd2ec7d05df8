"""Savings with their bands and probabilities, and what a verdict says to them."""

from __future__ import annotations

import numpy as np
import pytest
from studies.planning.compared import compared

from dryline.studies.planning.answer_tables import rows_table, saving_table, verdicts
from dryline.studies.planning.outcomes import Pair, judged, share_of, spread


def test_a_saving_is_one_less_dry_over_wet():
    assert Pair(3.0, 4.0).saving == 0.25 and Pair(5.0, 4.0).saving == -0.25
    assert Pair(np.array([1.0, 2.0]), 4.0).saving.tolist() == [0.75, 0.5]


def test_spreads_and_shares():
    assert spread(np.arange(101.0)) == (5.0, 50.0, 95.0) and spread(7.0) == (7.0, 7.0, 7.0)
    assert share_of(np.array([True, False, False, True])) == 0.5 and share_of(True) == 1.0


def test_energy_must_be_above_the_claim_and_cost_at_least_there():
    exact = Pair(np.array([0.65, 0.64, 0.70, 0.20]), 1.0)
    assert judged("energy", Pair(0.5, 1.0), exact).probability == pytest.approx(0.5)
    cost = Pair(np.array([0.80, 0.76, 0.84, 0.90]), np.array([1.0, 1.0, 1.0, 1.0]))
    found = judged("cost", Pair(0.9, 1.0), cost)
    assert found.probability in (0.25, 0.5) and found.saving == pytest.approx(0.1)  # 1 - 0.80 may round to below 0.20
    assert found.about == pytest.approx(0.75)
    assert judged("energy", Pair(0.5, 1.0), exact).about is None


def test_percentiles_are_of_the_saving_not_of_its_parts():
    dry, wet = np.linspace(1.0, 2.0, 101), np.linspace(2.0, 4.0, 101)
    found = judged("energy", Pair(1.0, 2.0), Pair(dry, wet))
    assert found.band == pytest.approx((0.5, 0.5, 0.5)) and found.dry.p95 == pytest.approx(1.95)


def test_verdicts_name_claim_boundary_and_vintage():
    sentences = verdicts(compared())
    assert sentences[0].startswith("5 to 8 GWh a year on one line")
    assert len(sentences) == 1 + 3 + 4
    for sentence in sentences[1:]:
        for vintage in ("open exhaust 2016", "greet 2019", "best available 2025"):
            assert f"against {vintage} (" in sentence
        assert "sourced" in sentence and "estimates" in sentence


def test_tables_have_a_row_for_every_boundary_and_vintage():
    found = compared()
    assert len(saving_table(found, "energy").rows) == 3 * 4 and len(saving_table(found, "cost").rows) == 4 * 4
    table = rows_table(found)
    assert len(table.rows) == (3 + 4) * 2 * 4 and len(table.head) == len(table.rows[0])
    assert "CNY/kWh" in table.csv() and "kWh/kWh" in table.csv()
