"""A filter finds whom it says, on every engine, whatever script and case they are written in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from store import Store
from store.clock import FixedClock
from store.errors import WrongUsage
from store.people.filters import FilterMistake
from store.people.model import Details
from tests.store.working import NOON, SAM, at_work

ZONE = "America/New_York"


def add(
    store: Store, first: str, last: str, phone: str, *groups: str, company: str = "", **details: object
) -> None:
    store.people.add(
        first_name=first,
        last_name=last,
        company=company,
        phone=phone,
        email="" if phone else "info@example.com",
        groups=groups,
        region="US",
        details=Details(**details),  # type: ignore[arg-type]
    )


@pytest.fixture
def store(new_database: Callable[[], str]) -> Iterator[Store]:
    """Five people. Account 1 texts, account 3 too; #Board is offered to account 3 only."""
    store = Store(new_database(), clock=FixedClock(NOON))
    with store.connection():
        store.credits.open_account("agent-texts", "300", ZONE)
        store.credits.open_account("agent-email", "free", ZONE)
        store.credits.open_account("community-texts", "200", ZONE)
        add(store, "José", "Núñez", "+14155550101", "Buyers", "Open house", fields=(("unit", "4B"),))
        add(store, "Zoë", "Straße", "+442079460102", "Buyers", fields=(("unit", "14"), ("pets", "4 cats")))
        add(
            store,
            "李",
            "小龍",
            "+14155550103",
            "Käufer",
            company="Élan & Co",
            note="Prefers mornings",
            zone="Asia/Tokyo",
        )
        add(store, "Bo", "", "", "Buyers", household="Elm St", language="es-MX", address="4 Elm St")
        add(store, "Ann", "Lee", "+14155550105", "Board", numbers=(("+13105550199", "home"),))
        store.people.limit_group("Board", [3])
        yield store
    store.close()


def found(store: Store, query: str) -> str:
    """First names in the order in which they were added."""
    people = store.people.contacts(query, sender=1)
    return " ".join(one.first_name for one in sorted(people, key=lambda one: one.id))


@pytest.mark.parametrize(
    ("query", "people"),
    [
        ("", "José Zoë 李 Bo Ann"),
        ("nunez", "José"),
        ("STRASSE", "Zoë"),
        ("小", "李"),
        ("0102", "Zoë"),
        ("(310) 555-0199", "Ann"),
        ("buyers", "José Zoë Bo"),
        ("-buyers", "李 Ann"),
        ("#buyers", "José Zoë Bo"),
        ("#KAUFER", "李"),
        ("#buy", "José Zoë Bo"),
        ("#b*", "José Zoë Bo Ann"),
        ("#nobody*", ""),
        ('#"open House"', "José"),
        ("-#", ""),
        ("#buyers -#open*", "Zoë Bo"),
        ("unit:4b", "José"),
        ("unit:4*", "José"),
        ("unit:*4*", "José Zoë"),
        ("unit:1*4", "Zoë"),
        ("Unit:", "李 Bo Ann"),
        ("-unit:", "José Zoë"),
        ("unit:*", "José Zoë"),
        ("pets:4*", "Zoë"),
        ("unit:4 #buyers", ""),
        ("name:jos*", "José"),
        ('name:"jose nunez"', "José"),
        ("last_name:strasse", "Zoë"),
        ("last_name:", "Bo"),
        ("company:elan*", "李"),
        ("-company:", "李"),
        ("email:info@*", "Bo"),
        ("email:", "José Zoë 李 Ann"),
        ("phone:", "Bo"),
        ("phone:*", "José Zoë 李 Ann"),
        ("phone:+1*", "José 李 Ann"),
        ("phone:(415)*", "José 李 Ann"),
        ("number:0199", "Ann"),
        ("country:gb", "Zoë"),
        ("notes:*morning*", "李"),
        ("zone:asia/*", "李"),
        ("language:es*", "Bo"),
        ('household:"elm st"', "Bo"),
        ("address:4*", "Bo"),
        ("note: -zone:*", "José Zoë Bo Ann"),
        ('"elm st"', "Bo"),
        ("elm_st", ""),
        ("unit:4_", ""),
        ("-name:*e*", "李 Bo"),
    ],
)
def test_people_are_found(store: Store, query: str, people: str) -> None:
    assert found(store, query) == people
    assert store.people.count(query) == len(people.split())


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("#nobody", "There is no group called “nobody”."),
        ("-#nobody ann", "There is no group called “nobody”."),
        (
            "Flat:4",
            "Nobody has a field “Flat”. To search for a word with a colon, put it in quotes.",
        ),
        ("=Near", "There is no saved filter “Near”."),
        ("last-text:soon", "last-text: must be >30d (longer ago), <7d (more recent) or never, not “soon”."),
    ],
)
def test_what_cant_be_followed_is_told_and_never_empty(store: Store, query: str, says: str) -> None:
    with pytest.raises(FilterMistake) as mistake:
        store.people.contacts(query)
    assert str(mistake.value.says) == says


def test_consent_is_what_was_said_last_to_the_account_or_to_all(store: Store) -> None:
    store.consent.opt_out("+14155550101", 1)
    store.consent.opt_out("+442079460102", 3)
    store.consent.opt_out("+14155550103", 0)
    store.consent.opt_in("+14155550103", 1, why="asked")
    assert found(store, "opted-out") == "José"
    assert found(store, "-opted-out") == "Zoë 李 Bo Ann"
    assert found(store, "opted-in") == "李"
    assert [one.first_name for one in store.people.contacts("opted-out")] == ["李"]  # what was said to all


