"""Plans, purchases and their orders: a quote first, then an order that is paid before it is done."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from store.clock import local_date
from store.credits import opening, orders, purchases
from store.credits import quotes as changes
from store.credits import row_mapping as rows
from store.credits.accounts import Accounts
from store.credits.fulfilment import apply, left_of_period
from store.credits.model import Account, Change, Order, OrderState, PlanOffer, Pool, PurchaseRoom, Quote
from store.credits.offers import MONTHS, offers
from store.credits.periods import add_months
from store.credits.posting import Posting
from store.credits.quotes import Standing
from store.database import retried
from store.errors import RefusedByRule
from store.payments import PaymentUnreachable
from store.roles import Role, needs
from store.sentences import sentence


class Ordering(Accounts):
    """What is ordered, from the opening of an account on."""

    @needs(Role.OWNER)
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
    ) -> Account:
        """Opens an account at the clock's instant, and places its first order: the days left of the period
        are charged, the plan's full number of credits is granted. timezone: an IANA name; country: ISO 3166-1
        alpha-2; anchor: a date on whose day of the month periods begin, where the product lets one choose.
        Raises WrongUsage, PaymentDeclined (there is no account then) and PaymentUnreachable (it is opened as
        soon as the payment is known)."""
        offer = self._catalog.product(product)
        chosen = offer.plan_asked_for(plan)
        opening.check(offer, chosen, timezone, country, billing)
        with self._database.connection():
            # Who looks at a demo clock opens other accounts in the real time.
            now = self._clock.now() if demo_clock else self._clock.of(0, None)
            with self._database.transaction():
                account_id = opening.insert_account(
                    self._database,
                    offer,
                    chosen,
                    timezone,
                    country=country,
                    billing=billing,
                    anchor=anchor,
                    demo_clock=demo_clock,
                    now=now,
                )
                with self._posting(account_id, now, self._person) as posting:
                    quote = changes.quote_join(offer, chosen, _standing(posting))
                    # Of this opening, since an older database gives the number of an account anew whose
                    # first payment was declined.
                    key = f"join:{posting.at}"
                    self._order(posting, quote, key)
            if quote.charge_cents:
                self._pay(account_id, key)
            return rows.read_state(self._database, account_id).account

    # Before an order

    def plan_offers(self, account_id: int, *, billing: str | None = None) -> list[PlanOffer]:
        """All plans, the smallest first, with what the last three months would have cost. billing: one of the
        product's; None for the account's own."""
        with self._database.connection():
            account = self._current(account_id).account
            today = local_date(self._present(account), account.timezone)
            days = [add_months(today, -back, today.day) for back in range(MONTHS, -1, -1)]
            used = [self._used(account_id, before + timedelta(1), until) for before, until in pairwise(days)]
        return offers(self.product(account), account, used, billing or account.billing)

    @retried
    def quote_plan(self, account_id: int, plan: str, *, billing: str | None = None) -> Quote:
        """What changing to a plan would do now. billing: None leaves it. Raises RefusedByRule where it is no
        change, WrongUsage for a plan or billing that isn't there."""
        with self._looked_at(account_id) as posting:
            return self._quote_plan(posting, plan, billing or posting.account.billing)

    @retried
    def quote_cancel(self, account_id: int) -> Quote:
        """What cancelling the plan would do now. Raises RefusedByRule where nothing is left to cancel."""
        with self._looked_at(account_id) as posting:
            return changes.quote_cancel(posting.product, _standing(posting))

    @retried
    def quote_purchase(self, account_id: int, credits: int) -> Quote:
        """What buying credits would do now. Raises RefusedByRule where so many can't be bought."""
        with self._looked_at(account_id) as posting:
            return self._quote_purchase(posting, credits)

    @retried
    def purchase_room(self, account_id: int) -> PurchaseRoom | None:
        """How many credits may be bought this calendar month; None where the product sells none."""
        with self._looked_at(account_id) as posting:
            return self._room(posting)

    # Orders

    @needs(Role.OWNER)
    def place(self, account_id: int, quote: Quote, *, key: str) -> Order:
        """Does what was quoted, once for each key: charges the card, then changes the account.

        Raises PaymentDeclined and RefusedByRule (code "quote-changed" where a new quote would differ,
        "unpaid-order" where this one costs something and an earlier one isn't paid, "order-open" while
        another is being paid): nothing was changed then. Raises PaymentUnreachable where nobody knows whether
        the card was charged: it is asked again by itself.
        """
        with self._database.connection():
            self.catch_up(account_id)
            with contextlib.nullcontext() if quote.charge_cents else contextlib.suppress(PaymentUnreachable):
                # Perhaps this order, asked for before. What costs nothing needs no answer.
                self._collect(account_id)
            number = self._asked(account_id, quote, key)
            if number is None:
                number = self._pay(account_id, key)
            return orders.read_order(self._database, account_id, number)

    @needs(Role.OWNER)
    @retried
    def withdraw(self, account_id: int) -> Account:
        """Takes back what was to change at a renewal. Raises RefusedByRule where nothing is pending."""
        with self._change(account_id) as posting:
            account = posting.account
            if account.pending_plan is None and account.pending_billing is None:
                raise RefusedByRule(
                    sentence("No change of the plan is pending. Nothing was changed."), code="nothing-pending"
                )
            posting.account = replace(account, pending_plan=None, pending_billing=None)
            return posting.account

    def orders(self, account_id: int, *, before: int | None = None, limit: int = 100) -> list[Order]:
        """The newest first. before: only those older than the order of this number, for the next page."""
        with self._database.connection():
            self.catch_up(account_id)
            return orders.read_orders(self._database, account_id, before, limit)

    def order(self, account_id: int, number: int) -> Order:
        """Raises WrongUsage where there is none of that number."""
        with self._database.connection():
            self.catch_up(account_id)
            return orders.read_order(self._database, account_id, number)

    def owing(self, account_id: int) -> list[Order]:
        """Orders that are due or whose card was declined, the oldest first."""
        with self._database.connection():
            self.catch_up(account_id)
            return orders.read_owed(self._database, account_id)

    def collect(self, account_id: int, *, again: bool = False) -> list[Order]:
        """Asks the payment provider for what is due or not known yet; again: also for what it declined, which
        is an owner's to ask for. What is owed after that. May take as long as a network does. Raises
        PaymentUnreachable."""
        self._database.person.check(Role.OWNER if again else Role.SENDER)
        with self._database.connection():
            self.catch_up(account_id)
            self._collect(account_id, again=again)
            return orders.read_owed(self._database, account_id)

    @retried
    def _asked(self, account_id: int, quote: Quote, key: str) -> int | None:
        """The number of what was ordered under a key, where it is done already or costs nothing; else it is
        asked for."""
        with self._change(account_id, self._person) as posting:
            number = orders.number_of(self._database, account_id, key)
            if number is None:
                self._check(posting, quote)
                number = self._order(posting, quote, key)
            return number

    def _quote_plan(self, posting: Posting, plan: str, billing: str) -> Quote:
        product = posting.product
        return changes.quote_plan(product, product.plan_asked_for(plan), billing, _standing(posting))

    def _quote_purchase(self, posting: Posting, credits: int) -> Quote:
        room = self._room(posting)
        return changes.quote_purchase(posting.product, room, credits, _standing(posting))

    def _check(self, posting: Posting, quote: Quote) -> None:
        """Raises RefusedByRule where a quote isn't what would be done now, or can't be done yet."""
        if orders.open_payments(self._database, posting.account.id):
            raise RefusedByRule(
                sentence(
                    "Another order is being paid at this moment. Nothing was changed. Look at the plan "
                    "again, and order then."
                ),
                code="order-open",
            )
        unpaid = [
            order
            for order in orders.read_owed(self._database, posting.account.id)
            if order.state is OrderState.UNPAID
        ]
        if unpaid and quote.charge_cents:
            raise RefusedByRule(
                sentence(
                    "Order {order} isn't paid yet: the card was declined. Nothing was changed. Put another "
                    "card on file and pay it first.",
                    order=unpaid[0].number,
                ),
                code="unpaid-order",
                order=unpaid[0].number,
            )
        match quote.change:
            case Change.PURCHASE:
                now = self._quote_purchase(posting, quote.credits_now)
            case Change.CANCEL:
                now = changes.quote_cancel(posting.product, _standing(posting))
            case _:
                now = self._quote_plan(posting, quote.to_plan, quote.billing)
        if _essence(now) != _essence(quote):
            raise RefusedByRule(
                sentence(
                    "What this order would do has changed since it was shown. Nothing was changed. Look at "
                    "it again."
                ),
                code="quote-changed",
            )

    def _order(self, posting: Posting, quote: Quote, key: str) -> int | None:
        """Does what costs nothing, and gives the order's number; what costs something is asked for first."""
        if quote.charge_cents:
            orders.ask(posting, key, quote)
            return None
        request = orders.Request(quote.change, quote.to_plan, quote.billing, quote.credits_now)
        return apply(posting, request, key=key, cents=0, paid=None)

    def _room(self, posting: Posting) -> PurchaseRoom | None:
        first = posting.today.replace(day=1)
        (bought,) = self._database.execute(
            'SELECT COALESCE(SUM(credits), 0) FROM "order" '
            "WHERE account_id = ? AND cause = ? AND day >= ? AND day < ?",
            (
                posting.account.id,
                Change.PURCHASE,
                first.isoformat(),
                add_months(first, 1, 1).isoformat(),
            ),
        ).fetchone()
        return purchases.room(posting.product, posting.plan, bought)

    def _used(self, account_id: int, since: date, until: date) -> int:
        (used,) = self._database.execute(
            "SELECT COALESCE(SUM(credits), 0) FROM use_by_day WHERE account_id = ? AND day BETWEEN ? AND ?",
            (account_id, since.isoformat(), until.isoformat()),
        ).fetchone()
        return int(used)


def _essence(quote: Quote) -> tuple[object, ...]:
    """What two quotes must have in common to be the same order."""
    return (
        quote.change,
        quote.from_plan,
        quote.to_plan,
        quote.billing,
        quote.effective,
        quote.charge_cents,
        quote.credits_now,
        quote.next_renewal,
    )


def _standing(posting: Posting) -> Standing:
    period = posting.period
    return Standing(
        account=posting.account,
        period=period,
        today=posting.today,
        left_of_period=sum(lot.remaining for lot in left_of_period(posting)),
        allotted=posting.available[Pool.ALLOTTED],
        available=sum(posting.available.values()),
        busy=period.used + sum(posting.held.values()),
        noted=rows.read_noted(posting.database, posting.account.id, period),
    )
