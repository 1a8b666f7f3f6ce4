"""Scheduled texts as they are kept, and the credits that they hold. Within the caller's transactions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from store.clock import instant, local_midnight, micros
from store.credits.ledger import Ledger
from store.credits.model import Account, Use
from store.credits.row_mapping import lock_account
from store.database import Database, retried  # isort: split

from peewee import fn

from store.errors import NotEnoughCredits, WrongUsage
from store.messages import schedule_model as model
from store.messages.drafts import unpacked
from store.messages.model import Draft, MessageKind, Purpose, Repeat, Waiting, When
from store.messages.occurrences import Repeated
from store.messages.schedule_model import Scheduled
from store.messages.tables import Blast, Message, Schedule
from store.prepared import Prepared
from store.sentences import sentence

_OPEN = Waiting.WAITING, Waiting.ASKS
_READ = Schedule.select(Schedule, Blast.body, Blast.purpose, Blast.hold_id, Blast.kind).join(Blast)
_NEXT = Prepared(
    lambda _, account, until: (
        Schedule.select(Schedule.id, Schedule.next_at)
        .where(
            Schedule.account_id == account,
            Schedule.state == Waiting.WAITING.value,
            Schedule.next_at <= until,
        )
        .order_by(Schedule.next_at, Schedule.id)
        .limit(1)
    )
)
_FIRST = Prepared(
    lambda _: (
        Schedule.select(Schedule.account_id, fn.MIN(Schedule.next_at).alias("next_at"))
        .where(Schedule.state == Waiting.WAITING.value)
        .group_by(Schedule.account_id)
    )
)


class Schedules:
    """A row, throughout: of `Schedule`, with body, purpose, hold_id and kind of its blast."""

    def __init__(self, database: Database, ledger: Ledger) -> None:
        self._database = database
        self._ledger = ledger

    # Rows

    def next(self, account_id: int, until: datetime) -> Any:
        """id and next_at of the one that leaves first of those that are due by an instant, or None."""
        found = self._database.fetch(_NEXT(account=account_id, until=micros(until)))
        return next(iter(found), None)

    def first(self) -> dict[int, datetime]:
        """The accounts that have some that wait, and when the first of those leaves."""
        return {row.account_id: instant(row.next_at) for row in self._database.fetch(_FIRST())}

    def take(self, id: int) -> Any:
        """A row that nobody else changes before the transaction ends, and neither its account. Raises
        WrongUsage where there is none."""
        account_id = self._database.scalar(Schedule.select(Schedule.account_id).where(Schedule.id == id))
        if account_id is None:
            raise no_such_scheduled(id)
        lock_account(self._database, account_id)
        return self.row(id)

    def row(self, id: int) -> Any:
        """Raises WrongUsage where there is none."""
        found = self._database.fetch(_READ.where(Schedule.id == id))
        if not found:
            raise no_such_scheduled(id)
        return found[0]

    def of_blast(self, blast_id: int) -> int | None:
        """The id of the one that waits to send more of a blast."""
        found = Schedule.select(Schedule.id).where(Schedule.blast == blast_id, Schedule.state.in_(_OPEN))
        id: int | None = self._database.scalar(found)
        return id

    def all(self, account: Account) -> list[Scheduled]:
        """Those that wait, soonest first, those that ask before all."""
        waiting = Schedule.account_id == account.id, Schedule.state.in_(_OPEN)
        rows = self._database.fetch(_READ.where(*waiting).order_by(Schedule.next_at, Schedule.id))
        got = self._got(row.blast_id for row in rows)
        found = [_scheduled(row, account.timezone, got.get(row.blast_id, 0)) for row in rows]
        return sorted(found, key=lambda one: one.state is not Waiting.ASKS)

    def one(self, row: Any, account: Account) -> Scheduled:
        return _scheduled(row, account.timezone, self._got([row.blast_id]).get(row.blast_id, 0))

    def change(self, row: Any, **values: object) -> None:
        self._database.run(Schedule.update(**values).where(Schedule.id == row.id))

    def ask(self, row: Any, code: str) -> None:
        """It doesn't leave until a person decides."""
        self.change(row, state=Waiting.ASKS, asks=code)

    def doubt(self, account_id: int, until: datetime) -> None:
        """What was due by an instant asks whether it has left."""
        due = Schedule.account_id == account_id, Schedule.next_at <= micros(until)
        asks = Schedule.update(state=Waiting.ASKS, asks=model.RESTORED)
        self._database.run(asks.where(*due, Schedule.state == Waiting.WAITING))

    def end(self, row: Any, state: Waiting) -> None:
        self.change(row, state=state, asks="", next_at=None, held=None)

    def phones(self, blast_id: int) -> Collection[str]:
        """Who got a blast."""
        found = Message.select(Message.phone).where(Message.blast == blast_id).distinct()
        return {row.phone for row in self._database.fetch(found)}

    def _got(self, blasts: Any) -> dict[int, int]:
        """How many people got each of some blasts, where anybody did."""
        people = Message.select(Message.blast, fn.COUNT(Message.phone.distinct()).alias("people"))
        some = people.where(self._database.among(Message.blast, list(blasts))).group_by(Message.blast)
        return {row.blast_id: row.people for row in self._database.fetch(some)}

    # Credits

    def renews_at(self, account: Account) -> datetime:
        """When the account's period ends."""
        period = self._ledger.balance(account.id).period
        return local_midnight(period.ends, account.timezone)

    def begun_period(self, account: Account) -> None:
        """Holds what those need that leave before the next renewal: as of when the period began, where it
        began since they were scheduled."""
        period = self._ledger.balance(account.id).period
        ends = micros(local_midnight(period.ends, account.timezone))
        unheld = Schedule.select(Schedule.id).where(
            Schedule.account_id == account.id,
            Schedule.state == Waiting.WAITING.value,
            Schedule.held.is_null(),
            Schedule.next_at < ends,
        )
        for row in self._database.fetch(unheld.order_by(Schedule.next_at, Schedule.id)):
            with self._ledger.as_of(account.id, local_midnight(period.starts, account.timezone)):
                self._begin(row.id)

    @retried
    def _begin(self, id: int) -> None:
        with self._database.transaction():
            row = self.take(id)
            if row.state == Waiting.WAITING and row.held is None:
                self.hold_or_ask(row)

    def hold_or_ask(self, row: Any) -> bool:
        """Holds what a person agreed to. False: there is too little, so it asks."""
        try:
            self.hold(row, row.agreed_credits, row.agreed_people)
        except NotEnoughCredits:
            self.ask(row, model.CREDITS)
            return False
        return True

    def hold(self, row: Any, credits: int, people: int, *, apart: int = 0, person: str | None = None) -> None:
        """apart: what of the credits goes behind pictures. person: whose doing it is; None: of whoever
        scheduled it. Raises NotEnoughCredits; nothing is held then."""
        mms = row.kind == MessageKind.MMS
        hold_id = self._ledger.hold(
            row.account_id,
            credits,
            cause="blast",
            reference=str(row.blast_id),
            count=people,
            use=Use.MMS if mms else Use.SMS,
            apart={Use.SMS: apart} if apart else {},
            person=row.person if person is None else person,
        )
        self._database.run(Blast.update(hold_id=hold_id).where(Blast.id == row.blast_id))
        self.change(row, held=credits)

    def release(self, row: Any, credits: int, person: str = "") -> None:
        """Gives back what is held and not needed. person: whose doing that is."""
        if credits:
            self._ledger.release(row.hold_id, credits, person=person)


