"""Campaigns and their emails as they are kept: written once, read by the page.

The emails of a campaign, 100,000 perhaps, are written by the driver's `executemany`; peewee writes all else.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from store.clock import instant, micros
from store.credits.history_query import Selection
from store.database import Database  # isort: split

from peewee import Case, Tuple, fn

from store.emails.model import (
    COUNTS,
    LEFT,
    REASONS,
    TROUBLE,
    WAITS,
    Attached,
    CampaignAsSent,
    CampaignSummary,
    Emailed,
    EmailRecipient,
    Status,
    Written,
)
from store.emails.tables import Campaign as _Campaign
from store.emails.tables import CampaignFile as _File
from store.emails.tables import Email as _Email
from store.emails.tables import Step as _Step
from store.emails.writing import Letter
from store.errors import RefusedByRule, WrongUsage, changed_since
from store.mail import File
from store.messages.blasts import containing
from store.messages.model import Purpose
from store.messages.proof import Line
from store.sentences import Sentence, sentence

_QUEUE = (
    "INSERT INTO email (account_id, campaign_id, contact_id, address, name, merge, subject, at, status, "
    "reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '')"
)
_RANK = Case(_Email.status, [(status.value, rank) for rank, status in enumerate(TROUBLE)], len(TROUBLE))
"""The order in which a campaign's emails are listed: failures first."""
_FILES = _File.select(_File.name, _File.type, fn.LENGTH(_File.content).alias("size"))

PAGE = 1_000
"""Emails that are read at once, of all."""


