"""Who was texted: what a filter of contacts asks of messages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from store.clock import micros
from store.messages.model import Status
from store.messages.tables import Blast as _Blast
from store.messages.tables import Message as _Message  # isort: split

from peewee import fn

A_DAY = 24 * 3600 * 1_000_000
"""In microseconds."""

NEVER_LEFT = (Status.FAILED, Status.CANCELLED)


def is_texted(phone: Any, account_id: int | None, within: tuple[datetime, int] | None) -> Any:
    """A condition of peewee's: that an account (any, where it is None) texted a number (E.164), which is a
    column, or is about to. within: so many days (of 24 hours) up to an instant, ever where it is None."""
    found = _Message.select(_Message.id).join(_Blast)
    found = found.where(_Message.phone == phone, _Message.status.not_in(NEVER_LEFT))
    if account_id is not None:
        found = found.where(_Blast.account_id == account_id)
    if within is not None:
        now, days = within
        found = found.where(_Blast.created_at >= micros(now) - days * A_DAY)
    return fn.EXISTS(found)
