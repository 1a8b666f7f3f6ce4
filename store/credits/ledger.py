"""The ledger's door: every change and question, each in a transaction of its own or in the caller's."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from store.clock import Clock, instant, local_date, micros
from store.credits import boundaries, forecast, holds, opening, pages, rows
from store.credits.catalog import Catalog, Plan, Product
from store.credits.lots import in_order_of_use
from store.credits.model import (
    Account,
    Balance,
    CatchUp,
    Charge,
    Entry,
    Forecast,
    Kind,
    Lot,
    Notice,
    Pool,
    Verification,
)
from store.credits.posting import Posting
from store.credits.tables import TABLES
from store.database import Database, Table
from store.errors import RefusedByRule, WrongUsage
from store.sentences import sentence
from store.settings import Settings

MOST_CHARGED = 1_000_000
"""Segments or MMS that can be charged by hand at once."""


class Ledger:
    """Accounts and their credits.

    Every method that takes an account id first brings that account up to the clock's instant, and raises
    WrongUsage where there is no such account. Methods may be called from any thread; changes made within a
    caller's transaction are committed or undone with it.
    """

    TABLES: ClassVar[Sequence[type[Table]]] = TABLES

    def __init__(self, database: Database, catalog: Catalog, clock: Clock) -> None:
        self._database = database
        self._catalog = catalog
        self._clock = clock

    # Accounts

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
        """Opens an account at the clock's instant: the days left of the period are charged, the plan's full
        number of credits is granted. timezone: an IANA name; country: ISO 3166-1 alpha-2; anchor: a date on
        whose day of the month periods begin, where the product lets one choose. Raises WrongUsage."""
        offer = self._catalog.product(product)
        offer.plan(plan)
        opening.check(offer, timezone, country, billing)
        with self._database.transaction():
            return opening.open_account(
                self._database,
                offer,
                plan,
                timezone,
                country=country,
                billing=billing,
                anchor=anchor,
                demo_clock=demo_clock,
                now=self._clock.now(),
            )

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
            default = Settings(self._database).read("account")
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

    # Time

    def catch_up(self, account_id: int) -> CatchUp:
        """Processes the boundaries up to the clock's instant, one by one, the oldest first, each in a
        transaction of its own. A clock set back, before what was processed already, processes nothing."""
        now = self._clock.now()
        present = micros(now)
        crossed = 0
        with self._database.connection():
            while True:
                row = self._database.execute(
                    "SELECT due_at, clock_floor, demo_clock FROM account WHERE id = ?", (account_id,)
                ).fetchone()
                if row is None:
                    raise rows.no_such_account(account_id)
                due_at, floor, demo_clock = row
                if due_at <= present:
                    crossed += self._cross_boundary(account_id, now)
                    continue
                if demo_clock and floor < present:
                    # Time that was played through must not come back, even where nothing was due in it.
                    self._database.execute(
                        "UPDATE account SET clock_floor = ? WHERE id = ? AND clock_floor < ?",
                        (present, account_id, present),
                    )
                return CatchUp(crossed, clock_set_back=present < floor)

    def _cross_boundary(self, account_id: int, now: datetime) -> int:
        """Processes the next boundary if it is due. The number of boundaries processed: another process may
        have been faster, then none."""
        with self._database.transaction():
            state = rows.read_state(self._database, account_id)
            if state.due_at > micros(now):
                return 0
            posting = Posting(
                self._database, self.product(state.account), state, instant(state.due_at), state.due_on
            )
            boundaries.cross(posting, now)
            posting.save()
        return 1

    @contextlib.contextmanager
    def _change(self, account_id: int) -> Iterator[Posting]:
        """A transaction that changes one account, at the clock's instant or, where the clock was set back, at
        the last one processed."""
        now = self._clock.now()
        self.catch_up(account_id)
        with self._database.transaction():
            state = rows.read_state(self._database, account_id)
            at = max(now, state.account.clock_floor)
            today = local_date(at, state.account.timezone)
            posting = Posting(self._database, self.product(state.account), state, at, today)
            yield posting
            posting.save()

    # What is there

    def balance(self, account_id: int) -> Balance:
        """Where an account stands; takes the same time however long its history is."""
        return self._current(account_id).balance()

    def lots(self, account_id: int) -> list[Lot]:
        """The lots from which something remains, in the order of use."""
        with self._database.connection():
            self.catch_up(account_id)
            return in_order_of_use(rows.read_lots(self._database, account_id))

    def next_expiry(self, account_id: int) -> Lot | None:
        """The lot of which something remains that expires next."""
        lots = [lot for lot in self.lots(account_id) if lot.expires_on]
        return min(lots, key=lambda lot: (lot.expires_on or date.max, lot.id), default=None)

    def _current(self, account_id: int) -> rows.AccountState:
        with self._database.connection():
            self.catch_up(account_id)
            return rows.read_state(self._database, account_id)

    # Using credits

    def hold(self, account_id: int, credits: int, *, cause: str, reference: str, count: int = 0) -> int:
        """Reserves credits for something that is under way, and writes its line: cause, reference and count
        are the entry's. The hold's id. Raises NotEnoughCredits; nothing is held then."""
        with self._change(account_id) as posting:
            return holds.hold(posting, credits, cause=cause, reference=reference, count=count).id

    def settle(self, hold_id: int, credits: int) -> None:
        """Turns a part of a hold into used credits, of the period and day in which it is settled. Raises
        ValueError where less is held."""
        with self._database.connection():
            hold = holds.read_hold(self._database, hold_id)
            with self._change(hold.account_id) as posting:
                holds.settle(posting, hold, credits)

    def release(self, hold_id: int, credits: int) -> None:
        """Gives a part of a hold back, with its line. Raises ValueError where less is held."""
        with self._database.connection():
            hold = holds.read_hold(self._database, hold_id)
            with self._change(hold.account_id) as posting:
                holds.release(posting, hold, credits)

    def charge(self, account_id: int, segments: int, *, mms: bool = False, inbound: bool = False) -> Charge:
        """Records use on an account with a demo clock, to play a rule through: domestic texts of so many
        segments in all, or so many MMS. A reply is received even where it can't be paid: the rest is waived.
        Raises RefusedByRule on other accounts, WrongUsage for an amount out of bounds, and NotEnoughCredits
        for texts sent; nothing is charged then."""
        with self._change(account_id) as posting:
            if not posting.account.demo_clock:
                raise RefusedByRule(
                    sentence(
                        "Use is recorded by hand only on an account with a demo clock. Nothing was charged. "
                        "Make one in another database with `textmeter account open --demo-clock`."
                    ),
                    code="no-demo-clock",
                )
            if not 1 <= segments <= MOST_CHARGED:
                raise WrongUsage(
                    sentence("Give a number from {least} to {most}.", least=1, most=MOST_CHARGED),
                    code="no-such-number",
                )
            due = segments * posting.product.domestic_rate(mms)
            if inbound and not posting.product.inbound_charged:
                due = 0
            available = sum(posting.available.values())
            charged = min(due, available) if inbound else due
            cause = "reply" if inbound else "charge"
            if charged:
                holds.settle(
                    posting, holds.hold(posting, charged, cause=cause, reference="", count=0), charged
                )
            if waived := due - charged:
                posting.enter(Pool.ALLOTTED, Kind.WAIVED, 0, cause=cause, reference="", waived=waived)
            return Charge(charged, waived, available - charged)

    def once(self, account_id: int, key: str, request: str, act: Callable[[], Any]) -> Any:
        """Does something under a key: a second call with the same key and request returns the first one's
        result, or raises its refusal, without doing it again. act runs in this transaction and returns a JSON
        value. Raises RefusedByRule where the key was used for another request."""
        from store.credits import operations  # by those only who give a key

        return operations.once(self._database, account_id, key, request, act)

    # What was

    def history(
        self,
        account_id: int,
        *,
        pool: Pool | None = None,
        kind: Kind | None = None,
        since: date | None = None,
        until: date | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> list[Entry]:
        """Lines of the history, the newest first. since, until: local days, both included. before: only lines
        older than the one of that seq, for the next page."""
        with self._database.connection():
            self.catch_up(account_id)
            return pages.read_page(
                self._database,
                account_id,
                pool=pool,
                kind=kind,
                since=since,
                until=until,
                before=before,
                limit=limit,
            )

    def daily_use(self, account_id: int, since: date, until: date) -> dict[date, int]:
        """Credits settled on each local day from since to until, both included; 0 where nothing was."""
        days = {since + timedelta(days=number): 0 for number in range((until - since).days + 1)}
        with self._database.connection():
            self.catch_up(account_id)
            used = self._database.execute(
                "SELECT day, SUM(credits) FROM daily_use "
                "WHERE account_id = ? AND day BETWEEN ? AND ? GROUP BY day",
                (account_id, since.isoformat(), until.isoformat()),
            )
            return days | {date.fromisoformat(day): credits for day, credits in used}

    def forecast(self, account_id: int) -> Forecast:
        """When what is available runs out at the pace of the last 30 days."""
        with self._database.connection():
            state = self._current(account_id)
            account = state.account
            today = local_date(max(self._clock.now(), account.clock_floor), account.timezone)
            used = self.daily_use(account_id, today - timedelta(days=forecast.DAYS - 1), today)
        return forecast.forecast(
            sum(state.available.values()),
            sum(used.values()),
            local_date(account.opened_at, account.timezone),
            today,
        )

    # Notices

    def notices(self, account_id: int, limit: int = 50) -> list[Notice]:
        """Thresholds reached, the newest first; of a group reached at once, only the highest has channels."""
        with self._database.connection():
            self.catch_up(account_id)
            newest = rows.read_notices(
                self._database, "WHERE account_id = ? ORDER BY id DESC LIMIT ?", account_id, limit
            )
            return newest[::-1]

    def reached(self, account_id: int) -> frozenset[int]:
        """The thresholds (percent) noted since credits were last added in this period: none of them is told
        again before more are."""
        with self._database.connection():
            period = self._current(account_id).period
            found = self._database.execute(
                "SELECT threshold FROM notice WHERE account_id = ? AND period_index = ? AND epoch = ?",
                (account_id, period.index, period.epoch),
            )
            return frozenset(threshold for (threshold,) in found)

    def notices_to_show(self, account_id: int) -> list[Notice]:
        """Notices not shown on the screen yet, the oldest first."""
        with self._database.connection():
            self.catch_up(account_id)
            return rows.read_notices(
                self._database,
                "WHERE account_id = ? "
                "AND id IN (SELECT notice_id FROM outbox WHERE channel = 'screen' AND NOT done)",
                account_id,
            )

    def mark_shown(self, notice_ids: Sequence[int]) -> None:
        """Notes that notices were shown on the screen."""
        with self._database.transaction():
            self._database.executemany(
                "UPDATE outbox SET done = ? WHERE notice_id = ? AND channel = 'screen'",
                [(True, notice_id) for notice_id in notice_ids],
            )

    # Proof

    def verify(self) -> Verification:
        """Replays all entries and says whether balances, lots, holds and periods agree with them."""
        from store.credits.verify import verify  # by those only who ask

        with self._database.snapshot():
            return verify(self._database)
