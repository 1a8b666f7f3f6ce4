"""Accounts: which there are, how they are brought up to the present and paid for, and how one is changed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime

from store.clock import Clock, check_move, follow, instant, local_date, micros
from store.credits import boundaries, opening, orders
from store.credits import row_mapping as rows
from store.credits.catalog import Plan, Product
from store.credits.catalog_files import Catalog
from store.credits.fulfilment import apply
from store.credits.model import Account, CatchUp, Change
from store.credits.posting import Posting
from store.database import Database, retried
from store.errors import PaymentDeclined, WrongUsage
from store.payments import Declined, Gateway, Paid
from store.payments.gateways import seen_by
from store.roles import Role, needs
from store.sentences import sentence
from store.settings import OwnSettings


class Accounts:
    """What every part of the ledger stands on. for_demos: who charges accounts with a demo clock, so that
    playing takes no money; None: who charges all others."""

    def __init__(
        self,
        database: Database,
        catalog: Catalog,
        clock: Clock,
        gateway: Gateway,
        for_demos: Gateway | None = None,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._clock = clock
        self._gateway = gateway
        self._for_demos = for_demos or gateway

    @property
    def _person(self) -> str:
        """Who changes something, by name."""
        return self._database.person.name

    def gateway(self, account: Account) -> Gateway:
        """Who charges an account's card, as the person at work may use it."""
        return seen_by(self._database.person, self._for_demos if account.demo_clock else self._gateway)

    def accounts(self) -> list[Account]:
        """All accounts as they were last written, in the order in which they were opened."""
        with self._database.connection():
            return rows.read_accounts(self._database)

    def account(self, account_id: int | None = None) -> Account:
        """An account as it was last written, without bringing it up to date. None: the only one, else the
        default one. Raises WrongUsage where none can be told."""
        accounts = {account.id: account for account in self.accounts()}
        if account_id is None and len(accounts) == 1:
            return next(iter(accounts.values()))
        if not accounts:
            raise WrongUsage(
                sentence("There is no account yet. Open one in the app, or with `textmeter account open`."),
                code="no-account",
            )
        if account_id is None:
            default = OwnSettings(self._database).read("account")
            if default is None:
                raise WrongUsage(
                    sentence(
                        "There are several accounts: {accounts}. Name one with --account.",
                        accounts=", ".join(map(str, accounts)),
                    ),
                    code="which-account",
                )
            account_id = int(default)
        if account_id not in accounts:
            raise rows.no_such_account(account_id)
        return accounts[account_id]

    def product(self, account: Account) -> Product:
        """What an account has subscribed to. Raises WrongUsage where the catalog lacks it."""
        return self._catalog.product(account.product)

    def plan(self, account: Account) -> Plan:
        """An account's plan. Raises WrongUsage where the catalog lacks it."""
        return self.product(account).plan(account.plan)

    @needs(Role.OWNER)
    def put_clock(self, account_id: int, to: datetime) -> None:
        """Puts an account's demo clock to an instant; the account is brought up to it when it is asked about
        next. Raises RefusedByRule where that is too far away."""
        account = self.account(account_id)
        check_move(account.clock_floor, to, account.timezone)
        follow(self._clock, account_id, to)

    def catch_up(self, account_id: int) -> CatchUp:
        """Processes the boundaries up to the clock's instant, one by one, the oldest first, each in a
        transaction of its own. A clock set back, before what was processed already, processes nothing."""
        return self._catch_up(account_id)[0]

    def _catch_up(self, account_id: int) -> tuple[CatchUp, datetime]:
        """See `catch_up`; and the instant up to which it was done, the account's own."""
        now = None
        present = crossed = 0
        with self._database.connection():
            while True:
                row = self._database.execute(
                    "SELECT due_at, clock_floor, demo_clock, owing FROM account WHERE id = ?", (account_id,)
                ).fetchone()
                if row is None:
                    raise rows.no_such_account(account_id)
                due_at, floor, demo_clock, owing = row
                if now is None:
                    now = self._clock.of(account_id, instant(floor) if demo_clock else None)
                    present = micros(now)
                if due_at <= present:
                    crossed += self._cross_boundary(account_id, now)
                    continue
                if demo_clock and floor < present:
                    # Time that was played through must not come back, even where nothing was due in it.
                    self._database.execute(
                        "UPDATE account SET clock_floor = ? WHERE id = ? AND clock_floor < ?",
                        (present, account_id, present),
                    )
                if owing and (self._for_demos if demo_clock else self._gateway).local:
                    self._collect(account_id)
                return CatchUp(crossed, clock_set_back=present < floor), now

    @retried
    def _cross_boundary(self, account_id: int, now: datetime) -> int:
        """Processes the next boundary if it is due. The number of boundaries processed: another process may
        have been faster, then none."""
        with self._database.transaction():
            state = rows.read_state(self._database, account_id, to_change=True)
            if state.due_at > micros(now):
                return 0
            posting = Posting(
                self._database, self.product(state.account), state, instant(state.due_at), state.due_on
            )
            boundaries.cross(posting, now)
            posting.save()
        return 1

    @retried
    def _collect(self, account_id: int, *, again: bool = False) -> None:
        """Asks the payment provider for all that is due or not known yet. again: also for what it declined.
        Raises PaymentUnreachable; what is known by then is kept. Raises PaymentDeclined where that was the
        account's first order, so that there is no account any more."""
        gateway = self._gateway_of(account_id)
        for payment in orders.open_payments(self._database, account_id):
            try:
                self._pay(account_id, payment.order_key)
            except PaymentDeclined:
                if payment.opens:
                    raise
        with self._locked(account_id) if gateway.local else contextlib.nullcontext():
            for debt in orders.debts(self._database, account_id, again=again):
                outcome = _charge(gateway, debt.payment)
                with self._locked(account_id):
                    orders.settle_debt(self._database, account_id, debt, outcome)
                    orders.note_owing(self._database, account_id)

    @retried
    def _pay(self, account_id: int, key: str) -> int:
        """Charges what is asked for under a key, then does it; the order's number. Whoever died between the
        two does it again: the provider charges a key once, and the order is recorded once. Raises
        PaymentDeclined and PaymentUnreachable."""
        gateway = self._gateway_of(account_id)
        payment, request = orders.read_payment(self._database, account_id, key)
        outcome = _charge(gateway, payment)
        if isinstance(outcome, Declined):
            self._decline(account_id, key, request)
            raise PaymentDeclined(outcome.says, decline=outcome.code)
        with self._posting(account_id, person=request.person) as posting:
            number = orders.number_of(self._database, account_id, key)
            if number is None:
                number = apply(posting, request, key=key, cents=payment.cents, paid=outcome)
                orders.close_payment(self._database, account_id, key, "paid")
                posting.owing = orders.is_owing(self._database, account_id)
        return number

    @retried
    def _decline(self, account_id: int, key: str, request: orders.Request) -> None:
        with self._locked(account_id):
            if request.change is Change.JOIN:
                opening.remove_account(self._database, account_id)
            else:
                orders.close_payment(self._database, account_id, key, "declined")
                orders.note_owing(self._database, account_id)

    @contextlib.contextmanager
    def _locked(self, account_id: int) -> Iterator[None]:
        """A transaction in which nobody else changes an account."""
        with self._database.transaction():
            rows.lock_account(self._database, account_id)
            yield

    def _gateway_of(self, account_id: int) -> Gateway:
        row = self._database.execute("SELECT demo_clock FROM account WHERE id = ?", (account_id,)).fetchone()
        if row is None:
            raise rows.no_such_account(account_id)
        return self._for_demos if row[0] else self._gateway

    @contextlib.contextmanager
    def _change(self, account_id: int, person: str = "") -> Iterator[Posting]:
        """A transaction that changes one account, at the clock's instant or, where the clock was set back, at
        the last one processed. person: whose doing it is."""
        now = self._catch_up(account_id)[1]
        with self._posting(account_id, now, person) as posting:
            yield posting

    @contextlib.contextmanager
    def _posting(self, account_id: int, now: datetime | None = None, person: str = "") -> Iterator[Posting]:
        """A transaction that changes an account as it stands. now: None is its present."""
        with self._database.transaction():
            state = rows.read_state(self._database, account_id, to_change=True)
            posting = self._begun(state, now)
            posting.person = person
            yield posting
            posting.save()

    @contextlib.contextmanager
    def _looked_at(self, account_id: int) -> Iterator[Posting]:
        """What a change would start from, all of one moment; nothing is written."""
        now = self._catch_up(account_id)[1]
        with self._database.snapshot():
            yield self._begun(rows.read_state(self._database, account_id), now)

    def _begun(self, state: rows.AccountState, now: datetime | None) -> Posting:
        # A boundary may have come meanwhile: what isn't past it yet is done before it.
        before_it = instant(state.due_at - 1)
        at = max(min(now or self._present(state.account), before_it), state.account.clock_floor)
        today = local_date(at, state.account.timezone)
        return Posting(self._database, self.product(state.account), state, at, today)

    def _present(self, account: Account) -> datetime:
        """An account's instant: its clock's or, where that was set back, the last one processed."""
        stood = account.clock_floor if account.demo_clock else None
        return max(self._clock.of(account.id, stood), account.clock_floor)

    def _current(self, account_id: int) -> rows.AccountState:
        with self._database.connection():
            self.catch_up(account_id)
            return rows.read_state(self._database, account_id)


def _charge(gateway: Gateway, payment: orders.Payment) -> Paid | Declined:
    return gateway.charge(key=payment.key, cents=payment.cents, description=payment.description)