def text(store: Store, ago: int, account_id: int, phone: str, status: str = "delivered") -> None:
    """One text so many microseconds ago."""
    at = int(NOON.timestamp()) * 1_000_000 - ago
    columns = "account_id, created_at, kind, body, recipients, credits, cancelled, charged_on"
    store.database.execute(
        f"INSERT INTO blast ({columns}) VALUES (?, ?, 'sms', '', 1, 1, FALSE, 'accepted')", (account_id, at)
    )
    store.database.execute(
        "INSERT INTO message (blast_id, phone, region, name, merge, part, status, segments, credits) "
        "SELECT MAX(id), ?, 'US', '', '', 0, ?, 1, 1 FROM blast",
        (phone, status),
    )


DAY = 24 * 3600 * 1_000_000


def test_the_last_text_is_the_accounts_own_to_the_microsecond(store: Store) -> None:
    with store.database.transaction():
        text(store, 40 * DAY, 1, "+14155550101")
        text(store, 30 * DAY, 1, "+14155550101")
        text(store, 30 * DAY + 1, 1, "+442079460102")
        text(store, DAY, 3, "+442079460102")
        text(store, DAY, 1, "+14155550103", "failed")
        text(store, DAY, 1, "+14155550103", "cancelled")
        text(store, 0, 1, "+14155550105", "queued")
    assert found(store, "last-text:<30d") == "José Ann"
    assert found(store, "last-text:>30d") == "Zoë"
    assert found(store, "last-text:never") == "李 Bo"
    assert found(store, "-last-text:<30d") == "Zoë 李 Bo"
    assert found(store, "last-text:<9999y") == "José Zoë Ann"
    recent = store.people.contacts("last-text:<2d")  # whoever texted
    assert sorted(one.first_name for one in recent) == ["Ann", "Zoë"]


def test_pages_of_a_filter_follow_one_another(store: Store) -> None:
    first = store.people.contacts("#buyers", limit=2)
    rest = store.people.contacts("#buyers", after=first[-1], limit=2)
    assert [one.first_name for one in (*first, *rest)] == ["Bo", "José", "Zoë"]


def names(store: Store, query: str, account_id: int) -> list[str]:
    return [row[2] for row in store.people.filtered(query, account_id)]


def test_an_audience_is_of_what_the_account_has(store: Store) -> None:
    assert names(store, "-#buyers", 1) == ["李"]
    assert names(store, "-#buyers", 3) == ["李", "Ann"]
    assert names(store, "#board", 3) == ["Ann"]
    assert names(store, "board", 1) == []
    with pytest.raises(FilterMistake, match="There is no group called “board”"):
        store.people.filtered("#board", 1)
    assert names(store, "#buyers", 1) == ["José", "Zoë", "Bo"]
    assert store.people.count_filtered("#buyers", 1) == 2  # Bo has no number


@pytest.mark.parametrize("query", ["#buy", "", "  ", "-", '""', "\u0301"])
def test_an_audience_names_groups_in_whole_and_is_nobody_where_nothing_is_said(
    store: Store, query: str
) -> None:
    with pytest.raises(FilterMistake):
        store.people.filtered(query, 1)


def test_a_filter_may_have_as_many_words_as_it_can_at_most(store: Store) -> None:
    assert names(store, "#buyers " * 20, 1) == ["José", "Zoë", "Bo"]
    assert names(store, '"zo" ' * 10 + "-unit:9 " * 10, 1) == ["Zoë"]


# Saved


def test_a_filter_is_saved_under_a_name_and_means_what_it_says_now(store: Store) -> None:
    store.people.save_filter(" Near  me ", "unit:4*   #buyers")
    assert store.people.saved_filters() == [("Near  me", "unit:4* #buyers")]
    assert names(store, "=near  ME", 1) == ["José"]
    store.people.save_filter("NEAR  ME", "#buyers -unit:*")
    assert store.people.saved_filters() == [("NEAR  ME", "#buyers -unit:*")]
    assert names(store, "=Near  me", 1) == ["Bo"]
    store.people.save_filter("=All", "=near  me")
    store.people.delete_filter("near  me")
    store.people.delete_filter("near  me")
    assert store.people.saved_filters() == [("All", "#buyers -unit:*")]


@pytest.mark.parametrize(
    ("name", "query", "code"),
    [
        ("", "ann", "no-name"),
        ("=", "ann", "no-name"),
        ("A", " ", "filter"),
        ("A", "#buy", "filter"),
        ("A", "=B", "filter"),
        ("A", "last-text:>3", "filter"),
    ],
)
def test_what_is_no_filter_isnt_saved(store: Store, name: str, query: str, code: str) -> None:
    with pytest.raises(WrongUsage) as refused:
        store.people.save_filter(name, query)
    assert refused.value.code == code
    assert store.people.saved_filters() == []


def test_a_filter_is_everybodys_who_works_here(new_database: Callable[[], str]) -> None:
    url = new_database()
    with at_work(url, SAM) as store:
        store.people.save_filter("A", "ann")
    with at_work(url) as store:
        assert store.people.saved_filters() == [("A", "ann")]
