"""An address book of the test's own, one account's store at noon, and the files that address books really
export."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store import Store
from store.database import Database
from store.people.addressbook import AddressBook
from tests.store.people.at_noon import opened


@pytest.fixture
def url(new_database: Callable[[], str]) -> str:
    return new_database()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = Database(url)
    database.migrate(AddressBook.TABLES)
    yield database
    database.close()


@pytest.fixture
def book(database: Database) -> AddressBook:
    return AddressBook(database)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with opened(url) as store:
        store.credits.open_account("agent-texts", "300", "America/New_York")
        yield store


@pytest.fixture
def exports() -> Path:
    """The folder of exported files."""
    return Path(__file__).parents[2] / "data" / "contacts"
