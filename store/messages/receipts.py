"""Receipts: when a provider is asked what became of a message, and what is kept of the answer."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from store.clock import instant, micros
from store.database import retried  # isort: split

from peewee import Expression

from store.messages.backoff import NO_RECEIPT_AFTER, SETTLED_AFTER, next_asked
from store.messages.model import MILLION, Status
from store.messages.providers import Receipt, Sent
from store.messages.standing import ACCEPTED, Standing, is_sent
from store.messages.tables import Blast as _Blast
from store.messages.tables import Message as _Message

_SETTLE = "UPDATE message SET settle_at = ?, price = ?, currency = ? WHERE id = ?"
_MAY_HAVE_LEFT = Status.QUEUED, Status.SENDING, Status.UNKNOWN
"""What a receipt tells us has left after all."""


class Receipts(Standing):
    """The messages that are under way."""

    def awaited(self, limit: int) -> dict[str, list[Sent]]:
        """Messages for whose receipts it is time to ask, by their senders: those first that have been due the
        longest. Then those that have ended, of which it is time to ask what they came to."""
        now = self._clock.now()
        found = dict[int, tuple[str, Sent]]()
        for account in self._ledger.accounts():
            if account.demo_clock and len(found) < limit:
                found |= self._by_a_demo_clock(account.id, limit - len(found), now)
        for row in self._due_receipts(limit - len(found), _Message.receipt_at <= micros(now)):
            sent = Sent(row.id, row.provider_id, row.phone, instant(row.claimed_at))
            found.setdefault(row.id, (row.sender, sent))
        for row in self._unsettled(limit - len(found), now):
            sent = Sent(row.id, row.provider_id, row.phone, instant(row.claimed_at))
            found.setdefault(row.id, (row.sender, sent))
        asked = dict[str, list[Sent]]()
        for sender, sent in found.values():
            asked.setdefault(sender, []).append(sent)
        return asked

    def _by_a_demo_clock(self, account_id: int, limit: int, now: datetime) -> dict[int, tuple[str, Sent]]:
        """Those of an account whose clock was set ahead so far that it is time by that."""
        there = micros(self._ledger.present(account_id))
        rows = self._due_receipts(
            limit,
            _Message.receipt_at - _Message.claimed_at <= there - _Message.sent_at,
            _Blast.account_id == account_id,
        )
        found = dict[int, tuple[str, Sent]]()
        for row in rows:
            ago = now - timedelta(microseconds=there - row.sent_at)
            sent_at = min(instant(row.claimed_at), ago)
            found[row.id] = row.sender, Sent(row.id, row.provider_id, row.phone, sent_at)
        return found

    def _due_receipts(self, limit: int, *due: Expression) -> list[Any]:
        columns = _Message.id, _Message.provider_id, _Message.phone, _Message.claimed_at, _Message.sent_at
        found = _Message.select(*columns, _Blast.sender).join(_Blast).where(is_sent, *due)
        return self._database.fetch(found.order_by(_Message.receipt_at).limit(limit))

    def _unsettled(self, limit: int, now: datetime) -> list[Any]:
        columns = _Message.id, _Message.provider_id, _Message.phone, _Message.claimed_at, _Blast.sender
        due = _Message.settle_at <= micros(now)
        found = _Message.select(*columns).join(_Blast).where(due).order_by(_Message.settle_at)
        return self._database.fetch(found.limit(limit))

    @retried
    def asked_about(self, asked: Sequence[Sent], *, answered: bool) -> set[int]:
        """Notes when messages are asked about again that are still under way, if they don't count as
        delivered by now. answered: whether the provider could be asked. The blasts of those that do."""
        now = self._clock.now()
        with self._database.transaction():
            rows = self._locked([one.id for one in asked])
            still = {row.id: row for row in rows if row.status == "sent"}
            unsettled = {row.id for row in rows if row.settle_at is not None and row.settle_at <= micros(now)}
            held = self._held(row.blast_id for row in still.values())
            silent = [
                Receipt("", Status.DELIVERED, one.id, "", "no-receipt")
                for one in asked
                if one.id in still
                and still[one.id].blast_id in held
                and now - one.sent_at >= NO_RECEIPT_AFTER
            ]
            over = {receipt.message for receipt in silent}
            self._end([(receipt, still[receipt.message]) for receipt in silent])
            self._database.executemany(
                "UPDATE message SET receipt_at = ? WHERE id = ?",
                [
                    (_asked_again(one, still[one.id], now, held, answered=answered), one.id)
                    for one in asked
                    if one.id in still and one.id not in over
                ],
            )
            self._database.executemany(
                "UPDATE message SET settle_at = ? WHERE id = ?",
                [
                    (_asked_to_settle(one, now, answered=answered), one.id)
                    for one in asked
                    if one.id in unsettled
                ],
            )
        return {still[id].blast_id for id in over}

    @retried
    def end(self, sender: str, receipts: Sequence[Receipt]) -> tuple[set[int], set[str]]:
        """Keeps receipts of a sender's messages, where they haven't come to their end yet, and what they
        count. One of a message that nobody knew to have left tells that it did. The blasts of those of which
        something new was told, and the events that belong to no message, or none yet."""
        with self._database.transaction():
            given = [receipt.provider_id for receipt in receipts if not receipt.message]
            named = _Message.select(_Message.id, _Message.provider_id).where(
                self._database.among(_Message.provider_id, given), _Message.provider_id.is_null(False)
            )
            ids = {row.provider_id: row.id for row in self._database.fetch(named)} if given else {}
            about = {one.event_id: one.message or ids.get(one.provider_id) for one in receipts}
            known = [id for id in about.values() if id is not None]
            rows = {row.id: row for row in self._locked(known) if row.sender == sender}
            ended = dict[int, Receipt]()
            soon, before = micros(self._clock.now() + SETTLED_AFTER), dict(rows)
            for receipt in receipts:
                id = about[receipt.event_id]
                if id is None or (row := rows.get(id)) is None:
                    continue
                if receipt.provider_id and row.provider_id not in (None, "", receipt.provider_id):
                    continue  # of a text that had this number before a backup was put back
                if row.status in _MAY_HAVE_LEFT:
                    blast = self._blast(row.blast_id)
                    self._has_left(row, receipt.provider_id, blast, *_MAY_HAVE_LEFT)
                    row = row._replace(status=Status.SENT.value)
                row = self._recounted_late(row, receipt.segments)
                if row.status == Status.SENT and id not in ended:
                    ended[id] = receipt
                    row = row._replace(settle_at=soon)
                rows[id] = _settled(row, receipt)
            changed = [row for id, row in rows.items() if _came_to(row) != _came_to(before[id])]
            self._database.executemany(_SETTLE, [(*_came_to(row), row.id) for row in changed])
            self._end([(receipt, rows[id]) for id, receipt in ended.items()])
        touched = {row.blast_id for row in (*changed, *(rows[id] for id in ended))}
        strangers = {one.event_id for one in receipts if about[one.event_id] not in rows}
        return touched, strangers

    def _held(self, blast_ids: Iterable[int]) -> dict[int, Any]:
        """Those of these blasts whose credits stay held until their receipts."""
        blasts = {id: self._blast(id) for id in set(blast_ids)}
        return {id: blast for id, blast in blasts.items() if blast.charged_on != ACCEPTED}

    def _end(self, ended: Collection[tuple[Receipt, Any]]) -> None:
        """Ends messages that are sent, with what that does to their credits."""
        self._database.executemany(
            "UPDATE message SET status = ?, reason = ? WHERE id = ?",
            [(receipt.status.value, receipt.reason or None, row.id) for receipt, row in ended],
        )
        for id, blast in self._held(row.blast_id for _, row in ended).items():
            self._charge_delivered(blast, [(one.status, row) for one, row in ended if row.blast_id == id])

    def _charge_delivered(self, blast: Any, ended: Sequence[tuple[Status, Any]]) -> None:
        """ended: messages, and how."""
        if delivered := sum(message.credits for status, message in ended if status is Status.DELIVERED):
            self._ledger.settle(blast.hold_id, delivered)
        self._give_back(blast, [message for status, message in ended if status is not Status.DELIVERED])


def _settled(message: Any, receipt: Receipt) -> Any:
    """A message with what a receipt says that the provider takes for it; that it isn't asked for more if that
    is all."""
    if not receipt.unsettled:
        message = message._replace(settle_at=None)
    if receipt.price is not None:
        millionths = int((receipt.price.amount * MILLION).to_integral_value())
        message = message._replace(price=millionths, currency=receipt.price.currency)
    return message


def _came_to(message: Any) -> tuple[int | None, int | None, str | None]:
    return message.settle_at, message.price, message.currency


def _asked_to_settle(one: Sent, now: datetime, *, answered: bool) -> int | None:
    """When the provider is asked next what a message came to, as `settle_at` keeps it."""
    again = next_asked(one.sent_at, now, answered=answered)
    return micros(max(again, now + SETTLED_AFTER)) if again else None


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
