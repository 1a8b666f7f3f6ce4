"""Who gets an email, and who doesn't and why: one an address, whatever its case."""

from __future__ import annotations

import pytest

from store import Store
from store.credits.model import Account
from store.emails.emails import Emails
from store.messages.model import Draft, LeftOut
from store.people.model import Details


@pytest.fixture
def people(store: Store) -> list[int]:
    """Ann and Bob are Buyers and live together, Cid has no address, Dee has two."""
    together = Details(household="Elm St 1")
    added = [
        store.people.add(
            first_name="Ann", email="Ann@Example.com", groups=["Buyers"], region="US", details=together
        ),
        store.people.add(
            first_name="Bob", email="bob@example.com", groups=["Buyers"], region="US", details=together
        ),
        store.people.add(first_name="Cid", phone="+14155550103", groups=["Buyers"], region="US"),
        store.people.add(
            first_name="Dee",
            email="dee@example.com",
            region="US",
            details=Details(emails=("dee@work.example",), fields=(("unit", "4b"),), zone="Europe/Madrid"),
        ),
    ]
    return [contact.id for contact in added]


def told(left_out: tuple[LeftOut, ...]) -> list[tuple[str, str]]:
    return [(one.to, one.code) for one in left_out]


def test_addresses_groups_and_contacts_are_one_a_person(
    emails: Emails, account: Account, people: list[int]
) -> None:
    draft = Draft(
        to=("ANN@example.com", "new@example.com", "no address", "new@EXAMPLE.com"),
        groups=("Buyers",),
        contacts=(people[3],),
    )
    found = emails.audience(account.id, draft)
    assert [(one.address, one.name) for one in found.recipients] == [
        ("ANN@example.com", "Ann"),
        ("new@example.com", ""),
        ("bob@example.com", "Bob"),
        ("dee@example.com", "Dee"),
    ]
    assert told(found.refused) == [("no address", "no-email"), ("Cid", "no-address")]
    assert told(found.twice) == [("new@EXAMPLE.com", "duplicate"), ("Ann", "duplicate")]
    dee = found.recipients[3]
    assert (dee.values["unit"], dee.zone, dee.contact) == ("4b", "Europe/Madrid", people[3])
    assert found.fields == ("first_name", "last_name", "name", "company", "unit")


def test_a_further_address_is_its_persons(emails: Emails, account: Account, people: list[int]) -> None:
    (dee,) = emails.audience(account.id, Draft(to=("Dee@work.example",))).recipients
    assert (dee.address, dee.name, dee.contact) == ("Dee@work.example", "Dee", people[3])


def test_many_typed_addresses_find_their_people_too(
    emails: Emails, account: Account, people: list[int]
) -> None:
    typed = tuple(f"nobody{number}@example.com" for number in range(600))
    found = emails.audience(account.id, Draft(to=(*typed, "dee@example.com", "BOB@example.com")))
    assert [one.name for one in found.recipients if one.name] == ["Dee", "Bob"]


def test_who_opted_out_and_whose_mail_came_back_gets_nothing_and_is_told_apart(
    store: Store, emails: Emails, account: Account, people: list[int]
) -> None:
    store.consent.opt_out("ann@example.com", account.id, why="asked by phone")
    store.consent.opt_out("bob@example.com", 0, how="bounce", why="5.1.1")
    found = emails.audience(account.id, Draft(groups=("Buyers",), to=("dee@example.com",)))
    assert [one.name for one in found.recipients] == ["Dee"]
    assert told(found.left_out) == [("Ann", "opted-out"), ("Bob", "bounced")]
    assert all("2026-04-16" in str(one.reason) for one in found.left_out)


def test_everybody_less_an_address_a_group_and_a_contact(
    emails: Emails, account: Account, people: list[int]
) -> None:
    draft = Draft(everyone=True, but_to=("BOB@example.com",), but_contacts=(people[3],))
    found = emails.audience(account.id, draft)
    assert [one.name for one in found.recipients] == ["Ann"]
    assert told(found.left_out) == [("Bob", "excepted"), ("Dee", "excepted")]
    nobody = emails.audience(account.id, Draft(everyone=True, but_groups=("Buyers",)))
    assert [one.name for one in nobody.recipients] == ["Dee"]
    wrong = emails.audience(account.id, Draft(everyone=True, but_to=("nonsense",)))
    assert ("no-such-exception", True) in [(note.code, note.blocking) for note in wrong.notes]


def test_one_a_household_is_the_first_who_may_be_emailed(
    store: Store, emails: Emails, account: Account, people: list[int]
) -> None:
    draft = Draft(everyone=True, household=True)
    found = emails.audience(account.id, draft)
    assert [one.name for one in found.recipients] == ["Ann", "Dee"]
    assert told(found.twice) == [("Bob", "household")]
    store.consent.opt_out("ann@example.com", account.id)
    assert [one.name for one in emails.audience(account.id, draft).recipients] == ["Bob", "Dee"]


def test_a_filter_that_cant_be_followed_stops_it_and_one_that_finds_nobody_is_told(
    emails: Emails, account: Account, people: list[int]
) -> None:
    found = emails.audience(account.id, Draft(filters=("#Buyers ann", "zzz", "=gone")))
    assert [one.name for one in found.recipients] == ["Ann"]
    assert told(found.refused) == [("zzz", "empty-filter")]
    assert [(note.code, note.blocking) for note in found.notes] == [("no-such-filter", True)]
