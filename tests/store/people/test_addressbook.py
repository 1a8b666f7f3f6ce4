"""People are listed, found, edited, grouped and counted, and an import is taken whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.database import Database
from store.errors import TextmeterError, WrongUsage
from store.people.addressbook import AddressBook, ContactRefused
from store.people.model import Contact, Number
from store.texts.phones import PhoneRefused


def add(book: AddressBook, first: str, number: int, *groups: str) -> Contact:
    return book.add(first_name=first, phone=f"+141555501{number:02}", groups=groups, region="US")


def test_a_contact_is_kept_as_it_was_typed(book: AddressBook) -> None:
    zoe = book.add(
        first_name=" Zoë ",
        last_name="O'Hara",
        company="Elm",
        phone="(415) 555-0132",
        email="zoe@example.com",
        groups=["Buyers", "VIP"],
        region="US",
    )
    assert zoe == Contact(
        id=zoe.id,
        version=zoe.version,
        first_name="Zoë",
        last_name="O'Hara",
        company="Elm",
        numbers=(Number("+14155550132", "US"),),
        emails=("zoe@example.com",),
        groups=("Buyers", "VIP"),
    )
    assert (zoe.phone, zoe.region, zoe.email) == ("+14155550132", "US", "zoe@example.com")
    assert book.contact(zoe.id) == zoe


def test_a_contact_that_cannot_be_reached_is_refused(book: AddressBook) -> None:
    with pytest.raises(ContactRefused, match="needs a phone number or an email") as refused:
        book.add(first_name="Zoë", region="US")
    assert refused.value.code == "no-number"
    with pytest.raises(ContactRefused, match="zoe isn't an email address"):
        book.add(email="zoe", region="US")
    with pytest.raises(PhoneRefused):
        book.add(phone="12", email="zoe@example.com", region="US")
    assert book.count() == 0


def test_one_person_is_not_there_twice_and_two_share_a_number(book: AddressBook) -> None:
    zoe, ana = add(book, "Zoë", 1), add(book, "Ana", 2)
    with pytest.raises(ContactRefused, match="Zoë already has the number") as refused:
        add(book, "ZOE", 1)
    assert (refused.value.code, refused.value.details) == ("phone-taken", {"contact": zoe.id})
    with pytest.raises(ContactRefused, match="Zoë already has the number"):
        book.add(phone=zoe.phone, region="US")
    jose = add(book, "José", 1)
    assert jose.phone == zoe.phone
    assert change(book, ana, phone=zoe.phone).phone == zoe.phone
    assert [each.name for each in book.contacts()] == ["Ana Núñez", "José", "Zoë"]


def change(book: AddressBook, contact: Contact, *, phone: str = "", groups: tuple[str, ...] = ()) -> Contact:
    return book.update(
        contact.id,
        first_name=contact.first_name,
        last_name="Núñez",
        company="",
        phone=phone,
        email="ana@example.com",
        groups=groups,
        region="ES",
    )


def test_an_update_replaces_what_was_there(book: AddressBook) -> None:
    ana = add(book, "Ana", 2, "Buyers", "VIP")
    changed = change(book, ana, phone="612 345 678", groups=("vip", "Vecinos"))
    assert changed == Contact(
        id=ana.id,
        version=changed.version,
        first_name="Ana",
        last_name="Núñez",
        numbers=(Number("+34612345678", "ES"),),
        emails=("ana@example.com",),
        groups=("Vecinos", "VIP"),
    )
    assert book.contact(ana.id) == changed
    assert book.groups() == [("Vecinos", 1), ("VIP", 1)]
    assert book.contacts("nunez") == [changed]


def test_a_refused_update_changes_nothing(book: AddressBook) -> None:
    ana = add(book, "Ana", 2, "Buyers")
    with pytest.raises(TextmeterError):
        change(book, ana, phone="12")
    assert book.contact(ana.id) == ana


def test_a_deleted_contact_is_gone_and_its_id_never_comes_back(book: AddressBook) -> None:
    ana = add(book, "Ana", 1, "Buyers")
    book.delete(ana.id)
    book.delete(ana.id)
    assert (book.contact(ana.id), book.count(), book.groups()) == (None, 0, [])
    with pytest.raises(WrongUsage, match="no longer exists"):
        change(book, ana, phone="612345678")
    assert add(book, "Luis", 1).id != ana.id


def test_pages_go_on_after_the_last_contact_of_the_one_before(book: AddressBook) -> None:
    names = ["ángel", "Bo", "bo", "Carl", "Ömer", "李", "Владимир"]
    for number, name in enumerate(reversed(names)):
        add(book, name, number)
    everybody = book.contacts()
    assert [each.first_name for each in everybody] == ["ángel", "bo", "Bo", "Carl", "Ömer", "Владимир", "李"]
    paged: list[Contact] = []
    while page := book.contacts(after=paged[-1] if paged else None, limit=2):
        paged += page
    assert paged == everybody


def test_people_are_found_by_name_company_number_and_address(book: AddressBook) -> None:
    zoe = book.add(
        first_name="Zoë",
        last_name="O'Hara",
        company="Elm",
        phone="415 555 0132",
        email="z@example.com",
        region="US",
    )
    add(book, "José", 1)
    for typed in ("zoe", "ZOË o'h", "elm", "(415) 555-0132", "0132", "z@example"):
        assert book.contacts(typed) == [zoe]
        assert book.count(typed) == 1
    assert book.contacts("nobody") == []
    assert book.contacts("%") == []
    assert book.count("") == 2


def test_groups_are_one_whatever_their_case_and_count_who_can_be_texted(book: AddressBook) -> None:
    add(book, "Ana", 1, "Buyers")
    add(book, "Bo", 2, "buyers", "Ágora")
    book.add(email="c@example.com", groups=["BUYERS", "Readers"], region="US")
    assert book.groups() == [("Ágora", 1), ("Buyers", 2), ("Readers", 0)]
    assert [each.name for each in book.contacts(group="BUYERS")] == ["Ana", "Bo", ""]
    assert book.count(group="agora") == 1
    assert book.contacts("bo", group="Readers") == []


def test_a_group_limited_to_an_account_is_offered_to_no_other(book: AddressBook) -> None:
    add(book, "Ana", 1, "Buyers")
    add(book, "Bo", 2, "Residents")
    book.limit_group("buyers", [1, 2])
    book.limit_group("Residents", [3])
    assert (book.groups(1), book.groups(2), book.groups(3)) == (
        [("Buyers", 1)],
        [("Buyers", 1)],
        [("Residents", 1)],
    )
    assert [each.name for each in book.contacts(group="Residents", account_id=3)] == ["Bo"]
    assert (book.count(group="Residents", account_id=1), book.count(group="Residents")) == (0, 1)
    assert book.groups() == [("Buyers", 1), ("Residents", 1)]
    book.limit_group("Residents", [])
    assert book.groups(1) == [("Buyers", 1), ("Residents", 1)]
    with pytest.raises(WrongUsage) as refused:
        book.limit_group("Sellers", [1])
    assert refused.value.code == "no-group"


def test_a_group_that_is_made_again_is_offered_to_all(book: AddressBook) -> None:
    ana = add(book, "Ana", 1, "Buyers")
    book.limit_group("Buyers", [1])
    book.delete(ana.id)
    add(book, "Bo", 2, "Buyers")
    assert book.groups(7) == [("Buyers", 1)]


def test_recipients_are_each_there_once_and_those_without_a_number_too(book: AddressBook) -> None:
    ana, bo = add(book, "Ana", 1, "Buyers"), add(book, "Bo", 2, "Buyers", "VIP")
    mail = book.add(first_name="Mail", email="m@example.com", groups=["VIP"], region="US")
    add(book, "Nobody", 3)
    people = book.recipients(contacts=[bo.id, ana.id, 999], groups=["vip", "buyers", "no such group"])
    assert people == [
        ("+14155550101", "US", "Ana", "", "", ana.id, "", "", "", "", ""),
        ("+14155550102", "US", "Bo", "", "", bo.id, "", "", "", "", ""),
        ("", "", "Mail", "", "", mail.id, "", "", "m@example.com", "", ""),
    ]
    only = ("", "", "Mail", "", "", mail.id, "", "", "m@example.com", "", "")
    assert book.recipients(contacts=[mail.id], groups=[]) == [only]
    assert book.recipients(contacts=[], groups=[]) == []


def test_everybody_is_whom_the_account_has(book: AddressBook) -> None:
    ana, bo = add(book, "Ana", 1, "Buyers"), add(book, "Bo", 2, "Residents")
    cy, di = add(book, "Cy", 3), add(book, "Di", 4, "Buyers", "Residents")
    book.limit_group("Buyers", [1])
    book.limit_group("Residents", [2])
    assert [row[5] for row in book.everybody(1)] == [ana.id, cy.id, di.id]
    assert [row[5] for row in book.everybody(2)] == [bo.id, cy.id, di.id]
    assert [row[5] for row in book.everybody(3)] == [cy.id]
    book.add(first_name="Mail", email="m@example.com", region="US")
    assert [book.reachable(account) for account in (1, 2, 3)] == [3, 3, 1]
    assert [book.reachable(account, by="email") for account in (1, 2, 3)] == [1, 1, 1]


def test_more_ids_than_one_statement_takes_are_no_trouble(book: AddressBook) -> None:
    ana = add(book, "Ana", 1)
    assert len(book.recipients(contacts=range(ana.id, ana.id + 50_000), groups=[])) == 1


def test_contacts_are_found_by_their_numbers(book: AddressBook) -> None:
    ana, bo = add(book, "Ana", 1), add(book, "Bo", 2)
    book.add(email="m@example.com", region="US")
    found = book.by_phones([ana.phone, bo.phone, "+14155550199", ""])
    assert found == {ana.phone: ana, bo.phone: bo}


KILLED_AT_THE_LAST_STEP = """
import os, signal, sys
from pathlib import Path
from store.database import Database
from store.people.addressbook import AddressBook

