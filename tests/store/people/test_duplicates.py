"""Who may be in the address book twice: which pairs are proposed, why, in which order, and how fast."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import WrongUsage
from store.people.addressbook import AddressBook
from store.people.duplicates import BEHIND, Known, likely, similar
from store.people.model import Contact, Details


def known(id: int, name: str, *phones: str, emails: tuple[str, ...] = (), household: str = "") -> Known:
    return Known(id, name, "", household, phones, emails)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ana ruiz", "ana ruis"),
        ("ana ruiz", "ruiz ana"),
        ("ana", "ana ruiz"),
        ("ana maria ruiz", "ana ruiz"),
        ("jonathan lee", "jonathon lee"),
        ("", "ana ruiz"),
    ],
)
def test_names_that_may_be_one_persons(one: str, other: str) -> None:
    assert similar(one, other)
    assert similar(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ana ruiz", "luis ruiz"),
        ("bo moss", "cy reyes"),
        ("li", "bo"),
        ("ruth whitaker", "theo whitaker"),  # a family's long name says nothing of who they are
        ("lucia de la cruz", "raul de la cruz"),
        ("ana abernathy", "tom abernathy"),
    ],
)
def test_names_that_are_others(one: str, other: str) -> None:
    assert not similar(one, other)
    assert not similar(other, one)


def test_the_likeliest_stand_first_each_with_why() -> None:
    people = [
        known(1, "ana ruiz", "+1", emails=("ana@x.org",)),
        known(2, "luis ruiz", "+1"),  # a couple with one number
        known(3, "ana ruis", "+1", emails=("ana@x.org",)),
        known(4, "bo moss", "+2", household="12a"),
        known(5, "bo mos", "+3", household="12A"),
        known(6, "cy reyes", "+4", household="12a"),
        known(7, "dee low", "+5"),
        known(8, "dee low", "+6"),
    ]
    assert [(pair.first, pair.second, pair.why, pair.similar) for pair in likely(people)] == [
        (1, 3, ("number", "email"), True),
        (4, 5, ("household",), True),
        (7, 8, ("name",), True),
        (1, 2, ("number",), False),
        (2, 3, ("number",), False),
    ]


def test_who_is_known_to_be_two_is_not_proposed() -> None:
    people = [known(4, "ana", "+1"), known(2, "ana", "+1"), known(3, "ana", "+1")]
    pairs = likely(people, {(2, 4), (2, 3)})
    assert [(pair.first, pair.second) for pair in pairs] == [(3, 4)]


@given(st.lists(st.sampled_from(["ana", "ana r", "bo", ""]), max_size=60))
def test_of_many_with_one_number_each_is_held_against_a_few(names: list[str]) -> None:
    pairs = likely(known(id, name, "+1") for id, name in enumerate(names))
    assert len(pairs) <= len(names) * BEHIND * 2  # by the number, and by the name
    assert len({(pair.first, pair.second) for pair in pairs}) == len(pairs)
    assert all(pair.first < pair.second for pair in pairs)
    if len(names) <= BEHIND:
        assert len(pairs) == len(names) * (len(names) - 1) // 2


def add(book: AddressBook, name: str, phone: str, email: str = "", *others: str) -> Contact:
    details = Details(numbers=tuple((other, "work") for other in others))
    return book.add(first_name=name, phone=phone, email=email, region="US", details=details)


def test_pairs_of_the_address_book_have_both_contacts_and_how_many_there_are(book: AddressBook) -> None:
    ann = add(book, "Ann Lee", "415 555 0101", "Ann@Example.com")
    anna = add(book, "Anna Lee", "415 555 0102", "ann@example.com", "415 555 0101")
    bob, bobby = add(book, "Bob", "415 555 0103"), add(book, "Bobby", "415 555 0103")
    pairs, count = book.likely_pairs(limit=1)
    assert count == 2
    assert [(pair.first, pair.second, pair.why) for pair in pairs] == [(ann, anna, ("number", "email"))]
    pairs, count = book.likely_pairs(limit=9)
    assert [(pair.first, pair.second) for pair in pairs] == [(ann, anna), (bob, bobby)]


def test_who_is_said_to_be_two_is_proposed_nowhere_until_that_is_undone(book: AddressBook) -> None:
    ann, anna = add(book, "Ann", "415 555 0101"), add(book, "Anna", "415 555 0101")
    book.keep_apart(anna.id, ann.id)
    book.keep_apart(ann.id, anna.id)
    assert book.likely_pairs(limit=9) == ([], 0)
    assert book.duplicates(ann) == book.duplicates(anna) == []
    change = book.undo()
    assert change is not None
    assert (change.kind, change.what, change.people) == ("apart", "Ann", 2)
    assert book.likely_pairs(limit=9)[1] == 1
    assert book.duplicates(ann) == [anna]
    with pytest.raises(WrongUsage):
        book.keep_apart(ann.id, 99)


def test_who_is_said_to_be_two_still_is_when_one_was_deleted_and_came_back(book: AddressBook) -> None:
    ann, anna = add(book, "Ann", "415 555 0101"), add(book, "Anna", "415 555 0101")
    book.keep_apart(ann.id, anna.id)
    book.delete(ann.id)
    book.undo()
    assert book.likely_pairs(limit=9) == ([], 0)


def test_contacts_by_their_ids_come_in_this_order_and_merged_ones_once(book: AddressBook) -> None:
    ann, bob, cy = (add(book, name, f"415 555 010{at}") for at, name in enumerate(("Ann", "Bob", "Cy")))
    book.merge(cy.id, [ann.id])
    found = book.some([bob.id, ann.id, cy.id, 99])
    assert [contact.name for contact in found] == ["Bob", "Cy"]
    assert book.ids("bob") == [bob.id]
    assert book.ids() == [bob.id, cy.id]
