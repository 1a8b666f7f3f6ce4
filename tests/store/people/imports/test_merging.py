"""Who comes in again is the same person: filled in, never overwritten, never lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.people.imports.merging import KnownPeople, Outcome, Person, merge, names_agree
from store.people.model import Number
from store.people.names import fold


def person(
    first: str = "",
    last: str = "",
    phone: str = "",
    email: str = "",
    company: str = "",
    groups: tuple[str, ...] = (),
) -> Person:
    numbers = (Number(phone, "US"),) if phone else ()
    return Person(first, last, company, numbers, (email,) if email else (), groups)


def taken(known: KnownPeople, people: Sequence[Person]) -> list[Outcome]:
    return [known.take(each).outcome for each in people]


ZOE = person("Zoë", "O'Hara", "+14155550132", "zoe@example.com", "Elm", ("Buyers",))


def test_blank_fields_are_filled_and_groups_added() -> None:
    sparse = person("Zoë", phone="+14155550132", groups=("VIP",))
    assert merge(sparse, ZOE) == person(
        "Zoë", "O'Hara", "+14155550132", "zoe@example.com", "Elm", ("VIP", "Buyers")
    )


def test_what_is_known_is_never_overwritten() -> None:
    other = person("Zoé", "Smith", "+14155550132", "ZOE@example.com", "Oak", ("buyers",))
    assert merge(ZOE, other) is ZOE


def test_what_somebody_has_several_of_is_added() -> None:
    mine = replace(ZOE, fields=(("unit", "4B"),))
    theirs = replace(
        person("Zoë", phone="+14155550133", email="z@example.com"), fields=(("unit", "5C"), ("building", "2"))
    )
    merged = merge(mine, theirs)
    assert [number.phone for number in merged.numbers] == ["+14155550132", "+14155550133"]
    assert merged.emails == ("zoe@example.com", "z@example.com")
    assert merged.fields == (("unit", "4B"), ("building", "2"))


@pytest.mark.parametrize(
    "garbled", ["JosÃ© NÃºÃ±ez", "Jos\ufffd N\ufffd\ufffdez", "Jos? N??ez", "JosŽ Nœ–ez"]
)
def test_a_name_with_wrong_letters_is_mended_and_never_made_wrong_again(garbled: str) -> None:
    first, last = garbled.split(" ")
    wrong, right = person(first, last, "+34612345678"), person("José", "Núñez", "+34612345678")
    known = KnownPeople([wrong])
    assert taken(known, [right, wrong, right]) == [Outcome.MERGED, Outcome.UNCHANGED, Outcome.UNCHANGED]
    assert [each.name for each in known.people] == ["José Núñez"]


def test_cyrillic_read_as_latin_is_mended() -> None:
    known = KnownPeople([person("Ï¸òð", "Èâàíîâ", "+79161234567")])
    assert taken(known, [person("Пётр", "Иванов", "+79161234567")]) == [Outcome.MERGED]
    assert [each.name for each in known.people] == ["Пётр Иванов"]


def test_two_names_at_one_number_are_two_people() -> None:
    ana, luis = person("Ana", phone="+34612345678"), person("Luis", phone="+34612345678", email="l@x.es")
    known = KnownPeople([ana])
    assert taken(known, [luis, ana, luis]) == [Outcome.ADDED, Outcome.UNCHANGED, Outcome.UNCHANGED]
    assert known.people == [ana, luis]


def test_two_names_at_one_address_are_two_people() -> None:
    ana, luis = person("Ana", email="family@example.com"), person("Luis", email="family@example.com")
    known = KnownPeople([])
    assert taken(known, [ana, luis, luis]) == [Outcome.ADDED, Outcome.ADDED, Outcome.UNCHANGED]


def test_a_last_name_is_not_put_behind_another_first_name() -> None:
    pepe = person("Pepe", phone="+34612345678")
    assert merge(pepe, person("José", "Núñez", "+34612345678")) is pepe


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (("José", "Núñez"), ("JOSE", "nunez"), True),
        (("José", ""), ("José", "Núñez"), True),
        (("", ""), ("José", "Núñez"), True),
        (("José", "Núñez"), ("Ana", "Núñez"), False),
    ],
)
def test_names_agree_where_no_part_differs(one: tuple[str, str], other: tuple[str, str], agree: bool) -> None:
    assert names_agree(person(*one), person(*other)) is agree


def test_the_same_number_is_the_same_person() -> None:
    known = KnownPeople([ZOE])
    assert taken(known, [person("Zoe", phone="+14155550132"), person("Zoë", phone="+14155550133")]) == [
        Outcome.UNCHANGED,
        Outcome.ADDED,
    ]
    assert known.changed == set()


def test_without_a_number_the_same_address_is_the_same_person_in_either_order() -> None:
    by_email = person("Zoë", email="ZOE@example.com", groups=("News",))
    for people in ([ZOE, by_email], [by_email, ZOE]):
        known = KnownPeople([])
        assert taken(known, people) == [Outcome.ADDED, Outcome.MERGED]
        (only,) = known.added
        assert (only.phone, set(only.groups)) == ("+14155550132", {"Buyers", "News"})


def test_a_shared_address_gives_nobody_the_number_of_another() -> None:
    ana, luis = (
        person("Ana", email="family@example.com"),
        person("Luis", "", "+34612345678", "family@example.com"),
    )
    known = KnownPeople([])
    assert taken(known, [ana, luis]) == [Outcome.ADDED, Outcome.ADDED]
    assert known.added == [ana, luis]


def test_a_second_import_finds_the_one_who_took_the_row_before() -> None:
    old = [person("A", phone="+14155550101"), person("B", phone="+14155550102", email="e@example.com")]
    rows = [
        person(email="e@example.com", groups=("g",)),
        person("A", phone="+14155550101", email="e@example.com"),
    ]
    known = KnownPeople(old)
    assert taken(known, rows) == [Outcome.MERGED, Outcome.MERGED]
    again = KnownPeople(known.people)
    assert taken(again, rows) == [Outcome.UNCHANGED, Outcome.UNCHANGED]


some_names = st.sampled_from(["", "Ana", "ana", "José", "李"])
some_phones = st.sampled_from(["", "", "+14155550101", "+14155550102", "+14155550103"])
some_emails = st.sampled_from(["", "a@example.com", "A@example.com", "b@example.com"])
some_groups = st.lists(st.sampled_from(["VIP", "vip", "Buyers"]), max_size=2, unique_by=str.casefold).map(
    tuple
)
somebody = st.builds(
    person, some_names, some_names, some_phones, some_emails, some_names, some_groups
).filter(lambda each: bool(each.phone or each.email))
people = st.lists(somebody, max_size=12)


@given(people, people)
def test_whoever_comes_in_twice_changes_nothing(before: list[Person], incoming: list[Person]) -> None:
    known = KnownPeople([])
    taken(known, [*before, *incoming])
    again = KnownPeople(known.people)
    assert set(taken(again, incoming)) <= {Outcome.UNCHANGED}
    assert again.people == known.people
    assert not again.changed


@given(people.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_the_order_of_rows_loses_nobody(rows_and_shuffled: tuple[list[Person], list[Person]]) -> None:
    for rows in rows_and_shuffled:
        known = KnownPeople([])
        taken(known, rows)
        for row in rows:
            assert any(is_kept(row, each) for each in known.people)


def is_kept(row: Person, known: Person) -> bool:
    """Whether a row's number, address and name are a known person's."""
    return (
        {number.phone for number in row.numbers} <= {number.phone for number in known.numbers}
        and {email.casefold() for email in row.emails} <= {email.casefold() for email in known.emails}
        and all(
            not mine or fold(mine) == fold(theirs)
            for mine, theirs in ((row.first_name, known.first_name), (row.last_name, known.last_name))
        )
    )


FAXED = Person("Ana", "Ruiz", "", (Number("+14155550101", "US"),))
AS_IT_IS = (Number("+14155550102", "US", "mobile"), Number("+14155550101", "US", "fax"))


def test_a_fax_that_was_taken_for_the_number_to_text_gives_way_to_the_mobile() -> None:
    known = KnownPeople([FAXED])
    again = replace(FAXED, numbers=AS_IT_IS)
    assert taken(known, [again, again]) == [Outcome.MERGED, Outcome.UNCHANGED]
    (ana,) = known.people
    assert (ana.phone, set(ana.numbers)) == ("+14155550102", set(AS_IT_IS))


def test_nobody_loses_the_only_number_that_is_texted() -> None:
    by_email = replace(FAXED, numbers=AS_IT_IS[1:], emails=("ana@example.com",))
    known = KnownPeople([FAXED])
    assert taken(known, [by_email]) == [Outcome.MERGED]  # by the address
    assert known.people[0].phone == "+14155550101"


def test_a_kind_that_is_known_stays() -> None:
    work = replace(FAXED, numbers=(Number("+14155550101", "US", "work"),))
    known = KnownPeople([work])
    assert taken(known, [replace(FAXED, numbers=AS_IT_IS)]) == [Outcome.MERGED]
    assert known.people[0].phone == "+14155550101"
