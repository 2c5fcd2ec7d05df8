import numpy as np
import pytest
import synthetic

from dryline.line.web_record import Accounts
from dryline.records import accounts
from dryline.records.run_folder import open_run


def balance(fed, vapour, stored, product, trim, scrap, lost=0.0):
    opening = Accounts(np.zeros(1), np.zeros(1), np.full(1, 10.0), np.zeros(1))
    closing = Accounts(np.array([fed]), np.array([vapour]), np.array([10.0 + stored]), np.array([lost]))
    found = accounts.mass_balance(
        ("active",), opening, closing, np.array([product]), np.array([trim]), np.array([scrap])
    )
    return found[0]


def test_balance_by_hand():
    found = balance(fed=100.0, vapour=1.0, stored=4.0, product=80.0, trim=5.0, scrap=10.0)
    assert found.relative_error == pytest.approx(0.0, abs=1e-15)
    assert found.stored_change == pytest.approx(4.0)
    missing = balance(fed=100.0, vapour=1.0, stored=4.0, product=79.0, trim=5.0, scrap=10.0)
    assert missing.relative_error == pytest.approx(0.01)
    dust = balance(fed=100.0, vapour=1.0, stored=4.0, product=79.0, trim=5.0, scrap=10.0, lost=1.0)
    assert dust.relative_error == pytest.approx(0.0, abs=1e-15)


def test_nothing_fed_and_nothing_made_balances():
    assert balance(0.0, 0.0, 0.0, 0.0, 0.0, 0.0).relative_error == 0.0


def test_the_parquet_alone_closes_to_rounding(finished):
    balances = accounts.mass_balance_from_parquet(open_run(finished[0]))
    assert [found.component for found in balances] == ["active", "carbon", "ptfe", "water"]
    assert max(found.relative_error for found in balances) < 1e-12
    assert all(found.product > found.trim > 0.0 for found in balances)


def test_a_loss_of_a_millionth_shows(tmp_path):
    recorder, _ = synthetic.record(tmp_path / "run", 90.0, lanes=20, loss=1e-6)
    recorder.close()
    balances = accounts.mass_balance_from_parquet(open_run(tmp_path / "run"))
    for found in balances:
        wound = found.product + found.trim + found.scrap
        assert found.relative_error == pytest.approx(
            1e-6 * wound / max(found.fed, wound + found.vapour), rel=1e-3
        )


def test_accounts_hold_for_the_closed_part_of_a_killed_run(tmp_path):
    synthetic.record(tmp_path / "run", 75.0, lanes=20)
    run = open_run(tmp_path / "run")
    book = accounts.read(run)
    assert [row.time for row in book] == pytest.approx([0.0, 60.1], abs=0.11)
    assert max(found.relative_error for found in accounts.mass_balance_from_parquet(run)) < 1e-12


def test_a_run_without_accounts_has_no_balance(tmp_path):
    synthetic.record(tmp_path / "run", 1.0, lanes=20)
    assert accounts.mass_balance_from_parquet(open_run(tmp_path / "run")) == []
