"""A database with one account on the plan of 300, and a messenger whose provider does as it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.messages.conversations import Conversations
from store.messages.messenger import Messenger
from store.messages.senders import only
from tests.store import bystander
from tests.store.messages.scripted import Scripted

NOON = datetime(2026, 4, 16, 16, 0, tzinfo=UTC)


@pytest.fixture
def url(new_database: Callable[[], str]) -> str:
    return new_database()


@pytest.fixture
def store(url: str, request: pytest.FixtureRequest) -> Iterator[Store]:
    """Busy accounts stand beside what is tested, with a message in every status but queued, which any worker
    would send; they are as they were at the end."""
    bystander.prepare()
    store = Store(url, clock=FixedClock(NOON))
    with store.connection(), bystander.beside(store.database, request):
        yield store
    store.close()


@pytest.fixture
def account(store: Store) -> Account:
    return store.credits.open_account("agent-texts", "300", "America/New_York")


@pytest.fixture
def provider() -> Scripted:
    return Scripted()


@pytest.fixture
def real() -> FixedClock:
    """The clock of processes and networks, which a test sets forward where it would have to wait."""
    return FixedClock(datetime(2026, 4, 16, 16, 0, 5, tzinfo=UTC))


@pytest.fixture
def messenger(store: Store, provider: Scripted, real: FixedClock) -> Messenger:
    return Messenger(
        store.database,
        store.clock,
        store.credits,
        store.people,
        store.consent,
        only(store.database, provider, real),
        real=real,
    )


@pytest.fixture
def conversations(store: Store, real: FixedClock) -> Conversations:
    return Conversations(store.database, store.people, store.consent, real)
