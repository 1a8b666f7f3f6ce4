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
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from store.clock import Clock, instant, micros
from store.credits.ledger import Ledger
from store.credits.model import Use
from store.database import Database, retried  # isort: split

from peewee import SQL, Case, Expression, fn

from store.errors import RefusedByRule
from store.messages.backoff import NO_RECEIPT_AFTER, SOONEST, next_asked
from store.messages.model import Status
from store.messages.providers import Receipt, Sent
from store.messages.tables import Blast as _Blast
from store.messages.tables import Message as _Message
from store.sentences import sentence

ACCEPTED = "accepted"
"""As a blast's `charged_on`: its messages are paid for when the provider takes them; else when it delivers
them, and their credits stay held until then."""

LEASE = timedelta(seconds=60)
"""How long a worker may take to hand a message over. After that it is taken for dead, and the message for
unknown."""


_CLAIM = "UPDATE message SET status = 'sending', claim = ?, claimed_at = ? WHERE id = ? AND status = 'queued'"
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

# Written out, since an index that is for one status only isn't used where the status is a parameter.
_is_sent = _Message.status == SQL("'sent'")
_is_unknown = _Message.status == SQL("'unknown'")
_is_queued = _Message.status == Status.QUEUED
_is_sending = _Message.status == Status.SENDING
_CLAIMED = _Message.select(
    _Message.id,
    _Message.blast,
    _Message.phone,
    _Message.merge,
    _Message.part,
    _Message.credits,
    _Message.claimed_at,
)


class Claimed(NamedTuple):
    """A message that this worker hands over, or one that is unknown. values: what its merge fields take;
    part: which part of a long text it is, from 0; since: when it was claimed, in microseconds."""

    id: int
    blast_id: int
    phone: str
    values: Mapping[str, str]
    part: int
    credits: int
    since: int


class Due(NamedTuple):
    """What there is to do. queued: messages to be sent; awaited: messages under way, whose end isn't known
    yet and may still become known."""

    queued: bool
    awaited: bool


