"""What somebody types into the search means what it says, and a mistake is told."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.people.filters import Consents, FilterMistake, Has, InGroup, LastText, Term, Word, parse
from store.people.model import ConsentState

OUT, IN = ConsentState.OUT, ConsentState.IN


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        (
            "#buyers unit:4* -opted-out last-text:>30d",
            [InGroup("buyers"), Has("unit", "4*"), Consents(OUT, negated=True), LastText("longer", 30, "d")],
        ),
        ("", []),
        ("  Ann \t Lee ", [Word("Ann"), Word("Lee")]),
        ("(415) 555-0104", [Word("(415) 555-0104")]),
        ("0104 #buyers", [Word("0104"), InGroup("buyers")]),
        (
            '#"Open house" -#"East ""A"" side"',
            [InGroup("Open house"), InGroup('East "A" side', negated=True)],
        ),
        ("#", [InGroup("*")]),
        ("-#", [InGroup("*", negated=True)]),
        ('company:"Elm Realty" -unit:', [Has("company", "Elm Realty"), Has("unit", "", negated=True)]),
        ("Parking_Spot:*", [Has("Parking_Spot", "*")]),
        ("zone:America/New_York", [Has("zone", "America/New_York")]),
        ("note:a:b", [Has("note", "a:b")]),
        ("12:30", [Word("12:30")]),
        ("http://example.com", [Has("http", "//example.com")]),
        ('"http://example.com"', [Word("http://example.com", quoted=True)]),
        ('"opted-out" -"Ann Lee"', [Word("opted-out", quoted=True), Word("Ann Lee", True, negated=True)]),
        ("Opted-In", [Consents(IN)]),
        ("last-text:<2w", [LastText("shorter", 2, "w")]),
        ("LAST-TEXT:Never", [LastText("never")]),
        ("-last-text:<1m", [LastText("shorter", 1, "m", negated=True)]),
        ("ann - lee -", [Word("ann"), Word("lee")]),
        ("O'Hara 5'10\"", [Word("O'Hara"), Word("5'10\"")]),
        ('ann ""', [Word("ann")]),
        ('"a"b', [Word("a", quoted=True), Word("b")]),
        ("李小龙 José", [Word("李小龙"), Word("José")]),
    ],
)
def test_a_query_is_read(query: str, terms: list[Term]) -> None:
    assert list(parse(query).terms) == terms


@pytest.mark.parametrize(
    ("written", "days"), [("30d", 30), ("2w", 14), ("3m", 90), ("1y", 365), ("0d", 0), ("9999y", 3_649_635)]
)
def test_how_long_ago_is_counted_in_days(written: str, days: int) -> None:
    (term,) = parse(f"last-text:>{written}").terms
    assert isinstance(term, LastText)
    assert term.days == days


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("last-text:abc", "last-text: must be >30d (longer ago), <7d (more recent) or never, not “abc”."),
        ("ann last-text:", "last-text: must be >30d (longer ago), <7d (more recent) or never."),
        ("last-text:30d", "last-text: must be >30d (longer ago), <7d (more recent) or never, not “30d”."),
        (
            "last-text:>30",
            "“>30” needs a unit: d (days), w (weeks), m (months) or y (years), such as >30d.",
        ),
        (
            "last-text:<5h",
            "“<5h” needs a unit: d (days), w (weeks), m (months) or y (years), such as <5d.",
        ),
        ('ann "open hou', "The quote in \"open hou isn't closed."),
        ('-#"open hou', "The quote in -#\"open hou isn't closed."),
        ('company:"', "The quote in company:\" isn't closed."),
        ("word " * 21, "A search can have 20 words at most."),
        ("-#group " * 700, "A search can have 20 words at most."),
    ],
)
def test_a_mistake_says_what_is_wrong(query: str, says: str) -> None:
    with pytest.raises(FilterMistake) as mistake:
        parse(query)
    assert str(mistake.value.says) == says
    assert mistake.value.code == "filter"


PIECES = st.sampled_from(
    [
        *('"', '""', "#", "-", ":", "*", "=", " ", "last-text:", "opted-out", ">30d", "never", "unit:"),
        *("4B", "415", "+1", "(415) 555-0104", "é", "e\u0301", "李", "\u0338", "\u200d", "\0", "\u2028"),
    ]
)


@given(st.one_of(st.text(max_size=30), st.lists(PIECES, max_size=8).map("".join)))
def test_whatever_is_typed_is_a_filter_or_a_mistake_and_a_filter_prints_as_what_it_is(query: str) -> None:
    with contextlib.suppress(FilterMistake):
        read = parse(query)
        assert parse(str(read)) == read
