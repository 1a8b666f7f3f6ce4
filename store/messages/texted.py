"""Who was texted: what a filter of contacts asks of messages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from store.clock import micros
from store.messages.model import Status
from store.messages.tables import Blast as _Blast
from store.messages.tables import Message as _Message

A_DAY = 24 * 3600 * 1_000_000
"""In microseconds."""

NEVER_LEFT = (Status.FAILED, Status.CANCELLED)


def numbers(account_id: int | None, within: tuple[datetime, int] | None) -> Any:
    """A SELECT of peewee's: the numbers (E.164) that an account (any, where it is None) texted, or is about
    to. within: only those that it did in so many days (of 24 hours) up to an instant."""
    found = _Message.select(_Message.phone).join(_Blast).where(_Message.status.not_in(NEVER_LEFT))
    if account_id is not None:
        found = found.where(_Blast.account_id == account_id)
    if within is not None:
        now, days = within
        found = found.where(_Blast.created_at >= micros(now) - days * A_DAY)
    return found
