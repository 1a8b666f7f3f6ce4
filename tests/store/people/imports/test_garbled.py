"""A number that an earlier import read wrongly is mended where it is surely that one, and nowhere else."""

from __future__ import annotations

import pytest

from store.people.imports.garbled import misreadings
from store.people.imports.merging import KnownPeople, Outcome
from store.people.model import Number, Person

UK = Number("+447911123450", "GB", "mobile")


def person(
    first: str, last: str, *phones: str, email: str = "", kind: str = "other", region: str = "US"
) -> Person:
    numbers = tuple(Number(phone, region, kind) for phone in phones)
    return Person(first, last, "", numbers, (email,) if email else ())


@pytest.mark.parametrize(
    ("right", "region", "wrong"),
    [
        # 1.41555501e10, as Python and spreadsheets write 14155550100: its digits are another's.
        (Number("+14155550100", "US"), "US", "+14155550110"),
        # 4155550120.0, without its point.
        (Number("+14155550120", "US"), "US", "+141555501200"),
        # An Indian number without its country code looks like one at home,
        (Number("+919876543210", "IN"), "US", "+19876543210"),
        # and one of the United States like a Swiss one.
        (Number("+14155550123", "US"), "US", "+4155550123"),
    ],
)
def test_what_a_number_was_taken_for(right: Number, region: str, wrong: str) -> None:
    assert wrong in misreadings(right, region)
    assert right.phone not in misreadings(right, region)


def test_a_number_of_no_country_is_taken_for_none() -> None:
    assert misreadings(Number("+870773111632", "001"), "US") == set()


def test_whoever_has_the_wrong_number_gets_the_right_one_and_stays_one_person() -> None:
    known = KnownPeople([person("Ana", "Ruiz", "+14155550110", kind="mobile")], "US")
    taken = known.take(person("Ana", "Ruiz", "+14155550100", email="ana@example.com"))
    assert taken.outcome is Outcome.MERGED
    assert taken.mended == ("+14155550110", "+14155550100")
    (ana,) = known.people
    assert ana == Person("Ana", "Ruiz", "", (Number("+14155550100", "US", "mobile"),), ("ana@example.com",))
    assert (known.changed, known.mended) == ({0}, [("+14155550110", "+14155550100")])
    assert known.take(person("Ana", "Ruiz", "+14155550100")).outcome is Outcome.UNCHANGED


@pytest.mark.parametrize(
    ("known", "incoming"),
    [
        # Another name, or one word of it only.
        (person("Bo", "Ruiz", "+14155550110"), person("Ana", "Ruiz", "+14155550100")),
        (person("Ana", "", "+14155550110"), person("Ana", "", "+14155550100")),
        (person("", "", "+14155550110"), person("Ana", "Ruiz", "+14155550100")),
        # A number that comes of no misreading.
        (person("Ana", "Ruiz", "+14155550111"), person("Ana", "Ruiz", "+14155550100")),
    ],
)
def test_who_may_be_somebody_else_is_left_alone(known: Person, incoming: Person) -> None:
    people = KnownPeople([known], "US")
    assert people.take(incoming).outcome is Outcome.ADDED
    assert people.people == [known, incoming]


def test_one_word_of_a_name_is_enough_beside_an_address_of_both() -> None:
    people = KnownPeople([person("Ana", "", "+14155550110", email="ana@example.com")], "US")
    taken = people.take(person("Ana", "", "+14155550100", email="Ana@Example.com"))
    assert taken.mended == ("+14155550110", "+14155550100")


def test_of_two_who_may_be_meant_nobody_is_mended() -> None:
    two = [person("Ana", "Ruiz", "+14155550110"), person("Ana", "Ruiz", "+4155550100", region="CH")]
    people = KnownPeople(two, "US")
    assert people.take(person("Ana", "Ruiz", "+14155550100")).outcome is Outcome.ADDED
    assert people.people[:2] == two


def test_whoever_has_both_numbers_keeps_both() -> None:
    both = person("Ana", "Ruiz", "+14155550110", "+14155550100")
    people = KnownPeople([both], "US")
    assert people.take(person("Ana", "Ruiz", "+14155550100")).outcome is Outcome.UNCHANGED
    assert people.people == [both]


def test_nobody_of_the_same_file_is_mended() -> None:
    people = KnownPeople([], "US")
    first, second = person("Ana", "Ruiz", "+14155550110"), person("Ana", "Ruiz", "+14155550100")
    assert [people.take(first).outcome, people.take(second).outcome] == [Outcome.ADDED, Outcome.ADDED]
