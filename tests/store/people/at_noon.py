"""A database at noon, as one of its people has it open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from store import Store
from store.clock import FixedClock
from store.roles import LOCAL, Person, Role

NOON = datetime(2026, 4, 16, 16, 0, tzinfo=UTC)
SAM = Person("Sam", Role.SENDER)


@contextmanager
def opened(url: str, person: Person = LOCAL) -> Iterator[Store]:
    """The store of a database. person: who has it open."""
    store = Store(url, clock=FixedClock(NOON), person=person)
    with store.connection():
        yield store
    store.close()
