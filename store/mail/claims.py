"""Who sends what: a mail is taken for a while, so that one of several processes sends it, and another one if
that died."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

from peewee import BigIntegerField, TextField

from store.clock import Clock, micros
from store.database import Database, Table, retried

LEASE = timedelta(minutes=5)
"""How long a mail is taken. What couldn't be sent is tried again after that."""


class MailClaim(Table):
    """A mail that was taken and isn't done. key: the mail's; taken_at: the real time, in microseconds."""

    key = TextField(primary_key=True)
    taken_at = BigIntegerField()


class Claims:
    """clock: real time."""

    TABLES: ClassVar[Sequence[type[Table]]] = [MailClaim]

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @retried
    def take(self, key: str) -> bool:
        """Whether the mail is the caller's now, and nobody else's for the length of the lease."""
        now = self._clock.now()
        claim = MailClaim.insert(key=key, taken_at=micros(now)).on_conflict(
            conflict_target=[MailClaim.key],
            preserve=[MailClaim.taken_at],
            where=MailClaim.taken_at <= micros(now - LEASE),
        )
        with self._database.transaction():
            return bool(list(self._database.run(claim.returning(MailClaim.key))))

    def drop(self, key: str) -> None:
        """Forgets a mail that is done, within the transaction that notes so."""
        self._database.run(MailClaim.delete().where(MailClaim.key == key))
