"""The ledger's door: every change, each in a transaction of its own or in the caller's; its questions are
those of `reading`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from store.clock import Clock
from store.credits import holds, model, opening, ordering, orders
from store.credits import row_mapping as rows
from store.credits.accounts import Accounts
from store.credits.catalog_files import Catalog
from store.credits.catching_up import CatchingUp, Plays
from store.credits.collecting import Collecting
from store.credits.model import Account, Charge, Quote, Use
from store.credits.reading import Reading
from store.credits.tables import TABLES
from store.database import Database, Table, unit_of_work
from store.payments import Gateway, PaymentUnreachable
from store.roles import Role

if TYPE_CHECKING:
    from store.credits.idempotency import Asked


class Ledger(Reading):
    """Accounts and their credits: what is ordered, what time brings, what is there, is used, and was.

    Every method that takes an account id first brings that account up to the clock's instant, and raises
    WrongUsage where there is no such account. Methods may be called from any thread; changes made within a
    caller's transaction are committed or undone with it. for_demos: as `Collecting` has it. plays: called
    before time goes beyond an instant: before a boundary is crossed, after the last one, and where a demo
    clock has moved on.
    """

    TABLES: ClassVar[Sequence[type[Table]]] = TABLES

    def __init__(
        self,
        database: Database,
        catalog: Catalog,
        clock: Clock,
        gateway: Gateway,
        for_demos: Gateway | None = None,
        plays: Plays = lambda account_id, until: None,
    ) -> None:
        accounts = Accounts(database, catalog, clock)
        self._collecting = Collecting(accounts, gateway, for_demos)
        super().__init__(database, accounts, CatchingUp(accounts, self._collecting, plays))

    def gateway(self, account: Account | None) -> Gateway:
        """Who charges an account's card, as the person at work may use it; None: the first one's, which is to
        be opened."""
        return self._collecting.gateway_as_seen(account)

    def open_account(
        self,
        product: str,
        plan: str,
        timezone: str,
        *,
        country: str = "US",
        billing: str = "monthly",
        anchor: date | None = None,
        demo_clock: bool = False,
        billing_address: str = "",
        agreed: Quote | None = None,
    ) -> Account:
        """Opens an account at the clock's instant, as `opening.Choices` says, and places its first order: the
        days left of the period are charged, and bring credits as an upgrade from nothing does. agreed: what a
        person saw of it. Raises WrongUsage, RefusedByRule where it would do something else than that by now,
        PaymentDeclined (there is no account then) and PaymentUnreachable (it is opened as soon as the payment
        is known)."""
        self._database.person.check(Role.OWNER)
        with self._database.connection():
            chosen = opening.Choices(
                product, plan, timezone, country, billing, anchor, demo_clock, billing_address
            )
            account_id, unpaid = opening.open_account(self._accounts, chosen, agreed)
            if unpaid:
                self._collecting.pay(account_id, unpaid)
            return rows.read_state(self._database, account_id).account

    def quote_opening(
        self,
        product: str,
        plan: str,
        timezone: str,
        *,
        country: str = "US",
        billing: str = "monthly",
        anchor: date | None = None,
        demo_clock: bool = False,
    ) -> Quote:
        """What `open_account` would do now. Raises the same WrongUsage."""
        return opening.quote_chosen(
            self._accounts, opening.Choices(product, plan, timezone, country, billing, anchor, demo_clock)
        )

    def set_billing_address(self, account_id: int, address: str) -> None:
        """What receipts to come name as the billing address; "" for none. Raises WrongUsage where it is too
        long."""
        self._database.person.check(Role.OWNER)
        with self._time.present(account_id):
            self._database.retry(lambda: self._accounts.set_billing_address(account_id, address))

    def put_clock(self, account_id: int, to: datetime) -> None:
        """Puts an account's demo clock to an instant; the account is brought up to it when it is asked about
        next. Raises RefusedByRule where that is too far away."""
        self._database.person.check(Role.OWNER)
        self._accounts.put_clock(self.account(account_id), to)

    def catch_up(self, account_id: int, *, confirmed: bool = False) -> model.CatchUp:
        """Processes the boundaries up to the clock's instant, one by one, the oldest first, each in a
        transaction of its own. A clock set back, before what was processed already, processes nothing;
        neither does a real one by which more than two periods or 62 days are due at once, unless an owner has
        confirmed the date, since a wrong one would charge for years."""
        if confirmed:
            self._database.person.check(Role.OWNER)
        return self._time.catch_up(account_id, confirmed=confirmed)[0]

    def as_of(self, account_id: int, at: datetime) -> AbstractContextManager[None]:
        """A block within which an account's present is another instant, to which it has been brought up; or,
        where something happened after that, when the last of that did. Only its session's doing."""
        return self._accounts.clock.put(account_id, at)

    def waiting(self, account_id: int) -> model.Waiting:
        """What waits for the date to be confirmed; takes as long as to process it."""
        with self._database.connection():
            return self._time.waiting(account_id)

    def is_ahead(self, account: Account) -> bool:
        """Whether a wrong date may have been believed: an account by the real clock was brought up to an
        instant that hasn't come."""
        from store.credits import taking_back  # by those only who look for it

        now = self._accounts.clock.of(account.id, None)
        return not account.demo_clock and taking_back.is_ahead(account.clock_floor, now)

    @unit_of_work(Role.OWNER)
    def take_back(self, account_id: int) -> int:
        """Undoes what a wrong date brought: the renewals and expiries that haven't come; how many periods
        that were. What was charged counts for those renewals when they come. Raises RefusedByRule where the
        account isn't ahead of the clock, or anything else happened since."""
        from store.credits import taking_back

        return taking_back.take_back(self._accounts, account_id, self._accounts.clock.of(account_id, None))

    @unit_of_work(Role.SENDER)
    def hold(
        self,
        account_id: int,
        credits: int,
        *,
        cause: str,
        reference: str,
        count: int = 0,
        use: Use = Use.SMS,
        apart: Mapping[Use, int] = holds.NOTHING_APART,
        person: str = "",
    ) -> int:
        """Reserves credits for something that is under way, and writes its line: cause, reference, count and
        person are the entry's. apart: those of the credits that are for another use. The hold's id. Raises
        NotEnoughCredits; nothing is held then."""
        with self._time.change(account_id, person) as posting:
            return holds.hold(
                posting, credits, cause=cause, reference=reference, count=count, use=use, apart=apart
            ).id

    @unit_of_work(Role.SENDER)
    def settle(self, hold_id: int, credits: int) -> None:
        """Turns a part of a hold into used credits, of the period and day in which it was held. Raises
        ValueError where less is held."""
        hold = holds.read_hold(self._database, hold_id)
        with self._time.change(hold.account_id) as posting:
            holds.settle(posting, hold, credits)

    @unit_of_work(Role.SENDER)
    def release(
        self,
        hold_id: int,
        credits: int,
        *,
        use: Use | None = None,
        person: str = "",
        settled: bool = False,
    ) -> None:
        """Gives a part of a hold back, with its line, or as a part of today's; person: the entry's. use: what
        that part was for, where it isn't the hold's own. settled: whether it was settled already. Raises
        ValueError where less is held, or was settled."""
        hold = holds.read_hold(self._database, hold_id)
        with self._time.change(hold.account_id, person) as posting:
            if settled:
                holds.unsettle(posting, hold, credits)
            holds.release(posting, hold, credits, use)

    @unit_of_work(Role.OWNER)
    def charge(self, account_id: int, segments: int, *, mms: bool = False, inbound: bool = False) -> Charge:
        """Records use on an account with a demo clock, to play a rule through: texts to the United States of
        so many segments in all, or so many MMS or emails. A reply is received even where it can't be paid:
        the rest is waived. Raises RefusedByRule on other accounts, WrongUsage for an amount out of bounds,
        and NotEnoughCredits for what is sent; nothing is charged then."""
        with self._time.change(account_id, self._database.person.name) as posting:
            return holds.charge(posting, segments, mms=mms, inbound=inbound)

    @unit_of_work(Role.SENDER)
    def receive(self, account_id: int, region: str, segments: int, *, mms: bool, reference: str) -> Charge:
        """Charges a reply that came in, where the product does; what can't be paid is waived. region: whose
        rate it has; reference: the entry's."""
        with self._time.change(account_id) as posting:
            return holds.receive(posting, region, segments, mms=mms, reference=reference)

    @unit_of_work(Role.SENDER)
    def once(self, account_id: int, key: str, request: str, act: Callable[[], Any]) -> Any:
        """Does something under a key: a second call with the same key and request returns the first one's
        result, or raises its refusal, without doing it again. act runs in this transaction and returns a JSON
        value. Raises RefusedByRule where the key was used for another request."""
        from store.credits import idempotency  # by those only who give a key

        return idempotency.once(self._database, account_id, key, request, act)

    @unit_of_work()
    def quote_plan(self, account_id: int, plan: str, *, billing: str | None = None) -> Quote:
        """What changing to a plan would do now. billing: None leaves it. Raises RefusedByRule where it is no
        change, WrongUsage for a plan or billing that isn't there."""
        with self._time.look(account_id) as posting:
            return ordering.quote_plan(posting, plan, billing)

    @unit_of_work()
    def quote_cancel(self, account_id: int) -> Quote:
        """What cancelling the plan would do now. Raises RefusedByRule where nothing is left to cancel."""
        with self._time.look(account_id) as posting:
            return ordering.quote_cancel(posting)

    @unit_of_work()
    def quote_purchase(self, account_id: int, credits: int) -> Quote:
        """What buying credits would do now. Raises RefusedByRule where so many can't be bought."""
        with self._time.look(account_id) as posting:
            return ordering.quote_purchase(posting, credits)

    @unit_of_work()
    def purchase_room(self, account_id: int) -> model.PurchaseRoom | None:
        """How many credits may be bought this calendar month; None where the product sells none."""
        with self._time.look(account_id) as posting:
            return ordering.room(posting)

    def placed(self, account_id: int, asked: Asked) -> tuple[Quote, model.Order] | None:
        """What was ordered under a key that somebody gave, and what was quoted for it, which explains nothing
        any more; None where nothing was, or where its card was declined. Raises RefusedByRule where that key
        was used for something else, and PaymentUnreachable as `place` does."""
        from store.credits import idempotency

        self._database.person.check(Role.OWNER)
        with self._time.present(account_id):
            if (noted := idempotency.noted_order(self._database, account_id, asked)) is None:
                return None
            order_key, quote = noted
            self._collecting.collect(account_id)
            number = orders.number_of(self._database, account_id, order_key)
            return None if number is None else (quote, orders.read_order(self._database, account_id, number))

    def place(self, account_id: int, quote: Quote, *, key: str, asked: Asked | None = None) -> model.Order:
        """Does what was quoted, once for each key: charges the card, then changes the account. asked: a key
        that somebody gave, under which `placed` finds it again.

        Raises PaymentDeclined and RefusedByRule (code "quote-changed" where a new quote would differ,
        "unpaid-order" where this one costs something and an earlier one isn't paid, "order-open" while
        another is being paid): nothing was changed then. Raises PaymentUnreachable where nobody knows whether
        the card was charged: it is asked again by itself.
        """
        self._database.person.check(Role.OWNER)
        with self._time.present(account_id):
            with contextlib.nullcontext() if quote.charge_cents else contextlib.suppress(PaymentUnreachable):
                # Perhaps this order, asked for before. What costs nothing needs no answer.
                self._collecting.collect(account_id)
            number = self._database.retry(lambda: self._ask(account_id, quote, key, asked))
            if number is None:
                number = self._collecting.pay(account_id, key)
            return orders.read_order(self._database, account_id, number)

    @unit_of_work(Role.OWNER)
    def withdraw(self, account_id: int) -> Account:
        """Takes back what was to change at a renewal, and records it among the orders. Raises RefusedByRule
        where nothing is pending."""
        with self._time.change(account_id, self._database.person.name) as posting:
            return ordering.withdraw(posting)

    def collect(self, account_id: int, *, again: bool = False, confirmed: bool = False) -> list[model.Order]:
        """Asks the payment provider for what is due or not known yet, and goes on with what waited for that;
        again: also for what it declined. What is owed after that. again and confirmed, as of `catch_up`, are
        an owner's to ask for. May take as long as a network does. Raises PaymentUnreachable."""
        self._database.person.check(Role.OWNER if again or confirmed else Role.SENDER)
        with self._database.connection():
            self._time.catch_up(account_id, confirmed=confirmed)
            self._collecting.collect(account_id, again=again)
            while self._time.catch_up(account_id, confirmed=confirmed)[0].boundaries:
                self._collecting.collect(account_id)
            return orders.read_owed(self._database, account_id)

    @unit_of_work(Role.SENDER)
    def mark_shown(self, notice_ids: Sequence[int]) -> None:
        """Notes that notices were shown on the screen."""
        with self._database.transaction():
            rows.mark_told(self._database, notice_ids, "screen")

    def _ask(self, account_id: int, quote: Quote, key: str, asked: Asked | None) -> int | None:
        with self._time.change(account_id, self._database.person.name) as posting:
            return ordering.ask(posting, quote, key, asked)