database = Database(sys.argv[1])
database.migrate(AddressBook.TABLES)
write, statements = database.executemany, []

def killed(statement, rows):
    statements.append(statement)
    done = write(statement, rows)
    if "INTO membership" in statement:
        os.kill(os.getpid(), signal.SIGKILL)
    return done

database.executemany = killed
AddressBook(database).import_file(Path(sys.argv[2]), region="US")
"""


def test_an_import_that_is_killed_takes_nobody(book: AddressBook, url: str, exports: Path) -> None:
    ana = add(book, "Ana", 99)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_AT_THE_LAST_STEP, url, str(exports / "google.csv")],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL
    assert book.contacts() == [ana]
    assert book.import_file(exports / "google.csv", region="US").added == 8


def test_opening_the_address_book_waits_for_no_file_library() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, store.people.addressbook; print(*sys.modules)"],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    ).stdout.split()
    assert "store.people.addressbook" in loaded
    assert not {"python_calamine", "charset_normalizer", "phonenumbers"} & set(loaded)


cells = st.sampled_from(["", "Zoë", "=1+1", '"', "a,b", "x\ny", "[/]", "李", "\x1b[2J", "O'Hara, Zoë"])
numbers = st.sampled_from(["", "415-555-0101", "+1 415 555 0101", "(415) 555-0102 ext. 3", "12", "n/a", "0"])
addresses = st.sampled_from(["", "a@example.com", "A@EXAMPLE.COM", "b@example.com", "no address"])
table = st.lists(st.tuples(cells, cells, numbers, numbers, addresses, cells), max_size=8)


# The fixture gives each example a database of its own.
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table, st.sampled_from([",", ";", "\t"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_any_table_twice_changes_nothing_and_every_row_has_an_outcome(
    new_database: Callable[[], str],
    tmp_path: Path,
    rows: list[tuple[str, ...]],
    delimiter: str,
    encoding: str,
) -> None:
    header = ("First name", "Last name", "Mobile", "Home phone", "Email", "Groups")
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in (header, *rows)]
    path = tmp_path / "contacts.csv"
    path.write_bytes("\n".join(delimiter.join(row) for row in quoted).encode(encoding))
    database = Database(new_database())
    database.migrate(AddressBook.TABLES)
    book = AddressBook(database)
    first = book.import_file(path, region="US")
    people = book.contacts()
    second = book.import_file(path, region="US")
    assert book.contacts() == people
    assert len(people) == first.added
    assert (second.added, second.merged) == (0, 0)
    taken = first.added + first.merged + first.unchanged
    assert second.unchanged == taken
    assert taken + len(first.refused) == sum(any(cell.strip() for cell in row) for row in rows)
