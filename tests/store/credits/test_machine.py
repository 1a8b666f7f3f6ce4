"""Any sequence of what can happen to an account, against a second ledger written from the rules alone."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from store.credits.model import Pool
from store.errors import NotEnoughCredits
from tests.store.credits.books import Books
from tests.store.credits.reference import NotEnough, Reference

PLANS = {"300": 1000, "1000": 3000, "3000": 7500}


class Machine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="books-")
        self.books = Books(Path(self.folder.name) / "books.sqlite3")
        self.connection = self.books.database.connection()
        self.connection.__enter__()
        self.holds: list[int] = []

    def teardown(self) -> None:
        self.connection.__exit__(None, None, None)
        self.folder.cleanup()

    @initialize(
        day=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
        plan=st.sampled_from(sorted(PLANS)),
    )
    def join(self, day: date, plan: str) -> None:
        self.books.at(str(day)).join(plan)
        self.model = Reference(day, int(plan), PLANS[plan])

    @rule(days=st.one_of(st.integers(1, 40), st.integers(1, 500)))
    def time_passes(self, days: int) -> None:
        self.books.at(str(self.model.today + timedelta(days=days)))
        self.model.advance(days)

    @rule(credits=st.one_of(st.integers(1, 400), st.integers(1, 5000)))
    def hold(self, credits: int) -> None:
        try:
            self.model.hold(credits)
        except NotEnough:
            with pytest.raises(NotEnoughCredits):
                self.books.hold(credits)
        else:
            self.holds.append(self.books.hold(credits))

    @rule(permille=st.integers(0, 1000))
    def hold_a_part_of_what_is_there(self, permille: int) -> None:
        self.hold(max(1, self.model.available * permille // 1000))

    @precondition(lambda self: self.holds)
    @rule(data=st.data(), back=st.booleans())
    def a_hold_ends_in_part(self, data: st.DataObject, back: bool) -> None:
        number = data.draw(st.sampled_from(range(len(self.holds))))
        credits = data.draw(st.integers(0, self.model.still_held(number)))
        if back:
            self.model.release(number, credits)
            self.books.ledger.release(self.holds[number], credits)
        else:
            self.model.settle(number, credits)
            self.books.ledger.settle(self.holds[number], credits)

    @rule(credits=st.integers(1, 400))
    def charge(self, credits: int) -> None:
        try:
            self.model.charge(credits)
        except NotEnough:
            with pytest.raises(NotEnoughCredits):
                self.books.use(credits)
        else:
            self.books.use(credits)
            self.holds.append(self.books.rows("SELECT MAX(id) FROM hold")[0][0])

    @rule(messages=st.integers(1, 200), mms=st.booleans())
    def replies_come_in(self, messages: int, mms: bool) -> None:
        cost = 3 * messages if mms else messages
        paid = min(cost, self.model.available)
        self.model.receive(cost)
        charge = self.books.ledger.charge(self.books.account, messages, mms=mms, inbound=True)
        assert (charge.charged, charge.waived, charge.available) == (paid, cost - paid, self.model.available)
        if paid:
            self.holds.append(self.books.rows("SELECT MAX(id) FROM hold")[0][0])

    @invariant()
    def the_balance_is_the_rules(self) -> None:
        balance = self.books.ledger.balance(self.books.account)
        model = self.model
        assert (balance.allotted, balance.purchased, balance.held, balance.used) == (
            model.available,
            0,
            model.held,
            model.used,
        )
        assert balance.capacity == model.used + model.held + model.available
        assert balance.period.index == model.period
        assert balance.period.starts <= model.today < balance.period.ends

    @invariant()
    def the_lots_are_the_rules_in_their_order_of_use(self) -> None:
        lots = self.books.ledger.lots(self.books.account)
        assert [(lot.granted_on, lot.expires_on, lot.remaining, lot.held) for lot in lots] == [
            (lot.added, lot.expires, lot.left, lot.held) for lot in self.model.in_use()
        ]
        rows = self.books.rows("SELECT granted, remaining, held, spent, lapsed FROM lot ORDER BY id")
        assert rows == [(lot.granted, lot.left, lot.held, lot.spent, lot.lapsed) for lot in self.model.lots]

    @invariant()
    def the_history_is_the_rules(self) -> None:
        entries = self.books.ledger.history(self.books.account, limit=100_000)[::-1]
        assert [
            (entry.on, entry.kind, entry.delta or entry.amount, entry.balance) for entry in entries
        ] == self.model.lines
        assert {entry.pool for entry in entries} == {Pool.ALLOTTED}
        assert self.books.orders() == self.model.orders

    @invariant()
    def use_by_day_is_the_rules(self) -> None:
        since = self.model.today - timedelta(days=40)
        days = self.books.ledger.daily_use(self.books.account, since, self.model.today)
        assert {day: used for day, used in days.items() if used} == {
            day: used for day, used in self.model.used_on.items() if used and day >= since
        }

    @invariant()
    def the_notices_are_the_rules(self) -> None:
        rows = self.books.rows("SELECT period_index, threshold, kind FROM notice ORDER BY id")
        assert rows == self.model.notices
        shown = [notice.threshold for notice in self.books.ledger.notices_to_show(self.books.account)]
        assert shown == self.model.told

    @invariant()
    def the_proof_holds(self) -> None:
        assert self.books.ledger.verify().problems == ()


TestMachine = Machine.TestCase
TestMachine.settings = settings(stateful_step_count=30)
