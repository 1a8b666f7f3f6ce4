"""An account for emails, a mail server that does as it is told, and the two clocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.emails.emails import Emails
from tests.store.mail.scripted import Scripted

NOON = datetime(2026, 4, 16, 16, 0, tzinfo=UTC)


@pytest.fixture
def url(new_database: Callable[[], str]) -> str:
    return new_database()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    store = Store(url, clock=FixedClock(NOON))
    with store.connection():
        yield store
    store.close()


@pytest.fixture
def account(store: Store) -> Account:
    """5,000 emails a month."""
    return store.credits.open_account("agent-email", "free", "America/New_York", demo_clock=True)


@pytest.fixture
def mailer() -> Scripted:
    return Scripted()


@pytest.fixture
def real() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def emails(store: Store, mailer: Scripted, real: FixedClock) -> Emails:
    parts = store.database, store.settings, store.credits, store.people, store.consent
    return Emails(*parts, mailer=mailer, real=real)
