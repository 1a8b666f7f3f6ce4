"""From queued to an end: every change of an email's status, in one transaction with what it does to the
credits.

An email is paid for, or failed, before anybody hands it over, and is marked as leaving and committed before
the server is asked. So whoever dies, it is neither sent twice nor forgotten. What became of some and the
claim of the next are one transaction, since a campaign has ten thousand and a disk takes its time.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
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
from store.people.tables import Contact
from store.prepared import Prepared
from store.texts import merge

LEASE = timedelta(minutes=5)
"""How long handing over may take. After that whoever did it is taken for dead. What the server wasn't there
for is tried again after as long."""

STALE = timedelta(days=3)
"""How late an email may leave."""

AT_ONCE = 20
"""How many emails are claimed by one transaction: of so many at most nobody knows where whoever has claimed
them dies."""

_QUEUED = Prepared(
    lambda database, account, at: database.locking(
        Email.select()
        .where(Email.account_id == account, Email.status == SQL("'queued'"), Email.at <= at)
        .order_by(Email.at, Email.id)
        .limit(AT_ONCE),
        skip_locked=True,
    )
)
_ADDRESSES = Prepared(lambda _, id: Contact.select(Contact.email, Contact.emails).where(Contact.id == id))
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
    the real clock. again: whether it was tried before. answers: the Message-ID of the mail that it answers,
    "" none. hold: its campaign's, None where there is none."""

    id: int
    to: str
    subject: str
    body: str
    values: Mapping[str, str]
    sender: str
    campaign: int | None
    step: int | None
    since: datetime
    again: bool = False
    answers: str = ""
    hold: int | None = None


class Unsent(Enum):
    """Why an email that was claimed wasn't handed over."""

    BACK = "back"  # there was no time for it: another worker may take it
    OPTED_OUT = "opted-out"


class Ended(NamedTuple):
    """What became of an email that was claimed. at: by the account's clock."""

    ready: Ready
    outcome: Outcome | Unsent
    at: datetime


@dataclass(slots=True)
class Taken:
    """What is to be handed over. failed: how many couldn't be; waits: for how many seconds a sender's pace or
    day lets nothing leave. nothing: whether nothing was found."""

    ready: list[Ready]
    failed: int
    waits: dict[str, float]
    nothing: bool = False


