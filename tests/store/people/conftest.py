"""An address book of the test's own, and the files that address books really export."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.database import Database
from store.people.addressbook import AddressBook


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(str(tmp_path / "people.sqlite3"))
    database.migrate(AddressBook.TABLES)
    return database


@pytest.fixture
def book(database: Database) -> AddressBook:
    return AddressBook(database)


@pytest.fixture
def exports() -> Path:
    """The folder of exported files."""
    return Path(__file__).parents[2] / "data" / "contacts"
