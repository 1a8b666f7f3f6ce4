"""A database with one account on the plan of 300, and a messenger whose provider does as it is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.messages.messenger import Messenger
from tests.store.messages.scripted import Scripted

NOON = datetime(2026, 4, 16, 16, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(str(tmp_path / "textmeter.sqlite3"), clock=FixedClock(NOON))
    with store.connection():
        yield store


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
    return Messenger(store.database, store.clock, store.credits, store.people, provider=provider, real=real)
