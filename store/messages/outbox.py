"""From queued to an end: every change of a message's status, in one transaction with what it does to the
credits held.

Each change is guarded by the status (and the claim) that it starts from, so that of two processes, or of a
process and a person, one makes it and the other finds it made.

What is done for each message that is sent (it is claimed, accepted or refused) is raw SQL: of 100,000, peewee
would take a minute to write the statements. It writes what is done now and then, or by people.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from store.clock import Clock, instant, micros
from store.credits.ledger import Ledger
from store.database import Database, retried  # isort: split

from peewee import Case, Expression, fn

from store.errors import RefusedByRule
from store.messages.backoff import next_asked
from store.messages.model import Status
from store.messages.standing import (
    ACCEPTED,
    LEFT_AFTER_ALL,
    Standing,
    is_queued,
    is_sending,
    is_sent,
    is_unknown,
)
from store.messages.tables import Blast as _Blast
from store.messages.tables import Message as _Message
from store.sentences import sentence

LEASE = timedelta(seconds=60)
"""How long a worker may take to hand a message over. After that it is taken for dead, and the message for
unknown."""


_CLAIM = "UPDATE message SET status = 'sending', claim = ?, claimed_at = ? WHERE id = ? AND status = 'queued'"
_QUEUED = (
    "SELECT id, blast_id, phone, merge, line, closes_at, part, segments, credits, ? AS claimed_at "
    "FROM message WHERE status = 'queued' AND blast_id = ? ORDER BY id LIMIT ?"
)
_ACCEPT = (
    "UPDATE message SET status = 'sent', provider_id = ?, sent_at = ?, receipt_at = ?, reason = NULL "
    "WHERE id = ? AND claim = ? AND status IN ('sending', 'unknown')"
)
_REFUSE = (
    "UPDATE message SET status = 'failed', reason = ? "
    "WHERE id = ? AND claim = ? AND status IN ('sending', 'unknown')"
)
_UNTIL_THEN = Status.QUEUED, Status.SENDING
"""What has not left, as far as anybody knows."""

_CLAIMED = _Message.select(
    _Message.id,
    _Message.blast,
    _Message.phone,
    _Message.merge,
    _Message.line,
    _Message.closes_at,
    _Message.part,
    _Message.segments,
    _Message.credits,
    _Message.claimed_at,
)


class Claimed(NamedTuple):
    """A message that this worker hands over, or one that is unknown. values: what its merge fields take;
    line: what is below the text; closes_at: as in the table; part: which part of a long text it is, from 0;
    since: when it was claimed, in microseconds."""

    id: int
    blast_id: int
    phone: str
    values: Mapping[str, str]
    line: str
    closes_at: int | None
    part: int
    segments: int
    credits: int
    since: int


class Due(NamedTuple):
    """What there is to do. queued: messages to be sent; awaited: messages under way, whose end isn't known
    yet and may still become known."""

    queued: bool
    awaited: bool


class Outbox(Standing):
    """The messages that haven't come to an end, seen by one worker. clock: real time."""

    def __init__(self, database: Database, ledger: Ledger, clock: Clock) -> None:
        super().__init__(database, ledger, clock)
        self._claim = uuid.uuid4().hex

    def now(self) -> datetime:
        return self._clock.now()

    def due(self) -> Due:
        with self._database.connection():
            return Due(
                queued=self._is_any(is_queued),
                awaited=self._is_any(is_sending) or self._is_any(is_sent, _Message.receipt_at.is_null(False)),
            )

    def waiting(self) -> dict[str, int]:
        """The senders for which something is queued, each with the blast that was begun first."""
        found = dict[str, int]()
        last = 0
        with self._database.connection():
            # By one step in the index for each blast, however many messages it has.
            while blast := self._database.scalar(_next_waiting(last)):
                found.setdefault(self._sender(blast), blast)
                last = blast
        return found

    def claim(self, blast_id: int, limit: int) -> list[Claimed]:
        """Takes queued messages of a blast for this worker and marks them `sending`. Within a transaction."""
        now = self._micros()
        rows = self._database.rows(_QUEUED + self._database.skip_locked, (now, blast_id, limit))
        self._database.executemany(_CLAIM, [(self._claim, now, row.id) for row in rows])
        return [_claimed(row) for row in rows]

    def is_stale(self, message: Claimed) -> bool:
        """Whether so much of a claim's lease is over that the message mustn't be handed over any more."""
        return self._clock.now() - instant(message.since) > LEASE / 2

    @retried
    def accept(self, message: Claimed, provider_id: str, segments: int | None = None) -> None:
        """The provider has it: charged now, where the product is charged on acceptance. Not if it came to
        an end meanwhile, because the answer took too long: then that is noted, and what a person said
        stands. segments: how many the provider counts; those that it doesn't aren't charged."""
        with self._database.transaction():
            blast = self._blast(message.blast_id)
            values = (provider_id, *self._sent_now(blast), message.id, self._claim)
            if self._database.execute(_ACCEPT, values).rowcount:
                self._left(self._recounted(message, blast, segments), blast)
            else:
                for row in self._locked([message.id]):
                    self._recounted_late(row, segments)
                after_all = Case(_Message.status, [(Status.FAILED, LEFT_AFTER_ALL)])
                self._change(
                    {"provider_id": provider_id, "reason": after_all},
                    *self._mine(message),
                    _Message.status.in_([Status.SENT, Status.FAILED]),
                    fn.COALESCE(_Message.provider_id, "") == "",
                )

    @retried
    def refuse(self, message: Claimed, reason: str) -> None:
        """It never left: its credits come back. If a person said meanwhile that it left, and it was paid for,
        that stands, and this is noted."""
        with self._database.transaction():
            blast = self._blast(message.blast_id)
            said_to_have_left = *self._mine(message), is_sent, _Message.provider_id == ""
            if self._database.execute(_REFUSE, (reason, message.id, self._claim)).rowcount:
                self._give_back(blast, [message])
            elif blast.charged_on == ACCEPTED:
                noted = {"reason": "refused-after-all", "receipt_at": None}
                self._change(noted, *said_to_have_left)
            elif self._change({"status": Status.FAILED, "reason": reason}, *said_to_have_left):
                self._give_back(blast, [message])

    @retried
    def put_back(self, message: Claimed) -> None:
        """The provider didn't look at it: queued again, or cancelled if its blast was meanwhile. What has
        become unknown meanwhile failed: people have been told that it isn't sent again by itself."""
        with self._database.transaction():
            self._hold_still(message.blast_id)
            back = {"status": Status.QUEUED, "claim": None, "claimed_at": None}
            if self._change(back, *self._mine(message), is_sending):
                if self._blast(message.blast_id).cancelled:
                    self.cancel(message.blast_id)
            else:
                self.refuse(message, "too-late")

    @retried
    def lose(self, message: Claimed, kind: str = "") -> None:
        """Nobody knows whether it left: its credits stay held. kind: of the error that came instead of an
        answer, if one did."""
        with self._database.transaction():
            reason = f"raised:{kind}" if kind else "no-answer"
            self._change(self._doubted(reason), *self._mine(message), is_sending)

    @retried
    def recover(self) -> None:
        """Messages that a worker took and never came back with are unknown."""
        with self._database.transaction():
            long_ago = _Message.claimed_at < micros(self._clock.now() - LEASE)
            self._change(self._doubted("interrupted"), is_sending, long_ago)

    @retried
    def doubt(self) -> int:
        """Nobody knows of what has not been sent here whether it left: another copy of the database may have
        sent it. How many messages that is."""
        with self._database.transaction():
            begun = _Blast.select(_Blast.created_at).where(_Blast.id == _Message.blast)
            doubted = {**self._doubted("restored"), "claimed_at": begun}
            return self._change(doubted, _Message.status.in_(_UNTIL_THEN))

    def unknown(self, limit: int) -> list[Claimed]:
        """Messages of which nobody knows whether they left, and about which it is time to ask: those first
        that have been due the longest."""
        due = _CLAIMED.where(is_unknown, _Message.lookup_at <= self._micros())
        return [_claimed(row) for row in self._database.fetch(due.order_by(_Message.lookup_at).limit(limit))]

    @retried
    def send_again(self, message: Claimed) -> None:
        """The provider never had an unknown message: it waits again, or is cancelled as its blast was."""
        with self._database.transaction():
            self._hold_still(message.blast_id)
            back = {"status": Status.QUEUED, "claim": None, "claimed_at": None, "reason": None}
            again = self._change(back, _Message.id == message.id, is_unknown)
            if again and self._blast(message.blast_id).cancelled:
                self.cancel(message.blast_id)

    @retried
    def ask_later(self, message: Claimed, *, answered: bool) -> None:
        """Nobody knows yet whether an unknown message left. answered: whether the provider could be asked."""
        again = next_asked(instant(message.since), self._clock.now(), answered=answered)
        with self._database.transaction():
            self._change({"lookup_at": again and micros(again)}, _Message.id == message.id, is_unknown)

    @retried
    def found(self, message: Claimed, provider_id: str, segments: int | None = None) -> bool:
        """The provider's own list has an unknown message: it left. segments: as of `accept`. False where it
        is known by now, or where that is another message with the same words, which a person sent when this
        one didn't seem to leave."""
        with self._database.transaction():
            # Two workers that both ask about texts with the same words find the same one in the list.
            alike = _Message.select(_Message.id).where(is_unknown, _Message.phone == message.phone)
            self._database.fetch(self._database.locking(alike.order_by(_Message.id)))
            if provider_id and self._is_any(_Message.provider_id == provider_id):
                return False
            blast = self._blast(message.blast_id)
            if not self._has_left(message, provider_id, blast, Status.UNKNOWN):
                return False
            self._recounted(message, blast, segments, charged=blast.charged_on == ACCEPTED)
            return True

    @retried
    def resolve(self, message_id: int, *, left: bool, person: str = "") -> None:
        """A person, by name, knows of an unknown message whether it left. Raises RefusedByRule where it isn't
        unknown."""
        with self._database.transaction():
            unknown = self._database.locking(_CLAIMED.where(_Message.id == message_id, is_unknown))
            row = next(iter(self._database.fetch(unknown)), None)
            if row is None:
                raise RefusedByRule(
                    sentence("This text's status is no longer unknown. Nothing was changed."),
                    code="not-unknown",
                )
            message = _claimed(row)
            if left:
                self.found(message, "")
            else:
                self._change({"status": Status.FAILED, "reason": "not-left"}, _Message.id == message_id)
                self._give_back(self._blast(message.blast_id), [message], person)

    @retried
    def cancel(self, blast_id: int, *, person: str = "") -> int:
        """Cancels what has not left and gives its credits back. person: who does that, by name. How many
        messages that were."""
        with self._database.transaction():
            self._hold_still(blast_id)
            # What is being handed over now may come back, and stays cancelled then.
            if self._is_any(_Message.status.in_(_UNTIL_THEN), _Message.blast == blast_id):
                self._database.run(_Blast.update(cancelled=True).where(_Blast.id == blast_id))
            waiting = is_queued, _Message.blast == blast_id
            gone = _Message.update(status=Status.CANCELLED).where(*waiting)
            cancelled = self._database.fetch(gone.returning(_Message.part, _Message.credits))
            if cancelled:
                self._give_back(self._blast(blast_id), cancelled, person)
        return len(cancelled)

    def _hold_still(self, blast_id: int) -> None:
        """Lets nobody cancel a blast, or put a message of it back, before the transaction ends: neither would
        cancel a message that comes back meanwhile."""
        blast = _Blast.select(_Blast.id).where(_Blast.id == blast_id)
        self._database.fetch(self._database.locking(blast))

    def _sender(self, blast_id: int) -> str:
        return str(self._database.row("SELECT sender FROM blast WHERE id = ?", (blast_id,)).sender)

    def _mine(self, message: Claimed) -> tuple[Expression, Expression]:
        """The message, if this worker has it still."""
        return _Message.id == message.id, _Message.claim == self._claim

    def _doubted(self, reason: str) -> dict[str, object]:
        """What is set of a message that is unknown from now on."""
        return {"status": Status.UNKNOWN, "reason": reason, "lookup_at": self._micros()}


def _claimed(row: Any) -> Claimed:
    values = json.loads(row.merge) if row.merge else {}
    about = row.line, row.closes_at, row.part, row.segments, row.credits, row.claimed_at
    return Claimed(row.id, row.blast_id, row.phone, values, *about)


def _next_waiting(blast_id: int) -> Any:
    """The first blast after another one of which something is queued."""
    return _Message.select(fn.MIN(_Message.blast)).where(is_queued, _Message.blast > blast_id)
