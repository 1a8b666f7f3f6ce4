"""The ledger's door: every change and question, each in a transaction of its own or in the caller's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from store.clock import local_date
from store.credits import forecast, holds
from store.credits import row_mapping as rows
from store.credits.history import History
from store.credits.lots import in_order_of_use
from store.credits.model import (
    Balance,
    Charge,
    Forecast,
    Kind,
    Lot,
    Notice,
    Period,
    Pool,
    Use,
    Verification,
)
from store.credits.ordering import Ordering
from store.credits.tables import TABLES
from store.database import Table, retried
from store.errors import RefusedByRule, WrongUsage
from store.roles import Role, needs
from store.sentences import sentence

MOST_CHARGED = 1_000_000
"""Segments or MMS that can be charged by hand at once."""

PLAYED_THROUGH = "US"
"""Where texts that are charged by hand go."""


class Ledger(Ordering, History):
    """Accounts and their credits: what is ordered and what time brings (`Ordering`, `Accounts`), what was
    (`History`), and here what is there and what is used.

    Every method that takes an account id first brings that account up to the clock's instant, and raises
    WrongUsage where there is no such account. Methods may be called from any thread; changes made within a
    caller's transaction are committed or undone with it.
    """

    TABLES: ClassVar[Sequence[type[Table]]] = TABLES

    # What is there

    def balance(self, account_id: int) -> Balance:
        """Where an account stands; takes the same time however long its history is."""
        return self._current(account_id).balance()

    def present(self, account_id: int) -> datetime:
        """An account's instant: its clock's or, where that was set back, the last one processed."""
        return self._present(self._current(account_id).account)

    def today(self, account_id: int) -> date:
        """The local day of an account's present."""
        account = self._current(account_id).account
        return local_date(self._present(account), account.timezone)

    def lots(self, account_id: int) -> list[Lot]:
        """The lots from which something remains, in the order of use."""
        with self._database.connection():
            self.catch_up(account_id)
            return in_order_of_use(rows.read_lots(self._database, account_id))

    def next_expiry(self, account_id: int) -> tuple[date, int] | None:
        """The day on which credits expire next, and how many of those that remain."""
        gone: Counter[date] = Counter()
        for lot in self.lots(account_id):
            if lot.expires_on is not None:
                gone[lot.expires_on] += lot.remaining
        return min(gone.items(), default=None)

    # Using credits

    @needs(Role.SENDER)
    @retried
    def hold(
        self,
        account_id: int,
        credits: int,
        *,
        cause: str,
        reference: str,
        count: int = 0,
        use: Use = Use.SMS,
        person: str = "",
    ) -> int:
        """Reserves credits for something that is under way, and writes its line: cause, reference, count and
        person are the entry's. The hold's id. Raises NotEnoughCredits; nothing is held then."""
        with self._change(account_id, person) as posting:
            return holds.hold(posting, credits, cause=cause, reference=reference, count=count, use=use).id

    @needs(Role.SENDER)
    @retried
    def settle(self, hold_id: int, credits: int) -> None:
        """Turns a part of a hold into used credits, of the period and day in which it is settled. Raises
        ValueError where less is held."""
        with self._database.connection():
            hold = holds.read_hold(self._database, hold_id)
            with self._change(hold.account_id) as posting:
                holds.settle(posting, hold, credits)

    @needs(Role.SENDER)
    @retried
    def release(self, hold_id: int, credits: int, *, person: str = "") -> None:
        """Gives a part of a hold back, with its line; person: the entry's. Raises ValueError where less is
        held."""
        with self._database.connection():
            hold = holds.read_hold(self._database, hold_id)
            with self._change(hold.account_id, person) as posting:
                holds.release(posting, hold, credits)

    @needs(Role.OWNER)
    @retried
    def charge(self, account_id: int, segments: int, *, mms: bool = False, inbound: bool = False) -> Charge:
        """Records use on an account with a demo clock, to play a rule through: texts to the United States of
        so many segments in all, or so many MMS or emails. A reply is received even where it can't be paid:
        the rest is waived. Raises RefusedByRule on other accounts, WrongUsage for an amount out of bounds,
        and NotEnoughCredits for what is sent; nothing is charged then."""
        with self._change(account_id, self._person) as posting:
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
            due = segments * posting.product.rate(PLAYED_THROUGH, mms)
            if inbound and not posting.product.inbound_charged:
                due = 0
            available = sum(posting.available.values())
            charged = min(due, available) if inbound else due
            cause, use = "charge", Use.MMS if mms else Use.SMS
            if inbound:
                cause, use = "reply", Use.REPLY
            elif posting.product.sends == "emails":
                use = Use.EMAIL
            if charged:
                held = holds.hold(posting, charged, cause=cause, reference="", count=0, use=use)
                holds.settle(posting, held, charged)
            if waived := due - charged:
                posting.enter(Pool.ALLOTTED, Kind.WAIVED, 0, cause=cause, reference="", waived=waived)
            return Charge(charged, waived, available - charged)

    @needs(Role.SENDER)
    @retried
    def once(self, account_id: int, key: str, request: str, act: Callable[[], Any]) -> Any:
        """Does something under a key: a second call with the same key and request returns the first one's
        result, or raises its refusal, without doing it again. act runs in this transaction and returns a JSON
        value. Raises RefusedByRule where the key was used for another request."""
        from store.credits import idempotency  # by those only who give a key

        return idempotency.once(self._database, account_id, key, request, act)

    # What was used

    def uses(self, account_id: int, since: date, until: date) -> dict[date, dict[Use, int]]:
        """Credits settled on each local day from since to until, both included, by what they were used for;
        empty where nothing was."""
        days: dict[date, dict[Use, int]] = {
            since + timedelta(days=number): {} for number in range((until - since).days + 1)
        }
        with self._database.connection():
            self.catch_up(account_id)
            used = self._database.execute(
                "SELECT day, use, credits FROM use_by_day "
                "WHERE account_id = ? AND day BETWEEN ? AND ? ORDER BY day, use",
                (account_id, since.isoformat(), until.isoformat()),
            )
            for day, use, credits in used:
                days[date.fromisoformat(day)][Use(use)] = credits
        return days

    def daily_use(self, account_id: int, since: date, until: date) -> dict[date, int]:
        """Credits settled on each local day from since to until, both included; 0 where nothing was."""
        return {day: sum(uses.values()) for day, uses in self.uses(account_id, since, until).items()}

    def use_by_kind(self, account_id: int, since: date, until: date) -> dict[Use, int]:
        """Credits settled from one local day to another, both included, by what they were used for; 0 where
        nothing was."""
        days = self.uses(account_id, since, until).values()
        return {use: sum(uses.get(use, 0) for uses in days) for use in Use}

    def periods(self, account_id: int) -> list[Period]:
        """All periods that an account has had, the oldest first."""
        with self._database.connection():
            self.catch_up(account_id)
            return rows.read_periods(self._database, account_id)

    def forecast(self, account_id: int) -> Forecast:
        """When what is available runs out at the pace of the last 30 days."""
        with self._database.connection():
            state = self._current(account_id)
            account = state.account
            today = local_date(self._present(account), account.timezone)
            used = self.daily_use(account_id, today - timedelta(days=forecast.DAYS - 1), today)
            lots = in_order_of_use(rows.read_lots(self._database, account_id))
        return forecast.forecast(
            lots,
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
            return rows.read_noted(self._database, account_id, self._current(account_id).period)

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

    @needs(Role.SENDER)
    @retried
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
