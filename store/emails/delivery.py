"""Handing over what is due, one email after another, in the calling thread."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from threading import Event
from typing import Any

from store.database import Database  # isort: split

from store.emails.model import Sent, Status
from store.emails.outbox import Ended, Outbox, Ready
from store.emails.tables import CampaignFile
from store.emails.writing import Letter
from store.mail import Accepted, File, Mail, Mailer, NoAnswer, NotSent, Outcome, Refused
from store.sentences import Sentence, sentence

PATIENCE = 3
"""How many emails of one sender in a row may not be taken before it is left alone until the next round: a
server that puts off one recipient isn't out of reach for all others."""


class Delivery:
    """Of one account. present: what time it is by the account's clock. mailer: who carries a sender's
    mails."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        present: Callable[[], datetime],
        mailer: Callable[[str], Mailer],
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._present = present
        self._mailer = mailer
        self._letters: dict[tuple[object, ...], Letter] = {}
        self._files: dict[int, tuple[File, ...]] = {}
        self._refusals = Counter[str]()
        self._trouble: Sentence | None = None

    def run(self, stop: Event | None, seconds: float | None) -> Sent:
        """Hands over what is due, until there is nothing more, it is told to stop, or so many seconds are
        over."""
        until = None if seconds is None else time.monotonic() + seconds
        counts = Counter[Status]()
        ended: Ended | None = None
        more = False
        while not (stop is not None and stop.is_set()):
            if until is not None and time.monotonic() > until:
                more = True
                break
            now = self._present()
            if ended is None and not self._outbox.is_any(now):
                break
            aside = [sender for sender, times in self._refusals.items() if times >= PATIENCE]
            ready, ended = self._outbox.take(now, ended, aside), None
            if ready is None:
                break
            if isinstance(ready, Status):
                counts[ready] += 1
                continue
            ended = Ended(ready, self._hand_over(ready), now)
            counts[_STATUS[type(ended.outcome)]] += 1
        if ended is not None:
            self._outbox.end(ended)
        return Sent(counts[Status.SENT], counts[Status.FAILED], self._trouble, more)

    def _hand_over(self, ready: Ready) -> Outcome:
        if self._outbox.is_stale(ready):  # this process slept, and another may have given it up
            return NotSent(sentence("This computer slept while an email was to leave. It is tried again."))
        outcome = self._mailer(ready.sender).send(self._mail(ready))
        if isinstance(outcome, NotSent):
            self._refusals[ready.sender] += 1
            self._trouble = outcome.says
        else:
            self._refusals.pop(ready.sender, None)
        return outcome

    def _mail(self, ready: Ready) -> Mail:
        _, body, html = self._letter(ready).written(ready.values)
        return Mail(
            f"email-{ready.id}",
            ready.to,
            ready.subject,
            body,
            html=html,
            files=self._attached(ready.campaign) if ready.campaign is not None else (),
            bounce=f"b{ready.id}",
        )

    def _letter(self, ready: Ready) -> Letter:
        """Read once for all who get it."""
        key = ready.campaign, ready.step, *ready.values
        if key not in self._letters:
            self._letters[key] = Letter("", ready.body, ready.values)
        return self._letters[key]

    def _attached(self, campaign_id: int) -> tuple[File, ...]:
        if campaign_id not in self._files:
            self._files.clear()  # those of one campaign at a time: they may be large
            columns = CampaignFile.name, CampaignFile.type, CampaignFile.content
            of = CampaignFile.select(*columns).where(CampaignFile.campaign == campaign_id)
            rows: list[Any] = self._database.fetch(of.order_by(CampaignFile.id))
            self._files[campaign_id] = tuple(File(row.name, row.type, bytes(row.content)) for row in rows)
        return self._files[campaign_id]


_STATUS: dict[type[Outcome], Status] = {
    Accepted: Status.SENT,
    Refused: Status.FAILED,
    NoAnswer: Status.UNKNOWN,
    NotSent: Status.WAITING,
}
