"""Numbers as spreadsheets and people put them into cells."""

from __future__ import annotations

import pytest

from store.people.imports.cells import groups_in, is_shortened, numbers_in
from store.people.imports.choosing import chosen
from store.people.imports.incoming import PLAIN, IncomingNumber, Kind


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("4155552671.0", ["4155552671"]),
        ("4155552671.00", ["4155552671"]),
        ("4.155552671E9", ["4155552671"]),
        ("4,155552671E+9", ["4155552671"]),
        ("4,155,552,671", ["4155552671"]),
        ('="4155552671"', ["4155552671"]),
        ("'4155552671", ["4155552671"]),
        ("415-555-2671", ["415-555-2671"]),
        ("030/1234567", ["030/1234567"]),
        ("0151/123 45678", ["0151/123 45678"]),
        ("415-555-2671 / 415-555-2681", ["415-555-2671", "415-555-2681"]),
        ("415-555-2671; 415-555-2681", ["415-555-2671", "415-555-2681"]),
        ("415-555-2671, 415-555-2681", ["415-555-2671", "415-555-2681"]),
        ("415-555-2671\n415-555-2681", ["415-555-2671", "415-555-2681"]),
        ("415-555-2671 or 415-555-2681", ["415-555-2671", "415-555-2681"]),
        ("(415) 555-2671 (415) 555-2681", ["(415) 555-2671", "(415) 555-2681"]),
        ("+14155552671 +14155552681", ["+14155552671", "+14155552681"]),
        ("4155552671 4155552681", ["4155552671", "4155552681"]),
        ("415-555-2671 ::: 415-555-2681", ["415-555-2671", "415-555-2681"]),
        ("415-555-2671 / 2681", ["415-555-2671", "2681"]),
        ("n/a", ["n/a"]),
        ("", []),
    ],
)
def test_a_cell_holds_the_numbers_that_were_typed(cell: str, numbers: list[str]) -> None:
    assert [number.written for number in numbers_in(cell, PLAIN)] == numbers


def test_a_kind_that_stands_beside_a_number_is_its_own() -> None:
    found = numbers_in("H: 415-555-2600, 415-555-2671 (cell)", Kind("work", 3))
    assert [(number.kind, number.written) for number in found] == [
        ("home", "H: 415-555-2600"),
        ("mobile", "415-555-2671 (cell)"),
    ]


def test_a_number_whose_end_a_spreadsheet_lost_is_refused() -> None:
    assert is_shortened("4.15555E+09")
    assert not is_shortened("4.155552671E9")
    numbers, (note,) = chosen([IncomingNumber("4.15555E+09")], "US")
    assert (numbers, note.code) == ((), "shortened")


def test_a_mobile_goes_before_a_line_that_takes_no_texts() -> None:
    numbers, _ = chosen([IncomingNumber("020 7183 8750"), IncomingNumber("07400 123456")], "GB")
    assert [(number.phone, number.kind) for number, _ in numbers] == [
        ("+447400123456", "mobile"),
        ("+442071838750", "other"),
    ]


def test_tags_are_parted_however_they_are_quoted() -> None:
    assert groups_in('"Buyers","Open House"', ";,|") == ["Buyers", "Open House"]
    assert groups_in("Buyers; Open House", ";,|") == ["Buyers", " Open House"]
