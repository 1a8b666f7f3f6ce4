"""Accounts: which there are, and the unit of work of one: a transaction in which it alone changes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime

from store.clock import AsOf, Clock, check_move, follow, instant, local_date
from store.credits import row_mapping as rows
from store.credits import tables
from store.credits.catalog import Product
from store.credits.catalog_files import Catalog
from store.credits.model import Account
from store.credits.posting import Posting
from store.database import Database
from store.errors import WrongUsage
from store.sentences import sentence
from store.settings import OwnSettings

LONGEST_ADDRESS = 200
"""Characters of a billing address."""


def billing_address(typed: str) -> str:
    """An address as it is kept: one line, without what isn't printed. Raises WrongUsage for a longer one."""
    address = " ".join("".join(part if part.isprintable() else " " for part in typed).split())
    if len(address) > LONGEST_ADDRESS:
        raise WrongUsage(
            sentence("A billing address can have at most {most} characters.", most=LONGEST_ADDRESS),
            code="address-too-long",
        )
    return address


class Accounts:
    """The accounts of a database, as they were last written: none is brought up to date here."""

    def __init__(self, database: Database, catalog: Catalog, clock: Clock) -> None:
        self.database = database
        self.catalog = catalog
        self.clock = AsOf(clock)

    def product(self, account: Account) -> Product:
        return self.catalog.product(account.product)

    def present(self, account: Account) -> datetime:
        """An account's instant: its clock's or, where that was set back, the last one processed."""
        stood = account.clock_floor if account.demo_clock else None
        return max(self.clock.of(account.id, stood), account.clock_floor)

    def put_clock(self, account: Account, to: datetime) -> None:
        """See `Ledger.put_clock`."""
        check_move(account.clock_floor, to, account.timezone)
        follow(self.clock.clock, account.id, account.clock_floor, to)

    def set_billing_address(self, account_id: int, address: str) -> None:
        """See `Ledger.set_billing_address`."""
        account = tables.Account
        with self.locked(account_id):
            self.database.run(
                account.update(billing_address=billing_address(address)).where(account.id == account_id)
            )

    def chosen(self, account_id: int | None) -> Account:
        """See `Ledger.account`."""
        if account_id is not None and (one := rows.read_account(self.database, account_id)):
            return one
        accounts = {account.id: account for account in rows.read_accounts(self.database)}
        if account_id is None and len(accounts) == 1:
            return next(iter(accounts.values()))
        if not accounts:
            raise WrongUsage(
                sentence("There is no account yet. Open one in the app, or with `textmeter account open`."),
                code="no-account",
            )
        if account_id is None:
            default = OwnSettings(self.database).read("account")
            if default is None:
                raise WrongUsage(
                    sentence(
                        "There are several accounts: {accounts}. Choose one with --account.",
                        accounts=", ".join(map(str, accounts)),
                    ),
                    code="which-account",
                )
            account_id = int(default)
        if account_id not in accounts:
            raise rows.no_such_account(account_id)
        return accounts[account_id]

    @contextlib.contextmanager
    def locked(self, account_id: int) -> Iterator[None]:
        """A transaction in which nobody else changes an account."""
        with self.database.transaction():
            rows.lock_account(self.database, account_id)
            yield

    @contextlib.contextmanager
    def posting(self, account_id: int, now: datetime | None = None, person: str = "") -> Iterator[Posting]:
        """A transaction that changes an account as it stands. now: None is its present. person: whose doing
        it is."""
        with self.database.transaction():
            posting = self._begun(rows.read_state(self.database, account_id, to_change=True), now)
            posting.person = person
            yield posting
            posting.save()

    @contextlib.contextmanager
    def snapshot(self, account_id: int, now: datetime) -> Iterator[Posting]:
        """What a change would start from, all of one moment; nothing is written."""
        with self.database.snapshot():
            yield self._begun(rows.read_state(self.database, account_id), now)

    def reached(self, state: rows.AccountState, now: datetime | None = None) -> datetime:
        """The instant up to which an account is processed: now, or its present; before the next boundary,
        where that has come and isn't processed yet."""
        before_it = instant(state.due_at - 1)
        return max(min(now or self.present(state.account), before_it), state.account.clock_floor)

    def _begun(self, state: rows.AccountState, now: datetime | None) -> Posting:
        at = self.reached(state, now)
        today = local_date(at, state.account.timezone)
        return Posting(self.database, self.product(state.account), state, at, today)
