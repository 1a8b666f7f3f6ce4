"""Emails as lines of a conversation."""

from __future__ import annotations

from store.clock import instant
from store.database import Database  # isort: split

from peewee import JOIN, Tuple, fn

from store.emails.model import REASONS, Status
from store.emails.outbox import rendered
from store.emails.tables import Campaign, Email, Step
from store.messages.model import Line
from store.sentences import Sentence

_FREE = (Status.FAILED.value, Status.CANCELLED.value)


def our_lines(database: Database, account_id: int, address: str, before: int, limit: int) -> list[Line]:
    """What an account wrote to an address (in lower case), the newest first and before them
    those that are to leave later. before: only older than the email of this id, 0 from the newest."""
    written = fn.COALESCE(Campaign.body, Step.body, "").alias("body")
    found = (
        Email.select(Email, written, Campaign.person)
        .join(Campaign, JOIN.LEFT_OUTER)
        .switch(Email)
        .join(Step, JOIN.LEFT_OUTER)
        .where(Email.account_id == account_id, fn.LOWER(Email.address) == address)
    )
    if before:
        last = database.scalar(Email.select(Email.at).where(Email.id == before))
        found = found.where(Tuple(Email.at, Email.id) < Tuple(last, before))
    return [
        Line(
            row.id,
            instant(row.sent_at or row.at),
            True,
            rendered(row.body, row.merge),
            status=Status(row.status),
            reason=Sentence(REASONS[row.reason]) if row.reason in REASONS else None,
            credits=0 if row.status in _FREE else 1,
            by=row.person or "",
            subject=row.subject,
        )
        for row in database.fetch(found.order_by(Email.at.desc(), Email.id.desc()).limit(limit))
    ]
