"""From queued to an end: every change of an email's status, in one transaction with what it does to the
credits.

An email is paid for, or failed, before anybody hands it over, and is marked as leaving and committed before
the server is asked. So whoever dies, it is neither sent twice nor forgotten. What became of one and the claim
of the next are one transaction: a campaign has ten thousand.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple, assert_never

from store.clock import Clock, micros
from store.credits.ledger import Ledger
from store.database import Database, retried  # isort: split

from peewee import SQL, Expression

from store.emails.holds import Holds
from store.emails.model import COUNTS, Status
from store.emails.senders import EmailSenders
from store.emails.tables import Campaign, Email, Step
from store.mail import Accepted, NoAnswer, NotSent, Outcome, Refused
from store.people.addressbook import AddressBook
from store.people.consent import Consent
from store.prepared import Prepared
from store.texts import merge

LEASE = timedelta(minutes=5)
"""How long handing over may take. After that whoever did it is taken for dead. What the server wasn't there
for is tried again after as long."""

STALE = timedelta(days=3)
"""How late an email may leave."""

_QUEUED = Prepared(
    lambda database, account, at: database.locking(
        Email.select()
        .where(Email.account_id == account, Email.status == SQL("'queued'"), Email.at <= at)
        .order_by(Email.at, Email.id)
        .limit(1),
        skip_locked=True,
    )
)
_TAKE = Prepared(
    lambda _, id, taken, address: Email.update(
        status=Status.SENDING.value, taken_at=taken, address=address
    ).where(Email.id == id)
)
_END = Prepared(
    lambda _, id, status, reason, taken, sent: (
        Email.update(status=status, reason=reason, taken_at=taken, sent_at=sent)
        .where(Email.id == id, Email.status.in_([Status.SENDING.value, Status.UNKNOWN.value]))
        .returning(Email.hold_id)
    )
)


class Ready(NamedTuple):
    """An email to be handed over. id: names it; to: an address; subject: as this person gets it; body:
    Markdown with its fields in place; values: what these take. sender: whose address it goes out from, "" for
    the one that is configured; campaign: its id, or step: that of its step. since: when it was claimed, by
    the real clock. answers: the Message-ID of the mail that it answers, "" none."""

    id: int
    to: str
    subject: str
    body: str
    values: Mapping[str, str]
    sender: str
    campaign: int | None
    step: int | None
    since: datetime
    answers: str = ""


class Wait(NamedTuple):
    """What the next email waits for: its sender's pace, or another day. seconds: how long."""

    sender: str
    seconds: float


class Ended(NamedTuple):
    """What became of an email that was handed over. at: by the account's clock."""

    ready: Ready
    outcome: Outcome
    at: datetime


class _About(NamedTuple):
    """What a campaign's or step's emails have in common. hold: None while nothing is held."""

    body: str
    sender: str = ""
    counts: bool = True
    hold: int | None = None
    answers: str = ""


