"""From queued to an end: every change of an email's status, in one transaction with what it does to the
credits.

An email is paid for, or failed, before anybody hands it over, and is marked as leaving and committed before
the server is asked. So whoever dies, it is neither sent twice nor forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from store.clock import Clock, micros
from store.credits.ledger import Ledger
from store.database import Database, retried  # isort: split

from peewee import Expression

from store.emails.model import Status
from store.emails.tables import Campaign, Email, Step
from store.people.addressbook import AddressBook
from store.people.consent import Consent
from store.texts import merge

LEASE = timedelta(minutes=5)
"""How long handing over may take. After that whoever did it is taken for dead. What the server wasn't there
for is tried again after as long."""

STALE = timedelta(days=3)
"""How late an email may leave."""


class Ready(NamedTuple):
    """An email to be handed over. id: names it; to: an address; body: Markdown. sender: whose address it goes
    out from, "" for the one that is configured; campaign: its id, None for a step's."""

    id: int
    to: str
    subject: str
    body: str
    sender: str = ""
    campaign: int | None = None


class Outbox:
    """The emails of one account that wait to leave. real: the clock of processes and networks."""

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        people: AddressBook,
        consent: Consent,
        real: Clock,
        account_id: int,
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._people = people
        self._consent = consent
        self._real = real
        self._account_id = account_id

    def is_any(self, at: datetime) -> bool:
        """Whether there is anything to do: asked first, so that an idle worker takes no lock."""
        lost = Email.select(Email.id).where(*self._lost())
        due = Email.select(Email.id).where(*self._due(at))
        return any(self._database.scalar(query.limit(1)) is not None for query in (lost, due))

    @retried
    def take(self, at: datetime) -> Ready | Status | None:
        """The next email to hand over; what became of it where it can't be; None where there is none."""
        with self._database.transaction():
            self._recover()
            due = Email.select().where(*self._due(at)).order_by(Email.at, Email.id)
            found = next(iter(self._database.fetch(self._locked(due))), None)
            if found is None:
                return None
            if found.at <= micros(at - STALE) and found.status == Status.WAITING.value:
                return self._fail(found, "too-late")
            address = self._address(found)
            if not address:
                return self._fail(found, "no-address")
            if self._consent.is_out(address.lower(), self._account_id):
                return self._fail(found, "opted-out")
            taken = micros(self._real.now())
            self._set(found.id, status=Status.SENDING, taken_at=taken, address=address)
            body, sender = self._written(found)
            return Ready(found.id, address, found.subject, body, sender, found.campaign_id)

    @retried
    def sent(self, ready: Ready, at: datetime) -> None:
        with self._database.transaction():
            if hold := self._end(ready, Status.SENT, "", sent_at=micros(at)):
                self._ledger.settle(hold, 1)

    @retried
    def refused(self, ready: Ready) -> None:
        """It never left, so it is given back."""
        with self._database.transaction():
            if hold := self._end(ready, Status.FAILED, "refused"):
                self._ledger.release(hold, 1)

    def put_back(self, ready: Ready) -> None:
        """It never left, and is tried again."""
        self._end(ready, Status.WAITING, "")

    def lose(self, ready: Ready) -> None:
        """Nobody knows whether it left: what it costs stays held."""
        self._end(ready, Status.UNKNOWN, "no-answer")

    def _recover(self) -> None:
        """Of emails whose worker never came back, nobody knows whether they left."""
        lost = Email.update(status=Status.UNKNOWN, reason="interrupted")
        self._database.run(lost.where(*self._lost()))

    def _address(self, email: Any) -> str:
        """As it is now; "" where the contact is gone, or has none any more."""
        if not email.contact_id:
            return str(email.address)
        contact = self._people.contact(email.contact_id)
        return contact.email if contact else ""

    def _written(self, email: Any) -> tuple[str, str]:
        """An email's body as this person gets it, and who sends it."""
        if email.campaign_id is not None:
            about = Campaign.select(Campaign.body, Campaign.sender).where(Campaign.id == email.campaign_id)
            row = self._database.first(about)
            return rendered(row.body, email.merge), row.sender
        row = self._database.first(Step.select(Step.body).where(Step.id == email.step_id))
        return rendered(row.body, email.merge), ""

    def _fail(self, email: Any, reason: str) -> Status:
        """It never leaves, so what it would have cost comes back."""
        self._set(email.id, status=Status.FAILED, reason=reason)
        if hold := self._hold_of(email.hold_id, email.campaign_id):
            self._ledger.release(hold, 1)
        return Status.FAILED

    def _hold_of(self, hold_id: int | None, campaign_id: int | None) -> int | None:
        """Of an email: its own, or its campaign's; None where nothing is held."""
        if hold_id is None and campaign_id is not None:
            of_campaign = Campaign.select(Campaign.hold_id).where(Campaign.id == campaign_id)
            hold_id = self._database.scalar(of_campaign)
        return hold_id

    def _set(self, id: int, **values: object) -> None:
        self._database.run(Email.update(**values).where(Email.id == id))

    def _end(self, ready: Ready, status: Status, reason: str, **also: object) -> int | None:
        """Notes what became of an email that is being handed over; the hold, if nobody was faster. The answer
        counts even where it was long in coming."""
        taken = micros(self._real.now())
        ends = Email.update(status=status, reason=reason, taken_at=taken, **also).where(
            Email.id == ready.id, Email.status.in_([Status.SENDING, Status.UNKNOWN])
        )
        ended = list(self._database.run(ends.returning(Email.hold_id, Email.campaign).namedtuples()))
        return self._hold_of(ended[0].hold_id, ended[0].campaign) if ended else None

    def _lost(self) -> tuple[Expression, ...]:
        """Emails of the account that were taken long ago by somebody who never came back."""
        over = Email.taken_at <= micros(self._real.now() - LEASE)
        return Email.account_id == self._account_id, Email.status == Status.SENDING.value, over

    def _due(self, at: datetime) -> tuple[Expression, ...]:
        """Emails of the account that may leave: a first time, or again since the server wasn't there."""
        again = Email.taken_at <= micros(self._real.now() - LEASE)
        waits = Email.status.in_([Status.QUEUED.value, Status.WAITING.value])
        own = Email.account_id == self._account_id
        return own, waits, Email.at <= micros(at), Email.taken_at.is_null() | again

    def _locked(self, query: Any) -> Any:
        """The first that no other worker has locked, locked."""
        return self._database.locking(query.limit(1), skip_locked=True)


def rendered(text: str, values: str) -> str:
    """What somebody gets of a text with merge fields. values: an email's `merge`."""
    taken: Mapping[str, str] = json.loads(values) if values else {}
    return merge.parse(text, (*merge.FIELDS, *taken)).render(taken)
