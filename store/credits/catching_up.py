"""Time: an account is brought up to the present before it is looked at or changed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TypeAlias

from store.clock import instant, local_date, micros
from store.credits import boundaries
from store.credits import row_mapping as rows
from store.credits.accounts import Accounts
from store.credits.collecting import Collecting
from store.credits.model import CatchUp, Waiting
from store.credits.orders import Payment
from store.credits.periods import add_months
from store.credits.posting import Posting
from store.payments import Card, Paid

MOST_PERIODS, MOST_DAYS = 2, 62
"""How much may be due at once by the real clock: what is more may be a wrong date's, and would be charged."""


Plays: TypeAlias = Callable[[int, datetime], None]
"""Does what else time brings an account, by its id, up to an instant."""


class _Undone(Exception):
    """Nothing of a transaction is to be kept."""


class CatchingUp:
    def __init__(self, accounts: Accounts, collecting: Collecting, plays: Plays) -> None:
        self._accounts = accounts
        self._collecting = collecting
        self._plays = plays
        self._database = accounts.database

    def catch_up(self, account_id: int, *, confirmed: bool = False) -> tuple[CatchUp, datetime]:
        """See `Ledger.catch_up`; and the instant up to which it was done, the account's own."""
        now = None
        present = crossed = 0
        with self._database.connection():
            while True:
                due = rows.read_due(self._database, account_id)
                if now is None:
                    now = self._now(account_id, due)
                    present = micros(now)
                is_due = due.due_at <= present
                if is_due and not due.stuck:
                    if not (crossed or confirmed or due.demo_clock) and self._is_far(account_id, now):
                        return CatchUp(0, clock_set_back=False, waiting=True), now
                    self._play(account_id, instant(due.due_at - 1))
                    crossed += self._cross(account_id, now)
                    continue
                goes_on = due.demo_clock and not is_due and due.clock_floor < present
                if crossed or goes_on:
                    self._play(account_id, min(now, instant(due.due_at - 1)))
                if goes_on:
                    # Time that was played through must not come back, even where nothing was due in it.
                    rows.move_clock_floor(self._database, account_id, present)
                if due.owing and self._collecting.gateway(demo_clock=due.demo_clock).local:
                    self._collecting.collect(account_id)
                    if due.stuck:
                        continue
                return CatchUp(crossed, clock_set_back=present < due.clock_floor, asks=due.stuck), now

    def _play(self, account_id: int, until: datetime) -> None:
        """Before time goes on beyond an instant; not where it is being played already, nor within a change:
        that would meet what it has half done. What is due then comes with the next look."""
        if not (self._accounts.clock.is_put(account_id) or self._database.in_transaction):
            self._plays(account_id, until)

    def waiting(self, account_id: int) -> Waiting:
        """What catching up would come to, with a card that pays; nothing is kept of it."""
        return self._database.retry(lambda: self._try_out(account_id))

    def _try_out(self, account_id: int) -> Waiting:
        charged = crossed = 0

        def pay(payment: Payment) -> Paid:
            nonlocal charged
            charged += payment.cents
            return Paid("", Card("", ""))

        now = self._now(account_id, rows.read_due(self._database, account_id))
        with contextlib.suppress(_Undone), self._database.transaction():
            while self._cross_boundary(account_id, now, pay):
                crossed += 1
            raise _Undone
        return Waiting(crossed, charged)

    def _now(self, account_id: int, due: rows.Due) -> datetime:
        stood = instant(due.clock_floor) if due.demo_clock else None
        return self._accounts.clock.of(account_id, stood)

    def _is_far(self, account_id: int, now: datetime) -> bool:
        """Whether so much is due at once that the date may be wrong."""
        state = rows.read_state(self._database, account_id)
        today = local_date(now, state.account.timezone)
        third = add_months(state.period.ends, MOST_PERIODS, state.account.anchor.day)
        return today >= third or (today - state.due_on).days > MOST_DAYS

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

    def _cross_boundary(self, account_id: int, now: datetime, charge: boundaries.Charge | None = None) -> int:
        with self._database.transaction():
            state = rows.read_state(self._database, account_id, to_change=True)
            if state.due_at > micros(now) or (state.owing and state.account.owed):
                return 0
            if charge is None:
                charge = self._collecting.charge_at_once(demo_clock=state.account.demo_clock)
            product, at = self._accounts.product(state.account), instant(state.due_at)
            posting = Posting(self._database, product, state, at, state.due_on)
            boundaries.cross(posting, now, charge)
            posting.save()
        return 1
