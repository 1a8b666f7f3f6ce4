"""Handing over what is due, one email after another, in the calling thread."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from threading import Event
from typing import Any, NamedTuple

from store.database import Database  # isort: split

from store.emails.model import Sent, Status
from store.emails.outbox import Ended, Outbox, Ready, Unsent
from store.emails.senders import Identity
from store.emails.tables import CampaignFile
from store.emails.unsubscribing import Unsubscribing
from store.emails.writing import Letter
from store.errors import TextmeterError
from store.mail import Accepted, File, Mail, Mailer, NoAnswer, NotSent, Outcome, Refused
from store.sentences import Sentence, sentence

PATIENCE = 3
"""How many emails of one sender in a row may not be taken before it is left alone until the next round: a
server that puts off one recipient isn't out of reach for all others."""

LONG = 15.0
"""Seconds: for what has to wait longer by its sender's pace or day there are other rounds."""


class _Carrier(NamedTuple):
    """Who carries a sender's emails, and how these look."""

    mailer: Mailer
    identity: Identity


class Delivery:
    """Of one account. present: what time it is by the account's clock. carrier: of a sender."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        present: Callable[[], datetime],
        carrier: Callable[[str], tuple[Mailer, Identity]],
        unsubscribing: Unsubscribing,
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._present = present
        self._carrier = carrier
        self._unsubscribing = unsubscribing
        self._carriers: dict[str, _Carrier] = {}
        self._letters: dict[tuple[object, ...], Letter] = {}
        self._files: dict[int, tuple[File, ...]] = {}
        self._refusals = Counter[str]()
        self._asleep: dict[str, float] = {}
        self._trouble: Sentence | None = None
        self._asked: tuple[datetime, float] | None = None

    def run(self, stop: Event, seconds: float | None) -> Sent:
        """Hands over what is due, until there is nothing more, it is told to stop, or so many seconds are
        over."""
        until = None if seconds is None else time.monotonic() + seconds
        counts = Counter[Status]()
        ended: list[Ended] = []
        more = False
        try:
            while not stop.is_set():
                if more := until is not None and time.monotonic() > until:
                    break
                now = self._now()
                if not ended and not self._outbox.is_any(now):
                    break
                taken = self._outbox.take(now, ended, self._aside())
                ended = []
                counts[Status.FAILED] += taken.failed
                for sender, wait in taken.waits.items():
                    self._asleep[sender] = time.monotonic() + wait
                for ready in taken.ready:
                    outcome = self._outcome(ready, stop)
                    ended.append(Ended(ready, outcome, now))
                    counts[_STATUS[outcome if isinstance(outcome, Unsent) else type(outcome)]] += 1
                if taken.nothing:
                    if (pause := self._until_next()) is None:
                        break
                    stop.wait(pause)
        finally:
            if ended:
                self._outbox.end(ended)
        return Sent(counts[Status.SENT], counts[Status.FAILED], self._trouble, more)

    def _now(self) -> datetime:
        """The account's time, asked once a second: it costs more than an email does."""
        if self._asked is None or time.monotonic() - self._asked[1] > 1:
            self._asked = self._present(), time.monotonic()
        return self._asked[0]

    def _outcome(self, ready: Ready, stop: Event) -> Outcome | Unsent:
        if stop.is_set() or self._refusals[ready.sender] >= PATIENCE:
            return Unsent.BACK
        if self._outbox.is_out(ready):
            return Unsent.OPTED_OUT
        return self._hand_over(ready)

    def close(self) -> None:
        """Ends the connections that are kept."""
        for mailer, _ in self._carriers.values():
            mailer.close()

    def _aside(self) -> list[str]:
        """The senders that are left alone now."""
        now = time.monotonic()
        given_up = (sender for sender, times in self._refusals.items() if times >= PATIENCE)
        return [*given_up, *(sender for sender, until in self._asleep.items() if until > now)]

    def _until_next(self) -> float | None:
        """Seconds until a sender's pace lets its next email leave; None where that is long."""
        waits = (until - time.monotonic() for until in self._asleep.values())
        soon = min(waits, default=LONG)
        return max(soon, 0.0) if soon < LONG else None

    def _hand_over(self, ready: Ready) -> Outcome:
        if self._outbox.is_stale(ready):  # this process slept, and another may have given it up
            return NotSent(
                sentence("This computer was asleep when an email was due. Textmeter will try again.")
            )
        try:
            mailer, identity = self._carried_by(ready.sender)
        except TextmeterError as error:  # its settings can't be right, or its password is out of reach
            outcome: Outcome = NotSent(error.says)
            self._refusals[ready.sender] = PATIENCE
        else:
            outcome = mailer.send(self._mail(ready, identity))
        if isinstance(outcome, NotSent):
            self._refusals[ready.sender] += 1
            self._trouble = outcome.says
        else:
            self._refusals.pop(ready.sender, None)
        return outcome

    def _carried_by(self, sender: str) -> _Carrier:
        if sender not in self._carriers:
            self._carriers[sender] = _Carrier(*self._carrier(sender))
        return self._carriers[sender]

    def _mail(self, ready: Ready, identity: Identity) -> Mail:
        _, body, html = self._letter(ready, identity.below).written(ready.values)
        return Mail(
            f"email-{ready.id}",
            ready.to,
            ready.subject,
            body,
            html=html,
            files=self._attached(ready.campaign) if ready.campaign is not None else (),
            sender=identity.sender,
            reply_to=identity.reply_to,
            bounce=f"b{ready.id}",
            unsubscribe=self._unsubscribing.uris(ready.id, identity.sender.address),
            in_reply_to=ready.answers,
            automatic=not ready.answers,
        )

    def _letter(self, ready: Ready, below: str) -> Letter:
        """Read once for all who get it."""
        key = ready.campaign, ready.step, *ready.values
        if key not in self._letters:
            self._letters[key] = Letter("", ready.body, ready.values, below)
        return self._letters[key]

    def _attached(self, campaign_id: int) -> tuple[File, ...]:
        if campaign_id not in self._files:
            self._files.clear()  # those of one campaign at a time: they may be large
            columns = CampaignFile.name, CampaignFile.type, CampaignFile.content
            of = CampaignFile.select(*columns).where(CampaignFile.campaign == campaign_id)
            rows: list[Any] = self._database.fetch(of.order_by(CampaignFile.id))
            self._files[campaign_id] = tuple(File(row.name, row.type, bytes(row.content)) for row in rows)
        return self._files[campaign_id]


_STATUS: dict[type[Outcome] | Unsent, Status] = {
    Unsent.BACK: Status.QUEUED,
    Unsent.OPTED_OUT: Status.FAILED,
    Accepted: Status.SENT,
    Refused: Status.FAILED,
    NoAnswer: Status.UNKNOWN,
    NotSent: Status.WAITING,
}
