"""Conversations: what an account and one number wrote each other, and who answers."""

from __future__ import annotations

import heapq
import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol

from store.clock import Clock, instant, micros
from store.database import Database, Table, unit_of_work  # isort: split

from peewee import SQL, Tuple, fn

from store.errors import changed_since
from store.messages import tables
from store.messages.asked import Asks
from store.messages.blasts import message_of
from store.messages.model import NEWEST, Answers, Attachment, Heard, Line, Place, Thread
from store.people.addressbook import AddressBook
from store.people.consent import Consent
from store.prepared import Prepared
from store.roles import Role

ANSWERING = timedelta(seconds=30)
"""So long somebody is seen to be answering after they last said so."""

_Blast, _Message = tables.Blast, tables.Message
_Conversation, _Incoming = tables.Conversation, tables.Incoming

_NOTE_OURS = Prepared(
    lambda _, account, phone, text, at: _Conversation.update(
        last_at=at, last_text=text, last_out=True, unread=0, answering=""
    ).where(*_is(account, phone), _Conversation.last_at <= at)
)


class Emailed(Protocol):
    """Who knows which emails were sent."""

    def __call__(self, account_id: int, address: str, before: int, limit: int) -> list[Line]:
        """What an account wrote to an address, the newest first. before: older than the one of this id, 0
        from the newest."""


