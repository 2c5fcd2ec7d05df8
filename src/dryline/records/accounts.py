"""Mass accounts of a run and the balance drawn up from them.

Five accounts that know nothing of each other: what the feeders let out, what left as vapour, what recycling
lost, what the hold-ups and the web contain, and what the roll map says was wound and trimmed. For every component

    in = product + trim + scrap + vapour + lost + stored change

and the relative error is what is missing, over the larger of in and out.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dryline.line.web_record import Accounts
from dryline.records import rollmap
from dryline.records.rollmap import RollMapTable
from dryline.records.run_folder import RunFolder

Floats = NDArray[np.float64]

ACCOUNTS_SCHEMA = "dryline-accounts/1"
ACCOUNTS = ("fed", "vapour", "stored", "lost")
"""Columns of the book, fields of `Accounts`."""


@dataclass(frozen=True)
class AccountRow:
    """The accounts at one moment of plant time [s]."""

    time: float
    accounts: Accounts


class AccountBook:
    """Keeps the accounts at the start and at every close of a segment; `flush` writes all of them anew."""

    def __init__(self, folder: Path, components: tuple[str, ...]) -> None:
        """Book of the run in `folder` with these component names."""
        self._folder = folder
        self._components = components
        self._rows: list[AccountRow] = []
        self._newest: AccountRow | None = None

    def note(self, time: float, accounts: Accounts) -> None:
        """Note the accounts at `time` [s]; the first ever is the opening, else only the newest is kept at a
        close.
        """
        copies = (getattr(accounts, name).copy() for name in ACCOUNTS)
        row = AccountRow(time, Accounts(*copies))
        if self._rows:
            self._newest = row
        else:
            self._rows.append(row)

    def flush(self) -> None:
        """Add the newest row to the book and write it; without one nothing is written after the opening."""
        if self._newest is not None:
            self._rows.append(self._newest)
            self._newest = None
        if not self._rows:
            return
        from dryline.records import parquet

        count = len(self._components)
        columns = [
            parquet.column("time", np.repeat([row.time for row in self._rows], count), "s"),
            parquet.column("component", list(self._components) * len(self._rows)),
        ]
        for name in ACCOUNTS:
            values = np.concatenate([getattr(row.accounts, name) for row in self._rows])
            columns.append(parquet.column(name, values, "kg"))
        parquet.write(self._folder / "accounts.parquet", columns, {"schema": ACCOUNTS_SCHEMA})


def read(run: RunFolder) -> list[AccountRow]:
    """Accounts of a recorded run in order of time; none where it ended before the first was written."""
    path = run.path / "accounts.parquet"
    if not path.exists():
        return []
    from dryline.records import parquet

    table = parquet.read([path])
    if table is None:
        return []
    count = len(run.manifest["order"]["components"])
    time = parquet.numbers(table, "time").reshape(-1, count)
    masses = [parquet.numbers(table, name).reshape(-1, count) for name in ACCOUNTS]
    return [
        AccountRow(float(time[i, 0]), Accounts(*(mass[i] for mass in masses))) for i in range(time.shape[0])
    ]


@dataclass(frozen=True)
class Balance:
    """Balance of one component [kg], and its relative error."""

    component: str
    fed: float
    product: float
    trim: float
    scrap: float
    vapour: float
    lost: float
    stored_change: float
    relative_error: float


def mass_balance(
    components: tuple[str, ...],
    opening: Accounts,
    closing: Accounts,
    product: Floats,
    trim: Floats,
    scrap: Floats,
) -> list[Balance]:
    """Balance of every component from the accounts (C,) [kg] at the start and the end, and what was wound
    between.
    """
    balances = []
    for c, component in enumerate(components):
        fed = float(closing.fed[c] - opening.fed[c])
        vapour = float(closing.vapour[c] - opening.vapour[c])
        lost = float(closing.lost[c] - opening.lost[c])
        stored = float(closing.stored[c] - opening.stored[c])
        out = float(product[c] + trim[c] + scrap[c]) + vapour + lost
        size = max(fed, out, abs(stored))
        error = abs(fed - out - stored) / size if size > 0.0 else 0.0
        balances.append(
            Balance(
                component, fed, float(product[c]), float(trim[c]), float(scrap[c]), vapour, lost, stored, error
            )
        )
    return balances


def mass_balance_of(components: tuple[str, ...], book: list[AccountRow], web: RollMapTable) -> list[Balance]:
    """Balance from the first to the last row of the book; web wound after the last row is left out, and so are
    components that the line never had. [] if no book.
    """
    if not book:
        return []
    rows = web.batch
    counted = rows.time <= book[-1].time + 1e-6
    product = rows.kept_kg[counted & rows.product].sum(axis=0)
    scrap = rows.kept_kg[counted & ~rows.product].sum(axis=0)
    trim = rows.trim_kg[counted].sum(axis=0)
    balances = mass_balance(components, book[0].accounts, book[-1].accounts, product, trim, scrap)
    held = book[0].accounts.stored + book[-1].accounts.stored + book[-1].accounts.fed
    return [balance for balance, mass in zip(balances, held, strict=True) if mass > 0.0]


def mass_balance_from_parquet(run: RunFolder) -> list[Balance]:
    """Balance drawn up from the Parquet files of a run folder alone."""
    return mass_balance_of(tuple(run.manifest["order"]["components"]), read(run), rollmap.read(run))
