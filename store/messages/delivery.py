"""The delivery worker: takes queued messages one by one, hands them to the provider, keeps what becomes of
them.

A message is committed as `sending` before the provider is called, and its outcome after: whatever dies in
between, no message is lost or sent twice. The outcome of one is committed together with the claim of the
next, which halves the commits.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Event
from time import monotonic
from typing import NamedTuple

from store.clock import instant
from store.database import Database, retried
from store.messages.backoff import before_trying_again
from store.messages.blasts import Blasts
from store.messages.model import BlastSummary
from store.messages.outbox import Claimed, Outbox
from store.messages.providers import (
    Accepted,
    NoAnswer,
    Outcome,
    Outgoing,
    Picture,
    Provider,
    Refused,
    Throttled,
)
from store.texts import merge
from store.texts.merge import Template
from store.texts.parts import parts

PROGRESS_SECONDS = 0.1
RECEIPTS_SECONDS = 1.0
RECOVERY_SECONDS = 30.0
SILENT_SECONDS = 2.0
"""The first wait for a provider that leaves one text after another without an answer."""

IDLE_SECONDS = 0.25

_RECEIPTS_AT_ONCE = 1_000
_LOOKUPS_AT_ONCE = 100
_SILENCES = 3
"""After so many texts in a row without an answer the worker waits: something is wrong with the provider, and
each text that it is given becomes unknown."""


class _Text(NamedTuple):
    """What all messages of a blast have in common."""

    blast_id: int
    template: Template
    pictures: tuple[Picture, ...]


class Delivery:
    """One worker, in one thread. Several, in several processes, may work on one database.

    on_progress: gets the summary of a blast on which something changed, at most ten times a second and once
    when nothing is left to send.
    """

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        blasts: Blasts,
        provider: Provider,
        stop: Event,
        on_progress: Callable[[BlastSummary], None],
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._blasts = blasts
        self._provider = provider
        self._stop = stop
        self._on_progress = on_progress
        self._touched: set[int] = set()
        self._reported = 0.0
        self._recover_at = 0.0
        self._poll_at = 0.0
        self._failed_polls = self._throttled = self._silent = 0  # in a row
        self._text: _Text | None = None

    def run(self, *, forever: bool) -> None:
        """Sends all that is queued. forever: then waits for more, and for receipts, until told to stop."""
        with self._database.connection():
            while True:
                self._housekeeping()
                if self._outbox.due().queued:  # asked first, so that an idle worker takes no lock
                    self._send_queued()
                self._report()
                if self._stop.is_set() or not forever:
                    return
                self._stop.wait(IDLE_SECONDS)

    def poll_receipts(self) -> int:
        """Asks for the receipts that are due, or for as many as may be asked for at once, and keeps those
        that have come in. How many messages were asked about."""
        asked = self._outbox.awaited(_RECEIPTS_AT_ONCE)
        if not asked:
            return 0
        receipts = None
        with suppress(Exception):
            receipts = self._provider.receipts(asked, self._outbox.now())
        self._touched |= self._outbox.end(asked, receipts)
        self._failed_polls = self._failed_polls + 1 if receipts is None else 0
        return len(asked)

    def _housekeeping(self) -> None:
        """What is done now and then: messages that a dead worker left behind, and receipts."""
        now = monotonic()
        if now >= self._recover_at:
            self._recover_at = now + RECOVERY_SECONDS
            self._outbox.recover()
            for message in self._outbox.unknown(_LOOKUPS_AT_ONCE):
                if self._stop.is_set() or not self._ask(message):
                    break
        if now >= self._poll_at:
            self.poll_receipts()
            pause = before_trying_again(RECEIPTS_SECONDS, self._failed_polls)
            self._poll_at = monotonic() + RECEIPTS_SECONDS + pause

    def _send_queued(self) -> None:
        message = self._next()
        while message:
            outcome = self._hand_over(message)
            if monotonic() - self._reported > PROGRESS_SECONDS:
                # Nothing is claimed meanwhile: what these take or break off would cost a message its lease.
                self._conclude(message, outcome, claim=False)
                self._housekeeping()
                self._report()
                message = self._next()
            else:
                message = self._conclude(message, outcome)

    def _next(self) -> Claimed | None:
        return None if self._stop.is_set() else self._outbox.claim()

    def _hand_over(self, message: Claimed) -> Outcome:
        if self._outbox.is_stale(message):
            # The machine slept, or somebody else was slow: by now others may take the message for lost.
            return Throttled(0)
        outgoing = self._outgoing(message)
        try:
            return self._provider.send(outgoing)
        except Exception as error:  # noqa: BLE001 - whatever happened, the text may have left
            return NoAnswer(type(error).__name__)

    def _conclude(self, message: Claimed, outcome: Outcome, *, claim: bool = True) -> Claimed | None:
        """Keeps an outcome. claim: also takes the next message, if there is one and nobody said stop."""
        self._touched.add(message.blast_id)
        self._throttled = self._throttled + 1 if isinstance(outcome, Throttled) else 0
        self._silent = self._silent + 1 if isinstance(outcome, NoAnswer) else 0
        match outcome:
            case Accepted() | Refused():
                return self._keep(message, outcome, claim=claim)
            case NoAnswer(kind=kind):
                self._outbox.lose(message, kind)
                self._ask(message)
                self._pause(before_trying_again(SILENT_SECONDS, self._silent - _SILENCES + 1))
            case Throttled(seconds=seconds):
                self._outbox.put_back(message)
                self._pause(before_trying_again(seconds, self._throttled))
        return self._next() if claim else None

    def _pause(self, seconds: float) -> None:
        """Leaves the provider alone, unless told to stop."""
        if seconds > PROGRESS_SECONDS:
            self._report()
        self._stop.wait(seconds)

    @retried
    def _keep(self, message: Claimed, outcome: Accepted | Refused, *, claim: bool) -> Claimed | None:
        with self._database.transaction():
            if isinstance(outcome, Accepted):
                self._outbox.accept(message, outcome.id)
            else:
                self._outbox.refuse(message, outcome.reason)
            return self._next() if claim else None

    def _ask(self, message: Claimed) -> bool:
        """Asks the provider's own list about a message that may have left or not. Whether it answered."""
        outgoing = self._outgoing(message)
        found, answered = None, False
        with suppress(Exception):
            found = self._provider.lookup(outgoing.to, outgoing.body, instant(message.since))
            answered = True
        if found and self._outbox.found(message, found):
            self._touched.add(message.blast_id)
        else:
            self._outbox.ask_later(message, answered=answered)
        return answered

    def _outgoing(self, message: Claimed) -> Outgoing:
        text = self._text
        if text is None or text.blast_id != message.blast_id:
            template = merge.parse(self._blasts.body(message.blast_id), message.values)
            text = self._text = _Text(message.blast_id, template, self._blasts.pictures(message.blast_id))
        body = parts(text.template.render(message.values))[message.part]
        return Outgoing(message.id, message.phone, body, () if message.part else text.pictures)

    def _report(self) -> None:
        for blast_id in sorted(self._touched):
            self._on_progress(self._blasts.summary(blast_id))
        self._touched.clear()
        self._reported = monotonic()
