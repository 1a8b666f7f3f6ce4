"""An address book of the test's own, and the files that address books really export."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store.database import Database
from store.people.addressbook import AddressBook


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
def exports() -> Path:
    """The folder of exported files."""
    return Path(__file__).parents[2] / "data" / "contacts"