class Campaigns:
    """What was sent and is being sent."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        account_id: int,
        created_at: datetime,
        letter: Letter,
        written: tuple[str, str],
        recipients: Sequence[tuple[EmailRecipient, datetime]],
        files: Sequence[File],
        *,
        sender: str,
        service: str,
        each_at: str,
        answers: str = "",
        purpose: Purpose = Purpose.NOTICE,
        why: str = "",
        blast: int | None = None,
    ) -> int:
        """Writes a campaign, one email a recipient, and its files. written: subject and body, as `letter` was
        made of; recipients: who gets it, and from when on. answers: the Message-ID of the mail that it
        answers; blast: the text of the same emergency."""
        with self._database.transaction():
            added = _Campaign.insert(
                account_id=account_id,
                created_at=micros(created_at),
                subject=written[0],
                body=written[1],
                sender=sender,
                service=service,
                recipients=len(recipients),
                at=min(micros(at) for _, at in recipients),
                each_at=each_at,
                person=self._database.person.name,
                answers=answers,
                purpose=purpose.value,
                why=why,
                blast_id=blast,
            )
            id = int(self._database.run(added))
            waits = Status.QUEUED if service == COUNTS else Status.SERVICE
            rows = ((*row, waits.value) for row in _rows(account_id, id, letter, recipients))
            self._database.executemany(_QUEUE, rows)
            for name, kind, content in files:
                self._database.run(_File.insert(campaign=id, name=name, type=kind, content=content))
        return id

    def summary(self, id: int) -> CampaignSummary:
        """Raises WrongUsage where there is none of that id."""
        with self._database.connection():
            row = self._database.first(_Campaign.select().where(_Campaign.id == id))
            if row is None:
                raise WrongUsage(
                    sentence("There is no campaign {campaign}.", campaign=str(id)), code="no-such-campaign"
                )
            return self._summary(row)

    def page(self, account_id: int, before: int | None, limit: int) -> list[CampaignSummary]:
        """Newest first; before: only those older than the one of this id."""
        found = _Campaign.select().where(_Campaign.account_id == account_id)
        if before is not None:
            found = found.where(_Campaign.id < before)
        with self._database.connection():
            rows = self._database.find(found.order_by(_Campaign.id.desc()).limit(limit))
            return [self._summary(row) for row in rows]

    def account_of(self, id: int) -> int | None:
        """Whose it is, None where there is none."""
        with self._database.connection():
            found: int | None = self._database.scalar(
                _Campaign.select(_Campaign.account_id).where(_Campaign.id == id)
            )
        return found

    def emailed(
        self, campaign_id: int, status: Status | frozenset[Status] | None, after: Emailed | None, limit: int
    ) -> list[Emailed]:
        """Failures first, then as they leave."""
        found = _Email.select().where(_Email.campaign == campaign_id)
        if status is not None:
            some = {status} if isinstance(status, Status) else status
            found = found.where(_Email.status.in_(sorted(some)))
        if after is not None:
            found = found.where(Tuple(_RANK, _Email.id) > Tuple(_rank(after.status), after.id))
        with self._database.connection():
            rows = self._database.fetch(found.order_by(_RANK, _Email.id).limit(limit))
        return [_emailed(row) for row in rows]

    def lines(self, campaign_id: int) -> Iterator[Line]:
        """A line for each person, in the order in which the emails were written down, whatever becomes of
        them meanwhile."""
        after = 0
        while page := self._page_after(campaign_id, after):
            yield from map(_line, page)
            after = page[-1].id

    def _page_after(self, campaign_id: int, after: int) -> list[Any]:
        found = _Email.select().where(_Email.campaign == campaign_id, _Email.id > after)
        with self._database.connection():
            return list(self._database.fetch(found.order_by(_Email.id).limit(PAGE)))

    def first_written(self, campaign_id: int) -> Written:
        """What the first of those got to whom a campaign goes."""
        first = _Email.select(fn.MIN(_Email.id)).where(_Email.campaign == campaign_id)
        with self._database.connection():
            return self.written(self._database.scalar(first))

    def written(self, email_id: int) -> Written:
        """What somebody got. Raises WrongUsage where there is no such email."""
        about = (
            _Email.select(_Email.subject, _Email.merge, fn.COALESCE(_Campaign.body, _Step.body).alias("body"))
            .left_outer_join(_Campaign)
            .switch(_Email)
            .left_outer_join(_Step)
        )
        with self._database.connection():
            row = self._database.first(about.where(_Email.id == email_id))
        if row is None:
            raise WrongUsage(
                sentence("There is no email {email}.", email=str(email_id)), code="no-such-email"
            )
        values = json.loads(row.merge) if row.merge else {}
        return Letter("", row.body, values).written(values)._replace(subject=row.subject)

    def as_sent(self, ids: Collection[int]) -> dict[int, CampaignAsSent]:
        first = _Email.select(fn.MIN(_Email.id)).where(self._database.among(_Email.campaign, ids))
        about = _Email.select(
            _Email.campaign, _Email.subject, _Email.name, _Email.address, _Campaign.recipients
        ).join(_Campaign)
        with self._database.connection():
            found = about.where(_Email.id.in_(first.group_by(_Email.campaign)))
            return {
                row.campaign_id: CampaignAsSent(
                    (row.name or row.address) if row.recipients == 1 else "", row.subject
                )
                for row in self._database.fetch(found)
            }

    def cancel(self, campaign_id: int) -> tuple[int, int | None]:
        """Takes back what hasn't left: how many emails, and of which hold. Within a transaction, which has
        the campaign first, as whoever holds for it does."""
        cancelled = _Campaign.update(cancelled=True).where(_Campaign.id == campaign_id)
        row = next(iter(self._database.run(cancelled.returning(_Campaign.hold_id).namedtuples())))
        waits = _Email.campaign == campaign_id, _Email.status.in_(WAITS)
        emails = int(self._database.run(_Email.update(status=Status.CANCELLED).where(*waits)))
        return emails, row.hold_id

    def restore(self, campaign_id: int, now: datetime) -> tuple[int, int | None]:
        """Has a campaign leave after all that was cancelled before any of it had left: how many emails, and
        of which hold they were. Within a transaction, which has the campaign first. now: by the account's
        clock. Raises RefusedByRule."""
        mine = _Campaign.id == campaign_id
        back = _Campaign.update(cancelled=False).where(mine, _Campaign.cancelled)
        about = _Campaign.hold_id, _Campaign.service, _Campaign.created_at, _Campaign.at
        row = next(iter(self._database.run(back.returning(*about).namedtuples())), None)
        if row is None:
            raise changed_since()
        if row.created_at < row.at <= micros(now):
            says = sentence("The time at which this email was to leave is over. Nothing was changed.")
            raise RefusedByRule(says, code="too-late")
        its = _Email.campaign == campaign_id
        left = _Email.select(_Email.id).where(its, _Email.status.in_(LEFT)).limit(1)
        if self._database.scalar(left) is not None:
            raise RefusedByRule(
                sentence("Some of these emails have been sent, so it can't be undone. Nothing was changed."),
                code="has-left",
            )
        waits = Status.QUEUED if row.service == COUNTS else Status.SERVICE
        cancelled = its, _Email.status == Status.CANCELLED.value
        emails = int(self._database.run(_Email.update(status=waits).where(*cancelled)))
        return emails, row.hold_id

    def _summary(self, row: Any) -> CampaignSummary:
        counted = _Email.select(_Email.status, fn.COUNT(_Email.id).alias("number"))
        counts = self._database.fetch(counted.where(_Email.campaign == row.id).group_by(_Email.status))
        files = self._database.fetch(_FILES.where(_File.campaign == row.id).order_by(_File.id))
        return CampaignSummary(
            id=row.id,
            created_at=instant(row.created_at),
            at=instant(row.at),
            each_at=row.each_at,
            subject=row.subject,
            body=row.body,
            sender=row.sender,
            service=row.service,
            recipients=row.recipients,
            cancelled=bool(row.cancelled),
            person=row.person,
            files=tuple(Attached(*file) for file in files),
            counts={Status(each.status): each.number for each in counts},
            purpose=Purpose(row.purpose),
            why=row.why,
        )


def mentioning(account_id: int, text: str) -> Selection:
    """The ids, as texts, of an account's campaigns whose subject contains a text, or the name of the only one
    who got it, whatever the case."""
    contains, values = containing(text)
    subject, name = contains.format("subject"), contains.format("email.name")
    return Selection(
        f"SELECT CAST(id AS TEXT) FROM campaign WHERE account_id = ? AND ({subject} OR (recipients = 1 AND "
        f"EXISTS (SELECT 1 FROM email WHERE email.campaign_id = campaign.id AND {name})))",
        (account_id, *values, *values),
    )


def _rows(
    account_id: int, id: int, letter: Letter, recipients: Sequence[tuple[EmailRecipient, datetime]]
) -> Iterator[tuple[object, ...]]:
    fields = letter.fields
    for recipient, at in recipients:
        values = recipient.values
        taken = {name: values.get(name, "") for name in fields}
        kept = json.dumps(taken, ensure_ascii=False) if fields else ""
        about = recipient.contact, recipient.address, recipient.name
        yield account_id, id, *about, kept, letter.subject(taken), micros(at)


def _line(row: Any) -> Line:
    reason = Sentence(REASONS[row.reason]) if row.reason else None
    left_at = None if row.sent_at is None else instant(row.sent_at)
    return Line(row.address, row.name, Status(row.status), reason, 0, left_at)


def _rank(status: Status) -> int:
    return TROUBLE.index(status) if status in TROUBLE else len(TROUBLE)


def _emailed(row: Any) -> Emailed:
    at = instant(row.sent_at or row.at)
    return Emailed(row.id, row.address, row.name, row.contact_id, Status(row.status), row.reason, at)
