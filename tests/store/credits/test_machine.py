"""Any sequence of what can happen to two accounts in one database, each against a second ledger written from
the rules alone; beside two busy ones that nothing may happen to.

Each run tries 150 sequences on SQLite, and 15 on PostgreSQL, where each takes several times as long.
`python3 -m tests -m long` tries 50,400 on each, by seeds that count up from 1, or from what
`--hypothesis-seed` says.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, ClassVar

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

from store.clock import local_date
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


@dataclass
class Member:
    """An account, what the rules say of it, and the numbers of its holds."""

    id: int
    product: str
    zone: str
    model: Reference
    holds: list[int] = field(default_factory=list)


class Machine(RuleBasedStateMachine):
    """Rules act on the account at hand; what is true is true of each."""

    books: ClassVar[Books]
    first: ClassVar[str]
    """The product of the account that is opened first."""

    def __init__(self) -> None:
        super().__init__()
        self.books.empty()
        self.books.gateway.use(DEFAULT)
        self.members: list[Member] = []

    @initialize(day=st.dates(date(2026, 1, 1), date(2028, 12, 31)), time=TIMES, data=st.data())
    def join(self, day: date, time: str, data: st.DataObject) -> None:
        zones = [data.draw(st.sampled_from(ZONES)) for _ in range(2)]
        self.books.zone = zones[0]
        self.books.at(f"{day}T{time}")
        for product, zone in zip([self.first, data.draw(st.sampled_from(sorted(PLANS)))], zones, strict=True):
            self._join(product, zone, local_date(self.books.clock.instant, zone), data)
        self.turn_to(self.members[0])

    def _join(self, product: str, zone: str, day: date, data: st.DataObject) -> None:
        plan = data.draw(st.sampled_from(sorted(PLANS[product])))
        billing, anchor = "monthly", day
        if product == COMMUNITY:
            billing = data.draw(st.sampled_from(["monthly", "yearly"]))
            anchor -= timedelta(data.draw(st.integers(0, 31)))
        self.books.zone = zone
        self.books.join(plan, product, billing, anchor)
        fixed = anchor.day if product == COMMUNITY and plan != "trial" else day.day
        model = Reference(product, PLANS[product], plan, day, billing, fixed if product == COMMUNITY else 1)
        self.members.append(Member(self.books.account, product, zone, model))

    def turn_to(self, member: Member) -> None:
        """Has an account at hand."""
        self.product, self.model, self.holds = member.product, member.model, member.holds
        self.books.account, self.books.zone = member.id, member.zone

    @rule(number=st.integers(0, 1))
    def turn(self, number: int) -> None:
        self.turn_to(self.members[number])

    # Time

    @rule(days=st.one_of(st.integers(1, 40), st.integers(1, 400)), time=TIMES)
    def time_passes(self, days: int, time: str) -> None:
        self.books.at(f"{self.model.today + timedelta(days)}T{time}")
        for member in self.members:
            today = local_date(self.books.clock.instant, member.zone)
            member.model.advance((today - member.model.today).days)

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
        """An order that does what its quote says, now and at the first renewal at which it applies."""
        quotes: list[Quote] = []
        if self.both(expected, lambda: quotes.append(order())):
            model = self.model
            _, what, _, credits, cents, _ = [order for order in model.orders if order[1] != "renewal"][-1]
            assert (quotes[0].credits_now, quotes[0].charge_cents) == (credits, cents)
            waits = what in ("downgrade", "cancel", "billing") and model.next != (model.plan, model.billing)
            applies = model.billed[1] if waits else model.ends
            assert quotes[0].effective == (applies if waits else None)
            then = deepcopy(model)
            then.pays = False  # a year that is paid after all has no renewal next month
            then.advance((applies - then.today).days)
            due = [order[4] for order in then.orders if order[0] == then.today and order[1] == "renewal"]
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
        if then.orders[-1][4] and then.orders[-1][1] != "renewal":
            self.books.gateway.use(DECLINES)
            with pytest.raises(PaymentDeclined):
                self.books.order(plan)
            self.books.gateway.use(DEFAULT if self.model.pays else DECLINES)

    @rule(pays=st.booleans())
    def another_card(self, pays: bool) -> None:
        self.books.gateway.use(DEFAULT if pays else DECLINES)
        for member in self.members:
            member.model.pays = pays

    @rule()
    def pay_what_is_owed(self) -> None:
        self.model.pay()
        left = self.books.ledger.collect(self.books.account, again=True)
        assert sum(order.cents for order in left) == self.model.owed()

    # Use

    @rule(credits=st.one_of(st.integers(1, 400), st.integers(1, 60_000)))
    def hold(self, credits: int) -> None:
        def hold() -> None:
            self.holds.append(self.books.hold(credits, reference=str(len(self.holds))))

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
            self.model.settle(number, credits)
            self.books.ledger.settle(self.holds[number], credits)

    @rule(messages=st.integers(1, 200), mms=st.booleans())
    def send(self, messages: int, mms: bool) -> None:
        mms = mms and self.product != EMAIL
        credits = messages * COSTS[self.product][mms]
        use = Use.EMAIL if self.product == EMAIL else Use.MMS if mms else Use.SMS

        def expected() -> None:
            self.model.hold(credits, use)
            self.model.settle(-1, credits)

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
        at_hand = self.books.account
        for member in self.members:
            self.turn_to(member)
            self._the_account_is_the_rules()
            self._the_lots_are_the_rules_in_their_order_of_use()
            self._the_history_is_the_rules()
            self._the_orders_and_what_was_charged_are_the_rules()
            self._one_grant_a_period()
            self._use_by_day_is_the_rules()
            self._the_notices_are_the_rules()
        for member in self.members:
            if member.id == at_hand:
                self.turn_to(member)

    def teardown(self) -> None:
        # Whatever a step has damaged stays so, and proving takes six times as long as the steps themselves.
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
        assert (period.granted, period.to_take) == (model.granted, model.taking)
        assert (account.owed, account.owed_since or date.max) == (model.owed(), model.since)
        assert period.starts <= model.today < period.ends
        room = self.books.ledger.purchase_room(self.books.account)
        assert (room.left if room else None) == (model.may_buy() if self.product == COMMUNITY else None)

    def _the_lots_are_the_rules_in_their_order_of_use(self) -> None:
        rows = self.of(
            "SELECT id, pool, effective_on, expires_on, granted, remaining, held, spent, lapsed "
            "FROM lot WHERE account_id = {} ORDER BY id"
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
        drawn = self.of(
            "SELECT hold_id, lot_id, a.held FROM allocation a JOIN hold ON hold.id = hold_id "
            "WHERE account_id = {} ORDER BY hold_id, position"
        )
        assert drawn == [
            (hold, ids[lot], part)
            for hold, parts in zip(self.holds, self.model.holds, strict=True)
            for lot, part in parts.items()
        ]

    def _the_history_is_the_rules(self) -> None:
        rows = self.of(
            "SELECT pool, day, kind, delta, amount, balance FROM entry WHERE account_id = {} ORDER BY seq"
        )
        for pool, lines in self.model.lines.items():
            assert [
                (date.fromisoformat(day), kind, delta or amount, balance)
                for of, day, kind, delta, amount, balance in rows
                if of == pool
            ] == lines

    def _the_orders_and_what_was_charged_are_the_rules(self) -> None:
        orders = self.books.ledger.orders(self.books.account, limit=100_000)[::-1]
        assert [
            (order.on, order.cause, order.plan, order.credits, order.cents, order.state) for order in orders
        ] == self.model.orders
        charged = self.of("SELECT cents FROM test_charge WHERE code = '' AND key LIKE '{}:%' ORDER BY id")
        assert [cents for (cents,) in charged] == self.model.charges

    def _one_grant_a_period(self) -> None:
        grants = self.of(
            "SELECT grant_key, COUNT(*) FROM lot WHERE account_id = {} GROUP BY grant_key HAVING COUNT(*) > 1"
        )
        renewals = self.of(
            "SELECT period_index, COUNT(*) FROM lot WHERE account_id = {} AND grant_key LIKE 'allot:%' "
            "GROUP BY period_index HAVING COUNT(*) > 1"
        )
        assert (grants, renewals) == ([], [])

    def _use_by_day_is_the_rules(self) -> None:
        rows = self.of("SELECT day, use, credits FROM use_by_day WHERE account_id = {}")
        assert {(date.fromisoformat(day), use): credits for day, use, credits in rows} == self.model.used_on

    def _the_notices_are_the_rules(self) -> None:
        rows = self.of("SELECT period_index, threshold, kind FROM notice WHERE account_id = {} ORDER BY id")
        assert rows == self.model.notices
        for channel in ("screen", "email"):
            told = self.of(
                "SELECT n.threshold FROM outbox o JOIN notice n ON n.id = o.notice_id "
                f"WHERE n.account_id = {{}} AND o.channel = '{channel}' ORDER BY n.id"
            )
            assert [threshold for (threshold,) in told] == self.model.told

    def of(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows that a statement finds of the account at hand, whose number it has as {}."""
        return self.books.rows(statement.format(self.books.account))


def run(books: Books, product: str, sequences: int, *, seed: int) -> None:
    books.hurry()
    machine = hypothesis.seed(seed)(type("Machine", (Machine,), {"books": books, "first": product}))
    how = settings(max_examples=sequences, stateful_step_count=20, phases=[Phase.generate, Phase.shrink])
    run_state_machine_as_test(machine, settings=how)


@pytest.mark.parametrize("product", PLANS)
def test_any_sequence_is_what_the_rules_say(books: Books, engine: str, product: str) -> None:
    run(books, product, 5 if engine == "postgresql" else 50, seed=0)


@pytest.mark.long
@pytest.mark.parametrize("part", range(1, 11))
@pytest.mark.parametrize("product", PLANS)
def test_any_of_many_sequences_is_what_the_rules_say(
    books: Books, product: str, part: int, pytestconfig: pytest.Config
) -> None:
    first = int(pytestconfig.getoption("--hypothesis-seed") or 0)
    run(books, product, 1_680, seed=first + part)