def when_of(row: Any) -> When:
    """When it leaves, its first time."""
    return When(instant(row.at), row.each_at, Repeat(row.repeat), bool(row.later), bool(row.withdraws))


def draft_of(row: Any) -> Draft:
    return unpacked(row.body, row.draft)


def repeated(row: Any, timezone: str) -> Repeated:
    return Repeated(instant(row.at), Repeat(row.repeat), timezone)


def no_such_scheduled(id: int) -> WrongUsage:
    says = sentence("There is no scheduled text {id}. `textmeter scheduled list` lists them all.", id=str(id))
    return WrongUsage(says, code="no-such-scheduled")


def _scheduled(row: Any, timezone: str, got: int) -> Scheduled:
    next_at = instant(row.next_at)
    return Scheduled(
        id=row.id,
        blast_id=row.blast_id,
        account_id=row.account_id,
        body=row.body,
        purpose=Purpose(row.purpose),
        at=repeated(row, timezone).begun(next_at),
        each_at=row.each_at,
        repeat=Repeat(row.repeat),
        later=bool(row.later),
        withdraws=bool(row.withdraws),
        next_at=next_at,
        people=max(row.agreed_people - got, 0),
        credits=row.agreed_credits if row.held is None else row.held,
        held=row.held is not None,
        state=Waiting(row.state),
        code=row.asks if row.state == Waiting.ASKS else "",
        person=row.person,
    )
