"""What the address books of Google, Outlook, Apple and others export arrives as their owners know it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from store.people.addressbook import AddressBook
from store.people.imports.incoming import ImportRefused
from store.people.model import Column, ImportReport

Entry = tuple[str, str, str, str, str, str, tuple[str, ...]]


def entries(book: AddressBook) -> set[Entry]:
    """First name, last name, company, phone, region, email, groups."""
    return {
        (each.first_name, each.last_name, each.company, each.phone, each.region, each.email, each.groups)
        for each in book.contacts()
    }


def told(report: ImportReport) -> list[tuple[int, str, str, str]]:
    return [(row.number, row.name, row.outcome, row.code) for row in report.rows]


def test_google_as_it_exports_today(book: AddressBook, exports: Path) -> None:
    report = book.import_file(exports / "google.csv", region="US")
    # One more, whose number is written as in his country, is known already.
    assert (report.added, report.merged, report.unchanged) == (8, 0, 1)
    assert told(report) == [
        (9, "Dana Desk", "added", "extension-dropped"),
        (10, "Neither Nor", "refused", "no-number"),
        (11, "Faxed Only", "refused", "no-number"),
        (13, "Wrong Number", "refused", "short-code"),
    ]
    assert entries(book) == {
        (
            "Zoë",
            "O'Hara",
            "Elm & Oak Realty",
            "+14155550132",
            "US",
            "zoe@example.com",
            ("Buyers", "Open house"),
        ),
        ("José", "Luis Núñez García", "", "+34612345678", "ES", "", ("Buyers",)),
        ("小龙", "李", "", "+8613800138000", "CN", "", ()),
        ("محمد", "الفارسي", "", "+966501234567", "SA", "", ("Sellers",)),
        ("Владимир", "Иванов", "", "+79123456789", "RU", "", ()),
        ("Mail", "Only", "", "", "", "mail.only@example.org", ("Newsletter",)),
        ("Dana", "Desk", "", "+12125550101", "US", "", ()),
        ("", "", "Corner Bakery", "+14165550123", "CA", "", ("Vendors",)),
    }


def test_google_as_it_exported_in_2019(book: AddressBook, exports: Path) -> None:
    report = book.import_file(exports / "google-2019.csv", region="US")
    assert (report.added, report.rows) == (3, ())
    assert entries(book) == {
        ("Zoë", "O'Hara", "", "+14155550132", "US", "", ("Buyers", "friends")),
        ("Ελένη", "Παππά", "Αιγαίο", "+306912345678", "GR", "", ()),
        ("민준", "김", "", "", "", "minjun@example.kr", ()),
    }


def test_outlook_on_the_desktop(book: AddressBook, exports: Path) -> None:
    report = book.import_file(exports / "outlook.csv", region="US")
    assert (report.added, report.merged, report.unchanged) == (3, 1, 0)
    assert told(report) == [
        (2, "Bo Larsen", "added", "no-email"),
        (4, "Pager Person", "refused", "no-number"),
        (5, "Anne Sørensen", "merged", "filled"),
    ]
    assert entries(book) == {
        (
            *("Anne", "Sørensen", "Harbour Homes", "+14155550140", "US", "anne@example.com"),
            ("Buyers", "Newsletter", "VIP"),
        ),
        ("Bo", "Larsen", "", "+12125550150", "US", "", ()),
        ("", "", "Northside Plumbing", "+12125550160", "US", "", ("Vendors",)),
    }


def test_outlook_on_the_web(book: AddressBook, exports: Path) -> None:
    report = book.import_file(exports / "outlook-web.csv", region="US")
    assert (report.added, report.rows) == (2, ())
    assert entries(book) == {
        ("Åsa", "Öberg", "", "+46701740605", "SE", "", ()),
        ("Ravi", "Śarma", "", "+918123456789", "IN", "ravi@example.in", ()),
    }


def test_apples_cards(book: AddressBook, exports: Path) -> None:
    report = book.import_file(exports / "apple.vcf", region="US")
    assert (report.added, report.merged, report.unchanged) == (4, 0, 0)
    assert told(report) == [
        (3, "Card Broken", "refused", "unreadable"),
    ]
    assert entries(book) == {
        (
            *("Zoë", "O'Hara", "Elm & Oak, Realty", "+14155550132", "US", "zoe@example.com"),
            ("Book Club", "Buyers", "Open house"),
        ),
        ("José", "Luis Núñez", "", "+14155550135", "US", "", ("Book Club",)),
        ("", "", "Corner Bakery", "+14165550123", "CA", "", ()),
        ("小龙", "李", "", "+8613800138000", "CN", "", ()),
    }


def test_a_csv_file_made_of_apples_contacts(book: AddressBook, exports: Path) -> None:
    report = book.import_file(exports / "apple.csv", region="US")
    assert report.rows == ()
    assert entries(book) == {("Noor", "Al-Masri", "", "+14155550180", "US", "noor@example.com", ("Sellers",))}


def test_androids_cards_of_version_4(book: AddressBook, exports: Path) -> None:
    report = book.import_file(exports / "android-4.0.vcf", region="US")
    assert told(report) == [
        (2, "Dana Desk", "added", "extension-dropped"),
    ]
    assert entries(book) == {
        ("Владимир", "Иванов", "", "+79123456789", "RU", "", ("Lectores", "Покупатели")),
        ("Dana", "Desk", "", "+12125550101", "US", "dana@example.com", ()),
        ("محمد", "الفارسي", "", "+966501234567", "SA", "", ()),
        ("Ana", "García Pérez", "", "", "", "ana@example.es", ()),
    }


def test_an_old_phones_cards_of_version_2_1(book: AddressBook, exports: Path) -> None:
    report = book.import_file(exports / "old-phone-2.1.vcf", region="US")
    assert report.rows == ()
    assert entries(book) == {
        ("Владимир", "Иванов", "", "+79123456789", "RU", "", ()),
        ("Sam", "Lee", "", "+14155550150", "US", "", ()),
    }


def test_a_spanish_spreadsheet_with_semicolons(book: AddressBook, exports: Path) -> None:
    report = book.import_file(exports / "semicolon.csv", region="ES")
    assert (report.added, told(report)) == (3, [(5, "Sin Nada", "refused", "no-number")])
    assert entries(book) == {
        ("José", "Núñez", "Casas del Sur", "+34612345678", "ES", "jose@example.es", ("Compradores", "VIP")),
        ("Begoña", "Ibáñez Ortiz", "", "", "", "begona@example.es", ()),
        ("Iñaki", "Etxeberria", "", "+34698765432", "ES", "", ("VIP",)),
    }


def test_a_file_with_tabs_in_utf_16(book: AddressBook, exports: Path) -> None:
    book.import_file(exports / "tabs-utf16.txt", region="US")
    assert entries(book) == {
        ("Lục", "Vân Tiên", "", "+84912345678", "VN", "", ()),
        ("שרה", "כהן", "", "+972502345678", "IL", "", ()),
    }


def test_a_file_in_windows_1252_says_so_once(book: AddressBook, exports: Path) -> None:
    report = book.import_file(exports / "cp1252.csv", region="US")
    assert told(report) == [(1, "Zoë O’Hara", "added", "guessed-encoding")]
    assert {each.name for each in book.contacts()} == {"Zoë O’Hara", "Plain Jane", "François Lefèvre"}


def test_rows_in_another_encoding_than_the_rest_are_named(book: AddressBook, exports: Path) -> None:
    report = book.import_file(exports / "mixed-encoding.csv", region="US")
    assert told(report) == [(2, "José Núñez", "added", "mixed-encoding")]
    assert {each.name for each in book.contacts()} == {"Zoë O’Hara", "José Núñez", "李小龙", "Plain Jane"}


def test_hostile_names_are_only_names(book: AddressBook, exports: Path) -> None:
    report = book.import_file(exports / "hostile-names.csv", region="US")
    assert (report.added, report.rows) == (9, ())
    assert {(each.first_name, each.last_name, each.groups) for each in book.contacts()} == {
        ("[/]", "[@click=app.quit]Quit", ("[/]",)),
        ("[bold]Bob[/bold]", "$primary", ("[link=https://example.com]here",)),
        ("[31mRed[0m", "]0;owned", ()),
        ("\u202egnp.exe", "\u2066Isolated\u2069", ()),
        ("=cmd|' /C calc'!A0", "@SUM(1+1)", ("=1+1",)),
        ("Two lines", "Tab here", ()),
        ("{first_name}", "%s %d {0}", ("100%_off",)),
        ("👩\u200d👩\u200d👧", "नमस्ते", ()),
        ("Robert'); DROP TABLE contact;--", "\\'", ()),
    }
    assert [each.first_name for each in book.contacts("%")] == ["{first_name}"]
    assert [each.first_name for each in book.contacts("_")] == ["{first_name}"]


@pytest.mark.parametrize(
    "name",
    [
        *("google.csv", "google-2019.csv", "outlook.csv", "outlook-web.csv", "apple.csv", "semicolon.csv"),
        *("cp1252.csv", "mixed-encoding.csv", "hostile-names.csv", "tabs-utf16.txt"),
        *("apple.vcf", "android-4.0.vcf", "old-phone-2.1.vcf"),
    ],
)
def test_the_same_file_twice_changes_nothing(book: AddressBook, exports: Path, name: str) -> None:
    first = book.import_file(exports / name, region="US")
    before = book.contacts(limit=1_000)
    second = book.import_file(exports / name, region="US")
    assert (second.added, second.merged, second.unchanged) == (
        0,
        0,
        first.added + first.merged + first.unchanged,
    )
    assert [row.number for row in second.refused] == [row.number for row in first.refused]
    assert book.contacts(limit=1_000) == before


@pytest.fixture
def importing(book: AddressBook, tmp_path: Path) -> Callable[[str], ImportReport]:
    def import_text(text: str) -> ImportReport:
        path = tmp_path / "contacts.csv"
        path.write_text(text, encoding="utf-8")
        return book.import_file(path, region="US")

    return import_text


Importing = Callable[[str], ImportReport]


def test_a_number_that_is_none_refuses_the_row_even_with_an_address(importing: Importing) -> None:
    report = importing("Name,Phone,Email\nZoë,555-01,zoe@example.com\n")
    (row,) = report.refused
    assert (row.code, report.added) == ("short-code", 0)
    assert "555-01" in str(row.reason)


def test_the_next_best_number_is_taken_where_the_best_is_none(
    book: AddressBook, importing: Importing
) -> None:
    report = importing("Name,Mobile,Home phone\nZoë,n/a,415-555-0132\n")
    (row,) = report.rows
    assert (row.outcome, row.code) == ("added", "no-number")
    assert str(row.reason).startswith("n/a was left out:")
    assert [each.phone for each in book.contacts()] == ["+14155550132"]


def test_the_same_number_written_twice_is_one(importing: Importing) -> None:
    assert importing("Name,Mobile,Home phone\nZoë,+1 415 555 0132,(415) 555-0132\n").rows == ()


def test_each_thing_that_was_noted_is_told(importing: Importing) -> None:
    (row,) = importing("Name,Mobile,Home phone\nZoë,415-555-0132 ext. 7,n/a\n").rows
    assert row.code == "no-number"
    assert str(row.reason) == (
        "n/a was left out: “n/a” can't be read as a phone number. Texts can't reach an "
        "extension, so it was removed from 415-555-0132 ext. 7."
    )


def test_another_name_at_a_known_number_is_another_person_which_is_told(
    book: AddressBook, importing: Importing
) -> None:
    report = importing("Name,Phone\nZoë O'Hara,415-555-0132\nJohn Smith,+1 415 555 0132\n")
    (row,) = report.rows
    assert (row.outcome, row.code) == ("added", "shared-number")
    assert str(row.reason) == "Zoë O'Hara has this number too. Both are kept, and get one text between them."
    assert [each.name for each in book.contacts()] == ["John Smith", "Zoë O'Hara"]


def test_a_text_that_an_open_quote_swallowed_is_no_name(importing: Importing) -> None:
    (row,) = importing(f"Name,Phone\n{'x' * 5000},415-555-0132\n").refused
    assert row.code == "too-long"
    assert len(row.name) <= 1000


def test_progress_is_told_up_to_the_last_row(book: AddressBook, tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text("Email\n" + "".join(f"{number}@example.com\n" for number in range(1200)))
    seen: list[int] = []
    assert book.import_file(path, region="US", progress=seen.append).added == 1200
    assert seen == [500, 1000, 1200]


def test_a_stopped_import_takes_nothing(book: AddressBook, tmp_path: Path) -> None:
    def stop(done: int) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "contacts.csv"
    path.write_text("Email\n" + "".join(f"{number}@example.com\n" for number in range(600)))
    with pytest.raises(KeyboardInterrupt):
        book.import_file(path, region="US", progress=stop)
    assert book.count() == 0


def test_a_file_with_more_rows_than_any_address_book_is_refused(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.people.imports.importing.MOST_ROWS", 3)
    assert importing("Email\na@b.c\nd@e.f\ng@h.i\n").added == 3
    with pytest.raises(ImportRefused, match="more than 3 rows") as refused:
        importing("Email\na@b.c\nd@e.f\ng@h.i\nj@k.l\n")
    assert refused.value.code == "too-large"


def test_a_file_that_is_refused_leaves_everybody_as_they_are(
    book: AddressBook, importing: Importing, tmp_path: Path
) -> None:
    importing("Name,Phone\nZoë,415-555-0132\n")
    with pytest.raises(ImportRefused, match="no column of phone numbers"):
        importing("Name,Street\nZoë,Elm St\n")
    assert [each.name for each in book.contacts()] == ["Zoë"]


def test_a_look_tells_of_columns_and_of_the_first_people_as_they_will_be(
    book: AddressBook, tmp_path: Path
) -> None:
    book.add(first_name="Ana", last_name="Ruiz", phone="415 555 0101", region="US")
    path = tmp_path / "people.csv"
    path.write_text("Name,Phone,Unit,Code\nAna Ruiz,(415) 555-0101,12A,\nBo,x,,\nCy,(415) 555-0102,,C\n")
    look = book.import_file(path, region="US", dry_run=True)
    assert look.is_table
    assert look.columns == (
        Column("Name", "name", ("Ana Ruiz", "Bo", "Cy")),
        Column("Phone", "phone", ("(415) 555-0101", "x", "(415) 555-0102")),
        Column("Unit", "unit", ("12A",)),
        Column("Code", None, ("C",)),
    )
    assert [(one.number, one.outcome, one.person.name, one.person.fields) for one in look.first] == [
        (1, "merged", "Ana Ruiz", (("unit", "12A"),)),
        (3, "added", "Cy", ()),
    ]
    assert [row.number for row in look.passed_over] == [2]
    assert look.to_look_at == ()
    assert book.contacts()[0].fields == ()


def test_an_import_lists_whom_it_brought(book: AddressBook, tmp_path: Path) -> None:
    book.add(first_name="Ana", phone="415 555 0101", region="US")
    path = tmp_path / "people.csv"
    path.write_text("Name,Phone\nBo,(415) 555-0102\n")
    report = book.import_file(path, region="US")
    assert [contact.name for contact in book.contacts(change=report.change)] == ["Bo"]
