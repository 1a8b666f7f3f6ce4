"""The delivery worker: takes queued messages one by one, hands them to the provider, keeps what becomes of
them.

A message is committed as `sending` before the provider is called, and its outcome after: whatever dies in
between, no message is lost or sent twice. The outcome of one is committed together with the claim of the
next, which halves the commits.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import NamedTuple

from store.clock import instant
from store.database import Database, retried
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
from store.texts.alphabet import normalise
from store.texts.merge import Template

PROGRESS_SECONDS = 0.1
RECEIPTS_SECONDS = 1.0
RECOVERY_SECONDS = 30.0
IDLE_SECONDS = 0.25
LONGEST_WAIT = 60.0
"""Seconds between two tries while the provider is throttling."""

_RECEIPTS_AT_ONCE = 5_000


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

    def poll_receipts(self) -> None:
        """Keeps the receipts that have come in."""
        after = (0, 0)
        while waiting := self._outbox.sent(after, _RECEIPTS_AT_ONCE):
            receipts = self._provider.receipts([one for _, one, _ in waiting], self._outbox.now())
            self._touched |= self._outbox.end(waiting, receipts)
            after = waiting[-1][0], waiting[-1][1].id

    def _housekeeping(self) -> None:
        """What is done now and then: messages that a dead worker left behind, and receipts."""
        now = monotonic()
        if now >= self._recover_at:
            self._recover_at = now + RECOVERY_SECONDS
            self._outbox.recover()
            for message in self._outbox.unknown():
                self._ask(message)
        if now >= self._poll_at:
            self._poll_at = now + RECEIPTS_SECONDS
            self.poll_receipts()

    def _send_queued(self) -> None:
        throttled = 0
        message = self._next()
        while message:
            outcome = self._hand_over(message)
            throttled = throttled + 1 if isinstance(outcome, Throttled) else 0
            if monotonic() - self._reported > PROGRESS_SECONDS:
                # Nothing is claimed meanwhile: what these take or break off would cost a message its lease.
                self._conclude(message, outcome, throttled, claim=False)
                self._housekeeping()
                self._report()
                message = self._next()
            else:
                message = self._conclude(message, outcome, throttled)

    def _next(self) -> Claimed | None:
        return None if self._stop.is_set() else self._outbox.claim()

    def _hand_over(self, message: Claimed) -> Outcome:
        if self._outbox.is_stale(message):
            # The machine slept, or somebody else was slow: by now others may take the message for lost.
            return Throttled(0)
        return self._provider.send(self._outgoing(message))

    def _conclude(
        self, message: Claimed, outcome: Outcome, throttled: int, *, claim: bool = True
    ) -> Claimed | None:
        """Keeps an outcome. claim: also takes the next message, if there is one and nobody said stop."""
        self._touched.add(message.blast_id)
        match outcome:
            case Accepted() | Refused():
                return self._keep(message, outcome, claim=claim)
            case NoAnswer():
                self._outbox.lose(message)
                self._ask(message)
            case Throttled(seconds=seconds):
                self._outbox.put_back(message)
                # Doubling, and jitter so that several workers don't come back at the same moment.
                wait = min(seconds * 2 ** min(throttled - 1, 16), LONGEST_WAIT)
                self._stop.wait(wait * random.uniform(0.5, 1.0))
        return self._next() if claim else None

    @retried
    def _keep(self, message: Claimed, outcome: Accepted | Refused, *, claim: bool) -> Claimed | None:
        with self._database.transaction():
            if isinstance(outcome, Accepted):
                self._outbox.accept(message, outcome.id)
            else:
                self._outbox.refuse(message, outcome.reason)
            return self._next() if claim else None

    def _ask(self, message: Claimed) -> None:
        """Asks the provider's own list about a message that may have left or not."""
        outgoing = self._outgoing(message)
        found = self._provider.lookup(outgoing.to, outgoing.body, instant(message.since))
        if found:
            self._outbox.found(message, found)
            self._touched.add(message.blast_id)

    def _outgoing(self, message: Claimed) -> Outgoing:
        text = self._text
        if text is None or text.blast_id != message.blast_id:
            template = merge.parse(self._blasts.body(message.blast_id))
            text = self._text = _Text(message.blast_id, template, self._blasts.pictures(message.blast_id))
        return Outgoing(
            message.id, message.phone, normalise(text.template.render(message.values)), text.pictures
        )

    def _report(self) -> None:
        for blast_id in sorted(self._touched):
            self._on_progress(self._blasts.summary(blast_id))
        self._touched.clear()
        self._reported = monotonic()
