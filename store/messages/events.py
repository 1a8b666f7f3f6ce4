"""What comes in: written down first, under the provider's own name for it, then applied, once.

A poll or a call may tell of a thing as often as it likes, late and in any order, and a process may end at any
point: what is written down is applied by whoever works next.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple, TypeAlias

from store.clock import Clock, instant, micros
from store.database import Database, retried  # isort: split

from peewee import fn

from store.errors import DatabaseTrouble
from store.messages.incoming import Incoming
from store.messages.model import Status
from store.messages.providers import Event, MediaFact, Price, Receipt, Reply
from store.messages.receipts import Receipts
from store.messages.tables import Event as _Event
from store.messages.tables import Sender as _Sender
from store.prepared import Place, Prepared, listed
from store.texts.alphabet import storable

AT_ONCE = 500
"""Events in one transaction."""
TRIED_AGAIN = timedelta(seconds=5)
STRANGER_AFTER = timedelta(minutes=10)
"""A receipt may be faster than the answer that its message was taken; after so long it belongs to none."""
KEPT = timedelta(days=30)
"""Receipts; a reply is kept as long as its conversation."""

_KEEP = (
    "INSERT INTO event (sender, event_id, kind, data, account_id, came_at, due_at, outcome) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, '') ON CONFLICT (sender, event_id) DO NOTHING"
)
_APPLIED = "UPDATE event SET due_at = ?, outcome = ? WHERE id = ?"


def _of_due(database: Database, columns: Sequence[Any], now: Place, kinds: Place) -> Any:
    return _Event.select(*columns).where(_Event.due_at <= now, database.among(_Event.kind, kinds))


_IS_ANY_DUE = Prepared(lambda database, now, kinds: _of_due(database, [_Event.id], now, kinds).limit(1))
_DUE = Prepared(
    lambda database, now, kinds, limit: database.locking(
        _of_due(database, [], now, kinds).order_by(_Event.due_at, _Event.id).limit(limit), skip_locked=True
    )
)
_OUTCOME = Prepared(
    lambda _, sender, event_id: _Event.select(_Event.outcome).where(
        _Event.sender == sender, _Event.event_id == event_id
    )
)


class Kept(NamedTuple):
    """An event as it came in, for who follows them. at: real time; data: as the provider told it."""

    id: int
    at: datetime
    sender: str
    kind: str
    data: dict[str, Any]
    outcome: str


Done: TypeAlias = tuple[int | None, str, int]
"""When an event is tried again, None for never; what came of it; its number."""


class Applying(ABC):
    """Applies events of some kinds, each once, by anybody's writing. clock: real time."""

    KINDS: ClassVar[tuple[str, ...]]

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @abstractmethod
    def take(self, rows: Sequence[Any], now: datetime) -> tuple[list[Done], set[int]]:
        """Does what some events bring with them, within the transaction that notes so: what came of each, and
        the ids of what was changed by that."""

    def apply(self) -> set[int]:
        """Applies all that is due. The ids of what was changed: blasts whose messages came to an end."""
        touched, number = set[int](), AT_ONCE
        while self._is_any_due():
            try:
                found = self._apply(number)
            except DatabaseTrouble:
                raise
            except Exception as error:  # noqa: BLE001 - one that can't be applied keeps no other waiting
                if number > 1:
                    number = 1
                else:
                    self._give_up(type(error).__name__)
                continue
            if found is None:  # others are at it
                break
            touched |= found
        return touched

    def _is_any_due(self) -> bool:
        with self._database.connection():
            return self._database.scalar(_IS_ANY_DUE(**self._whichever_are())) is not None

    @retried
    def _apply(self, limit: int) -> set[int] | None:
        """Applies some, in one transaction; None where others have taken all of them."""
        now = self._clock.now()
        with self._database.transaction():
            rows = self._due(limit)
            if not rows:
                return None
            done, touched = self.take(rows, now)
            self._database.executemany(_APPLIED, done)
        return touched

    @retried
    def _give_up(self, kind: str) -> None:
        """Passes over the first one, which can't be applied."""
        with self._database.transaction():
            for row in self._due(1):
                self._database.execute(_APPLIED, (None, f"error:{kind}", row.id))

    def _due(self, limit: int) -> list[Any]:
        return self._database.fetch(_DUE(**self._whichever_are(), limit=limit))

    def _whichever_are(self) -> dict[str, object]:
        return {"now": micros(self._clock.now()), "kinds": listed(self.KINDS)}


