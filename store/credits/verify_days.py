"""Proof of days: each is a date, and no credits expire before they were added or stay when they have. Reads
only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from store.credits import tables
from store.credits.model import Pool
from store.database import Database
from store.sentences import Sentence, sentence

_DAYS = (
    (tables.Account.id, tables.Account.anchor),
    (tables.Account.id, tables.Account.billed_from),
    (tables.Account.id, tables.Account.billed_until),
    (tables.Account.id, tables.Account.due_on),
    (tables.Period.account, tables.Period.starts),
    (tables.Period.account, tables.Period.ends),
    (tables.Lot.account, tables.Lot.effective_on),
    (tables.Lot.account, tables.Lot.expires_on),
    (tables.Entry.account, tables.Entry.day),
    (tables.UseByDay.account, tables.UseByDay.day),
    (tables.Order.account, tables.Order.day),
)
"""Each column of days, with the one that says whose it is."""

_LONGEST = 100
"""Years after which even a catalog of one's own lets nothing expire."""


def problems(database: Database, account_id: int) -> Iterator[Sentence]:
    """What is wrong with an account's days, a sentence each."""
    for whose, column in _DAYS:
        days = column.model.select(column).where(whose == account_id).distinct()
        for (value,) in database.each(days.tuples()):
            if value is not None and not _is_day(value):
                yield sentence(
                    "{column} of {table} is {value}, which isn't a date",
                    column=column.name,
                    table=column.model._meta.table_name,
                    value=str(value),
                )
    yield from _expiry(database, account_id)


def _is_day(value: object) -> bool:
    try:
        return date.fromisoformat(str(value)).isoformat() == value
    except ValueError:
        return False


def _expiry(database: Database, account_id: int) -> Iterator[Sentence]:
    lot, account = tables.Lot, tables.Account
    due_on = database.scalar(account.select(account.due_on).where(account.id == account_id))
    found = lot.select().where(lot.account == account_id, lot.expires_on.is_null(False)).order_by(lot.id)
    for row in database.find(found):
        added, expires = row.effective_on, row.expires_on
        if not (_is_day(added) and _is_day(expires)):
            continue
        past = expires < due_on and row.remaining > 0
        latest = f"{min(int(added[:4]) + _LONGEST, 9999):04}{added[4:]}"
        if row.pool == Pool.PURCHASED or expires < added or expires > latest or past:
            yield sentence(
                "lot {lot}, added on {added}, can't expire on {expires}",
                lot=str(row.id),
                added=added,
                expires=expires,
            )
