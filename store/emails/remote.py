"""Campaigns that a service sends: made there, looked over, and sent by one call that is never repeated; then
what it tells of each email.

An email is marked as leaving and committed before that call. Where nobody heard how it went, the campaign
there says so; where that doesn't say, it is unknown and a person decides."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from store.clock import Clock, micros
from store.database import Database, retried  # isort: split

from peewee import fn

from store.emails.model import Sent, Status
from store.emails.tables import Campaign, Email
from store.mail import Accepted, NoAnswer, NotSent, markdown
from store.mail.claims import Claims
from store.mail.mailchimp import Letter, Mailchimp, Member, ServiceTrouble, State, key_of, tagged
from store.people.addressbook import AddressBook
from store.people.consent import Consent
from store.sentences import Sentence, sentence
from store.texts import merge

STALE = timedelta(days=3)
"""How late a campaign may leave."""

TOLD = timedelta(days=7)
"""So long after it left, the service is asked what became of its emails."""

BETWEEN = timedelta(minutes=15)
"""Two questions about one campaign."""


class Remote:
    """The campaigns of one account that a service sends. token: tells this database from others. real: the
    clock of processes and networks."""

    def __init__(
        self,
        database: Database,
        people: AddressBook,
        consent: Consent,
        service: Mailchimp,
        token: str,
        real: Clock,
        account_id: int,
    ) -> None:
        self._database = database
        self._people = people
        self._consent = consent
        self._service = service
        self._token = token
        self._real = real
        self._account_id = account_id
        self._claims = Claims(database, real)

    def run(self, at: datetime) -> Sent:
        """Sends what is due, withdraws what was cancelled, and asks what became of the others. at: by the
        account's clock."""
        sent = failed = 0
        trouble: Sentence | None = None
        for row in self._open(at):
            with self._claimed(row.id) as mine:
                if not mine:
                    continue
                try:
                    done, lost = self._step(row, at)
                except ServiceTrouble as error:
                    trouble = trouble or error.says
                else:
                    sent, failed = sent + done, failed + lost
        return Sent(sent, failed, trouble)

    def _open(self, at: datetime) -> list[Any]:
        """Campaigns with something to do: those that wait, are being sent, were cancelled, or whose emails
        are still told about."""
        waits = Email.select(Email.campaign).where(
            Email.account_id == self._account_id,
            Email.status.in_([Status.SERVICE, Status.SENDING]),
            Email.at <= micros(at),
        )
        asked = micros(self._real.now() - BETWEEN)
        told = (Campaign.asked_at <= asked) & (Campaign.at > micros(at - TOLD))
        withdrawn = Campaign.cancelled & (Campaign.remote != "") & Campaign.asked_at.is_null()
        found = Campaign.select().where(
            Campaign.account_id == self._account_id,
            Campaign.service == "mailchimp",
            Campaign.id.in_(waits) | told | withdrawn,
        )
        return self._database.fetch(found.order_by(Campaign.id))

    def _step(self, row: Any, at: datetime) -> tuple[int, int]:
        """How many of a campaign's emails were sent, and failed. Raises ServiceTrouble."""
        if row.cancelled and row.remote and row.asked_at is None:
            self._service.withdraw(row.remote)
            self._database.run(Campaign.update(remote="").where(Campaign.id == row.id))
        elif row.asked_at is not None:
            self._listen(row)
        elif self._count(row, Status.SENDING):
            return self._find_out(row, at)
        elif row.at <= micros(at - STALE):
            return 0, self._move(row, Status.SERVICE, Status.FAILED, reason="too-late")
        else:
            return self._send(row, at)
        return 0, 0

    def _send(self, row: Any, at: datetime) -> tuple[int, int]:
        failed = self._leave_out(row)
        people = self._database.fetch(Email.select().where(*_of(row, Status.SERVICE)).order_by(Email.id))
        if not people:
            return 0, failed
        id = self._service.make(self._letter(row, people))
        self._database.run(Campaign.update(remote=id).where(Campaign.id == row.id))
        if lacks := self._service.problems(id):
            raise ServiceTrouble(
                sentence(
                    "Mailchimp won't send “{subject}” yet: {why} Nothing was sent; Textmeter keeps "
                    "trying for three days. Fix it at Mailchimp.",
                    subject=row.subject,
                    why=" ".join(lacks),
                )
            )
        if late := self._leave_out(row):  # making it took a while: it is made anew without them
            return 0, failed + late
        if not self._move(row, Status.SERVICE, Status.SENDING):  # cancelled just now
            return 0, failed
        match self._service.send(id):
            case Accepted():
                return self._sent(row, at), failed
            case NotSent(says=says):
                self._move(row, Status.SENDING, Status.SERVICE)
                raise ServiceTrouble(says)
            case NoAnswer():
                done, lost = self._find_out(row._replace(remote=id), at, reason="no-answer")
                return done, failed + lost
        raise AssertionError("a mailer refuses no campaign")

    def _find_out(self, row: Any, at: datetime, reason: str = "interrupted") -> tuple[int, int]:
        """What became of a campaign whose sending nobody heard the end of. Raises ServiceTrouble where that
        can't be asked at present; it is asked again."""
        if self._service.state(row.remote) is State.SENT:
            return self._sent(row, at), 0
        self._move(row, Status.SENDING, Status.UNKNOWN, reason=reason)
        return 0, 0

    def _sent(self, row: Any, at: datetime) -> int:
        asked = Campaign.update(asked_at=micros(self._real.now())).where(Campaign.id == row.id)
        with self._database.transaction():
            self._database.run(asked)
            return self._move(row, Status.SENDING, Status.SENT, sent_at=micros(at))

    def _listen(self, row: Any) -> None:
        """Notes what the service tells of each email."""
        told = list(self._service.outcomes(row.remote))
        asked = Campaign.update(asked_at=micros(self._real.now())).where(Campaign.id == row.id)
        with self._database.transaction():
            for one in told:
                if one.what == "bounced" and self._bounced(row, one.address):
                    self._consent.opt_out(one.address.lower(), 0, why="Mailchimp: hard bounce", how="bounce")
                elif one.what == "unsubscribed" and not self._is_out(one.address):
                    self._consent.opt_out(
                        one.address.lower(), self._account_id, why="Mailchimp", how="carrier"
                    )
            self._database.run(asked)

    def _bounced(self, row: Any, address: str) -> bool:
        """Whether this is news."""
        bounced = Email.update(status=Status.BOUNCED, reason="bounced")
        of = fn.LOWER(Email.address) == address.lower()
        return bool(self._database.run(bounced.where(*_of(row, Status.SENT), of)))

    def _leave_out(self, row: Any) -> int:
        """Those who opted out, or are gone, since it was written: how many."""
        waits = Email.select(Email.id, Email.address, Email.contact_id).where(*_of(row, Status.SERVICE))
        left_out = 0
        for email in self._database.fetch(waits):
            gone = email.contact_id and self._people.contact(email.contact_id) is None
            if gone or self._is_out(email.address):
                reason = "no-address" if gone else "opted-out"
                failed = Email.update(status=Status.FAILED, reason=reason).where(Email.id == email.id)
                left_out += int(self._database.run(failed))
        return left_out

    def _is_out(self, address: str) -> bool:
        return self._consent.is_out(address.lower(), self._account_id)

    def _letter(self, row: Any, people: Sequence[Any]) -> Letter:
        subject, body = merge.parse(row.subject), merge.parse(row.body)
        return Letter(
            key_of(row.id, self._token),
            tagged(subject),
            tagged(body),
            tagged(markdown.template(body)),
            tuple(_member(one) for one in people),
        )

    def _count(self, row: Any, status: Status) -> int:
        return int(self._database.scalar(Email.select(fn.COUNT(Email.id)).where(*_of(row, status))))

    @retried
    def _move(self, /, row: Any, before: Status, after: Status, **also: object) -> int:
        """How many emails of a campaign changed their status."""
        change = Email.update(status=after, taken_at=micros(self._real.now()), **also)
        with self._database.transaction():
            return int(self._database.run(change.where(*_of(row, before))))

    @contextmanager
    def _claimed(self, campaign_id: int) -> Iterator[bool]:
        """Whether no other worker is at a campaign, for the length of a lease."""
        key = f"mailchimp-{campaign_id}"
        if not self._claims.take(key):
            yield False
            return
        try:
            yield True
        finally:
            self._claims.drop(key)


def _of(row: Any, status: Status) -> tuple[Any, Any]:
    return Email.campaign == row.id, Email.status == status.value


def _member(email: Any) -> Member:
    taken = json.loads(email.merge) if email.merge else {}
    return Member(email.address, taken.get("first_name", ""), taken.get("last_name", ""))
