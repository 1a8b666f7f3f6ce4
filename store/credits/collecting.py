"""Money: what was ordered is charged first and done then, by a person as by time."""

from __future__ import annotations

import contextlib
from functools import partial

from store.clock import instant
from store.credits import arrears, boundaries, opening, orders
from store.credits import row_mapping as rows
from store.credits.accounts import Accounts
from store.credits.fulfilment import apply
from store.credits.model import Account, Change, OrderState
from store.errors import PaymentDeclined
from store.payments import Declined, Gateway, Paid
from store.payments.gateways import seen_by


class Collecting:
    """for_demos: who charges accounts with a demo clock, so that playing takes no money; None: who charges
    all others. Each step is a transaction of its own, which is made again where others undid it."""

    def __init__(self, accounts: Accounts, gateway: Gateway, for_demos: Gateway | None) -> None:
        self._accounts = accounts
        self._database = accounts.database
        self._gateway = gateway
        self._for_demos = for_demos or gateway

    def gateway(self, *, demo_clock: bool) -> Gateway:
        return self._for_demos if demo_clock else self._gateway

    def gateway_as_seen(self, account: Account | None) -> Gateway:
        """See `Ledger.gateway`."""
        demo_clock = account is not None and account.demo_clock
        return seen_by(self._database.person, self.gateway(demo_clock=demo_clock))

    def collect(self, account_id: int, *, again: bool = False) -> None:
        """Asks the payment provider for all that is due or not known yet. again: also for what it declined.
        Raises PaymentUnreachable; what is known by then is kept. Raises PaymentDeclined where that was the
        account's first order, so that there is no account any more."""
        self._database.retry(lambda: self._collect(account_id, again=again))

    def pay(self, account_id: int, key: str) -> int:
        """Charges what is asked for under a key, then does it; the order's number. Whoever died between the
        two does it again: the provider charges a key once, and the order is recorded once. Raises
        PaymentDeclined and PaymentUnreachable."""
        return self._database.retry(lambda: self._pay(account_id, key))

    def _collect(self, account_id: int, *, again: bool) -> None:
        gateway = self._gateway_of(account_id)
        for payment in orders.open_payments(self._database, account_id):
            try:
                self._pay(account_id, payment.order_key)
            except PaymentDeclined:
                if payment.opens:
                    raise
        with self._accounts.locked(account_id) if gateway.local else contextlib.nullcontext():
            for debt in orders.debts(self._database, account_id, again=again):
                self._settle(account_id, debt, _charge(gateway, debt.payment))

    def _settle(self, account_id: int, debt: orders.Debt, outcome: Paid | Declined) -> None:
        """Notes the answer to a charge. What is owed of an older Textmeter has brought its credits already;
        what time asked for is done at time's instant, which waits for it, and what a person did at the
        present."""
        now = None if debt.state is OrderState.UNPAID else instant(0)
        with self._accounts.posting(account_id, now) as posting:
            owed = arrears.owed(posting) if posting.account.owed else None
            if owed is not None and owed.number == debt.number:
                boundaries.settle(posting, debt, outcome, self._accounts.present(posting.account))
            else:
                orders.settle_debt(self._database, account_id, debt, outcome)
            posting.owing = orders.is_owing(self._database, account_id)

    def charge_at_once(self, *, demo_clock: bool) -> boundaries.Charge:
        """Charges within the present transaction, where no network is needed for that."""
        gateway = self.gateway(demo_clock=demo_clock)
        return partial(_charge, gateway) if gateway.local else lambda payment: None

    def _pay(self, account_id: int, key: str) -> int:
        gateway = self._gateway_of(account_id)
        payment, request = orders.read_payment(self._database, account_id, key)
        outcome = _charge(gateway, payment)
        if isinstance(outcome, Declined):
            self._decline(account_id, key, request)
            raise PaymentDeclined(outcome.says, decline=outcome.code)
        with self._accounts.posting(account_id, person=request.person) as posting:
            number = orders.number_of(self._database, account_id, key)
            if number is None:
                number = apply(posting, request, key=key, cents=payment.cents, paid=outcome)
                orders.close_payment(self._database, account_id, key, "paid")
                posting.owing = orders.is_owing(self._database, account_id)
        return number

    def _decline(self, account_id: int, key: str, request: orders.Request) -> None:
        with self._accounts.locked(account_id):
            if request.change is Change.JOIN:
                opening.remove_account(self._database, account_id)
            else:
                orders.close_payment(self._database, account_id, key, "declined")
                orders.note_owing(self._database, account_id)

    def _gateway_of(self, account_id: int) -> Gateway:
        demo_clock = rows.read_demo_clock(self._database, account_id)
        return self.gateway(demo_clock=demo_clock)


def _charge(gateway: Gateway, payment: orders.Payment) -> Paid | Declined:
    return gateway.charge(key=payment.key, cents=payment.cents, description=payment.description)
