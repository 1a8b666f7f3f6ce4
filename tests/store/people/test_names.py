"""Names are kept as their people spell them, and found however they are typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.people.names import fold, search_key, search_terms, sort_key, split_name, tidy


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("  Zoë O'Hara ", "Zoë O'Hara"),
        ("Jose\u0301", "José"),
        ("Two\r\nlines", "Two lines"),
        ("tab\there", "tab here"),
        ("\x1b[31mRed\x1b[0m", "[31mRed[0m"),
        ("NUL\x00 and C1\x9b31m", "NUL and C131m"),
        ("\u202egnp.exe", "\u202egnp.exe"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("\ufeffBOM", "BOM"),
        ("half a pair \ud83d", "half a pair \ufffd"),
        ("[@click=app.quit]", "[@click=app.quit]"),
        ("李小龙", "李小龙"),
    ],
)
def test_text_is_kept_in_one_line_without_what_commands_a_terminal(given_text: str, kept: str) -> None:
    assert tidy(given_text) == kept


@given(st.text())
def test_tidy_text_fits_a_database_and_stays_as_it_is(text: str) -> None:
    kept = tidy(text)
    kept.encode()
    assert tidy(kept) == kept


@pytest.mark.parametrize(
    ("one", "other"),
    [("José", "JOSE"), ("Straße", "STRASSE"), ("Ελένη", "ΕΛΕΝΗ"), ("ﬁn", "FIN"), ("Åsa", "asa")],
)
def test_case_and_accents_make_no_difference(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_people_are_listed_by_name_and_those_without_one_come_last() -> None:
    people = [
        sort_key("", "", "", "a@example.com", ""),
        sort_key("Владимир", "Иванов", "", "", ""),
        sort_key("", "", "Bakery", "", ""),
        sort_key("Zoë", "O'Hara", "", "", ""),
        sort_key("ángel", "", "", "", ""),
    ]
    assert sorted(people) == [people[4], people[2], people[3], people[1], people[0]]


@pytest.mark.parametrize(
    "typed", ["zoe", "O'HARA zoë", "elm", "(415) 555-01", "+1 415", "ZOE@EXAMPLE", "5550132"]
)
def test_a_person_is_found_by_any_part(typed: str) -> None:
    key = search_key(["Zoë O'Hara", "Elm Realty", "zoe@example.com", "+14155550132"])
    assert all(term in key for term in search_terms(typed))


def test_what_is_no_part_finds_nobody() -> None:
    key = search_key(["Zoë O'Hara", "", "", "+14155550132"])
    assert not all(term in key for term in search_terms("zoe smith"))
    assert not all(term in key for term in search_terms("212 555"))


@pytest.mark.parametrize(
    ("whole", "first", "last"),
    [
        ("Zoë O'Hara", "Zoë", "O'Hara"),
        ("O'Hara, Zoë", "Zoë", "O'Hara"),
        ("José Luis Núñez", "José", "Luis Núñez"),
        ("李小龙", "李小龙", ""),
        ("John Smith, Jr.", "John", "Smith, Jr."),
        ("Harbour Homes, LLC", "Harbour", "Homes, LLC"),
        ("a, b, c", "a,", "b, c"),
        ("", "", ""),
    ],
)
def test_a_full_name_is_split_for_the_greeting(whole: str, first: str, last: str) -> None:
    assert split_name(whole) == (first, last)