class Conversations:
    """Methods may be called from any thread. real: the clock of processes and networks. emailed: knows our
    emails."""

    TABLES: ClassVar[Sequence[type[Table]]] = ()

    def __init__(
        self,
        database: Database,
        people: AddressBook,
        consent: Consent,
        real: Clock,
        emailed: Emailed = lambda account_id, address, before, limit: [],
    ) -> None:
        self._emailed = emailed
        self._database = database
        self._people = people
        self._consent = consent
        self._clock = real

    # Reading

    def threads(
        self,
        account_id: int,
        *,
        unread: bool = False,
        search: str = "",
        answers: int = 0,
        after: Thread | None = None,
        limit: int = 50,
    ) -> list[Thread]:
        """A page of an account's conversations, the latest first. unread: only those with something nobody
        has looked at or decided. search: a part of the number, of a contact's name or of the latest text.
        answers: a blast; only with those who answered it. after: the last one of the page before."""
        found = _Conversation.select().where(_Conversation.account_id == account_id)
        if unread:
            found = found.where((_Conversation.unread > 0) | (_Conversation.asks != ""))
        if after is not None:
            found = found.where(
                Tuple(_Conversation.last_at, _Conversation.phone) < Tuple(micros(after.at), after.phone)
            )
        if search.strip():
            found = found.where(self._matches(search))
        if answers:
            answered = _Incoming.select(_Incoming.phone).where(_Incoming.answers == answers)
            found = found.where(_Conversation.phone.in_(answered))
        order = _Conversation.last_at.desc(), _Conversation.phone.desc()
        with self._database.connection():
            return self._threads(self._database.fetch(found.order_by(*order).limit(limit)))

    def thread(self, account_id: int, phone: str) -> Thread | None:
        """One conversation, None where nobody there has written yet."""
        with self._database.connection():
            rows = self._database.fetch(_Conversation.select().where(*_is(account_id, phone)))
            return next(iter(self._threads(rows)), None)

    def unread(self, account_id: int) -> int:
        """In how many conversations there is something that nobody has looked at."""
        count = _Conversation.select(fn.COUNT(SQL("*"))).where(
            _Conversation.account_id == account_id, _Conversation.unread > 0
        )
        with self._database.connection():
            return int(self._database.scalar(count))

    def lines(
        self, account_id: int, phone: str, *, place: Place = NEWEST, limit: int = 50
    ) -> tuple[list[Line], Place]:
        """A page of a conversation, the newest first, and where the next one goes on. As fast at the hundred
        thousandth line as at the first."""
        with self._database.connection():
            if "@" in phone:
                ours = self._emailed(account_id, phone, place.message, limit)
            else:
                ours = self._ours(account_id, phone, place, limit)
            theirs = self._theirs(account_id, phone, place, limit)
        page = list(heapq.merge(ours, theirs, key=_order, reverse=True))[:limit]
        for line in page:
            if line.out:
                place = place._replace(message=line.id)
            else:
                place = place._replace(came_at=micros(line.at), came_id=line.id)
        return page, place

    def replies(self, account_id: int, phone: str, *, limit: int = 50) -> list[Line]:
        """What came in from one number or address alone, newest first."""
        with self._database.connection():
            return self._theirs(account_id, phone, NEWEST, limit)

    def answers(self, blast_id: int) -> Answers:
        """What came back to a blast."""
        people = fn.COUNT(fn.DISTINCT(_Incoming.phone))
        of_blast = _Incoming.answers == blast_id
        with self._database.connection():
            return Answers(
                int(self._database.scalar(_Incoming.select(people).where(of_blast))),
                int(
                    self._database.scalar(
                        _Incoming.select(people).where(of_blast, _Incoming.asks == Asks.OUT.value)
                    )
                ),
            )

    def heard(self, account_id: int, *, after: int, limit: int = 20) -> list[Heard]:
        """The texts that came in later than the one of this id, oldest first; the latest so many."""
        found = _Incoming.select().where(_Incoming.account_id == account_id, _Incoming.id > after)
        with self._database.connection():
            rows = self._database.fetch(found.order_by(_Incoming.id.desc()).limit(limit))[::-1]
            return self._heard(rows)

    def came(self, ids: Collection[int]) -> dict[int, Heard]:
        """Some texts that came in, by their ids."""
        of_these = self._database.among(_Incoming.id, list(ids))
        with self._database.connection():
            found = self._heard(self._database.fetch(_Incoming.select().where(of_these)))
        return {one.id: one for one in found}

    def _heard(self, rows: Sequence[Any]) -> list[Heard]:
        names = self._named(row.phone for row in rows)
        return [
            Heard(
                row.id,
                row.phone,
                names.get(row.phone, ""),
                row.body,
                instant(row.at),
                len(json.loads(row.media)) if row.media else 0,
            )
            for row in rows
        ]

    def team(self, account_id: int) -> list[str]:
        """The names of those who have answered, or to whom a conversation was given."""
        wrote = _Blast.select(_Blast.person).where(_Blast.account_id == account_id, _Blast.person != "")
        given = _Conversation.select(_Conversation.assigned).where(
            _Conversation.account_id == account_id, _Conversation.assigned != ""
        )
        with self._database.connection():
            names = {row.person for row in self._database.fetch(wrote.distinct())}
            names |= {row.assigned for row in self._database.fetch(given.distinct())}
        return sorted((names | {self._database.person.name}) - {""})

    # Looking after them

    @unit_of_work(Role.SENDER)
    def mark_read(self, account_id: int, phone: str, *, unread: bool = False, back: bool = False) -> None:
        """Notes that somebody looked at all of it; unread: that somebody is to look at it again. back: takes
        the opposite back; raises RefusedByRule where that isn't so any more."""
        there: tuple[Any, ...] = _is(account_id, phone)
        if back:
            there = (*there, _Conversation.unread == 0 if unread else _Conversation.unread == 1)
        change = _Conversation.update(unread=1 if unread else 0)
        if not self._database.run(change.where(*there)) and back:
            raise changed_since()

    @unit_of_work(Role.SENDER)
    def assign(self, account_id: int, phone: str, person: str, *, instead_of: str | None = None) -> None:
        """Says who of the team answers; "" nobody in particular. instead_of: only where that is who it is
        now; raises RefusedByRule where it is another one."""
        there: tuple[Any, ...] = _is(account_id, phone)
        if instead_of is not None:
            there = (*there, _Conversation.assigned == instead_of)
        if (
            not self._database.run(_Conversation.update(assigned=person).where(*there))
            and instead_of is not None
        ):
            raise changed_since()

    @unit_of_work(Role.SENDER)
    def answering(self, account_id: int, phone: str) -> None:
        """Lets the others see for a while that this person is writing an answer."""
        change = _Conversation.update(
            answering=self._database.person.name or "-", answering_until=micros(self._clock.now() + ANSWERING)
        )
        self._database.run_unless_locked(change.where(*_is(account_id, phone)))

    @unit_of_work(Role.SENDER)
    def decide(self, account_id: int, phone: str, *, out: bool) -> None:
        """A person decides what a text meant that may be a refusal: out, which is noted with its words as the
        reason, or nothing of the kind."""
        with self._database.transaction():
            if out:
                said = _Incoming.select(_Incoming.body).where(
                    _Incoming.account_id == account_id,
                    _Incoming.phone == phone,
                    _Incoming.asks == Asks.REFUSAL.value,
                )
                words = self._database.scalar(
                    said.order_by(_Incoming.at.desc(), _Incoming.id.desc()).limit(1)
                )
                self._consent.opt_out(phone, account_id, why=str(words or "")[:200], how="reply")
            self._database.run(_Conversation.update(asks="").where(*_is(account_id, phone)))

    # Rows

    def _threads(self, rows: Iterable[Any]) -> list[Thread]:
        rows = list(rows)
        names = self._named(row.phone for row in rows)
        now, me = micros(self._clock.now()), self._database.person.name or "-"
        return [
            Thread(
                row.phone,
                names.get(row.phone, ""),
                row.last_text,
                instant(row.last_at),
                bool(row.last_out),
                row.unread,
                bool(row.asks),
                row.assigned,
                row.answering if row.answering != me and row.answering_until > now else "",
            )
            for row in rows
        ]

    def _named(self, who: Iterable[str]) -> dict[str, str]:
        """The contacts' names by their numbers and addresses."""
        written = set(who)
        addresses = {one for one in written if "@" in one}
        names = {phone: one.name for phone, one in self._people.by_phones(written - addresses).items()}
        known = {address: self._people.by_email(address) for address in addresses}
        return names | {address: one.name for address, one in known.items() if one is not None}

    def _matches(self, search: str) -> Any:
        """Of conversations: by number, contact or words."""
        people = self._people.contacts(search, limit=1_000)
        named = {number.phone for contact in people for number in contact.numbers if number.phone}
        named |= {address.lower() for contact in people for address in contact.emails}
        digits = "".join(filter(str.isdecimal, search))
        words = search.strip()
        found = self._database.among(_Conversation.phone, named) | _Conversation.last_text.contains(words)
        if "@" in words:
            found |= _Conversation.phone.contains(words.lower())
        return found | _Conversation.phone.contains(digits) if digits else found

    def _ours(self, account_id: int, phone: str, place: Place, limit: int) -> list[Line]:
        found = (
            _Message.select(_Message, _Blast.created_at, _Blast.body, _Blast.notice, _Blast.person)
            .join(_Blast)
            .where(_Message.phone == phone, _Blast.account_id == account_id)
        )
        if place.message:
            found = found.where(_Message.id < place.message)
        rows = self._database.fetch(found.order_by(_Message.id.desc()).limit(limit))
        return [_our_line(row) for row in rows]

    def _theirs(self, account_id: int, phone: str, place: Place, limit: int) -> list[Line]:
        found = _Incoming.select().where(_Incoming.account_id == account_id, _Incoming.phone == phone)
        if place.came_id:
            found = found.where(Tuple(_Incoming.at, _Incoming.id) < Tuple(place.came_at, place.came_id))
        rows = self._database.fetch(found.order_by(_Incoming.at.desc(), _Incoming.id.desc()).limit(limit))
        return [their_line(row) for row in rows]


