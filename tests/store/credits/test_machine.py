"""Any sequence of what can happen to an account, against a second ledger written from the rules alone.

Each run tries 2,100 sequences on SQLite, and 300 on PostgreSQL, where each takes ten times as long.
`python3 -m tests -m long` tries 50,400 on each, by seeds that count up from 1, or from what
`--hypothesis-seed` says.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date, timedelta
from typing import ClassVar

import hypothesis
import pytest
from hypothesis import Phase, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from store.credits.model import Quote, Renewal, Use
from store.errors import PaymentDeclined, TextmeterError
from store.payments.testcard import DEFAULT
from tests.store.credits.books import Books
from tests.store.credits.reference import ALLOTTED, COMMUNITY, EMAIL, NONE, PURCHASED, TEXTS, Reference

PLANS = {
    TEXTS: {"300": (300, 1000), "1000": (1000, 3000), "3000": (3000, 7500)},
    EMAIL: {"free": (5000, 0), "10000": (10000, 900), "25000": (25000, 2000), "50000": (50000, 3500)},
    COMMUNITY: {
        "trial": (10, 0),
        "50": (100, 1000),
        "100": (200, 1500),
        "200": (400, 2000),
        "400": (800, 3000),
        "800": (1600, 5000),
    },
}
COSTS = {TEXTS: (1, 3), EMAIL: (1, 1), COMMUNITY: (1, 3)}
"""Credits for one SMS or email and one MMS to the United States."""

ZONES = ["America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Havana", "Africa/Cairo"]
TIMES = st.sampled_from(["00:00", "12:00", "23:59"])
DECLINES = "4000000000000002"


class Machine(RuleBasedStateMachine):
    books: ClassVar[Books]
    product: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.books.empty()
        self.holds: list[int] = []

    @initialize(
        day=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
        zone=st.sampled_from(ZONES),
        time=TIMES,
        data=st.data(),
    )
    def join(self, day: date, zone: str, time: str, data: st.DataObject) -> None:
        plan = data.draw(st.sampled_from(sorted(PLANS[self.product])))
        billing, anchor = "monthly", day
        if self.product == COMMUNITY:
            billing = data.draw(st.sampled_from(["monthly", "yearly"]))
            anchor -= timedelta(data.draw(st.integers(0, 31)))
        self.books.zone = zone
        self.books.at(f"{day}T{time}").join(plan, self.product, billing, anchor)
        fixed = anchor.day if self.product == COMMUNITY and plan != "trial" else day.day
        self.model = Reference(
            self.product, PLANS[self.product], plan, day, billing, fixed if self.product == COMMUNITY else 1
        )

    # Time

    @rule(days=st.one_of(st.integers(1, 40), st.integers(1, 400)), time=TIMES)
    def time_passes(self, days: int, time: str) -> None:
        self.books.at(f"{self.model.today + timedelta(days)}T{time}")
        self.model.advance(days)

    @rule(off=st.integers(-1, 1), time=TIMES)
    def time_passes_to_the_renewal(self, off: int, time: str) -> None:
        days = (self.model.ends - self.model.today).days + off
        assume(days > 0)
        self.time_passes(days, time)

    # Orders

    def both(self, expected: Callable[[], None], done: Callable[[], object]) -> bool:
        """Both ledgers do it, or both refuse for the same reason; whether they did."""
        refusal = None
        try:
            expected()
        except ValueError as error:
            refusal = str(error)
        if refusal is None:
            done()
            return True
        with pytest.raises(TextmeterError) as caught:
            done()
        assert caught.value.code == refusal
        return False

    def ordered(self, expected: Callable[[], None], order: Callable[[], Quote]) -> None:
        """An order that does what its quote says, now and at the next renewal."""
        quotes: list[Quote] = []
        if self.both(expected, lambda: quotes.append(order())):
            *_, credits, cents = self.model.orders[-1]
            assert (quotes[0].credits_now, quotes[0].charge_cents) == (credits, cents)
            then = deepcopy(self.model)
            then.advance((then.ends - then.today).days)
            due = [order[4] for order in then.orders[len(self.model.orders) :]]
            credits = PLANS[self.product][then.plan][0] if then.plan != NONE else 0
            assert quotes[0].next_renewal == Renewal(then.today, sum(due), credits)

    @rule(data=st.data())
    def order(self, data: st.DataObject) -> None:
        plan = data.draw(st.sampled_from(sorted(PLANS[self.product])))
        billing = None
        if self.product == COMMUNITY:
            billing = data.draw(st.sampled_from([None, "monthly", "yearly"]))
        self.ordered(
            lambda: self.model.order(plan, billing or self.model.billing),
            lambda: self.books.order(plan, billing),
        )

    @rule()
    def cancel(self) -> None:
        self.ordered(self.model.cancel, self.books.cancel)

    @rule()
    def withdraw(self) -> None:
        self.both(self.model.withdraw, lambda: self.books.ledger.withdraw(self.books.account))

    @rule(credits=st.one_of(st.sampled_from([99, 100, 250]), st.integers(1, 8000), st.none()))
    def buy(self, credits: int | None) -> None:
        wanted = credits or max(self.model.may_buy(), 1)
        self.ordered(lambda: self.model.buy(wanted), lambda: self.books.buy(wanted))

    @rule(data=st.data())
    def a_card_is_declined(self, data: st.DataObject) -> None:
        plan = data.draw(st.sampled_from(sorted(PLANS[self.product])))
        then = deepcopy(self.model)
        try:
            then.order(plan, then.billing)
        except ValueError:
            return
        if then.orders[-1][4]:
            self.books.gateway.use(DECLINES)
            with pytest.raises(PaymentDeclined):
                self.books.order(plan)
            self.books.gateway.use(DEFAULT)

    # Use

    @rule(credits=st.one_of(st.integers(1, 400), st.integers(1, 60_000)))
    def hold(self, credits: int) -> None:
        def hold() -> None:
            self.holds.append(self.books.hold(credits))

        self.both(lambda: self.model.hold(credits), hold)

    @rule(permille=st.integers(1, 1000))
    def hold_a_part_of_what_is_there(self, permille: int) -> None:
        self.hold(max(1, self.model.left() * permille // 1000))

    @precondition(lambda self: self.holds)
    @rule(data=st.data(), back=st.booleans())
    def a_hold_ends_in_part(self, data: st.DataObject, back: bool) -> None:
        number = data.draw(st.sampled_from(range(len(self.holds))))
        held = sum(self.model.holds[number].values())
        credits = data.draw(st.one_of(st.just(held), st.integers(0, held)))
        if back:
            self.model.release(number, credits)
            self.books.ledger.release(self.holds[number], credits)
        elif credits:
            self.model.settle(number, credits, "sms")
            self.books.ledger.settle(self.holds[number], credits)

    @rule(messages=st.integers(1, 200), mms=st.booleans())
    def send(self, messages: int, mms: bool) -> None:
        mms = mms and self.product != EMAIL
        credits = messages * COSTS[self.product][mms]
        use = Use.EMAIL if self.product == EMAIL else Use.MMS if mms else Use.SMS

        def expected() -> None:
            self.model.hold(credits)
            self.model.settle(-1, credits, use)

        if self.both(expected, lambda: self.books.ledger.charge(self.books.account, messages, mms=mms)):
            self.holds.append(self.books.newest_hold())

    @rule(messages=st.integers(1, 200), mms=st.booleans())
    def replies_come_in(self, messages: int, mms: bool) -> None:
        mms = mms and self.product != EMAIL
        cost = messages * COSTS[self.product][mms] if self.product == TEXTS else 0
        paid = min(cost, self.model.left())
        self.model.receive(cost)
        charge = self.books.ledger.charge(self.books.account, messages, mms=mms, inbound=True)
        assert (charge.charged, charge.waived, charge.available) == (paid, cost - paid, self.model.left())
        if paid:
            self.holds.append(self.books.newest_hold())

    # What is true at all times

    @invariant()
    def all_is_what_the_rules_say(self) -> None:
        self._the_account_is_the_rules()
        self._the_lots_are_the_rules_in_their_order_of_use()
        self._the_history_is_the_rules()
        self._the_orders_and_what_was_charged_are_the_rules()
        self._one_grant_a_period()
        self._use_by_day_is_the_rules()
        self._the_notices_are_the_rules()
        assert self.books.ledger.verify().problems == ()

    def _the_account_is_the_rules(self) -> None:
        balance, model = self.books.ledger.balance(self.books.account), self.model
        held = sum(lot.held for lot in model.lots)
        assert (balance.allotted, balance.purchased) == (model.left(ALLOTTED), model.left(PURCHASED))
        assert (balance.held, balance.used) == (held, model.used)
        assert balance.capacity == model.used + held + model.left()
        account, period = balance.account, balance.period
        assert (account.plan, account.billing) == (model.plan, model.billing)
        next_plan, next_billing = (
            account.pending_plan or account.plan,
            account.pending_billing or account.billing,
        )
        if model.plan != "trial":
            assert (next_plan, next_billing) == model.next
        assert (period.index, period.starts, period.ends) == (model.period, model.starts, model.ends)
        assert period.granted == model.granted
        assert period.starts <= model.today < period.ends
        room = self.books.ledger.purchase_room(self.books.account)
        assert (room.left if room else None) == (model.may_buy() if self.product == COMMUNITY else None)

    def _the_lots_are_the_rules_in_their_order_of_use(self) -> None:
        rows = self.books.rows(
            "SELECT id, pool, effective_on, expires_on, granted, remaining, held, spent, lapsed "
            "FROM lot ORDER BY id"
        )
        lots = self.model.lots
        assert [row[1:] for row in rows] == [
            (
                lot.pool,
                str(lot.added),
                None if lot.expires == date.max else str(lot.expires),
                lot.granted,
                lot.left,
                lot.held,
                lot.spent,
                lot.granted - lot.left - lot.held - lot.spent,
            )
            for lot in lots
        ]
        ids = {lot: row[0] for lot, row in zip(lots, rows, strict=True)}
        in_use = self.books.ledger.lots(self.books.account)
        assert [lot.id for lot in in_use] == [ids[lot] for lot, left in self.model.in_use() if left]
        drawn = self.books.rows("SELECT hold_id, lot_id, held FROM allocation ORDER BY hold_id, position")
        assert drawn == [
            (hold, ids[lot], part)
            for hold, parts in zip(self.holds, self.model.holds, strict=True)
            for lot, part in parts.items()
        ]

    def _the_history_is_the_rules(self) -> None:
        rows = self.books.rows("SELECT pool, day, kind, delta, amount, balance FROM entry ORDER BY seq")
        for pool, lines in self.model.lines.items():
            assert [
                (date.fromisoformat(day), kind, delta or amount, balance)
                for of, day, kind, delta, amount, balance in rows
                if of == pool
            ] == lines

    def _the_orders_and_what_was_charged_are_the_rules(self) -> None:
        orders = self.books.ledger.orders(self.books.account, limit=100_000)[::-1]
        assert [
            (order.on, order.cause, order.plan, order.credits, order.cents) for order in orders
        ] == self.model.orders
        charged = self.books.rows("SELECT cents FROM test_charge WHERE code = '' ORDER BY id")
        assert [cents for (cents,) in charged] == [order.cents for order in orders if order.cents]

    def _one_grant_a_period(self) -> None:
        grants = self.books.rows("SELECT grant_key, COUNT(*) FROM lot GROUP BY grant_key HAVING COUNT(*) > 1")
        renewals = self.books.rows(
            "SELECT period_index, COUNT(*) FROM lot WHERE grant_key LIKE 'allot:%' "
            "GROUP BY period_index HAVING COUNT(*) > 1"
        )
        assert (grants, renewals) == ([], [])

    def _use_by_day_is_the_rules(self) -> None:
        rows = self.books.rows("SELECT day, use, credits FROM use_by_day")
        assert {(date.fromisoformat(day), use): credits for day, use, credits in rows} == self.model.used_on

    def _the_notices_are_the_rules(self) -> None:
        rows = self.books.rows("SELECT period_index, threshold, kind FROM notice ORDER BY id")
        assert rows == self.model.notices
        for channel in ("screen", "email"):
            told = self.books.rows(
                "SELECT n.threshold FROM outbox o JOIN notice n ON n.id = o.notice_id "
                f"WHERE o.channel = '{channel}' ORDER BY n.id"
            )
            assert [threshold for (threshold,) in told] == self.model.told


def run(books: Books, product: str, sequences: int, *, seed: int) -> None:
    books.hurry()
    machine = hypothesis.seed(seed)(type("Machine", (Machine,), {"books": books, "product": product}))
    how = settings(max_examples=sequences, stateful_step_count=20, phases=[Phase.generate, Phase.shrink])
    run_state_machine_as_test(machine, settings=how)


@pytest.mark.parametrize("product", PLANS)
def test_any_sequence_is_what_the_rules_say(books: Books, engine: str, product: str) -> None:
    run(books, product, 100 if engine == "postgresql" else 700, seed=0)


@pytest.mark.long
@pytest.mark.parametrize("part", range(1, 11))
@pytest.mark.parametrize("product", PLANS)
def test_any_of_many_sequences_is_what_the_rules_say(
    books: Books, product: str, part: int, pytestconfig: pytest.Config
) -> None:
    first = int(pytestconfig.getoption("--hypothesis-seed") or 0)
    run(books, product, 1_680, seed=first + part)
