"""What went before between an account and the people whom a text may go to. Within an open connection."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from store.clock import instant, micros
from store.database import Database  # isort: split

from peewee import fn

from store.messages.model import Purpose, Status
from store.messages.tables import Blast as _Blast
from store.messages.tables import Incoming as _Incoming
from store.messages.tables import Message as _Message
from store.messages.texted import NEVER_LEFT
from store.prepared import Place, Prepared, listed

_NOT_GOT = (*NEVER_LEFT, Status.UNDELIVERED)

_WROTE = Prepared(
    lambda database, account, phones, since: (
        _Incoming.select(_Incoming.phone).distinct().where(*_wrote(database, account, phones, since))
    )
)


def wrote(database: Database, account_id: int, phones: Collection[str], since: datetime) -> set[str]:
    """Who of these (E.164) wrote to an account since then."""
    found = database.fetch(_WROTE(account=account_id, phones=listed(phones), since=micros(since)))
    return {row.phone for row in found}


def texted_lately(
    database: Database,
    account_id: int,
    phones: Collection[str],
    since: datetime,
    besides: Collection[int] = (),
    *,
    marketing: bool = False,
) -> Mapping[str, datetime]:
    """When those were texted last who were since then, and haven't written after it. Emergencies and what
    confirms a STOP don't count. besides: the ids of blasts that don't, either; marketing: whether nothing but
    that counts."""
    last = fn.MAX(_Blast.created_at).alias("at")
    counts = _Blast.purpose == Purpose.MARKETING if marketing else _Blast.purpose != Purpose.EMERGENCY
    texts = (
        _Message.select(_Message.phone, last)
        .join(_Blast)
        .where(
            _Blast.account_id == account_id,
            _Blast.created_at >= micros(since),
            ~_Blast.notice,
            counts,
            _Message.status.not_in(_NOT_GOT),
            _Blast.id.not_in(list(besides)),
            database.among(_Message.phone, phones),
        )
        .group_by(_Message.phone)
    )
    texted = {row.phone: row.at for row in database.fetch(texts)}
    return without_answers(database, account_id, texted, since)


def without_answers(
    database: Database, account_id: int, last: Mapping[str, int], since: datetime
) -> Mapping[str, datetime]:
    """Of those who got something at a time (microseconds), since an instant, by number, or address in lower
    case, those who haven't written to the account after it."""
    if not last:
        return {}
    answers = _Incoming.select(_Incoming.phone, fn.MAX(_Incoming.at).alias("at"))
    answers = answers.where(*_wrote(database, account_id, last, micros(since))).group_by(_Incoming.phone)
    answered = {row.phone: row.at for row in database.fetch(answers)}
    return {reach: instant(at) for reach, at in last.items() if answered.get(reach, 0) <= at}


def got_marketing(database: Database, sender: str, phones: Collection[str]) -> set[str]:
    """Who of these got a marketing text from a sender, or is about to."""
    found = (
        _Message.select(_Message.phone)
        .distinct()
        .join(_Blast)
        .where(
            _Blast.sender == sender,
            _Blast.purpose == Purpose.MARKETING,
            _Message.status.not_in(_NOT_GOT),
            database.among(_Message.phone, phones),
        )
    )
    return {row.phone for row in database.fetch(found)}


def _wrote(
    database: Database, account_id: int, phones: Collection[str] | Place, since: int
) -> tuple[Any, ...]:
    """since: microseconds."""
    its = _Incoming.account_id == account_id, _Incoming.at >= since
    return *its, database.among(_Incoming.phone, phones)