class Outbox:
    """The messages that haven't come to an end, seen by one worker. clock: real time."""

    def __init__(self, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock
        self._claim = uuid.uuid4().hex

    def now(self) -> datetime:
        return self._clock.now()

    def due(self) -> Due:
        with self._database.connection():
            return Due(
                queued=self._is_any(_is_queued),
                awaited=self._is_any(_is_sending)
                or self._is_any(_is_sent, _Message.receipt_at.is_null(False)),
            )

    @retried
    def claim(self) -> Claimed | None:
        """Takes the next queued message for this worker and marks it `sending`."""
        with self._database.transaction():
            now = self._micros()
            row = self._database.row(
                "SELECT id, blast_id, phone, merge, part, credits, ? AS claimed_at FROM message "
                "WHERE status = 'queued' ORDER BY blast_id, id LIMIT 1" + self._database.skip_locked,
                (now,),
            )
            if row is None:
                return None
            taken = self._database.execute(_CLAIM, (self._claim, now, row.id)).rowcount
        return _claimed(row) if taken else None

    def is_stale(self, message: Claimed) -> bool:
        """Whether so much of a claim's lease is over that the message mustn't be handed over any more."""
        return self._clock.now() - instant(message.since) > LEASE / 2

    @retried
    def accept(self, message: Claimed, provider_id: str) -> None:
        """The provider has it: charged now, where the product is charged on acceptance. Not if it came to
        an end meanwhile, because the answer took too long: then that is noted, and what a person said
        stands."""
        with self._database.transaction():
            blast = self._blast(message.blast_id)
            values = (provider_id, *self._sent_now(blast), message.id, self._claim)
            if self._database.execute(_ACCEPT, values).rowcount:
                self._left(message, blast)
            else:
                after_all = Case(_Message.status, [(Status.FAILED, "left-after-all")])
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
            said_to_have_left = *self._mine(message), _is_sent, _Message.provider_id == ""
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
            if self._change(back, *self._mine(message), _is_sending):
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
            self._change(self._doubted(reason), *self._mine(message), _is_sending)

    @retried
    def recover(self) -> None:
        """Messages that a worker took and never came back with are unknown."""
        with self._database.transaction():
            long_ago = _Message.claimed_at < micros(self._clock.now() - LEASE)
            self._change(self._doubted("interrupted"), _is_sending, long_ago)

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
        due = _CLAIMED.where(_is_unknown, _Message.lookup_at <= self._micros())
        return [_claimed(row) for row in self._database.fetch(due.order_by(_Message.lookup_at).limit(limit))]

    @retried
    def ask_later(self, message: Claimed, *, answered: bool) -> None:
        """Nobody knows yet whether an unknown message left. answered: whether the provider could be asked."""
        again = next_asked(instant(message.since), self._clock.now(), answered=answered)
        with self._database.transaction():
            self._change({"lookup_at": again and micros(again)}, _Message.id == message.id, _is_unknown)

    @retried
    def found(self, message: Claimed, provider_id: str) -> bool:
        """The provider's own list has an unknown message: it left. False where it is known by now, or where
        that is another message with the same words, which a person sent when this one didn't seem to
        leave."""
        with self._database.transaction():
            # Two workers that both ask about texts with the same words find the same one in the list.
            alike = _Message.select(_Message.id).where(_is_unknown, _Message.phone == message.phone)
            self._database.fetch(self._database.locking(alike.order_by(_Message.id)))
            if provider_id and self._is_any(_Message.provider_id == provider_id):
                return False
            blast = self._blast(message.blast_id)
            sent_at, receipt_at = self._sent_now(blast)
            sent = {
                "status": Status.SENT,
                "provider_id": provider_id,
                "claimed_at": self._micros(),  # its receipt is waited for from now on
                "sent_at": sent_at,
                "receipt_at": receipt_at,
                "reason": None,
            }
            if not self._change(sent, _Message.id == message.id, _is_unknown):
                return False
            self._left(message, blast)
        return True

    @retried
    def resolve(self, message_id: int, *, left: bool, person: str = "") -> None:
        """A person, by name, knows of an unknown message whether it left. Raises RefusedByRule where it isn't
        unknown."""
        with self._database.transaction():
            unknown = self._database.locking(_CLAIMED.where(_Message.id == message_id, _is_unknown))
            row = next(iter(self._database.fetch(unknown)), None)
            if row is None:
                raise RefusedByRule(
                    sentence("It is known by now what became of this text. Nothing was changed."),
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
            waiting = _is_queued, _Message.blast == blast_id
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

    def awaited(self, limit: int) -> list[Sent]:
        """Messages for whose receipts it is time to ask: those first that have been due the longest."""
        now = self._clock.now()
        found = dict[int, Sent]()
        for account in self._ledger.accounts():
            if account.demo_clock and len(found) < limit:
                found |= self._by_a_demo_clock(account.id, limit - len(found), now)
        for row in self._due_receipts(limit - len(found), _Message.receipt_at <= micros(now)):
            found.setdefault(row.id, Sent(row.id, row.provider_id, row.phone, instant(row.claimed_at)))
        return list(found.values())

    def _by_a_demo_clock(self, account_id: int, limit: int, now: datetime) -> dict[int, Sent]:
        """Those of an account whose clock was set ahead so far that it is time by that."""
        there = micros(self._ledger.present(account_id))
        rows = self._due_receipts(
            limit,
            _Message.receipt_at - _Message.claimed_at <= there - _Message.sent_at,
            _Blast.account_id == account_id,
        )
        return {
            row.id: Sent(
                row.id,
                row.provider_id,
                row.phone,
                min(instant(row.claimed_at), now - timedelta(microseconds=there - row.sent_at)),
            )
            for row in rows
        }

    def _due_receipts(self, limit: int, *due: Expression) -> list[Any]:
        columns = _Message.id, _Message.provider_id, _Message.phone, _Message.claimed_at, _Message.sent_at
        found = _Message.select(*columns).where(_is_sent, *due).order_by(_Message.receipt_at).limit(limit)
        if len(due) > 1:
            found = found.join(_Blast)
        return self._database.fetch(found)

    @retried
    def end(self, asked: Sequence[Sent], receipts: Sequence[Receipt] | None) -> set[int]:
        """Keeps the receipts of messages that were asked about, where another process wasn't faster, and
        notes when the others are asked about again, if they don't count as delivered by now. receipts: None
        where the provider didn't answer. The blasts of those that came to their end."""
        now = self._clock.now()
        with self._database.transaction():
            of_asked = self._database.among(_Message.id, [one.id for one in asked])
            columns = _Message.id, _Message.blast, _Message.part, _Message.credits, _Message.claimed_at
            sent = _Message.select(*columns).where(of_asked, _is_sent)
            rows = self._database.fetch(self._database.locking(sent.order_by(_Message.id)))
            still = {row.id: row for row in rows}
            held = {id: self._blast(id) for id in {row.blast_id for row in rows}}
            held = {id: blast for id, blast in held.items() if blast.charged_on != ACCEPTED}
            ended = {receipt.id: receipt for receipt in receipts or () if receipt.id in still}
            for one in asked:
                waits = one.id in still.keys() - ended.keys() and still[one.id].blast_id in held
                if waits and now - one.sent_at >= NO_RECEIPT_AFTER:
                    ended[one.id] = Receipt(one.id, Status.DELIVERED, "no-receipt")
            self._database.executemany(
                "UPDATE message SET status = ?, reason = ? WHERE id = ?",
                [(receipt.status.value, receipt.reason or None, id) for id, receipt in ended.items()],
            )
            self._database.executemany(
                "UPDATE message SET receipt_at = ? WHERE id = ?",
                [
                    (_asked_again(one, still[one.id], now, held, answered=receipts is not None), one.id)
                    for one in asked
                    if one.id in still.keys() - ended.keys()
                ],
            )
            for id, blast in held.items():
                of_blast = [(r.status, still[r.id]) for r in ended.values() if still[r.id].blast_id == id]
                self._charge_delivered(blast, of_blast)
        return {still[id].blast_id for id in ended}

    def _charge_delivered(self, blast: Any, ended: Sequence[tuple[Status, Any]]) -> None:
        """ended: messages, and how."""
        if delivered := sum(message.credits for status, message in ended if status is Status.DELIVERED):
            self._ledger.settle(blast.hold_id, delivered)
        self._give_back(blast, [message for status, message in ended if status is not Status.DELIVERED])

    def _give_back(self, blast: Any, messages: Iterable[Any], person: str = "") -> None:
        """Gives back what messages of a blast would have cost. What goes behind the pictures of an MMS is
        SMS."""
        back = Counter[Use | None]()
        for message in messages:
            back[Use.SMS if message.part else None] += message.credits
        for use, credits in back.items():
            self._ledger.release(blast.hold_id, credits, use=use, person=person)

    def _left(self, message: Claimed, blast: Any) -> None:
        if blast.charged_on == ACCEPTED:
            self._ledger.settle(blast.hold_id, message.credits)

    def _blast(self, blast_id: int) -> Any:
        return self._database.row(
            "SELECT account_id, hold_id, cancelled, charged_on FROM blast WHERE id = ?", (blast_id,)
        )

    def _is_any(self, *guard: Expression) -> bool:
        """Whether there is a message like this."""
        return self._database.scalar(_Message.select(_Message.id).where(*guard).limit(1)) is not None

    def _mine(self, message: Claimed) -> tuple[Expression, Expression]:
        """The message, if this worker has it still."""
        return _Message.id == message.id, _Message.claim == self._claim

    def _doubted(self, reason: str) -> dict[str, object]:
        """What is set of a message that is unknown from now on."""
        return {"status": Status.UNKNOWN, "reason": reason, "lookup_at": self._micros()}

    def _micros(self) -> int:
        return micros(self._clock.now())

    def _sent_now(self, blast: Any) -> tuple[int, int]:
        """sent_at and receipt_at of what has just been sent."""
        return micros(self._ledger.present(blast.account_id)), micros(self._clock.now() + SOONEST)

    def _change(self, values: Mapping[str, object], *guard: Expression) -> int:
        """Changes the messages for which all of that holds; how many there were."""
        return int(self._database.run(_Message.update(values).where(*guard)))


def _claimed(row: Any) -> Claimed:
    values = json.loads(row.merge) if row.merge else {}
    return Claimed(row.id, row.blast_id, row.phone, values, row.part, row.credits, row.claimed_at)


def _asked_again(
    one: Sent, message: Any, now: datetime, held: Container[int], *, answered: bool
) -> int | None:
    """When the provider is asked next about a message that has no receipt yet, as `receipt_at` keeps it: at
    the latest when one whose credits are held (by its blast) counts as delivered. None: not any more."""
    again = next_asked(one.sent_at, now, answered=answered)
    if again is None:
        return None
    if message.blast_id in held:
        again = min(again, one.sent_at + NO_RECEIPT_AFTER)
    return int(message.claimed_at + micros(again) - micros(one.sent_at))
