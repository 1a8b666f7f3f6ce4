"""What every change of a message's status stands on: its blast, and what it does to the credits held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from store.clock import Clock, micros
from store.credits.ledger import Ledger
from store.credits.model import Use
from store.database import Database  # isort: split

from peewee import SQL, Expression

from store.messages.backoff import SOONEST
from store.messages.model import Status
from store.messages.tables import Blast as _Blast
from store.messages.tables import Message as _Message

ACCEPTED = "accepted"
"""As a blast's `charged_on`: its messages are paid for when the provider takes them; else when it delivers
them, and their credits stay held until then."""

LEFT_AFTER_ALL = "left-after-all"
"""The reason of a message that failed, and whose credits came back, when its provider says that it has it."""

# Written out, since an index that is for one status only isn't used where the status is a parameter.
is_sent = _Message.status == SQL("'sent'")
is_unknown = _Message.status == SQL("'unknown'")
is_queued = _Message.status == Status.QUEUED
is_sending = _Message.status == Status.SENDING


class Standing:
    """Messages as they stand, within the caller's transactions. clock: real time."""

    def __init__(self, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock

    def _has_left(self, message: Any, provider_id: str, blast: Any, *stood: Status) -> bool:
        """Notes that a message left of which nobody had said so, if it still stands so."""
        sent_at, receipt_at = self._sent_now(blast)
        sent = {
            "status": Status.SENT,
            "provider_id": provider_id,
            "claimed_at": self._micros(),  # its receipt is waited for from now on
            "sent_at": sent_at,
            "receipt_at": receipt_at,
            "reason": None,
        }
        if not self._change(sent, _Message.id == message.id, _Message.status.in_(stood)):
            return False
        self._left(message, blast)
        return True

    def _locked(self, ids: Iterable[int]) -> list[Any]:
        """Messages that nobody else changes before the transaction ends."""
        columns = (
            *(_Message.id, _Message.blast, _Message.phone, _Message.status, _Message.part, _Message.reason),
            *(_Message.segments, _Message.credits, _Message.claimed_at, _Message.provider_id),
            *(_Message.settle_at, _Message.price, _Message.currency),
        )
        ids = set(ids)
        found = _Message.select(*columns).where(self._database.among(_Message.id, ids)).order_by(_Message.id)
        self._database.fetch(self._database.locking(found))
        return self._database.fetch(found.select_extend(_Blast.sender).join(_Blast))

    def _recounted(self, message: Any, blast: Any, segments: int | None, *, charged: bool = False) -> Any:
        """A message with the segments that its provider counts, where these are fewer; what they would have
        cost comes back. None and 0: it doesn't say. charged: whether the message is paid for; else its
        credits are held."""
        if not segments or segments >= message.segments:
            return message
        credits = message.credits // message.segments * segments
        self._change({"segments": segments, "credits": credits}, _Message.id == message.id)
        too_many = message._replace(credits=message.credits - credits)
        self._give_back(blast, [too_many], charged=charged)
        return message._replace(segments=segments, credits=credits)

    def _recounted_late(self, row: Any, segments: int | None) -> Any:
        """Likewise a message of `_locked`, as it stands, unless all its credits came back."""
        if not segments or segments >= row.segments:
            return row  # as nearly all are: nobody has to look for their blast
        blast = self._blast(row.blast_id)
        accepted = blast.charged_on == ACCEPTED
        match row.status:
            case Status.SENT:
                charged = accepted
            case Status.DELIVERED:
                charged = True
            case Status.UNDELIVERED if accepted:
                charged = True
            case Status.FAILED if accepted and row.provider_id and row.reason != LEFT_AFTER_ALL:
                charged = True
            case _:
                return row
        return self._recounted(row, blast, segments, charged=charged)

    def _give_back(
        self, blast: Any, messages: Iterable[Any], person: str = "", *, charged: bool = False
    ) -> None:
        """Gives back what messages of a blast would have cost, or, charged, did. What goes behind the
        pictures of an MMS is SMS."""
        back = Counter[Use | None]()
        for message in messages:
            back[Use.SMS if message.part else None] += message.credits
        for use, credits in back.items():
            if credits:  # a notice costs nothing
                self._ledger.release(blast.hold_id, credits, use=use, person=person, settled=charged)

    def _left(self, message: Any, blast: Any) -> None:
        if blast.charged_on == ACCEPTED and message.credits:
            self._ledger.settle(blast.hold_id, message.credits)

    def _blast(self, blast_id: int) -> Any:
        return self._database.row(
            "SELECT account_id, hold_id, cancelled, charged_on FROM blast WHERE id = ?", (blast_id,)
        )

    def _is_any(self, *guard: Expression) -> bool:
        """Whether there is a message like this."""
        return self._database.scalar(_Message.select(_Message.id).where(*guard).limit(1)) is not None

    def _micros(self) -> int:
        return micros(self._clock.now())

    def _sent_now(self, blast: Any) -> tuple[int, int]:
        """sent_at and receipt_at of what has just been sent."""
        return micros(self._ledger.present(blast.account_id)), micros(self._clock.now() + SOONEST)

    def _change(self, values: Mapping[str, object], *guard: Expression) -> int:
        """Changes the messages for which all of that holds; how many there were."""
        return int(self._database.run(_Message.update(values).where(*guard)))