class _About(NamedTuple):
    """What a campaign's or step's emails have in common. hold: a campaign's, None where there is none;
    is_held: whether they may leave by it."""

    body: str
    sender: str = ""
    hold: int | None = None
    is_held: bool = True
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
        """Of emails whose worker never came back, nobody knows whether they left. What a service sends is
        asked of that (`remote`)."""
        over = Email.taken_at <= micros(self._real.now() - LEASE)
        theirs = Campaign.select(Campaign.id).where(
            Campaign.account_id == self._account_id, Campaign.service != COUNTS
        )
        ours = Email.campaign.is_null() | Email.campaign.not_in(theirs)
        lost = Email.account_id == self._account_id, Email.status == Status.SENDING.value, over, ours
        if self._database.scalar(Email.select(Email.id).where(*lost).limit(1)) is not None:
            unknown = Email.update(status=Status.UNKNOWN, reason="interrupted")
            with self._database.transaction():
                self._database.run(unknown.where(*lost))

    @retried
    def take(self, at: datetime, ended: Collection[Ended] = (), aside: Collection[str] = ()) -> Taken:
        """Notes what became of emails and claims the next ones to hand over. aside: senders whose emails
        aren't looked at."""
        self._campaigns.clear()
        with self._database.transaction():
            self._end_all(ended)
            found = self._next(at, aside)
            waiting = {row.campaign_id for row in found if not self._about(row).is_held}
            if waiting:  # their month began while this worker was at it
                holds = Holds(self._database, self._ledger, self._account_id)
                for campaign_id in sorted(waiting):
                    holds.begin(campaign_id)
                found = self._next(at, aside)
            taken = Taken([], 0, {})
            for row in found:
                self._claim(row, at, taken)
            if waiting or taken.failed or taken.waits:
                return taken
            return taken if taken.ready else Taken([], 0, {}, nothing=True)

    @retried
    def end(self, ended: Collection[Ended]) -> None:
        """Notes what became of emails."""
        with self._database.transaction():
            self._end_all(ended)

    def is_out(self, ready: Ready) -> bool:
        """Whether somebody opted out since the claim: asked just before an email is handed over."""
        return self._consent.is_out(ready.to.lower(), self._account_id)

    def is_stale(self, ready: Ready) -> bool:
        """Whether so much of a claim's lease is over that the email mustn't be handed over any more."""
        return self._real.now() - ready.since > LEASE / 2

    def _next(self, at: datetime, aside: Collection[str]) -> list[Any]:
        """The first that are due and that no other worker has locked, locked."""
        if not aside and (found := self._database.fetch(_QUEUED(account=self._account_id, at=micros(at)))):
            return found
        for where in (self._queued(at), self._again(at)):
            due = Email.select().where(*where, *self._not_of(aside)).order_by(Email.at, Email.id)
            if found := self._database.fetch(self._database.locking(due.limit(AT_ONCE), skip_locked=True)):
                return found
        return []

    def _claim(self, found: Any, at: datetime, taken: Taken) -> None:
        """Adds an email to what is taken, or tells why it can't be."""
        about = self._about(found)
        address = self._address(found)
        reason = ""
        if found.at <= micros(at - STALE) and found.status == Status.WAITING.value:
            reason = "too-late"
        elif not address:
            reason = "no-address"
        elif self._consent.is_out(address.lower(), self._account_id):
            reason = "opted-out"
        if reason:
            self._fail(found, about, reason)
            taken.failed += 1
            return
        if about.sender in taken.waits:
            return
        if not (room := self._senders.take(about.sender)).texts:
            taken.waits[about.sender] = room.wait
            return
        since = self._real.now()
        self._database.run(_TAKE(id=found.id, taken=micros(since), address=address))
        values = json.loads(found.merge) if found.merge else {}
        of = found.campaign_id, found.step_id
        again = found.status == Status.WAITING.value
        about_it = found.id, address, found.subject, about.body, values, about.sender
        taken.ready.append(Ready(*about_it, *of, since, again, about.answers, about.hold))

    def _address(self, email: Any) -> str:
        """As it is now, where that is another one; "" where the contact is gone, or has none any more."""
        chosen = str(email.address)
        if not email.contact_id:
            return chosen
        known = self._database.cursor(_ADDRESSES(id=email.contact_id)).fetchall()
        if known:
            first, others = known[0]
            addresses: list[str] = [first, *others.split("\n")] if others else [first]
        else:  # merged into another, perhaps
            contact = self._people.contact(email.contact_id)
            addresses = list(contact.emails) if contact else []
        return next((one for one in addresses if one.lower() == chosen.lower()), (addresses or [""])[0])

    def _about(self, email: Any) -> _About:
        """Of a campaign or step; remembered for a claim, since a campaign that is cancelled and leaves after
        all has another hold then."""
        if email.campaign_id is None:
            if (about := self._steps.get(email.step_id)) is None:
                body = Step.select(Step.body).where(Step.id == email.step_id)
                about = _About(str(self._database.scalar(body)), self._of_steps)
                self._steps[email.step_id] = about
            return about
        if (about := self._campaigns.get(email.campaign_id)) is None:
            columns = Campaign.body, Campaign.sender, Campaign.service, Campaign.hold_id, Campaign.answers
            row = self._database.first(Campaign.select(*columns).where(Campaign.id == email.campaign_id))
            is_held = row.hold_id is not None or row.service != COUNTS
            about = _About(row.body, row.sender, row.hold_id, is_held, row.answers)
            if is_held:
                self._campaigns[email.campaign_id] = about
        return about

    def _fail(self, email: Any, about: _About, reason: str) -> None:
        """It never leaves, so what it would have cost comes back."""
        failed = Email.update(status=Status.FAILED, reason=reason)
        self._database.run(failed.where(Email.id == email.id))
        if hold := email.hold_id or about.hold:
            self._ledger.release(hold, 1)

    def _end_all(self, ended: Collection[Ended]) -> None:
        """What became of emails, and of what they cost."""
        settled, released = Counter[int](), Counter[int]()
        for one in ended:
            self._end(one, settled, released)
        for hold, emails in settled.items():
            self._ledger.settle(hold, emails)
        for hold, emails in released.items():
            self._ledger.release(hold, emails)

    def _end(self, ended: Ended, settled: Counter[int], released: Counter[int]) -> None:
        """What became of an email, if nobody was faster. The answer counts even where it was long in coming.
        settled, released: how many of a hold."""
        ready, outcome, at = ended
        match outcome:
            case Accepted():
                settled.update(self._set(ready, Status.SENT, sent=micros(at)))
            case Refused():  # it never left, so it is given back
                released.update(self._set(ready, Status.FAILED, "refused"))
            case Unsent.OPTED_OUT:
                released.update(self._set(ready, Status.FAILED, "opted-out"))
            case Unsent.BACK | NotSent() if self._is_cancelled(ready):  # while it was claimed: it hasn't left
                released.update(self._set(ready, Status.CANCELLED))
            case Unsent.BACK:
                self._set(ready, Status.QUEUED)
            case NotSent():  # it never left, and is tried again
                self._set(ready, Status.WAITING)
                if not ready.again:  # from now on the server is away, however long ago it was due
                    late = Email.id == ready.id, Email.status == Status.WAITING.value
                    self._database.run(Email.update(at=micros(at)).where(*late))
            case NoAnswer():  # what it costs stays held
                self._set(ready, Status.UNKNOWN, "no-answer")
            case _:
                assert_never(outcome)

    def _is_cancelled(self, ready: Ready) -> bool:
        """Whether its campaign is. Nobody cancels that before the transaction ends, who would miss what comes
        back by it."""
        campaign = Campaign.select(Campaign.cancelled).where(Campaign.id == ready.campaign)
        found = self._database.fetch(self._database.locking(campaign)) if ready.campaign is not None else []
        return any(row.cancelled for row in found)

    def _set(self, ready: Ready, status: Status, reason: str = "", sent: int | None = None) -> list[int]:
        """Of which hold it is; none where nothing is held or it had ended."""
        taken = None if status is Status.QUEUED else micros(self._real.now())
        end = _END(id=ready.id, status=status.value, reason=reason, taken=taken, sent=sent)
        ended = self._database.cursor(end).fetchall()
        if not ended:
            return []
        (hold,) = ended[0]
        hold = hold or ready.hold
        return [hold] if hold else []

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