class Events(Applying):
    """Receipts and replies of providers."""

    KINDS = "receipt", "reply"

    def __init__(self, database: Database, receipts: Receipts, incoming: Incoming, clock: Clock) -> None:
        super().__init__(database, clock)
        self._receipts = receipts
        self._incoming = incoming

    @retried
    def keep(
        self,
        sender: str,
        events: Sequence[Event],
        *,
        cursor: str | None = None,
        account_id: int | None = None,
    ) -> None:
        """Writes events down that aren't there yet. cursor: where the next poll goes on, noted with them.
        account_id: for which account they are said to be."""
        now = micros(self._clock.now())
        rows = [
            (sender, storable(one.event_id), _kind(one), _data(one), account_id, now, now) for one in events
        ]
        if not rows and (cursor is None or cursor == self.cursor(sender)):
            return
        with self._database.transaction():
            self._database.executemany(_KEEP, rows)
            if cursor is not None:
                move_on = _Sender.update(cursor=cursor).where(_Sender.id == sender)
                self._database.run(move_on)

    def cursor(self, sender: str) -> str:
        """Where the next poll of a sender goes on."""
        found = _Sender.select(_Sender.cursor).where(_Sender.id == sender)
        with self._database.connection():
            return str(self._database.scalar(found) or "")

    def follow(self, after: int, limit: int = AT_ONCE) -> list[Kept]:
        """Events in the order in which they came in. after: the last one's number of the page before."""
        found = _Event.select().where(_Event.id > after).order_by(_Event.id).limit(limit)
        with self._database.connection():
            return [
                Kept(row.id, instant(row.came_at), row.sender, row.kind, json.loads(row.data), row.outcome)
                for row in self._database.fetch(found)
            ]

    def last(self) -> int:
        """The number of the one that came in last, 0 where none did."""
        with self._database.connection():
            return int(self._database.scalar(_Event.select(fn.MAX(_Event.id))) or 0)

    def outcome(self, sender: str, event_id: str) -> str:
        """What came of an event."""
        return str(self._database.scalar(_OUTCOME(sender=sender, event_id=event_id)) or "")

    @retried
    def prune(self) -> None:
        """Forgets receipts and bounces that counted long ago."""
        long_ago = micros(self._clock.now() - KEPT)
        old = _Event.kind.in_(("receipt", "bounce")) & (_Event.came_at < long_ago) & _Event.due_at.is_null()
        if self._database.scalar(_Event.select(_Event.id).where(old).limit(1)) is not None:
            self._database.run(_Event.delete().where(old))

    def take(self, rows: Sequence[Any], now: datetime) -> tuple[list[Done], set[int]]:
        done, touched = list[Done](), set[int]()
        for sender in dict.fromkeys(row.sender for row in rows if row.kind == "receipt"):
            of_sender = [row for row in rows if row.kind == "receipt" and row.sender == sender]
            ended, strangers = self._receipts.end(sender, [_receipt(row) for row in of_sender])
            touched |= ended
            for row in of_sender:
                if row.event_id not in strangers:
                    done.append((None, "", row.id))
                elif now - instant(row.came_at) < STRANGER_AFTER:
                    done.append((micros(now + TRIED_AGAIN), "", row.id))
                else:
                    done.append((None, "stranger", row.id))
        for row in rows:
            if row.kind == "reply":
                outcome = self._incoming.take(row.sender, _reply(row), row.account_id)
                done.append((None, outcome, row.id))
        return done, touched


def _kind(event: Event) -> str:
    return "receipt" if isinstance(event, Receipt) else "reply"


def _data(event: Event) -> str:
    """An event as it is kept, without what has a column of its own."""
    if isinstance(event, Receipt):
        about: dict[str, object] = {
            "status": event.status.value,
            "message": event.message,
            "provider_id": event.provider_id,
            "reason": event.reason,
            "segments": event.segments,
            "price": event.price and (str(event.price.amount), event.price.currency),
            "unsettled": event.unsettled,
        }
    else:
        about = {
            "number": event.number,
            "body": event.body,
            "at": event.at and micros(event.at),
            "media": event.media,
            "segments": event.segments,
        }
    return json.dumps({name: value for name, value in about.items() if value})


def _receipt(row: Any) -> Receipt:
    data = json.loads(row.data)
    if "price" in data:
        amount, currency = data["price"]
        data["price"] = Price(Decimal(amount), currency)
    return Receipt(row.event_id, **{**data, "status": Status(data["status"])})


def _reply(row: Any) -> Reply:
    data = json.loads(row.data)
    return Reply(
        row.event_id,
        data.get("number", ""),
        data.get("body", ""),
        instant(data["at"]) if "at" in data else instant(row.came_at),
        tuple(MediaFact(*each) for each in data.get("media", ())),
        data.get("segments", 1),
    )
