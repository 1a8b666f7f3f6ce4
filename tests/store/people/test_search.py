"""Whoever types a few letters means whom they call so: nobody else is offered before them."""

from __future__ import annotations

import pytest

from store.people.addressbook import AddressBook
from store.people.search import marked

PEOPLE = (
    ("Anna", "Adams", "", "+14155550101", "exa@example.com"),
    ("Anna", "Exner", "", "+14155550102", "anna@example.com"),
    ("Bo", "Li", "Exeter Homes", "+14155550103", "bo@example.com"),
    ("Zoë", "O'Hara", "Elm Realty", "+14155550104", "zoe@example.com"),
    ("José Luis", "Núñez-Vega", "", "+34612345678", "jose@example.com"),
    ("李小龙", "", "", "+447911123456", "li@example.com"),
    ("", "", "Élan & Co", "+14155550107", "info@example.com"),
    ("Examinia", "West", "", "", "west@example.com"),
)


@pytest.fixture
def people(book: AddressBook) -> AddressBook:
    for first, last, company, phone, email in PEOPLE:
        book.add(first_name=first, last_name=last, company=company, phone=phone, email=email, region="US")
    return book


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("anna ex", ["Anna Exner", "Anna Adams"]),
        ("ex", ["Anna Exner", "Examinia West", "Bo Li", "Anna Adams"]),
        ("hara", ["Zoë O'Hara"]),
        ("o'h", ["Zoë O'Hara"]),
        ("vega jose", ["José Luis Núñez-Vega"]),
        ("NUN", ["José Luis Núñez-Vega"]),
        ("小", ["李小龙"]),
        ("elan", ["Élan & Co"]),
        ("elm", ["Zoë O'Hara"]),
        ("zoe elm", ["Zoë O'Hara"]),
        ("ample", []),
        ("@example", []),
        ("ara", []),
        ("a_", []),
        ("", []),
        ("(415) 555-0104", ["Zoë O'Hara"]),
        ("555 01", ["Anna Adams", "Anna Exner", "Bo Li", "Zoë O'Hara", "Élan & Co"]),
        ("07911", ["李小龙"]),
        ("+34", ["José Luis Núñez-Vega"]),
    ],
)
def test_names_come_before_numbers_companies_and_the_beginnings_of_addresses(
    people: AddressBook, typed: str, offered: list[str]
) -> None:
    assert sorted(match.contact.name for match in people.suggest(typed, limit=20)) == sorted(offered)
    assert [match.contact.name for match in people.suggest(typed, limit=20)][:1] == offered[:1]


def test_it_is_told_by_what_somebody_was_found(people: AddressBook) -> None:
    assert [(found.contact.name, found.by) for found in people.suggest("ex", limit=20)] == [
        ("Anna Exner", "name"),
        ("Examinia West", "name"),
        ("Bo Li", "company"),
        ("Anna Adams", "email"),
    ]


def test_where_only_some_are_offered_the_likeliest_are(people: AddressBook) -> None:
    assert [found.contact.name for found in people.suggest("ex", limit=3)] == [
        "Anna Exner",
        "Examinia West",
        "Bo Li",
    ]
    assert [found.contact.name for found in people.suggest("ex", limit=1)] == ["Anna Exner"]


@pytest.mark.parametrize(
    ("text", "typed", "seen"),
    [
        ("Zoë O'Hara", "zoe", ["Zoë"]),
        ("Zoë O'Hara", "har zo", ["Har", "Zo"]),
        ("Straße", "strass", ["Straß"]),
        ("+14155550104", "(415) 555", ["415555"]),
        ("(415) 555-0104", "4155", ["415) 5"]),
        ("(415) 555-0104", "0104", ["104"]),  # a zero in front may be one that is dialled at home
        ("(415) 555-0104", "9", []),
        ("+44 7911 123456", "+447911", ["+44 7911"]),
        ("24/7 Plumbing", "plumb", ["Plumb"]),
        ("Bo Li", "ex", []),
    ],
)
def test_what_was_typed_is_found_in_what_is_shown(text: str, typed: str, seen: list[str]) -> None:
    assert [text[found.start : found.stop] for found in marked(text, typed)] == seen


@pytest.mark.parametrize(
    "page", ["long " * 700, "Anna " * 5000, "- " * 900], ids=["words", "a name", "signs"]
)
def test_a_page_that_is_pasted_means_nobody_or_whom_its_words_name(people: AddressBook, page: str) -> None:
    found = [one.contact.name for one in people.suggest(page, limit=9)]
    assert found == (["Anna Adams", "Anna Exner"] if page.startswith("Anna") else [])
