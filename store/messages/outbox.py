"""From queued to an end: every change of a message's status, in one transaction with what it does to the
credits held.

Each change is guarded by the status (and the claim) that it starts from, so that of two processes, or of a
process and a person, one makes it and the other finds it made.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from store.clock import Clock, instant, micros
from store.credits.ledger import Ledger
from store.database import Database, retried
from store.errors import RefusedByRule
from store.messages.backoff import SOONEST, next_asked
from store.messages.model import Status
from store.messages.providers import Receipt, Sent
from store.sentences import sentence

LEASE = timedelta(seconds=60)
"""How long a worker may take to hand a message over. After that it is taken for dead, and the message for
unknown."""


_SENT = "status = 'sent', provider_id = ?, sent_at = ?, receipt_at = ?, reason = NULL"


class Claimed(NamedTuple):
    """A message that this worker hands over, or one that is unknown. values: what its merge fields take;
    since: when it was claimed, in microseconds."""

    id: int
    blast_id: int
    phone: str
    values: Mapping[str, str]
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
            queued, awaited = self._database.execute(
                "SELECT EXISTS(SELECT 1 FROM message WHERE status = 'queued'), "
                "EXISTS(SELECT 1 FROM message WHERE status = 'sending') "
                "OR EXISTS(SELECT 1 FROM message WHERE status = 'sent' AND receipt_at IS NOT NULL)"
            ).fetchone()
        return Due(bool(queued), bool(awaited))

    @retried
    def claim(self) -> Claimed | None:
        """Takes the next queued message for this worker and marks it `sending`."""
        with self._database.transaction():
            row = self._database.execute(
                "SELECT id, blast_id, phone, merge, credits FROM message WHERE status = 'queued' "
                f"ORDER BY blast_id, id LIMIT 1{self._database.skip_locked}"
            ).fetchone()
            if row is None:
                return None
            now = self._micros()
            taken = self._change(
                "status = 'sending', claim = ?, claimed_at = ? WHERE id = ? AND status = 'queued'",
                (self._claim, now, row[0]),
            )
        return _claimed((*row, now)) if taken else None

    def is_stale(self, message: Claimed) -> bool:
        """Whether so much of a claim's lease is over that the message mustn't be handed over any more."""
        return self._clock.now() - instant(message.since) > LEASE / 2

    @retried
    def accept(self, message: Claimed, provider_id: str) -> None:
        """The provider has it: charged now, where the product is charged on acceptance. Not if it came to
        an end meanwhile, because the answer took too long: then that is noted, and what a person said
        stands."""
        with self._database.transaction():
            if self._change(
                f"{_SENT} WHERE id = ? AND claim = ? AND status IN ('sending', 'unknown')",
                (provider_id, *self._sent_now(), message.id, self._claim),
            ):
                self._left(message)
            else:
                self._change(
                    "provider_id = ?, reason = CASE status WHEN 'failed' THEN 'left-after-all' END "
                    "WHERE id = ? AND claim = ? AND status IN ('sent', 'failed') "
                    "AND COALESCE(provider_id, '') = ''",
                    (provider_id, message.id, self._claim),
                )

    @retried
    def refuse(self, message: Claimed, reason: str) -> None:
        """It never left: its credits come back. If a person said meanwhile that it left, that stands, and
        this is noted."""
        with self._database.transaction():
            if self._change(
                "status = 'failed', reason = ? "
                "WHERE id = ? AND claim = ? AND status IN ('sending', 'unknown')",
                (reason, message.id, self._claim),
            ):
                self._ledger.release(self._hold(message.blast_id), message.credits)
            else:
                self._change(
                    "reason = 'refused-after-all', receipt_at = NULL "
                    "WHERE id = ? AND claim = ? AND status = 'sent' AND provider_id = ''",
                    (message.id, self._claim),
                )

    @retried
    def put_back(self, message: Claimed) -> None:
        """The provider didn't look at it: queued again, or cancelled if its blast was meanwhile. What has
        become unknown meanwhile failed: people have been told that it isn't sent again by itself."""
        with self._database.transaction():
            self._hold_still(message.blast_id)
            if self._change(
                "status = 'queued', claim = NULL, claimed_at = NULL "
                "WHERE id = ? AND claim = ? AND status = 'sending'",
                (message.id, self._claim),
            ):
                (cancelled,) = self._database.execute(
                    "SELECT cancelled FROM blast WHERE id = ?", (message.blast_id,)
                ).fetchone()
                if cancelled:
                    self.cancel(message.blast_id)
            else:
                self.refuse(message, "too-late")

    @retried
    def lose(self, message: Claimed, kind: str = "") -> None:
        """Nobody knows whether it left: its credits stay held. kind: of the error that came instead of an
        answer, if one did."""
        with self._database.transaction():
            self._change(
                "status = 'unknown', reason = ?, lookup_at = ? "
                "WHERE id = ? AND claim = ? AND status = 'sending'",
                (f"raised:{kind}" if kind else "no-answer", self._micros(), message.id, self._claim),
            )

    @retried
    def recover(self) -> None:
        """Messages that a worker took and never came back with are unknown."""
        with self._database.transaction():
            self._change(
                "status = 'unknown', reason = 'interrupted', lookup_at = ? "
                "WHERE status = 'sending' AND claimed_at < ?",
                (self._micros(), micros(self._clock.now() - LEASE)),
            )

    @retried
    def doubt(self) -> int:
        """Nobody knows of what has not been sent here whether it left: another copy of the database may have
        sent it. How many messages that is."""
        with self._database.transaction():
            return self._database.execute(
                "UPDATE message SET status = 'unknown', reason = 'restored', lookup_at = ?, claimed_at = "
                "(SELECT created_at FROM blast WHERE blast.id = message.blast_id) "
                "WHERE status IN ('queued', 'sending')",
                (self._micros(),),
            ).rowcount

    def unknown(self, limit: int) -> list[Claimed]:
        """Messages of which nobody knows whether they left, and about which it is time to ask: those first
        that have been due the longest."""
        rows = self._database.execute(
            "SELECT id, blast_id, phone, merge, credits, claimed_at FROM message "
            "WHERE status = 'unknown' AND lookup_at <= ? ORDER BY lookup_at LIMIT ?",
            (self._micros(), limit),
        )
        return [_claimed(row) for row in rows]

    @retried
    def ask_later(self, message: Claimed, *, answered: bool) -> None:
        """Nobody knows yet whether an unknown message left. answered: whether the provider could be asked."""
        again = next_asked(instant(message.since), self._clock.now(), answered=answered)
        with self._database.transaction():
            self._change(
                "lookup_at = ? WHERE id = ? AND status = 'unknown'", (again and micros(again), message.id)
            )

    @retried
    def found(self, message: Claimed, provider_id: str) -> bool:
        """The provider's own list has an unknown message: it left. False where it is known by now, or where
        that is another message with the same words, which a person sent when this one didn't seem to
        leave."""
        with self._database.transaction():
            # Two workers that both ask about texts with the same words find the same one in the list.
            self._database.execute(
                "SELECT id FROM message WHERE status = 'unknown' AND phone = ? "
                f"ORDER BY id{self._database.for_update}",
                (message.phone,),
            )
            if self._is_known(provider_id) or not self._change(
                f"{_SENT} WHERE id = ? AND status = 'unknown'",
                (provider_id, *self._sent_now(), message.id),
            ):
                return False
            self._left(message)
        return True

    def _is_known(self, provider_id: str) -> bool:
        (known,) = self._database.execute(
            "SELECT EXISTS(SELECT 1 FROM message WHERE provider_id = ? AND provider_id <> '')", (provider_id,)
        ).fetchone()
        return bool(known)

    @retried
    def resolve(self, message_id: int, *, left: bool, person: str = "") -> None:
        """A person, by name, knows of an unknown message whether it left. Raises RefusedByRule where it isn't
        unknown."""
        with self._database.transaction():
            row = self._database.execute(
                "SELECT id, blast_id, phone, merge, credits, claimed_at FROM message "
                f"WHERE id = ? AND status = 'unknown'{self._database.for_update}",
                (message_id,),
            ).fetchone()
            if row is None:
                raise RefusedByRule(
                    sentence("It is known by now what became of this text. Nothing was changed."),
                    code="not-unknown",
                )
            message = _claimed(row)
            if left:
                self.found(message, "")
            else:
                self._change("status = 'failed', reason = 'not-left' WHERE id = ?", (message_id,))
                self._ledger.release(self._hold(message.blast_id), message.credits, person=person)

    @retried
    def cancel(self, blast_id: int, *, person: str = "") -> int:
        """Cancels what has not left and gives its credits back. person: who does that, by name. How many
        messages that were."""
        with self._database.transaction():
            self._hold_still(blast_id)
            # What is being handed over now may come back, and stays cancelled then.
            self._database.execute(
                "UPDATE blast SET cancelled = ? WHERE id = ? AND EXISTS("
                "SELECT 1 FROM message WHERE status IN ('queued', 'sending') AND blast_id = blast.id)",
                (True, blast_id),
            )
            cancelled = self._database.execute(
                "UPDATE message SET status = 'cancelled' WHERE status = 'queued' AND blast_id = ? "
                "RETURNING credits",
                (blast_id,),
            ).fetchall()
            if cancelled:
                credits = sum(credits for (credits,) in cancelled)
                self._ledger.release(self._hold(blast_id), credits, person=person)
        return len(cancelled)

    def _hold_still(self, blast_id: int) -> None:
        """Lets nobody cancel a blast, or put a message of it back, before the transaction ends: neither would
        cancel a message that comes back meanwhile."""
        self._database.execute(f"SELECT id FROM blast WHERE id = ?{self._database.for_update}", (blast_id,))

    def awaited(self, limit: int) -> list[Sent]:
        """Messages for whose receipts it is time to ask: those first that have been due the longest."""
        rows = self._database.execute(
            "SELECT id, provider_id, phone, sent_at FROM message "
            "WHERE status = 'sent' AND receipt_at <= ? ORDER BY receipt_at LIMIT ?",
            (self._micros(), limit),
        )
        return [Sent(id, name, phone, instant(at)) for id, name, phone, at in rows]

    @retried
    def end(self, asked: Sequence[Sent], receipts: Sequence[Receipt] | None) -> set[int]:
        """Keeps the receipts of messages that were asked about, where another process wasn't faster, and
        notes when the others are asked about again. receipts: None where the provider didn't answer. The
        blasts of those that came to their end."""
        now = self._clock.now()
        with self._database.transaction():
            rows = self._database.execute(
                f"SELECT id, blast_id, credits FROM message WHERE id IN ({', '.join('?' * len(asked))}) "
                f"AND status = 'sent' ORDER BY id{self._database.for_update}",
                [one.id for one in asked],
            )
            still = {id: (blast, credits) for id, blast, credits in rows}
            ended = {receipt.id: receipt for receipt in receipts or () if receipt.id in still}
            self._database.executemany(
                "UPDATE message SET status = ?, reason = ? WHERE id = ?",
                [(receipt.status.value, receipt.reason or None, id) for id, receipt in ended.items()],
            )
            again = {
                one.id: next_asked(one.sent_at, now, answered=receipts is not None)
                for one in asked
                if one.id in still.keys() - ended.keys()
            }
            self._database.executemany(
                "UPDATE message SET receipt_at = ? WHERE id = ?",
                [(at and micros(at), id) for id, at in again.items()],
            )
            blasts = {still[id][0] for id in ended}
            for blast in blasts:
                if self._charged_on_delivery(blast):
                    self._charge_delivered(blast, [(r.status, still[id]) for id, r in ended.items()])
        return blasts

    def _charge_delivered(self, blast: int, ended: list[tuple[Status, tuple[int, int]]]) -> None:
        credits = {
            status: sum(credits for one, (of, credits) in ended if one is status and of == blast)
            for status in (Status.DELIVERED, Status.UNDELIVERED)
        }
        if credits[Status.DELIVERED]:
            self._ledger.settle(self._hold(blast), credits[Status.DELIVERED])
        if credits[Status.UNDELIVERED]:
            self._ledger.release(self._hold(blast), credits[Status.UNDELIVERED])

    def _left(self, message: Claimed) -> None:
        if not self._charged_on_delivery(message.blast_id):
            self._ledger.settle(self._hold(message.blast_id), message.credits)

    def _hold(self, blast_id: int) -> int:
        (hold,) = self._database.execute("SELECT hold_id FROM blast WHERE id = ?", (blast_id,)).fetchone()
        return int(hold)

    def _charged_on_delivery(self, blast_id: int) -> bool:
        (account,) = self._database.execute(
            "SELECT account_id FROM blast WHERE id = ?", (blast_id,)
        ).fetchone()
        return self._ledger.product(self._ledger.account(account)).charged_on == "delivered"

    def _micros(self) -> int:
        return micros(self._clock.now())

    def _sent_now(self) -> tuple[int, int]:
        """sent_at and receipt_at of what has just been sent."""
        now = self._clock.now()
        return micros(now), micros(now + SOONEST)

    def _change(self, assignments_and_guard: str, parameters: Sequence[object]) -> int:
        return self._database.execute(f"UPDATE message SET {assignments_and_guard}", parameters).rowcount


def _claimed(row: tuple[int, int, str, str, int, int]) -> Claimed:
    id, blast, phone, merge, credits, since = row
    return Claimed(id, blast, phone, json.loads(merge) if merge else {}, credits, since)
