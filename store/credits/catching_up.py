"""Time: an account is brought up to the present before it is looked at or changed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime

from store.clock import instant, micros
from store.credits import boundaries
from store.credits import row_mapping as rows
from store.credits.accounts import Accounts
from store.credits.collecting import Collecting
from store.credits.model import CatchUp
from store.credits.posting import Posting


class CatchingUp:
    def __init__(self, accounts: Accounts, collecting: Collecting) -> None:
        self._accounts = accounts
        self._collecting = collecting
        self._database = accounts.database

    def catch_up(self, account_id: int) -> tuple[CatchUp, datetime]:
        """See `Ledger.catch_up`; and the instant up to which it was done, the account's own."""
        now = None
        present = crossed = 0
        with self._database.connection():
            while True:
                due = rows.read_due(self._database, account_id)
                if now is None:
                    stood = instant(due.clock_floor) if due.demo_clock else None
                    now = self._accounts.clock.of(account_id, stood)
                    present = micros(now)
                if due.due_at <= present:
                    crossed += self._cross(account_id, now)
                    continue
                if due.demo_clock and due.clock_floor < present:
                    # Time that was played through must not come back, even where nothing was due in it.
                    rows.move_clock_floor(self._database, account_id, present)
                if due.owing and self._collecting.gateway(demo_clock=due.demo_clock).local:
                    self._collecting.collect(account_id)
                return CatchUp(crossed, clock_set_back=present < due.clock_floor), now

    @contextlib.contextmanager
    def change(self, account_id: int, person: str = "") -> Iterator[Posting]:
        """A transaction that changes one account, at the clock's instant or, where the clock was set back, at
        the last one processed. person: whose doing it is."""
        now = self.catch_up(account_id)[1]
        with self._accounts.posting(account_id, now, person) as posting:
            yield posting

    @contextlib.contextmanager
    def look(self, account_id: int) -> Iterator[Posting]:
        """What a change would start from, all of one moment; nothing is written."""
        now = self.catch_up(account_id)[1]
        with self._accounts.snapshot(account_id, now) as posting:
            yield posting

    @contextlib.contextmanager
    def present(self, account_id: int) -> Iterator[None]:
        """An open connection, over which an account has been brought up to the present."""
        with self._database.connection():
            self.catch_up(account_id)
            yield

    def state(self, account_id: int) -> rows.AccountState:
        """An account as it stands now."""
        with self.present(account_id):
            return rows.read_state(self._database, account_id)

    def _cross(self, account_id: int, now: datetime) -> int:
        """Processes the next boundary if it is due. The number of boundaries processed: another process may
        have been faster, then none."""
        return self._database.retry(lambda: self._cross_boundary(account_id, now))

    def _cross_boundary(self, account_id: int, now: datetime) -> int:
        with self._database.transaction():
            state = rows.read_state(self._database, account_id, to_change=True)
            if state.due_at > micros(now):
                return 0
            product, at = self._accounts.product(state.account), instant(state.due_at)
            posting = Posting(self._database, product, state, at, state.due_on)
            boundaries.cross(posting, now)
            posting.save()
        return 1
