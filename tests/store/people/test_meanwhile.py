"""Two people at the same address book at the same time."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.database import Database
from store.people.addressbook import AddressBook, ContactRefused
from store.people.model import Contact
from tests.store.meanwhile import meanwhile


def test_a_file_imported_twice_at_once_is_taken_once(
    book: AddressBook, database: Database, exports: Path
) -> None:
    path = exports / "google.csv"
    second = meanwhile(
        database,
        lambda: book.import_file(path, region="US"),
        lambda: book.import_file(path, region="US"),
    )
    assert (second.added, second.merged, second.unchanged) == (0, 0, 9)
    assert book.count() == 8


def test_somebody_added_twice_at_once_is_there_once(book: AddressBook, database: Database) -> None:
    def add() -> Contact:
        return book.add(first_name="Zoe", phone="415-555-0101", groups=["Buyers"], region="US")

    with pytest.raises(ContactRefused, match="already"):
        meanwhile(database, add, add)
    assert [contact.name for contact in book.contacts()] == ["Zoe"]


def test_a_group_that_empties_while_somebody_joins_it_is_kept(book: AddressBook, database: Database) -> None:
    zoe = book.add(first_name="Zoe", phone="415-555-0101", groups=["Buyers"], region="US")
    ann = meanwhile(
        database,
        lambda: book.delete(zoe.id),
        lambda: book.add(first_name="Ann", phone="415-555-0102", groups=["Buyers"], region="US"),
    )
    assert ann.groups == ("Buyers",)
    assert book.groups() == [("Buyers", 1)]


def test_people_are_read_while_somebody_imports(
    book: AddressBook, database: Database, url: str, exports: Path
) -> None:
    other = AddressBook(Database(url))
    with database.transaction():
        book.import_file(exports / "google.csv", region="US")
        assert other.contacts() == []
    assert len(other.contacts()) == 8
    other._database.close()