def wrote(database: Database, account_id: int, phone: str, text: str, at: datetime) -> None:
    """Notes that the latest text is ours: one to this number alone answers it. at: by the account's clock.
    Where nobody there has written, there is no conversation yet."""
    one_line = " ".join(text.split())[:200]
    database.run(_NOTE_OURS(account=account_id, phone=phone, text=one_line, at=micros(at)))


def _is(account_id: Any, phone: Any) -> tuple[Any, Any]:
    return _Conversation.account_id == account_id, _Conversation.phone == phone


def _order(line: Line) -> tuple[datetime, int, bool]:
    """By time; at the same instant of a clock that stands, an answer comes after what it answers."""
    return line.at, line.blast_id, not line.out


def _our_line(row: Any) -> Line:
    message = message_of(row.body, row)
    return Line(
        message.id,
        instant(row.created_at),
        True,
        message.body,
        status=message.status,
        reason=message.reason,
        credits=message.credits,
        blast_id=row.blast_id,
        notice=bool(row.notice),
        by=row.person,
    )


def their_line(row: Any) -> Line:
    """A row of what came in, as a line."""
    return Line(
        row.id,
        instant(row.at),
        False,
        row.body,
        credits=row.credits,
        waived=row.waived,
        media=tuple(Attachment(*each) for each in json.loads(row.media)) if row.media else (),
        asks=row.asks,
        blast_id=row.answers or 0,
        subject=row.subject,
        message_id=row.message_id or "",
        automatic=bool(row.automatic),
    )