class Outbox:
    """The emails of one account that wait to leave, seen by one worker. real: the clock of processes and
    networks."""

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        people: AddressBook,
        consent: Consent,
        real: Clock,
        account_id: int,
        senders: EmailSenders,
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._people = people
        self._consent = consent
        self._real = real
        self._account_id = account_id
        self._senders = senders
        self._campaigns: dict[int, _About] = {}
        self._steps: dict[int, _About] = {}

    def is_any(self, at: datetime) -> bool:
        """Whether there is anything to hand over: asked first, so that an idle worker takes no lock."""
        due = (Email.select(Email.id).where(*where).limit(1) for where in (self._queued(at), self._again(at)))
        return any(self._database.scalar(query) is not None for query in due)

    @retried
    def recover(self) -> None:
        """Of emails whose worker never came back, nobody knows whether they left."""
        over = Email.taken_at <= micros(self._real.now() - LEASE)
        lost = Email.account_id == self._account_id, Email.status == Status.SENDING.value, over
        if self._database.scalar(Email.select(Email.id).where(*lost).limit(1)) is not None:
            unknown = Email.update(status=Status.UNKNOWN, reason="interrupted")
            with self._database.transaction():
                self._database.run(unknown.where(*lost))

    @retried
    def take(
        self, at: datetime, ended: Ended | None = None, aside: Collection[str] = ()
    ) -> Ready | Status | Wait | None:
        """Notes what became of an email and claims the next one to hand over; what became of that where it
        can't be, or what it waits for; None where there is none. aside: senders whose emails aren't looked
        at."""
        with self._database.transaction():
            if ended is not None:
                self._end(ended)
            found = self._next(at, aside)
            return self._claimed(found, at) if found is not None else None

    @retried
    def end(self, ended: Ended) -> None:
        """Notes what became of an email."""
        with self._database.transaction():
            self._end(ended)

    def is_stale(self, ready: Ready) -> bool:
        """Whether so much of a claim's lease is over that the email mustn't be handed over any more."""
        return self._real.now() - ready.since > LEASE / 2

    def _next(self, at: datetime, aside: Collection[str]) -> Any:
        """The first that is due and that no other worker has locked, locked; None where there is none."""
        if not aside:
            queued = _QUEUED(account=self._account_id, at=micros(at))
            if found := self._database.fetch(queued):
                return found[0]
        for where in (self._queued(at), self._again(at)):
            due = Email.select().where(*where, *self._not_of(aside)).order_by(Email.at, Email.id).limit(1)
            if found := self._database.fetch(self._database.locking(due, skip_locked=True)):
                return found[0]
        return None

    def _claimed(self, found: Any, at: datetime) -> Ready | Status | Wait:
        about = self._about(found)
        if found.campaign_id is not None and about.counts and about.hold is None:
            # Its month began while this worker was at it.
            Holds(self._database, self._ledger, self._account_id).begin(found.campaign_id)
            about = self._about(found)
            status = Email.select(Email.status).where(Email.id == found.id)
            if self._database.scalar(status) == Status.FAILED.value:
                return Status.FAILED
        if found.at <= micros(at - STALE) and found.status == Status.WAITING.value:
            return self._fail(found, about, "too-late")
        address = self._address(found)
        if not address:
            return self._fail(found, about, "no-address")
        if self._consent.is_out(address.lower(), self._account_id):
            return self._fail(found, about, "opted-out")
        if not (room := self._senders.take(about.sender)).texts:
            return Wait(about.sender, room.wait)
        since = self._real.now()
        self._database.run(_TAKE(id=found.id, taken=micros(since), address=address))
        values = json.loads(found.merge) if found.merge else {}
        of = found.campaign_id, found.step_id
        return Ready(
            found.id, address, found.subject, about.body, values, about.sender, *of, since, about.answers
        )

    def _address(self, email: Any) -> str:
        """As it is now, where that is another one; "" where the contact is gone, or has none any more."""
        if not email.contact_id:
            return str(email.address)
        contact = self._people.contact(email.contact_id)
        if contact is None:
            return ""
        chosen = str(email.address).lower()
        return next((address for address in contact.emails if address.lower() == chosen), contact.email)

    def _about(self, email: Any) -> _About:
        """Of a campaign or step; remembered once it doesn't change any more."""
        if email.campaign_id is None:
            if (about := self._steps.get(email.step_id)) is None:
                body = Step.select(Step.body).where(Step.id == email.step_id)
                about = _About(str(self._database.scalar(body)), self._of_steps)
                self._steps[email.step_id] = about
            return about
        if (about := self._campaigns.get(email.campaign_id)) is None:
            columns = Campaign.body, Campaign.sender, Campaign.service, Campaign.hold_id, Campaign.answers
            row = self._database.first(Campaign.select(*columns).where(Campaign.id == email.campaign_id))
            about = _About(row.body, row.sender, row.service == COUNTS, row.hold_id, row.answers)
            if about.hold is not None or not about.counts:
                self._campaigns[email.campaign_id] = about
        return about

    def _fail(self, email: Any, about: _About, reason: str) -> Status:
        """It never leaves, so what it would have cost comes back."""
        failed = Email.update(status=Status.FAILED, reason=reason)
        self._database.run(failed.where(Email.id == email.id))
        if hold := email.hold_id or about.hold:
            self._ledger.release(hold, 1)
        return Status.FAILED

    def _end(self, ended: Ended) -> None:
        """What became of an email, if nobody was faster. The answer counts even where it was long in
        coming."""
        ready, outcome, at = ended
        match outcome:
            case Accepted():
                if hold := self._set(ready, Status.SENT, "", sent=micros(at)):
                    self._ledger.settle(hold, 1)
            case Refused():  # it never left, so it is given back
                if hold := self._set(ready, Status.FAILED, "refused"):
                    self._ledger.release(hold, 1)
            case NotSent():  # it never left, and is tried again
                self._set(ready, Status.WAITING, "")
            case NoAnswer():  # what it costs stays held
                self._set(ready, Status.UNKNOWN, "no-answer")
            case _:
                assert_never(outcome)

    def _set(self, ready: Ready, status: Status, reason: str, sent: int | None = None) -> int | None:
        """Of which hold it is, None where nothing is held or it had ended."""
        taken = micros(self._real.now())
        end = _END(id=ready.id, status=status.value, reason=reason, taken=taken, sent=sent)
        ended = self._database.cursor(end).fetchall()
        if not ended:
            return None
        (hold,) = ended[0]
        if hold is None and ready.campaign is not None:
            hold = self._campaigns[ready.campaign].hold
        return hold or None

    def _queued(self, at: datetime) -> tuple[Expression, ...]:
        """Emails of the account that may leave for the first time."""
        return (
            Email.account_id == self._account_id,
            Email.status == SQL("'queued'"),
            Email.at <= micros(at),
        )

    def _again(self, at: datetime) -> tuple[Expression, ...]:
        """Those that may leave again, since the server wasn't there."""
        return (
            Email.account_id == self._account_id,
            Email.status == SQL("'waiting'"),
            Email.at <= micros(at),
            Email.taken_at <= micros(self._real.now() - LEASE),
        )

    @cached_property
    def _of_steps(self) -> str:
        """The sender of what SmartPlans send."""
        return self._senders.of(self._account_id)

    def _not_of(self, aside: Collection[str]) -> tuple[Expression, ...]:
        """Emails that aren't these senders'."""
        if not aside:
            return ()
        theirs = Campaign.select(Campaign.id).where(Campaign.sender.in_(sorted(aside)))
        of_none = Email.campaign.is_null()
        own = ~of_none if self._of_steps in aside else SQL("1 = 1")
        return (own & (of_none | Email.campaign.not_in(theirs)),)


def rendered(text: str, values: str) -> str:
    """What somebody gets of a text with merge fields. values: an email's `merge`."""
    taken: Mapping[str, str] = json.loads(values) if values else {}
    return merge.parse(text, (*merge.FIELDS, *taken)).render(taken)
